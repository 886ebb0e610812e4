"""Several spiders, one after the other or side by side, and what came of them.

Each spider runs as ``scrapy crawl NAME`` in a process of its own: exactly the main job, and what
one province does to its process cannot touch the next.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.catalog import Catalog, monitors
from gkcrawl.crawl.children import run_all
from gkcrawl.exits import FAILED, INTERRUPTED, MONITORS_FAILED

MOST_RUNS, MOST_TOLD = 1000, 10_000
"""Runs and failed monitors in a summary."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a series of crawls changed in the catalog."""

    spiders: Mapping[str, int]
    """Exit status of each spider's process."""
    new: Mapping[str, int]
    """How many captures, reports, versions and failures were added."""
    outcomes: Mapping[str, int]
    """Outcomes of the captures that were added."""
    runs: Sequence[Mapping[str, Any]] = ()
    """The runs, as ``archive.catalog.monitors.runs`` has them, without their counts."""
    monitors: Sequence[Mapping[str, Any]] = ()
    """Their failed monitors: the columns of ``monitors``, and the spider."""
    status: Mapping[str, Any] = field(default_factory=dict)
    """The catalog's state afterwards."""

    @property
    def monitors_failed(self) -> int:
        """How many monitors failed."""
        return len(self.monitors)

    @property
    def exit_code(self) -> int:
        """0 done, 1 a spider failed, 3 done but monitors failed, 130 interrupted."""
        if INTERRUPTED in self.spiders.values():
            return INTERRUPTED
        if any(self.spiders.values()):
            return FAILED
        return MONITORS_FAILED if self.monitors_failed else 0


@dataclass(frozen=True, slots=True)
class Job:
    """One spider with what it is told."""

    spider: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def command(self) -> list[str]:
        """The command line of the main job."""
        options = [f"-a{key}={value}" for key, value in self.arguments.items()]
        options += [f"-s{key}={value}" for key, value in self.settings.items()]
        return [sys.executable, "-m", "scrapy", "crawl", self.spider, *options]


def crawl(
    spiders: Sequence[str],
    home: Path,
    *,
    arguments: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Summary:
    """Run the named spiders in turn and return what they added to the catalog in ``home``."""
    jobs = [Job(spider, arguments or {}, settings or {}) for spider in spiders]
    return crawl_jobs(jobs, home, environment=environment)


def crawl_jobs(
    jobs: Sequence[Job],
    home: Path,
    *,
    at_once: int = 1,
    environment: Mapping[str, str] | None = None,
) -> Summary:
    """Run jobs, each of another spider, ``at_once`` at a time; return what they added to the
    catalog in ``home``."""
    env = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
        "GKCRAWL_HOME": str(home),
        **(environment or {}),
    }
    before, known = _state(home)
    codes = run_all({job.spider: job.command for job in jobs}, env, at_once)
    after, ids = _state(home)
    runs, failed = _judged(home, ids - known, list(codes))
    return Summary(
        spiders=codes,
        new={name: count - _totals(before)[name] for name, count in _totals(after).items()},
        outcomes=_added(before["captures"], after["captures"]),
        runs=runs,
        monitors=failed,
        status=after,
    )


def _state(home: Path) -> tuple[dict[str, Any], set[str]]:
    """Return the state of the catalog and the ids of its runs."""
    home.mkdir(parents=True, exist_ok=True)
    with Catalog(home / "catalog.db") as catalog:
        return catalog.status(), monitors.run_ids(catalog.db)


def _judged(
    home: Path, ids: set[str], spiders: Sequence[str]
) -> tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]:
    """Return those of the runs that are of these spiders, oldest first, and what failed in them."""
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        newest = monitors.runs(catalog.db, MOST_RUNS)
        ours = [run for run in newest if run["id"] in ids and run["spider"] in spiders]
        runs = [{name: run[name] for name in run if name != "counts"} for run in reversed(ours)]
        failed = monitors.failed(catalog.db, MOST_TOLD, run_ids=[run["id"] for run in runs])
    return runs, failed


def _totals(state: Mapping[str, Any]) -> dict[str, int]:
    return {
        "captures": sum(state["captures"].values()),
        "reports": state["reports"]["total"],
        "versions": state["versions"],
        "failures": state["failures"],
    }


def _added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: n - before.get(name, 0) for name, n in after.items() if n > before.get(name, 0)}
