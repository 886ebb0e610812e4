"""jpaas, the successor of 大汉's JCMS: a gateway builds each block of a page by request.

``<script src="…/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
queryData="{'parseType':'bulidstatic','webId':'…','pageType':'column','tagId':'当前栏目list',…}">``
asks for a block, the answer is ``{"success":true,"data":{"html":"<ul>…"}}``. ``queryData`` is no
JSON but the script's own literal, ``bulidstatic`` is how some sites spell it, and ``tagId`` is
Chinese, in UTF-8. The number of the page counts only inside ``paramJson``; one ministry takes the
bare ``pageNo``. Pages of documents may be built likewise (``'pageType':'article'``).
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from gkcrawl.families.discovery import Lead
from gkcrawl.families.jsstrings import as_text
from gkcrawl.families.jsvalue import read_value
from gkcrawl.families.numbers import whole
from gkcrawl.families.page import Page, content
from gkcrawl.families.rows import Listing, Next, rows

MOST_ROWS = 100
"""Rows asked for at once; gateways keep to it or to their own number."""
USUAL_ROWS = 15
LEAST_ROWS = 10
"""A page with fewer is the last: no template shows so few."""

_BUILDER = re.compile(r"<script\b[^>]*/build/unit[^>]*>", re.I)
_URL = re.compile(r"""\burl\s*=\s*["']([^"']*/build/unit[^"']*)["']""", re.I)
_QUERY_DATA = re.compile(r"""queryData\s*=\s*(?:"([^"]*)"|'(\{.*?\})')""", re.I)
_GATEWAY = re.compile(r"/jpaas-publish-server/|/page/build/unit", re.I)
# What blocks are called: those that hold a list or a document, and those around them.
_LIST = re.compile(r"list|列表|右侧内容|内容区|当前栏目|信息|分页|^zw$|正文", re.I)
_TEXT = re.compile(r"内容|正文|详情|^zw$|content|article", re.I)
_AROUND = re.compile(
    r"头部|尾部|页头|页尾|页脚|底部|顶部|位置|banner|logo|搜索|友情|浮窗|分享", re.I
)
_MENU = re.compile(r"导航|菜单|左侧|目录|栏目树|nav|menu|tree", re.I)
_PAGES = re.compile(r"共\s*(\d+)\s*页|\b(?:totalPages?|pageCount)[\"']?\s*[:=]\s*[\"']?(\d+)", re.I)


def listing(page: Page, linked: Callable[[], tuple[Next, ...]] = tuple) -> Listing | None:
    """Return the rows of a built block, or of a page that has lists built; None: neither.

    ``linked``: the next page by its link, for pages that hold their first rows themselves.
    """
    if _GATEWAY.search(urlsplit(page.url).path):
        return _built(page)
    blocks = [block for block in _blocks(page) if block[1].get("pageType") != "article"]
    if not blocks:
        return None
    shown = rows(page)
    if shown and (following := linked()):
        return Listing(shown, following)
    named = [query for query in blocks if _LIST.search(query[1].get("tagId", ""))]
    others = [query for query in blocks if not _is_around(query[1])]
    return Listing(shown, tuple(_request(url, query, 1) for url, query in named or others))


def documents(page: Page) -> Iterator[str]:
    """Yield the requests for the blocks of a document that its page has built."""
    blocks = [block for block in _blocks(page) if block[1].get("pageType") == "article"]
    named = [block for block in blocks if _TEXT.search(block[1].get("tagId", ""))]
    for url, query in named or blocks:
        if not _is_around(query):
            yield f"{url}?{urlencode(query)}"


def menus(page: Page) -> Iterator[Lead]:
    """Yield the requests for the menus of a page, which may name a column."""
    for url, query in _blocks(page):
        tag = query.get("tagId", "")
        if _MENU.search(tag) and query.get("pageType") != "article":
            yield Lead(f"{url}?{urlencode(query)}", tag, "parent", page_class="listing")


def shown(page: Page) -> Page | None:
    """Return the markup of a built block as a page; None: the page is no answer that has one."""
    if not _GATEWAY.search(urlsplit(page.url).path):
        return None
    try:
        markup = str(page.data["data"]["html"])
    except (TypeError, KeyError):
        return None
    return Page(page.url, markup.encode(), {"content-type": "text/html; charset=utf-8"})


def _blocks(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield address and parameters of every block that a page has built."""
    for script in _BUILDER.finditer(page.text):
        address, data = _URL.search(script[0]), _QUERY_DATA.search(script[0])
        url = page.resolve(address[1]) if address else None
        if data is None or url is None:
            continue
        query = read_value(html.unescape(data[1] or data[2] or ""))
        if isinstance(query, dict):
            yield url, {name: as_text(value) for name, value in query.items()}


def _is_around(query: dict[str, str]) -> bool:
    tag = query.get("tagId", "")
    return bool(_AROUND.search(tag) or _MENU.search(tag))


def _request(url: str, query: dict[str, str], number: int, size: int = MOST_ROWS) -> Next:
    """Return the request for page ``number`` of a block."""
    place = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
    return Next(f"{url}?{urlencode({**query, 'paramJson': place, 'pageNo': number})}")


def _built(page: Page) -> Listing:
    """Return the rows of a built block and the request for the next ones."""
    url, query = page.url.partition("?")[0], dict(parse_qsl(urlsplit(page.url).query))
    try:
        place = json.loads(query.pop("paramJson"))
        number, size = whole(place["pageNo"]) or 0, whole(place.get("pageSize")) or USUAL_ROWS
    except (ValueError, TypeError, KeyError):
        number, size = 0, USUAL_ROWS
    block = shown(page)
    if block is None or not block.body.strip():
        # Perhaps it was asked for more than it grants.
        fewer = _request(url, query, 1, USUAL_ROWS)
        return Listing(otherwise=(fewer,) if number == 1 and size > USUAL_ROWS else ())
    found, match = rows(block), _PAGES.search(f"{content(block.tree)} {block.text}")
    following = (_request(url, query, number + 1, size),) if number else ()
    pages = whole(match[1] or match[2]) if match else None
    if number >= pages if pages else len(found) < LEAST_ROWS:
        return Listing(found)
    # The page itself may have held the first rows.
    return Listing(found, following, following if number == 1 else ())
