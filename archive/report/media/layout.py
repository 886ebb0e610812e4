"""A page as characters and ruling lines, made into lines of text and ruled tables.

PDF and OFD know no paragraphs and no tables, only where each character and each stroke stands.
Lengths are in points, from the page's upper left corner.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from archive.report.chars import HAN
from archive.report.media.rules import SNAP, Box, ruled

_FIGURES = frozenset("0123456789０１２３４５６７８９")
_HAN = re.compile(f"[{HAN}，。、；：（）“”《》]")


Kind = Literal["ruled", "headed", "headless"]


@dataclass(frozen=True, slots=True)
class Char:
    """One character and its box."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    run: int = 0
    """What it was written with in one go, where the page tells: equal for all of that."""

    @property
    def size(self) -> float:
        """The height of the box: about the size of the type."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    """Of the type: the width of a Chinese character, where the line has one."""


@dataclass(slots=True)
class GridCell:
    """A cell of a ruled table; its rows are counted from the top, ``bottom`` is the row below."""

    text: str
    x0: float
    x1: float
    top: int
    bottom: int
    full: bool
    """Its last line fills the width, so that the text may go on where the cell is cut."""


@dataclass(slots=True)
class Grid:
    """A table by its ruling lines."""

    cells: list[GridCell]
    rows: int
    box: Box
    kind: Kind = "ruled"
    """Without lines the columns are where texts stand: all of them only where there is a header
    (``headed``); a ``headless`` part of a table may lack some."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: what stands on it, from top to bottom."""

    width: float
    height: float
    items: tuple[TextLine | Grid, ...]


Unruled = Callable[[Sequence[Char], float], tuple[list[Grid], list[Char]]]
"""Finds tables among characters in the order written, given the width of the page."""


def lay_out(
    chars: Iterable[Char],
    strokes: Iterable[Box],
    width: float,
    height: float,
    unruled: Unruled | None = None,
) -> Sheet:
    """Return the page with its lines of text and its tables in the order of reading.

    ``unruled`` finds tables without lines among the characters that no ruled one holds.
    """
    inside = [
        char
        for char in chars
        if -SNAP <= (char.x0 + char.x1) / 2 <= width + SNAP
        and -SNAP <= (char.top + char.bottom) / 2 <= height + SNAP
    ]
    grids, rest = [], inside
    for boxes in sorted(ruled(strokes), key=_area):
        grid, rest = _grid(boxes, rest)
        if any(cell.text for cell in grid.cells):
            grids.append(grid)
    if unruled is not None:
        more, rest = unruled(rest, width)
        grids += more
    items: list[tuple[float, TextLine | Grid]] = [(grid.box[1], grid) for grid in grids]
    items += [(line.top, line) for line in lines_of(rest)]
    return Sheet(width, height, tuple(item for _, item in sorted(items, key=lambda pair: pair[0])))


def lines_of(chars: Iterable[Char]) -> list[TextLine]:
    """Return the lines that the characters form, from top to bottom.

    A character belongs to a line where half of its height does. Blanks are set by the gaps; a
    character printed twice in one place, to look bold, counts once.
    """
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (char.top + char.bottom) / 2):
        if rows and _overlap(rows[-1], char) >= 0.5:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [line_of(row) for row in rows]


def _overlap(row: Sequence[Char], char: Char) -> float:
    """Return the part of the lower of both heights that the row and the character share."""
    first = row[len(row) // 2]
    shared = min(first.bottom, char.bottom) - max(first.top, char.top)
    return shared / max(min(first.size, char.size), 0.01)


def line_of(chars: Iterable[Char]) -> TextLine:
    """Return the characters of one line as text, with blanks where there are gaps."""
    row = sorted(chars, key=lambda char: char.x0)
    pieces: list[str] = []
    last: Char | None = None
    for char in row:
        if last is not None:
            if char.text == last.text and char.x0 - last.x0 < 0.25 * (last.x1 - last.x0):
                continue
            apart = 1.0 if _HAN.match(char.text) and _HAN.match(last.text) else 0.25
            if char.x0 - last.x1 > apart * max(char.size, last.size):
                pieces.append(" ")
        pieces.append(char.text)
        last = char
    return TextLine(
        "".join(pieces),
        row[0].x0,
        min(char.top for char in row),
        max(char.x1 for char in row),
        max(char.bottom for char in row),
        _type_size(row),
    )


def _type_size(row: Sequence[Char]) -> float:
    """Return the size of type. Heights are those of fonts and differ in one line."""
    widths = [char.x1 - char.x0 for char in row if _HAN.match(char.text)]
    return median(widths or [char.size for char in row])


def _area(cells: list[Box]) -> float:
    x0, top, x1, bottom = _around(cells)
    return (x1 - x0) * (bottom - top)


def _around(cells: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*cells, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _grid(boxes: list[Box], chars: list[Char]) -> tuple[Grid, list[Char]]:
    """Return the table with its texts, and the characters that stand elsewhere."""
    xs = sorted({x for box in boxes for x in (box[0], box[2])})
    ys = sorted({y for box in boxes for y in (box[1], box[3])})
    row = {y: i for i, y in enumerate(ys)}
    owner: dict[tuple[int, int], int] = {}
    for i, (x0, top, x1, bottom) in enumerate(boxes):
        for x in range(bisect_right(xs, x0) - 1, bisect_right(xs, x1) - 1):
            for y in range(row[top], row[bottom]):
                owner[x, y] = i
    held: list[list[Char]] = [[] for _ in boxes]
    rest: list[Char] = []
    for word in _words(chars):
        x = bisect_right(xs, (word[0].x0 + word[-1].x1) / 2) - 1
        y = bisect_right(ys, (word[0].top + word[0].bottom) / 2) - 1
        place = owner.get((x, y))
        (rest if place is None else held[place]).extend(word)
    cells = [
        GridCell(
            cell_text(lines, box),
            box[0],
            box[2],
            row[box[1]],
            row[box[3]],
            bool(lines) and _is_full(lines[-1], box),
        )
        for box, inside in zip(boxes, held, strict=True)
        for lines in (lines_of(inside),)
    ]
    return Grid(cells, len(ys) - 1, _around(boxes)), rest


def _words(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Yield the characters one by one, but the figures of a number together.

    A number that is wider than its cell reaches into the next one; that its figures were written
    one close behind the other keeps it whole.
    """
    word: list[Char] = []
    for char in chars:
        if word and not (
            -0.1 <= (char.x0 - word[-1].x1) / max(char.size, 0.01) < 0.1
            and abs(char.bottom - word[-1].bottom) < 0.3 * char.size
            and char.text in _FIGURES
            and word[-1].text in _FIGURES
            and char.run == word[-1].run
        ):
            yield word
            word = []
        word.append(char)
    if word:
        yield word


def cell_text(lines: list[TextLine], box: Box) -> str:
    """Return the lines of a cell as one text.

    Two lines of digits are one number only where the first had no room for the next digit.
    """
    text = ""
    for i, line in enumerate(lines):
        digits = text[-1:].isdigit() and line.text[:1].isdigit()
        words = text[-1:].isascii() and text[-1:].isalpha() and line.text[:1].isascii()
        text += "\n" if digits and not _is_full(lines[i - 1], box) else " " if words else ""
        text += line.text
    return text


def _is_full(line: TextLine, box: Box) -> bool:
    """Whether one more character would not fit beside the line, given Word's usual padding."""
    return (box[2] - box[0]) - (line.x1 - line.x0) < line.size + 12
