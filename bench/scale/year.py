"""A year of nights: ``gkcrawl crawl --due`` under a false clock, over a web that changes by a plan.

Each night is the real command in processes of its own (`year_nights`) under ``faketime``; the
web is the demo's (`year_world`), what happens in it is drawn from the seed (`year_plan`), and what
the catalog says at the end is held against that (`year_scoring`).
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import yaml

from bench.scale.year_nights import SPIDER
from bench.scale.year_plan import (
    SAMPLE_DAYS,
    SAMPLE_SITES,
    Change,
    ending,
    happen,
    sample_plan,
    year_plan,
)
from bench.scale.year_scoring import score
from bench.scale.year_world import YearWorld
from gkcrawl.demo.proxy import Exchange, serve_world

AT = "14:30:00"
"""When the crawl begins, in UTC: 22:30 in China. What changes, changes at 02:00 UTC."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a night's crawl asked."""

    day: int
    documents: int
    others: int
    hosts: frozenset[str]
    seconds: float
    status: int
    known: int
    """Documents that stood on the sites' lists then."""


def measure(*, sample: bool, seed: int, keep: Path | None = None) -> dict[str, Any]:
    """Return what the simulated year shows; ``keep``: a folder that is left as it is at the end."""
    world = YearWorld(SAMPLE_SITES if sample else 6)
    begin = date(2026, 1, 20) if sample else date(2025, 12, 15)
    plan = (sample_plan if sample else year_plan)(world, seed, begin)
    days = SAMPLE_DAYS if sample else 365
    with TemporaryDirectory(prefix="gkcrawl-year-") as folder:
        home = keep or Path(folder, "home")
        nights = list(_live(world, plan, begin, days, home))
        figures = score(home / "catalog.db", plan, begin, {n.day: n.hosts for n in nights})
    return figures | _costs(nights) | {"kept": _kept(figures, _costs(nights), sample=sample)}


def _live(
    world: YearWorld, plan: Sequence[Change], begin: date, days: int, home: Path
) -> Iterator[Night]:
    """Yield the nights, one after the other."""
    traffic: list[Exchange] = []
    home.mkdir(parents=True, exist_ok=True)
    paths = {doc.path for doc in world.docs}
    config = _configured(world, home)
    with serve_world(world, traffic) as proxy, _nights(begin, proxy, config, home) as crawl:
        for day in range(days):
            for change in ending(list(plan), day):
                world.trouble.pop(change.site, None)
            for change in plan:
                if change.day == day:
                    happen(change, world)
            paths |= {doc.path for doc in world.docs}
            traffic.clear()
            began = time.monotonic()
            status = crawl(begin + timedelta(days=day))
            asked = [urlsplit(one.url) for one in traffic if one.method == "GET"]
            documents = sum(url.path in paths for url in asked)
            listed = sum(doc.listed for doc in world.docs)
            hosts = frozenset(url.netloc for url in asked)
            seconds = time.monotonic() - began
            night = Night(day, documents, len(asked) - documents, hosts, seconds, status, listed)
            with Path(home, "nights.log").open("a") as log:
                log.write(f"{night}\n")
            yield night


@contextmanager
def _nights(begin: date, proxy: str, config: Path, home: Path) -> Iterator[Callable[[date], int]]:
    """Give what runs a night's crawl and returns its exit status; it raises RuntimeError where the
    crawl failed."""
    faketime, log = shutil.which("faketime"), home / "year.log"
    if faketime is None:
        raise RuntimeError("faketime is needed (apt-get install faketime)")
    environment = {
        **os.environ,
        "TZ": "UTC",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "1",
        "GKCRAWL_HOME": str(home),
        "GKCRAWL_PROXY": proxy,
        "GKCRAWL_CONFIG": str(config),
        "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
    }
    command = [faketime, "-f", f"@{begin} {AT}", sys.executable, "-m", "bench.scale.year_nights"]
    with subprocess.Popen(
        [*command, log], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def crawl(day: date) -> int:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("the nights are told what to do by pipes")
            process.stdin.write(f"{day} {AT}\n")
            process.stdin.flush()
            status = process.stdout.readline().strip()
            # 3: done, and a monitor has something to say of the faulty web.
            if status not in ("0", "3"):
                raise RuntimeError(f"{day}: the crawl ended with {status!r}, see {log}")
            return int(status)

        yield crawl
        if process.stdin is not None:
            process.stdin.close()


def _configured(world: YearWorld, home: Path) -> Path:
    """Return the folder of a configuration with the portals as they are at first."""
    portals = [
        {"code": site.code, "name": site.name, "url": site.url} for site in world.sites.values()
    ]
    folder = home / "config" / "portals"
    folder.mkdir(parents=True, exist_ok=True)
    head = {"province": "530000", "name": "云南省", "portals": portals}
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
    (folder / f"{SPIDER}.yml").write_text(text, "utf-8")
    return folder.parent


def _costs(nights: Sequence[Night]) -> dict[str, Any]:
    """Return what the nights cost, and what full recrawls would have."""
    later = [night for night in nights if night.day]
    asked = sum(night.documents + night.others for night in later)
    most = max(len(night.hosts) for night in later)
    whole = sorted(night.others for night in later if len(night.hosts) == most)
    visit = whole[len(whole) // 2]
    full = sum(night.known + visit for night in later)
    seconds = sorted(night.seconds for night in later if night.hosts)
    idle = sorted(night.seconds for night in later if not night.hosts)
    return {
        "nights": len(nights),
        "nights_with_nothing_due": len(idle),
        "requests_first_night": nights[0].documents + nights[0].others,
        "requests": asked,
        "requests_documents": sum(night.documents for night in later),
        "requests_daily_full": full,
        "requests_share": round(asked / full, 3),
        "documents": nights[-1].known,
        "seconds_night": round(seconds[len(seconds) // 2], 1),
        "seconds_idle_night": round(idle[len(idle) // 2], 1) if idle else None,
    }


def _kept(figures: dict[str, Any], costs: dict[str, Any], *, sample: bool) -> dict[str, bool]:
    kept = {
        "every injected event found once": not (figures["missed"] or figures["doubled"]),
        "none false": not figures["false"],
        "median delay in the season at most a day": (figures["delay_in_season_days"] or 0) <= 1,
    }
    if not sample:
        kept["requests at most 25 % of a daily full recrawl"] = costs["requests_share"] <= 0.25
    return kept
