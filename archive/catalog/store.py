"""The catalog: what the archive's bytes say, in one SQLite file (WAL) that can be made again.

Every write is idempotent and independent of order: the state is a function of what was added.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Self

from archive.catalog import found, queries, search
from archive.catalog.facts import division_rows, portal_rows
from archive.catalog.found import enter_found
from archive.catalog.opening import open_database
from archive.catalog.rows import document, reading_row
from archive.catalog.schema import TABLES
from archive.catalog.settle import enter, insert
from archive.records import Capture, Failure, Reading, Run, RunEnd

Row = dict[str, Any]
_CAPTURE_FIELDS = ", ".join(field.name for field in fields(Capture))
_FAILURE_FIELDS = ", ".join(field.name for field in fields(Failure))
# A file's name begins with its spider, then the time: within a spider this is the order of time.
_IN_ORDER = "order by warc, offset"
_ANSWERED = "status = 200 and kind <> 'rendered' order by captured_at desc, id desc"

# Runs after the last one that was finished.
_UNFINISHED = """
    where run_id in (
      select id from runs where spider = ? and coalesce(reason, '') <> 'finished'
        and started_at > coalesce(
          (select max(started_at) from runs where spider = ? and reason = 'finished'), '')
        and started_at >= ?)
    order by captured_at, id"""


class Catalog:
    """``catalog.db``. Opens the file, or makes it with its schema unless ``readonly``.

    Raises FileNotFoundError where a catalog to be read is not there and CatalogError where the
    file is none, or one of another version. One object belongs to one thread.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self.readonly = readonly
        self.db = open_database(path, readonly)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was written stays."""
        self.db.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make all writes within one transaction; inside another batch, part of that one."""
        connection = self.db.conn
        if connection.in_transaction:
            yield
            return
        # Immediate, so that a second writer waits at the door instead of failing half way.
        connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def add_run(self, run: Run) -> None:
        """Enter the start of a run."""
        self._upsert("runs", asdict(run) | {"settings": _json(run.settings)})

    def end_run(self, end: RunEnd) -> None:
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
            self._upsert("notices", {"run_id": end.run_id, "n": n} | asdict(notice))

    def add_capture(self, capture: Capture) -> None:
        """Enter a capture; the outcome of one that is known stays."""
        self._upsert("captures", asdict(capture))

    def add_failure(self, failure: Failure) -> None:
        """Enter a try that failed."""
        self._upsert("failures", asdict(failure))

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

        The report is chosen anew from all its readings, so the order of arrival does not matter;
        a capture that is read again replaces what it said before.
        """
        capture = reading.stored.capture
        row = reading_row(reading)
        with self.batch():
            self.add_capture(capture)
            self.db.execute(
                "update captures set outcome = ?, message = ? where id = ?",
                [reading.outcome, reading.message or None, capture.id],
            )
            enter_found(self.db, reading.stored, reading.outcome)
            return enter(self.db, capture.id, row)

    def unfinished(self, spider: str, since: str) -> list[Capture]:
        """Return the captures of the newest runs of a spider that did not come to their end, as far
        back as ``since`` (ISO 8601, UTC), in the order of time."""
        return list(self._captures(_UNFINISHED, spider, spider, since))

    def columns(self, portal_url: str) -> list[Row]:
        """Return the columns of a portal: see ``archive.catalog.found.columns``."""
        return found.columns(self.db, portal_url)

    def listed(self, column_url: str) -> list[str]:
        """Return the addresses that a column has listed, as far as they were fetched."""
        return found.listed(self.db, column_url)

    def last_home(self, url: str) -> str | None:
        """Return when a finished crawl last fetched a portal's home page; None: never."""
        return found.last_home(self.db, url)

    def notices_since(self, since: str) -> Iterator[Row]:
        """Yield what the runs from ``since`` on noticed: see ``queries.notices_since``."""
        return queries.notices_since(self.db, since)

    def report_at(self, url: str) -> Row | None:
        """Return the fields of the report that was last read at an address; None: none was."""
        sql = (
            "select r.document from captures c join readings r on r.capture_id = c.id"
            " where c.url = ? order by c.captured_at desc limit 1"
        )
        row = self.db.execute(sql, [url]).fetchone()
        return document(row[0]) if row else None

    def outcome(self, capture_id: str) -> str | None:
        """Return the outcome of a capture; None where it is unknown or not read yet."""
        sql = "select outcome from captures where id = ?"
        row = self.db.execute(sql, [capture_id]).fetchone()
        return row[0] if row else None

    def without_original(self) -> list[Capture]:
        """Return the revisits whose original was not at hand when they were read."""
        return list(self._captures(f"where outcome = 'original_missing' {_IN_ORDER}"))

    def pending(self) -> list[Capture]:
        """Return the captures without an outcome, in the order of the archive."""
        return list(self._captures(f"where outcome is null {_IN_ORDER}"))

    def last_capture(self, url: str) -> tuple[str, str | None] | None:
        """Return (captured_at, outcome) of the newest capture of ``url``; None: never captured."""
        capture = self.newest(url)
        return (capture.captured_at, self.outcome(capture.id)) if capture else None

    def newest(self, url: str) -> Capture | None:
        """Return the newest capture of ``url``; None: never captured."""
        newest = "where url = ? order by captured_at desc, id desc limit 1"
        return next(self._captures(newest, url), None)

    def answered(self, url: str, *, limit: int = 1) -> list[Capture]:
        """Return the newest captures of ``url`` that were answered 200, revisits too."""
        return list(self._captures(f"where url = ? and {_ANSWERED} limit {limit}", url))

    def with_payload(
        self, checksum: str, *, run_id: str | None = None, limit: int = 8
    ) -> list[Capture]:
        """Return the newest captures, answered 200, whose own record holds the payload of this
        digest; only those of a run where ``run_id`` is given."""
        # The plus keeps SQLite from going through all captures of the run.
        of_run = "and +run_id = ?" if run_id else ""
        which = f"where payload_digest = ? {of_run} and refers_to is null and {_ANSWERED}"
        values = (checksum, run_id) if run_id else (checksum,)
        return list(self._captures(f"{which} limit {limit}", *values))

    def captures(self) -> Iterator[Capture]:
        """Yield every capture in the order of the archive."""
        return self._captures(_IN_ORDER)

    def failures(self) -> Iterator[Failure]:
        """Yield every failure in the order of time."""
        sql = f"select {_FAILURE_FIELDS} from failures order by failed_at, id"
        return (Failure(*row) for row in self.db.execute(sql))

    def search(
        self,
        query: str,
        limit: int = 20,
        *,
        offset: int = 0,
        year: int | None = None,
        province: str | None = None,
    ) -> list[search.Hit]:
        """Return the reports that hold every word of ``query``, best first."""
        return search.search(
            self.db.conn, query, limit, offset=offset, year=year, province=province
        )

    def status(self) -> Row:
        """Return the counts of the summary: see ``archive.catalog.queries.status``."""
        return queries.status(self.db)

    def missing(self, year: int) -> list[Row]:
        """Return organs and portals' divisions without a report for ``year``."""
        return queries.missing(self.db, year)

    def checks(
        self, status: str | None = "fail", *, check_id: str | None = None, year: int | None = None
    ) -> list[Row]:
        """Return checks with their reports: failed ones, or of another status, or all (None)."""
        return queries.checks(self.db, status, check_id, year)

    def findings(
        self,
        status: str | None = "conflict",
        *,
        finding_id: str | None = None,
        year: int | None = None,
    ) -> list[Row]:
        """Return findings with their reports: conflicts, or of another status, or all (None)."""
        return queries.findings(self.db, status, finding_id, year)

    def captures_since(self, since: str) -> Iterator[Row]:
        """Yield what the runs from ``since`` on fetched: see ``queries.captures_since``."""
        return queries.captures_since(self.db, since)

    def failures_since(self, since: str) -> Iterator[Row]:
        """Yield where they got nothing at all: see ``queries.failures_since``."""
        return queries.failures_since(self.db, since)

    def portal_names(self) -> dict[str, str]:
        """Return the names of the portals by their addresses."""
        return dict(self.db.execute("select url, name from portals order by url, name").fetchall())

    def dump(self) -> Iterator[str]:
        """Yield the catalog as canonical lines: equal dumps are equal catalogs."""
        return queries.dump(self.db)

    def replace_by(self, other: "Catalog") -> None:
        """Take over the whole content of ``other`` in one transaction.

        SQLite's own copy, page by page: readers see the old catalog until it is done, and a
        crash leaves the old one. (A file moved over one that is open elsewhere would meet that
        one's write-ahead log, which SQLite would then play into it.)
        """
        other.db.conn.backup(self.db.conn)

    def _captures(self, which: str, *values: str) -> Iterator[Capture]:
        sql = f"select {_CAPTURE_FIELDS} from captures {which}"
        return (Capture(*row) for row in self.db.execute(sql, values))

    def _upsert(self, table: str, row: Row) -> None:
        """Enter a row; columns that it does not name keep what they hold."""
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        key = TABLES[table].pk
        told = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name not in key)
        # sqlite-utils would ask for the schema each time, which costs more than all the rest.
        with self.batch():
            self.db.conn.execute(
                f"insert into {table} ({names}) values ({marks})"
                f" on conflict ({', '.join(key)}) do update set {told}",
                list(row.values()),
            )

    def _replace(self, table: str, rows: list[Row]) -> None:
        spec = TABLES[table]
        columns = ", ".join(f'"{name}"' for name in spec.columns)
        standing = self.db.execute(f"select {columns} from {table}").fetchall()
        if set(standing) == {tuple(map(row.get, spec.columns)) for row in rows}:
            return
        with self.batch():
            self.db.execute(f"delete from {table}")
            insert(self.db, table, rows)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
