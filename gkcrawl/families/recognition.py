"""Which publishing system made a page: ordered tests, the first that hits decides.

Headers are mostly stripped on the way, so the markup is what is looked at. Addresses of other
hosts are taken out first: a page is not of the system of those it links to.
"""

import re
from urllib.parse import urlsplit

from gkcrawl.families.page import Page

_UUID = r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"
_ESCAPED = re.compile(r"\\.")


def _lower(pattern: str) -> re.Pattern[str]:
    """Return a pattern for texts in lower case: by its first letters it is found much sooner than
    one that takes letters in any case."""
    escapes = iter(_ESCAPED.findall(pattern))
    return re.compile("".join(part.lower() + next(escapes, "") for part in _ESCAPED.split(pattern)))


# Family -> what its pages or their addresses hold, in any case.
_TESTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, _lower(pattern))
    for name, pattern in (
        ("gkmlpt", r"window\._CONFIG\s*=\s*\{[^<]{0,2000}?\bSID\b|/gkmlpt/|/gkmlpt\b"),
        ("nfcms", r"NFCMS_(?:SITE|POST|PAGE)_ID|/content/m?post_\d+\.html"),
        ("hanweb", r"unitbuild\.js|/api-gateway/jpaas-publish-server/"),
        (
            "hanweb",
            r"<datastore>|/module/(?:web|jslib/jquery)/jpage/|jpageform_\d|/col/col\d+/"
            r"|/module/xxgk/\w+\.jsp|/messageController/getMessage\.do"
            r"|/art/\d{4}/(?:\d{1,2}/\d{1,2}/art_\d|art_[\da-f]{32}\b)"
            r"|<!--<\$\[|name=[\"']?Maketime\b",
        ),
        (
            "querylist",
            r"webSiteCode\s*:\s*\[|loadPageData\(params,|commonfiles/jquery\.jpage\.js"
            r"|/pc/content/content_\d{19}\.html|/pc/list\.html|[\"']/queryList[\"'?]",
        ),
        (
            "kaipuyun",
            r"UCAP-?CONTENT|<ucaptitle|/c\d{5,7}/[^\"'\s]{0,60}shtml|common_list(?:_\d+)?\.shtml"
            r"|zfxxgk_gk\w+\.shtml|common_zfxxgknb|gknbxq_detail|<meta name=[\"']?channelId\b"
            r"|/common/(?:search/|getChannelList)",
        ),
        (
            "vsb",
            r"_sitegray/_sitegray|Announced by Visual SiteBuilder|<!--\s*CustomerNO:"
            r"|/system/resource/js/|index\.vsb\.css|v_news_content|/info/\d+/\d+\.htm\b",
        ),
        (
            "lonsun",
            r"/site/label/8888|/public/column/\d+(?:\?|&amp;)?(?:[\w=&;]*\b(?:type|catId)=)"
            r"|/grassroots/column/\d+|/site/tpl/\d+|/group\d+/M00/",
        ),
        (
            "trs",
            r"TRS_(?:Editor|UEDITOR)|trs_editor_view|createPageHTML\(|/t20\d{6}_\d+\.s?html?"
            r"|\bP0\d{20,}|OLDSRC=[\"']?/protect/|/fjdzapp/|\bfile_appendix\s*="
            r"|[?&;]gk=\d+&(?:amp;)?cid=\d",
        ),
        (
            "epoint",
            r"EWB-FRONT|/EpointWebBuilder|webBuilderCommon\.js|categorynum=|getgovinfolist"
            r"|openSubPage\.html\?|/govxxgk/[\w-]+/|/0\d\d/0\d{5}/|/0\d{5}/0\d{8}/",
        ),
        ("uuidcolumns", rf"/columns/{_UUID}/"),
        ("easysite", r"/eportal/ui\?|/portlet/[\w!-]+queryList\.portlet|/eportal/uiFramework/"),
        (
            "openness",
            r"/openness/|/OpennessContent/show|/XxgkContent/|/Special/showList/",
        ),
        ("jeecms", r"(?<!search)\.jhtml\b|\.jspx\b"),
        ("thtml", r"\.thtml\?(?:\w+=\w*&)*(?:id|pid)="),
        (
            "nw",
            r"//[\w.-]*(?:\.sh|shanghai)\.gov\.cn(?::\d+)?/nw\d{4,5}/|[\"'(]/nw\d{4,5}/"
            r"|/t\w+_\d{4,6}/20\d{6}/t\d{4}_\d{5,}\.html",
        ),
        (
            "hunan",
            r"/\d{4,6}/\d{4,6}/(?:\d{4,6}/)*(?:(?:index|default)(?:_\d+)?|content_\d+)\.htm\b",
        ),
    )
)
_SERVERS = re.compile(r"VWebServer|VAppServer", re.I)
# Dialects: a portal may be said to run either and shows the marks of both.
_DIALECTS = {"fjdzapp": "trs", "nfcms": "gkmlpt"}


def recognise(page: Page) -> str:
    """Return the family's name as in a portals file; ``static`` where no test hits."""
    return evidence(page)[0]


def evidence(page: Page) -> tuple[str, str]:
    """Return the family's name and the piece of page, address or header that shows it.

    ``("static", "")`` where no test hits.
    """
    server = page.headers.get("server", "")
    if _SERVERS.search(server):
        return "vsb", f"Server: {server}"
    text = f"{page.url}\n{_own(page)}"
    lower = text.lower()
    for name, test in _TESTS:
        if match := test.search(lower):
            # Hardly any letter takes more room in lower case.
            return name, text[slice(*match.span())] if len(lower) == len(text) else match[0]
    return "static", ""


def drifted(declared: str, recognised: str) -> bool:
    """Tell whether a portal runs another family than was written down; ``static`` says nothing."""
    if "static" in (declared, recognised):
        return False
    return _DIALECTS.get(declared, declared) != _DIALECTS.get(recognised, recognised)


def _own(page: Page) -> str:
    """Return the markup without addresses of other hosts."""
    host = re.escape((urlsplit(page.url).hostname or "").removeprefix("www."))
    return re.sub(rf"https?://(?!(?:[\w-]+\.)*{host}\b)[^\"'\s<>]+", "", page.text)
