"""Table II (主动公开政府信息情况) in flattened text.

There are no sums here, so the counts must fit exactly and the words must decide. Under each
caption (第二十条第（一）项 …) the values stand row by row or column by column; a label followed by
a row of values, a header followed by a column of them, or lines as long as the one or the other
tell which. Where nothing tells, both readings count; so do all choices of what can be a page
number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import comb

from archive.records import Number, Table
from archive.report.tables.cells import parse_money, parse_value
from archive.report.tables.flattened.captions import Block, blocks_of, form_of_prepared
from archive.report.tables.flattened.evidence import Order
from archive.report.tables.flattened.layer import Layer, Value, with_empty_lines
from archive.report.tables.flattened.marks import following
from archive.report.tables.flattened.search import MOST, Steps
from archive.report.tables.forms import Forms
from archive.report.tables.readers import MONEY, Found

_MOST_PAGES = 2
Grid = tuple[tuple[str, ...], ...]
"""Rows of texts."""


def read_active(text: str, known: Forms, order: Order) -> Found | None:
    """Return what prepared ``text`` says of Table II; None where it has no values of it nor all
    its captions. Captions alone are ambiguous: the cells are blank, or were lost."""
    form = form_of_prepared(text, known)
    blocks = blocks_of(text, form, known) if form else []
    if form is None or not blocks:
        return None
    if not any(layer.values for block in blocks for layer in block.layers):
        return Found({}, {}, form, 0) if all(block.text for block in blocks) else None
    blocks = _with_blanks(blocks)
    readings = [_readings(block, order) for block in blocks]
    if not all(readings):
        readings = _in_one_run(blocks) or readings
    glued = [_ways_to_cut(block) for block in blocks]
    ways = 1
    for choices, cuts in zip(readings, glued, strict=True):
        ways = min(ways * (len(choices) or cuts), MOST)
    if ways != 1:
        return Found({}, {}, form, ways)
    if not all(_keeps_order(block, order) for block in blocks):
        return Found({}, {}, form, 2)
    raw: dict[str, dict[str, str]] = {}
    table: Table = {}
    for block, (grid, *_) in zip(blocks, readings, strict=True):
        for row, cells in zip(block.ids, grid, strict=True):
            raw[row] = dict(zip(block.columns, cells, strict=True))
            table[row] = {c: _number(text, c, block.text) for c, text in raw[row].items()}
    return Found(table, raw, form)


def _keeps_order(block: Block, order: Order) -> bool:
    """Whether the values stand as they stood in the table, or are all the same."""
    if len({value.raw for layer in block.layers for value in layer.values}) < 2:
        return True
    lines = ((len(block.columns),) * len(block.rows),)
    return all(order.is_kept(layer, lines) for layer in block.layers)


def _with_blanks(blocks: list[Block]) -> list[Block]:
    """Return the blocks, or where every row's label is followed by as many lines as cells, each of
    them empty or with one value, the blocks with the empty ones as blank cells."""
    full = [
        replace(block, layers=tuple(map(with_empty_lines, block.layers[-1:]))) for block in blocks
    ]
    fits = all(_is_held(layer, block) for block in full for layer in block.layers)
    return full if fits else blocks


def _is_held(layer: Layer, block: Block) -> bool:
    """Whether each row's values follow its label."""
    runs = [run for run in layer.runs if run.values]
    return [run.labels[-1:] for run in runs] == [(row,) for row in block.ids] and all(
        len(run.values) == len(block.columns) for run in runs
    )


def _readings(block: Block, order: Order) -> list[Grid]:
    """Return the different grids that the values under a caption can be."""
    found: dict[bool, dict[Grid, None]] = {True: {}, False: {}}
    for layer in block.layers:
        for left in _without_pages(_unglued(layer, len(block.columns)), block.size, order):
            decided, grids = _orders(left, block)
            found[decided].update(dict.fromkeys(grids))
    return list(found[True] or found[False])


def _unglued(layer: Layer, width: int) -> Layer:
    """Return the layer with glued rows cut where only one cut is possible: ``007`` is 0, 0 and 7,
    since no number begins with 0."""
    values: list[Value] = []
    for value in layer.values:
        forced = len(value.raw) == width and not value.raw[:-1].strip("0") and width > 1
        pieces = value.raw if forced and value.raw.isdecimal() else (value.raw,)
        values += [Value(piece, value.start + n) for n, piece in enumerate(pieces)]
    return replace(layer, values=tuple(values))


