"""Table IV (政府信息公开行政复议、行政诉讼情况) in flattened text.

Fifteen numbers in one row, five outcomes for each of three routes: there is no other order than
that of the form, unless each route's numbers follow its own name. Fifteen separate numbers with
nothing of the form between them are certain, even where the office's own sums fail; page numbers
left out and glued digits cut must satisfy the sums, and be the only way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from archive.report.tables.flattened.evidence import Order
from archive.report.tables.flattened.layer import Layer, with_empty_lines
from archive.report.tables.flattened.marks import variants
from archive.report.tables.flattened.rows import cut_sums, digits_of, is_glued, is_single
from archive.report.tables.flattened.search import MOST, ExhaustedError, Row, Rows, Steps, counts_of
from archive.report.tables.flattened.tokens import layer_of, number_of
from archive.report.tables.forms import Forms
from archive.report.tables.readers import Found

_LONGEST = 4_000
_MOST_ANCHORS = 6
_MOST_BROKEN = 2
_LONGEST_GLUED = 80
_ANCHOR = re.compile(
    r"未\s*经\s*复\s*议\s*直\s*接\s*起\s*诉|复\s*议\s*后\s*起\s*诉|结\s*果\s*维\s*持|尚\s*未\s*审\s*结"
)
_HEADING = re.compile(r"复\s*议[、,和及\s]{0,9}(?:提\s*起)?\s*行\s*政\s*诉\s*讼\s*情\s*况|。")
_WORD = re.compile("[\u3400-\u9fff]")
_END = re.compile(r"五\s*[、.]|存\s*在\s*(?:的\s*)?(?:主\s*要\s*)?问\s*题|。")


def read_review(text: str, known: Forms, order: Order) -> Found | None:
    """Return what prepared ``text`` says of Table IV; None where it has no values of it nor all
    its headers. Headers alone are ambiguous: the cells are blank, or were lost."""
    blank: Found | None = None
    for place in _places(text):
        layers = [
            _with_blanks(layer_of(part, known.routes), _size(known)) for part in variants(place)
        ]
        if any(layer.values for layer in layers):
            return _read(layers, known, order)
        if set(known.route_ids) <= {label.id for label in layers[0].labels}:
            blank = Found({}, {}, None, 0)
    return blank


def _with_blanks(layer: Layer, size: int) -> Layer:
    """Return the layer, or where the lines after the last header are as many as the cells and each
    is empty or has one value, it with the empty ones as blank cells."""
    words = [found.start() for found in _WORD.finditer(layer.text)]
    first = layer.text.find("\n", words[-1] if words else 0) + 1
    lines = [line.strip() for line in layer.text[first:].split("\n")[:-1]]
    if not 0 < len(layer.values) < size or len(lines) < size:
        return layer
    if len(lines) > size and not lines[0]:
        # The first empty line may be no cell.
        return layer
    full = with_empty_lines(layer)
    cells = tuple(value for value in full.values if value.start >= first)
    if len(cells) != len(lines) or any(lines[size:]):
        return layer
    return replace(layer, values=cells[:size])


def _places(text: str) -> Iterator[str]:
    """Yield the parts of the text that hold a header of the table, the last one first."""
    anchors = [found.start() for found in _ANCHOR.finditer(text)]
    done = len(text) + 1
    for anchor in reversed(anchors[-_MOST_ANCHORS * 6 :]):
        if anchor >= done:
            continue
        first = max(0, anchor - _LONGEST)
        starts = [found.end() for found in _HEADING.finditer(text, first, anchor)]
        done = starts[-1] if starts else first
        body = text[anchor : anchor + _LONGEST]
        end = _END.search(body)
        yield text[done:anchor] + (body[: end.start()] if end else body)


def _read(layers: Sequence[Layer], known: Forms, order: Order) -> Found:
    try:
        tables = _tables_of(layers, known, Steps())
    except ExhaustedError:
        return Found({}, {}, None, MOST)
    if len(tables) != 1:
        return Found({}, {}, None, min(len(tables), MOST))
    alike = all(len(set(row[:-1])) == 1 for row in tables[0])
    if not alike and not all(order.is_kept(layer, _lines(known)) for layer in layers):
        return Found({}, {}, None, 2)
    raw = {
        route: dict(zip(known.outcome_ids, cells, strict=True))
        for route, cells in zip(known.route_ids, tables[0], strict=True)
    }
    table = {
        route: {outcome: number_of(text) for outcome, text in cells.items()}
        for route, cells in raw.items()
    }
    return Found(table, raw)


def _tables_of(layers: Sequence[Layer], known: Forms, steps: Steps) -> list[Rows]:
    """Return the different tables that the values can be, by the first way that gives one."""
    exact = [table for layer in layers if (table := _exact(layer, known)) is not None]
    if len(exact) == len(layers) == 1 and _is_certain(layers[0], exact[0], known):
        return exact
    for ways in (
        exact,
        chain.from_iterable(_paged(layer, known) for layer in layers),
        chain.from_iterable(_glued(layer, known, steps) for layer in layers),
    ):
        found = {table: None for table in ways if all(map(counts_of, table))}
        if found:
            return list(found)
    return []


def _exact(layer: Layer, known: Forms) -> Rows | None:
    """Return the values as five for each route, in the order of the form or of the names."""
    raws = [value.raw for value in layer.values]
    if len(raws) != _size(known) or not all(map(is_single, raws)):
        return None
    width = len(known.outcomes)
    rows = tuple(tuple(raws[n : n + width]) for n in range(0, len(raws), width))
    names = _names(layer, width)
    if sorted(names) != sorted(known.route_ids):
        return rows
    return tuple(rows[names.index(route)] for route in known.route_ids)


def _names(layer: Layer, width: int) -> list[str]:
    """Return the routes whose five values follow their names; empty: they stand otherwise."""
    runs = [run for run in layer.runs if run.values]
    own = all(len(run.values) == width and run.labels for run in runs)
    return [run.labels[-1] for run in runs] if own else []


def _is_certain(layer: Layer, table: Rows, known: Forms) -> bool:
    """Whether the values stand where they stood in the table, even if a sum fails.

    They do on one line, or on lines of five, with no name between them, or each route's after its
    name. One value a line may have been displaced: there one sum may fail, and its total must be
    as large as its parts.
    """
    broken = [row for row in table if counts_of(row) is None]
    width = len(known.outcomes)
    runs = [run for run in layer.runs if run.values]
    together = len(runs) <= 2 or _names(layer, width) == list(known.route_ids)
    if layer.per_line in _lines(known):
        return together and len(broken) <= _MOST_BROKEN
    if layer.per_line != (1,) * _size(known) or len(broken) > 1:
        return False
    parts = [[number_of(raw) or 0 for raw in row] for row in broken]
    return together and all(numbers[-1] >= max(numbers) for numbers in parts)


def _lines(known: Forms) -> tuple[tuple[int, ...], ...]:
    """Return how many values the lines have where the table is one, or each route."""
    width = len(known.outcomes)
    return (_size(known),), (width,) * len(known.routes)


def _size(known: Forms) -> int:
    return len(known.routes) * len(known.outcomes)


def _paged(layer: Layer, known: Forms) -> Iterator[Rows]:
    """Yield the tables that are left without a page's number before or after the one row.

    A number inside it is no page's, but may be half of one that its narrow cell broke.
    """
    if len(layer.values) != _size(known) + 1:
        return
    for value in (layer.values[0], layer.values[-1]):
        table = _exact(layer.without([value]), known) if layer.can_be_page(value) else None
        if table is not None:
            yield table


def _glued(layer: Layer, known: Forms, steps: Steps) -> Iterator[Rows]:
    """Yield the ways to cut glued digits into the numbers of the table."""
    raws = [digits_of(value.raw) for value in layer.values]
    digits = "".join(raws)
    if len(raws) >= _size(known) or not any(map(is_glued, raws)):
        return
    if not all(raws) or len(digits) > _LONGEST_GLUED:
        return
    done, ends = 0, set[int]()
    for raw in raws:
        done += len(raw)
        ends.add(done)
    yield from _cut(digits, frozenset(ends), len(known.routes), len(known.outcomes), steps)


def _cut(
    digits: str, ends: frozenset[int], rows: int, width: int, steps: Steps
) -> Iterator[tuple[Row, ...]]:
    if rows == 0:
        if not digits:
            yield ()
        return
    sizes = (len(digits),) if rows == 1 else range(width, len(digits))
    for size in sizes:
        moved = frozenset(end - size for end in ends if end > size)
        for row in cut_sums(digits[:size], ends, width, steps):
            for rest in _cut(digits[size:], moved, rows - 1, width, steps):
                yield (row, *rest)
