"""HTML tables as rectangular grids.

Every slot of the grid knows the cell that covers it, so that a merged cell is never taken for
several cells. Spans follow the table model of the HTML standard
(https://html.spec.whatwg.org/multipage/tables.html#forming-a-table), but a cell that would
overlap another moves right instead, since wrong spans are common in pasted tables.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from archive.report.lines import cell_text

MAX_COLSPAN = 1000
MAX_ROWSPAN = 65534
MAX_SLOTS = 200_000
"""That spans may cover in one page; beyond, a cell covers one slot: hostile spans cost nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell as marked up; equal only to itself."""

    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of the grid and the cell that covers it."""

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
        x = 0
        for cell in row:
            height = min(cell.rowspan or len(cells), len(cells) - y)
            width = cell.colspan
            if height * width > room:
                height = width = 1
            while (taken := _taken(grid[y : y + height], x, width)) is not None:
                x = taken + 1
            for dy in range(height):
                for dx in range(width):
                    grid[y + dy][x + dx] = Slot(cell, first=not dx and not dy)
            room -= height * width
            x += width
    return [tuple(row[x] for x in sorted(row)) for row in grid]


def _taken(rows: list[dict[int, Slot]], start: int, width: int) -> int | None:
    """Return the rightmost taken place of the first row that is not free; None: all are free."""
    for row in rows:
        for x in range(start + width - 1, start - 1, -1):
            if x in row:
                return x
    return None


def html_rows(tree: HtmlElement) -> Iterator[Row]:
    """Yield the grid rows of all tables under ``tree``, table by table in document order.

    Only what stands in a table's own cells counts: a cell that holds another table is layout,
    and the inner table is read by itself.
    """
    room = MAX_SLOTS
    for table in tree.iter("table"):
        grid = expand(_rows(table), room)
        room -= sum(len(row) for row in grid)
        yield from grid


def _rows(table: HtmlElement) -> Iterator[list[Cell]]:
    for tr in _own(table, ("tr",)):
        yield [_cell(td) for td in _own(tr, ("td", "th"))]


def _own(element: HtmlElement, tags: tuple[str, ...]) -> Iterator[HtmlElement]:
    """Yield the outermost ``tags`` below ``element`` that stand in no table inside it.

    Forms and spans may stand between a table and its rows.
    """
    walk = iterwalk(element, events=("start",))
    for _, node in walk:
        if node is not element and node.tag in (*tags, "table"):
            walk.skip_subtree()
            if node.tag != "table":
                yield node


def _cell(element: HtmlElement) -> Cell:
    nested = next(element.iter("table"), None) is not None
    return Cell(
        "" if nested else cell_text(element),
        _span(element.get("rowspan"), MAX_ROWSPAN, least=0),
        _span(element.get("colspan"), MAX_COLSPAN, least=1),
    )


def _span(value: str | None, most: int, least: int) -> int:
    digits = (value or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    return max(least, min(int(digits[:9]), most))
