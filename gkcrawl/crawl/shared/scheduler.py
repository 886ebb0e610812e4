"""The scheduler of a worker: visits come from Redis, their requests wait in its own memory.

A visit's requests follow from what it has seen so far, which is in the memory of its worker; they
are lost with it and found again when the visit is made anew. So only visits are worth sharing.
"""

import hashlib
import json
import logging
from collections import Counter
from datetime import datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import Scheduler as MemoryScheduler
from scrapy.crawler import Crawler
from scrapy_redis.scheduler import (
    Scheduler as RedisScheduler,
)

from archive.deadlines import CHINA
from gkcrawl.crawl import clock
from gkcrawl.crawl.shared.dupefilter import DupeFilter
from gkcrawl.crawl.shared.frontier import Frontier, joined
from gkcrawl.crawl.shared.visits import visit_of

logger = logging.getLogger(__name__)

# Arguments of spiders that say what is done; which portals are visited is no other crawl.
_TELLING = ("year", "seeds", "searches", "queries", "pages")


class Scheduler(RedisScheduler):  # type: ignore[misc]
    """scrapy-redis's scheduler, with visits in the shared queue and requests in memory."""

    queue: Frontier
    df: DupeFilter

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        scheduler: Self = super().from_crawler(crawler)
        scheduler._crawler = crawler
        scheduler._pending = Counter()
        scheduler._dropped = set()
        return scheduler

    def open(self, spider: Spider) -> None:
        """Take part in the run that is under way, or begin that of today."""
        what = f"{spider.name}{_digest(spider)}"
        name = self._crawler.settings["GKCRAWL_RUN"] or today(clock.now())
        self.queue_key = joined(self.server, what, name)
        super().open(spider)
        self._local = MemoryScheduler.from_crawler(self._crawler)
        self._local.df = self.df
        self._local.open(spider)
        logger.info("this worker takes part in %s", self.queue_key)

    def enqueue_request(self, request: Request) -> bool:
        """Put a request into this worker's own queue, unless the page was asked for before."""
        taken = self._local.enqueue_request(request)
        self._pending[visit_of(request)] += taken
        return taken

    def next_request(self) -> Request | None:
        """Return the next request of the visits that this worker holds; None: there is none."""
        while (request := self._local.next_request()) is not None:
            visit = visit_of(request)
            self._pending[visit] -= 1
            if visit not in self._dropped:
                return request
        return None

    def has_pending_requests(self) -> bool:
        """Tell whether this worker itself has anything to ask for."""
        return self._local.has_pending_requests()

    def pending(self, visit: str) -> int:
        """Return how many requests of a visit wait here."""
        waiting: int = self._pending[visit]
        return waiting

    def drop(self, visit: str) -> None:
        """Ask for nothing of a visit any more: it is another worker's."""
        self._dropped.add(visit)
        self.df.forget(visit)

    def resume(self, visit: str) -> None:
        """Let a visit begin that may have been dropped before."""
        self._dropped.discard(visit)


def today(now: datetime) -> str:
    """Return the name of the run that begins now: the day in China."""
    return now.astimezone(CHINA).date().isoformat()


def _digest(spider: Any) -> str:
    """Return what tells apart workers that were asked for different things; empty: for all."""
    asked = {name: value for name in _TELLING if (value := getattr(spider, name, None))}
    if not asked:
        return ""
    return ":" + hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
