"""The three standard tables of a report, read from wherever they survive.

In this order: the grids of the HTML tables, lines with ``|``, runs of numbers in flattened text.
The first way that gives a whole table wins, table by table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from archive.records import Form, Table, Tables, TableStatus
from archive.report import flattened, readers
from archive.report.cells import is_blank, squeeze
from archive.report.checks import check_tables
from archive.report.forms import Forms, forms
from archive.report.grid import Row, html_rows
from archive.report.piped import piped_rows
from archive.report.readers import Found

NAMES = ("active_disclosure", "requests", "review_litigation")


@dataclass(frozen=True, slots=True)
class _Result:
    """One table with its status; the better of two has the higher rank."""

    found: Found | None
    status: TableStatus
    rank: int


_ABSENT = _Result(None, "absent", 0)


def read_tables(tree: HtmlElement | None, text: str) -> tuple[Tables, Form | None]:
    """Return the standard tables and the form that their headers and rows speak for.

    ``tree`` is the parsed page, None for plain text; ``text`` is its text. A table of a known
    form always has all its rows and columns: a blank is None with "" or its mark in ``raw``, what
    does not stand in the document is None without ``raw``. The form is None where no header or
    row tells it; see :func:`warnings` for what was met and not understood.
    """
    known = forms()
    results = dict.fromkeys(NAMES, _ABSENT)
    sources: list[Iterable[Row]] = [] if tree is None else [html_rows(tree)]
    sources.append(piped_rows(text, lambda cell: readers.label_kind(known, cell)))
    for source in sources:
        if any(result.rank < _WHOLE for result in results.values()):
            results = _better(results, _from_rows(list(source), known))
    if any(result.rank < _WHOLE for result in results.values()):
        results = _better(results, _from_text(text, known))
    form = _form(results, text, known)
    return _assemble(results, form, known), form


_WHOLE, _RECOVERED, _PARTIAL, _AMBIGUOUS = 4, 3, 2, 1


def _better(first: dict[str, _Result], second: dict[str, _Result]) -> dict[str, _Result]:
    return {name: max(first[name], second[name], key=lambda r: r.rank) for name in NAMES}


def _from_rows(rows: Sequence[Row], known: Forms) -> dict[str, _Result]:
    active = readers.read_active(rows, known)
    requests = readers.read_requests(rows, known)
    review = readers.read_review(rows, known)
    whole = {
        "active_disclosure": active is not None
        and any(
            {row.id for row in known.active_rows_of(form)} <= set(active.table)
            for form in ("2021", "2019")
        ),
        "requests": requests is not None
        and any(
            set(known.request_rows_of(form)) <= set(requests.table) for form in ("2021", "2019")
        ),
        "review_litigation": True,
    }
    found = dict(zip(NAMES, (active, requests, review), strict=True))
    return {name: _read(found[name], whole[name]) for name in NAMES}


def _read(found: Found | None, whole: bool) -> _Result:
    if found is None:
        return _ABSENT
    if found.readings != 1:
        return _Result(found, "ambiguous", _AMBIGUOUS)
    return _Result(found, "read", _WHOLE if whole and not found.unplaced else _PARTIAL)


def _from_text(text: str, known: Forms) -> dict[str, _Result]:
    found = flattened.recover(text, known)
    return {name: _recovered(found.get(name)) for name in NAMES}


def _recovered(found: Found | None) -> _Result:
    if found is None:
        return _ABSENT
    if found.readings != 1:
        return _Result(found, "ambiguous", _AMBIGUOUS)
    return _Result(found, "recovered", _RECOVERED)


def _form(results: dict[str, _Result], text: str, known: Forms) -> Form | None:
    """Return the form by the headers of Table II, else by the rows of Table III."""
    for name in NAMES[:2]:
        found = results[name].found
        if found and found.form:
            return found.form
    return flattened.form_of_headers(text, known)


def _assemble(results: dict[str, _Result], form: Form | None, known: Forms) -> Tables:
    kept = {
        name: result.found
        for name, result in results.items()
        if result.found and result.status in ("read", "recovered")
    }
    tables = Tables(
        **{name: _full(name, found.table, form, known) for name, found in kept.items()},
        raw={name: found.raw for name, found in kept.items()},
        status={name: results[name].status for name in NAMES},
        readings={
            name: result.found.readings
            for name, result in results.items()
            if result.found and result.status == "ambiguous"
        },
    )
    failed = {
        "review_litigation" if check.id.startswith("cases.") else "requests"
        for check in check_tables(tables, form or "2021")
        if check.status == "fail"
    }
    inconsistent: dict[str, TableStatus] = dict.fromkeys(failed, "inconsistent")
    return replace(tables, status={**tables.status, **inconsistent})


def _full(name: str, table: Table, form: Form | None, known: Forms) -> Table:
    """Return the table with all rows and columns of its form; None for what was not found."""
    if name == "active_disclosure":
        shape = {
            row.id: row.columns_in(form)
            for row in known.active_rows
            if form and row.columns_in(form)
        }
    elif name == "requests":
        own: Form | None = (
            "2019" if "other_total" in table else "2021" if "other_other" in table else form
        )
        rows = known.request_rows_of(own) if own else tuple(table)
        shape = dict.fromkeys(rows, known.applicant_ids)
    else:
        shape = dict.fromkeys(known.route_ids, known.outcome_ids)
    empty: Table = {row: dict.fromkeys(columns) for row, columns in shape.items()}
    return empty | {row: empty.get(row, {}) | cells for row, cells in table.items()}


def warnings(tables: Tables) -> tuple[str, ...]:
    """Return in words what was met in the tables and not understood: rows, columns, cells."""
    found = []
    for name, rows in tables.raw.items():
        table = getattr(tables, name) or {}
        missing = [row for row in table if row not in rows]
        if missing:
            found.append(f"{name}: rows not found: {', '.join(missing)}")
        for row, cells in rows.items():
            if row not in table:
                found.append(f"{name}: unknown row {squeeze(row)}")
                continue
            for column, text in cells.items():
                value = table[row].get(column)
                if column not in table[row]:
                    found.append(f"{name}.{row}: unknown column {squeeze(column)}")
                elif value is None and not is_blank(text):
                    found.append(f"{name}.{row}.{column}: not read: {squeeze(text)}")
    return tuple(found)
