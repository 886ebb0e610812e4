"""What a simulated night is told and tells, and when the reports of a year come out."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from bench.scale.national_world import Host
from gkcrawl.schedule.deciding import Due, Seen

NIGHT = timedelta(hours=8)
"""From the start of a crawl until people come to work."""
# What part of a year's reports is out by the end of a day: organs owe theirs by January 31,
# governments by March 31. The steps between are assumed.
PUBLISHED = ((1, 1, 0.0), (1, 15, 0.10), (1, 31, 0.72), (2, 28, 0.85), (3, 31, 0.99), (4, 30, 1.0))


@dataclass(frozen=True, slots=True)
class Costs:
    """Requests of a visit, as they were measured."""

    lists_per_organ: float
    """Columns and lists that a visit reads again where all columns are known."""
    finding_per_organ: float
    """Pages of a first visit that are no documents."""
    pages_per_report: float
    """Documents and their attachments."""
    always: int = 2
    """robots.txt and the home page."""


@dataclass(slots=True)
class Bundle:
    """Documents of a host that were always fetched together."""

    number: int
    seen: list[Seen]
    births: tuple[datetime, ...]
    """Empty: they were published years ago."""
    due: Due


@dataclass(slots=True)
class Tally:
    """What a night's runs brought."""

    requests: int = 0
    new: int = 0
    again: int = 0
    visited: int = 0
    broken: int = 0
    """Hosts whose visit was cut."""


@dataclass(slots=True)
class Known:
    """What the catalog would know of a host."""

    host: Host
    visits: list[Seen] = field(default_factory=list)
    due: Due | None = None
    """By the last visit; None: there was none."""
    reports: int = 0
    sizes: list[int] = field(default_factory=list)
    """Captures of the visits, the last three."""
    bundles: list[Bundle] = field(default_factory=list)
    is_known: bool = False
    """Its columns were found."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the crawl is run."""

    requests: int
    """Budget of a run."""
    at_once: int = 1
    """Spiders that run side by side, each with a process of its own."""
    workers: int = 1
    """Processes that share one spider's frontier."""
    start_seconds: float = 10.0
    """Of a spider's process until its first request."""


@dataclass(frozen=True, slots=True)
class Night:
    """What one run of ``crawl --due`` came to."""

    day: date
    requests: int
    new: int
    """Reports that were fetched for the first time."""
    again: int
    """Documents that were fetched anew."""
    visited: int
    """Hosts of which everything that was wanted was asked."""
    due: int
    left: int
    """Hosts that were due and had no turn, or not all of it."""
    in_time: int
    """Hosts whose visit ended before the morning."""
    seconds: float
    machine_seconds: float
    """Of the machine that was busy longest."""
    machine: str
    spider_seconds: float
    """Of the spider that took longest."""
    spiders: int
    is_cut: bool

    @property
    def overran(self) -> bool:
        """Whether it still went on in the morning."""
        return self.seconds > NIGHT.total_seconds()


def share_out(day: date) -> float:
    """Return what part of the reports on last year is out by the end of a day (PUBLISHED)."""
    steps = [(date(day.year, month, d), share) for month, d, share in PUBLISHED]
    for (before, low), (after, high) in pairwise(steps):
        if day <= after:
            return low + (high - low) * ((day - before) / (after - before))
    return 1.0