def _without_pages(layer: Layer, size: int, order: Order) -> Iterator[Layer]:
    """Yield the layer with as many values as cells, in every way to leave out page numbers.

    Only such as the text's other pages allow: ``1`` and ``0`` may be a 10 that its cell broke.
    """
    extra = len(layer.values) - size
    if extra == 0:
        yield layer
    elif 0 < extra <= _MOST_PAGES:
        pages = [
            value
            for value in layer.values
            if layer.can_be_page(value) and layer.is_alone(value) and int(value.raw) in order.pages
        ]
        for chosen in following(pages, extra, Steps()):
            yield layer.without(chosen)


def _orders(layer: Layer, block: Block) -> tuple[bool, list[Grid]]:
    """Return whether the words or lines tell the order of the values, and the grids there are."""
    values = [value.raw for value in layer.values]
    height, width = len(block.rows), len(block.columns)
    by_row = _rows(values, width)
    by_column = _turned(_rows(values, height))
    runs = [run for run in layer.runs if run.values]
    sizes = {len(run.values) for run in runs}
    named = [run.labels[-1] if run.labels else "" for run in runs]
    if sizes == {width} and sorted(named) == sorted(block.ids):
        return True, [tuple(by_row[named.index(row)] for row in block.ids)]
    if sizes == {height} and sorted(named) == sorted(block.columns):
        columns = _turned(by_column)
        return True, [_turned(tuple(columns[named.index(c)] for c in block.columns))]
    if by_row == by_column:
        return False, [by_row]
    if _follows_headers(layer, block) or layer.per_line == (width,) * height:
        return True, [by_row]
    if _precedes_labels(layer, block):
        return True, [by_row]
    if layer.per_line == (height,) * width:
        return True, [by_column]
    return False, [by_row, by_column]


def _follows_headers(layer: Layer, block: Block) -> bool:
    """Whether all values come straight after the line of headers, as the table's next lines."""
    runs = [run for run in layer.runs if run.values]
    return len(runs) == 1 and runs[0].labels[-len(block.columns) :] == block.columns


def _precedes_labels(layer: Layer, block: Block) -> bool:
    """Whether each row's values stand before its label."""
    segments = [run for run in layer.runs if run.values or run.labels]
    rows = [run for run in segments if run.values]
    after = [run.labels[:1] for run in segments[1:]]
    return {len(run.values) for run in rows} == {len(block.columns)} and after == [
        (row,) for row in block.ids
    ]


def _in_one_run(blocks: Sequence[Block]) -> list[list[Grid]]:
    """Return the grids where all labels stand before all values; [] where they do not."""
    values = [value.raw for block in blocks for value in block.layers[0].values]
    runs = [run for block in blocks for run in block.layers[0].runs]
    with_values = [run.values != () for run in runs]
    if len(values) != sum(block.size for block in blocks) or with_values != sorted(with_values):
        return []
    if sum(with_values) != 1:
        return []
    found = []
    for block in blocks:
        own, values = values[: block.size], values[block.size :]
        grids = (_rows(own, len(block.columns)), _turned(_rows(own, len(block.rows))))
        found.append(list(dict.fromkeys(grids)))
    return found


def _ways_to_cut(block: Block) -> int:
    """Return in how many ways one glued text a row can be cut into cells; 0: there is none.

    At least 2: a blank cell leaves no trace, so even digits that cut in one way prove nothing.
    """
    values = [value.raw for value in block.layers[0].values]
    width = len(block.columns)
    if width == 1 or len(values) != len(block.rows) or not all(map(str.isdecimal, values)):
        return 0
    ways = 1
    for value in values:
        ways *= comb(len(value) - 1, width - 1) if len(value) >= width else 0
    return max(2, ways)


def _rows(values: Sequence[str], width: int) -> Grid:
    return tuple(tuple(values[n : n + width]) for n in range(0, len(values), width))


def _turned(grid: Grid) -> Grid:
    return tuple(zip(*grid, strict=True))


def _number(raw: str, column: str, text: str) -> Number | None:
    return parse_money(raw, _unit(text)).number if column == MONEY else parse_value(raw).number


def _unit(text: str) -> str:
    """Return the unit of money that a block names: 元, else 万元."""
    named = set(re.findall(r"万?元", "".join(text.split())))
    return "元" if named == {"元"} else "万元"
