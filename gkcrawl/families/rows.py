"""The rows of a listing: a link, its title and the date beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import html

from archive.records import PageClass
from gkcrawl.families.page import Link, Page, content, find_date, iso_date
from gkcrawl.families.paths import is_certain_article, looks_like_article, looks_like_column
from gkcrawl.families.titles import (
    NEXT_PAGE,
    is_column_name,
    is_parent_name,
    is_pointer,
    is_year,
    may_be_report,
    plain,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a listing."""

    url: str
    title: str
    date: str | None = None
    """ISO date beside the link or in the address; None: neither gives one."""
    attachments: tuple[str, ...] = ()
    """Files that the listing itself names."""


@dataclass(frozen=True, slots=True)
class Next:
    """A request for more of the same listing."""

    url: str
    page_class: PageClass = "listing"
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of one page of a list."""

    entries: tuple[Entry, ...] = ()
    next: tuple[Next, ...] = ()
    otherwise: tuple[Next, ...] = ()
    """What to ask instead where this page brought nothing new: the server may not have understood
    how the request names a page."""
    mixed: bool = False
    """The list holds other things than its column, so a title must say all by itself."""


# Addresses carry dates: TRS, hanweb, and folders by day.
_URL_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"/t((?:19|20)\d\d)(\d\d)(\d\d)_",
        r"/art/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/",
        r"/((?:19|20)\d\d)(\d\d)/?(\d\d)/",
        r"/((?:19|20)\d\d)[-/](\d\d)[-/](\d\d)/",
    )
)
_PAGE_NUMBER = re.compile(r"(?<=[?&]page=)\d+")
_ROWS = frozenset({"li", "tr", "dl"})


def rows(page: Page) -> tuple[Entry, ...]:
    """Return the rows of a page, whatever they are about, one for each address."""
    return unique(filter(None, map(_entry, page.links)))


def entries_of(page: Page, tree: html.HtmlElement) -> Iterator[Entry]:
    """Yield an entry for every link of a fragment that is known to be made of rows."""
    for link in page.links_in(tree):
        yield Entry(link.url, link.title, row_date(link) or url_date(link.url))


def url_date(url: str) -> str | None:
    """Return the ISO date that an address carries, else None."""
    for pattern in _URL_DATES:
        if (match := pattern.search(url)) and (found := iso_date(*match.groups())):
            return found
    return None


def page_number(url: str) -> int | None:
    """Return the page that an address asks a list for by ``page=N``, from 1; None: it does not.

    Services that count from 0 give the same for 0 and 1.
    """
    match = _PAGE_NUMBER.search(url)
    return max(int(match[0]), 1) if match else None


def page_address(url: str, number: int) -> str:
    """Return the address of another page of the same list (``page=N``)."""
    return _PAGE_NUMBER.sub(str(number), url, count=1)


def row_date(link: Link) -> str | None:
    """Return the ISO date that stands in the same row as a link, else None."""
    if found := find_date(_after(content(link.element), link.title)):
        return found
    node = link.element
    for _ in range(4):
        parent = node.getparent()
        if parent is None or parent.tag in ("body", "html"):
            return None
        if parent.tag not in _ROWS and len({a.get("href") for a in parent.iter("a")}) > 1:
            beside = node.getnext()
            words = (node.tail or "") + (content(beside) if beside is not None else "")
            return find_date(words) if len(words) <= 40 else None
        if found := find_date(_after(_shared(parent), link.title)):
            return found
        if parent.tag in _ROWS:
            return None
        node = parent
    return None


# A menu may be one row with hundreds of links, which ask for its text one after the other.
_shared = lru_cache(maxsize=4)(content)


def _after(text: str, title: str) -> str:
    """Return a row's text without its title, in which a date means something else."""
    return text.replace(title, " ", 1) if title else text


def _entry(link: Link) -> Entry | None:
    """Return a link as an entry, None if it is no row of a list."""
    words = plain(link.title)
    is_file = looks_like_article(link.url) or not looks_like_column(link.url)
    if is_pointer(words) and is_file and (named := table_title(link.element)):
        return Entry(link.url, named, url_date(link.url))
    if not words or NEXT_PAGE.search(words):
        return None
    is_document = looks_like_article(link.url)
    date = row_date(link) or url_date(link.url)
    is_name = is_column_name(words) or is_parent_name(words)
    if is_name and not date and not is_certain_article(link.url):
        return None
    if date or is_document:
        return Entry(link.url, link.title, date)
    if may_be_report(link.title) and not looks_like_column(link.url):
        return Entry(link.url, link.title, None)
    return None


def table_title(element: html.HtmlElement) -> str | None:
    """Return what a cell of a table of organs by years stands for: the name in its row and the head
    of its column; None: it stands in no such table."""
    cell = next((e for e in element.iterancestors() if e.tag in ("td", "th")), None)
    row = cell.getparent() if cell is not None else None
    if cell is None or row is None or row.tag != "tr":
        return None
    table = next((e for e in row.iterancestors() if e.tag == "table"), row)
    cells, head = _cells(row), _cells(next(table.iter("tr")))
    place = next(n for n, e in enumerate(_cell_elements(row)) if e is cell)
    # A column of running numbers may stand before the names.
    names = [text for text in cells[:place] if text and not text.isdigit()]
    above = head[place] if len(head) == len(cells) and head is not cells else ""
    told = [text for text in (above, content(element)) if is_year(text)]
    return "".join([*names[:1], *told[:1]]) or None


def _cells(row: html.HtmlElement) -> list[str]:
    return [content(cell) for cell in _cell_elements(row)]


def _cell_elements(row: html.HtmlElement) -> list[html.HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def unique(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Keep one entry per address: the one with the longest title (pictures repeat links)."""
    kept: dict[str, Entry] = {}
    for entry in found:
        other = kept.get(entry.url)
        if other is None or len(entry.title) > len(other.title):
            kept[entry.url] = entry
    return tuple(kept.values())
