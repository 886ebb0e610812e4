"""The three statutory tables of a report, laid out as the official form lays them out.

Pure: rows of the catalog in, cells for the template out. A row or column that the form does not
know keeps its id and stands last, so that nothing which was read can go missing on the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from gkcrawl.web.formlabels import form_labels
from gkcrawl.web.language import say

Row = Mapping[str, Any]
Address = tuple[str, str, str]
"""Table, row, column."""

# The key columns of the catalog's tables of cells.
KEYS: Mapping[str, tuple[str, str]] = {
    "active_disclosure": ("item", "measure"),
    "requests": ("row", "applicant"),
    "review_litigation": ("route", "outcome"),
}
_STYLES = ("stage", "group", "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: a blank is not a zero, and the text as found is kept beside the number."""

    text: str
    blank: bool = False
    raw: str | None = None
    """The text as found, where it says more than ``text``."""
    anchor: str | None = None
    """Where a failed check that names the cell leads; None: no failed check does."""
    named_by: str | None = None
    """The first failed check that names it."""
    checks: tuple[str, ...] = ()
    """Ids of the failed checks whose result stands here."""
    total: bool = False
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A heading cell of a row or a column."""

    text: str
    scope: str
    rowspan: int = 1
    colspan: int = 1
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    heads: tuple[Head, ...]
    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One table as shown."""

    caption: str
    columns: tuple[tuple[Head, ...], ...]
    """Rows of column headings."""
    lines: tuple[Line, ...]
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """The cells of one table of one report, with the ids of failed checks by the cells that they
    name and by the cell where their result stands."""

    table: str
    cells: Mapping[tuple[str, str], Row]
    named: Mapping[Address, Sequence[str]] = field(default_factory=dict)
    results: Mapping[Address, Sequence[str]] = field(default_factory=dict)

    def rows(self, order: Iterable[str]) -> list[str]:
        """Return the ids of the rows that there are: those of the form first, in its order."""
        return _ordered((row for row, _ in self.cells), order)

    def columns(self, order: Iterable[str], row: str | None = None) -> list[str]:
        """Return the ids of the columns that there are (in ``row``), likewise."""
        return _ordered((c for r, c in self.cells if row in (None, r)), order)

    def line(self, row: str, columns: Iterable[str]) -> tuple[Cell, ...]:
        """Return the cells of a row."""
        return tuple(self.cell(row, column) for column in columns)

    def cell(self, row: str, column: str) -> Cell:
        """Return the cell at an address; a blank one where the catalog has none."""
        found = self.cells.get((row, column), {"value": None, "raw": None})
        address = (self.table, row, column)
        value, raw = found["value"], (found["raw"] or "").strip()
        text = raw if value is None else number(value)
        return Cell(
            text=text,
            blank=value is None,
            raw=raw if raw and raw != text else None,
            anchor=anchor(address) if address in self.named else None,
            named_by=next(iter(self.named.get(address, ())), None),
            checks=tuple(self.results.get(address, ())),
            total=column == "total",
            zero=value == 0,
        )


def anchor(address: Address) -> str:
    """Return the id of a cell on the page of its report."""
    return f"cell-{'-'.join(address)}"


def blocks(values: Values) -> tuple[Block, ...]:
    """Return the tables as shown; Table II is one for each of its kinds of columns."""
    if not values.cells:
        return ()
    if values.table == "active_disclosure":
        return tuple(_disclosure(values))
    return (_requests(values) if values.table == "requests" else _litigation(values),)


def number(value: float) -> str:
    """Return a value in digits, without grouping and needless decimals."""
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.6f}".rstrip("0")


def _requests(values: Values) -> Block:
    known = form_labels()
    given = [*known.applicants, *values.columns(known.applicants)]
    legal = [c for c in dict.fromkeys(given) if c not in ("natural_person", "total")]
    columns = ["natural_person", *legal, "total"]
    heads = (
        (
            Head(say("项目"), "col", rowspan=2, colspan=3),
            Head(say(known.applicants["natural_person"]), "col", rowspan=2),
            Head(say("法人或其他组织"), "colgroup", colspan=len(legal)),
            Head(say(known.applicants["total"]), "col", rowspan=2),
        ),
        tuple(Head(say(known.applicants.get(column, column)), "col") for column in legal),
    )
    rows = values.rows(known.requests)
    sides = _row_heads([known.requests.get(row, (row,)) for row in rows])
    lines = tuple(
        Line(side, values.line(row, columns), total=row == "handled_total")
        for row, side in zip(rows, sides, strict=True)
    )
    return Block(say("收到和处理政府信息公开申请情况（件）"), heads, lines)


def _litigation(values: Values) -> Block:
    """Return Table IV with a row for each route, rather than fifteen columns as in the form."""
    known = form_labels()
    columns = values.columns(known.outcomes)
    names = [say(known.outcomes.get(column, column)) for column in columns]
    lines = tuple(
        Line((Head(say(known.routes.get(row, row)), "row"),), values.line(row, columns))
        for row in values.rows(known.routes)
    )
    heads = (_column_heads([say("途径"), *names]),)
    return Block(say("行政复议、行政诉讼情况（件）"), heads, lines, narrow=True)


def _disclosure(values: Values) -> Iterable[Block]:
    known = form_labels()

    def shape(row: str) -> tuple[tuple[str, str], ...]:
        columns = values.columns(known.columns, row)
        return tuple((column, say(known.measures.get((row, column), column))) for column in columns)

    for columns, members in groupby(values.rows(known.disclosure), key=shape):
        rows = list(members)
        named = dict.fromkeys(known.items[row] for row in rows if row in known.items)
        items = say("、").join(map(say, named))
        lines = tuple(
            Line(
                (Head(say(known.disclosure.get(row, row)), "row"),),
                values.line(row, (column for column, _ in columns)),
            )
            for row in rows
        )
        heads = (_column_heads([say("信息内容"), *(words for _, words in columns)]),)
        caption = say("条例第二十条第{items}项", items=items) if items else say("其他")
        yield Block(caption, heads, lines, narrow=True)


def _column_heads(words: Iterable[str]) -> tuple[Head, ...]:
    return tuple(Head(text, "col") for text in words)


def _ordered(found: Iterable[str], order: Iterable[str]) -> list[str]:
    places = {name: place for place, name in enumerate(order)}
    return sorted(set(found), key=lambda name: (places.get(name, len(places)), name))


def _row_heads(paths: list[tuple[str, ...]]) -> list[tuple[Head, ...]]:
    """Return the heading cells of rows whose words are paths of up to three steps.

    Equal beginnings of neighbours become one cell over several rows; the last step takes the
    width that is left.
    """
    heads: list[list[Head]] = [[] for _ in paths]
    paths = [tuple(map(say, path)) for path in paths]
    for depth, style in enumerate(_STYLES):
        above = [path[: depth + 1] if depth < len(path) - 1 else None for path in paths]
        start = 0
        for step, members in groupby(above):
            length = len(list(members))
            if step is not None:
                heads[start].append(Head(step[-1], "rowgroup", rowspan=length, style=style))
            start += length
        for line, path in zip(heads, paths, strict=True):
            if depth == len(path) - 1:
                line.append(Head(path[depth], "row", colspan=len(_STYLES) - depth))
    return [tuple(line) for line in heads]
