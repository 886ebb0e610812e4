"""How the values of Table III can belong to its rows: the hypotheses, from the strongest on.

1. ``held``: each row's label is met once, and exactly seven values follow each (or stand before
   each); or each row has a line of its own, beside most of the labels. The rows are certain, even
   where the office's own sums fail.
2. ``exact``: as many values as cells. The rows stand in the order of the form, in blocks read row
   by row or column by column (``orders``).
3. ``late``: the same, row by row, but the totals of some rows come after all other values.
4. ``paged``: too many values. As ``exact``, once values that can be the numbers of following pages
   are left out, in every possible way.
5. ``loose``: each label keeps its own values; numbers are cut or joined, or blank cells put between
   them, in every way that the row's total allows (``rows``).
6. ``uniform``: as many values as cells, and the office's own sums fail in a row or two, where one
   wrong cell in each is all that is wrong; the values between two labels all came out in one
   order, and read in the other order more rows fail.

The first hypothesis that gives a table decides, and must give exactly one. Glued digits that are as
many as the cells, and empty lines that fill every row held by its label, are taken as cells first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.report.tables.flattened.held import held, held_though_broken, loose, rows_held
from archive.report.tables.flattened.layer import Layer, Value, with_empty_lines
from archive.report.tables.flattened.rows import digits_of, is_glued
from archive.report.tables.flattened.search import Rows, Shape, Steps
from archive.report.tables.flattened.streams import exact, late, paged, uniform


@dataclass(frozen=True, slots=True)
class Outcome:
    """The different tables, rows in the order of the form, that the values can be."""

    tables: Sequence[Rows]
    displaced: bool = False
    """Cells came out of their rows, so that the text's order proves nothing elsewhere either."""


def tables_of(layers: Sequence[Layer], shape: Shape, steps: Steps) -> Outcome:
    """Return what the first hypothesis finds that finds anything.

    ``layers`` are the same text with and without what may be page marks. Raises ExhaustedError
    where the search takes too long.
    """
    layers = [full for layer in layers for full in _with_blanks(layer, shape)]
    single = [part for layer in layers for part in _unglued(layer, shape)]
    if tables := _different(held(layer, shape, steps) for layer in single):
        return Outcome(tables)
    broken = [held_though_broken(layer, shape, steps) for layer in layers]
    if any(broken):
        return Outcome(list(dict.fromkeys(table for table in broken if table is not None)))
    for hypothesis in (exact, late, paged, loose, uniform):
        found = _different(hypothesis(layer, shape, steps) for layer in single)
        if found:
            return Outcome(found, displaced=hypothesis is late)
    return Outcome([])


def _different(groups: Iterable[Sequence[Rows]]) -> list[Rows]:
    return list(dict.fromkeys(table for group in groups for table in group))


def _unglued(layer: Layer, shape: Shape) -> list[Layer]:
    """Return the layer, and before it one with every digit alone where that fits the table."""
    digits = sum(len(digits_of(value.raw)) or 1 for value in layer.values)
    if digits != shape.size or not any(is_glued(value.raw) for value in layer.values):
        return [layer]
    values = tuple(
        Value(piece, value.start + n)
        for value in layer.values
        for n, piece in enumerate(digits_of(value.raw) or (value.raw,))
    )
    return [replace(layer, values=values), layer]


def _with_blanks(layer: Layer, shape: Shape) -> list[Layer]:
    """Return the layer, or where its labels hold all rows only with empty lines as blank cells, it
    with them; lines after the last row are none."""
    if len(layer.values) >= shape.size:
        return [layer]
    full = with_empty_lines(layer)
    extra = full.values[shape.size :]
    if not any(value.raw for value in extra):
        full = full.without(extra)
    return [layer if rows_held(full, shape) is None else full]
