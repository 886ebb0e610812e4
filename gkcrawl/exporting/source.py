"""The catalog as one unchanging picture that rows are streamed from."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.catalog.opening import open_database
from gkcrawl.exporting.resources import Resource

Batch = list[tuple[Any, ...]]

_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_CHOSEN = "in (select id from temp.chosen)"
_DOCUMENTS = """
    select r.id, r.agency_id, r.status, r.level, r.capture_id, r.captured_at, d.document
    from reports r join readings d on d.capture_id = r.capture_id"""


class BadCondition(ValueError):
    """The condition on reports is no SQL, or does more than to choose; the message says what."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: the catalog as it was when it was opened."""

    connection: sqlite3.Connection
    where: str | None
    """The condition on reports; None: all of them."""

    def rows(self, resource: Resource, size: int) -> Iterator[Batch]:
        """Yield the rows in the order of their key, ``size`` at a time."""
        names = ", ".join(f'"{column.name}"' for column in resource.columns)
        order = ", ".join(f'"{name}"' for name in resource.key)
        where = self._chosen(resource.report)
        cursor = self.connection.execute(
            f'select {names} from "{resource.name}"{where} order by {order}'
        )
        while batch := cursor.fetchmany(size):
            yield batch

    def reports(self) -> Iterator[dict[str, Any]]:
        """Yield every report as JSON, ordered by id: what ``gkcrawl read`` prints, and its ids."""
        sql = f"{_DOCUMENTS} {self._chosen('r.id')} order by r.id"
        for number, agency, status, level, capture, captured_at, packed in self.connection.execute(
            sql
        ):
            ids = {"id": number, "agency_id": agency, "status": status, "level": level}
            read = json.loads(zlib.decompress(packed))
            yield {**ids, "capture_id": capture, "captured_at": captured_at, **read}

    def as_of(self) -> str | None:
        """Return when the newest report was captured; None: there is none."""
        (moment,) = self.connection.execute("select max(captured_at) from reports").fetchone()
        return None if moment is None else str(moment)

    def _chosen(self, of_report: str | None) -> str:
        return f" where {of_report} {_CHOSEN}" if of_report and self.where else ""


@contextmanager
def opened(catalog: Path, where: str | None = None) -> Iterator[Source]:
    """Give the catalog at a path for as long as an export takes.

    ``where`` is an SQL condition on ``reports``. Raises BadCondition, and what ``open_database``
    raises.
    """
    connection = open_database(catalog, readonly=True).conn
    try:
        # One transaction: what a crawl adds meanwhile is not seen.
        connection.execute("begin")
        if where is not None:
            _choose(connection, where)
        yield Source(connection, where)
    finally:
        connection.close()


def check(connection: sqlite3.Connection, where: str) -> None:
    """Raise BadCondition unless ``where`` is a condition on ``reports`` that only reads."""

    def allowed(action: int, *names: object) -> int:
        return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY

    connection.set_authorizer(allowed)
    try:
        connection.execute(f"explain {_ids(where)}").fetchall()
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise BadCondition(f"--where {where}: {error}") from error
    finally:
        connection.set_authorizer(None)


def _choose(connection: sqlite3.Connection, where: str) -> None:
    check(connection, where)
    connection.execute("create temp table chosen (id text primary key) without rowid")
    try:
        connection.execute(f"insert into temp.chosen {_ids(where)}")
    except sqlite3.Error as error:
        raise BadCondition(f"--where {where}: {error}") from error


def _ids(where: str) -> str:
    # Line ends keep a comment in the condition from swallowing the bracket.
    return f"select id from reports where (\n{where}\n)"
