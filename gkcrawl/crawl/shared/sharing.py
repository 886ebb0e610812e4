"""What a worker does besides asking for pages: it takes visits, finishes them, says that it lives.

Every worker offers all visits that it was told to make; who offers one first does not matter. None
ends before all are done, since those of a worker that dies are to be made by another.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator
from typing import Any, Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from gkcrawl.crawl.keeping import is_ending
from gkcrawl.crawl.manners import HOST_RESTS
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.shared import REDIS_LOST, SHARING_FAILED
from gkcrawl.crawl.shared.connection import Link, RedisLostError, place
from gkcrawl.crawl.shared.division import Division
from gkcrawl.crawl.shared.frontier import State, Taken
from gkcrawl.crawl.shared.hosts import Hosts
from gkcrawl.crawl.shared.inheriting import inherit
from gkcrawl.crawl.shared.scheduler import Scheduler
from gkcrawl.crawl.shared.visits import VISIT, WHOLE, visit_of
from gkcrawl.crawl.spider import ProvinceSpider

logger = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks at Redis; one visit is taken at each, so that the others get theirs."""


class Sharing:
    """Scrapy spider middleware: this worker's part in a shared crawl."""

    hosts: Hosts

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.lease = crawler.settings.getfloat("GKCRAWL_LEASE")
        self.link = Link(place(crawler.settings["REDIS_URL"]), self.lease)
        self.worker = ""
        self._division: Division | None = None
        self._held: set[str] = set()
        # Of a spider whose work is one visit: whose turn it is, and whether it still starts.
        self._turn = asyncio.Event()
        self._is_ours = self._is_starting = False
        self._work: asyncio.Task[None] | None = None
        self._ended = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        sharing = cls(crawler)
        crawler.signals.connect(sharing.open, signals.spider_opened)
        crawler.signals.connect(sharing.stay, signals.spider_idle)
        crawler.signals.connect(sharing.close, signals.spider_closed)
        crawler.signals.connect(sharing.hear_rest, HOST_RESTS)
        return sharing

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield nothing of a spider whose visits are taken one by one; of another one everything,
        when it is this worker's turn."""
        if self._division is not None:
            return
        await self._turn.wait()
        if self._is_ours:
            async for request in start:
                yield request
        self._is_starting = False

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Yield what follows from a page, as a part of the visit that asked for the page."""
        visit = response.request.meta.get(VISIT) if response.request else None
        async for one in result:
            if visit and isinstance(one, Request):
                one.meta.setdefault(VISIT, visit)
            yield one

    def open(self) -> None:
        """Begin to work."""
        settings, spider = self.crawler.settings, self.crawler.spider
        recorder = self.crawler.get_extension(Recorder)
        assert recorder is not None, "see EXTENSIONS in gkcrawl.settings"
        self.worker = recorder.run.id
        answer = settings.getfloat("DOWNLOAD_TIMEOUT")
        server = self._scheduler.server
        self.hosts = Hosts(server, self.link, self.worker, answer, self.lease, self._is_ending)
        if isinstance(spider, ProvinceSpider) and not spider.seeds:
            self._division = Division(spider, self._scheduler.df)
        self._work = asyncio.create_task(self._take_part())

    def stay(self) -> None:
        """Let the spider wait for what other workers may leave."""
        if not self._ended:
            raise DontCloseSpider

    async def close(self) -> None:
        """Give back what is held, so that nobody has to wait for the end of a lease."""
        self._ended = True
        self._turn.set()
        if self._work is None:
            return  # it never began
        if not self.link.is_up:
            self._work.cancel()
            logger.error("%s does not answer: nothing is given back to it", self.link.where)
            return
        # What it is asking for now would else be answered when all is given back.
        await asyncio.wait([self._work])
        try:
            await self.hosts.close()
            await self.link.call(self._scheduler.queue.leave, self.worker)
        except RedisLostError as error:
            logger.error("%s: nothing is given back to it", error)

    def hear_rest(self, host: str, seconds: float) -> None:
        """Tell the other workers that a host is to be left in peace."""
        self.hosts.rest(host, seconds)

    async def _take_part(self) -> None:
        try:
            visits = await self._offer()
            while not self._is_ending():
                await self._look(visits)
                await asyncio.sleep(TICK)
        except RedisLostError as error:
            logger.error("%s: this worker ends; start it again and it goes on", error)
            self._end(REDIS_LOST)
        except Exception:
            logger.exception("this worker can take no more part in the shared crawl")
            self._end(SHARING_FAILED)

    async def _offer(self) -> dict[str, int]:
        """Let the visits wait that no worker has offered; return them all, with a rank: first those
        that this archive knows, of which less is due here."""
        division, queue = self._division, self._scheduler.queue
        names = division.names if division else {WHOLE: "gkcrawl://all"}
        for name, url in names.items():
            await self.link.call(queue.push, Request(url, meta={VISIT: name}))
        return {name: int(not (division and division.is_known(name))) for name in names}

    async def _look(self, visits: dict[str, int]) -> None:
        """Say that this worker lives, and do what is to be done about its visits."""
        state = await self.link.call(self._scheduler.queue.beat, self.worker, self.lease)
        if not state.visits:
            raise RedisLostError(f"{self.link.where} has forgotten this crawl")
        if self._held and not state.was_known:
            self._lose()
        for visit in [one for one in self._held if not self._is_busy(one)]:
            await self._go_on(visit)
        if self.crawler.engine.paused:
            return
        if len(self._held) < self._share(state):
            await self._take(visits)
        if not self._held and not await self._is_work_left(visits):
            self._end("finished")

    def _share(self, state: State) -> int:
        """Return how many visits are to be held here: a fair part of all that are left."""
        most = self.crawler.settings.getint("CONCURRENT_REQUESTS")
        return min(most, math.ceil((state.waiting + state.held) / state.workers))

    async def _take(self, visits: dict[str, int]) -> None:
        # What was taken from this worker may still have something on its way.
        free = {name: rank for name, rank in visits.items() if not self._is_busy(name)}
        taken = await self.link.call(self._scheduler.queue.pop, self.worker, free)
        if taken is not None:
            self._held.add(taken.visit)
            self._begin(taken)

    def _begin(self, taken: Taken) -> None:
        self.crawler.stats.inc_value("gk/visits/taken")
        if taken.left_by:
            logger.warning("%s was left by a worker that is gone: made anew", taken.visit)
            self.crawler.stats.inc_value("gk/visits/inherited")
            inherit(self.crawler)
        self._scheduler.resume(taken.visit)
        if self._division is not None:
            for request in self._division.begin(taken.visit):
                self.crawler.engine.crawl(request)
        else:
            self._is_ours = self._is_starting = True
            self._turn.set()

    async def _go_on(self, visit: str) -> None:
        """Ask for what is left of a visit of which nothing is on its way; else it is done."""
        while self._division and (requests := self._division.go_on(visit)):
            for request in requests:
                self.crawler.engine.crawl(request)
            if self._is_busy(visit):
                return
        self._held.discard(visit)
        if not await self.link.call(self._scheduler.queue.finish, self.worker, visit):
            self._drop(visit)

    def _lose(self) -> None:
        logger.warning("this worker was taken for dead: others make its visits")
        for visit in self._held:
            self._drop(visit)
        self._held.clear()

    def _drop(self, visit: str) -> None:
        self.crawler.stats.inc_value("gk/visits/lost")
        self._scheduler.drop(visit)

    async def _is_work_left(self, visits: dict[str, int]) -> bool:
        """Tell whether anything of what this worker was told to do is not done."""
        if self._is_anything_under_way():
            return True
        left: set[str] = await self.link.call(self._scheduler.queue.unfinished)
        return bool(left & visits.keys())

    def _is_busy(self, visit: str) -> bool:
        """Tell whether anything of a visit is on its way here."""
        if visit == WHOLE:
            return self._is_anything_under_way()
        waits = self._scheduler.pending(visit) > 0
        return waits or any(visit_of(request) == visit for request in self._slot.inprogress)

    def _is_anything_under_way(self) -> bool:
        waits = self._scheduler.has_pending_requests()
        return self._is_starting or waits or bool(self._slot.inprogress)

    def _is_ending(self) -> bool:
        return self._ended or is_ending(self.crawler)

    def _end(self, reason: str) -> None:
        if not self._is_ending():
            # Not in this task, which the end cancels.
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason=reason)
            )
        self._ended = True
        self._turn.set()

    @property
    def _scheduler(self) -> Scheduler:
        return cast(Scheduler, self.crawler.engine.scheduler)

    @property
    def _slot(self) -> Any:
        # What is under way Scrapy tells nowhere else.
        return self.crawler.engine._slot
