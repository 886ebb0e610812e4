"""What is new in the catalog: reports seen for the first time, and versions that differ.

A version (``versions``) is a capture whose text or cells differ from the one before, so an entry is
a version: the first of its report is a new report. Each query walks an index and stops when it has
what it was asked for.
"""

import sqlite3
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any, Literal, Self

from archive.catalog.diff import difference
from archive.catalog.rows import document

Row = dict[str, Any]
Kind = Literal["new", "changed", "numbers", "text"]
KINDS: tuple[Kind, ...] = ("new", "changed", "numbers", "text")
"""``changed`` is ``numbers`` (cells of the tables differ) and ``text`` (only the text does)."""

_NUMBERS = "v.cells_digest is not p.cells_digest"
# An unary plus keeps SQLite from walking all entries by time where few of them fit.
_KINDS: dict[Kind | None, tuple[str, str]] = {
    None: ("true", "v.seen_at"),
    "new": ("v.n = 1", "v.seen_at"),
    "changed": ("v.n > 1", "+v.seen_at"),
    "numbers": (f"v.n > 1 and {_NUMBERS}", "+v.seen_at"),
    "text": (f"v.n > 1 and not ({_NUMBERS})", "+v.seen_at"),
}
_BEFORE = "left join versions p on p.report_id = v.report_id and p.n = v.n - 1"
_OF_PROVINCE = "reports i cross join versions v on v.report_id = i.id"
# First which entries, from indexes alone as far as may be; then each of them, a few look-ups long.
_FOUND = """
  select v.report_id, v.n from {source} where {conditions}
  order by {order} desc, v.report_id desc, v.n desc limit :limit"""
_ENTRY = f"""
  select v.report_id, v.n, v.seen_at, v.capture_id,
    case when v.n = 1 then 'new' when {_NUMBERS} then 'numbers' else 'text' end as kind,
    r.title, r.issuer, r.year, r.province, r.url, r.trust, p.capture_id as capture_before
  from versions v join reports r on r.id = v.report_id {_BEFORE}
  where v.report_id = ? and v.n = ?"""
# Each step finds the newest entry before the day found last: as many look-ups as days.
_DAYS = """
  with recursive days(day) as (
    select substr(max(seen_at), 1, 10) from versions
    union all
    select (select substr(max(seen_at), 1, 10) from versions where seen_at < day)
    from days where day is not null limit :limit
  )
  select day,
    (select count(*) from versions where n = 1 and seen_at >= day and seen_at < day || 'U') as new,
    (select count(*) from versions where n > 1 and seen_at >= day and seen_at < day || 'U')
      as changed
  from days where day is not null"""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list of entries, newest first."""

    seen_at: str
    report_id: str
    n: int

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """Return the position that ``str`` made the text of; None for any other text."""
        seen_at, _, rest = (text or "").partition("~")
        n, _, report_id = rest.partition("~")
        if not (seen_at and report_id and n.isascii() and n.isdigit() and len(n) < 9):
            return None
        return cls(seen_at, report_id, int(n))

    def __str__(self) -> str:
        return f"{self.seen_at}~{self.n}~{self.report_id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; None: any."""

    kind: Kind | None = None
    province: str | None = None
    day: str | None = None
    """``2026-11-22``, in UTC."""
    before: Position | None = None
    """Only entries that stand after this one in the list."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What differs between a version and the one before."""

    cells_changed: int
    """Cells of the tables whose number changed."""
    characters_added: int
    characters_removed: int
    silent: bool
    """Numbers changed, and nothing in the newer text says so."""


def entries(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[Row]:
    """Return up to ``limit`` entries, newest first.

    Each has report_id, n (its version), seen_at, capture_id, kind (new, numbers, text), title,
    issuer, year, province, url, trust; those that differ from a version before also the fields of
    Nature, which are None where that version can no longer be read.
    """
    condition, order = _KINDS[wanted.kind]
    conditions, source = [condition], "versions v"
    params: Row = {"limit": limit}
    if wanted.province is not None:
        conditions.append("i.province = :province")
        source, order = _OF_PROVINCE, "+v.seen_at"
        params["province"] = wanted.province
    if wanted.day is not None:
        # 'U' is the letter after the T of a time.
        conditions.append("v.seen_at >= :day and v.seen_at < :day || 'U'")
        params["day"] = wanted.day
    if wanted.before is not None:
        conditions.append("(v.seen_at, v.report_id, v.n) < (:seen_at, :report_id, :n)")
        params |= asdict(wanted.before)
    if wanted.kind in ("numbers", "text"):
        source += f" {_BEFORE}"
    sql = _FOUND.format(source=source, conditions=" and ".join(conditions), order=order)
    return [_entry(connection, *key) for key in connection.execute(sql, params).fetchall()]


def days(connection: sqlite3.Connection, limit: int = 30) -> list[Row]:
    """Return the newest days (UTC) that have entries: ``day``, ``new``, ``changed``."""
    found = connection.execute(_DAYS, {"limit": limit})
    return [dict(zip(("day", "new", "changed"), row, strict=True)) for row in found]


def _entry(connection: sqlite3.Connection, report_id: str, n: int) -> Row:
    found = connection.execute(_ENTRY, [report_id, n])
    row: Row = dict(zip((column[0] for column in found.description), found.fetchone(), strict=True))
    before = row.pop("capture_before")
    if row["n"] == 1:
        return row
    sides = [
        connection.execute(
            "select digest, document from readings where capture_id = ?", [capture]
        ).fetchone()
        for capture in (before, row["capture_id"])
    ]
    if not all(sides):
        return row | dict.fromkeys(part.name for part in fields(Nature))
    return row | asdict(_nature(*(_Side(*side) for side in sides)))


@dataclass(frozen=True, slots=True)
class _Side:
    """What was read of one version; its digest tells it apart."""

    digest: str
    document: bytes = field(compare=False)


# The same pair stands on many pages, and comparing long texts takes its time.
@lru_cache(maxsize=500)
def _nature(before: _Side, after: _Side) -> Nature:
    found = difference(document(before.document), document(after.document))
    return Nature(
        cells_changed=len(found.numbers),
        characters_added=found.characters_added,
        characters_removed=found.characters_removed,
        silent=found.silent,
    )
