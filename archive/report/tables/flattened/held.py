"""Tables whose rows are held by their labels: ``held`` and ``loose``."""

from collections.abc import Sequence

from archive.report.tables.flattened.layer import Layer, Value
from archive.report.tables.flattened.rows import MOST_EXTRA, candidates, is_glued, is_single
from archive.report.tables.flattened.search import (
    Edge,
    Lattice,
    Row,
    Rows,
    Shape,
    Steps,
    broken_rows,
    counts_of,
    readings,
)

_MOST_BROKEN = 4
"""One in so many rows may break its own sum where labels hold all rows; more are no rows."""
_FEWEST_REPEATS = 2
"""Lines met again that show that no line was dropped for being met before."""
_FIGURES = "0123456789 \t,./-—"


def held(layer: Layer, shape: Shape, steps: Steps) -> list[Rows]:
    """Return the table whose rows are held by their labels, where its sums hold.

    Labels in another order than that of the form either name their rows or are displaced.
    """
    rows = rows_held(layer, shape)
    if rows is None:
        return []
    order = [label.id for label in layer.labels]
    by_name = len(order) == len(shape.rows)
    named = tuple(rows[order.index(row)] for row in shape.rows) if by_name else rows
    return [table for table in dict.fromkeys((named, rows)) if _holds(table, steps)]


def held_though_broken(layer: Layer, shape: Shape, steps: Steps) -> Rows | None:
    """Return the table held by labels in the order of the form, some of whose sums fail."""
    rows = rows_held(layer, shape)
    if rows is None or not layer.is_ordered(shape.rows) or _holds(rows, steps):
        return None
    broken = broken_rows(rows)
    return rows if _MOST_BROKEN * broken <= len(rows) else None


def rows_held(layer: Layer, shape: Shape) -> Rows | None:
    """Return the rows in the order of their labels; None where neither labels nor lines hold
    them."""
    if len(layer.values) != shape.size:
        return None
    segments = _labelled(layer, shape)
    if segments is None or any(len(segment) != shape.width for segment in segments):
        if not _in_lines(layer, shape):
            return None
        segments = [layer.values[n : n + shape.width] for n in range(0, shape.size, shape.width)]
    rows = tuple(tuple(value.raw for value in segment) for segment in segments)
    return rows if all(map(is_single, (raw for row in rows for raw in row))) else None


def _labelled(layer: Layer, shape: Shape) -> Sequence[tuple[Value, ...]] | None:
    """Return the values of each label; None where labels are missing or met twice, or where values
    stand both before the first label and after the last, or on neither side."""
    if sorted(label.id for label in layer.labels) != sorted(shape.rows):
        return None
    first, *_, last = layer.segments
    if bool(first) == bool(last):
        return None
    return layer.segments[:-1] if first else layer.segments[1:]


def _in_lines(layer: Layer, shape: Shape) -> bool:
    """Whether each row has a line of its own, and the labels that were met, half of all or more,
    stand at their rows."""
    if layer.per_line != (shape.width,) * len(shape.rows) or not layer.is_ordered(shape.rows):
        return False
    places = [sum(map(len, layer.segments[: n + 1])) for n in range(len(layer.labels))]
    rows = [shape.rows.index(label.id) * shape.width for label in layer.labels]
    near = sum(row <= place <= row + shape.width for place, row in zip(places, rows, strict=True))
    return 2 * near >= len(shape.rows)


def _holds(table: Rows, steps: Steps) -> bool:
    return bool(readings(_chain([[row] for row in table]), steps))


def _chain(choices: Sequence[Sequence[Row]]) -> Lattice:
    """Return the lattice of rows that stand alone, each with its choices."""
    return [
        [Edge(place + 1, (row,)) for row in rows if counts_of(row) is not None]
        for place, rows in enumerate(choices)
    ]


def loose(layer: Layer, shape: Shape, steps: Steps) -> list[Rows]:
    """Return the tables whose rows keep their labels and have too many or too few values."""
    segments = _labelled(layer, shape)
    if segments is None or not layer.is_ordered(shape.rows):
        return []
    if any(len(segment) > shape.width + MOST_EXTRA for segment in segments):
        return []
    glued = any(is_glued(value.raw) for value in layer.values)
    short = any(len(segment) < shape.width for segment in segments)
    if short and not glued and _lost_repeats(layer):
        return []
    choices = [
        candidates(
            [value.raw for value in segment],
            [layer.can_be_page(value) for value in segment],
            shape.width,
            steps,
            glued=glued,
        )
        for segment in segments
    ]
    return readings(_chain(choices), steps) if all(choices) else []


def _lost_repeats(layer: Layer) -> bool:
    """Whether lines may be missing because a saver of pages drops those it has seen before.

    Then a row without values need not be blank. Lines with a label, or one long line, are safe.
    """
    lines = [line.strip() for line in layer.text.split("\n")]
    lines = [line for line in lines if line and not line.strip(_FIGURES)]
    return len(lines) > 1 and len(lines) - len(set(lines)) < _FEWEST_REPEATS
