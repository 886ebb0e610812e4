"""The hours of the day of faults: what befalls pages, hosts and the machine, what is said of it."""

import json
import logging
import random
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.scale.faults_kinds import HOST_FAULTS, MACHINE_FAULTS, Hour, rot
from bench.scale.faults_land import Land
from bench.scale.faults_machine import DONE, Machine
from bench.scale.faults_web import Portal

logger = logging.getLogger(__name__)

HOSTS_AN_HOUR = 2
"""That fail, those included that have since before."""


@dataclass(slots=True)
class Injected:
    """One fault that was made."""

    kind: str
    hour: int
    words: frozenset[str]
    """Any of these names it."""
    page: str = ""
    """Path of the one page that was concerned."""
    portal: Portal | None = None
    """Where it was; None: on the machine."""
    until: int = 0
    """The last hour in which it lasted."""
    found: set[str] = field(default_factory=set)
    """The words that were said or written of the place and the time."""

    @property
    def where(self) -> str:
        """The address of the page or the host; else the machine."""
        return (self.portal.url.rstrip("/") + self.page) if self.portal else "machine"

    @property
    def happened(self) -> bool:
        """Whether anybody met it."""
        return not (self.page and self.portal) or self.page in self.portal.asked

    @property
    def named(self) -> bool:
        """Whether one of its words was among them."""
        return not self.words.isdisjoint(self.found)


