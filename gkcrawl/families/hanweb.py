"""大汉 Hanweb: JCMS with jpage, and its successor jpaas.

Column ``/col/col12377/index.html``, article ``/art/2022/1/20/art_12377_1486865.html``. jpage keeps
the first rows inside the page, in ``<script type="text/xml"><datastore>``; the next ones come from
``dataproxy.jsp``, whose address stands in ``<nextgroup>``. jpaas builds each block by a request
that the script tag describes in ``queryData``. The query string of a column
(``?number=RCA07``) is part of its name.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from gkcrawl.families.base import Family
from gkcrawl.families.jsliteral import read_literal
from gkcrawl.families.page import Page, parse
from gkcrawl.families.rows import Entry, Listing, Next, entries_of, rows, unique

# Not an XML parser: stray tags stand between the records, and some records lack their CDATA.
_STORE = re.compile(r"<datastore>(.*?)</datastore>", re.S | re.I)
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.S | re.I)
_GROUP = re.compile(r"<nextgroup>(.*?)</nextgroup>", re.S | re.I)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.I)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)", re.I)
_UNIT = re.compile(r"<script\b[^>]*?\burl\s*=\s*[\"']([^\"']*/build/unit[^\"']*)[\"'][^>]*>", re.I)
_QUERY_DATA = re.compile(r"""queryData\s*=\s*"([^"]*)\"""", re.I)
PAGE_SIZE = 15
"""Rows for each request to jpaas; the gateways keep to it or to their own number."""


class Hanweb(Family):
    """Hanweb; rows may lie in data islands and come by further requests."""

    name = "hanweb"

    def listing(self, page: Page) -> Listing:
        if page.data is not None:
            return _built(page)
        stores = [_store(page, store[1]) for store in _STORE.finditer(page.text)]
        if stores:
            entries = unique(
                entry for source in (*stores, Listing(rows(page))) for entry in source.entries
            )
            return Listing(entries, tuple(more for store in stores for more in store.next))
        return super().listing(page)

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the blocks that jpaas builds by request, else the next page by its link."""
        units = list(_units(page))
        yield from units or super().next_pages(page)


def _store(page: Page, store: str) -> Listing:
    """Return the rows of one data island (an answer of dataproxy.jsp is one too)."""
    records = _RECORD.findall(store)
    entries = tuple(entry for record in records for entry in entries_of(page, _fragment(record)))
    group, total = _GROUP.search(store), _TOTAL.search(store)
    href = _HREF.search(group[1]) if group else None
    if href is None or not entries or (total and _all_seen(page, len(records), int(total[1]))):
        return Listing(entries)
    url = page.resolve((href[1] or href[2]).replace("&amp;", "&"))
    # The address of the group that is shown: the server has no more.
    return Listing(entries, (Next(url),) if url and url != page.url else ())


def _fragment(record: str) -> Any:
    """Return a record as a tree; table rows need a table around them to survive."""
    if re.match(r"\s*<(?:tr|td)\b", record, re.I):
        record = f"<table>{record}</table>"
    return parse(f"<div>{record}</div>")


def _all_seen(page: Page, shown: int, total: int) -> bool:
    """Tell whether the page that holds a column's first rows holds all of them."""
    return "dataproxy" not in page.url and shown >= total


def _units(page: Page) -> Iterator[Next]:
    """Yield the request for every list that the page has jpaas build."""
    for script in _UNIT.finditer(page.text):
        data = _QUERY_DATA.search(script[0])
        if data is None or (url := page.resolve(script[1])) is None:
            continue
        try:
            query = read_literal(data[1].replace("&quot;", '"').replace("&#39;", "'"))
        except ValueError:
            continue
        yield _unit(url, {str(name): str(value) for name, value in query.items()}, 1)


def _unit(url: str, query: dict[str, str], number: int) -> Next:
    """Return the request for page ``number`` of a block; the gateway reads it in paramJson only."""
    place = json.dumps({"pageNo": number, "pageSize": PAGE_SIZE}, separators=(",", ":"))
    return Next(f"{url}?{urlencode({**query, 'paramJson': place})}")


def _built(page: Page) -> Listing:
    """Return the rows of a block built by jpaas and the request for the one after it."""
    try:
        markup = page.data["data"]["html"]
    except (TypeError, KeyError):
        return Listing()
    block = Page(page.url, str(markup).encode(), {"content-type": "text/html; charset=utf-8"})
    entries: tuple[Entry, ...] = rows(block)
    query = {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}
    try:
        number = int(json.loads(query.pop("paramJson"))["pageNo"])
    except (ValueError, TypeError, KeyError):
        return Listing(entries)
    if not entries:
        return Listing()
    return Listing(entries, (_unit(page.url.partition("?")[0], query, number + 1),))
