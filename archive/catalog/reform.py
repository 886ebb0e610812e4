"""Brings the tables, indexes and views of an older catalog into the form of this version.

What differs is found by comparing the statements that made them with those of an empty catalog, so
that a step from one version to the next says nothing of columns. Rows stay, as far as their columns
do; a table that changes its form is copied, since SQLite can alter little in place.
"""

from collections.abc import Mapping
from contextlib import closing
from sqlite3 import Connection

from archive.catalog.database import Database
from archive.catalog.schema import FTS_TABLE, TABLES, VIEWS, create_schema

_COPY = "reformed"


def reform(connection: Connection) -> set[str]:
    """Give the catalog this version's form; return the tables that are new or have another one.

    Part of the caller's transaction. The full-text index loses its rows if its form is another.
    Tables and views that gkcrawl does not know stay as they are.
    """
    wanted = _wanted()
    standing = _statements(connection)
    for name in standing["view"].keys() & VIEWS.keys():
        connection.execute(f'drop view "{name}"')
    changed = set()
    for name, sql in wanted["table"].items():
        if standing["table"].get(name) != sql:
            changed.add(name)
            _renew(connection, name, sql, is_there=name in standing["table"])
    for name, table in _indexes(connection).items():
        if table in TABLES and standing["index"].get(name) != wanted["index"].get(name):
            connection.execute(f'drop index "{name}"')
    there = _indexes(connection)
    for kind in ("index", "view"):
        for name, sql in wanted[kind].items():
            if name not in there:
                connection.execute(sql)
    return changed


def _wanted() -> Mapping[str, Mapping[str, str]]:
    empty = Database(memory=True, execute_plugins=False)
    with closing(empty.conn):
        create_schema(empty)
        return _statements(empty.conn)


def _statements(connection: Connection) -> Mapping[str, Mapping[str, str]]:
    """Return kind -> name -> statement of what somebody created; SQLite's own are left out."""
    found: dict[str, dict[str, str]] = {"table": {}, "index": {}, "view": {}, "trigger": {}}
    rows = connection.execute("select type, name, sql from sqlite_master where sql is not null")
    for kind, name, sql in rows:
        if not name.startswith(f"{FTS_TABLE}_"):  # the index's own tables
            found[kind][name] = sql
    return found


def _indexes(connection: Connection) -> dict[str, str]:
    """Return index -> its table."""
    sql = "select name, tbl_name from sqlite_master where type = 'index' and sql is not null"
    return dict(connection.execute(sql).fetchall())


def _renew(connection: Connection, name: str, sql: str, *, is_there: bool) -> None:
    """Make the table by its statement, with the rows of the one that is there."""
    if name == FTS_TABLE or not is_there:
        connection.execute(f'drop table if exists "{name}"')
        connection.execute(sql)
        return
    # Not the other way round: renaming a table renames it in other tables' foreign keys too.
    copy = f"{_COPY}_{name}"
    connection.execute(sql.replace(f'"{name}"', f'"{copy}"', 1))
    known = [row[1] for row in connection.execute(f'pragma table_info("{name}")')]
    names = ", ".join(f'"{column}"' for column in known if column in TABLES[name].columns)
    connection.execute(f'insert into "{copy}" ({names}) select {names} from "{name}"')
    connection.execute(f'drop table "{name}"')
    connection.execute(f'alter table "{copy}" rename to "{name}"')
