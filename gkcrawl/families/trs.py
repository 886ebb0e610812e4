"""拓尔思 TRS WCM and its look-alikes, the largest family by count.

Column ``/a/b/`` (``index.html``), article ``./202601/t20260113_2042365.html``. The pager is a call
in a script, ``createPageHTML(15, 0, "index", "html")``: 15 pages, the first shown, the second is
``index_1.html``. Clones name a block first and count from one: ``createPageHTML('page_div', 15, 1,
'list', 'html')``. 福建 lists by JSON (``/fjdzapp/data``), 云南省 hides its pager in base64.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from gkcrawl.families.base import Family
from gkcrawl.families.page import Page, content, find_date, parse
from gkcrawl.families.rows import Entry, Listing, Next, page_address, page_number
from gkcrawl.families.titles import NEXT_PAGE, plain

_PAGER = re.compile(
    r"""createPage(?:HTML)?\s*\(\s*(?P<block>["'][^"']*["']\s*,)?\s*(?P<count>\d+)\s*,"""
    r"""\s*(?P<current>\d+)\s*,\s*["'](?P<prefix>[^"']+)["']\s*,\s*["']\.?(?P<ext>\w+)["']"""
)
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
_LAST = re.compile(r"ele\.value\s*>\s*(\d+)")
_NUMBERED = re.compile(r"^(?P<prefix>.+?)(?:_(?P<number>\d+))?\.(?P<ext>s?html?)$")
_HIDDEN = re.compile(r"""atob\(\s*["']([A-Za-z0-9+/=]{40,})["']""")


class Trs(Family):
    """TRS; numbers of pages stand in scripts, lists sometimes in JSON."""

    name = "trs"

    def listing(self, page: Page) -> Listing:
        return super().listing(page) if page.data is None else _answer(page)

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the next page: as the script's call says, else as a link says."""
        url = _called(page) or _counted(page) or _hidden(page)
        if url is not None:
            yield Next(url)
        elif not _PAGER.search(page.text):
            yield from super().next_pages(page)


def _called(page: Page) -> str | None:
    """Return the next page by ``createPageHTML``; None if there is no call or no further page."""
    match = _PAGER.search(page.text)
    if match is None:
        return None
    count, current = int(match["count"]), int(match["current"])
    following = current + 1
    # A block's name in front marks the clones, which count from one.
    last = count if match["block"] else count - 1
    if following > last:
        return None
    return page.resolve(f"{match['prefix']}_{following}.{match['ext']}")


def _counted(page: Page) -> str | None:
    """Return the next page by the numbers that a script keeps, else None."""
    name = _NUMBERED.match(urlsplit(page.url).path.rsplit("/", 1)[-1] or "index.html")
    if name is None:
        return None
    if (count := _COUNT.search(page.text)) and (current := _CURRENT.search(page.text)):
        following = int(current[1]) + 1
        last = int(count[1]) - 1
    elif match := _LAST.search(page.text):
        # 昆明: the box in which one types a page number knows the last; pages count from one.
        following = int(name["number"] or 1) + 1
        last = int(match[1])
    else:
        return None
    if following > last:
        return None
    return page.resolve(f"{name['prefix']}_{following}.{name['ext']}")


def _hidden(page: Page) -> str | None:
    """Return the next page from a pager that is base64 of percent-encoded HTML, else None."""
    for match in _HIDDEN.finditer(page.text):
        try:
            pager = unquote(base64.b64decode(match[1]).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue
        for link in page.links_in(parse(pager)):
            if NEXT_PAGE.search(plain(content(link.element))):
                return link.url
    return None


def _answer(page: Page) -> Listing:
    """Return the rows of an answer of ``/fjdzapp/data``; nothing if the JSON is another's."""
    try:
        rows = page.data["data"]
        entries = tuple(_record(page, row) for row in rows if page.resolve(row["chnldocurl"]))
        more = int(page.data.get("page", 1)) < int(page.data.get("pageCount", 1))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Listing()
    number = page_number(page.url)
    if not more or number is None:
        return Listing(entries)
    return Listing(entries, (Next(page_address(page.url, number + 1)),))


def _record(page: Page, row: dict[str, Any]) -> Entry:
    files = (page.resolve(file.get("_href") or "") for file in row.get("files") or ())
    return Entry(
        url=page.resolve(row["chnldocurl"]) or "",
        title=str(row.get("doctitle") or ""),
        date=find_date(str(row.get("docreltime") or "")),
        attachments=tuple(filter(None, files)),
    )
