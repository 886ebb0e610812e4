"""Whether everything in the catalog that follows from its readings is what follows from them.

Each report is chosen and taken apart once more, and held against its rows; so are the organs, the
evaluations, the sums, the states and the events. That a reading is as it was written is told by its
digest. A report is looked at in one transaction, so that a crawl may go on meanwhile.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from archive.catalog import totals
from archive.catalog.choice import newest_by_url
from archive.catalog.database import Database
from archive.catalog.evaluations import evaluated
from archive.catalog.rows import content_digest, part_rows, report_row, told_of_reading
from archive.catalog.schema import FTS_TABLE, TABLES
from archive.catalog.settle import agency_rows, source_rows
from archive.catalog.states import host_rows, hosts

Row = Mapping[str, Any]

_AT_ONCE = 200
_REPORTS = """
    select id from reports where id > ?
    union select report_id from readings where report_id > ? order by 1 limit ?"""
_READ = """
    select id from captures where outcome is not null
      and (outcome = 'report') is not (id in (select capture_id from readings))"""
# A web archive tells another address and another day; what a service gave to a list's page stands
# under the address that the list names.
_BESIDE_CAPTURES = """
    select r.capture_id from readings r left join captures c on c.id = r.capture_id
    where c.id is null or r.kind <> c.kind or (r.captured_at <> c.captured_at) and r.url = c.url
      or r.captured_at = c.captured_at and r.url <> c.url
        and c.media_type is not 'application/json'"""
_UNFINDABLE = f"select id from reports where docid not in (select id from {FTS_TABLE}_docsize)"
_WITHOUT_REPORT = f"select id from {FTS_TABLE}_docsize where id not in (select docid from reports)"
_AGENCIES = """
    select id from agencies
    union select agency_id from reports where agency_id is not null"""
_WITHOUT_WHOM = """
    select distinct report_id from evaluations where report_id not in (select id from reports)"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of a table that are not what follows from the readings."""

    table: str
    key: str
    """Of what: id of a report, organ or capture, a host; empty: of the table as a whole."""
    message: str
    is_spoilt: bool = False
    """Whether it is a reading that is spoilt: then its capture must be read again."""


Check = Callable[[Database], Iterator[Difference]]


def differences(
    db: Database, advance: Callable[[int], object] = lambda reports: None
) -> Iterator[Difference]:
    """Yield where derived tables differ from what follows; nothing: nowhere.

    What follows from tables in which something differs is not looked at: it would differ too.
    ``advance`` is told of reports that are done. What is written while this goes on is looked at
    as it was before or after, never half way. Of the full-text index the addresses are looked at,
    not the words.
    """
    of_reports: Check = partial(_of_reports, advance=advance)
    for check in (_of_captures, of_reports, *_FROM_REPORTS):
        differs = False
        for difference in _told_of(check, db):
            differs = True
            yield difference
        if differs:
            return


def _told_of(check: Check, db: Database) -> Iterator[Difference]:
    try:
        yield from check(db)
    except (ValueError, TypeError, LookupError) as error:
        # What can hardly be in a table that was written by gkcrawl, as the 31st of February.
        yield Difference("catalog", "", f"something cannot be judged: {error!r}")


@contextmanager
def _snapshot(db: Database) -> Iterator[None]:
    """Let everything that is asked meanwhile be answered as of one moment."""
    db.conn.execute("begin")
    try:
        yield
    finally:
        db.conn.rollback()


def _of_captures(db: Database) -> Iterator[Difference]:
    with _snapshot(db):
        for (capture_id,) in db.execute(_READ).fetchall():
            message = "the outcome says report and there is no reading, or the other way round"
            yield Difference("captures", capture_id, message, is_spoilt=True)
        for (capture_id,) in db.execute(_BESIDE_CAPTURES).fetchall():
            message = "kind, address or date are not those of its capture"
            yield Difference("readings", capture_id, message, is_spoilt=True)


def _of_reports(db: Database, advance: Callable[[int], object]) -> Iterator[Difference]:
    last = ""
    while True:
        with _snapshot(db):
            found = [row for (row,) in db.execute(_REPORTS, [last, last, _AT_ONCE]).fetchall()]
            for report_id in found:
                yield from _of_report(db, report_id)
        if not found:
            return
        last = found[-1]
        advance(len(found))


