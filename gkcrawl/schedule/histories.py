"""What the catalog knows of earlier visits and captures: the questions of the schedule, in SQL."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from archive.deadlines import CHINA
from gkcrawl.schedule.deciding import Past, Seen


class Asked(NamedTuple):
    """A try at a page: a capture, or a failure without one."""

    run_id: str
    url: str
    at: str
    outcome: str | None
    reason: str | None
    """Why its run ended; None: it did not."""
    ended_at: str | None


class Stay(NamedTuple):
    """What a run captured of a host."""

    run_id: str
    at: str
    """Of the last capture."""
    captures: int
    reason: str | None
    """Why the run ended; None: it did not."""
    ended_at: str | None


_ASKED = """
    select k.run_id, k.url, k.captured_at, k.outcome, r.reason, r.ended_at
    from json_each(:urls) u join captures k on k.url = u.value join runs r on r.id = k.run_id
    where r.spider = :spider
    union all
    select f.run_id, f.url, f.failed_at, 'failed', r.reason, r.ended_at
    from json_each(:urls) u join failures f on f.url = u.value join runs r on r.id = f.run_id
    where r.spider = :spider"""

# A version is another text or other cells; bytes count only where no report was read. What a
# browser made of a page is no answer of its own.
_SEEN = """
    select k.url, k.kind, k.captured_at, k.outcome,
      iif(k.outcome = 'not_modified', null, coalesce(d.text_digest || d.cells_digest,
        k.payload_digest)) as mark
    from ({urls}) u join captures k on k.url = u.url left join readings d on d.capture_id = k.id
    where k.kind is not 'rendered'
    order by k.url, k.captured_at, k.id"""
_LISTED = """
    select distinct l.url from json_each(?) c join listed l on l.column_url = c.value"""
# When a document came out, as it says itself or its list does, and when lists first named it.
_BORN = """
    select u.url, r.published, r.year, l.listed_date, l.column_url, l.first_seen
    from ({urls}) u
    left join sources s on s.url = u.url left join reports r on r.id = s.report_id
    left join listed l on l.url = u.url"""
_BEGAN = """
    select l.column_url, min(o.first_seen)
    from ({urls}) u join listed l on l.url = u.url join listed o on o.column_url = l.column_url
    group by l.column_url"""
_ENTRIES = """
    select l.url, l.anchor, l.listed_date, max(l.last_seen)
    from json_each(?) c join listed l on l.column_url = c.value group by l.url order by l.url"""
_FIRST_LOOK = timedelta(days=1)
"""What a list named within so long of its first capture may be as old as it says."""

_EVERYWHERE = """
    select r.id, r.started_at, (select count(*) from captures k where k.run_id = r.id), r.reason,
      r.ended_at
    from runs r where r.spider = :spider order by r.started_at"""
# Crossed in this order by hand: a host's captures are few, a spider's are many.
_AT_HOST = """
    select r.id, max(k.captured_at) as at, count(*), r.reason, r.ended_at
    from (select 'http://' || :host as root union all select 'https://' || :host) h
    cross join captures k on k.url between h.root || '/' and h.root || '0'
    cross join runs r on r.id = k.run_id and r.spider = :spider
    group by r.id order by at"""


def asked(connection: sqlite3.Connection, spider: str, urls: Iterable[str]) -> list[Asked]:
    """Return every try of a spider's runs at the pages, in no order."""
    given = {"urls": json.dumps(sorted(urls)), "spider": spider}
    return [Asked(*row) for row in connection.execute(_ASKED, given)]


def at_host(connection: sqlite3.Connection, spider: str, host: str) -> list[Stay]:
    """Return what each run of a spider captured of a host, the oldest first; an empty ``host``: of
    all."""
    sql = _EVERYWHERE if not host else _AT_HOST
    return [Stay(*row) for row in connection.execute(sql, {"host": host, "spider": spider})]


def columns_of(connection: sqlite3.Connection, portals: Sequence[str]) -> list[str]:
    """Return the addresses of the columns that were ever found on portals, by their home pages."""
    sql = "select c.url from json_each(?) p join columns c on c.portal_url = p.value"
    return [url for (url,) in connection.execute(sql, [json.dumps(list(portals))])]


def first_listed(connection: sqlite3.Connection, columns: Sequence[str]) -> list[str]:
    """Return when each document that the columns list was first seen, in order."""
    sql = "select l.first_seen from json_each(?) c join listed l on l.column_url = c.value"
    return sorted(at for (at,) in connection.execute(sql, [json.dumps(list(columns))]))


def listed(connection: sqlite3.Connection, columns: Sequence[str]) -> Iterator[tuple[str, Past]]:
    """Yield address and past of every document that columns list."""
    given = [json.dumps(list(columns))]
    told = connection.execute(_BORN.format(urls=_LISTED), given).fetchall()
    began: dict[str, str] = {}
    for *_, column, first_seen in told:
        began[column] = min(began.get(column, first_seen), first_seen)
    births = _births(told, began)
    rows = connection.execute(_SEEN.format(urls=_LISTED), given)
    for url, group in groupby(rows, key=itemgetter(0)):
        yield url, _past(list(group), births.get(url, ()))


def entries(
    connection: sqlite3.Connection, columns: Sequence[str]
) -> Iterator[tuple[str, str, str | None]]:
    """Yield address, title and date (None: it has none) of every document that columns ever
    listed."""
    for url, anchor, listed_date, _ in connection.execute(_ENTRIES, [json.dumps(list(columns))]):
        yield url, anchor or "", listed_date


def page(connection: sqlite3.Connection, url: str) -> Past | None:
    """Return the past of a page; None: it was never captured."""
    rows = connection.execute(_SEEN.format(urls="select ? as url"), [url]).fetchall()
    if not rows:
        return None
    told = connection.execute(_BORN.format(urls="select ? as url"), [url]).fetchall()
    began = dict(connection.execute(_BEGAN.format(urls="select ? as url"), [url]).fetchall())
    births = _births(told, began)
    return _past(rows, births.get(url, ()))


def _past(rows: Sequence[tuple[str, ...]], births: Sequence[datetime]) -> Past:
    seen = [Seen(_aware(at), outcome, mark) for _, _, at, outcome, mark in rows]
    return Past(rows[-1][1] or "other", seen, births)


def _births(told: Iterable[tuple[Any, ...]], began: Mapping[str, str]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for url, published, year, listed_date, column, first_seen in told:
        moments = born(published or listed_date, year, first_seen, began.get(column))
        found.setdefault(url, []).extend(moments)
    return found


def born(
    day: str | None, year: int | None, first_seen: str | None, began: str | None
) -> Iterator[datetime]:
    """Yield when a document came out, as far as is known.

    ``day``: its date (ISO); None: not known, then it is that of the year after ``year``, on which
    it reports; ``first_seen``, ``began``: when its list first named it, and was first seen at all.
    """
    if day or year:
        with suppress(ValueError):
            told = date.fromisoformat(day[:10] if day else f"{(year or 0) + 1:04}-01-01")
            yield datetime.combine(told, time(), CHINA)
    if first_seen and began and _aware(first_seen) - _aware(began) > _FIRST_LOOK:
        yield _aware(first_seen)


def _aware(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC)
