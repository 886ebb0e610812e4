"""Several spiders one after the other, and what came of them.

Each spider runs as ``scrapy crawl NAME`` in a process of its own: exactly the main job, and what
one province does to its process cannot touch the next.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.catalog import Catalog

MONITORS_FAILED = 3
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Summary:
    """What a series of crawls changed in the catalog."""

    spiders: Mapping[str, int]
    """Exit status of each spider's process."""
    new: Mapping[str, int]
    """How many captures, reports, versions and failures were added."""
    outcomes: Mapping[str, int]
    """Outcomes of the captures that were added."""
    monitors_failed: int = 0
    status: Mapping[str, Any] = field(default_factory=dict)
    """The catalog's state afterwards."""

    @property
    def exit_code(self) -> int:
        """0 done, 1 a spider failed, 3 done but monitors failed, 130 interrupted."""
        if INTERRUPTED in self.spiders.values():
            return INTERRUPTED
        if any(self.spiders.values()):
            return 1
        return MONITORS_FAILED if self.monitors_failed else 0


def crawl(
    spiders: Sequence[str],
    home: Path,
    *,
    arguments: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Summary:
    """Run the named spiders in turn and return what they added to the catalog in ``home``."""
    command = [sys.executable, "-m", "scrapy", "crawl"]
    options = [f"-a{key}={value}" for key, value in (arguments or {}).items()]
    options += [f"-s{key}={value}" for key, value in (settings or {}).items()]
    env = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
        "GKCRAWL_HOME": str(home),
        **(environment or {}),
    }
    before = _state(home)
    codes = {}
    for spider in spiders:
        codes[spider] = _run([*command, spider, *options], env)
        if codes[spider] == INTERRUPTED:
            break
    after = _state(home)
    return Summary(
        spiders=codes,
        new={name: count - _totals(before)[name] for name, count in _totals(after).items()},
        outcomes=_added(before["captures"], after["captures"]),
        monitors_failed=after["monitors_failed"] - before["monitors_failed"],
        status=after,
    )


def _run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Return the exit status of a crawl; what would stop us lets it close its files first.

    Ctrl-C in a terminal reaches the child by itself.
    """
    with subprocess.Popen(command, env=env) as process, _terminating(process):
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


@contextmanager
def _terminating(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass SIGTERM on to a child; only the main thread hears signals, in others nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _state(home: Path) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    with Catalog(home / "catalog.db") as catalog:
        return catalog.status()


def _totals(state: Mapping[str, Any]) -> dict[str, int]:
    return {
        "captures": sum(state["captures"].values()),
        "reports": state["reports"]["total"],
        "versions": state["versions"],
        "failures": state["failures"],
    }


def _added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: n - before.get(name, 0) for name, n in after.items() if n > before.get(name, 0)}
