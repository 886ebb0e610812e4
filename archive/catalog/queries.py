"""What the commands ask of the catalog: status, checks, the canonical dump."""

import json
from collections.abc import Iterator
from typing import Any

from archive.catalog.database import Database
from archive.catalog.schema import TABLES

Row = dict[str, Any]

# Addresses and packed copies that may differ between two equal catalogs; readings.digest stands
# for the document.
_NOT_DUMPED = {"reports": {"docid"}, "readings": {"document"}}

_COUNTED = ("province", "level", "issuer_kind", "year", "form", "status", "trust")


def status(db: Database) -> Row:
    """Return the counts of the summary.

    ``captures`` by outcome (``pending``: not read yet), ``failures``, ``runs`` (``unfinished``:
    begun and never ended), ``agencies``, ``reports`` (``total`` and ``by_<column>``; ``unknown``
    for null), ``tables`` by table and status, ``checks`` and ``findings`` by status, ``versions``,
    ``corrected`` (reports with more than one version), ``monitors_failed`` (over all runs) and
    ``last_run``.
    """
    return {
        "captures": _counts(db, "captures", "outcome", "pending"),
        "failures": _count(db, "failures"),
        "runs": {
            "total": _count(db, "runs"),
            "unfinished": _count(db, "runs where ended_at is null"),
        },
        "agencies": _count(db, "agencies"),
        "reports": {"total": _count(db, "reports")}
        | {f"by_{column}": _counts(db, "reports", column, "unknown") for column in _COUNTED},
        "tables": _tables(db),
        "checks": _counts(db, "checks", "status", "unknown"),
        "findings": _counts(db, "findings", "status", "unknown"),
        "versions": _count(db, "versions"),
        "corrected": _count(db, "versions where n = 2"),
        "monitors_failed": _stat(db, "gk/monitors/failed"),
        "last_run": next(
            iter(
                db.query(
                    "select id, spider, started_at, ended_at, reason from runs"
                    " order by started_at desc, id limit 1"
                )
            ),
            None,
        ),
    }


def findings(
    db: Database, status: str | None, finding_id: str | None, year: int | None
) -> list[Row]:
    """Return findings of that status, id and year of report (None: any) with their reports."""
    return list(db.query(_FINDINGS, {"status": status, "finding_id": finding_id, "year": year}))


def captures_since(db: Database, since: str) -> Iterator[Row]:
    """Yield spider, url, outcome (None: not read yet) and status of the captures of the runs that
    started at ``since`` (ISO 8601, UTC) or later, in their order."""
    return db.query(_CAPTURES_SINCE, [since])


def failures_since(db: Database, since: str) -> Iterator[Row]:
    """Yield spider, url and error of the tries of those runs that left no bytes behind; one that
    did is a capture."""
    return db.query(_FAILURES_SINCE, [since])


def notices_since(db: Database, since: str) -> Iterator[Row]:
    """Yield spider, kind, portal, url and message of what those runs noticed, in their order."""
    return db.query(_NOTICES_SINCE, [since])


def dump(db: Database) -> Iterator[str]:
    """Yield every row of every table as one JSON line, in one order for equal catalogs."""
    for table in sorted(TABLES):
        spec = TABLES[table]
        columns = [name for name in spec.columns if name not in _NOT_DUMPED.get(table, ())]
        names = ", ".join(f'"{name}"' for name in columns)
        key = ", ".join(f'"{name}"' for name in spec.pk)
        for row in db.query(f"select {names} from {table} order by {key}"):
            yield json.dumps([table, row], ensure_ascii=False, sort_keys=True)


_FINDINGS = """
    select f.report_id as report_id, r.issuer as issuer, r.year as year, r.title as title,
      r.url as url, f.finding_id as finding_id, f.status as status, f."left" as "left",
      f."right" as "right", f.message as message, f.quote as quote, f.cells as cells
    from findings f join reports r on r.id = f.report_id
    where (:status is null or f.status = :status)
      and (:finding_id is null or f.finding_id = :finding_id)
      and (:year is null or r.year = :year)
    order by r.year desc, f.report_id, f.finding_id"""

_CAPTURES_SINCE = """
    select r.spider as spider, c.url as url, c.outcome as outcome, c.status as status
    from captures c join runs r on r.id = c.run_id
    where r.started_at >= ? order by r.started_at, c.captured_at, c.id"""

_FAILURES_SINCE = """
    select r.spider as spider, f.url as url, f.error as error
    from failures f join runs r on r.id = f.run_id
    where r.started_at >= ? and f.capture_id is null order by f.failed_at, f.id"""

_NOTICES_SINCE = """
    select r.spider as spider, n.kind as kind, n.portal as portal, n.url as url,
      n.message as message
    from notices n join runs r on r.id = n.run_id
    where r.started_at >= ? order by r.started_at, n.run_id, n.n"""


def _count(db: Database, source: str) -> int:
    (count,) = db.execute(f"select count(*) from {source}").fetchone()
    return int(count)


def _stat(db: Database, name: str) -> int:
    """Return the sum of one of the runs' counts."""
    (count,) = db.execute(
        "select sum(c.value) from runs, json_each(runs.counts) c where c.key = ?", [name]
    ).fetchone()
    return int(count or 0)


def _counts(db: Database, table: str, column: str, null: str) -> dict[str, int]:
    sql = f"select {column}, count(*) from {table} group by {column} order by {column}"
    return {null if value is None else str(value): count for value, count in db.execute(sql)}


def _tables(db: Database) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name, state, count in db.execute(
        "select name, status, count(*) from tables_status group by name, status"
    ):
        counts.setdefault(name, {})[state] = count
    return counts
