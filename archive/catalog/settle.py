"""Writes a report into its tables, anew from all its readings each time one of them changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from archive.catalog import fulltext, totals
from archive.catalog.choice import TRUST, newest_by_url, versions
from archive.catalog.database import Database
from archive.catalog.evaluations import evaluate_all, reevaluate
from archive.catalog.rows import document, part_rows, report_row
from archive.catalog.schema import REPORT_PARTS, TABLES

Row = dict[str, Any]

_TELL = 10_000
_COLUMNS_OF_CHOICE = ", ".join(name for name in TABLES["readings"].columns if name != "document")


def insert(db: Database, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, in place of those with the same key; columns that a row lacks become null."""
    columns = list(TABLES[table].columns)
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    db.conn.executemany(
        f"insert or replace into {table} ({names}) values ({marks})",
        [tuple(map(row.get, columns)) for row in rows],
    )


def enter(db: Database, capture_id: str, reading: Row | None) -> str | None:
    """Enter a row of ``readings`` (None: the capture is no report) and settle what it touches.

    Returns the id of the report that the capture now belongs to. Runs inside the caller's
    transaction.
    """
    before = _first(db, "select report_id from readings where capture_id = ?", [capture_id])
    if reading is None and before is None:
        return None  # nearly all: pages that never were a report
    if reading is None:
        db.execute("delete from readings where capture_id = ?", [capture_id])
    else:
        insert(db, "readings", [reading])
    report: str | None = reading["report_id"] if reading else None
    touched: set[str] = {row["report_id"] for row in (before, reading) if row}
    for report_id in sorted(touched):
        _settle(db, report_id, arrived=capture_id)
    return report


def settle_all(db: Database, tell: Callable[[int, int], object] = lambda done, total: None) -> None:
    """Make everything that follows from ``readings`` anew; reports keep their address (``docid``).

    ``tell`` is told now and then how many reports are done, and of how many. Runs inside the
    caller's transaction.
    """
    found = [row for (row,) in db.execute("select distinct report_id from readings order by 1")]
    for table in (*REPORT_PARTS, "sources", "versions", "agencies"):
        db.execute(f"delete from {table}")
    fulltext.forget_all(db.conn)
    for n, report_id in enumerate(found, 1):
        readings = _readings(db, report_id)
        sources = newest_by_url(readings)
        standing = _first(db, "select docid from reports where id = ?", [report_id])
        _write(db, sources[0], standing["docid"] if standing else None)
        _write_sources(db, report_id, sources, readings)
        if n % _TELL == 0:
            tell(n, len(found))
    db.execute("delete from reports where id not in (select report_id from readings)")
    agencies = "select distinct agency_id from reports where agency_id is not null"
    for (agency,) in db.execute(agencies).fetchall():
        _settle_agency(db, agency)
    evaluate_all(db.conn)


def _settle(db: Database, report_id: str, arrived: str) -> None:
    """Choose the report's source among its readings and write all that follows from it."""
    readings = _readings(db, report_id)
    sources = newest_by_url(readings)
    standing = _first(db, "select * from reports where id = ?", [report_id])
    chosen = sources[0]["capture_id"] if sources else None
    # A source that stays chosen and was not read anew has nothing new to say.
    if chosen == arrived or standing is None or chosen != standing["capture_id"]:
        if standing:
            _remove(db, standing)
        if sources:
            _write(db, sources[0], standing["docid"] if standing else None)
            totals.count(db.conn, report_id, 1)
    _write_sources(db, report_id, sources, readings)
    for agency in {row["agency_id"] for row in (standing, *sources[:1]) if row} - {None}:
        _settle_agency(db, agency)
    reevaluate(db.conn, report_id, standing)


def _readings(db: Database, report_id: str) -> list[Row]:
    """Return what a report is chosen from: its readings, without their documents."""
    sql = f"select {_COLUMNS_OF_CHOICE} from readings where report_id = ?"
    return list(db.query(sql, [report_id]))


def _write(db: Database, chosen: Mapping[str, Any], docid: int | None) -> None:
    """Write the report as ``chosen`` tells it; ``docid``: its address in the index so far."""
    stored = _first(
        db, "select document from readings where capture_id = ?", [chosen["capture_id"]]
    )
    assert stored is not None, "the reading was chosen from this table"
    fields = document(stored["document"])
    row = report_row(chosen, fields)
    row |= {"docid": fulltext.address(db.conn, row, docid)}
    insert(db, "reports", [row])
    fulltext.enter(db.conn, [row])
    for table, rows in part_rows(row["id"], fields).items():
        insert(db, table, rows)


def _remove(db: Database, report: Row) -> None:
    """Delete the report, its parts and its entry in the index."""
    totals.count(db.conn, report["id"], -1)
    fulltext.forget(db.conn, [report])
    db.execute("delete from reports where id = ?", [report["id"]])
    for table in REPORT_PARTS:
        db.execute(f"delete from {table} where report_id = ?", [report["id"]])


def _write_sources(
    db: Database,
    report_id: str,
    sources: Sequence[Mapping[str, Any]],
    readings: Sequence[Mapping[str, Any]],
) -> None:
    for table, rows in source_rows(sources, readings).items():
        db.execute(f"delete from {table} where report_id = ?", [report_id])
        insert(db, table, rows)


def source_rows(
    sources: Sequence[Mapping[str, Any]], readings: Sequence[Mapping[str, Any]]
) -> dict[str, list[Row]]:
    """Return the rows of ``sources`` and ``versions`` for the report of these readings; the first
    of its sources, the best, is the chosen one."""
    of_chosen = versions(readings, sources[0]["url"]) if sources else ()
    return {
        "sources": [dict(row) | {"chosen": int(row is sources[0])} for row in sources],
        "versions": [
            dict(row) | {"n": n, "seen_at": row["captured_at"]}
            for n, row in enumerate(of_chosen, 1)
        ],
    }


def _settle_agency(db: Database, agency_id: str) -> None:
    """Write the organ as its best report names it; an organ without reports is none."""
    db.execute("delete from agencies where id = ?", [agency_id])
    if row := agency_row(db, agency_id):
        insert(db, "agencies", [row])


def agency_row(db: Database, agency_id: str) -> Row | None:
    """Return the row of ``agencies`` that follows from the organ's reports; None: it has none."""
    reports = db.query(
        """select trust, year, id, issuer, issuer_kind, scope, division_code, township_code,
             province, level from reports where agency_id = ?""",
        [agency_id],
    )
    best = max(reports, key=lambda r: (TRUST[r["trust"]], r["year"] or 0, r["id"]), default=None)
    if best is None:
        return None
    return best | {"id": agency_id, "name": best["issuer"], "kind": best["issuer_kind"]}


def _first(db: Database, sql: str, parameters: Sequence[Any]) -> Row | None:
    return next(iter(db.query(sql, parameters)), None)
