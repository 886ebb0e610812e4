"""What a verification has seen so far, in SQLite: nothing of it needs to be held in memory.

With a path it outlives the process, so that an interrupted verification goes on where it was: what
is told of a file is entered with its row in ``files``, in one transaction. It is derived, and can
be deleted at any time; so nothing waits for the disk.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from archive.warc.errors import WarcError
from archive.warc.names import cdxj_path, checksum_path
from archive.warc.verify.problems import Problem
from archive.warc.verify.rows import TABLES, Row, Table

NOTES = "verify.db"
"""Name of the file, in the home of the archive."""
VERSION = 3
_TABLES = """
create table state (finished integer);
insert into state values (0);
create table files (id integer primary key, name text, stamps text, sha256 text);
create table problems (file integer, name text, offset integer, record_id text, message text,
    remedy text);
create table records (file integer, id text, offset integer);
create table claims (file integer, target text, offset integer, record_id text, field text,
    type text, url text, date text, digest text)"""
_ROWS = tuple(table.name for table in TABLES)
_FACTS = ("problems", "records", "claims", *_ROWS)
_INDEXES = tuple((f"{table}_by_id", table) for table in ("records", *_ROWS))
_AT_ONCE = 2000


class VerifyBusy(WarcError):
    """Another process is verifying this archive."""


class Notes:
    """The tables, and what is to be asked of them. One object belongs to one thread."""

    def __init__(self, path: Path | None, *, resume: bool) -> None:
        """Open ``path``, emptied unless ``resume``; None: a file that goes away with this object.

        Raises VerifyBusy where another process has it.
        """
        self.db = _opened(path, resume=resume)
        self._waiting: dict[str, list[Row]] = {table: [] for table in _FACTS}
        self._file = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.db.close()

    def add(self, table: str, *row: object) -> None:
        """Enter a fact about the file in hand: the columns behind ``file``."""
        waiting = self._waiting[table]
        waiting.append((self._file, *row))
        if len(waiting) >= _AT_ONCE:
            self._write(table)

    def row(self, table: Table, offset: int, record_id: str, row: Row, *beside: object) -> None:
        """Enter a row that the catalog has to have, and the record that tells of it."""
        self.add(table.name, offset, record_id, *row, *beside)

    def trusted(self, paths: Iterable[Path]) -> set[str]:
        """Return the names of those files that were done to their end and have not changed since.

        That is: size, time of change and inode, also of index and checksum, are what they were.
        Whatever is told of others is forgotten.
        """
        stamps = {path.name: _stamps(path) for path in paths}
        known = self.db.execute("select id, name from files where stamps is not null").fetchall()
        told = dict(self.db.execute("select name, stamps from files"))
        same = {name for name, stamp in stamps.items() if told.get(name) == stamp}
        keep = ", ".join(str(number) for number, name in known if name in same)
        with self._transaction():
            self.db.execute(f"delete from files where id not in ({keep})")
            for table in _FACTS:
                self.db.execute(f"delete from {table} where file not in ({keep})")
        return same

    @contextmanager
    def noting(self, path: Path, *, growing: bool) -> Iterator[None]:
        """Enter all that is told of one file meanwhile, or nothing of it.

        Of a growing file another verification will not trust what this one found.
        """
        stamps = None if growing else _stamps(path)
        with self._transaction():
            sql = "insert into files (name, stamps) values (?, ?) returning id"
            ((self._file,),) = self.db.execute(sql, [path.name, stamps]).fetchall()
            yield
            self.flush()

    def problem(self, problem: Problem) -> None:
        """Enter a problem of the file in hand."""
        told = (problem.file, problem.offset, problem.record_id, problem.message, problem.remedy)
        self.add("problems", *told)

    def checksum(self, sha256: str) -> None:
        """Enter the checksum of the file in hand."""
        self.db.execute("update files set sha256 = ? where id = ?", [sha256, self._file])

    def problems(self) -> Iterator[Problem]:
        """Yield the problems that were entered, file by file."""
        sql = "select name, offset, record_id, message, remedy from problems order by rowid"
        return (Problem(*row) for row in self.db.execute(sql))

    def is_damaged_before(self, name: str, offset: int) -> bool:
        """Return whether a file, by its finished name, has bytes before ``offset`` that are no
        record."""
        sql = "select 1 from problems where name = ? and record_id is null and offset < ? limit 1"
        return self.db.execute(sql, [name, offset]).fetchone() is not None

    def flush(self) -> None:
        """Write what waits."""
        for table, rows in self._waiting.items():
            if rows:
                self._write(table)

    def make_ready(self) -> None:
        """Make the indexes that questions across files need."""
        for index, table in _INDEXES:
            self.db.execute(f"create index if not exists {index} on {table} (id)")

    def finish(self) -> None:
        """Note that the verification came to its end."""
        self.db.execute("update state set finished = 1")

    def _write(self, table: str) -> None:
        rows = self._waiting[table]
        marks = ", ".join("?" * len(rows[0]))
        self.db.executemany(f"insert into {table} values ({marks})", rows)
        rows.clear()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.db.execute("begin")
        try:
            yield
        except BaseException:
            self.db.execute("rollback")
            raise
        self.db.execute("commit")


def interrupted(path: Path) -> int | None:
    """Return how many files an interrupted verification had done; None: none was interrupted.

    Raises VerifyBusy where it is still at work.
    """
    if not path.exists():
        return None
    with Notes(path, resume=True) as notes:
        (finished,) = notes.db.execute("select finished from state").fetchone()
        (count,) = notes.db.execute("select count(stamps) from files").fetchone()
    return None if finished or not count else int(count)


def _opened(path: Path | None, *, resume: bool) -> sqlite3.Connection:
    """Return the database, held against other processes; emptied unless it can be resumed."""
    db = sqlite3.connect(path or "", isolation_level=None, timeout=1.0)
    try:
        # Kept until it is closed, so that no other process enters anything in between.
        db.execute("pragma locking_mode = exclusive")
        db.execute("pragma synchronous = off")
        db.execute("begin exclusive")
        (version,) = db.execute("pragma user_version").fetchone()
        if resume and db.execute("pragma quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("spoilt")
        if not resume or version != VERSION:
            _empty(db)
        else:
            for index, _ in _INDEXES:
                db.execute(f"drop index if exists {index}")
        db.execute("commit")
    except sqlite3.OperationalError as error:
        db.close()
        raise VerifyBusy(
            f"{path} cannot be had ({error}); if another gkcrawl verify is at work, wait for it"
        ) from error
    except sqlite3.DatabaseError:
        db.close()
        if path is None:
            raise
        # A power cut may have spoilt it; nothing is lost with it but time.
        path.unlink()
        return _opened(path, resume=False)
    return db


def _empty(db: sqlite3.Connection) -> None:
    for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
        db.execute(f"drop table {name}")
    for statement in _TABLES.split(";"):
        db.execute(statement)
    for table in TABLES:
        columns = ("file", "at", "record", *table.columns, *table.beside)
        db.execute(f"create table {table.name} ({', '.join(columns)})")
    db.execute(f"pragma user_version = {VERSION}")


def _stamps(path: Path) -> str:
    found = []
    for each in (path, cdxj_path(path), checksum_path(path)):
        state = each.stat() if each.exists() else None
        found.append(state and [state.st_size, state.st_mtime_ns, state.st_ino])
    return json.dumps(found)
