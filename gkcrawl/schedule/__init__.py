"""When a page is fetched again: the question that makes both resuming and recrawling (断点续爬).

A crawl that was killed is started again and goes on, since what it captured is not due yet. There
is no saved frontier besides the catalog. The rules stand in ``config/schedule.yml``.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from archive.records import PageClass
from gkcrawl.schedule import deciding
from gkcrawl.schedule.deciding import VISITED, Due, Seen
from gkcrawl.schedule.rules import ELSEWHERE, Rules, ScheduleError, load_rules, read_rules

__all__ = [
    "KEPT",
    "NAVIGATION",
    "WAITS",
    "Due",
    "Rules",
    "ScheduleError",
    "Seen",
    "due",
    "is_time_to_look",
    "load_rules",
    "read_rules",
]

# Pages that only lead to reports are fetched on every run: they say what is new.
NAVIGATION = VISITED

KEPT: timedelta
"""Between two equal questions to a document site or a web archive."""
WAITS: dict[str, timedelta]
"""Outcome of the last capture -> how long to wait before the next try."""


def __getattr__(name: str) -> Any:
    # Not at import: a mistake in the file is to be told by whoever asks for the rules.
    if name == "KEPT":
        return load_rules().classes[ELSEWHERE].first
    if name == "WAITS":
        return dict(load_rules().waits)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def due(page_class: PageClass, last: tuple[str, str | None] | None, now: datetime) -> Due:
    """Return whether a page is due in a run that has begun, by its newest capture alone.

    ``last`` is the newest capture as (ISO 8601 time in UTC, outcome or None if it was not read
    yet), None if there is none; ``now`` is aware.
    """
    if page_class in NAVIGATION:
        return Due(True, now, "navigation")
    captures = [Seen(datetime.fromisoformat(last[0]), last[1])] if last else []
    return deciding.due(page_class, captures, now, load_rules())


def is_time_to_look(last: str | None, now: datetime) -> bool:
    """Tell whether a portal's columns are to be looked for anew.

    ``last`` is when its home page was last fetched (ISO 8601, UTC), None: never; ``now`` is aware.
    """
    if last is None:
        return True
    return now >= datetime.fromisoformat(last).astimezone(UTC) + load_rules().columns
