"""What the catalog says of a simulated year, held against what was planned."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from bench.scale.year_plan import Change
from bench.scale.year_world import LAST, first_host

HOST_EVENTS = frozenset({"host_moved", "template", "outage"})
_EVENTS = """
    select kind, host, url, first_seen, confirmed_at, silent, message
    from events order by first_seen"""
_NEW = """
    select 'new', '', s.url, v.seen_at, v.seen_at, null, r.title
    from versions v join reports r on r.id = v.report_id
    join sources s on s.report_id = r.id and s.capture_id is not null
    where v.n = 1 and r.year = ? group by r.id order by v.seen_at"""


@dataclass(frozen=True, slots=True)
class Found:
    """An event as the catalog has it."""

    kind: str
    host: str
    url: str
    first_seen: str
    confirmed_at: str | None
    silent: int | None
    message: str | None

    @property
    def place(self) -> str:
        """Return host and path; of an event of a site its host."""
        parts = urlsplit(self.url)
        path = "" if self.kind in HOST_EVENTS else parts.path
        return first_host(parts.netloc + path)

    @property
    def at(self) -> datetime:
        """Return when it was certain."""
        return datetime.fromisoformat(self.confirmed_at or self.first_seen).astimezone(UTC)


def score(
    catalog: Path,
    plan: Sequence[Change],
    begin: date,
    asked: Mapping[int, frozenset[str]],
) -> dict[str, Any]:
    """Return how the events of a catalog agree with the plan.

    ``asked``: day -> hosts that were asked on it: an outage that nobody met cannot be known.
    """
    found = _found(catalog)
    left = list(found)
    told: dict[str, list[Any]] = {"missed": [], "doubled": [], "unmet": [], "wrong": []}
    delays: dict[tuple[str, bool, bool], list[float]] = {}
    for change in plan:
        if change.event is None or change.day not in asked:
            continue
        if change.until and not _was_met(change, asked):
            told["unmet"].append(_named(change))
            continue
        own = [one for one in left if _fits(change, one, plan, begin)]
        left = [one for one in left if one not in own]
        if not own:
            told["missed"].append(_named(change))
            continue
        if len(own) > 1:
            told["doubled"].append([_named(change), len(own)])
        if change.event == "numbers" and own[0].silent != (change.kind == "numbers"):
            told["wrong"].append([_named(change), own[0].silent])
        delay = (own[0].at - happened(begin, change.day)) / timedelta(days=1)
        in_season = (begin + timedelta(days=change.day)).month <= 4
        delays.setdefault((change.kind, in_season, change.is_fresh), []).append(delay)
    season = [d for (_, in_season, _), own in delays.items() if in_season for d in own]
    return {
        "planned": dict(Counter(one.kind for one in plan)),
        "found": sum(map(len, delays.values())),
        **told,
        "false": [[one.kind, one.url, one.first_seen, one.message] for one in left],
        "delay_in_season_days": round(median(season), 2) if season else None,
        "delays_days": {
            f"{kind}, {'in' if season else 'off'} season{', fresh' if fresh else ''}": {
                "n": len(own),
                "median": round(median(own), 2),
                "most": round(max(own), 2),
            }
            for (kind, season, fresh), own in sorted(delays.items())
        },
    }


def happened(begin: date, day: int) -> datetime:
    """Return when what happens on a day of the plan happens."""
    return datetime.fromisoformat(f"{begin + timedelta(days=day)}T02:00:00+00:00")


def _found(catalog: Path) -> list[Found]:
    connection = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
    try:
        rows = [*connection.execute(_EVENTS), *connection.execute(_NEW, [LAST])]
    finally:
        connection.close()
    return [Found(*row) for row in rows]


def _fits(change: Change, found: Found, plan: Sequence[Change], begin: date) -> bool:
    """Tell whether an event may come of a change: its kind, its place, and after it, before the
    next of its kind there."""
    if found.kind != change.event or found.place not in map(first_host, change.places):
        return False
    next_day = min(
        (
            one.day
            for one in plan
            if one.event == change.event and one.day > change.day and one.places & change.places
        ),
        default=10_000,
    )
    seen = datetime.fromisoformat(found.first_seen)
    return happened(begin, change.day) <= seen < happened(begin, next_day)


def _was_met(change: Change, asked: Mapping[int, frozenset[str]]) -> bool:
    days = range(change.day, change.until or 0)
    return any(change.places & asked.get(day, frozenset()) for day in days)


def _named(change: Change) -> str:
    where = ", ".join(sorted(change.places)) or change.site
    return f"{change.kind} {change.variant[:12]} on day {change.day}: {where}"
