"""What an address leads to by its look: one document, a column, a directory of annual reports.

Systems name their pages each in its own way; a link whose words do not tell is judged by these.
"""

import re
from functools import lru_cache

DOCUMENT_NAME = re.compile(r"\.(?:docx?|pdf|wps|ofd|rtf|txt|xlsx?|et|zip|rar)$", re.I)
# An address of a single document in one of the known systems, and of a column.
_ARTICLE_URL = re.compile(
    r"/info/(?:egovinfo/)?\d+/|/t\d{8}_\d+|/t\d{4}_\d+|/art/\d{4}/|/art_[\da-f_]+\.|/m?post_\d+\."
    r"|/content(?:/detail)?/|/content_\d+|/[\da-f]{32}\.|/[\da-f-]{36}\.|/(?:19|20)\d{4,6}/"
    r"|/\d{5,}\.(?:s?html?|jsp|jhtml)$|/c\d+/content\.s?html?$|/c\d\d_\d{5,}\.|-show-\d+\.html?$"
    r"|/(?:doc|article|content|detail)_[\da-f]{12,}|/show/\d+|[?&]a=show(?:&|$)"
    r"|(?:show|detail|view|content)(?:info|news)?\.(?:jspx?|aspx?|php|thtml)\?"
    r"|/(?:show|view)\w*\.(?:jspx?|aspx?|php|thtml)\?"
    r"|xxgkcontent|/download\.jsp|/downfile\.jsp|/p-\d+\.|/paper/\d+|/doc/",
    re.I,
)
# The forms that no column has.
_CERTAIN_URL = re.compile(
    r"/info/(?:egovinfo/)?\d+/\d|/t\d{8}_\d+|/t\d{4}_\d+|/art/\d{4}/|/art_[\da-f_]+\.|/m?post_\d+\."
    r"|/content_\d+|/(?:doc|article|detail)_[\da-f]{12,}\.|/[\da-f]{32}\.|/[\da-f-]{36}\.",
    re.I,
)
# Columns whose addresses look like those of documents.
_LIST_URL = re.compile(
    r"/(?:channels?|columns?|col|nodes?|cat(?:egory)?|showList|lists?)[/_]|/public/column/|/label/"
    r"|/openness/index/|/page_?\d+\.|[?&]a=(?:lists?|dir)(?:&|$)|/list\.\w+$|_list(?:_\d+)?\.\w+$|/templates/"
    r"|[/_-]more\.\w+$",
    re.I,
)
_COLUMN_URL = re.compile(
    r"/$|/(?:index|list|default|more)(?:[_-]?\d+)?\.\w+$|_list\.\w+$|/col/col\d+/|/[a-z]+\d{0,4}$"
    r"|/[a-z]+\d{0,4}\.s?html?$|\.(?:jsp|jspx|aspx|php|thtml|jhtml)$|/columns?/|/channels?[/_]|gkmlpt/"
    r"|/node/|/col\d+/|/c\d{5,}|/public/column/|showList/|/xxgk-list-|/1\.html$|/ui$|_[\da-z]+\.s?html?$",
    re.I,
)
# Directories that are named for annual reports (zfxxgknb, gknb2023, nb_2022n, XXGKNB, …).
_SLUG = re.compile(
    r"(?:^|[/_-])t?(?:zf|bm|xz|zj|jd)?(?:xx|zw)?gk(?:gz)?(?:nb|ndbg|ndgzbg|gzbg)(?=[\d_./?&=-]|z?$)"
    r"|annualreport|zfxxgk_gknbz|(?:^|[/_])(?:gz)?(?:ndbg|nb)(?=[\d_./-]|$)"
    r"|(?:^|[/_])(?:19|20)\d\dnb(?=[/_.]|$)",
    re.I,
)

# The same links stand on every page of a site.
_kept = lru_cache(maxsize=4096)


@_kept
def has_report_slug(url: str) -> bool:
    """Tell whether an address lies in a directory that is named for annual reports."""
    _, _, rest = url.partition("://")
    _, _, path = rest.partition("/")
    return _SLUG.search("/" + path) is not None


@_kept
def looks_like_article(url: str) -> bool:
    """Tell whether an address is that of one document."""
    if is_certain_article(url):
        return True
    return bool(_ARTICLE_URL.search(url)) and not _LIST_URL.search(url)


@_kept
def is_certain_article(url: str) -> bool:
    """Tell whether an address can only be that of one document, whatever its link is called."""
    path = url.split("?", 1)[0]
    return bool(_CERTAIN_URL.search(path) or DOCUMENT_NAME.search(path))


@_kept
def looks_like_column(url: str) -> bool:
    """Tell whether an address is that of a column and not of a document."""
    path = url.split("?", 1)[0]
    return not looks_like_article(url) and bool(_COLUMN_URL.search(path) or _LIST_URL.search(url))


def column_above(url: str) -> str | None:
    """Return the directory named for annual reports in which an address lies; None: in none."""
    start, slashes, rest = url.partition("://")
    host, _, path = rest.partition("/")
    parts = path.partition("?")[0].split("/")
    for count, part in enumerate(parts[:-1], 1):
        if _SLUG.search(f"/{part}/"):
            return f"{start}{slashes}{host}/{'/'.join(parts[:count])}/"
    return url if has_report_slug(url) and not looks_like_article(url) else None
