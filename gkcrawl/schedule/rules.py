"""The rules by which pages are fetched again: ``config/schedule.yml`` read, each mistake named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import get_args

from archive.config import config_path
from archive.deadlines import CHINA
from archive.records import PageClass
from gkcrawl.portals import load_yaml
from gkcrawl.portals.fields import Fields, mapping, read_record
from gkcrawl.schedule import fields as read
from gkcrawl.schedule.fields import MonthDay

ELSEWHERE = "elsewhere"
"""The class of document sites and web archives, beside those of pages."""
CLASSES: tuple[str, ...] = (*get_args(PageClass), ELSEWHERE)


class ScheduleError(ValueError):
    """schedule.yml is not as it should be; the message has one line for each mistake."""


@dataclass(frozen=True, slots=True)
class Season:
    """The part of the year in which the reports on last year come out."""

    begin: MonthDay
    end: MonthDay
    """The last day, included."""
    every: timedelta
    """Between two visits to a portal, and two looks at a fresh document."""
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
class Fresh:
    """How documents are looked at that came out, or changed, not long ago."""

    lasting: timedelta
    """How long they count as such."""
    span: Span
    """Out of the season; in it they are looked at as often as portals are visited."""


@dataclass(frozen=True, slots=True)
class Vanished:
    """How it is decided whether a document is gone for good."""

    outcomes: frozenset[str]
    """Of captures that say so."""
    every: timedelta
    """Between two tries, until it is decided: after so many ``tries`` on different days, the first
    and the last of which lie so many ``days`` apart."""
    tries: int
    days: timedelta


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
    fresh: Fresh
    vanished: Vanished
    waits: Mapping[str, timedelta]
    """Outcome of the last capture -> when the page is tried again; all others are whole."""
    columns: timedelta
    """How long the columns of a portal are known before they are looked for anew."""
    ahead: timedelta
    """What becomes due within this time is taken along."""
    requests: int
    """Most requests of a scheduled crawl."""
    spiders: int
    """Most spiders of a scheduled crawl at a time."""
    requests_per_host: int
    """Most requests of any run to one host."""


def load_rules() -> Rules:
    """Return the rules in force: of GKCRAWL_CONFIG's schedule.yml, else of the shipped one.

    Raises ScheduleError. A file is read once in a process.
    """
    return _read_once(config_path("schedule.yml"))


def read_rules(path: Path) -> Rules:
    """Return what ``path`` says; ScheduleError names everything that is wrong in it."""
    raw = load_yaml(path, ScheduleError)
    problems: list[str] = []
    parts = read_record(_HEAD, raw, str(path), problems)
    found = {
        name: read_record(fields, parts[name], f"{path}, {name}", problems)
        for name, fields in _PARTS.items()
        if name in parts
    }
    spans = {
        name: read_record(_SPAN, raw_span, f"{path}, classes, {name}", problems)
        for name, raw_span in found.get("classes", {}).items()
    }
    bounded = {f"classes, {name}": span for name, span in spans.items()}
    bounded["fresh"] = found.get("fresh", {})
    problems += [
        f"{path}, {name}: expected least <= first <= most"
        for name, span in bounded.items()
        if span.keys() >= _SPAN.keys() and not span["least"] <= span["first"] <= span["most"]
    ]
    season = found.get("season", {})
    if season.get("from", (1, 1)) > season.get("to", (12, 31)):
        problems.append(f"{path}, season: expected 'from' before 'to' in one year")
    if problems:
        raise ScheduleError("\n".join(problems))
    fresh = found["fresh"]
    lasting = fresh.pop("days")
    return Rules(
        season=Season(season["from"], season["to"], season["every"], season["deadlines"]),
        **found["adaptive"],
        classes={name: Span(**span) for name, span in spans.items()},
        fresh=Fresh(lasting, Span(**fresh)),
        vanished=Vanished(**found["vanished"]),
        waits=parts["waits"],
        columns=parts["columns"],
        ahead=found["run"]["ahead_hours"] / 24,
        requests=found["run"]["requests"],
        spiders=found["run"]["spiders"],
        requests_per_host=found["run"]["requests_per_host"],
    )


_read_once = cache(read_rules)


def _midnight(year: int, day: MonthDay) -> datetime:
    # The 29th of February is the 1st of March where there is none.
    month, number = day
    return datetime(year, month, 1, tzinfo=CHINA) + timedelta(days=number - 1)


_SPAN: Fields = dict.fromkeys(("first", "least", "most"), (read.some_days, True))
_HEAD: Fields = {
    "season": (mapping, True),
    "adaptive": (mapping, True),
    "classes": (mapping, True),
    "fresh": (mapping, True),
    "vanished": (mapping, True),
    "waits": (read.waits, True),
    "columns": (read.some_days, True),
    "run": (mapping, True),
}
_PARTS: Mapping[str, Fields] = {
    "season": {
        "from": (read.month_day, True),
        "to": (read.month_day, True),
        "every": (read.some_days, True),
        "deadlines": (read.month_days, True),
    },
    "adaptive": {
        "unchanged": (read.number(1, 10, "a factor from 1 to 10"), True),
        "changed": (read.number(0.1, 1, "a factor from 0.1 to 1"), True),
    },
    "classes": dict.fromkeys(CLASSES, (mapping, True)),
    "fresh": {"days": (read.some_days, True), **_SPAN},
    "vanished": {
        "outcomes": (read.outcomes, True),
        "every": (read.some_days, True),
        "tries": (read.whole, True),
        "days": (read.some_days, True),
    },
    "run": {
        "ahead_hours": (read.days, True),
        "requests": (read.whole, True),
        "spiders": (read.whole, True),
        "requests_per_host": (read.whole, True),
    },
}
