"""Is this URL due?  The one question that makes both resuming and recrawling (断点续爬).

A crawl that was killed is started again and goes on, since what it captured is not due yet. There
is no saved frontier besides the catalog.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.records import PageClass

# Pages that only lead to reports are fetched on every run: they say what is new.
NAVIGATION: frozenset[PageClass] = frozenset({"home", "column", "listing", "robots"})

KEPT = timedelta(days=30)
"""After what was captured whole: a report, or something that is none."""

# Outcome of the last capture -> how long to wait before the next try.
WAITS: dict[str, timedelta] = {
    "http_error": timedelta(days=1),
    "failed": timedelta(days=1),
    "truncated": timedelta(days=1),
    "empty": timedelta(days=1),
    "soft_404": timedelta(days=1),
    "not_found": timedelta(days=3),
    # A refusal is respected: the page is not asked for again for days.
    "blocked": timedelta(days=3),
}

LOOKED = timedelta(days=90)
"""After the columns of a portal were looked for from its home page; known ones are read each time,
but a new organ's is only found by looking."""


@dataclass(frozen=True, slots=True)
class Due:
    """Whether a URL is to be fetched now, and why."""

    due: bool
    reason: str
    next: datetime | None
    """When it will be due, aware; None: it is due now."""

    def __bool__(self) -> bool:
        return self.due


def due(page_class: PageClass, last: tuple[str, str | None] | None, now: datetime) -> Due:
    """Return whether a page is due.

    ``last`` is the newest capture as (ISO 8601 time in UTC, outcome or None if it was not read
    yet), None if there is none; ``now`` is aware.
    """
    if page_class in NAVIGATION:
        return Due(True, "navigation", None)
    if last is None:
        return Due(True, "never captured", None)
    captured_at, outcome = last
    wait = WAITS.get(outcome or "", KEPT)
    again = datetime.fromisoformat(captured_at).astimezone(UTC) + wait
    reason = f"{outcome or 'captured'} on {captured_at[:10]}, again after {wait.days} days"
    return Due(True, reason, None) if now >= again else Due(False, reason, again)


def is_time_to_look(last: str | None, now: datetime) -> bool:
    """Tell whether a portal's columns are to be looked for anew.

    ``last`` is when its home page was last fetched (ISO 8601, UTC), None: never; ``now`` is aware.
    """
    return last is None or now >= datetime.fromisoformat(last).astimezone(UTC) + LOOKED
