"""The ruled tables of a page: which boxes its straight strokes enclose.

The crossing of lines and the cells between them are found by pdfplumber's functions; here it is
decided which strokes are ruling lines, and sides that are not drawn are put in.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)

SNAP = 3.0
"""Points within which two strokes are one ruling line."""
_SHORTEST = 4.0
"""Points; a stroke that is shorter is no side of a cell."""
_LONGEST_DASH = 12.0
"""Points."""
_DASHES = 4
"""So many in a row are a line."""
_MOST_CROSSINGS = 1_000_000
"""Upright times level strokes; a page with more is a drawing."""
_MOST_CELLS = 3_000
_MOST_LINES = 2_000
"""Of one page; what has more is a drawing or a map, and its text is read as lines."""
_LINES_OF_A_SIDE = 3
"""Level lines that must end together to show where a table's side is."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Edge = dict[str, Any]
"""A straight line as pdfplumber writes it."""


def ruled(strokes: Iterable[Box]) -> list[list[Box]]:
    """Return the tables that the strokes rule, each as the boxes of its cells.

    A single column is a frame or a shade around text, no table.
    """
    edges = [edge for stroke in strokes if (edge := _edge(stroke)) is not None]
    edges = [*(edge for edge in edges if _length(edge) > SNAP), *_dashed(edges)]
    if not edges:
        return []
    edges = merge_edges(edges, SNAP, SNAP, SNAP, SNAP)
    edges = [edge for edge in edges if _length(edge) >= _SHORTEST]
    if len(edges) > _MOST_LINES:
        return []
    edges = merge_edges([*edges, *_open_sides(edges)], SNAP, SNAP, SNAP, SNAP)
    upright = sum(edge["orientation"] == "v" for edge in edges)
    if upright * (len(edges) - upright) > _MOST_CROSSINGS:
        return []
    crossings = edges_to_intersections(edges, SNAP, SNAP)
    if len(crossings) > _MOST_CELLS:
        return []
    tables = cells_to_tables(intersections_to_cells(crossings))
    return [cells for cells in tables if len({cell[0] for cell in cells}) > 1]


def _edge(stroke: Box) -> Edge | None:
    """Return a stroke as pdfplumber writes edges; None: it is slanted or a dot."""
    x0, top, x1, bottom = stroke
    level = bottom - top <= min(1.0, x1 - x0)
    if not level and x1 - x0 > min(1.0, bottom - top):
        return None
    if level:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return _line_edge(x0, top, x1, bottom)


def _line_edge(x0: float, top: float, x1: float, bottom: float) -> Edge:
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if top == bottom else "v",
        "object_type": "line",
    }


def _length(edge: Edge) -> float:
    return float(edge["width"] + edge["height"])


def _dashed(edges: list[Edge]) -> Iterator[Edge]:
    """Yield the lines that rows of dashes or dots make.

    The dots of a dotted line have no direction, so every short stroke is tried both ways.
    """
    short = [edge for edge in edges if _length(edge) <= _LONGEST_DASH]
    for begin, end, across in (("x0", "x1", "top"), ("top", "bottom", "x0")):
        row: list[Edge] = []
        for edge in sorted(short, key=lambda edge: (round(edge[across]), edge[begin])):
            if row and not (
                abs(edge[across] - row[-1][across]) < 1
                and edge[begin] - row[-1][end] <= 2 * max(_length(edge), 1.0)
            ):
                yield from _line_of(row, begin, end, across)
                row = []
            row.append(edge)
        yield from _line_of(row, begin, end, across)


def _line_of(row: list[Edge], begin: str, end: str, across: str) -> Iterator[Edge]:
    if len(row) < _DASHES:
        return
    first, last, at = row[0][begin], max(edge[end] for edge in row), row[0][across]
    yield _line_edge(first, at, last, at) if across == "top" else _line_edge(at, first, at, last)


def _open_sides(edges: list[Edge]) -> Iterator[Edge]:
    """Yield the sides of tables that are not drawn.

    A page break leaves a table open below and above, where its upright lines end together; some
    tables have no line on their left and right (三线表), where their level lines end together.
    """
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge for edge in edges if edge["orientation"] == "h"]
    for side in ("top", "bottom"):
        for group in _together(upright, side):
            y, places = group[0][side], sorted(edge["x0"] for edge in group)
            if len(group) > 1 and not _crossed(upright, y, places, "v"):
                yield _line_edge(places[0], y, places[-1], y)
    for side in ("x0", "x1"):
        for group in _together(level, side):
            x, places = group[0][side], sorted(edge["top"] for edge in group)
            if len(group) < _LINES_OF_A_SIDE or _crossed(level, x, places, "h"):
                continue
            # Lines of one table: uprights stand between them, not those of the next one.
            for above, below in pairwise(places):
                if any(v["top"] <= above + SNAP and v["bottom"] >= below - SNAP for v in upright):
                    yield _line_edge(x, above, x, below)


def _crossed(edges: list[Edge], at: float, places: Sequence[float], orientation: str) -> bool:
    """Whether a line goes on beyond ``at`` between the first and the last of the places."""
    begin, end, across = ("top", "bottom", "x0") if orientation == "v" else ("x0", "x1", "top")
    return any(
        edge[begin] < at - SNAP
        and edge[end] > at + SNAP
        and places[0] - SNAP <= edge[across] <= places[-1] + SNAP
        for edge in edges
    )


def _together(edges: list[Edge], side: str) -> Iterator[list[Edge]]:
    """Yield the edges in groups that begin or end at the same place."""
    group: list[Edge] = []
    for edge in sorted(edges, key=itemgetter(side)):
        if group and edge[side] - group[-1][side] > SNAP:
            yield group
            group = []
        group.append(edge)
    if group:
        yield group
