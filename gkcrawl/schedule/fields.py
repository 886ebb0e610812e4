"""How the fields of schedule.yml are read: each reader raises ValueError with what it expected."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

MonthDay = tuple[int, int]
_LONGEST = 3650.0
"""Days; what is to wait longer was mistyped."""


def number(least: float, most: float, what: str) -> Callable[[Any], float]:
    """Return the reader of a number from ``least`` to ``most``."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(what)
        if not least <= value <= most:
            raise ValueError(what)
        return value

    return read


def days(value: Any) -> timedelta:
    """Return a number of days as a span, which may be none."""
    read = number(0, _LONGEST, f"a number of days from 0 to {_LONGEST:.0f}")
    return timedelta(days=read(value))


def some_days(value: Any) -> timedelta:
    """Return a number of days as a span of six hours or more."""
    read = number(0.25, _LONGEST, f"a number of days from 0.25 to {_LONGEST:.0f}")
    return timedelta(days=read(value))


def whole(value: Any) -> int:
    """Return a whole number from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("a whole number from 1 on")
    return value


def month_day(value: Any) -> MonthDay:
    """Return month and day of ``01-31``."""
    expected = "month and day such as 01-31"
    if not isinstance(value, str) or not re.fullmatch(r"\d\d-\d\d", value):
        raise ValueError(expected)
    try:
        day = date.fromisoformat(f"2000-{value}")
    except ValueError as error:
        raise ValueError(expected) from error
    return day.month, day.day


def month_days(value: Any) -> tuple[MonthDay, ...]:
    """Return each month and day of a list."""
    if not isinstance(value, list):
        raise ValueError("a list of months and days such as [01-31, 03-31]")
    return tuple(map(month_day, value))


def outcomes(value: Any) -> frozenset[str]:
    """Return the names of a list."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("a list of outcomes (docs/outcomes.md)")
    return frozenset(value)


def waits(value: Any) -> Mapping[str, timedelta]:
    """Return the spans of a mapping by their names."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise ValueError("a mapping of outcomes (docs/outcomes.md) to days")
    return {name: some_days(span) for name, span in value.items()}
