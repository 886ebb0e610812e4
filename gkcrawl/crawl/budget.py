"""A run's budget for each host, so that no portal that has no end takes all of a night.

It stands below all that retries and redirects, since the host is asked each time; the frontier,
which counts pages that lead on, knows nothing of documents, files and robots.txt.
"""

import logging
from collections import Counter
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from gkcrawl.schedule import load_rules

logger = logging.getLogger(__name__)


class HostSpentError(IgnoreRequest):
    """The host was asked as often as it may be in one run; the page stays due."""


class Budget:
    """Scrapy downloader middleware: raises HostSpentError once a host's requests are spent."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._spent: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(load_rules().requests_per_host)

    def process_request(self, request: Request) -> None:
        """Count a request of its host."""
        host = urlparse_cached(request).hostname or ""
        self._spent[host] += 1
        if self._spent[host] > self.most:
            raise HostSpentError(f"{host} was asked {self.most} times in this run")
        if self._spent[host] == self.most:
            logger.warning("%s was asked %d times: what is left stays due", host, self.most)
