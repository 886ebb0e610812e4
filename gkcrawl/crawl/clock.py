"""The clock of this run: its steps are those of time, whatever is done to the machine's clock.

A machine's clock is set now and then, by hours when it was wrong. Dates in the archive must not
jump with it, nor stand still until it has caught up; so the clock is read once, and the time since
then is counted by the one that nobody sets. (Where there is one, by that which counts while the
machine sleeps, too.)
"""

import time
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=1)
"""Smaller differences are a clock that is kept right."""


def _counted() -> float:
    counter = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(counter)


_read, _began = datetime.now(UTC), _counted()
_step = timedelta()


def now() -> datetime:
    """Return the time, aware, in UTC; never earlier than what it returned before."""
    return _read + timedelta(seconds=_counted() - _began)


def stepped() -> timedelta | None:
    """Return how far the machine's clock is ahead of ours; None: as far as when last asked."""
    global _step
    step = datetime.now(UTC) - now()
    if abs(step - _step) < TOLERANCE:
        return None
    _step = step
    return step