@dataclass
class Day:
    """The hours so far."""

    land: Land
    machine: Machine
    rng: random.Random
    copies: Path
    """Good copies of files that have rotted since."""
    injected: list[Injected] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    """Exit status -> crawls."""
    whole: set[int] = field(default_factory=set)
    """Hours whose crawl came to its end."""
    ailing: list[Injected] = field(default_factory=list)
    """Hosts that fail now."""
    stuck: list[str] = field(default_factory=list)
    """What crawls said that should have come to their end and did not."""
    runs: dict[int, set[str]] = field(default_factory=dict)
    """Hour -> the runs that began in it."""

    def hour(self, number: int, trouble: str, *, is_due: bool = False) -> None:
        """Play an hour in which ``trouble`` befalls the machine."""
        for one in self.land.publish():
            words = {f"{row} {word}" for row in ("outcome", "failure") for word in one.words}
            self.injected.append(Injected(one.kind, number, frozenset(words), one.path, one.portal))
        self._ail(number)
        hour = Hour(self.machine, self.land, self.rng, ("--due",) if is_due else ())
        done = MACHINE_FAULTS[trouble](hour)
        self.statuses[done.ran.status] += 1
        if done.happened:
            said = {word for word in done.words if word.removeprefix("said ") in done.ran.said}
            self.injected.append(Injected(trouble, number, done.words, found=said))
        self._end_hour(number, done.ran.status)

    def calm_hour(self, number: int) -> None:
        """Play an hour in which nothing happens: what was left undone is made up for."""
        ran = self.machine.crawl()
        self.statuses[ran.status] += 1
        if ran.status not in DONE:
            self.stuck.append(ran.said[-2000:])
        self._end_hour(number, ran.status)

    def _end_hour(self, number: int, status: int) -> None:
        for one in self.ailing:
            one.until = number
        if status in DONE:
            self.whole.add(number)
        if {number, number - 1} <= self.whole | {-1}:
            # A crawl that was stopped may not have met them, and the next one goes on with what
            # that one was told: so long they last.
            for one in self.ailing:
                if one.portal:
                    HOST_FAULTS[one.kind].end(one.portal)
            self.ailing.clear()
        known = set().union(*self.runs.values())
        self.runs[number] = {run for (run,) in self.machine.rows("select id from runs")} - known
        self.machine.now += timedelta(hours=1)
        logger.info("hour %d: %s", number, dict(self.statuses))

    def _ail(self, number: int) -> None:
        """Let some hosts fail that are well."""
        ill = [one.portal for one in self.ailing]
        well = [portal for portal in self.land.portals if portal not in ill]
        for portal in self.rng.sample(well, HOSTS_AN_HOUR - len(self.ailing)):
            name = next(self._ailments)
            HOST_FAULTS[name].begin(portal)
            one = Injected(name, number, HOST_FAULTS[name].words, portal=portal)
            self.injected.append(one)
            self.ailing.append(one)

    def __post_init__(self) -> None:
        self._ailments = shuffled(HOST_FAULTS, self.rng)

    def rot(self, number: int) -> None:
        """Let a bit of a file rot that is whole."""
        kept = {path.name for path in self.copies.glob("*")}
        whole = [path for path in self.machine.finished() if path.name not in kept]
        if whole:
            path = rot(self.rng.choice(whole), self.rng, self.copies)
            self.injected.append(Injected("bit rot", number, frozenset({f"verify {path.name}"})))

    def look_after(self) -> set[str]:
        """Verify as the archive's keeper does, and put good copies in place of what has rotted.

        Returns the names of the files of which verify had something to say.
        """
        names = {problem["file"] for problem in self._problems()}
        for one in self.injected:
            one.found |= {word for word in one.words if word.removeprefix("verify ") in names}
        for copy in list(self.copies.glob("*")):
            shutil.move(copy, self.machine.home / "warc" / copy.name)
        return names

    def end(self) -> list[dict[str, Any]]:
        """Repair what a person would let be repaired, and return what verify still finds."""
        self.look_after()
        problems = self._problems("--repair")
        # What nobody asked for did no harm: its host failed as a whole, or was left in peace.
        self.injected = [one for one in self.injected if one.happened]
        for one in self.injected:
            one.found |= {f"{row} {word}" for row, word in self._written_of(one)}
        return problems

    def _problems(self, *options: str) -> list[dict[str, Any]]:
        """Return what verify finds; RuntimeError where it does not come to its end."""
        ran = self.machine.command("verify", "--json", "--no-resume", *options)
        if not ran.stdout.strip():
            raise RuntimeError(f"verify ended with {ran.status}: {ran.said[-2000:]}")
        problems: list[dict[str, Any]] = json.loads(ran.stdout)
        return problems

    def _written_of(self, one: Injected) -> Iterator[tuple[str, str]]:
        """Yield what the catalog has of a fault's place and time: kind of row, and its word."""
        if one.page:
            yield from self.machine.rows(_OF_PAGE, one.where)
            return
        for run in self._runs_about(one):
            if one.portal is None:
                yield from self.machine.rows(_OF_RUN, run)
            else:
                yield from self.machine.rows(_OF_HOST, run, f"{one.portal.url}%", one.portal.code)

    def _runs_about(self, one: Injected) -> set[str]:
        """Return the runs that may tell of a fault: of its hour, and of the machine those until a
        crawl comes to its end, which finds what a killed one left."""
        later = (hour for hour in sorted(self.whole) if hour > one.hour)
        last = one.until if one.portal else next(later, one.hour)
        hours = range(one.hour, max(one.hour, last) + 1)
        return set().union(*(self.runs.get(hour, set()) for hour in hours))


_OF_PAGE = """
    select 'outcome', outcome from captures where url = ?1
    union select 'failure', error from failures where url = ?1"""
_OF_RUN = """
    select 'run', reason from runs where id = ?1
    union select 'monitor', name from monitors where run_id = ?1 and status = 'failed'
    union select 'failure', error from failures where run_id = ?1"""
_OF_HOST = """
    select 'outcome', outcome from captures where run_id = ?1 and url like ?2
    union select 'failure', error from failures where run_id = ?1 and url like ?2
    union select 'notice', kind from notices where run_id = ?1 and portal = ?3
    union select 'monitor', name from monitors
      where run_id = ?1 and portal = ?3 and status = 'failed'"""


def shuffled(kinds: Iterable[str], rng: random.Random) -> Iterator[str]:
    """Yield the kinds in rounds without end, each round in another order."""
    while True:
        yield from rng.sample(list(kinds), len(list(kinds)))
