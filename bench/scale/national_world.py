"""The portals of the whole country as hosts of a simulation: real names, drawn behaviour.

Real are the hosts and families (config/portals) and the towns of each county
(config/divisions.csv). Drawn by seed is what nobody has measured for each of them; ``ASSUMED`` says
from what, and why. Hosts of one prefecture that are known to run the same publishing system stand
on one machine here, as platforms of prefectures do since 2018 (集约化), and share its queue.
"""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.testbed import places
from gkcrawl.portals import spider_names
from gkcrawl.schedule.agenda import Unit, units

Level = Literal["province", "prefecture", "county", "single"]
Health = Literal["well", "silent", "refused", "blocked"]

REPORTS_A_YEAR = 170_000
"""Organs that owe a report: governments, their departments, towns and subdistricts."""
_BODIES: Mapping[Level, tuple[float, float]] = {
    "province": (50, 0.2),
    "prefecture": (48, 0.25),
    "county": (34, 0.25),
    "single": (1, 0.0),
}
"""Departments and zones beside the towns: median and spread (lognormal) before they are scaled to
REPORTS_A_YEAR."""
_SINGLE = re.compile(r"[厅局委部署院行会办室]$|委员会$")
"""A portal whose name is an organ's, not a place's, has that organ's reports alone."""
_OWN_TOWN_YEAR = 2025

ASSUMED: Mapping[str, str] = {
    "unreachable": "153 of 3,209 portals gave no answer to a probe of April 2026",
    "refusing": "82 of 3,209 refused it, 66 of them with 412, 10 with 521, 5 with 468, 1 with 403",
    "response_seconds": "not measured: median of hosts 0.8 s, spread 0.8 (lognormal: 1 of 20 above "
    "3 s), of the answers of a host 0.4",
    "crawl_delay": "not measured: 3 of 100 hosts ask for 5 to 30 s",
    "departments": f"drawn by level, so that there are {REPORTS_A_YEAR} reports a year",
    "machines": "hosts of a prefecture with the same family in config/portals share a machine",
}
_UNREACHABLE = 153 / 3209
_REFUSING = 82 / 3209
_REFUSALS = (412,) * 66 + (521,) * 10 + (468,) * 5 + (403,)
_SECONDS, _SPREAD, _WITHIN = 0.8, 0.8, 0.4
_ASKING, _ASKED = 0.03, (5.0, 30.0)


@dataclass(frozen=True, slots=True)
class Host:
    """What one host is like."""

    unit: Unit
    level: Level
    organs: int
    """Each gives a report a year and has a column of its own."""
    machine: str
    health: Health
    status: int
    """What it answers where it is not well; 0: nothing."""
    seconds: float
    """Median time of its answers."""
    crawl_delay: float
    """Seconds; 0: robots.txt asks for none."""

    @property
    def name(self) -> str:
        """Of the host."""
        return self.unit.host

    def answer_seconds(self, rng: random.Random) -> float:
        """Return how long an answer takes."""
        return min(self.seconds * rng.lognormvariate(0, _WITHIN), 120.0)


def hosts(seed: int, *, every: int = 1) -> list[Host]:
    """Return all hosts that the shipped portals files name; ``every``: each so many-th alone."""
    found = [unit for unit in units(spider_names()) if unit.host]
    rng = random.Random(f"hosts {seed}")
    levels = [_level(unit) for unit in found]
    towns = _towns(found, levels)
    drawn = [_bodies(level, rng) for level in levels]
    own = sum(n for n, level in zip(drawn, levels, strict=True) if level != "single")
    rest = REPORTS_A_YEAR - sum(towns) - levels.count("single")
    made = [
        _host(unit, level, 1 if level == "single" else round(town + n * rest / own), rng)
        for unit, level, town, n in zip(found, levels, towns, drawn, strict=True)
    ]
    return made[::every]


def _bodies(level: Level, rng: random.Random) -> float:
    median, spread = _BODIES[level]
    return median * rng.lognormvariate(0, spread)


def _host(unit: Unit, level: Level, organs: int, rng: random.Random) -> Host:
    health: Health = "well"
    chance, status = rng.random(), 0
    if chance < _UNREACHABLE:
        health = rng.choice(("silent", "refused"))
    elif chance < _UNREACHABLE + _REFUSING:
        health, status = "blocked", rng.choice(_REFUSALS)
    asked = rng.uniform(*_ASKED) if rng.random() < _ASKING else 0.0
    seconds = _SECONDS * rng.lognormvariate(0, _SPREAD)
    return Host(unit, level, max(organs, 1), _machine(unit), health, status, seconds, asked)


def _machine(unit: Unit) -> str:
    portal = unit.portals[0]
    return f"{portal.family} of {portal.code[:4]}" if portal.family else unit.host


def _level(unit: Unit) -> Level:
    portal = unit.portals[0]
    if unit.spider == "ministries" or _SINGLE.search(portal.name):
        return "single"
    if portal.code.endswith("0000"):
        return "province"
    return "prefecture" if portal.code.endswith("00") else "county"


def _towns(found: Sequence[Unit], levels: Sequence[Level]) -> list[int]:
    """Return how many towns and subdistricts report on each host."""
    counted = Counter(
        code[:6] for code in places.of_length(9) if places.named(code, _OWN_TOWN_YEAR)
    )
    seen: set[str] = set()
    numbers = []
    for unit, level in zip(found, levels, strict=True):
        code = unit.portals[0].code
        is_first = level == "county" and code not in seen
        seen.add(code if level == "county" else "")
        numbers.append(counted[code] if is_first else 0)
    return numbers
