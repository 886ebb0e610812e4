"""Settles reports: each is chosen anew from all its readings when one of them changes.

Reports that change together are settled together: what is asked of the catalog and what is written
to it is a statement for each table, not for each report.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.catalog import fulltext
from archive.catalog.choice import TRUST, newest_by_url, versions
from archive.catalog.database import Database
from archive.catalog.evaluations import evaluate_all, reevaluate
from archive.catalog.rows import Told, document, part_rows, report_row
from archive.catalog.schema import REPORT_PARTS, TABLES
from archive.catalog.statements import by, delete, insert, select
from archive.catalog.totals import COUNTED, Changes

Row = dict[str, Any]

_AT_ONCE = 200
_TELL = 10_000
_COLUMNS_OF_CHOICE = ", ".join(name for name in TABLES["readings"].columns if name != "document")
_READINGS = f"select {_COLUMNS_OF_CHOICE} from readings where report_id in {{these}}"
_DOCUMENTS = "select capture_id, document from readings where capture_id in {these}"
_STANDING = "select * from reports where id in {these}"
_BEFORE = "select capture_id, report_id from readings where capture_id in {these}"
_OF_ORGANS = """
    select agency_id, trust, year, id, issuer, issuer_kind, scope, division_code, township_code,
      province, level from reports where agency_id in {these}"""


def enter(db: Database, told: Mapping[str, Told | None]) -> None:
    """Enter what was read of captures, by their id (None: one is no report), and settle what it
    touches. Runs inside the caller's transaction."""
    before = {row["capture_id"]: row["report_id"] for row in select(db, _BEFORE, told)}
    delete(db, "readings", "capture_id", [one for one in before if told[one] is None])
    read = {capture: one for capture, one in told.items() if one is not None}
    insert(db, "readings", [one.row for one in read.values()])
    # In the order of arrival, so that reports entered together get the addresses that they would
    # have got one by one.
    touched: dict[str, None] = {}
    for capture in told:
        now = [read[capture].row["report_id"]] if capture in read else []
        was = [before[capture]] if capture in before else []
        touched |= dict.fromkeys(sorted({*was, *now}))
    if touched:  # hardly ever: nearly all captures are pages that never were a report
        _settle(db, list(touched), read)


def settle_all(db: Database, tell: Callable[[int, int], object] = lambda done, total: None) -> None:
    """Make everything that follows from ``readings`` anew; reports keep their address (``docid``).

    ``tell`` is told now and then how many reports are done, and of how many. Runs inside the
    caller's transaction.
    """
    found = [row for (row,) in db.execute("select distinct report_id from readings order by 1")]
    for table in (*REPORT_PARTS, "sources", "versions", "agencies"):
        db.execute(f"delete from {table}")
    fulltext.forget_all(db.conn)
    for n in range(0, len(found), _AT_ONCE):
        some = found[n : n + _AT_ONCE]
        readings = by("report_id", select(db, _READINGS, some))
        sources = {report: newest_by_url(readings[report]) for report in some}
        chosen = [sources[report][0] for report in some]
        standing = {row["id"]: row["docid"] for row in select(db, _STANDING, some)}
        _write(db, _made(db, chosen, standing, {}))
        _write_sources(db, sources, readings)
        if (n + _AT_ONCE) % _TELL == 0:
            tell(n + len(some), len(found))
    db.execute("delete from reports where id not in (select report_id from readings)")
    agencies = "select distinct agency_id from reports where agency_id is not null"
    _settle_agencies(db, [agency for (agency,) in db.execute(agencies)])
    evaluate_all(db.conn)


def _settle(db: Database, reports: Sequence[str], arrived: Mapping[str, Told]) -> None:
    """Choose the source of each report among its readings and write all that follows from it."""
    readings = by("report_id", select(db, _READINGS, reports))
    sources = {report: newest_by_url(readings.get(report, ())) for report in reports}
    standing = {row["id"]: row for row in select(db, _STANDING, reports)}
    changes = Changes()
    # A source that stays chosen and was not read anew has nothing new to say.
    anew = [
        report
        for report in reports
        if report not in standing
        or not sources[report]
        or (chosen := sources[report][0]["capture_id"]) in arrived
        or chosen != standing[report]["capture_id"]
    ]
    chosen = [sources[report][0] for report in anew if sources[report]]
    docids = {report: row["docid"] for report, row in standing.items()}
    made = _made(db, chosen, docids, arrived)
    _remove(db, [standing[report] for report in anew if report in standing], changes)
    _write(db, made)
    for one in made:
        changes.count(one.row, one.parts, 1)
    for table in ("sources", "versions"):
        delete(db, table, "report_id", list(standing))
    _write_sources(db, sources, readings)
    rows = (*standing.values(), *(first for first, *_ in filter(None, sources.values())))
    _settle_agencies(db, {row["agency_id"] for row in rows} - {None})
    reevaluate(db.conn, {report: standing.get(report) for report in reports}, changes)
    changes.write(db.conn)


