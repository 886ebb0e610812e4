"""Opens the file of the catalog: SQLite in WAL mode, brought up to this version's schema."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.catalog.database import Database
from archive.catalog.migrations import STEPS, NoRoom, migrate
from archive.catalog.schema import VERSION, create_schema

_BUSY_SECONDS = 30.0
_CACHE = 16 << 20
"""Bytes of the file's pages that a writer keeps at hand: a report's cells stand in some hundred
pages of the indexes, and so do the next one's."""
_LOG = 4_000
"""Pages in the write-ahead log from which on it is taken over into the file: 16 MB; a page that
many reports change is taken over once."""
_REMEDY = "move it away and run gkcrawl index --rebuild"


class CatalogError(Exception):
    """The file is no catalog that this version can use; the message says what to do."""


class CatalogUnusable(CatalogError, sqlite3.OperationalError):
    """It cannot be opened now, since of its disk or of another program; the message says so."""


def open_database(path: Path, readonly: bool) -> Database:
    """Return the open catalog, made with its schema if it is new.

    One of an older version is brought up to this one unless ``readonly``. Raises FileNotFoundError
    where a catalog to be read is not there, CatalogUnusable where the disk or another program is in
    the way, and CatalogError where the file is none, is of a newer version, or of an older one that
    cannot be brought up or shall only be read.
    """
    if readonly and not path.exists():
        raise FileNotFoundError(f"there is no catalog at {path}: crawl first, or run gkcrawl index")
    uri = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)
    except sqlite3.OperationalError as error:
        raise _unusable(path, error) from error
    try:
        return _prepare(Database(connection, execute_plugins=False), path, readonly)
    except sqlite3.OperationalError as error:
        connection.close()
        raise _unusable(path, error) from error
    except sqlite3.DatabaseError as error:
        connection.close()
        if type(error) is not sqlite3.DatabaseError:
            raise  # a fault of ours
        raise CatalogError(f"{path} is no SQLite database ({error}): {_REMEDY}") from error
    except BaseException:
        connection.close()
        raise


def _unusable(path: Path, error: sqlite3.OperationalError) -> CatalogUnusable:
    return CatalogUnusable(
        f"{path} cannot be opened ({error}): is the disk full, or only to be read, or does another"
        " program hold the catalog?"
    )


def is_whole(path: Path) -> bool:
    """Return whether SQLite can read every page of the catalog; raises as ``open_database``."""
    with closing(open_database(path, readonly=True).conn) as connection:
        try:
            return bool(connection.execute("pragma quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False


def _prepare(db: Database, path: Path, readonly: bool) -> Database:
    if not readonly:
        db.execute("pragma journal_mode = wal")
        # The archive's bytes are safe before the catalog speaks of them, and it can be made again.
        db.execute("pragma synchronous = normal")
        db.execute(f"pragma cache_size = -{_CACHE >> 10}")
        db.execute(f"pragma wal_autocheckpoint = {_LOG}")
        db.execute("begin immediate")
        if not db.schema:
            create_schema(db)
        elif (version := _version(db)) in STEPS:
            _bring_up(db, path, version)
        db.commit()
    _demand_version(_version(db), path)
    return db


def _version(db: Database) -> int:
    (version,) = db.execute("pragma user_version").fetchone()
    return int(version)


def _bring_up(db: Database, path: Path, version: int) -> None:
    try:
        migrate(db, path, version)
    except NoRoom as error:
        raise CatalogError(str(error)) from error


def _demand_version(version: int, path: Path) -> None:
    if version == VERSION:
        return
    told = f"{path} is of version {version}, and this gkcrawl works with {VERSION}"
    if version in STEPS:
        raise CatalogError(f"{told}: gkcrawl index brings it up")
    if version > VERSION:
        raise CatalogError(f"{told}: use the newer gkcrawl that made it, or {_REMEDY}")
    raise CatalogError(f"{told}: {_REMEDY}")
