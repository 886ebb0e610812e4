"""HTML tables as rectangular grids.

Every slot of the grid knows the cell that covers it, so that a merged cell is never taken for
several cells. Spans follow the table model of the HTML standard
(https://html.spec.whatwg.org/multipage/tables.html#forming-a-table), but a cell that would
overlap another moves right instead, since wrong spans are common in pasted tables.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from lxml import etree

from archive.report.article.lines import CELLS, cell_text
from archive.report.chars import HAN

MAX_COLSPAN = 1000
MAX_ROWSPAN = 65534
MAX_SLOTS = 200_000
"""That spans may cover in one page; beyond, a cell covers one slot: hostile spans cost nothing."""
_HAN = re.compile(f"[{HAN}]")
_MOST_INSIDE = 10
"""Cells of a table inside a cell that lays out one value."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell as marked up; equal only to itself."""

    text: str
    rowspan: int = 1
    colspan: int = 1


class Slot(NamedTuple):
    """One place of the grid and the cell that covers it; a page has a thousand of them."""

    cell: Cell
    first: bool = True
    """Whether this is the place where the cell begins; its other places are copies."""

    @property
    def text(self) -> str:
        """The text of the cell."""
        return self.cell.text


Row = tuple[Slot, ...]


def expand(rows: Iterable[Iterable[Cell]], room: int = MAX_SLOTS) -> list[Row]:
    """Return the grid of ``rows``; each cell covers rowspan x colspan slots, ``room`` in all.

    Rowspans end with the table; a rowspan of 0 means down to its end. Rows may differ in length.
    """
    cells = [list(row) for row in rows]
    grid: list[dict[int, Slot]] = [{} for _ in cells]
    for y, row in enumerate(cells):
        places = grid[y]
        x = 0
        for cell in row:
            height = min(cell.rowspan or len(cells), len(cells) - y)
            width = cell.colspan
            if height * width > room:
                height = width = 1
            room -= height * width
            if height == width == 1:
                while x in places:
                    x += 1
                places[x] = Slot(cell)
                x += 1
                continue
            while (taken := _taken(grid[y : y + height], x, width)) is not None:
                x = taken + 1
            for dy in range(height):
                for dx in range(width):
                    grid[y + dy][x + dx] = Slot(cell, first=not dx and not dy)
            x += width
    return [tuple([row[x] for x in sorted(row)]) for row in grid]


def _taken(rows: list[dict[int, Slot]], start: int, width: int) -> int | None:
    """Return the rightmost taken place of the first row that is not free; None: all are free."""
    for row in rows:
        for x in range(start + width - 1, start - 1, -1):
            if x in row:
                return x
    return None


def html_rows(tree: etree._Element) -> Iterator[Row]:
    """Yield the grid rows of all tables under ``tree``, table by table in document order."""
    for _, grid in html_tables(tree):
        yield from grid


def html_tables(tree: etree._Element) -> Iterator[tuple[etree._Element, list[Row]]]:
    """Yield every table under ``tree`` in document order, with its grid.

    Only what stands in a table's own cells counts: a cell that holds another table is layout,
    and the inner table is read by itself. Unless that holds values only: these are the cell's.
    """
    room = MAX_SLOTS
    for table in tree.iter("table"):
        nested = next(table.iterdescendants("table"), None) is not None
        grid = expand(_rows(table, nested=nested), room)
        room -= sum(len(row) for row in grid)
        yield table, grid


def _rows(table: etree._Element, *, nested: bool) -> Iterator[list[Cell]]:
    """Yield the cells of each row; ``nested``: there are tables inside the table."""
    for tr in _own(table, ("tr",)):
        children = list(tr)
        plain = all(child.tag in CELLS for child in children)
        cells = children if plain else _own(tr, CELLS)
        yield [
            _cell(td, nested=nested and next(td.iter("table"), None) is not None) for td in cells
        ]


def _own(element: etree._Element, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield the outermost ``tags`` below ``element`` that stand in no table inside it.

    Forms and spans may stand between a table and its rows.
    """
    walk = etree.iterwalk(element, events=("start",))
    for _, node in walk:
        if node is not element and node.tag in (*tags, "table"):
            walk.skip_subtree()
            if node.tag != "table":
                yield node


def _cell(element: etree._Element, *, nested: bool) -> Cell:
    text = _values_inside(element) if nested else cell_text(element)
    rows, columns = element.get("rowspan"), element.get("colspan")
    if rows is None and columns is None:
        return Cell(text)
    return Cell(text, _span(rows, MAX_ROWSPAN, least=0), _span(columns, MAX_COLSPAN, least=1))


def _values_inside(element: etree._Element) -> str:
    """Return what the tables in a cell say where they lay out its value (several stand in lines of
    their own, which no reader takes for one number); empty where they are tables with labels."""
    texts = (cell_text(cell) for cell in element.iter(*CELLS) if cell is not element)
    told = [text for text in islice(texts, _MOST_INSIDE + 1) if text]
    wordy = len(told) > 1 and any(_HAN.search(text) for text in told)
    return "" if wordy or len(told) > _MOST_INSIDE else "\n".join(told)


def _span(value: str | None, most: int, least: int) -> int:
    if value is None:
        return 1
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    return max(least, min(int(digits[:9]), most))
