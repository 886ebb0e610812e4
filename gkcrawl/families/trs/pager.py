"""The pagers of TRS: scripts that know how many pages there are.

``createPageHTML(15, 0, "index", "html")``: 15 pages, the first is shown, the second is
``index_1.html``. Clones name a block first and count from one: ``createPageHTML('page_div', 15, 1,
'list', 'html')``. The older template has ``var countPage = 15`` instead of the call, 昆明 only a
box for typing a number, whose script knows the last one. 云南省 hides its pager in base64.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from gkcrawl.families.calls import names
from gkcrawl.families.jsvalue import read_arguments
from gkcrawl.families.numbers import whole
from gkcrawl.families.page import Page, content, parse
from gkcrawl.families.titles import NEXT_PAGE, plain

MOST_PAGES = 200
"""Pages that are asked for without having seen the one before; annual reports fill fewer."""

_CALL = re.compile(r"(?<!function )\bcreatePage(?:HTML)?\s*\(")
_SET = re.compile(r"\b(?:var|let|const)?\s*([A-Za-z_]\w*)\s*=\s*[\"']?(\d{1,9})[\"']?\s*[;,/\r\n<]")
_BOX = re.compile(r"\bele\.value\s*>\s*(\d{1,9})\b")
_MADE = re.compile(
    r"""([\w/-]{1,60})["']?\s*\+?\s*["']?_\\?["']\s*\+\s*\(?nextPage\)?\s*\+\s*["']\.["']?\s*\+?\s*["']?(\w+)"""
)
_FILE = re.compile(r"^(?P<prefix>[^.]+?)(?:_(?P<number>\d{1,6}))?\.(?P<ext>s?html?)$")
_ARTICLE = re.compile(r"/t(?:\d{8}|\d{4})_\d+\.(s?html?)\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{40,}")
_COUNTS = ("countPage", "pageCount", "totalPage", "totalPages")
_CURRENT = ("currentPage", "currPage", "curPage", "pageIndex")
_ROWS = ("recordCount", "totalRecord")
_SIZES = ("pageSize", "perPage", "PAGE_SIZE", "prePage")


class _Pager(NamedTuple):
    """What a script says of its pages."""

    pages: int
    current: int
    prefix: str
    ext: str
    in_block: bool = False
    """It names a block of the page first, as clones do."""


def following(page: Page) -> tuple[str, ...] | None:
    """Return the next pages by the page's scripts; None: no script tells, links may.

    Numbers that count from zero and from one look alike on every page but the first; so the first
    names all pages where they count from one.
    """
    found = _called(page) or _set(page)
    if found is None:
        return _boxed(page) or _hidden(page)
    own = _own_number(page)
    if found.current == 0 or (own and not found.in_block):
        numbers = range(found.current + 1, min(found.current + 2, found.pages))
        if found.in_block:
            numbers = range(1, min(found.pages, MOST_PAGES))
    elif own is None:
        numbers = range(found.current + 1, min(found.pages, MOST_PAGES) + 1)
    else:
        numbers = range(0)
    return _resolved(page, (f"{found.prefix}_{n}.{found.ext}" for n in numbers))


def _resolved(page: Page, hrefs: Iterator[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(page.resolve, hrefs)))


def _called(page: Page) -> _Pager | None:
    """Return what ``createPageHTML`` is called with; None: it is not, or with what is unknown."""
    calls = list(_CALL.finditer(page.text))
    known = names(page) | _numbers(page) if calls else {}
    for call in calls:
        given = read_arguments(page.text, call.end(), known)
        values = [v if (number := whole(v)) is None else number for v in given]
        for place in range(len(values) - 3):
            count, current, prefix, ext = values[place : place + 4]
            if isinstance(count, int) and isinstance(current, int) and isinstance(prefix, str):
                return _Pager(count, current, prefix, str(ext).lstrip("."), place > 0)
    return None


def _set(page: Page) -> _Pager | None:
    """Return what the variables of the older template say; None: they are not there."""
    known = _numbers(page)
    count = _first(known, _COUNTS)
    if count is None and (rows := _first(known, _ROWS)) and (size := _first(known, _SIZES)):
        count = -(-rows // size)
    if count is None or not set(known) & {"countPage", *_ROWS}:
        return None
    prefix, ext = _name(page)
    if made := _MADE.search(page.text):
        prefix, ext = made[1], made[2]
    current = _first(known, _CURRENT)
    return _Pager(count, (_own_number(page) or 0) if current is None else current, prefix, ext)


def _boxed(page: Page) -> tuple[str, ...] | None:
    """Return the next page by the box in which one types a number; its pages count from one."""
    box = _BOX.search(page.text)
    if box is None:
        return None
    number = (_own_number(page) or 1) + 1
    prefix, ext = _name(page)
    hrefs = [f"{prefix}_{number}.{ext}"] if number <= int(box[1]) else []
    return _resolved(page, iter(hrefs))


def _hidden(page: Page) -> tuple[str, ...] | None:
    """Return the next page from a pager that is base64 of percent-encoded HTML."""
    if "atob" not in page.text:
        return None
    for code in _BASE64.findall(page.text):
        try:
            pager = unquote(base64.b64decode(code, validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue
        links = list(page.links_in(parse(pager))) if "<" in pager else []
        for link in links:
            if NEXT_PAGE.search(plain(content(link.element))):
                return (link.url,) if link.url != page.url else ()
        if links:
            return ()
    return None


def _numbers(page: Page) -> dict[str, Any]:
    """Return the numbers that scripts give to their variables."""
    return {match[1]: int(match[2]) for match in _SET.finditer(page.text)}


def _first(known: dict[str, Any], wanted: tuple[str, ...]) -> int | None:
    return next((int(known[name]) for name in wanted if name in known), None)


def _own_number(page: Page) -> int | None:
    """Return the number in the page's own address; None: it is the first page's."""
    file = _FILE.match(urlsplit(page.url).path.rsplit("/", 1)[-1])
    return int(file["number"]) if file and file["number"] else None


def _name(page: Page) -> tuple[str, str]:
    """Return how the files of this list are named; folders do not say, articles end alike."""
    file = _FILE.match(urlsplit(page.url).path.rsplit("/", 1)[-1])
    if file:
        return file["prefix"], file["ext"]
    article = _ARTICLE.search(page.text)
    return "index", article[1] if article else "html"