def _of_report(db: Database, report_id: str) -> Iterator[Difference]:
    readings = list(db.query("select * from readings where report_id = ?", [report_id]))
    documents = {row["capture_id"]: _document(row) for row in readings}
    for row in readings:
        fields = documents[row["capture_id"]]
        if fields is None:
            message = "the document is not what its digest says"
            yield Difference("readings", row["capture_id"], message, is_spoilt=True)
        elif names := _differing(row, told_of_reading(fields, row["url"])):
            message = f"{names}: not what the document says"
            yield Difference("readings", row["capture_id"], message, is_spoilt=True)
    sources = newest_by_url(readings)
    fields = documents[sources[0]["capture_id"]] if sources else None
    if sources and fields is None:
        return  # it cannot be told what follows
    wanted: dict[str, Iterable[Row]] = dict(source_rows(sources, readings))
    wanted["reports"] = [report_row(sources[0], fields)] if fields else []
    wanted |= part_rows(report_id, fields) if fields else {}
    for table, rows in wanted.items():
        yield from _compared(
            db, table, "id" if table == "reports" else "report_id", report_id, rows
        )


def _document(reading: Row) -> dict[str, Any] | None:
    """Return what was read; None: it is spoilt."""
    try:
        content = zlib.decompress(reading["document"])
    except (zlib.error, TypeError):
        return None
    if content_digest(content) != reading["digest"]:
        return None
    fields: dict[str, Any] = json.loads(content)
    return fields


def _differing(row: Row, wanted: Row) -> str:
    return ", ".join(name for name, value in wanted.items() if row[name] != value)


def _compared(
    db: Database, table: str, column: str, key: str, wanted: Iterable[Row]
) -> Iterator[Difference]:
    """Yield the difference between the rows of a table under a key and those that follow."""
    spec = TABLES[table]
    rows = {
        tuple(row.get(name) for name in spec.pk): [row.get(name) for name in _columns(table)]
        for row in wanted
    }
    yield from _told(db, table, column, key, rows.values())


def _told(
    db: Database, table: str, column: str, key: str, wanted: Iterable[Sequence[Any]]
) -> Iterator[Difference]:
    names = ", ".join(f'"{name}"' for name in _columns(table))
    there = set(db.execute(f"select {names} from {table} where {column} = ?", [key]).fetchall())
    follow = set(map(tuple, wanted))
    if there != follow:
        missing, more = len(follow - there), len(there - follow)
        message = f"{missing} rows are missing, {more} do not follow from what was read"
        yield Difference(table, key, message)


def _columns(table: str) -> list[str]:
    return [name for name in TABLES[table].columns if name != "docid"]


def _of_agencies(db: Database) -> Iterator[Difference]:
    with _snapshot(db):
        for (agency,) in db.execute(_AGENCIES).fetchall():
            rows = agency_rows(db, [agency]).values()
            yield from _compared(db, "agencies", "id", agency, rows)


def _of_evaluations(db: Database) -> Iterator[Difference]:
    with _snapshot(db):
        for report_id, rows in evaluated(db.conn):
            yield from _told(db, "evaluations", "report_id", report_id, rows)
        for (report_id,) in db.execute(_WITHOUT_WHOM).fetchall():
            yield from _told(db, "evaluations", "report_id", report_id, [])


def _of_sums(db: Database) -> Iterator[Difference]:
    with _snapshot(db):
        for table, count in totals.miscounted(db.conn).items():
            if count:
                message = f"{count} rows are missing or are not the sums of the reports"
                yield Difference(table, "", message)


def _of_hosts(db: Database) -> Iterator[Difference]:
    with _snapshot(db):
        # What is being fetched is judged when its run ends.
        waiting = {host for (host,) in db.execute("select host from touched")}
        judged = "select host from states union select host from events"
        known = hosts(db.conn) | {host for (host,) in db.execute(judged)}
        for host in sorted(known - waiting - {""}):
            for table, rows in host_rows(db.conn, host).items():
                yield from _told(db, table, "host", host, rows)


def _of_search(db: Database) -> Iterator[Difference]:
    with _snapshot(db):
        for (report_id,) in db.execute(_UNFINDABLE).fetchall():
            yield Difference(
                FTS_TABLE, report_id, "the report does not stand in the index of words"
            )
        for (docid,) in db.execute(_WITHOUT_REPORT).fetchall():
            yield Difference(FTS_TABLE, str(docid), "the index of words has what is no report")


_FROM_REPORTS: tuple[Check, ...] = (_of_agencies, _of_evaluations, _of_sums, _of_hosts, _of_search)