@dataclass(frozen=True, slots=True)
class _Made:
    """A report as it is to be written."""

    row: Row
    parts: dict[str, list[Row]]


def _made(
    db: Database,
    chosen: Sequence[Mapping[str, Any]],
    standing: Mapping[str, int],
    arrived: Mapping[str, Told],
) -> list[_Made]:
    """Return reports as the ``chosen`` readings tell them; ``standing``: their addresses in the
    index so far; ``arrived``: what was read just now.

    To be called while those that stand there still do, so that no address is given twice.
    """
    stored = [row["capture_id"] for row in chosen if row["capture_id"] not in arrived]
    documents = {row["capture_id"]: row["document"] for row in select(db, _DOCUMENTS, stored)}
    addresses = fulltext.Addresses(db.conn)
    found = []
    for row in chosen:
        told = arrived.get(row["capture_id"])
        fields = told.fields if told else document(documents[row["capture_id"]])
        report = report_row(row, fields)
        report["docid"] = addresses.of(report, standing.get(report["id"]))
        found.append(_Made(report, part_rows(report["id"], fields)))
    return found


def _write(db: Database, made: Sequence[_Made]) -> None:
    """Write reports, their parts and their entries in the index."""
    insert(db, "reports", [one.row for one in made])
    for table in REPORT_PARTS:
        insert(db, table, [row for one in made for row in one.parts[table]])
    fulltext.enter(db.conn, [one.row for one in made])


def _remove(db: Database, reports: Sequence[Row], changes: Changes) -> None:
    """Delete reports, their parts, their evaluations and their entries in the index."""
    if not reports:
        return
    ids = [report["id"] for report in reports]
    judged = "select report_id, check_id, status from evaluations where report_id in {these}"
    evaluated = by("report_id", select(db, judged, ids))
    parts = {
        table: by(
            "report_id", select(db, f"select * from {table} where report_id in {{these}}", ids)
        )
        for table in ("tables_status", *COUNTED)
    }
    for report in reports:
        of_it = {table: rows.get(report["id"], []) for table, rows in parts.items()}
        changes.count(report, of_it, -1)
        told = ((row["check_id"], row["status"]) for row in evaluated.get(report["id"], ()))
        changes.count_checks(report, told, -1)
    fulltext.forget(db.conn, reports)
    delete(db, "reports", "id", ids)
    for table in (*REPORT_PARTS, "evaluations"):
        delete(db, table, "report_id", ids)


def _write_sources(
    db: Database,
    sources: Mapping[str, Sequence[Mapping[str, Any]]],
    readings: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    rows = [source_rows(some, readings.get(report, ())) for report, some in sources.items()]
    for table in ("sources", "versions"):
        insert(db, table, [row for each in rows for row in each[table]])


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


def _settle_agencies(db: Database, agencies: Collection[str]) -> None:
    """Write organs as their best reports name them; an organ without reports is none."""
    for n in range(0, len(ids := sorted(agencies)), _AT_ONCE):
        some = ids[n : n + _AT_ONCE]
        wanted = agency_rows(db, some)
        there = {
            row["id"]: row for row in select(db, "select * from agencies where id in {these}", some)
        }
        delete(db, "agencies", "id", [one for one in there if one not in wanted])
        columns = TABLES["agencies"].columns
        insert(
            db,
            "agencies",
            [
                row
                for one, row in wanted.items()
                if one not in there or any(row[name] != there[one][name] for name in columns)
            ],
        )


def agency_rows(db: Database, agencies: Iterable[str]) -> dict[str, Row]:
    """Return by its id the row of ``agencies`` that follows from an organ's reports; organs without
    reports are left out."""
    return {
        agency: _best(reports)
        for agency, reports in by("agency_id", select(db, _OF_ORGANS, agencies)).items()
    }


def _best(reports: Iterable[Row]) -> Row:
    best = max(reports, key=lambda r: (TRUST[r["trust"]], r["year"] or 0, r["id"]))
    return best | {"id": best["agency_id"], "name": best["issuer"], "kind": best["issuer_kind"]}
