"""Finding the capture of an address that is closest in time, by the index over address and time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from sqlite3 import Connection, Row
from typing import Any

from gkcrawl.web.replay.addresses import Wanted, variants

Capture = Mapping[str, Any]
"""A row of ``captures``."""

MOST = 2000
"""Captures of one address that are listed; of a home page that is asked daily five years."""
_COLUMNS = "id, url, captured_at, status, media_type, payload_digest, warc, offset, length, kind"
# What a page loads is better had from a little earlier or later than as an error.
_WHOLE = "and status < 400"


def closest(
    connection: Connection, url: str, wanted: Wanted | None, *, whole: bool = False
) -> Capture | None:
    """Return the capture of ``url`` closest to a moment, None: there is none.

    ``wanted`` None: the newest. ``whole``: of those alone that are no errors. Among captures of
    equal distance those of exactly this address come first, then the older.
    """
    names = variants(url)
    moment = None if wanted is None else _text(wanted.last)
    found = [
        (row, place)
        for place, name in enumerate(names)
        for row in _beside(connection, name, moment, _WHOLE if whole else "")
    ]
    if not found:
        return None
    if wanted is None:
        return max(found, key=lambda one: (one[0]["captured_at"], -one[1]))[0]
    return min(found, key=lambda one: (_distance(one[0], wanted), one[1]))[0]


def captures_of(connection: Connection, url: str) -> list[Capture]:
    """Return the captures of ``url``, the newest first; of very many the newest ``MOST``."""
    names = variants(url)
    marks = ", ".join("?" * len(names))
    sql = (
        f"select {_COLUMNS}, outcome from captures where url in ({marks}) "
        f"order by captured_at desc limit {MOST}"
    )
    return _rows(connection, sql, names)


def neighbours(connection: Connection, shown: Capture) -> dict[str, Capture]:
    """Return the captures of the same address around one: ``first``, ``prev``, ``next``, ``last``,
    as far as there are such."""
    url, at = shown["url"], shown["captured_at"]
    asked = {
        "first": ("", "", "asc"),
        "prev": ("and captured_at < ?", at, "desc"),
        "next": ("and captured_at > ?", at, "asc"),
        "last": ("", "", "desc"),
    }
    found = {}
    for name, (condition, moment, order) in asked.items():
        sql = (
            f"select url, captured_at from captures where url = ? {condition} "
            f"order by captured_at {order} limit 1"
        )
        rows = _rows(connection, sql, (url, moment) if condition else (url,))
        if rows:
            found[name] = rows[0]
    return found


def _beside(connection: Connection, url: str, moment: str | None, only: str) -> list[Capture]:
    """Return the last capture up to a moment and the first one behind it."""
    select = f"select {_COLUMNS} from captures where url = ? {only} "
    if moment is None:
        return _rows(connection, select + "order by captured_at desc limit 1", (url,))
    before = select + "and captured_at <= ? order by captured_at desc limit 1"
    behind = select + "and captured_at > ? order by captured_at limit 1"
    return [
        *_rows(connection, before, (url, moment)),
        *_rows(connection, behind, (url, moment)),
    ]


def _rows(connection: Connection, sql: str, parameters: Sequence[str]) -> list[Capture]:
    cursor = connection.cursor()
    cursor.row_factory = Row
    return [dict(row) for row in cursor.execute(sql, parameters)]


def _distance(capture: Capture, wanted: Wanted) -> timedelta:
    try:
        return wanted.distance(datetime.fromisoformat(capture["captured_at"]))
    except (TypeError, ValueError):  # other people's dates may be none
        return timedelta.max


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
