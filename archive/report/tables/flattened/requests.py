"""Table III (收到和处理政府信息公开申请情况) in flattened text: where it stands, what it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archive.records import Form
from archive.report.tables.flattened.hypotheses import tables_of
from archive.report.tables.flattened.layer import Layer
from archive.report.tables.flattened.marks import variants
from archive.report.tables.flattened.search import MOST, ExhaustedError, Rows, Shape, Steps
from archive.report.tables.flattened.tokens import layer_of, number_of, spaced
from archive.report.tables.forms import Forms
from archive.report.tables.readers import Found

LONGEST_TABLE = 40_000
"""Characters of text that one table can take, blanks of a page's layout included."""
_LONGEST_HEAD = 1_500
_MOST_REGIONS = 20
_FEWEST_LABELS = 4
"""Labels of rows that a text must hold to be a table, or what is left of one."""
_MOST_UNMET = 2
"""Labels of rows that may be spoilt where all sums hold."""
_HEADING = re.compile(r"收\s*到\s*和\s*处\s*理|。")
_HEADER = re.compile(r"勾\s*稽|申\s*请\s*人\s*情\s*况|自\s*然\s*人")
_END = re.compile(r"行\s*政\s*复\s*议|。")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one part of the text says of the table."""

    found: Found
    whole: bool
    """Nearly all labels stand in it."""
    keeps_order: bool = False
    """Its rows came out one after the other."""


def read_requests(text: str, known: Forms) -> tuple[Found | None, bool]:
    """Return what prepared ``text`` says of Table III, and whether its rows came out in order.

    None where the text has neither values of it nor nearly all its labels. Labels alone are
    ambiguous: the cells are blank, or were lost.
    """
    parts = [part for place in _places(text, known) if (part := _read(place, known)) is not None]
    parts = [part for part in parts if part.whole] or parts
    if not parts:
        return None, False
    tables = [part.found for part in parts]
    first = tables[0]
    if all((table.table, table.readings) == (first.table, first.readings) for table in tables):
        return first, all(part.keeps_order for part in parts)
    # The document has this table more than once, and not the same.
    different = sum(table.readings for table in tables)
    return Found({}, {}, first.form, min(max(2, different), MOST)), False


def _places(text: str, known: Forms) -> Iterator[str]:
    """Yield a part of the text for each naming of the first row: the head of the table before it,
    and all up to the next naming or to the next table."""
    starts = [found.start() for found in spaced(known.request_rows[0].key).finditer(text)]
    for start, stop in pairwise([*starts[-_MOST_REGIONS:], len(text)]):
        body = text[start : min(stop, start + LONGEST_TABLE)]
        end = _END.search(body)
        yield _head(text[max(0, start - _LONGEST_HEAD) : start]) + (
            body[: end.start()] if end else body
        )


def _head(before: str) -> str:
    """Return what stands between the section's heading and the first row, else from the first
    header on: there the values of a layer begin whose labels come after them."""
    headings = [found.end() for found in _HEADING.finditer(before)]
    head = before[headings[-1] :] if headings else before
    header = _HEADER.search(head)
    return head[0 if headings or header is None else header.start() :]


def _read(place: str, known: Forms) -> _Part | None:
    beside = "".join(known.request_groups)
    layers = [layer_of(text, known.request_rows, beside) for text in variants(place)]
    met = {label.id for label in layers[0].labels}
    if len(met) < _FEWEST_LABELS:
        return None
    form: Form = "2021" if _only_new(known) & met else "2019"
    shape = Shape(known.request_rows_of(form), len(known.applicant_ids))
    lined = any(_is_lined(layer, shape) for layer in layers)
    if len(set(shape.rows) - met) > (len(shape.rows) // 2 if lined else _MOST_UNMET):
        seen = any(layer.values for layer in layers)
        return _Part(Found({}, {}, form, 0), whole=False) if seen else None
    layers = [_with(layer, shape) for layer in layers]
    follow = any(_follow_labels(layer, shape) for layer in layers)
    try:
        outcome = tables_of(layers, shape, Steps())
    except ExhaustedError:
        return _Part(Found({}, {}, form, MOST), whole=True, keeps_order=follow)
    if len(outcome.tables) != 1:
        count = min(len(outcome.tables), MOST)
        return _Part(Found({}, {}, form, count), whole=True, keeps_order=follow)
    found = _found(outcome.tables[0], shape, form, known)
    return _Part(found, whole=True, keeps_order=not outcome.displaced)


def _is_lined(layer: Layer, shape: Shape) -> bool:
    return layer.per_line == (shape.width,) * len(shape.rows)


def _follow_labels(layer: Layer, shape: Shape) -> bool:
    """Whether each label is followed by the values of one row, or some of them."""
    _, *segments = layer.segments
    return layer.is_ordered(shape.rows) and all(0 < len(x) <= shape.width for x in segments)


def _only_new(known: Forms) -> set[str]:
    return set(known.request_rows_of("2021")) - set(known.request_rows_of("2019"))


def _with(layer: Layer, shape: Shape) -> Layer:
    """Return the layer with the labels of the form alone: （六）其他处理 is a row in that of 2019
    and names a group of rows in that of 2021."""
    return replace(layer, labels=tuple(x for x in layer.labels if x.id in shape.rows))


def _found(rows: Rows, shape: Shape, form: Form, known: Forms) -> Found:
    columns = known.applicant_ids
    raw = {row: dict(zip(columns, cells, strict=True)) for row, cells in _named(rows, shape)}
    table = {
        row: {column: number_of(text) for column, text in cells.items()}
        for row, cells in raw.items()
    }
    return Found(table, raw, form)


def _named(rows: Rows, shape: Shape) -> Sequence[tuple[str, tuple[str, ...]]]:
    return list(zip(shape.rows, rows, strict=True))
