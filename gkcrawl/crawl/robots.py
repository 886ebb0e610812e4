"""robots.txt as RFC 9309 has it, where Scrapy 2.19 is laxer than we promise to be.

Where robots.txt exists but cannot be had (a 5xx answer, no answer), everything is forbidden;
where it does not exist (4xx), everything is allowed (RFC 9309, section 2.3.1).
"""

import logging
import time

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred

from gkcrawl.crawl.doors import ForbiddenAddressError

logger = logging.getLogger(__name__)

FORBID_ALL = b"User-agent: *\nDisallow: /\n"
VALID = 86400.0
"""Seconds for which rules hold (RFC 9309, section 2.4)."""
VALID_UNKNOWN = 3600.0
"""Seconds until rules that could not be had are asked for again."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots middleware, strict about what cannot be known."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._until: dict[str, float] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        waiting = self._parsers.get(netloc)
        if not isinstance(waiting, Deferred):
            if time.monotonic() >= self._until.get(netloc, 0.0):
                self._parsers.pop(netloc, None)
                self._until[netloc] = time.monotonic() + VALID
            return await super().robot_parser(request)
        # Scrapy 2.19 hands one Deferred to all who wait: only the first gets the rules out of
        # it, and for the others nothing would be forbidden.
        own: Deferred[RobotParser | None] = Deferred()

        def pass_on(rules: RobotParser | None) -> RobotParser | None:
            own.callback(rules)
            return rules

        waiting.addCallback(pass_on)
        return await maybe_deferred_to_future(own)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        # Too many requests is no word on what may be fetched, so it counts with the 5xx.
        if response.status >= 500 or response.status == 429:
            logger.warning(
                "robots.txt of %s: status %s, so nothing is fetched", netloc, response.status
            )
            response = response.replace(body=FORBID_ALL)
            self._until[netloc] = time.monotonic() + VALID_UNKNOWN
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # What is refused here is refused, and recorded, once more for the page itself.
        if isinstance(exc, IgnoreRequest | ForbiddenAddressError):
            super()._robots_error(exc, netloc)
            return
        logger.warning("robots.txt of %s cannot be had, so nothing is fetched: %s", netloc, exc)
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc)}")
        waiting = self._parsers[netloc]
        rules = build_from_crawler(self._parserimpl, self.crawler, FORBID_ALL)
        self._parsers[netloc] = rules
        self._until[netloc] = time.monotonic() + VALID_UNKNOWN
        assert isinstance(waiting, Deferred)
        waiting.callback(rules)
