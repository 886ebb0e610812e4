"""The SQL of a report's page: every look-up goes by the report's id, however large the catalog."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.catalog.rows import CELL_TABLES, part_rows, report_row
from archive.catalog.versions import Version, read_version, version_rows

Row = dict[str, Any]

_REPORT = """
  select r.*, d.path as place from reports r
  left join divisions d on d.code = r.division_code where r.id = :id"""
_CITED = """
  select id, title, issuer, year, published, url, captured_at, capture_id
  from reports where id = :id"""
_PARTS: Mapping[str, str] = {
    "sections": "select key, text from sections where report_id = :id",
    **{table: f"select * from {table} where report_id = :id" for table in CELL_TABLES},
    "judgements": """select j.*, c.with_blanks_as_zero, f.quote from judgements j
        left join checks c on c.report_id = j.report_id and c.check_id = j.check_id
        left join findings f on f.report_id = j.report_id and f.finding_id = j.check_id
        where j.report_id = :id""",
    "tables_status": "select * from tables_status where report_id = :id",
    "indicators": "select * from indicators where report_id = :id order by position",
    "warnings": "select message from warnings where report_id = :id order by n",
    "attachments": "select url from attachments where report_id = :id order by n",
    "sources": "select * from sources where report_id = :id order by chosen desc, captured_at, url",
}
_OTHERS = """
  select id, year, status from reports where agency_id = :agency and year is not null
  order by year, id"""
_EVENTS = "select * from events where report_id = :id order by confirmed_at, id"
_CAPTURE = "select * from captures where id = :id"
_DOCUMENT = "select document from readings where capture_id = :id"


def report(connection: sqlite3.Connection, report_id: str) -> Row | None:
    """Return a report with all its parts, its capture, its versions (oldest first), the name of
    its place and the other years of its organ; None: there is no report of this id."""
    found = _first(connection, _REPORT, id=report_id)
    if found is None:
        return None
    parts = {name: _rows(connection, sql, id=report_id) for name, sql in _PARTS.items()}
    return found | parts | _around(connection, found)


def cited(connection: sqlite3.Connection, report_id: str) -> Row | None:
    """Return what a citation of a report says, and its capture; None: there is no such report."""
    found = _first(connection, _CITED, id=report_id)
    if found is None:
        return None
    return found | {"capture": _first(connection, _CAPTURE, id=found["capture_id"])}


def report_as_of(connection: sqlite3.Connection, report_id: str, n: int) -> Row | None:
    """Return the same as :func:`report`, as version ``n`` told it; None: there is none such.

    What evaluators and reviewers said is of the newest version, so it is not here.
    """
    current = _first(connection, _REPORT, id=report_id)
    rows = version_rows(connection, report_id)
    if current is None or not 1 <= n <= len(rows):
        return None
    version = _read(connection, rows[n - 1])
    if version is None:
        return None
    reading = version.row | {
        "agency_id": current["agency_id"],
        "captured_at": version.row["seen_at"],
    }
    found = {**current, **report_row(reading, version.document), "version": n}
    parts = part_rows(report_id, version.document)
    judged = [_identity(row) for row in parts["checks"]]
    judged += [_finding(row) for row in parts["findings"]]
    sources = _rows(connection, _PARTS["sources"], id=report_id)
    parts |= {"judgements": judged, "sources": sources}
    return found | parts | _around(connection, found)


def document(connection: sqlite3.Connection, capture_id: str) -> bytes | None:
    """Return the compressed JSON of a capture as read; None where it was no report."""
    row = _first(connection, _DOCUMENT, id=capture_id)
    return row["document"] if row else None


def two_versions(
    connection: sqlite3.Connection, report_id: str, a: int, b: int
) -> tuple[Version, Version] | None:
    """Return two versions of a report with what was read of them; None where one is not there."""
    rows = {row["n"]: row for row in version_rows(connection, report_id)}
    if a not in rows or b not in rows:
        return None
    older, newer = _read(connection, rows[a]), _read(connection, rows[b])
    return (older, newer) if older and newer else None


def _read(connection: sqlite3.Connection, row: Row) -> Version | None:
    try:
        return read_version(connection, row)
    except LookupError:
        # A crawl settled the report anew between two look-ups: the version is not there any more.
        return None


def _around(connection: sqlite3.Connection, found: Row) -> Row:
    return {
        "capture": _first(connection, _CAPTURE, id=found["capture_id"]),
        "versions": version_rows(connection, found["id"]),
        "others": _rows(connection, _OTHERS, agency=found["agency_id"]),
        "events": _rows(connection, _EVENTS, id=found["id"]),
    }


_UNJUDGED: Mapping[str, Any] = dict.fromkeys(
    ("formula", "cells", "culprit", "quote", "with_blanks_as_zero")
) | dict.fromkeys(("verdict", "outdated", "note", "reviewer", "at"))


def _identity(row: Row) -> Row:
    return {**_UNJUDGED, **row, "source": "identity"}


def _finding(row: Row) -> Row:
    return {**_UNJUDGED, **row, "source": "finding", "check_id": row["finding_id"]}


def _rows(connection: sqlite3.Connection, sql: str, **params: object) -> list[Row]:
    cursor = connection.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _first(connection: sqlite3.Connection, sql: str, **params: object) -> Row | None:
    return next(iter(_rows(connection, sql, **params)), None)
