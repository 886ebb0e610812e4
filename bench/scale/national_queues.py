"""What becomes of one night's crawl, request by request, on a clock that only counts.

Modelled is what decides how long it takes: a machine gives one answer at a time, with a pause that
follows its own speed (Scrapy's AutoThrottle above DOWNLOAD_DELAY); a process has
CONCURRENT_REQUESTS at once, those included that wait for their machine's pause; of the hosts that
are not being asked, Scrapy's scheduler takes the first by name. Who is left in peace is decided by
the crawl's own breaker.
"""

import heapq
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.scale.national_world import Host
from gkcrawl import settings
from gkcrawl.crawl.breaker import BAD_STATUS, Breaker
from gkcrawl.crawl.manners import LONGEST_DELAY

DELAY = settings.DOWNLOAD_DELAY
TIMEOUT = float(settings.DOWNLOAD_TIMEOUT)
AT_ONCE = settings.CONCURRENT_REQUESTS
RETRIES = 2
"""Scrapy's default, for no answer at all and for what is no refusal."""
_TROUBLE = {"silent": (2, TIMEOUT), "refused": (3, 0.1)}
"""Health -> points of a failure (gkcrawl.crawl.manners.FAILURES) and how long it takes."""


@dataclass(slots=True)
class Stay:
    """What a crawl did at one host."""

    host: Host
    wanted: int
    """Requests that its visit takes."""
    begun: float = 0.0
    ended: float = 0.0
    answered: int = 0
    tries: int = 0
    """Requests that were made, those without a good answer included."""

    @property
    def is_over(self) -> bool:
        """Whether all that was wanted was answered, or nothing will be."""
        return self.answered >= self.wanted or self.host.health != "well"


@dataclass(slots=True)
class Machine:
    """One queue of the downloader."""

    delay: float = DELAY
    next: float = 0.0
    """When the next request may go out."""
    busy: float = 0.0
    """Seconds from the first request to the last answer."""
    first: float | None = None

    def ask(self, now: float, seconds: float, least: float, times: int = 1) -> float:
        """Return when the answer to the last of ``times`` requests is there."""
        start = max(now, self.next)
        self.first = start if self.first is None else self.first
        pace = max(self.delay, seconds, least)
        end = start + pace * (times - 1) + seconds
        # AutoThrottle with a target of one: half way to what the server takes, never below it.
        self.delay = min(max(DELAY, seconds, (self.delay + seconds) / 2), LONGEST_DELAY)
        self.next = max(start + pace * times, end)
        self.busy = end - self.first
        return end


@dataclass(slots=True)
class Outcome:
    """One run of a spider."""

    began: float
    ended: float
    stays: list[Stay]
    requests: int
    machines: Mapping[str, Machine]
    is_cut: bool = False
    """The run's budget was spent."""
    longest: tuple[str, float] = ("", 0.0)
    """The machine that was busy longest, and for how many seconds."""


@dataclass(slots=True)
class Run:
    """One spider's run over hosts: ``go`` plays it."""

    work: Mapping[str, tuple[Host, int]]
    """Host -> itself and how many requests it takes."""
    rng: random.Random
    began: float = 0.0
    workers: int = 1
    """Processes that share the frontier."""
    budget: int | None = None
    """Good answers after which the run ends."""
    grain: int = 1
    """Requests that are played at once: with more the result is coarser and sooner there."""
    _machines: dict[str, Machine] = field(default_factory=dict)
    _breaker: Breaker = field(default_factory=Breaker)

    def go(self) -> Outcome:
        """Return what became of it."""
        stays = {name: Stay(host, wanted) for name, (host, wanted) in self.work.items()}
        waiting = sorted(stays)
        asked: list[tuple[float, str, int]] = []
        now, answers, is_cut = self.began, 0, False
        while (waiting or asked) and not is_cut:
            while waiting and len(asked) < AT_ONCE * self.workers:
                stay = stays[heapq.heappop(waiting)]
                end, times = self._ask(stay, now)
                heapq.heappush(asked, (end, stay.host.name, times))
            now, name, times = heapq.heappop(asked)
            stay = stays[name]
            stay.ended = now
            answers += times
            if self._goes_on(stay, now):
                heapq.heappush(waiting, name)
            is_cut = self.budget is not None and answers >= self.budget
        return self._outcome(stays, now, is_cut)

    def _ask(self, stay: Stay, now: float) -> tuple[float, int]:
        """Return when the next answers of a host are there, and how many they are."""
        host = stay.host
        machine = self._machines.setdefault(host.machine, Machine(next=now))
        if not stay.tries:
            stay.begun = now
        if host.health == "well":
            times = min(self.grain, stay.wanted - stay.answered)
            stay.tries += times
            end = machine.ask(now, host.answer_seconds(self.rng), host.crawl_delay, times)
            return end, times
        stay.tries += 1
        seconds = 0.0 if host.health == "blocked" else _TROUBLE[host.health][1]
        return machine.ask(now, seconds or host.seconds, 0.0), 0

    def _goes_on(self, stay: Stay, now: float) -> bool:
        """Note what came of a host's answers; tell whether it is asked for more in this run."""
        host = stay.host
        if host.health == "well":
            stay.answered += min(self.grain, stay.wanted - stay.answered)
            self._breaker.good(host.name)
            return not stay.is_over
        is_refusal = host.health == "blocked"
        tries = 1 if is_refusal else 1 + RETRIES
        page = f"{(stay.tries - 1) // tries}"
        points = BAD_STATUS[host.status] if is_refusal else _TROUBLE[host.health][0]
        self._breaker.bad(host.name, page, points, now)
        return not self._breaker.resting(host.name, now) and stay.tries < stay.wanted

    def _outcome(self, stays: Mapping[str, Stay], now: float, is_cut: bool) -> Outcome:
        told = Outcome(
            self.began,
            now,
            list(stays.values()),
            sum(stay.tries for stay in stays.values()),
            self._machines,
            is_cut,
        )
        busy = {name: machine.busy for name, machine in self._machines.items()}
        told.longest = max(busy.items(), key=lambda one: one[1], default=("", 0.0))
        return told
