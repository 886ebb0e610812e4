"""Data islands of 大汉 Hanweb: ``<datastore>`` with records that are pieces of HTML.

No XML parser reads them: stray tags stand between the records, some records lack their CDATA, and
a whole page of HTML is around them.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gkcrawl.families.page import Page, parse
from gkcrawl.families.rows import Entry, entries_of

USUAL_ROWS = 15
"""Rows on a page, where nothing says how many."""

_HREF = re.compile(r"""href\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.I)


@dataclass(frozen=True, slots=True)
class Unit:
    """One list of a page, or of an answer."""

    entries: tuple[Entry, ...] = ()
    shown: int = 0
    """Rows, whether or not they hold a link."""
    total: int | None = None
    """Rows in all; None: it does not say."""
    pages: int | None = None
    size: int | None = None
    """Rows on a page; None: it does not say."""
    group: str | None = None
    """Address of more, as the server gives it."""
    proxy: str | None = None
    """Address of more without the place, as the script makes it."""
    post: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether a column's page shows all rows of this list."""
        if self.total is not None:
            return self.shown >= self.total
        return 0 < self.shown < (self.size or (0 if self.group else USUAL_ROWS))


def stored(page: Page, store: str, said: Unit) -> Unit:
    """Return the list of a data island; ``said``: what the page's script says of it."""
    rows = records(store)
    href = next((_HREF.search(group) for _, group in inside(store, "nextgroup")), None)
    group = page.resolve(html.unescape(href[1] or href[2])) if href else None
    total = _number(store, "totalrecord")
    return replace(
        said,
        entries=tuple(entry for row in rows for entry in entries_of(page, _fragment(row))),
        shown=len(rows),
        total=said.total if total is None else total,
        pages=_number(store, "totalpage"),
        # The address of the group that is shown: the server has no more.
        group=group if group != page.url else None,
    )


def inside(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield where the elements of that name begin, and what is in them."""
    start: int | None = None
    for tag in re.finditer(rf"<(/?){name}>", text, re.I):
        if not tag[1]:
            start = tag.end() if start is None else start
        elif start is not None:
            yield start, text[start : tag.start()]
            start = None


def records(store: str) -> list[str]:
    """Return the records of a data island, without the CDATA around them."""
    found = (record.strip() for _, record in inside(store, "record"))
    return [record.removeprefix("<![CDATA[").removesuffix("]]>") for record in found]


def _number(store: str, name: str) -> int | None:
    """Return the number that an element of that name holds; None: there is none."""
    match = re.search(rf"<{name}>\s*(?:<!\[CDATA\[)?\s*([0-9]{{1,9}})\b", store, re.I)
    return int(match[1]) if match else None


def _fragment(record: str) -> Any:
    """Return a record as a tree; table rows need a table around them to survive."""
    if "<" not in record:
        record = html.unescape(record)
    if re.match(r"\s*<(?:tr|td)\b", record, re.I):
        record = f"<table>{record}</table>"
    return parse(f"<div>{record}</div>")
