"""The figures of a report: written down sparsely in the data, completed by the form's own sums.

A completed table is consistent by construction; a report that shall not add up says so by
``override``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from archive.records import Cells, Number, Table
from gkcrawl.demo.forms import BlankForm, blank_form

_SUMMED = ("new_requests", "carried_over_in", "handled_total", "carried_over_out")


def complete(form: str, sparse: Mapping[str, Any]) -> dict[str, Table]:
    """Return table name -> completed table, from what the data says.

    ``active_disclosure``: row -> values in the order of the columns. ``requests``: row -> values
    of the six applicants (what is left out is 0), without the rows that are sums. ``review_
    litigation``: route -> values of the four outcomes. ``blank: true``: every cell but the totals
    is blank. ``override``: table -> row -> column -> value that stands there instead of the sum.
    """
    blank = blank_form(form)
    tables = {
        "active_disclosure": _active_disclosure(blank, sparse.get("active_disclosure", {})),
        "requests": _requests(blank, sparse.get("requests", {})),
        "review_litigation": {
            route: _with_total(blank.outcomes, sparse.get("review_litigation", {}).get(route, ()))
            for route in blank.routes
        },
    }
    if sparse.get("blank"):
        for name in ("requests", "review_litigation"):
            tables[name] = {row: _only_total(cells) for row, cells in tables[name].items()}
    for name, rows in sparse.get("override", {}).items():
        for row, cells in rows.items():
            tables[name][row].update(cells)
    return tables


def _active_disclosure(blank: BlankForm, sparse: Mapping[str, Sequence[Number | None]]) -> Table:
    table: Table = {}
    for block in blank.blocks:
        for row in block.rows:
            values = sparse.get(row, [0] * len(block.columns))
            table[row] = dict(zip(block.columns, values, strict=True))
    return table


def _requests(blank: BlankForm, sparse: Mapping[str, Sequence[int]]) -> Table:
    """Handled is the sum of the results; what is left of the flow is carried over."""
    table = {row: _with_total(blank.applicants, sparse.get(row, ())) for row in blank.requests}
    results = [row for row in blank.requests if row not in _SUMMED]
    for column in (*blank.applicants, "total"):
        handled = sum(table[row][column] or 0 for row in results)
        arrived = sum(table[row][column] or 0 for row in _SUMMED[:2])
        table["handled_total"][column] = handled
        table["carried_over_out"][column] = arrived - handled
        if handled > arrived:
            raise ValueError(f"{column}: {handled} handled of {arrived} requests")
    return table


def _with_total(columns: Mapping[str, str], values: Sequence[int]) -> Cells:
    cells: Cells = dict.fromkeys(columns, 0)
    cells.update(zip(columns, values, strict=False))
    return {**cells, "total": sum(values)}


def _only_total(cells: Cells) -> Cells:
    return {column: value if column == "total" else None for column, value in cells.items()}
