"""What the catalog is asked."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Self

from archive.catalog import absence, found, queries
from archive.catalog.coverage import Asked
from archive.catalog.opening import open_database
from archive.catalog.rows import document
from archive.catalog.search import ENOUGH, Found, Question, search
from archive.records import Capture, Failure

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


class Questions:
    """An open catalog and what can be asked of it; ``Catalog`` also writes."""

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

    def runs(self) -> Iterator[Row]:
        """Yield every run as its row, ``settings`` and ``counts`` as they stand there (JSON)."""
        return self.db.query("select * from runs order by started_at, id")

    def notices(self) -> Iterator[Row]:
        """Yield every notice as its row, run by run."""
        return self.db.query("select * from notices order by run_id, n")

    def monitors(self) -> Iterator[Row]:
        """Yield all that runs were held against as its row, run by run."""
        return self.db.query("select * from monitors order by run_id, n")

    def search(
        self, question: Question, limit: int = 20, *, offset: int = 0, enough: int | None = ENOUGH
    ) -> Found:
        """Return the reports that fit: see ``archive.catalog.search.search``."""
        return search(self.db.conn, question, limit, offset=offset, enough=enough)

    def status(self) -> Row:
        """Return the counts of the summary: see ``archive.catalog.queries.status``."""
        return queries.status(self.db)

    def missing(
        self, year: int, asked: Asked | None = None, *, today: date | None = None
    ) -> list[Row]:
        """Return what has no report for ``year``, and why: see ``archive.catalog.absence``; as of
        ``today``, None: this day."""
        return absence.missing(self.db.conn, year, today or date.today(), asked)

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

    def _captures(self, which: str, *values: str) -> Iterator[Capture]:
        sql = f"select {_CAPTURE_FIELDS} from captures {which}"
        return (Capture(*row) for row in self.db.execute(sql, values))
