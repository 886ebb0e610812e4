"""Tables without ruling lines, by the order in which a page was written and where things stand.

Programs write a table cell by cell and row by row, so that going left begins a new row. The figures
of a row stand on one line and under those of other rows; where they do not, this is no such table
and the text stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.report.article.sections import count_headings
from archive.report.media.layout import Char, Grid, GridCell, Kind, TextLine, cell_text, line_of
from archive.report.media.seams import ENUMERATED

_LEVEL = 3.0
"""Points by which the tops of figures of one row differ at most."""
_EDGE = 3.0
"""Points by which the left edges of one column differ at most."""
_ROWS, _WIDE = 4, 3
"""So many rows of more than one cell make a table, if one of them has so many cells."""
_REST = 2
"""Rows of a page, at its top, that may belong to a table though they have one cell."""
_ALL_FIGURES = 10
"""A row of so many figures needs no label: that of Table IV."""
_FIGURE = re.compile(r"[\d０-９.,，+＋\-－/／—]+(?:万?元|件)?")
_CAPTION = re.compile(r"\s*第二十条")

Piece = list[Char]
"""Characters written one behind the other: one line of one cell."""


@dataclass(slots=True)
class _Cell:
    """The lines of one cell, in their order."""

    lines: list[TextLine]
    chars: list[Char] = field(default_factory=list)

    @property
    def left(self) -> float:
        return min(line.x0 for line in self.lines)

    @property
    def top(self) -> float:
        return self.lines[0].top

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)


Row = list[_Cell]


def unruled(chars: Sequence[Char], width: float) -> tuple[list[Grid], list[Char]]:
    """Return the tables that the characters, in the order written, form without lines, and the
    characters that stand elsewhere. ``width`` is that of the page."""
    grids: list[Grid] = []
    taken: set[int] = set()
    for rows in _runs(_rows([(piece, line_of(piece)) for piece in _pieces(chars)])):
        lefts = _columns(rows)
        if lefts is not None:
            grids.append(_grid(rows, lefts, width))
            taken |= {id(char) for row in rows for cell in row for char in cell.chars}
    return grids, [char for char in chars if id(char) not in taken]


def _pieces(chars: Sequence[Char]) -> Iterator[Piece]:
    piece: Piece = []
    for char in chars:
        if piece and not _follows(piece[-1], char):
            yield piece
            piece = []
        piece.append(char)
    if piece:
        yield piece


def _follows(last: Char, char: Char) -> bool:
    size = max(char.size, last.size)
    room = 1.5 if last.run == char.run else 0.8
    return (
        abs(char.bottom - last.bottom) < 0.5 * size
        and -0.5 * size < char.x0 - last.x1 < room * size
    )


def _rows(pieces: Sequence[tuple[Piece, TextLine]]) -> list[Row]:
    rows: list[Row] = []
    for i, (piece, line) in enumerate(pieces):
        after = pieces[i + 1][1] if i + 1 < len(pieces) else None
        last = rows[-1][-1] if rows else None
        if last is not None and _is_below(last, line):
            if not _begins_row(line, after):
                last.lines.append(line)
                last.chars += piece
                continue
            rows.append([])
        elif last is None or line.x0 < last.left + _EDGE or not _is_beside(rows[-1][0], line):
            rows.append([])
        rows[-1].append(_Cell([line], list(piece)))
    return rows


def _is_beside(cell: _Cell, line: TextLine) -> bool:
    """Whether a line stands beside a cell, at the height of its first line or of its middle."""
    middle = (line.top + line.bottom) / 2
    return cell.lines[0].top < middle < cell.lines[-1].bottom


def _is_below(cell: _Cell, line: TextLine) -> bool:
    above = cell.lines[-1]
    return abs(line.x0 - cell.left) < _EDGE and -_LEVEL < line.top - above.bottom < line.size


def _begins_row(line: TextLine, after: TextLine | None) -> bool:
    """Whether a line under the one before is a cell of its own: the next cell begins beside it."""
    if ENUMERATED.match(line.text) or _CAPTION.match(line.text):
        return True
    return after is not None and after.x0 > line.x1 and abs(after.top - line.top) < _LEVEL


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows that stand together as tables do; the last one has more than one cell.

    A page may begin with the rest of a label that the page before cuts, or with a table's last row.
    """
    run: list[Row] = []
    alone = 0
    for i, row in enumerate([*rows, None]):
        begins = bool(run) or i < _REST
        if row is not None and (len(row) > 1 or (begins and alone < 2 and _is_short(row[0]))):
            alone = alone + 1 if len(row) == 1 else 0
            run.append(row)
            continue
        while run and len(run[-1]) == 1:
            run.pop()
        wide = sum(len(one) > 1 for one in run) >= _ROWS and max(map(len, run)) >= _WIDE
        if run and (wide or i - len(run) < _REST):
            yield run
        run, alone = [], 0


def _is_short(cell: _Cell) -> bool:
    """Whether a row of one cell may be one of a table: a caption, a label without figures."""
    return len(cell.text) < 40 and not count_headings(cell.text)


def _columns(rows: Sequence[Row]) -> list[float] | None:
    """Return the left edges of the columns; None: the figures do not stand in columns."""
    if any(_is_figure(row[0]) and len(row) < _ALL_FIGURES for row in rows):
        return None  # figures without a label: rows are not what was taken for them
    lefts: list[float] = []
    for left in sorted(cell.left for row in rows for cell in row):
        if not lefts or left - lefts[-1] > _EDGE:
            lefts.append(left)
        elif left - lefts[-1] > _EDGE / 2:
            return None
    places = [[_place(cell, lefts) for cell in row] for row in rows]
    return lefts if all(len(set(row)) == len(row) for row in places) else None


def _is_figure(cell: _Cell) -> bool:
    return _FIGURE.fullmatch(cell.text) is not None


def _place(cell: _Cell, lefts: Sequence[float]) -> int:
    return max(i for i, left in enumerate(lefts) if left <= cell.left + _EDGE / 2)


def _grid(rows: Sequence[Row], lefts: Sequence[float], width: float) -> Grid:
    edges = [0.0, *lefts[1:], width]
    cells = []
    for y, row in enumerate(rows):
        held = {_place(cell, lefts): cell for cell in row}
        for x in range(len(lefts)):
            box = edges[x], 0.0, edges[x + 1], 0.0
            lines = held[x].lines if x in held else []
            cells.append(GridCell(cell_text(lines, box), box[0], box[2], y, y + 1, full=False))
    top = min(line.top for row in rows for cell in row for line in cell.lines)
    bottom = max(line.bottom for row in rows for cell in row for line in cell.lines)
    headed = any(len(row) >= _WIDE and not any(map(_is_figure, row)) for row in rows)
    kind: Kind = "headed" if headed else "headless"
    return Grid(cells, len(rows), (0.0, top, width, bottom), kind)
