"""The few statements by which tables are read and written for many keys at once."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from archive.catalog.database import Database
from archive.catalog.schema import TABLES

Row = dict[str, Any]

_THESE = "(select value from json_each(?))"


def select(db: Database, sql: str, keys: Iterable[str]) -> list[Row]:
    """Return what a statement finds in which ``{these}`` stands for the keys."""
    if not (given := list(keys)):
        return []
    # One text whatever the number of keys, so that SQLite prepares it once.
    cursor = db.conn.execute(sql.format(these=_THESE), [json.dumps(given)])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def by(column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by what they hold in a column."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def insert(db: Database, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, in place of those with the same key; columns that a row lacks become null."""
    columns = list(TABLES[table].columns)
    db.conn.executemany(_insertion(table), [tuple(map(row.get, columns)) for row in rows])


def upsert(db: Database, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter rows that name the same columns; those that they do not name keep what they hold."""
    if rows:
        sql = _upsertion(table, tuple(rows[0]))
        db.conn.executemany(sql, [tuple(row.values()) for row in rows])


def delete(db: Database, table: str, column: str, keys: Collection[str]) -> None:
    """Delete the rows that hold one of the keys in a column."""
    if keys:
        sql = f"delete from {table} where {column} in {_THESE}"
        db.conn.execute(sql, [json.dumps(list(keys))])


@cache
def _insertion(table: str) -> str:
    columns = TABLES[table].columns
    names = ", ".join(f'"{name}"' for name in columns)
    return f"insert or replace into {table} ({names}) values ({', '.join('?' * len(columns))})"


@cache
def _upsertion(table: str, columns: tuple[str, ...]) -> str:
    # sqlite-utils would ask for the schema each time, which costs more than all the rest.
    names = ", ".join(f'"{name}"' for name in columns)
    key = TABLES[table].pk
    told = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    return (
        f"insert into {table} ({names}) values ({', '.join('?' * len(columns))})"
        f" on conflict ({', '.join(key)}) do update set {told}"
    )
