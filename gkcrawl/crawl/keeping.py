"""Who may ask a host now: one at a time, of all crawls that keep their leases in the same place.

Scrapy's slots hold one process to one request at a time; hosts whose portals two spiders visit, or
that share a machine, would be asked by two processes at once. Crawls of one home keep a file for
each machine (``HOME/locks/hosts``), those of a shared crawl a key in Redis (``shared.hosts``).
"""

import asyncio
import fcntl
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from scrapy.crawler import Crawler

from gkcrawl.crawl.manners import HostRestingError

LOOKS = (0.05, 1.0)
"""Seconds between two looks at a host that another one asks: the first, the longest."""


class EndingError(HostRestingError):
    """The crawl ends before the host could be asked; the page stays due."""


class Keeper(Protocol):
    """Keeps the leases of hosts; a host is known by its name and by its machine."""

    async def lease(self, host: str, machine: str) -> str:
        """Return the token of a lease, waiting for it and for the pause that the host asks for.

        Raises HostRestingError where the host is left in peace, EndingError where the crawl ends
        first, OSError where leases cannot be kept.
        """

    def give_back(self, host: str, machine: str, token: str, pause: float) -> None:
        """Let others ask a host after ``pause`` seconds."""


class Files:
    """Keeps leases as locks of files, one a machine, which hold when the last pause began.

    A lock is the kernel's (flock(2)), so that it ends with its process. The time is the machine's,
    and may be set; then a pause is waited for once more, or not at all, never longer. The requests
    of this process share a lease: how many it makes at once, Scrapy's slots decide.
    """

    def __init__(self, directory: Path, is_ending: Callable[[], bool]) -> None:
        self._directory = directory
        self._is_ending = is_ending
        self._held: dict[str, int] = {}
        """Machine -> handle of its lock."""
        self._sharing: Counter[str] = Counter()
        """Machine -> requests that share its lock."""
        directory.mkdir(parents=True, exist_ok=True)

    async def lease(self, host: str, machine: str) -> str:
        if machine not in self._held:
            await self._lock(host, machine)
        self._sharing[machine] += 1
        return machine

    async def _lock(self, host: str, machine: str) -> None:
        """Hold the machine's lock, or find that another request of this process does."""
        handle = os.open(self._directory / machine, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            look, longest = LOOKS
            while not _is_locked(handle):
                await self._wait(random.uniform(1.0, 1.1) * look, host)
                look = min(2 * look, longest)
                if machine in self._held:
                    os.close(handle)
                    return
            if left := _left(os.pread(handle, 64, 0)):
                over = time.monotonic() + left
                while (left := over - time.monotonic()) > 0:
                    await self._wait(min(left, longest), host)
        except BaseException:
            os.close(handle)
            raise
        self._held[machine] = handle

    def give_back(self, host: str, machine: str, token: str, pause: float) -> None:
        self._sharing[machine] -= 1
        try:
            if pause > 0:
                os.pwrite(self._held[machine], b"%20.3f %10.3f\n" % (time.time(), pause), 0)
        finally:
            if not self._sharing[machine]:
                del self._sharing[machine]
                os.close(self._held.pop(machine))

    async def _wait(self, seconds: float, host: str) -> None:
        if self._is_ending():
            raise EndingError(f"{host} is not asked any more: the crawl ends")
        await asyncio.sleep(seconds)


def files(crawler: Crawler) -> Keeper:
    """Return the keeper of a crawl's home."""
    home = Path(crawler.settings["GKCRAWL_HOME"])
    return Files(home / "locks" / "hosts", lambda: is_ending(crawler))


def is_ending(crawler: Crawler) -> bool:
    """Tell whether a crawl only finishes what is under way. Scrapy says it nowhere else."""
    slot: Any = crawler.engine._slot
    return slot is None or slot.closing is not None


def _is_locked(handle: int) -> bool:
    """Lock a file, unless another process has; return whether that was done."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _left(told: bytes) -> float:
    """Return the seconds that are left of the pause that a file tells of; 0: none."""
    if not told:
        return 0.0
    began, pause = map(float, told.split())
    return max(0.0, pause - max(0.0, time.time() - began))
