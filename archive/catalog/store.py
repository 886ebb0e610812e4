"""The catalog: what the archive's bytes say, in one SQLite file (WAL) that can be made again.

Every write is idempotent and independent of order: the state is a function of what was added.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.catalog import fulltext
from archive.catalog.asking import Questions, Row
from archive.catalog.database import transaction
from archive.catalog.facts import division_rows, portal_rows
from archive.catalog.found import enter_found
from archive.catalog.rows import told_by
from archive.catalog.schema import TABLES
from archive.catalog.settle import enter
from archive.catalog.statements import insert, select, upsert
from archive.catalog.states import enter_link, is_watched, marked, touch, watch_host
from archive.catalog.verdicts import FILE, Verdict, enter_verdicts, keep, read_verdicts
from archive.records import Capture, Failure, Reading, Run, RunEnd, fields_of

_REPORTS_AMONG = "select id from captures where id in {these} and outcome = 'report'"
_TRIES_OF_A_BATCH = 5_000
"""Tries at pages that are judged in one transaction: others who write wait for its end."""


class Catalog(Questions):
    """``catalog.db``. Opens the file, or makes it with its schema unless ``readonly``.

    Raises FileNotFoundError where a catalog to be read is not there and CatalogError where the
    file is none, or one of another version. One object belongs to one thread.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        super().__init__(path, readonly=readonly)
        if not readonly:
            self._load_verdicts()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make all writes within one transaction; inside another batch, part of that one."""
        connection = self.db.conn
        if connection.in_transaction:
            yield
            return
        with transaction(connection):
            yield

    def add_run(self, run: Run) -> None:
        """Enter the start of a run."""
        self._upsert("runs", fields_of(run) | {"settings": _json(run.settings)})

    def optimise_search(self) -> None:
        """Make the full-text index answer faster; worth its time after much was written."""
        with self.batch():
            fulltext.optimise(self.db.conn)

    def add_verdict(self, verdict: Verdict) -> None:
        """Keep what a reviewer said in verdicts.jsonl beside the catalog, then enter it."""
        keep(self.path.with_name(FILE), verdict)
        self._load_verdicts()

    def end_run(self, end: RunEnd) -> None:
        """Enter how a run ended, and judge the pages of the hosts that it touched."""
        self.add_run_end(end)
        self.watch(end.run_id)

    def watch(self, run_id: str | None = None) -> None:
        """Bring the states of pages and the events up to what was entered.

        ``run_id``: of the hosts that runs touched which have ended, or are of this one's spider;
        None: of all.
        """
        while hosts := marked(self.db.conn, run_id):
            while hosts:
                with self.batch():
                    tries = 0
                    while hosts and tries < _TRIES_OF_A_BATCH:
                        tries += watch_host(self.db.conn, hosts.pop())

    def add_run_end(self, end: RunEnd) -> None:
        """Enter how a run ended."""
        self._upsert(
            "runs",
            {
                "id": end.run_id,
                "ended_at": end.ended_at,
                "reason": end.reason,
                "counts": _json(end.counts),
            },
        )
        for n, notice in enumerate(end.notices, 1):
            self._upsert("notices", {"run_id": end.run_id, "n": n} | fields_of(notice))
        for n, monitor in enumerate(end.monitors, 1):
            self._upsert("monitors", {"run_id": end.run_id, "n": n} | fields_of(monitor))

    def add_capture(self, capture: Capture) -> None:
        """Enter a capture; the outcome of one that is known stays."""
        with self.batch():
            if is_watched(capture.kind) and self.outcome(capture.id) is None:
                touch(self.db.conn, [(capture.url, capture.run_id)])
            self._upsert("captures", fields_of(capture))

    def add_failure(self, failure: Failure) -> None:
        """Enter a try that failed."""
        known = "select 1 from failures where id = ?"
        with self.batch():
            if self.db.execute(known, [failure.id]).fetchone() is None:
                touch(self.db.conn, [(failure.url, failure.run_id)])
            self._upsert("failures", fields_of(failure))

    def load_divisions(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Replace the divisions by ``rows`` of code, name and, where known, start, end and
        successors (config/divisions.csv, divisions_history.csv)."""
        self._replace("divisions", division_rows(rows))

    def load_portals(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Replace the portals by ``rows``: spider and url, and what is known of the other columns.

        Raises ValueError, naming the row, where spider or url is missing.
        """
        self._replace("portals", portal_rows(rows))

    def apply(self, reading: Reading) -> str | None:
        """Enter what a capture turned out to be; return the id of its report, None if it is none.

        See ``apply_all``.
        """
        (report,) = self.apply_all([reading])
        return report

    def apply_all(self, readings: Iterable[Reading]) -> list[str | None]:
        """Enter what captures turned out to be, in one transaction; return for each the id of its
        report, None if it is none.

        Each report is chosen anew from all its readings, so the order of arrival does not matter,
        nor what is entered together; a capture that is read again replaces what it said before.
        """
        arrived = list(readings)
        told = {one.stored.capture.id: told_by(one) for one in arrived}
        with self.batch():
            was_report = self._reports_among(arrived)
            upsert(self.db, "captures", [_capture_row(one) for one in arrived])
            touch(self.db.conn, _of_note(arrived, was_report))
            for one in arrived:
                if one.outcome == "redirect" and is_watched(one.stored.capture.kind):
                    enter_link(self.db.conn, one.stored.capture.url, one.message)
            enter_found(self.db, arrived)
            enter(self.db, told)
        read = (told[one.stored.capture.id] for one in arrived)
        return [one.row["report_id"] if one else None for one in read]

    def replace_by(self, other: "Catalog") -> None:
        """Take over the whole content of ``other`` in one transaction.

        SQLite's own copy, page by page: readers see the old catalog until it is done, and a
        crash leaves the old one. (A file moved over one that is open elsewhere would meet that
        one's write-ahead log, which SQLite would then play into it.)
        """
        other.db.conn.backup(self.db.conn)

    def _load_verdicts(self) -> None:
        """Enter what reviewers said, where verdicts.jsonl lies beside the catalog."""
        path = self.path.with_name(FILE)
        try:
            if path.exists():
                with self.batch():
                    enter_verdicts(self.db.conn, read_verdicts(path))
        except BaseException:
            self.close()
            raise

    def _reports_among(self, readings: Iterable[Reading]) -> frozenset[str]:
        """Return those of other people's captures that were reports so far."""
        captures = (one.stored.capture for one in readings)
        ids = [capture.id for capture in captures if not is_watched(capture.kind)]
        return frozenset(row["id"] for row in select(self.db, _REPORTS_AMONG, ids))

    def _upsert(self, table: str, row: Row) -> None:
        """Enter a row; columns that it does not name keep what they hold."""
        with self.batch():
            upsert(self.db, table, [row])

    def _replace(self, table: str, rows: list[Row]) -> None:
        spec = TABLES[table]
        columns = ", ".join(f'"{name}"' for name in spec.columns)
        standing = self.db.execute(f"select {columns} from {table}").fetchall()
        if set(standing) == {tuple(map(row.get, spec.columns)) for row in rows}:
            return
        with self.batch():
            self.db.execute(f"delete from {table}")
            insert(self.db, table, rows)


def _capture_row(reading: Reading) -> Row:
    told = {"outcome": reading.outcome, "message": reading.message or None}
    return fields_of(reading.stored.capture) | told


def _of_note(readings: Iterable[Reading], was_report: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield page and run of the captures that somebody watches, and of those that are reports or
    were."""
    for reading in readings:
        capture = reading.stored.capture
        if is_watched(capture.kind) or reading.outcome == "report" or capture.id in was_report:
            yield capture.url, capture.run_id


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
