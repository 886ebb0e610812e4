"""What is new in the catalog: reports seen for the first time, and what happened to them since.

Two lists as one, newest first: the first versions of reports (``versions``) and the confirmed
events (``archive.catalog.events``). Each query walks an index and stops when it has what it was
asked for.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import Any, Literal

from archive.catalog import events
from archive.catalog.diff import difference
from archive.catalog.events import CHANGED, Position
from archive.catalog.rows import document
from archive.watching.events import EVENT_KINDS, EventKind

__all__ = ["KINDS", "Kind", "Position", "Wanted", "days", "entries"]

Row = dict[str, Any]
Kind = Literal["new", "changed"] | EventKind
KINDS: tuple[Kind, ...] = ("new", "changed", *EVENT_KINDS)
"""``changed`` is ``numbers`` (cells of the tables differ) and ``text`` (only the text does)."""

_OF_KIND: Mapping[Kind | None, tuple[EventKind, ...]] = {
    None: EVENT_KINDS,
    "new": (),
    "changed": CHANGED,
    **{kind: (kind,) for kind in EVENT_KINDS},
}
# First which reports, from indexes alone as far as may be; then each of them. An unary plus keeps
# SQLite from walking all of them by time where few fit.
_NEW = """
    select f.seen_at, f.report_id, f.capture_id, r.title, r.issuer, r.year, r.province, r.url,
      r.trust
    from (
      select v.seen_at, v.report_id, v.capture_id from {source} where v.n = 1 and {conditions}
      order by {order} desc, v.report_id desc limit :limit
    ) f join reports r on r.id = f.report_id
    order by f.seen_at desc, f.report_id desc"""
_OF_PROVINCE = "reports i cross join versions v on v.report_id = i.id"
_OF_HOST = """
    (select distinct report_id from sources
     where url >= 'http://' || :host || '/' and url < 'http://' || :host || '0'
       or url >= 'https://' || :host || '/' and url < 'https://' || :host || '0') i
    cross join versions v on v.report_id = i.report_id"""
# Each step finds the newest row before the day found last: as many look-ups as days.
_DAYS = """
    with recursive days(day) as (
      select substr(max({at}), 1, 10) from {table} where {condition}
      union all
      select (select substr(max({at}), 1, 10) from {table} where {condition} and {at} < day)
      from days where day is not null limit :limit
    )
    select day, (select count(*) from {table}
      where {condition} and {at} >= day and {at} < day || 'U')
    from days where day is not null"""
_BY_DAY = {
    "new": _DAYS.format(table="versions", at="seen_at", condition="n = 1"),
    "changed": _DAYS.format(table="events", at="confirmed_at", condition="true"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; None: any."""

    kind: Kind | None = None
    province: str | None = None
    host: str | None = None
    """``www.example.gov.cn``, with the port where the address has one."""
    silent: bool = False
    """Only numbers that changed without a word on it."""
    day: str | None = None
    """``2026-11-22``, in UTC."""
    before: Position | None = None
    """Only entries that stand after this one in the list."""


def entries(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[Row]:
    """Return up to ``limit`` entries, newest first.

    Each has ``at`` (when it was first seen, or certain), ``id``, ``kind``, ``report_id``,
    ``title``, ``issuer``, ``year``, ``province``, ``trust``, ``url``, ``capture_id``; those that
    are events all else that ``events.events`` gives, and of changed ones ``characters_added`` and
    ``characters_removed``, None where a version can no longer be read.
    """
    found = _events(connection, wanted, limit)
    new = (
        [] if wanted.silent or wanted.kind not in (None, "new") else _new(connection, wanted, limit)
    )
    both = merge(found, new, key=lambda row: (row["at"], row["id"]), reverse=True)
    return list(islice(both, limit))


def days(connection: sqlite3.Connection, limit: int = 30) -> list[Row]:
    """Return the newest days (UTC) that have entries: ``day``, ``new``, ``changed`` (events)."""
    counted = {
        name: dict(connection.execute(sql, {"limit": limit})) for name, sql in _BY_DAY.items()
    }
    newest = sorted({day for counts in counted.values() for day in counts}, reverse=True)
    return [
        {"day": day} | {name: counts.get(day, 0) for name, counts in counted.items()}
        for day in newest[:limit]
    ]


def _events(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[Row]:
    asked = events.Wanted(
        kinds=_OF_KIND[wanted.kind],
        province=wanted.province,
        host=wanted.host,
        silent=wanted.silent,
        day=wanted.day,
        before=wanted.before,
    )
    if not asked.kinds:
        return []
    return [
        {"at": row["confirmed_at"]} | row | _characters(connection, row)
        for row in events.events(connection, asked, limit)
    ]


def _new(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[Row]:
    conditions, source, order = ["true"], "versions v", "v.seen_at"
    params: Row = {"limit": limit}
    if wanted.host is not None:
        source, order, params["host"] = _OF_HOST, "+v.seen_at", wanted.host
    if wanted.province is not None:
        params["province"] = wanted.province
        if wanted.host is None:
            source, order = _OF_PROVINCE, "+v.seen_at"
            conditions.append("i.province = :province")
        else:
            conditions.append(
                "exists (select 1 from reports p"
                " where p.id = v.report_id and p.province = :province)"
            )
    if wanted.day is not None:
        conditions.append("v.seen_at >= :day and v.seen_at < :day || 'U'")
        params["day"] = wanted.day
    if wanted.before is not None:
        conditions.append("(v.seen_at, v.report_id) < (:at, :id)")
        params |= {"at": wanted.before.at, "id": wanted.before.id}
    sql = _NEW.format(source=source, conditions=" and ".join(conditions), order=order)
    names = ("at", "id", "capture_id", "title", "issuer", "year", "province", "url", "trust")
    return [
        {"kind": "new", "report_id": row[1]} | dict(zip(names, row, strict=True))
        for row in connection.execute(sql, params)
    ]


def _characters(connection: sqlite3.Connection, row: Row) -> Row:
    """Return how many characters of the text came and went, of an event that is a change."""
    if row["kind"] not in CHANGED:
        return {}
    sides = [
        connection.execute(
            "select digest, document from readings where capture_id = ?", [capture]
        ).fetchone()
        for capture in (row["capture_before"], row["capture_id"])
    ]
    counts = _counted(*(_Side(*side) for side in sides)) if all(sides) else (None, None)
    return dict(zip(("characters_added", "characters_removed"), counts, strict=True))


@dataclass(frozen=True, slots=True)
class _Side:
    """What was read of one version; its digest tells it apart."""

    digest: str
    document: bytes = field(compare=False)


# The same pair stands on many pages, and comparing long texts takes its time.
@lru_cache(maxsize=500)
def _counted(before: _Side, after: _Side) -> tuple[int, int]:
    found = difference(document(before.document), document(after.document))
    return found.characters_added, found.characters_removed
