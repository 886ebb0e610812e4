"""The queue of visits: what waits, who holds what, what is done.

scrapy-redis takes a request out of its queue before anything is done for it, and so loses it with
the worker. Here it is held by name until it is done, by a worker that says again and again that it
lives; what a dead one held comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy_redis.queue import PriorityQueue

from gkcrawl.crawl.shared import scripts

KEPT = 2 * 86400
"""Seconds after its last worker for which Redis keeps what it knows of a run."""
RUNS = "gkcrawl:{spider}:run"


@dataclass(frozen=True, slots=True)
class State:
    """What a worker hears when it says that it lives."""

    was_known: bool
    """False: it is new, or was taken for dead; then its visits are others' by now."""
    visits: int
    """All of the run."""
    waiting: int
    held: int
    workers: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit that this worker is to make from now on."""

    visit: str
    left_by: str
    """The worker that died over it; empty: nobody did."""


class Frontier(PriorityQueue):  # type: ignore[misc]
    """The visits of one run. ``key`` is what all its keys in Redis begin with.

    Raises what the client of Redis raises.
    """

    def __init__(self, server: Any, spider: Any, key: str, serializer: Any) -> None:
        super().__init__(server, spider, key, serializer)
        self.run = key
        self.key: str = f"{key}:queue"
        self._script = {
            name: server.register_script(getattr(scripts, name))
            for name in ("OFFER", "BEAT", "TAKE", "FINISH", "LEAVE")
        }

    def push(self, request: Request) -> bool:
        """Let a visit wait; False: this run knows it already."""
        visit, data = request.meta["visit"], self._encode_request(request)
        given = [visit, -request.priority, data]
        return bool(self._ask("OFFER", ("requests", "queue"), *given))

    def beat(self, worker: str, lease: float) -> State:
        """Say that a worker lives, for ``lease`` seconds from now."""
        names = ("requests", "queue", "held", "workers", "heirless", "done")
        known, *counts = self._ask("BEAT", names, worker, int(lease * 1000), KEPT * 1000)
        return State(bool(known), *counts)

    def pop(self, worker: str, own: Mapping[str, int]) -> Taken | None:
        """Return one of the visits in ``own`` (visit -> rank), for the worker to hold; None: none
        waits.

        What a dead worker left comes first, then the lowest rank, then the order of the queue.
        """
        waiting = self.server.zrange(self.key, 0, -1, withscores=True)
        mine = [(score != float("-inf"), own[name], name) for name, score in waiting if name in own]
        for _, _, name in sorted(mine, key=lambda one: one[:2]):
            keys = ("queue", "held", "workers", "heirless")
            if found := self._ask("TAKE", keys, worker, name):
                return Taken(name, found[0])
        return None

    def finish(self, worker: str, visit: str) -> bool:
        """Note that a visit is done; False: it is not this worker's any more."""
        return bool(self._ask("FINISH", ("held", "done"), worker, visit))

    def leave(self, worker: str) -> None:
        """Give back what a worker holds, and forget it."""
        self._ask("LEAVE", ("queue", "held", "workers"), worker)

    def unfinished(self) -> set[str]:
        """Return the visits that wait or are held."""
        waiting = self.server.zrange(self.key, 0, -1)
        return {*waiting, *self.server.hkeys(f"{self.run}:held")}

    def _ask(self, name: str, keys: tuple[str, ...], *arguments: Any) -> Any:
        return self._script[name](keys=[f"{self.run}:{key}" for key in keys], args=arguments)


def joined(server: Any, spider: str, name: str) -> str:
    """Return what the keys of a run begin with: of the one that is under way, else of ``name``."""
    runs = RUNS.format(spider=spider)
    prefix = f"{runs}:"
    join = server.register_script(scripts.JOIN)
    present = join(keys=[runs], args=[name, prefix, ":workers", KEPT])
    return f"{prefix}{present}"
