"""The official tables as grids of cells with spans: what a template only has to print."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.records import Number, Table
from gkcrawl.demo.forms import BlankForm, Block, blank_form

_LABEL_COLUMNS = 3
_VALUE_COLUMNS = 3

Shown = Mapping[str, Mapping[str, str]]
"""Row -> column -> text that stands in the cell where it is not just the number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    kind: str = "value"
    """``value``, ``label`` or ``head`` (the templates break the words of heads)."""


Grid = list[list[Cell]]


def grids(form: str, tables: Mapping[str, Table], shown: Mapping[str, Shown]) -> dict[str, Grid]:
    """Return table name -> grid of the three tables as ``form`` prints them."""
    blank = blank_form(form)
    return {
        "active_disclosure": _active_disclosure(
            blank, tables["active_disclosure"], shown.get("active_disclosure", {})
        ),
        "requests": _requests(blank, tables["requests"]),
        "review_litigation": _review_litigation(blank, tables["review_litigation"]),
    }


def number_text(value: Number | None) -> str:
    """Return a number as an office writes it; a blank cell is the empty string."""
    return "" if value is None else str(value)


def word_runs(text: str) -> list[str]:
    """Return ``text`` cut where Word cuts it: brackets and digits get runs of their own.

    A number of three digits and more falls into two runs, as it does after an edit.
    """
    runs = re.findall(r"[（）()]|[0-9]+|[^（）()0-9]+", text)
    return [part for run in runs for part in _cut(run)]


def _cut(run: str) -> list[str]:
    return [run[:-2], run[-2:]] if run.isdigit() and len(run) > 2 else [run]


def broken(text: str, gap: str = " ") -> str:
    """Return a header of four letters and more broken in the middle, as narrow columns force it."""
    half = len(text) // 2
    return text if len(text) < 4 else text[:half] + gap + text[half:]


def _active_disclosure(blank: BlankForm, table: Table, shown: Shown) -> Grid:
    return [row for block in blank.blocks for row in _block(block, table, shown)]


def _block(block: Block, table: Table, shown: Shown) -> Iterator[list[Cell]]:
    yield [Cell(block.caption, 1 + _VALUE_COLUMNS, kind="label")]
    # The last column takes the width that the others leave.
    spans = [1] * (len(block.columns) - 1) + [_VALUE_COLUMNS - len(block.columns) + 1]
    heads = block.columns.values()
    cells = (Cell(text, span, kind="label") for text, span in zip(heads, spans, strict=True))
    yield [Cell("信息内容", kind="label"), *cells]
    for row, label in block.rows.items():
        texts = (
            shown.get(row, {}).get(column, number_text(table[row][column]))
            for column in block.columns
        )
        values = (Cell(text, span) for text, span in zip(texts, spans, strict=True))
        yield [Cell(label, kind="label"), *values]


def _requests(blank: BlankForm, table: Table) -> Grid:
    organisations = list(blank.applicants.values())[1:]
    head = [
        [
            Cell(blank.caption, _LABEL_COLUMNS, 3, "label"),
            Cell("申请人情况", len(blank.applicants) + 1, kind="label"),
        ],
        [
            Cell(blank.applicants["natural_person"], 1, 2, "head"),
            Cell("法人或其他组织", len(organisations), kind="label"),
            Cell("总计", 1, 2, "head"),
        ],
        [Cell(label, kind="head") for label in organisations],
    ]
    paths = list(blank.requests.values())
    body = [
        [
            *_labels(paths, place),
            *(Cell(number_text(table[row][column])) for column in (*blank.applicants, "total")),
        ]
        for place, row in enumerate(blank.requests)
    ]
    return head + body


def _labels(paths: Sequence[Sequence[str]], place: int) -> Iterator[Cell]:
    """Give the label cells that begin in this row; a group's cell reaches down over its rows."""
    path = paths[place]
    before = paths[place - 1] if place else ()
    for depth, text in enumerate(path):
        if depth == len(path) - 1:
            yield Cell(text, _LABEL_COLUMNS - depth, kind="label")
        elif list(before[: depth + 1]) != list(path[: depth + 1]):
            group = list(path[: depth + 1])
            rows = sum(list(other[: depth + 1]) == group for other in paths)
            yield Cell(text, 1, rows, "label")


def _review_litigation(blank: BlankForm, table: Table) -> Grid:
    outcomes = [*blank.outcomes.values(), "总计"]
    review, direct, after = blank.routes.values()
    return [
        [Cell(review, 5, kind="label"), Cell("行政诉讼", 10, kind="label")],
        [
            *(Cell(text, 1, 2, "head") for text in outcomes),
            Cell(direct, 5, kind="label"),
            Cell(after, 5, kind="label"),
        ],
        [Cell(text, kind="head") for text in outcomes * 2],
        [
            Cell(number_text(table[route][outcome]))
            for route in blank.routes
            for outcome in (*blank.outcomes, "total")
        ],
    ]
