"""24 hours of faults: every line of the fault table at random, and whether each was named.

Six portals publish each hour, a third of it well; the real ``gkcrawl crawl`` comes by every hour of
a day that faketime makes, while hosts fail and the machine does. In the end the archive is verified
as its keeper would: ``verify`` names what has rotted, the good copies are put back, ``verify
--repair`` does what is safe, and then all must agree.
"""

import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.scale.faults_day import Day, shuffled
from bench.scale.faults_kinds import MACHINE_FAULTS
from bench.scale.faults_land import served_land
from bench.scale.faults_machine import Machine

BEGIN = datetime(2026, 2, 1, 14, 30, tzinfo=UTC)
HOURS = 24
HOURS_TO_ROT, HOURS_TO_VERIFY = 3, 8
SAMPLE = ("torn tail", "clock set back")
"""The machine's faults of the sample, an hour each; the second crawl mends what the first left."""


def measure(*, sample: bool, seed: int) -> dict[str, Any]:
    """Return what was injected and what was named, by kind, and whether the archive is whole.

    ``sample``: two hours of it.
    """
    with tempfile.TemporaryDirectory(prefix="gkcrawl-faults-") as name:
        return play(Path(name), sample=sample, seed=seed)


def play(folder: Path, *, sample: bool, seed: int) -> dict[str, Any]:
    """Return the same, of a day whose archive stays in ``folder``."""
    rng = random.Random(f"faults {seed}")
    with served_land(folder / "config", seed) as land:
        machine = Machine(folder / "home", folder / "config", BEGIN)
        (folder / "copies").mkdir(parents=True)
        day = Day(land, machine, rng, folder / "copies")
        for number, trouble in enumerate(_troubles(rng, sample=sample)):
            day.hour(number, trouble, is_due=number % 8 == 0)
            if number % HOURS_TO_ROT == HOURS_TO_ROT - 2:
                day.rot(number)
            if number % HOURS_TO_VERIFY == HOURS_TO_VERIFY - 1:
                day.look_after()
        if not sample:
            day.calm_hour(len(day.runs))
            day.calm_hour(len(day.runs))
        problems = day.end()
    return _told(day, problems)


def _troubles(rng: random.Random, *, sample: bool) -> list[str]:
    """Return what befalls the machine, hour by hour: everything twice, in no order."""
    if sample:
        return list(SAMPLE)
    every = shuffled(MACHINE_FAULTS, rng)
    # In the first hour there is nothing yet to lose.
    return ["SIGKILL", *(next(every) for _ in range(HOURS - 1))]


def _told(day: Day, problems: list[dict[str, Any]]) -> dict[str, Any]:
    kinds: dict[str, dict[str, int]] = {}
    for one in day.injected:
        counted = kinds.setdefault(one.kind, {"injected": 0, "named": 0})
        counted["injected"] += 1
        counted["named"] += one.named
    unnamed = [
        {
            "kind": one.kind,
            "hour": one.hour,
            "where": one.where,
            "expected": sorted(one.words),
            "found": sorted(one.found),
        }
        for one in day.injected
        if not one.named
    ]
    captures = day.machine.rows("select outcome, count(*) from captures group by 1")
    return {
        "hours": len(day.runs),
        "crawls": sum(day.statuses.values()),
        "exit_statuses": dict(sorted(day.statuses.items())),
        "captures": {outcome or "unread": count for outcome, count in captures},
        "injected": len(day.injected),
        "named": sum(one.named for one in day.injected),
        "kinds": dict(sorted(kinds.items())),
        "unnamed": unnamed,
        "problems_at_the_end": problems,
        "stuck": day.stuck,
        "kept": {
            "every fault is named": not unnamed,
            "verify is clean": not problems,
            "the archive goes on": not day.stuck,
        },
    }
