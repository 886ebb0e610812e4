"""The three standard tables of a report, read from wherever they survive.

In this order: the grids of the HTML tables, these turned over, rows of divs, lines with ``|``, runs
of numbers in flattened text. The first way that gives a whole table wins, table by table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from lxml import etree

from archive.records import Cells, Form, Table, Tables, TableStatus
from archive.report.tables import flattened, piped, places, readers
from archive.report.tables.cells import is_blank, squeeze
from archive.report.tables.checks import check_tables
from archive.report.tables.divgrid import div_tables
from archive.report.tables.forms import Forms, forms
from archive.report.tables.grid import html_tables
from archive.report.tables.labels import kind_of
from archive.report.tables.readers import Found
from archive.report.tables.readers.sheet import Sheet, turned

NAMES = ("active_disclosure", "requests", "review_litigation")
_SEVERAL, _WHOLE, _RECOVERED, _PARTIAL, _AMBIGUOUS = 5, 4, 3, 2, 1
"""Ranks. Different tables in one document stand above all: no other way of reading may choose."""
_BOTH: tuple[Form, ...] = ("2021", "2019")


@dataclass(frozen=True, slots=True)
class _Result:
    """One table with its status; the better of two has the higher rank."""

    found: Found | None
    status: TableStatus
    rank: int


_ABSENT = _Result(None, "absent", 0)
_Results = dict[str, _Result]


def read_tables(
    tree: etree._Element | None, text: str | Callable[[], str]
) -> tuple[Tables, Form | None]:
    """Return the standard tables and the form that their headers and rows speak for.

    ``tree`` is the parsed page, None for plain text; ``text`` is its text, or a function that makes
    it, called where the page's own tables are not whole. A table of a known form always has all its
    rows and columns: a blank is None with "" or its mark in ``raw``, what does not stand in the
    document is None without ``raw``. The form is None where no header or row tells it; see
    :func:`warnings` for what was met and not understood.
    """
    known = forms()
    told = cache(text if callable(text) else lambda: text)
    results: _Results = dict.fromkeys(NAMES, _ABSENT)
    for way in _ways(tree, told, known):
        results = _better(results, way)
        if all(result.rank >= _WHOLE for result in results.values()):
            break
    form = _form(results) or flattened.form_of_headers(told(), known)
    return _assemble(results, form, known), form


def _ways(tree: etree._Element | None, text: Callable[[], str], known: Forms) -> Iterator[_Results]:
    """Yield what each way of reading gives, the surest first."""
    if tree is not None:
        yield from _from_tree(tree, known)
    rows = list(piped.piped_rows(text(), lambda cell: kind_of(known, cell)))
    yield _from_sheets(readers.sheets_of([rows], known), known)
    found = flattened.recover(text(), known)
    yield {name: _recovered(found.get(name)) for name in NAMES}


def _from_tree(tree: etree._Element, known: Forms) -> Iterator[_Results]:
    tables = [(table, readers.sheets_of([rows], known)) for table, rows in html_tables(tree)]
    named = [(table, sheet) for table, sheets in tables for sheet in sheets]
    sheets = [sheet for _, sheet in named]
    results = _from_sheets(sheets, known)
    if any(r.found and r.found.readings > 1 for r in results.values()):
        sections = places.sections_of(tree, [table for table, _ in named])
        results = {
            name: _of_section(name, result, named, sections, known)
            for name, result in results.items()
        }
    yield results
    yield _from_sheets([over for sheet in sheets if (over := turned(sheet, known))], known)
    yield _from_sheets(readers.sheets_of(div_tables(tree, known), known), known)


def _of_section(
    name: str,
    result: _Result,
    named: Sequence[tuple[etree._Element, Sheet]],
    sections: Sequence[str | None],
    known: Forms,
) -> _Result:
    """Return the table in its own section where others elsewhere differ from it."""
    if result.found is None or result.found.readings < 2:
        return result
    own = [sheet for (_, sheet), section in zip(named, sections, strict=True) if section == name]
    inside = _from_sheets(own, known)[name] if len(own) < len(named) else _ABSENT
    return inside if inside.rank == _WHOLE else result


def _better(first: _Results, second: _Results) -> _Results:
    """Return the better of each table; a part that a less sure way gives does not do away with
    numbers that a surer way has seen and could not place."""
    return {
        name: other if other.rank > max(result.rank, _least(result)) else result
        for name, result, other in ((n, first[n], second[n]) for n in NAMES)
    }


def _least(result: _Result) -> int:
    return _PARTIAL if result.status == "ambiguous" else 0


def _from_sheets(sheets: Sequence[Sheet], known: Forms) -> _Results:
    if not sheets:
        return dict.fromkeys(NAMES, _ABSENT)
    requests = readers.read_requests(sheets, known)
    active = readers.read_active(sheets, known, requests.form if requests else None)
    review = readers.read_review(sheets, known)
    rows = {
        "active_disclosure": [{row.id for row in known.active_rows_of(f)} for f in _BOTH],
        "requests": [set(known.request_rows_of(f)) for f in _BOTH],
        "review_litigation": [set(known.route_ids)],
    }
    found = dict(zip(NAMES, (active, requests, review), strict=True))
    return {name: _read(found[name], rows[name]) for name in NAMES}


def _read(found: Found | None, forms_: Sequence[set[str]]) -> _Result:
    if found is None:
        return _ABSENT
    if found.readings != 1:
        return _Result(found, "ambiguous", _SEVERAL if found.readings else _AMBIGUOUS)
    whole = any(rows <= found.table.keys() for rows in forms_) and not found.unplaced
    return _Result(found, "read", _WHOLE if whole else _PARTIAL)


def _recovered(found: Found | None) -> _Result:
    if found is None:
        return _ABSENT
    if found.readings != 1:
        return _Result(found, "ambiguous", _AMBIGUOUS)
    return _Result(found, "recovered", _RECOVERED)


def _form(results: _Results) -> Form | None:
    """Return the form by the headers of Table II, else by the rows of Table III."""
    told = (result.found.form for name in NAMES[:2] if (result := results[name]).found)
    return next((form for form in told if form), None)


def _assemble(results: dict[str, _Result], form: Form | None, known: Forms) -> Tables:
    kept = {
        name: result.found
        for name, result in results.items()
        if result.found and result.status in ("read", "recovered")
    }
    tables = Tables(
        **{name: _full(name, found.table, form, known) for name, found in kept.items()},
        raw={
            name: result.found.raw
            for name, result in results.items()
            if result.found and (name in kept or not result.found.readings)
        },
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
        own = readers.requests_form(table) or form
        shape = dict.fromkeys(known.request_rows_of(own) if own else table, known.applicant_ids)
    else:
        shape = dict.fromkeys(known.route_ids, known.outcome_ids)
    empty: Table = {row: dict.fromkeys(columns) for row, columns in shape.items()}
    return empty | {row: empty.get(row, {}) | cells for row, cells in table.items()}


def warnings(tables: Tables) -> tuple[str, ...]:
    """Return in words what was met in the tables and not understood: rows, columns, cells."""
    found: list[str] = []
    for name, rows in tables.raw.items():
        table = getattr(tables, name)
        missing = [row for row in table or () if row not in rows]
        if missing:
            found.append(f"{name}: rows not found: {', '.join(missing)}")
        for row, cells in rows.items():
            unplaced = [text for column, text in cells.items() if column.isdigit()]
            if table is not None and row not in table:
                found.append(f"{name}: unknown row {squeeze(row)}")
            elif any(unplaced):
                found.append(f"{name}.{squeeze(row)}: not placed: {squeeze(' | '.join(unplaced))}")
            else:
                found += _cell_warnings(f"{name}.{row}", table[row] if table else None, cells)
    return tuple(found)


def _cell_warnings(place: str, values: Cells | None, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what is odd about the cells of a row; ``values`` is None where its table is."""
    for column, text in texts.items():
        if not text or column.isdigit():
            continue
        if not column.isascii() or (values is not None and column not in values):
            yield f"{place}: unknown column {squeeze(column)}"
        elif values is not None and values[column] is None and not is_blank(text):
            yield f"{place}.{column}: not read: {squeeze(text)}"
