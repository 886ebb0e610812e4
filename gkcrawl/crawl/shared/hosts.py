"""The lease of a host: whoever holds it may ask the host one thing, nobody else anything.

It is taken for each request and ends, whatever happens to its worker, when no answer can come any
more; given back, it leaves the host alone for the pause that it asks for. So a pause learned by one
worker holds for all. A host is known by its name and, where there is no proxy, by the address of
its machine.
"""

import asyncio
import logging
import math
import random
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from gkcrawl.crawl.keeping import LOOKS, EndingError
from gkcrawl.crawl.manners import HostRestingError
from gkcrawl.crawl.shared import scripts
from gkcrawl.crawl.shared.connection import Link, RedisLostError

logger = logging.getLogger(__name__)


class Hosts:
    """Keeps the leases of one worker (``keeping.Keeper``).

    ``answer``: seconds within which every request is answered or given up. ``spare``: seconds that
    the lease lasts besides, within which a request must be sent: half of them for the way from
    Redis, half for what else this process may have to do first.
    """

    def __init__(
        self,
        server: Any,
        link: Link,
        worker: str,
        answer: float,
        spare: float,
        is_ending: Callable[[], bool],
    ) -> None:
        self._link = link
        self._worker = worker
        self._lasting, self._spare = answer + spare, spare
        self._is_ending = is_ending
        self._numbers = count()
        self._server = server
        self._lease = server.register_script(scripts.LEASE)
        self._yield = server.register_script(scripts.YIELD)
        self._yielding: set[asyncio.Task[None]] = set()

    async def lease(self, host: str, machine: str) -> str:
        """Return the token of a lease, waiting for it.

        Raises HostRestingError where the host is left in peace, EndingError where the crawl ends
        first.
        """
        token = f"{self._worker}/{next(self._numbers)}"
        keys = [_rest(host), *_names(host, machine)]
        look, longest = LOOKS
        while not self._is_ending():
            asked = time.monotonic()
            try:
                why, left = await self._link.call(
                    self._lease, keys=keys, args=[token, int(self._lasting * 1000)]
                )
            except RedisLostError as error:
                raise EndingError(str(error)) from error
            if why == "rests":
                raise HostRestingError(f"{host} is left in peace for {left / 1000:.0f} s")
            if why == "leased" and time.monotonic() - asked < self._spare / 2:
                return token
            if why != "leased":
                wait = left / 1000 if why == "pace" else min(left / 1000, look)
                await asyncio.sleep(min(wait, longest) * random.uniform(1.0, 1.1))
                look = min(2 * look, longest)
        raise EndingError(f"{host} is not asked any more: the crawl ends")

    def give_back(self, host: str, machine: str, token: str, pause: float) -> None:
        """Let others ask a host after ``pause`` seconds; returns at once."""
        keys, pace = _names(host, machine), math.ceil(max(0.0, pause) * 1000)
        # Not to a thread now: what is sent next must not wait for it.
        task = asyncio.create_task(self._give_back(keys, token, pace))
        self._yielding.add(task)
        task.add_done_callback(self._yielding.discard)

    def rest(self, host: str, seconds: float) -> None:
        """Let no worker ask a host for some time; returns at once."""
        task = asyncio.create_task(self._rest(host, max(1, int(seconds * 1000))))
        self._yielding.add(task)
        task.add_done_callback(self._yielding.discard)

    async def close(self) -> None:
        """Wait until everything is given back."""
        await asyncio.gather(*self._yielding)

    async def _give_back(self, keys: list[str], token: str, pace: int) -> None:
        try:
            own = await self._link.call(self._yield, keys=keys, args=[token, pace])
        except RedisLostError:
            return  # it ends by itself
        if own < len(keys):
            logger.warning("the lease of %s had ended before its answer came", keys[0])

    async def _rest(self, host: str, milliseconds: int) -> None:
        try:
            await self._link.call(self._server.set, _rest(host), self._worker, px=milliseconds)
        except RedisLostError:
            return  # this worker has ended, the others find out by themselves


def _names(host: str, machine: str) -> list[str]:
    return [f"gkcrawl:host:{name}" for name in sorted({host, machine})]


def _rest(host: str) -> str:
    return f"gkcrawl:rest:{host}"
