"""Nights one after the other: what the product's own schedule takes, and what comes of it.

What is due, in which order and how much of it a run takes is decided by ``gkcrawl.schedule``:
``due`` with the shipped rules, and ``plan``. What the catalog would have told it is kept here in
memory: visits of hosts, and documents in bundles that were always fetched together.
"""

import heapq
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bench.scale.national_queues import Outcome, Run, Stay
from bench.scale.national_records import (
    NIGHT,
    Bundle,
    Costs,
    Known,
    Night,
    Plan,
    Tally,
    share_out,
)
from bench.scale.national_world import Host
from gkcrawl.duecrawl import _jobs
from gkcrawl.schedule.agenda import UNKNOWN_REQUESTS, Turn, by_spider, plan
from gkcrawl.schedule.deciding import STOPPED, Due, Past, Seen, due
from gkcrawl.schedule.rules import Rules

START = timedelta(hours=14, minutes=30)
"""22:30 in China, which `gkcrawl schedule print` proposes, as UTC."""
_REMEMBERED = 5
"""Visits and captures that are kept: by then every span has come to its bound."""
_TOGETHER = timedelta(days=7)
"""Documents of a host that came out within so many days are one bundle."""


class Country:
    """All hosts and what a catalog would know of them; nights are played on it in order."""

    def __init__(self, hosts: Sequence[Host], costs: Costs, rules: Rules, seed: int) -> None:
        self.costs, self.rules = costs, rules
        self.known = {host.name: Known(host) for host in hosts}
        self.rng = random.Random(f"nights {seed}")
        self.grain = 1
        """See ``national_queues.Run``."""
        self.past_years = 0
        """Of which every organ's reports are still on its site."""
        self.free_at = datetime.min.replace(tzinfo=UTC)
        """When the last run has ended."""

    def settle(self, day: date, years: int) -> None:
        """Begin with hosts that are all known, with the reports of ``years`` years.

        They were visited the night before; the documents of years ago are asked for as seldom as
        the rules allow, on days that have spread.
        """
        self.past_years = years
        most = self.rules.classes["article"].most
        for one in self.known.values():
            at = _start(day) - timedelta(hours=self.rng.uniform(17, 24))
            one.reports = one.host.organs * years if one.host.health == "well" else 0
            self._visited(one, at, _outcome(one.host), self._lists(one.host))
            for part in range(6 if one.reports else 0):
                last = at - most * self.rng.random()
                seen = [Seen(last - most * n, "report", "1") for n in reversed(range(_REMEMBERED))]
                number = one.reports // 6 + (part < one.reports % 6)
                one.bundles.append(self._bundle(number, seen, ()))

    def is_free(self, day: date) -> bool:
        """Tell whether no earlier run goes on when a day's would begin: that would be refused."""
        return self.free_at <= _start(day)

    def night(self, day: date, how: Plan) -> Night:
        """Play the run of a day's night."""
        now = _start(day)
        turns = self._turns(now + self.rules.ahead)
        taken, left = plan(turns, how.requests)
        tally, free = Tally(), [now] * how.at_once
        outcomes: list[Outcome] = []
        in_time = 0
        for own, share in _jobs(by_spider(taken), how.requests).values():
            begun = heapq.heappop(free) + timedelta(seconds=how.start_seconds)
            run = Run(
                {turn.unit.host: self._work(turn.unit.host, day, now) for turn in own},
                self.rng,
                workers=how.workers,
                budget=share,
                grain=self.grain,
            )
            outcome = run.go()
            heapq.heappush(free, begun + timedelta(seconds=outcome.ended))
            for stay in outcome.stays:
                ended = begun + timedelta(seconds=stay.ended)
                in_time += stay.is_over and ended - now <= NIGHT
                self._learn(stay, ended, outcome.is_cut, day, now, tally)
            outcomes.append(outcome)
        self.free_at = max(free)
        machine = max((one.longest for one in outcomes), key=lambda one: one[1], default=("", 0.0))
        taken_hosts = sum(len(one.stays) for one in outcomes)
        due_hosts = len(taken) + len(left)
        return Night(
            day=day,
            requests=tally.requests,
            new=tally.new,
            again=tally.again,
            visited=tally.visited,
            due=due_hosts,
            left=due_hosts - taken_hosts + tally.broken,
            in_time=in_time,
            seconds=(self.free_at - now).total_seconds(),
            machine=machine[0],
            machine_seconds=machine[1],
            spider_seconds=max((one.ended for one in outcomes), default=0.0),
            spiders=len(outcomes),
            is_cut=any(one.is_cut for one in outcomes),
        )

    def _turns(self, until: datetime) -> list[Turn]:
        found = [self._turn(one, until) for one in self.known.values()]
        # As gkcrawl.schedule.agenda has it.
        return sorted(found, key=lambda t: (not t.due, t.kind == "documents", t.waiting_since))

    def _turn(self, one: Known, until: datetime) -> Turn:
        unit = one.host.unit
        if one.due is None:
            first = Due(True, until, "never visited")
            return Turn(unit, first, None, "lists", UNKNOWN_REQUESTS)
        last, size = one.visits[-1].at, max(one.sizes, default=UNKNOWN_REQUESTS)
        answer = replace(one.due, due=until >= one.due.next)
        pages = (b.due for b in one.bundles if b.due.next > last and not b.due.patient)
        early = min(pages, key=lambda page: page.next, default=None)
        if not answer.due and early and early.next < answer.next:
            page = replace(early, due=until >= early.next)
            return Turn(unit, page, last, "documents", size)
        return Turn(unit, answer, last, "lists", size)

    def _lists(self, host: Host, *, first: bool = False) -> int:
        each = self.costs.finding_per_organ if first else self.costs.lists_per_organ
        return self.costs.always + round(host.organs * each)

    def _work(self, name: str, day: date, now: datetime) -> tuple[Host, int]:
        """Return a host and the requests of its visit."""
        one = self.known[name]
        documents = self._unseen(one, day) + sum(b.number for b in self._stale(one, now))
        pages = self._lists(one.host, first=not one.is_known)
        wanted = pages + round(documents * self.costs.pages_per_report)
        return one.host, min(wanted, self.rules.requests_per_host)

    def _unseen(self, one: Known, day: date) -> int:
        out = round(one.host.organs * (self.past_years + share_out(day)))
        return max(out - one.reports, 0)

    def _stale(self, one: Known, now: datetime) -> list[Bundle]:
        return [bundle for bundle in one.bundles if bundle.due.next <= now + self.rules.ahead]

    def _learn(
        self, stay: Stay, ended: datetime, is_cut: bool, day: date, now: datetime, tally: Tally
    ) -> None:
        """Note what a visit brought."""
        one = self.known[stay.host.name]
        tally.requests += stay.tries
        tally.visited += stay.is_over
        tally.broken += not stay.is_over
        fetched = self._fetched(one, stay)
        new = min(self._unseen(one, day), fetched)
        again = 0
        for bundle in self._stale(one, now):
            if again + bundle.number <= fetched - new:
                again += bundle.number
                bundle.seen = [*bundle.seen[1 - _REMEMBERED :], Seen(ended, "report", "1")]
                bundle.due = self._next(bundle.seen, bundle.births)
        if new:
            one.reports += new
            self._enter(one, new, ended)
        tally.new, tally.again = tally.new + new, tally.again + again
        outcome = STOPPED if is_cut else _outcome(stay.host)
        one.is_known = one.is_known or stay.answered > 0
        self._visited(one, ended, outcome, stay.answered)

    def _enter(self, one: Known, new: int, at: datetime) -> None:
        """Put new documents into a bundle; those of a few days share one."""
        births = (at,) if one.is_known else ()
        last = one.bundles[-1] if one.bundles else None
        if births and last and last.births and at - last.births[0] < _TOGETHER:
            last.number += new
            last.seen = [*last.seen[:-1], Seen(at, "report", "1")]
            last.due = self._next(last.seen, last.births)
        else:
            one.bundles.append(self._bundle(new, [Seen(at, "report", "1")], births))

    def _fetched(self, one: Known, stay: Stay) -> int:
        pages = self._lists(one.host, first=not one.is_known)
        return max(round((stay.answered - pages) / self.costs.pages_per_report), 0)

    def _visited(self, one: Known, at: datetime, outcome: str, captures: int) -> None:
        is_good = outcome == "navigation"
        seen = Seen(at, outcome, str(one.reports) if is_good else None)
        one.visits = [*one.visits[1 - _REMEMBERED :], seen]
        # Of a visit without any capture the catalog knows nothing.
        one.sizes = [*one.sizes, captures][-3:] if captures else one.sizes
        one.is_known = one.is_known or is_good
        one.due = due(Past("listing", one.visits), at, self.rules)

    def _bundle(self, number: int, seen: list[Seen], births: tuple[datetime, ...]) -> Bundle:
        return Bundle(number, seen, births, self._next(seen, births))

    def _next(self, seen: list[Seen], births: tuple[datetime, ...]) -> Due:
        return due(Past("article", seen, births), seen[-1].at, self.rules)


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + START


def _outcome(host: Host) -> str:
    return {"well": "navigation", "blocked": "blocked"}.get(host.health, "failed")
