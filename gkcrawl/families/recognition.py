"""Which publishing system made a page: ordered tests, the first that hits decides.

Headers are mostly stripped on the way, so the markup is what is looked at. Addresses of other
hosts are taken out first: a page is not of the system of those it links to.
"""

import re
from urllib.parse import urlsplit

from gkcrawl.families.page import Page

# Family -> what its pages or their addresses hold.
_TESTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I))
    for name, pattern in (
        ("gkmlpt", r"window\._CONFIG\s*=\s*\{[^<]{0,2000}?\bSID\b|/gkmlpt/|/gkmlpt\b"),
        ("nfcms", r"NFCMS_(?:SITE|POST|PAGE)_ID|/content/m?post_\d+\.html"),
        ("hanweb", r"unitbuild\.js|/api-gateway/jpaas-publish-server/"),
        (
            "hanweb",
            r"<datastore>|/module/(?:web|jslib/jquery)/jpage/|jpageform_\d|/col/col\d+/"
            r"|/art/\d{4}/\d{1,2}/\d{1,2}/art_\d|<!--<\$\[|name=[\"']?Maketime\b",
        ),
        (
            "querylist",
            r"webSiteCode\s*:\s*\[|loadPageData\(params,|commonfiles/jquery\.jpage\.js"
            r"|/pc/content/content_\d{19}\.html|/pc/list\.html",
        ),
        (
            "kaipuyun",
            r"UCAP-?CONTENT|<ucaptitle|/c\d{5,7}/[^\"'\s]{0,60}shtml|common_list\.shtml"
            r"|zfxxgk_gknbz\.shtml",
        ),
        (
            "vsb",
            r"_sitegray/_sitegray|Announced by Visual SiteBuilder|<!--\s*CustomerNO:"
            r"|/system/resource/js/|index\.vsb\.css|v_news_content|/info/\d+/\d+\.htm\b",
        ),
        ("lonsun", r"/site/label/8888|/public/column/\d+\?type=|/site/tpl/\d+|/group\d+/M00/"),
        (
            "trs",
            r"TRS_(?:Editor|UEDITOR)|trs_editor_view|createPageHTML\(|/t20\d{6}_\d+\.s?html?"
            r"|\bP0\d{20,}|OLDSRC=[\"']?/protect/|/fjdzapp/",
        ),
        ("epoint", r"EWB-FRONT|/EpointWebBuilder|webBuilderCommon\.js|categorynum="),
        ("easysite", r"eportal/ui\?pageId=|/portlet/[\w!]+queryList\.portlet"),
        ("openness", r"/openness/|/OpennessContent/showList/|/XxgkContent/|/Special/showList/"),
    )
)
_SERVERS = re.compile(r"VWebServer|VAppServer", re.I)
# Dialects: a portal may be said to run either and shows the marks of both.
_DIALECTS = {"fjdzapp": "trs", "nfcms": "gkmlpt"}


def recognise(page: Page) -> str:
    """Return the family's name as in a portals file; ``static`` where no test hits."""
    text = f"{page.url}\n{_own(page)}"
    if _SERVERS.search(page.headers.get("server", "")):
        return "vsb"
    return next((name for name, test in _TESTS if test.search(text)), "static")


def drifted(declared: str, recognised: str) -> bool:
    """Tell whether a portal runs another family than was written down; ``static`` says nothing."""
    if "static" in (declared, recognised):
        return False
    return _DIALECTS.get(declared, declared) != _DIALECTS.get(recognised, recognised)


def _own(page: Page) -> str:
    """Return the markup without addresses of other hosts."""
    host = re.escape((urlsplit(page.url).hostname or "").removeprefix("www."))
    return re.sub(rf"https?://(?!(?:[\w-]+\.)*{host}\b)[^\"'\s<>]+", "", page.text)
