"""The platform of 河北: hebei.gov.cn, 石家庄 and its counties.

Column ``/columns/<uuid>/index.html``, article ``/columns/<uuid>/202402/22/<uuid>.html``. The rows
come in fragments, ``/columns/<uuid>/templates/<uuid>/blocks/<uuid>?page=2&fix=0``, whose three
numbers stand in the column's page.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from gkcrawl.families.answers import Answer, next_request
from gkcrawl.families.calls import calls, with_query
from gkcrawl.families.page import Page
from gkcrawl.families.pagecounts import page_count
from gkcrawl.families.pagers import following, has_pager
from gkcrawl.families.rows import Entry, Next
from gkcrawl.families.static import Static, lists_reports

_UUID = r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"
_BLOCK = re.compile(rf"/columns/(?:{_UUID}|\d+)/templates/{_UUID}/blocks/{_UUID}$", re.I)
_BLOCK_URL = re.compile(
    rf"""(?<![\w:/.-])[\w:/.-]*/columns/(?:{_UUID}|\d+)/templates/{_UUID}/blocks/{_UUID}(?:\?[\w=&;-]*)?""",
    re.I,
)
_PARTS = tuple(
    re.compile(rf"""\b{part}[_-]?(?:id|uuid|guid)?["']?\s*[:=]\s*["']({_UUID})["']""", re.I)
    for part in ("templates?", "blocks?")
)
_COLUMN = re.compile(rf"/columns/({_UUID})/", re.I)


class UuidColumns(Static):
    """河北; a column's rows are fragments of its page."""

    name = "uuidcolumns"
    guesses = ()

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the fragment behind this one while its pager, or its rows, promise one."""
        if not _BLOCK.search(urlsplit(page.url).path):
            return
        if (url := following(page)) and _BLOCK.search(urlsplit(url).path):
            yield Next(url)
        elif not has_pager(page) or page_count(page):
            shown = self.rows(page)
            answer = Answer(shown, len(shown), pages=page_count(page))
            if request := next_request(page, answer):
                yield request

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield the first fragment, or the second where the page itself shows the first."""
        if _BLOCK.search(urlsplit(page.url).path):
            return
        shows_first = lists_reports(entries)
        is_whole = page_count(page) == 1 or (has_pager(page) and not following(page))
        if url := _block(page):
            if not (shows_first and is_whole and (page_count(page) or 1) < 2):
                yield Next(with_query(url, {"page": 2 if shows_first else 1}))
        elif not shows_first:
            yield from super().requests(page, entries)
        elif next_url := following(page):
            yield Next(next_url)


def _block(page: Page) -> str | None:
    """Return the address of the list's fragment without a page's number, else None."""
    asked = (c.url for c in calls(page) if _BLOCK.search(urlsplit(c.url).path))
    written = _BLOCK_URL.search(page.text.replace("&amp;", "&"))
    found = next(asked, None) or (page.resolve(written[0]) if written else None)
    if found is not None:
        return found if "fix=" in found else with_query(found, {"fix": 0})
    column = _COLUMN.search(page.url)
    template, block = (part.search(page.text) for part in _PARTS)
    if column is None or template is None or block is None:
        return None
    return page.resolve(
        f"/columns/{column[1]}/templates/{template[1]}/blocks/{block[1]}?page=1&fix=0"
    )
