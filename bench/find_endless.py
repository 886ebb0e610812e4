"""A crawl of portals without an end: that it ends, what it finds, and what memory it takes.

Twice the same world: with the budgets that the product has, and with hardly any, until so many
pages are fetched and recorded. Then the memory of the crawling process and of all its children is
looked at twice a second.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.config import config_path
from bench.find_crawl import SETTINGS, SPIDER
from bench.find_endless_world import KEYS, Endless
from bench.find_scoring import score
from gkcrawl.crawl.runner import Job
from gkcrawl.demo.proxy import Exchange, serve_world

PAGES = 100_000
SETTLED = 10_000
"""Pages before which nothing is said of how memory grows: modules, caches and buffers fill."""
EVERY = 0.5
"""Seconds between two looks at the memory."""
WITHOUT: Mapping[str, Mapping[str, int]] = {
    "gkcrawl.crawl.frontier": {
        **dict.fromkeys(("FIRST_PAGES", "MOST_COLUMNS", "MOST_DETOURS", "PATIENCE"), 10**9),
        **dict.fromkeys(("DEEPEST", "DEEPEST_ORGAN", "DEEPEST_SCOPE"), 200),
    },
    "gkcrawl.crawl.places": {"PATIENCE": 10**9},
    "gkcrawl.crawl.pages": {"DRY_PAGES": 100},
}
"""What the crawl's own budgets are raised to, so that nothing but its number of pages ends it."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Look:
    """The memory of a crawl at one moment, in megabytes of 10**6 bytes."""

    pages: int
    """Requests that had come by then."""
    crawling: float
    children: float

    @property
    def all(self) -> float:
        """Return the sum; what the processes share counts in each."""
        return self.crawling + self.children


@dataclass(slots=True)
class Watch:
    """Looks at a process from a thread of its own, for as long as it is entered."""

    process: int
    traffic: Sequence[object]
    looks: list[Look] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Watch":
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            children = sum(map(resident, descendants(self.process)))
            self.looks.append(Look(len(self.traffic), resident(self.process), children))


def resident(process: int) -> float:
    """Return the memory that a process has in RAM, in megabytes; 0: there is no such process."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * _PAGE / 10**6
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def descendants(process: int) -> list[int]:
    """Return the processes that a process has begun, and those that these have."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        begun = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [*begun, *(below for one in begun for below in descendants(one))]


def crawl(
    world: Endless, home: Path, *, pages: int | None = None
) -> tuple[list[Exchange], list[Look], int]:
    """Crawl into ``home``, in a process of its own; return the requests, the looks at its memory
    and its exit status. ``pages``: without most budgets, until so many are fetched."""
    home.mkdir(parents=True)
    portals, config = home / "portals.yml", home / "config"
    portals.write_text(world.portals_file(given=False, family=False), encoding="utf-8")
    settings = {**SETTINGS, "LOG_FILE": str(home / "crawl.log")}
    budgets: Mapping[str, Mapping[str, int]] = {}
    if pages is not None:
        # Nothing of a log of 100,000 pages is looked at.
        settings |= {"CLOSESPIDER_PAGECOUNT": str(pages), "LOG_LEVEL": "ERROR"}
        # Nor is anything learned from waiting.
        settings |= {"AUTOTHROTTLE_ENABLED": "0"}
        budgets = WITHOUT
    config.mkdir()
    rules = config_path("schedule.yml").read_text(encoding="utf-8")
    if pages is not None:
        rules = rules.replace("requests_per_host: 5000", f"requests_per_host: {10**9}")
    (config / "schedule.yml").write_text(rules, encoding="utf-8")
    job = Job(SPIDER, {"portals": str(portals)}, settings)
    command = [sys.executable, "-m", "bench.find_endless_crawl", json.dumps(budgets)]
    traffic: list[Exchange] = []
    with serve_world(world, traffic) as proxy:
        environment = {
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
            "GKCRAWL_HOME": str(home),
            "GKCRAWL_PROXY": proxy,
            "GKCRAWL_CONFIG": str(config),
        }
        process = subprocess.Popen([*command, *job.command[3:]], env=environment)
        try:
            with Watch(process.pid, traffic) as watch:
                status = process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    return traffic, watch.looks, status


def grown(looks: Sequence[Look], name: str, settled: int = SETTLED) -> float | None:
    """Return by how many megabytes 10,000 pages more have made a share of the memory grow, as the
    line of least squares has it from ``settled`` pages on; None: there are too few looks."""
    later = [(look.pages / 10_000, getattr(look, name)) for look in looks if look.pages >= settled]
    if len({pages for pages, _ in later}) < 2:
        return None
    pages, sizes = zip(*later, strict=True)
    return round(statistics.linear_regression(pages, sizes).slope, 2)


def remembered(looks: Sequence[Look], settled: int = SETTLED) -> dict[str, Any]:
    """Return peaks, growth and a short history of a crawl's memory, in megabytes."""
    return {
        "peak": {name: round(max(getattr(look, name) for look in looks), 1) for name in NAMES},
        "per_10000_pages": {name: grown(looks, name, settled) for name in NAMES},
        "settled_after": settled,
        "looks": len(looks),
        "history": [
            [look.pages, round(look.crawling, 1), round(look.children, 1)] for look in _few(looks)
        ],
    }


NAMES = ("all", "crawling", "children")


def _few(looks: Sequence[Look], most: int = 40) -> Sequence[Look]:
    return looks[:: max(1, len(looks) // most)]


def with_budgets(
    folder: Path, *, small: bool = False, keys: Sequence[str] = KEYS
) -> dict[str, Any]:
    """Return what a crawl finds with the product's own budgets, and what it asks for."""
    world = Endless(keys, small=small)
    began = time.monotonic()
    traffic, looks, status = crawl(world, folder / "budgets")
    outcome = score(world, folder / "budgets", traffic)
    endless = sum("/endless/" in urlsplit(one.url).path for one in traffic)
    return {
        **outcome.scores[""].told(),
        "exit": status,
        "seconds": round(time.monotonic() - began, 1),
        "endless_requests": endless,
        "portals": {key: one.told() for key, one in outcome.scores.items() if key},
        "violations": {kind: len(found) for kind, found in outcome.violations.items()},
        "missed": [[one["portal"], one["urls"][0], one["why"]] for one in outcome.missed[:20]],
        "memory_peak": round(max((look.all for look in looks), default=0.0), 1),
    }


def without_budgets(
    folder: Path,
    pages: int = PAGES,
    *,
    settled: int = SETTLED,
    small: bool = True,
    keys: Sequence[str] = KEYS,
) -> dict[str, Any]:
    """Return what memory a crawl of so many pages takes."""
    world = Endless(keys, small=small, apart=True)
    began = time.monotonic()
    traffic, looks, status = crawl(world, folder / "endless", pages=pages)
    kinds: dict[str, int] = {}
    for one in traffic:
        path = urlsplit(one.url).path
        kind = path.split("/")[2] if path.startswith("/endless/") else "land"
        kinds[kind] = kinds.get(kind, 0) + 1
    return {
        "pages": len(traffic),
        "exit": status,
        "seconds": round(time.monotonic() - began, 1),
        "kinds": kinds,
        **remembered(looks, settled),
    }


def measure(folder: Path, pages: int = PAGES) -> dict[str, Any]:
    """Return both halves: what is found with budgets, what is remembered without."""
    return {"budgets": with_budgets(folder), "memory": without_budgets(folder, pages)}
