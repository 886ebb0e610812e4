"""A crawl of the land that is killed in the middle and started again: what is lost, what is twice.

The real ``scrapy crawl`` in a process group of its own gets SIGKILL at a drawn share of the
requests that the land takes, is started again until it ends by itself, and is held against a crawl
that nobody killed: the same catalog, and hardly a request more.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.find_killed_crawl import Asked, Crawled, crawl
from bench.find_killed_same import differences, dump, problems
from bench.find_scoring import plain, violations
from gkcrawl.demo.land import Land

SHARES = (0.15, 0.5, 0.85)
"""Of the requests of a crawl, near which it is killed."""
NEAR = 0.05
PART = 2
"""Every second portal of the land: few hosts would make what is on its way at a kill weigh more
than it does in life."""
NAMED = 20
"""Requests and rows that are named at most."""


def part_of(land: Land) -> Land:
    """Return a land of its own with some of a land's portals."""
    return Land(list(land.portals)[::PART])


def killed(
    land: Land,
    folder: Path,
    portals_file: str,
    *,
    shares: Sequence[float] = SHARES,
    seed: int = 0,
) -> dict[str, Any]:
    """Return what a crawl of the land needs, and what each crawl needs besides, and has otherwise,
    that was killed near one of the ``shares``. The archives stay in ``folder``."""
    whole = crawl(land, folder / "whole", portals_file)
    drawn = random.Random(f"kill {seed}")
    kills = []
    for share in shares:
        at = max(1, round(len(whole.asked) * (share + drawn.uniform(-NEAR, NEAR))))
        again = crawl(land, folder / f"killed-{at}", portals_file, [at])
        kills.append({"at": at, **compared(land, whole, again)})
    return {
        "portals": len(land.portals),
        "requests": len(whole.asked),
        "exit": whole.statuses,
        "most_twice": max(one["twice_share"] for one in kills),
        "wrong": sum(map(_wrong, kills)),
        "kills": kills,
    }


def compared(land: Land, whole: Crawled, again: Crawled) -> dict[str, Any]:
    """Return how a crawl that was killed and went on differs from a whole one."""
    expected, made = Counter(whole.asked), Counter(again.asked)
    repeats = {
        one: count - max(1, expected[one])
        for one, count in made.items()
        if count > max(1, expected[one])
    }
    more = len(again.asked) - len(whole.asked)
    twice = max(more, sum(repeats.values()))
    other = differences(dump(whole.home), dump(again.home))
    return {
        "exit": again.statuses,
        "requests": len(again.asked),
        "more": more,
        "repeats": sum(repeats.values()),
        "twice_share": round(twice / len(whole.asked), 4),
        "repeats_by_kind": dict(_by_kind(again.home, repeats)),
        "repeated": _named(repeats),
        "never_asked_by_the_whole": _named(made.keys() - expected.keys()),
        "never_asked_again": _named(expected.keys() - made.keys()),
        "differences": len(other),
        "different": other[:NAMED],
        "verify": problems(again.home),
        "violations": {
            kind: found[:NAMED] for kind, found in violations(land, again.traffic).items() if found
        },
    }


def _wrong(kill: Mapping[str, Any]) -> int:
    """Return how many things are not as they should be, besides requests made twice."""
    ended_otherwise = int(kill["exit"] != [-9, 0])
    manners = sum(map(len, kill["violations"].values()))
    return sum((ended_otherwise, manners, kill["differences"], len(kill["verify"])))


def _by_kind(home: Path, repeats: Mapping[Asked, int]) -> Counter[str]:
    """Return as what the pages were kept that were asked for again."""
    with sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True) as db:
        kinds = {plain(url): kind for url, kind in db.execute("select url, kind from captures")}
    found: Counter[str] = Counter()
    for (_, url, _), count in repeats.items():
        is_robots = urlsplit(url).path == "/robots.txt"
        found["robots" if is_robots else kinds.get(url, "not kept")] += count
    return found


def _named(asked: Iterable[Asked]) -> list[str]:
    return [" ".join(one).strip() for one in sorted(asked)[:NAMED]]
