"""Paragraphs and tables as HTML: the one shape that every format is brought into."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from archive.report.chars import visible

_NOTE = "reader-note"
_NOTES = re.compile(f'<meta name="{_NOTE}" content="([^"]*)">')

Merge = Literal["start", "on"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row, by where it stands: columns counted, or lengths from the left."""

    html: str
    left: float
    right: float
    merge: Merge | None = None
    """Vertically: ``start`` begins a merged cell, ``on`` goes on with the one above."""


def escaped(text: str) -> str:
    """Return ``text`` as HTML text without control characters; its line ends become ``<br>``."""
    return html.escape(visible(text), quote=False).replace("\n", "<br>")


def paragraph(text: str) -> str:
    """Return plain text as one paragraph, empty where nothing is written in it."""
    return f"<p>{inside}</p>" if (inside := escaped(text)).strip() else ""


def document(blocks: Iterable[str], notes: Iterable[str] = ()) -> str:
    """Return the blocks as an HTML document, one in a line; see :func:`notes_of`."""
    head = '<meta charset="utf-8">' + "".join(
        f'<meta name="{_NOTE}" content="{html.escape(visible(note))}">' for note in notes
    )
    body = "\n".join(block for block in blocks if block)
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>\n{body}\n</body></html>"


def notes_of(markup: str) -> tuple[str, ...]:
    """Return the notes that a reader of documents has put into its HTML: what it met, what it had
    to leave out, and how it read."""
    head = markup.partition("</head>")[0]
    return tuple(html.unescape(note) for note in _NOTES.findall(head))


def table(rows: Sequence[Sequence[Cell]], tolerance: float = 0) -> str:
    """Return the rows as a ``<table>`` with colspan and rowspan.

    Edges within ``tolerance`` are one edge. What no cell covers becomes a blank cell, so that
    every column keeps its place. Empty where no row has a cell.
    """
    column = _columns(
        {edge for row in rows for cell in row for edge in (cell.left, cell.right)}, tolerance
    )
    last = max(column.values(), default=0)
    spans = _row_spans(rows, column)
    lines = []
    for y, row in enumerate(rows):
        at, cells = 0, []
        for x, cell in enumerate(row):
            left, right = column[cell.left], column[cell.right]
            if left > at:
                cells.append(_td("", left - at, 1))
            if cell.merge != "on" or spans[y][x]:
                cells.append(_td(cell.html, max(right - left, 1), spans[y][x]))
            at = max(right, at)
        if cells and at < last:
            cells.append(_td("", last - at, 1))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "<table>\n" + "\n".join(lines) + "\n</table>" if last else ""


def grid(rows: Iterable[Sequence[tuple[str, int, int]]]) -> str:
    """Return rows of (HTML, colspan, rowspan) as a ``<table>``."""
    lines = ["<tr>" + "".join(_td(*cell) for cell in row) + "</tr>" for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _td(inside: str, colspan: int, rowspan: int) -> str:
    spans = f' colspan="{colspan}"' if colspan > 1 else ""
    spans += f' rowspan="{rowspan}"' if rowspan > 1 else ""
    return f"<td{spans}>{inside}</td>"


def _columns(edges: Iterable[float], tolerance: float) -> dict[float, int]:
    """Return each edge's place in order; edges closer than ``tolerance`` share one."""
    ordered = sorted(edges)
    places = dict.fromkeys(ordered[:1], 0)
    for before, edge in pairwise(ordered):
        places[edge] = places[before] + (edge - before > tolerance)
    return places


def _row_spans(rows: Sequence[Sequence[Cell]], column: dict[float, int]) -> list[list[int]]:
    """Return for each cell the rows that it covers; 0: a cell above covers it."""
    spans = [[1] * len(row) for row in rows]
    above: dict[tuple[int, int], tuple[int, int]] = {}
    for y, row in enumerate(rows):
        current: dict[tuple[int, int], tuple[int, int]] = {}
        for x, cell in enumerate(row):
            place = column[cell.left], column[cell.right]
            if cell.merge == "on" and place in above:
                first_y, first_x = current[place] = above[place]
                spans[first_y][first_x] += 1
                spans[y][x] = 0
            elif cell.merge:
                current[place] = y, x
        above = current
    return spans
