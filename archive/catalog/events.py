"""What happened to reports and sites, asked of ``events``: newest first, with what they are about.

An event is a confirmed one (``archive.watching``); the time by which it is listed is that of its
confirmation, since nobody could know of it before.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Self

from archive.catalog.choice import is_same_place
from archive.watching.events import EVENT_KINDS, EventKind

Row = dict[str, Any]

CHANGED: tuple[EventKind, ...] = ("numbers", "text")
_FOUND = """
    select e.*, r.title, r.issuer, r.year, r.province, r.trust, r.url as report_url
    from events e left join reports r on r.id = e.report_id
    where {conditions} order by e.confirmed_at desc, e.id desc limit :limit"""
# The site of a portal belongs to the province of the portal.
_OF_PROVINCE = """
    (r.province = :province or e.report_id is null and exists (
      select 1 from portals p join divisions d on d.code = p.province
      where d.name = :province and instr(p.url || '/', '//' || e.host || '/')))"""
# The version that a report had when a capture was made, where its own address was captured.
_VERSION = """
    select max(v.n) from captures k join versions v
      on v.report_id = :report and v.seen_at <= k.captured_at where k.id = :capture"""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list that goes from the newest to the oldest."""

    at: str
    id: str

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """Return the position that ``str`` made the text of; None for any other text."""
        at, _, id = (text or "").partition("~")
        return cls(at, id) if at and id else None

    def __str__(self) -> str:
        return f"{self.at}~{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events; None: any."""

    kinds: tuple[EventKind, ...] = EVENT_KINDS
    province: str | None = None
    host: str | None = None
    silent: bool = False
    """Only numbers that changed without a word on it."""
    day: str | None = None
    """``2026-11-22``, in UTC."""
    since: str | None = None
    """Confirmed on this day or later."""
    before: Position | None = None
    """Only what stands after this one in the list."""
    report_id: str | None = None


def events(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[Row]:
    """Return up to ``limit`` events, newest first.

    Each has the columns of ``events`` (``cells`` as a list, ``silent`` as a bool or None), of its
    report title, issuer, year, province and trust, and ``versions``: the two versions of the report
    that show what changed, None where they are none of its own address.
    """
    conditions, params = _conditions(wanted)
    sql = _FOUND.format(conditions=" and ".join(conditions))
    found = connection.execute(sql, params | {"limit": limit})
    names = [column[0] for column in found.description]
    return [_event(connection, dict(zip(names, row, strict=True))) for row in found.fetchall()]


def _conditions(wanted: Wanted) -> tuple[list[str], Row]:
    told: dict[str, Any] = {
        _OF_PROVINCE: wanted.province,
        "e.host = :host": wanted.host,
        "e.report_id = :report_id": wanted.report_id,
        # 'U' is the letter after the T of a time.
        "e.confirmed_at >= :day and e.confirmed_at < :day || 'U'": wanted.day,
        "e.confirmed_at >= :since": wanted.since,
        "e.silent = 1": wanted.silent or None,
        "(e.confirmed_at, e.id) < (:at, :id)": wanted.before,
    }
    conditions = [condition for condition, value in told.items() if value is not None]
    if wanted.kinds != EVENT_KINDS:
        conditions.append("e.kind in (select value from json_each(:kinds))")
    params = {
        "province": wanted.province,
        "host": wanted.host,
        "report_id": wanted.report_id,
        "day": wanted.day,
        "since": wanted.since,
        "kinds": json.dumps(wanted.kinds),
    }
    if wanted.before:
        params |= {"at": wanted.before.at, "id": wanted.before.id}
    return conditions or ["true"], params


def _event(connection: sqlite3.Connection, row: Row) -> Row:
    own = row.pop("report_url")
    is_own = own is not None and (own == row["url"] or is_same_place(own, row["url"]))
    row["cells"] = json.loads(row["cells"] or "[]")
    row["silent"] = None if row["silent"] is None else bool(row["silent"])
    row["versions"] = _versions(connection, row) if is_own else None
    return row


def _versions(connection: sqlite3.Connection, row: Row) -> tuple[int, int] | None:
    if row["kind"] not in CHANGED:
        return None
    before, after = (
        connection.execute(_VERSION, {"report": row["report_id"], "capture": capture}).fetchone()[0]
        for capture in (row["capture_before"], row["capture_id"])
    )
    return (before, after) if before and after and before < after else None
