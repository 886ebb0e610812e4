"""Laid-out pages as one running document: page numbers dropped, paragraphs and tables joined.

A page has lines of text and ruled tables; what belongs together over line ends and page breaks is
put together here and in :mod:`archive.report.media.seams`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from archive.report.media.layout import Grid, Sheet, TextLine
from archive.report.media.markup import document, paragraph
from archive.report.media.seams import (
    ENUMERATED,
    goes_on_below,
    grid_html,
    grid_lines,
    join,
    with_columns_of,
)

_PAGE_NUMBER = re.compile(
    r"[-—–―‐·.•\s]*\d{1,4}[-—–―‐·.•\s]*|第?\s*\d{1,4}\s*页?\s*[,，/／|共]*\s*共?\s*\d{1,4}\s*页?"
    r"|第\s*\d{1,4}\s*页|page\s*\d{1,4}(?:\s*of\s*\d{1,4})?",
    re.IGNORECASE,
)
_MARGIN = 0.14
"""Part of a page's height at its top and bottom where page numbers stand."""
_NARROWEST = 0.75
"""Part of a page's width that full lines reach at least: short lines alone are no column."""


@dataclass(slots=True)
class _Part:
    """A table, or a line, and the page it stands on."""

    page: int
    item: TextLine | Grid


@dataclass(frozen=True, slots=True)
class _Column:
    """The edges of the text of a page."""

    left: float
    right: float


def flow_to_html(sheets: Sequence[Sheet], notes: Sequence[str] = ()) -> str:
    """Return the pages as one HTML document, with notes on how they were read."""
    parts = [
        _Part(page, item)
        for page, (sheet, dropped) in enumerate(zip(sheets, _margins(sheets), strict=True))
        for item in sheet.items
        if id(item) not in dropped
    ]
    columns = _columns(sheets)
    blocks: list[str] = []
    for is_table, run in groupby(parts, lambda part: isinstance(part.item, Grid)):
        held = list(run)
        blocks += _tables(held) if is_table else _paragraphs(held, columns)
    return document(blocks, notes)


def _margins(sheets: Sequence[Sheet]) -> list[set[int]]:
    """Return for each page its page number and its running headers (as ids of the lines).

    A running header stands outermost on at least three pages and half of them, but for figures.
    """
    outer = [_outermost(sheet) for sheet in sheets]
    count = Counter(key for lines in outer for key in {_key(line) for line in lines})
    often = max(3, len(sheets) / 2)
    return [
        {
            id(line)
            for line in lines
            if count[_key(line)] >= often or _PAGE_NUMBER.fullmatch(line.text.strip())
        }
        for lines in outer
    ]


def _outermost(sheet: Sheet) -> list[TextLine]:
    """Return the first two and last two lines of a page that stand in its margins."""
    ends = [*sheet.items[:2], *sheet.items[-2:]]
    return [
        line
        for line in ends
        if isinstance(line, TextLine)
        and not sheet.height * _MARGIN < (line.top + line.bottom) / 2 < sheet.height * (1 - _MARGIN)
    ]


def _key(line: TextLine) -> tuple[str, int]:
    return re.sub(r"\d+", "#", "".join(line.text.split())), round(line.top / 6)


def _paragraphs(parts: Sequence[_Part], columns: Sequence[_Column]) -> Iterator[str]:
    """Yield the lines as paragraphs: a full line goes on unless the next one is indented."""
    text = ""
    last: TextLine | None = None
    full = False
    for part in parts:
        line = part.item
        assert isinstance(line, TextLine)
        if last is not None and full and _goes_on(last, line, columns[part.page]):
            words = text[-1:].isascii() and text[-1:].isalnum() and line.text[:1].isascii()
            text += " " + line.text if words and line.text[:1].isalpha() else line.text
        else:
            yield paragraph(text)
            text = line.text
        last = line
        full = _is_full(line, columns[part.page].right)
    yield paragraph(text)


def _columns(sheets: Sequence[Sheet]) -> list[_Column]:
    """Return for each page the edges of the text on all pages of its width.

    The right edge is where the longest line ends, the left one where most lines begin that stand
    below a full one: those that go on.
    """
    pages: dict[int, list[list[TextLine]]] = {}
    for sheet in sheets:
        lines = [item for item in sheet.items if isinstance(item, TextLine)]
        pages.setdefault(round(sheet.width), []).append(lines)
    found = {}
    for width, group in pages.items():
        right = max([_NARROWEST * width, *(line.x1 for lines in group for line in lines)])
        lefts = Counter(
            round(below.x0)
            for lines in group
            for line, below in pairwise(lines)
            if _is_full(line, right)
        )
        most = max(lefts.values(), default=0)
        found[width] = _Column(min((x for x, n in lefts.items() if n == most), default=0), right)
    return [found[round(sheet.width)] for sheet in sheets]


def _is_full(line: TextLine, right: float) -> bool:
    return line.x1 > right - 1.5 * line.size


def _goes_on(last: TextLine, line: TextLine, column: _Column) -> bool:
    size = max(last.size, line.size)
    # The lines of a title stand under one another's middle.
    centred = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < size
    return (
        (line.x0 < column.left + 1.2 * size or centred)
        and min(last.size, line.size) > 0.8 * size
        and not ENUMERATED.match(line.text)
    )


def _tables(parts: Sequence[_Part]) -> Iterator[str]:
    """Yield the tables of a run without text between them, those over page breaks joined."""
    whole: Grid | None = None
    page = 0
    for part in parts:
        grid = part.item
        assert isinstance(grid, Grid)
        below = _goes_on_in(whole, grid) if whole is not None and part.page == page + 1 else None
        if whole is not None and below is not None:
            join(whole, below)
        else:
            yield from _shown(whole)
            whole = grid
        page = part.page
    yield from _shown(whole)


def _goes_on_in(above: Grid, grid: Grid) -> Grid | None:
    """Return the part of a table on the next page as it is to be joined; None: it is another."""
    if not goes_on_below(above, grid):
        return None
    return grid if grid.kind == "ruled" else with_columns_of(above, grid)


def _shown(grid: Grid | None) -> Iterator[str]:
    """Yield a table as HTML; one of which columns may be missing as lines of text."""
    if grid is not None and grid.kind == "headless":
        yield from map(paragraph, grid_lines(grid))
    elif grid is not None:
        yield grid_html(grid)
