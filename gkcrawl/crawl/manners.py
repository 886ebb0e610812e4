"""How a guest behaves at a host's door: one request at a time, at the pace that the host asks for.

Names that share a machine share its queue, since county portals often stand on one server of
their prefecture. ``Crawl-delay`` is no part of RFC 9309 but widely written; ``Retry-After`` is RFC
9110, section 10.2.3. A host that is down, or refuses, is left in peace (``breaker``).
"""

import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from gkcrawl.crawl import doors
from gkcrawl.crawl.breaker import BAD_STATUS, Breaker

logger = logging.getLogger(__name__)

LONGEST_DELAY = 60.0
"""Seconds between two requests, whatever robots.txt says."""
LONGEST_WAIT = 300.0
"""Seconds that a crawl waits for a busy server; one that asks for more is left for another day."""
BUSY = frozenset({429, 503})
RESTED = "gk/rested/"
"""Of the statistics that count how often a host was left in peace."""
HOST_RESTS = object()
"""Signal: ``host`` is left in peace from now on for so many ``seconds``."""

# What went wrong -> points of trouble; the first that fits. A host without address or without
# anybody behind its port needs no third look.
FAILURES: tuple[tuple[type[Exception], int], ...] = (
    (CannotResolveHostError, 3),
    (DownloadConnectionRefusedError, 3),
    (DownloadTimeoutError, 2),
    (DownloadFailedError, 1),
)


class HostRestingError(IgnoreRequest):
    """The host is left in peace for a while; the page stays due."""


class Manners:
    """Scrapy downloader middleware, the last before the wire.

    ``process_request`` raises HostRestingError for a host that is left in peace.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.breaker = Breaker()
        self.delays: dict[str, float] = {}
        """Host -> its Crawl-delay in seconds."""
        self._queues: dict[str, str] = {}
        """Host -> download slot."""
        self._proxied = bool(crawler.settings["GKCRAWL_PROXY"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        manners = cls(crawler)
        crawler.signals.connect(manners.hear_robots, signals.robots_parsed)
        # After AutoThrottle, an extension, whose pauses this may lengthen.
        crawler.signals.connect(manners.hear_answer, signals.response_downloaded)
        return manners

    async def process_request(self, request: Request) -> None:
        """Put the request into the queue of its host's machine, unless the host is resting."""
        host = _host(request)
        if seconds := self.breaker.resting(host, time.monotonic()):
            self.crawler.stats.inc_value("gk/resting")
            raise HostRestingError(f"{host} is left in peace for {seconds:.0f} s")
        request.meta["download_slot"] = await self._queue(host)
        self._slow_down(request)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note how the host is; what is refused on our side says nothing about it."""
        points = next((points for kind, points in FAILURES if isinstance(exception, kind)), 0)
        if points:
            self._note(request, points, f"{type(exception).__name__}: {exception}")

    def hear_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Note the Crawl-delay that robots.txt has for us."""
        name = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        delay = robotparser.crawl_delay(name or self.crawler.settings["USER_AGENT"])
        if delay:
            self.delays[_host(request)] = min(delay, LONGEST_DELAY)

    def hear_answer(self, response: Response, request: Request) -> None:
        """Hold back the next request to this machine where the answer asks for it."""
        self._note(request, BAD_STATUS.get(response.status, 0), f"status {response.status}")
        self._slow_down(request)
        if (slot := self._slot(request)) and self.delays.get(_host(request)):
            # What the host sees is when requests come, which is not before they are answered.
            slot.lastseen = max(slot.lastseen, time.monotonic())
        if response.status not in BUSY:
            return
        seconds = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if not seconds:
            return
        self.crawler.stats.inc_value("gk/asked_to_wait")
        host = _host(request)
        if seconds > LONGEST_WAIT:
            logger.warning("%s asks to be left alone for %.0f s: left for later", host, seconds)
            self.breaker.rest(host, seconds, time.monotonic())
            self._leave_in_peace(request)
        elif slot := self._slot(request):
            # The downloader counts its pause from the moment of the last request.
            slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)
            slot.jitter = 0.0

    def _note(self, request: Request, points: int, what: str) -> None:
        host = _host(request)
        if not points:
            self.breaker.good(host)
        elif self.breaker.bad(host, request.url, points, time.monotonic()):
            self.crawler.stats.inc_value("gk/hosts_resting")
            logger.warning("%s is left in peace for a while, the last trouble was %s", host, what)
            self._leave_in_peace(request)

    def _leave_in_peace(self, request: Request) -> None:
        host = _host(request)
        seconds = self.breaker.left(host, time.monotonic())
        self.crawler.stats.inc_value(f"{RESTED}{host}")
        self.crawler.signals.send_catch_log(HOST_RESTS, host=host, seconds=seconds)
        self._dismiss(request)

    def _dismiss(self, request: Request) -> None:
        """Send away what already waits in the downloader for the host of ``request``."""
        if slot := self._slot(request):
            waiting, host = list(slot.queue), _host(request)
            slot.queue.clear()
            slot.queue.extend(pair for pair in waiting if _host(pair[0]) != host)
            for other, answer in waiting:
                if _host(other) == host:
                    self.crawler.stats.inc_value("gk/resting")
                    answer.errback(HostRestingError(f"{host} is left in peace for a while"))

    async def _queue(self, host: str) -> str:
        if host not in self._queues:
            # Behind a proxy its machine is not known.
            found = [] if self._proxied else await doors.addresses(host)
            self._queues[host] = min(found, default=host)
        return self._queues[host]

    def _slow_down(self, request: Request) -> None:
        # Before each request and after each answer: AutoThrottle may have shortened it.
        slot, delay = self._slot(request), self.delays.get(_host(request), 0.0)
        if slot and delay:
            slot.delay = max(slot.delay, delay)
            slot.jitter = 0.0

    def _slot(self, request: Request) -> Any:
        return self.crawler.engine.downloader.slots.get(request.meta["download_slot"])


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds to wait that a Retry-After header asks for; None: nothing it can mean."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


def _host(request: Request) -> str:
    return urlparse_cached(request).hostname or ""
