"""Tables whose values run on past their labels: ``exact``, ``late``, ``paged``, ``uniform``."""

from collections.abc import Iterator, Sequence
from itertools import product

from archive.report.tables.flattened.layer import Layer, Value
from archive.report.tables.flattened.marks import following
from archive.report.tables.flattened.orders import blocks, late_totals
from archive.report.tables.flattened.rows import is_single
from archive.report.tables.flattened.search import (
    Edge,
    Row,
    Rows,
    Shape,
    Steps,
    broken_rows,
    counts_of,
    readings,
)
from archive.report.tables.flattened.tokens import number_of

_MOST_PAGES = 12
"""Page numbers without a mark that can stand between the numbers of a table."""
_MOST_LATE = 7
"""Rows whose totals an extractor may emit at the end of the table."""
_MOST_SLIPS = 2
"""Rows that an office may have added up wrongly where nothing but the numbers tells the order."""
_FEWEST_PROVED = 4
"""Rows with numbers that must add up, for zeros add up in any order."""
_FAR = 3
"""How many more rows must fail in the other order, where one fails in this."""


def exact(layer: Layer, shape: Shape, steps: Steps) -> list[Rows]:
    """Return the tables that as many values as cells can be."""
    runs = [run.values for run in layer.runs if run.values]
    return _in_blocks(layer, runs, shape, steps) if len(layer.values) == shape.size else []


def late(layer: Layer, shape: Shape, steps: Steps) -> list[Rows]:
    """Return the tables whose rows come one below the other, the totals of some at the very end."""
    if len(layer.values) != shape.size:
        return []
    values = [value.raw for value in layer.values]
    found: dict[Rows, None] = {}
    for count in range(1, _most_late(layer, shape) + 1):
        lattice = late_totals(values, shape.width, count, steps)
        found.update(dict.fromkeys(readings(lattice, steps, lanes=count + 1)))
    return list(found)


def _most_late(layer: Layer, shape: Shape) -> int:
    """Return how many totals can be late: none where most labels do not stand before their rows."""
    done = 0
    near = 0
    for label, segment in zip(layer.labels, layer.segments[1:], strict=True):
        start = shape.rows.index(label.id) * shape.width
        near += start - _MOST_LATE <= done <= start
        done += len(segment)
    return _MOST_LATE if 2 * near >= len(layer.labels) else 0


def paged(layer: Layer, shape: Shape, steps: Steps) -> list[Rows]:
    """Return the tables that are left when page numbers are taken out of too many values."""
    extra = len(layer.values) - shape.size
    if not 0 < extra <= _MOST_PAGES:
        return []
    runs = [run.values for run in layer.runs if run.values]
    pages = [value for value in layer.values if layer.can_be_page(value)]
    choices = []
    for chosen in following(pages, extra, steps):
        steps.take()
        left = [[value for value in run if value not in chosen] for run in runs]
        whole = all(len(run) % shape.width == 0 for run in left)
        choices.append((whole, [run for run in left if run]))
    # Where labels can stand between rows they do.
    kept = [left for whole, left in choices if whole] or [left for _, left in choices]
    distinct = {tuple(tuple(v.raw for v in run) for run in left): left for left in kept}
    return list(
        dict.fromkeys(
            table for left in distinct.values() for table in _in_blocks(layer, left, shape, steps)
        )
    )


def _in_blocks(
    layer: Layer, runs: Sequence[Sequence[Value]], shape: Shape, steps: Steps
) -> list[Rows]:
    """Return the tables that the runs can be, one below the other.

    Where every run between labels is a whole number of rows, labels stand between rows: no block
    crosses one. Elsewhere a block may.
    """
    parts = _parts(layer, runs, shape)
    by_lines = set(layer.per_line) == {shape.width}
    heights = frozenset({shape.width}) if by_lines else None
    return readings(blocks(parts, shape.width, steps, heights), steps) if parts else []


def _parts(layer: Layer, runs: Sequence[Sequence[Value]], shape: Shape) -> list[tuple[str, ...]]:
    """Return the runs as whole rows; [] where values or labels do not allow them."""
    if not all(is_single(value.raw) for run in runs for value in run):
        return []
    if not layer.is_ordered(shape.rows) and not _in_step(layer, shape):
        return []
    parts = [tuple(value.raw for value in run) for run in runs]
    if all(len(part) % shape.width == 0 for part in parts):
        return parts
    return [tuple(raw for part in parts for raw in part)]


def _in_step(layer: Layer, shape: Shape) -> bool:
    """Whether labels out of order still keep step with the values: each run of values begins with
    or covers the row named last before it, and no row is named ahead of its values."""
    done = 0
    covered: set[str] = set()
    for run in layer.runs:
        size, odd = divmod(len(run.values), shape.width)
        here = shape.rows[done : done + size]
        covered.update(here)
        done += size
        if odd or (size and (not run.labels or run.labels[-1] not in here)):
            return False
        if size and not covered.issuperset(run.labels):
            return False
    return done == len(shape.rows)


def uniform(layer: Layer, shape: Shape, steps: Steps) -> list[Rows]:
    """Return the table whose runs are each read in one order, where a cell or two are wrong.

    Each run is a whole number of rows: else a value may be missing and another be no cell.
    """
    if len(layer.values) != shape.size:
        return []
    table: list[Row] = []
    runs = [run.values for run in layer.runs if run.values]
    if any(len(run) % shape.width for run in runs):
        return []
    for part in _parts(layer, runs, shape):
        steps.take(len(part))
        height = len(part) // shape.width
        by_row = [part[n : n + shape.width] for n in range(0, len(part), shape.width)]
        by_column = [part[n::height] for n in range(height)]
        better, worse = sorted((by_row, by_column), key=broken_rows)
        far = _FAR if broken_rows(better) else 1
        if better != worse and broken_rows(worse) - broken_rows(better) < far:
            return []
        table += better
    proved = sum(any(counts) for counts in map(counts_of, table) if counts)
    explained = proved >= _FEWEST_PROVED and _is_slip(tuple(table), steps, rows=layer.has_rows)
    return [tuple(table)] if explained else []


def _is_slip(table: Rows, steps: Steps, *, rows: bool) -> bool:
    """Whether one or two wrong cells, in different rows, are all that is wrong.

    A number where a 0 should be may as well be that of a page, so it explains nothing, unless it
    stands inside a line (``rows``).
    """
    broken = [place for place, row in enumerate(table) if counts_of(row) is None]
    if not 0 < len(broken) <= _MOST_SLIPS:
        return False
    for mended in product(*(_mended(table[place], zeros=rows) for place in broken)):
        whole = list(table)
        for place, row in zip(broken, mended, strict=True):
            whole[place] = row
        if readings([[Edge(n + 1, (row,))] for n, row in enumerate(whole)], steps):
            return True
    return False


def _mended(row: Row, *, zeros: bool) -> Iterator[Row]:
    """Yield the rows that add up and differ from ``row`` in one cell; ``zeros``: it may be 0."""
    numbers = [number_of(raw) or 0 for raw in row]
    missing = numbers[-1] - sum(numbers[:-1])
    for place, number in enumerate(numbers):
        right = number + missing if place < len(row) - 1 else number - missing
        least = 0 if zeros and place < len(row) - 1 else 1
        if right >= least and isinstance(right, int):
            yield (*row[:place], str(right), *row[place + 1 :])
