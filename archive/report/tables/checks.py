"""The sums that must hold inside Tables III and IV (勾稽关系).

42 identities in the form of 2021, 40 in that of 2019:

- ``flow.<column>``: new + carried over in = handled + carried over out
  (第一项加第二项之和，等于第三项加第四项之和)
- ``handled.<column>``: the outcomes of 三、本年度办理结果 add up to （七）总计
- ``rowsum.<row>``: the six kinds of applicants add up to 总计
- ``cases.<route>``: the four outcomes of a route add up to its 总计

A blank counts as nothing in a sum. A cell that was not read (its row is missing, or its text is no
number) is no blank: an identity that needs it is not assessable.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from archive.records import Check, Form, Number, Table, Tables
from archive.report.tables.cells import as_number, is_blank
from archive.report.tables.forms import Forms, forms

_IN = ("new_requests", "carried_over_in")
_HANDLED = "handled_total"
_OUT = "carried_over_out"


@dataclass(frozen=True, slots=True)
class _Identity:
    """Two sums of cells, each given as (row, column), that must be equal."""

    id: str
    table: str
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]


def check_tables(tables: Tables, form: Form | None) -> tuple[Check, ...]:
    """Return every identity of ``form`` held against ``tables``, in the order of the module's list.

    Each report has all 42 or 40; those of an absent table are ``not_assessable``. None and
    ``pre2019`` give no checks, since those reports have no standard tables.
    """
    if form not in ("2021", "2019"):
        return ()
    known = forms()
    identities = _identities(request_rows(tables.requests, form, known), known)
    return tuple(_check(identity, tables, known) for identity in identities)


def request_rows(table: Table | None, form: Form, known: Forms) -> tuple[str, ...]:
    """Return the rows of Table III: as the table itself has them, else as ``form`` says.

    Reports are met that join Table II of one form to Table III of the other.
    """
    if table and "other_total" in table:
        form = "2019"
    elif table and "other_other" in table:
        form = "2021"
    return known.request_rows_of(form)


@lru_cache(maxsize=4)
def _identities(rows: tuple[str, ...], known: Forms) -> tuple[_Identity, ...]:
    """Return the identities of a Table III that has ``rows``, and those of Table IV."""
    return tuple(_listed(rows, known))


def _listed(rows: tuple[str, ...], known: Forms) -> Iterator[_Identity]:
    *parts, total = known.applicant_ids
    outcomes = [row for row in rows if row not in (*_IN, _HANDLED, _OUT)]
    for column in known.applicant_ids:
        yield _Identity(
            f"flow.{column}",
            "requests",
            tuple((row, column) for row in _IN),
            ((_HANDLED, column), (_OUT, column)),
        )
    for column in known.applicant_ids:
        yield _Identity(
            f"handled.{column}",
            "requests",
            tuple((row, column) for row in outcomes),
            ((_HANDLED, column),),
        )
    for row in rows:
        cells = tuple((row, column) for column in parts)
        yield _Identity(f"rowsum.{row}", "requests", cells, ((row, total),))
    *results, total = known.outcome_ids
    for route in known.route_ids:
        cells = tuple((route, result) for result in results)
        yield _Identity(f"cases.{route}", "review_litigation", cells, ((route, total),))


def _check(identity: _Identity, tables: Tables, known: Forms) -> Check:
    table: Table | None = getattr(tables, identity.table)
    raw = tables.raw.get(identity.table)
    if table is None:
        return Check(identity.id, "not_assessable", None, None)
    sides = [_values(table, side) for side in (identity.left, identity.right)]
    blanks = any(None in values for values in sides)
    cells = (*identity.left, *identity.right) if blanks else ()
    if any(_is_unread(table, raw, *cell) for cell in cells):
        return Check(identity.id, "not_assessable", None, None)
    left, right = map(_total, sides)
    if left is None and right is None:
        return Check(identity.id, "not_assessable", None, None)
    if (left or 0) == (right or 0):
        return Check(identity.id, "hold", left or 0, right or 0, blanks)
    if left is None or right is None:
        side = "left_side_blank" if left is None else "right_side_blank"
        return Check(identity.id, side, left, right, blanks)  # type: ignore[arg-type]
    message = _message(identity, table, left, right, known)
    return Check(identity.id, "fail", left, right, blanks, message)


def _values(table: Table, cells: Sequence[tuple[str, str]]) -> list[Number | None]:
    return [table.get(row, {}).get(column) for row, column in cells]


def _is_unread(
    table: Table, raw: Mapping[str, Mapping[str, str]] | None, row: str, column: str
) -> bool:
    """Whether a cell is missing from the document or holds text that is no value."""
    if column not in table.get(row, {}):
        return True
    if raw is None or table[row][column] is not None:
        return False
    text = raw.get(row, {}).get(column)
    return text is None or not is_blank(text)


def _total(values: Sequence[Number | None]) -> Number | None:
    """Return the sum of the values without rounding errors; None where all are blank."""
    told = [value for value in values if value is not None]
    if any(isinstance(value, float) for value in told):
        return as_number(sum((Decimal(str(value)) for value in told), Decimal()))
    return sum(told) if told else None


def _message(identity: _Identity, table: Table, left: Number, right: Number, known: Forms) -> str:
    labels = {
        term.id: term.label
        for term in (*known.request_rows, *known.applicants, *known.routes, *known.outcomes)
    }
    kind, subject = identity.id.split(".")
    place = 1 if kind in ("rowsum", "cases") else 0
    sides = (
        " + ".join(
            f"{labels[cell[place]]} {table[cell[0]][cell[1]]}"
            for cell in side
            if _counts(table, cell)
        )
        for side in (identity.left, identity.right)
    )
    return f"{labels[subject]}：{next(sides) or 0} = {left} ≠ {right} = {next(sides) or 0}"


def _counts(table: Table, cell: tuple[str, str]) -> bool:
    """Whether a cell adds to its sum; the others would only lengthen the message."""
    return bool(table[cell[0]][cell[1]])
