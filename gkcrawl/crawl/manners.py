"""How long a server asks to be left alone: ``Crawl-delay`` in robots.txt and ``Retry-After``.

Crawl-delay is no part of RFC 9309 but widely written; Retry-After is RFC 9110, section 10.2.3.
Both have a bound, so that no server holds up a crawl for ever.
"""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

LONGEST_DELAY = 60.0
"""Seconds between two requests, whatever robots.txt says."""
LONGEST_WAIT = 300.0
"""Seconds that a busy server is left alone, whatever it says."""
BUSY = frozenset({429, 503})


class Manners:
    """Scrapy extension: makes a host's pauses as long as the host asks for."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.delays: dict[str, float] = {}
        """Download slot -> Crawl-delay in seconds."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        manners = cls(crawler)
        crawler.signals.connect(manners.hear_robots, signals.robots_parsed)
        crawler.signals.connect(manners.hear_answer, signals.response_downloaded)
        return manners

    def hear_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Note the Crawl-delay that robots.txt has for us."""
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        if delay:
            host = self.crawler.engine.downloader.get_slot_key(request)
            self.delays[host] = min(delay, LONGEST_DELAY)
            self._slow_down(host)

    def hear_answer(self, response: Response, request: Request) -> None:
        """Hold back the host's next request where the answer asks for it."""
        host: str = request.meta["download_slot"]
        self._slow_down(host)
        if response.status not in BUSY:
            return
        seconds = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        slot = self._slot(host)
        if seconds and slot:
            wait = min(seconds, LONGEST_WAIT)
            # The downloader counts its pause from the moment of the last request.
            slot.lastseen = max(slot.lastseen, time.monotonic() + wait - slot.delay)
            slot.jitter = 0.0
            self.crawler.stats.inc_value("gk/asked_to_wait")

    def _slow_down(self, host: str) -> None:
        # After each answer anew: AutoThrottle, which listens before us, may have shortened it.
        slot, delay = self._slot(host), self.delays.get(host, 0.0)
        if slot and delay:
            slot.delay = max(slot.delay, delay)
            slot.jitter = 0.0

    def _slot(self, host: str) -> Any:
        return self.crawler.engine.downloader.slots.get(host)


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
