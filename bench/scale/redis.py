"""Several workers on one frontier: one of three is killed at random, and the result is one's.

The workers are real processes, Redis is a real server, the sites are the embedded world.
"""

import random
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from bench.scale.redis_crew import Crew
from bench.scale.redis_merge import captures, differences, digest, merge, settle, told, unread
from bench.scale.redis_server import SECRET, redis_server
from gkcrawl.demo.proxy import Exchange, serve_world
from gkcrawl.demo.world import World

WORKERS, SEEDS = 3, 20
SPIDERS = ("yunnan", "guangdong", "shandong")
"""Whose portals are visited."""
SPIDER = "yunnan"
"""Any province's will do: what differs is in the portals file."""
LATENCY = 0.03
"""Seconds that every answer takes, so that two questions at once are seen to be so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one crawl."""

    seconds: float
    requests: int
    at_once: int
    """Most requests that one host had at the same time."""
    statuses: list[int]
    dump: dict[str, list[Any]]
    lost: int
    """Captures that the killed worker's catalog had and the merged one has not."""
    unread: int
    problems: list[str]
    log: str
    redis: dict[str, int]


def measure(*, sample: bool, seed: int) -> dict[str, Any]:
    """Return the figures of one worker, of three, and of three of which one is killed."""
    with tempfile.TemporaryDirectory(prefix="gkcrawl-redis-") as folder:
        root = Path(folder)
        portals = portals_file(root / "portals.yml", SPIDERS[:1] if sample else SPIDERS)
        alone = crawl(root / "alone", portals, workers=1)
        seeds = range(seed, seed + (1 if sample else SEEDS))
        together = (
            None if sample else crawl(root / "together", portals, workers=WORKERS, redis=True)
        )
        killed = {}
        for one in seeds:
            killed[one] = crawl(
                root / f"killed-{one}", portals, workers=WORKERS, redis=True, kill=one,
                one_home=one % 2 == 0, requests=alone.requests,
            )  # fmt: skip
            shutil.rmtree(root / f"killed-{one}")
            click.echo(f"  seed {one}: {_told_of(killed[one])}", err=True)
    return _figures(alone, together, killed)


def crawl(
    root: Path,
    portals: Path,
    *,
    workers: int,
    redis: bool = False,
    kill: int | None = None,
    one_home: bool = False,
    requests: int = 0,
) -> Outcome:
    """Crawl the world once. ``kill``: seed by which one of the workers is killed after some of the
    ``requests``; ``one_home``: all write into the same archive."""
    traffic: list[Exchange] = []
    began = time.monotonic()
    with redis_server() as server, serve_world(World(), traffic, LATENCY) as proxy:
        config = str(files("gkcrawl.demo") / "data" / "config")
        crew = Crew(
            proxy,
            server.url if redis else "",
            SPIDER,
            {"portals": str(portals)},
            environment={"GKCRAWL_CONFIG": config},
        )
        homes = [root / ("home" if one_home else f"home-{n}") for n in range(workers)]
        before = server.traffic()
        try:
            for home in homes:
                crew.start(home)
            acknowledged = _kill(crew, traffic, kill, requests) if kill is not None else set()
            statuses = crew.wait()
        finally:
            crew.end()
        seconds = time.monotonic() - began
        used = {name: n - before[name] for name, n in server.traffic().items()}
    if workers == 1 or one_home:
        merged, problems = homes[0], settle(homes[0])
    else:
        merged = root / "merged"
        problems = merge(homes, merged)
    lost = acknowledged - captures(merged)
    return Outcome(
        round(seconds, 1), len(traffic), at_once(traffic), statuses, told(merged), len(lost),
        unread(merged), problems, "\n".join(worker.said() for worker in crew.workers), used,
    )  # fmt: skip


def _kill(crew: Crew, traffic: Sequence[Exchange], seed: int, requests: int) -> set[str]:
    """Kill one of the workers when some requests have come; return the captures that its catalog
    had by then."""
    chance = random.Random(seed)
    when, victim = chance.randrange(1, max(2, requests - 5)), chance.choice(crew.workers)
    while len(traffic) < when and any(one.runs for one in crew.workers):
        time.sleep(0.002)
    time.sleep(chance.uniform(0.0, 0.05))
    victim.kill()
    return captures(victim.home)


def at_once(traffic: Sequence[Exchange]) -> int:
    """Return the most requests that a host was busy with at the same time."""
    moments: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for one in traffic:
        host = urlsplit(one.url).hostname or ""
        moments[host] += [(one.came, 1), (one.gone or one.came, -1)]
    most = 0
    for events in moments.values():
        now = 0
        for _, step in sorted(events):  # at the same moment, an end comes before a beginning
            now += step
            most = max(most, now)
    return most


def portals_file(path: Path, spiders: Sequence[str] = SPIDERS) -> Path:
    """Write a portals file with the portals of the world that these spiders visit; return it."""
    import yaml

    config = files("gkcrawl.demo") / "data" / "config" / "portals"
    entries: list[Any] = []
    for name in spiders:
        entries += yaml.safe_load((config / f"{name}.yml").read_text("utf-8"))["portals"]
    head = {"province": "100000", "name": "内置演示世界", "portals": entries}
    path.write_text(yaml.safe_dump(head, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def _figures(
    alone: Outcome, together: Outcome | None, killed: dict[int, Outcome]
) -> dict[str, Any]:
    all_of_them = [*killed.values(), *([together] if together else [])]
    problems = [problem for one in (alone, *all_of_them) for problem in one.problems]
    return {
        "reports": len(alone.dump["reports"]),
        "cells": sum(len(alone.dump[name]) for name in ("requests", "active_disclosure")),
        "dump": digest(alone.dump),
        "one_worker": _told_of(alone),
        "three_workers": _told_of(together) if together else None,
        "killed": {seed: _told_of(one) for seed, one in killed.items()},
        "different": {
            seed: differences(alone.dump, one.dump)[:5]
            for seed, one in killed.items()
            if one.dump != alone.dump
        },
        "problems": problems[:10],
        "kept": {
            "same_reports": all(one.dump == alone.dump for one in all_of_them),
            "nothing_lost": not any(one.lost or one.unread for one in all_of_them),
            "never_two_at_once": all(one.at_once <= 1 for one in (alone, *all_of_them)),
            "others_end_well": all(set(one.statuses) <= {0, -9} for one in all_of_them),
            "verify_clean": not problems,
            "no_secret_told": not any(SECRET in one.log for one in all_of_them),
        },
    }


def _told_of(one: Outcome) -> dict[str, Any]:
    inherited = one.log.count("was left by a worker that is gone")
    return {
        "seconds": one.seconds,
        "requests": one.requests,
        "at_once": one.at_once,
        "statuses": one.statuses,
        "lost": one.lost,
        "inherited": inherited,
        # Requests that were given up, and answers that came after their lease.
        "given_up": one.log.count("DownloadTimeoutError"),
        "late": one.log.count("had ended before its answer came"),
        "redis": one.redis,
    }
