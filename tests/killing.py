"""Kills a crawl of the demo world at chosen points: between write, fsync, rename and commit.

``python killing.py STEP NUMBER SPIDER [ARGUMENT]`` runs ``scrapy crawl`` and kills the process
(SIGKILL) at the NUMBERth time that it comes to STEP.
"""

import itertools
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STEPS = {
    "before write": 4,
    "half of a write": 4,
    "after write": 4,
    "before fsync": 1,
    "after fsync": 1,
    "before commit": 2,
    "after commit": 2,
    "before rename": 0,
    "after rename": 0,
}
"""Where a crawl can be killed, and how often one exchange comes there; 0: once in a run."""


def points(count: int, exchanges: int, seed: int) -> list[tuple[str, int]]:
    """Return steps and which time to kill at them, of a crawl with so many exchanges."""
    chance = random.Random(seed)
    steps = [step for _, step in zip(range(count), itertools.cycle(STEPS), strict=False)]
    chance.shuffle(steps)
    return [(step, chance.randint(1, max(1, STEPS[step] * exchanges))) for step in steps]


class Killer:
    """Counts how often a step is reached."""

    def __init__(self, step: str, number: int) -> None:
        self.step, self.left = step, number

    def at(self, step: str) -> None:
        """Kill this process if it is time."""
        if step == self.step:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``call`` with a step before and one after it."""

        def called(*args: Any, **options: Any) -> Any:
            self.at(f"before {name}")
            result = call(*args, **options)
            self.at(f"after {name}")
            return result

        return called


def arm(killer: Killer) -> None:
    """Put the killer where the archive writes."""
    from archive.catalog import store
    from archive.warc import writer

    write = os.write

    def halved(handle: int, data: bytes) -> int:
        if killer.step == "half of a write" and killer.left == 1:
            write(handle, data[: len(data) // 2])
        killer.at("half of a write")
        return write(handle, data)

    class System:
        """The module ``os`` with the killer in it, for the writer alone."""

        write = staticmethod(killer.around("write", halved))
        fsync = staticmethod(killer.around("fsync", os.fsync))

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

    writer.os = System()  # type: ignore[assignment]
    Path.rename = killer.around("rename", Path.rename)  # type: ignore[method-assign]
    batch = store.Catalog.batch

    @contextmanager
    def watched(catalog: store.Catalog) -> Iterator[None]:
        with batch(catalog):
            yield
            killer.at("before commit")
        killer.at("after commit")

    store.Catalog.batch = watched  # type: ignore[method-assign]


def main(step: str, number: str, *arguments: str) -> None:
    """Run the crawl with the killer in it."""
    from scrapy.cmdline import execute

    arm(Killer(step, int(number)))
    execute(["scrapy", "crawl", *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])
