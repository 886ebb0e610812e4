"""Kills a crawl of the demo world at chosen points: between write, fsync, rename and commit.

``python killing.py STEP NUMBER SPIDER [ARGUMENT]`` runs ``scrapy crawl`` and kills the process
(SIGKILL) at the NUMBERth time that it comes to STEP.
"""

import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STEPS: dict[str, float] = {
    "before write": 3,
    "half of a write": 3,
    "after write": 3,
    "before fsync": 1,
    "after fsync": 1,
    "before commit": 2,
    "after commit": 2,
    "before rename": 0,
    "after rename": 0,
    "before finish": 0,
    "after finish": 0,
    "before lock": 0,
    "after lock": 0,
    "before lookup": 0.3,
    "after lookup": 0.3,
    "before conversion": 0.2,
    "after conversion": 0.2,
}
"""Where a crawl can be killed, and how often each exchange comes there; 0: once in a run."""


def points(count: int, exchanges: int, seed: int) -> list[tuple[str, int]]:
    """Return steps and which time to kill at them, of a crawl with so many exchanges."""
    chance = random.Random(seed)
    return [
        (step, chance.randint(1, max(1, round(STEPS[step] * exchanges))))
        for step in chance.sample(list(STEPS), count)
    ]


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
    from archive.warc import growing, repeats, writer
    from gkcrawl.crawl import sole

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

    growing.os = System()  # type: ignore[assignment]
    for owner, name, step in (
        (Path, "rename", "rename"),
        (sole, "hold", "lock"),
        (repeats.Repeats, "find", "lookup"),
        (writer.WarcWriter, "write_conversion", "conversion"),
        (growing.GrowingFile, "finish", "finish"),
    ):
        setattr(owner, name, killer.around(step, getattr(owner, name)))
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
