"""The rules by which pages are fetched again: ``config/schedule.yml`` read, each mistake named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from archive.config import config_path
from archive.records import PageClass
from gkcrawl.portals.fields import Fields, read_record

CHINA = timezone(timedelta(hours=8))
"""China has one time, without summer time since 1991."""
ELSEWHERE = "elsewhere"
"""The class of document sites and web archives, beside those of pages."""
CLASSES: tuple[str, ...] = (*get_args(PageClass), ELSEWHERE)

MonthDay = tuple[int, int]
_LONGEST = 3650.0
"""Days; what is to wait longer was mistyped."""


class ScheduleError(ValueError):
    """schedule.yml is not as it should be; the message has one line for each mistake."""


@dataclass(frozen=True, slots=True)
class Season:
    """The part of the year in which the reports on last year come out."""

    begin: MonthDay
    end: MonthDay
    """The last day, included."""
    every: timedelta
    """Between two visits to a portal."""
    deadlines: tuple[MonthDay, ...] = ()

    def first_from(self, moment: datetime) -> datetime:
        """Return the first moment of the season that is not before ``moment`` (aware)."""
        local = moment.astimezone(CHINA)
        if self.begin <= (local.month, local.day) <= self.end:
            return moment
        begin = _midnight(local.year, self.begin)
        return (begin if begin >= local else _midnight(local.year + 1, self.begin)).astimezone(UTC)

    def after_deadline(self, moment: datetime) -> datetime | None:
        """Return the end of the first deadline's day after ``moment``; None: there is none."""
        year = moment.astimezone(CHINA).year
        ends = (
            _midnight(one, day) + timedelta(days=1)
            for one in (year, year + 1)
            for day in self.deadlines
        )
        return min((end.astimezone(UTC) for end in ends if end > moment), default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """How long pages of a class are left alone: at first, and at least and at most later."""

    first: timedelta
    least: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Rules:
    """What schedule.yml says."""

    season: Season
    unchanged: float
    """Factor of the span after a capture that brought nothing new, 1 or more."""
    changed: float
    """After one that did, above 0 and not above 1."""
    classes: Mapping[str, Span]
    """One for each of CLASSES."""
    waits: Mapping[str, timedelta]
    """Outcome of the last capture -> when the page is tried again; all others are whole."""
    columns: timedelta
    """How long the columns of a portal are known before they are looked for anew."""
    ahead: timedelta
    """A scheduled crawl takes along what becomes due within this time."""
    requests: int
    """Most requests of a scheduled crawl."""


def load_rules() -> Rules:
    """Return the rules in force: of GKCRAWL_CONFIG's schedule.yml, else of the shipped one.

    Raises ScheduleError. A file is read once in a process.
    """
    return _read_once(config_path("schedule.yml"))


def read_rules(path: Path) -> Rules:
    """Return what ``path`` says; ScheduleError names everything that is wrong in it."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScheduleError(f"{path}: cannot be read: {error}") from error
    problems: list[str] = []
    parts = read_record(_HEAD, raw, str(path), problems)
    read = {
        name: read_record(fields, parts[name], f"{path}, {name}", problems)
        for name, fields in _PARTS.items()
        if name in parts
    }
    spans = {
        name: read_record(_SPAN, raw_span, f"{path}, classes, {name}", problems)
        for name, raw_span in read.get("classes", {}).items()
    }
    problems += [
        f"{path}, classes, {name}: expected least <= first <= most"
        for name, span in spans.items()
        if len(span) == len(_SPAN) and not span["least"] <= span["first"] <= span["most"]
    ]
    season = read.get("season", {})
    if season.get("from", (1, 1)) > season.get("to", (12, 31)):
        problems.append(f"{path}, season: expected 'from' before 'to' in one year")
    if problems:
        raise ScheduleError("\n".join(problems))
    return Rules(
        season=Season(season["from"], season["to"], season["every"], season["deadlines"]),
        **read["adaptive"],
        classes={name: Span(**span) for name, span in spans.items()},
        waits=parts["waits"],
        columns=parts["columns"],
        ahead=read["run"]["ahead_hours"] / 24,
        requests=read["run"]["requests"],
    )


_read_once = cache(read_rules)


def _midnight(year: int, day: MonthDay) -> datetime:
    # The 29th of February is the 1st of March where there is none.
    month, number = day
    return datetime(year, month, 1, tzinfo=CHINA) + timedelta(days=number - 1)


def _number(least: float, most: float, what: str) -> Callable[[Any], float]:
    """Return the reader of a number from ``least`` to ``most``, else ValueError of ``what``."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(what)
        if not least <= value <= most:
            raise ValueError(what)
        return value

    return read


def _days(value: Any) -> timedelta:
    read = _number(0, _LONGEST, f"a number of days from 0 to {_LONGEST:.0f}")
    return timedelta(days=read(value))


def _some_days(value: Any) -> timedelta:
    read = _number(0.25, _LONGEST, f"a number of days from 0.25 to {_LONGEST:.0f}")
    return timedelta(days=read(value))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("a whole number from 1 on")
    return value


def _month_day(value: Any) -> MonthDay:
    expected = "month and day such as 01-31"
    if not isinstance(value, str) or not re.fullmatch(r"\d\d-\d\d", value):
        raise ValueError(expected)
    try:
        day = date.fromisoformat(f"2000-{value}")
    except ValueError as error:
        raise ValueError(expected) from error
    return day.month, day.day


def _month_days(value: Any) -> tuple[MonthDay, ...]:
    if not isinstance(value, list):
        raise ValueError("a list of months and days such as [01-31, 03-31]")
    return tuple(map(_month_day, value))


def _waits(value: Any) -> Mapping[str, timedelta]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise ValueError("a mapping of outcomes (docs/outcomes.md) to days")
    return {name: _some_days(days) for name, days in value.items()}


def _mapping(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError("a mapping")
    return value


_HEAD: Fields = {
    "season": (_mapping, True),
    "adaptive": (_mapping, True),
    "classes": (_mapping, True),
    "waits": (_waits, True),
    "columns": (_some_days, True),
    "run": (_mapping, True),
}
_PARTS: Mapping[str, Fields] = {
    "season": {
        "from": (_month_day, True),
        "to": (_month_day, True),
        "every": (_some_days, True),
        "deadlines": (_month_days, True),
    },
    "adaptive": {
        "unchanged": (_number(1, 10, "a factor from 1 to 10"), True),
        "changed": (_number(0.1, 1, "a factor from 0.1 to 1"), True),
    },
    "classes": dict.fromkeys(CLASSES, (_mapping, True)),
    "run": {
        "ahead_hours": (_days, True),
        "requests": (_whole, True),
    },
}
_SPAN: Fields = dict.fromkeys(("first", "least", "most"), (_some_days, True))
