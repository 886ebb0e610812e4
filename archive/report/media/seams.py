"""Tables that a page break cuts: their parts, rows and cells put together again.

A cell may be cut (``（四）无`` on one page, ``法提供`` on the next), or a whole row, whose label
goes on while its figures stand on one side. What is not surely cut stays two.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from archive.report.media.layout import Grid, GridCell
from archive.report.media.markup import Cell, escaped, table

_SHIFT = 3.0
"""Points by which what is written in one column may begin farther left or right."""
_SAME = 8.0
"""Points by which the edges of a table may shift from page to page."""
ENUMERATED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*、|[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)](?!\s*[项款条])"
    r"|\d{1,2}\s*[、.．](?!\d))"
)
_VALUE = re.compile(r"[\d\s,，.．+＋\-－—–/／%]*(?:万?元|[件宗份条起个项])?\s*")


def goes_on_below(above: Grid, below: Grid) -> bool:
    """Whether two tables have the same sides: parts of one, if only a page break is between."""
    return (
        (above.kind == "ruled") == (below.kind == "ruled")
        and abs(above.box[0] - below.box[0]) < _SAME
        and abs(above.box[2] - below.box[2]) < _SAME
    )


def with_columns_of(above: Grid, below: Grid) -> Grid | None:
    """Return ``below`` with the columns of ``above`` that are blank on its page; None: it has
    others, and is no part of the same table.

    For tables without lines, whose columns are only seen where something is written.
    """
    edges = _edges(above)
    own = _edges(below)
    if not all(any(abs(x - edge) < _SHIFT for edge in edges) for x in own):
        return None
    cells = []
    for row in _rows(below):
        for x0, x1 in pairwise(edges):
            held = [cell for cell in row if abs(cell.x0 - x0) < _SHIFT]
            top = row[0].top
            cell = held[0] if held else GridCell("", x0, x1, top, top + 1, full=False)
            cell.x0, cell.x1 = x0, x1
            cells.append(cell)
    return Grid(cells, below.rows, below.box, below.kind)


def _edges(grid: Grid) -> list[float]:
    return sorted({x for cell in grid.cells for x in (cell.x0, cell.x1)})


def join(above: Grid, below: Grid) -> None:
    """Put the part of a table on the next page under the part before it."""
    below = _without_repeated_header(above, below)
    if not below.cells:
        return
    pairs = _pairs(above, below)
    cut = _is_row_cut(above, below, pairs)
    shift = above.rows - 1 if cut else above.rows
    gone = set()
    for upper, lower in pairs:
        if cut or _is_cell_cut(upper, lower, below):
            upper.text += lower.text
            upper.bottom = lower.bottom + shift
            upper.full = lower.full
            gone.add(id(lower))
    for cell in below.cells:
        if id(cell) not in gone:
            cell.top += shift
            cell.bottom += shift
            above.cells.append(cell)
    above.rows = below.rows + shift
    above.box = (above.box[0], above.box[1], above.box[2], below.box[3])


def _rows(grid: Grid) -> list[list[GridCell]]:
    rows: list[list[GridCell]] = [[] for _ in range(grid.rows)]
    for cell in sorted(grid.cells, key=lambda cell: cell.x0):
        rows[cell.top].append(cell)
    return rows


def _without_repeated_header(above: Grid, below: Grid) -> Grid:
    """Return ``below`` without the rows that repeat the head of the table (重复标题行)."""
    first = [[cell.text for cell in row] for row in _rows(above)]
    again = [[cell.text for cell in row] for row in _rows(below)]
    same = 0
    while same < min(len(first), len(again)) and first[same] == again[same]:
        same += 1
    if same == 0 or all(_VALUE.fullmatch(text) for row in again[:same] for text in row):
        return below
    cells = [cell for cell in below.cells if cell.top >= same]
    for cell in cells:
        cell.top -= same
        cell.bottom -= same
    return Grid(cells, below.rows - same, below.box)


def _pairs(above: Grid, below: Grid) -> list[tuple[GridCell, GridCell]]:
    """Return the cells that touch the page break from both sides and have the same edges."""
    upper = [cell for cell in above.cells if cell.bottom == above.rows]
    lower = [cell for cell in below.cells if cell.top == 0]
    return [
        (one, other)
        for one in upper
        for other in lower
        if abs(one.x0 - other.x0) < _SAME and abs(one.x1 - other.x1) < _SAME
    ]


def _is_row_cut(above: Grid, below: Grid, pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """Whether the break runs through one row: a label goes on, its figures stand on one side."""
    if len(pairs) != sum(cell.top == 0 for cell in below.cells):
        return False
    if len(pairs) != sum(cell.bottom == above.rows for cell in above.cells):
        return False
    rows = [pair for pair in pairs if pair[0].bottom - pair[0].top == 1 == pair[1].bottom]
    labels = [pair for pair in rows if _is_label(pair[0]) or _is_label(pair[1])]
    values = [pair for pair in rows if pair not in labels]
    if not (labels and values):
        return False
    above_break, below_break = (
        [any(pair[side].text.strip() for pair in part) for part in (labels, values)]
        for side in (0, 1)
    )
    if sorted((above_break, below_break)) == [[False, True], [True, False]]:
        return True  # the label stands on one side, its figures on the other
    if not all(_label_goes_on(one, other) for one, other in labels if one.text and other.text):
        return False
    if above_break[0] and below_break[0] and not above_break[1]:
        return True
    # A figure goes on below only where the cell above has no room for its next digit.
    return (
        above_break[0]
        and below_break[0]
        and all(not other.text.strip() or one.full for one, other in values)
    )


def _label_goes_on(upper: GridCell, lower: GridCell) -> bool:
    """Whether the label below the break is the rest of the one above: that one has no room left,
    or is numbered and this one is not."""
    return not ENUMERATED.match(lower.text) and (
        upper.full or ENUMERATED.match(upper.text + lower.text) is not None
    )


def _is_cell_cut(upper: GridCell, lower: GridCell, below: Grid) -> bool:
    """Whether a cell over several rows, such as 三、本年度办理结果, goes on below the break."""
    if upper.bottom - upper.top == 1 == lower.bottom - lower.top:
        return False
    if lower.bottom - lower.top == 1 and not any(
        cell.top == 0 and cell.x0 > lower.x0 and _is_label(cell) for cell in below.cells
    ):
        return False  # a figure under a header, not the rest of a label: no label on its right
    if not _is_label(lower):
        return _is_label(upper) and not lower.text.strip()
    if not upper.text.strip():
        return True
    return _is_label(upper) and upper.full and not ENUMERATED.match(lower.text)


def _is_label(cell: GridCell) -> bool:
    return not _VALUE.fullmatch(cell.text)


def grid_lines(grid: Grid) -> Iterator[str]:
    """Yield the rows of a table as lines of text."""
    for row in _rows(grid):
        yield " ".join(cell.text for cell in row if cell.text)


def grid_html(grid: Grid) -> str:
    """Return the table as HTML; a cell over several rows is told to the rows that it covers."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        tall = cell.bottom - cell.top > 1
        rows[cell.top].append(Cell(escaped(cell.text), cell.x0, cell.x1, "start" if tall else None))
        for row in rows[cell.top + 1 : cell.bottom]:
            row.append(Cell("", cell.x0, cell.x1, "on"))
    for row in rows:
        row.sort(key=lambda cell: cell.left)
    return table(rows, tolerance=_SAME)
