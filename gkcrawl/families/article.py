"""What surrounds a document on its page: title, date, files, or where the page really is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

from gkcrawl.families.page import Page, content, find_date, name_of, squeeze
from gkcrawl.families.paths import DOCUMENT_NAME
from gkcrawl.families.rows import url_date


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says around the document that it shows."""

    title: str | None
    published: str | None
    """ISO date."""
    attachments: tuple[str, ...] = ()
    moved_to: str | None = None
    """Where a page that is only a script sends its visitor (链接型文档)."""


# Best first: the day of publication, then what else a page dates.
_PUBLISHED = (
    re.compile(r"发布(?:时间|日期)\s*[:：]?\s*(.{0,30})"),
    re.compile(r"(?:发文|公开|成文|生成|更新)?(?:时间|日期)\s*[:：]?\s*(.{0,30})"),
)
_FILE_LINK = re.compile(
    r"/download\.jsp|/downfile\.jsp|virtual_attach_file|/DownloadAttach|/attachment/\d", re.I
)
# Where an anchor says what it leads to, and what all do that lead to files; blanks inside of
# addresses do not count, and backslashes are slashes.
_ADDRESSES = ("href", "data-url", "data-href", "onclick")
_MAY_BE_FILE = re.compile(
    rf"{DOCUMENT_NAME.pattern.removesuffix('$')}|{_FILE_LINK.pattern}|[\t\r\n\\%]", re.I
)
# What stands between a page's title and the names of column and site.
_SITE_NAME = re.compile(r"[_|–]|\xa0{2,}|\s-\s|-{2,}|-(?=[^-\d]+$)")
_CHROME = re.compile(r"head|foot|nav|menu|banner|crumb|copyright", re.I)
_SCRIPT_MOVE = re.compile(
    r"""\b(?:(?:top|window|document|self|parent)\.)*location(?:\.href)?\s*"""
    r"""(?:=|\.(?:replace|assign)\()\s*\\?["']([^"'\\\s]+)"""
)
_REFRESH = re.compile(
    r"""<meta[^>]{1,80}refresh[^>]{1,40}content\s*=\s*["']?\s*\d{1,2}\s*;\s*url\s*=\s*["']?([^"'\s>]+)""",
    re.I,
)
_TESTED = re.compile(r"document\.cookie|__jsl|\$_ts\b|acw_sc")
MOST_ATTACHMENTS = 30
SHORTEST_PAGE = 3000
"""Bytes: a page of nothing but a redirect by script is shorter."""
MOST_WORDS = 60
"""Characters of text on such a page (正在跳转，请稍候…)."""


def read_article(page: Page) -> Article:
    """Return title, date and attachments of a document's page."""
    return Article(
        title=_title(page),
        published=_published(page),
        attachments=tuple(_attachments(page))[:MOST_ATTACHMENTS],
        moved_to=moved_to(page),
    )


def moved_to(page: Page) -> str | None:
    """Return where a page without content of its own sends its visitor by script, else None.

    A page that sets a cookie before it sends on tests the visitor, and is no redirect.
    """
    if len(page.body) > SHORTEST_PAGE or page.data is not None or _TESTED.search(page.text):
        return None
    match = _SCRIPT_MOVE.search(page.text) or _REFRESH.search(page.text)
    if match is None or len(page.words) > MOST_WORDS or len(page.links) > 1:
        return None
    return page.resolve(match.group(1).replace("&amp;", "&"))


def meta(page: Page, name: str) -> str | None:
    """Return the content of a meta element by its name in any case, None if empty or absent."""
    for element in page.tree.iter("meta"):
        named = (element.get("name") or "").strip().lower() == name.lower()
        if named and (value := squeeze(element.get("content") or "")):
            return value
    return None


def _title(page: Page) -> str | None:
    if named := meta(page, "ArticleTitle"):
        # Some portals put their own name in front: 保定市人民政府网——….
        return named.rsplit("——", 1)[-1] if "网——" in named else named
    marked = page.tree.xpath("//ucaptitle | //*[@id='ivs_title'] | //h1 | //*[@class='title']")
    for element in marked:
        if words := content(element):
            return words
    for element in page.tree.iter("title"):
        # As it stands: no-break spaces part title and site name.
        return squeeze(_SITE_NAME.split(str(element.text_content()))[0]) or None
    return None


def _published(page: Page) -> str | None:
    if (stated := meta(page, "PubDate")) and (found := find_date(stated)):
        return found
    for element in page.tree.xpath("//publishtime | //*[@id='ivs_date']"):
        if found := find_date(content(element)):
            return found
    text = page.words
    for pattern in _PUBLISHED:
        for match in pattern.finditer(text):
            if found := find_date(match.group(1)):
                return found
    return url_date(page.url)


def _attachments(page: Page) -> Iterator[str]:
    """Yield the files that belong to a page: linked or embedded, in order, each once."""
    seen: set[str] = {page.url}
    for url in _files(page):
        if url not in seen:
            seen.add(url)
            yield url


def _files(page: Page) -> Iterator[str]:
    anchors = page.tree.iter("a", "area")
    # Most belong to menus, and what they lead to need not be known. Not so below an address that
    # says so of all that is relative to it.
    if not _FILE_LINK.search(page.base_url):
        anchors = filter(_may_be_file, anchors)
    for link in filter(None, map(page.link, anchors)):
        path = urlsplit(link.url).path
        is_file = DOCUMENT_NAME.search(path) or _FILE_LINK.search(link.url)
        if (is_file or DOCUMENT_NAME.search(link.title)) and not _in_chrome(link.element):
            yield link.url
    for element in page.tree.iter("iframe", "embed", "object"):
        target = page.resolve(element.get("src") or element.get("data") or "")
        if target and (embedded := _embedded(target)):
            yield embedded
    for element in page.tree.xpath("//*[@data-pdf]"):
        if target := page.resolve(element.get("data-pdf") or ""):
            yield target


def _may_be_file(anchor: html.HtmlElement) -> bool:
    """Tell whether an anchor, by what stands in it, can lead to a file or be called like one."""
    given = (anchor.get(name) for name in _ADDRESSES)
    return any(map(_MAY_BE_FILE.search, filter(None, given))) or bool(
        DOCUMENT_NAME.search(name_of(anchor))
    )


def _embedded(url: str) -> str | None:
    """Return the document that a frame shows, also through a viewer (``viewer.html?file=…``)."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name == "file" and DOCUMENT_NAME.search(value.split("?", 1)[0]):
            return urljoin(url, value)
    return url.split("#", 1)[0] if DOCUMENT_NAME.search(parts.path) else None


def _in_chrome(element: html.HtmlElement) -> bool:
    """Tell whether an element stands in the page's header, footer or navigation."""
    for parent in element.iterancestors():
        names = f"{parent.get('class') or ''} {parent.get('id') or ''}"
        if parent.tag in ("header", "footer", "nav") or _CHROME.search(names):
            return parent.tag not in ("body", "html")
    return False
