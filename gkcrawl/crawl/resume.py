"""A crawl that was stopped goes on: what it was told a while ago it does not ask again.

Articles are not due again for weeks; lists and robots.txt are, on every run. But the run that goes
on after a kill is the same visit, so the pages that led there are taken from the archive. Only the
newest runs of the spider count that did not come to their end, and only for a day: robots.txt may
be kept for as long (RFC 9309, section 2.4).
"""

import logging
from collections import Counter, deque
from datetime import timedelta
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from archive.records import timestamp
from archive.warc import WarcError, locate, read_exchange
from archive.warc.tries import Key, key_of, tries_of
from gkcrawl.crawl import clock, exchanges
from gkcrawl.crawl.living import Living
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.responses import archived
from gkcrawl.schedule import VISITED

logger = logging.getLogger(__name__)

VALID = timedelta(days=1)
"""How long the answers to a run that was stopped are good."""
_PAGES = VISITED | {"other"}
# Answers that would be the same again; refusals and errors of the server may pass.
_SETTLED = (404, 410)


class Resume:
    """Scrapy downloader middleware: answers navigation from the run that was stopped."""

    def __init__(self, crawler: Crawler, recorder: Recorder) -> None:
        self.crawler = crawler
        self.recorder = recorder
        self._answers: dict[Key, deque[tuple[str, int, str]]] | None = None
        self._failed: Counter[str] = Counter()
        """Address of a document -> tries of the stopped runs, where the last one failed."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder = crawler.get_extension(Recorder)
        if recorder is None or crawler.settings.get("GKCRAWL_REPLAY"):
            raise NotConfigured
        return cls(crawler, recorder)

    def look_again(self) -> None:
        """Find the answers anew: a run has been stopped since this one began."""
        self._answers = None

    def is_cut(self, url: str) -> bool:
        """Tell whether a document failed in a stopped run, which would have tried it again."""
        if self._answers is None:
            self._answers = self._find()
        settings = self.crawler.settings
        tries = settings.getint("RETRY_TIMES") if settings.getbool("RETRY_ENABLED") else 0
        return 0 < self._failed[url] <= tries

    def process_request(self, request: Request) -> Response | None:
        """Return the archived answer to a request; None: there is none, so it is asked."""
        if request.meta.get("playwright") or exchanges.page_class(request) not in _PAGES:
            return None
        if self._answers is None:
            self._answers = self._find()
        if not self._answers:
            return None  # as in most runs: nothing was stopped
        waiting = self._answers.get(key_of(request.method, request.url, request.body))
        while waiting:
            warc, offset, capture_id = waiting.popleft()
            try:
                stored = read_exchange(locate(self.recorder.directory, warc), offset)
            except (FileNotFoundError, WarcError) as error:
                logger.warning("%s is asked again, its answer is damaged: %s", request.url, error)
                continue
            if not (stored.missing or stored.failure or stored.truncated):
                self.crawler.stats.inc_value("gk/resumed")
                request.meta["capture_id"] = capture_id
                return archived(stored, request)
        return None

    def _find(self) -> dict[Key, deque[tuple[str, int, str]]]:
        """Return file, offset and id of the answers of the runs that were stopped, by request."""
        since = timestamp(clock.now() - VALID)
        wanted: dict[str, dict[int, str]] = {}
        # Of a shared crawl other runs go on: their answers are their own, their files still grow.
        living = Living(self.recorder.directory)
        passing = {int(code) for code in self.crawler.settings.getlist("RETRY_HTTP_CODES")}
        self._failed.clear()
        for capture in self.recorder.catalog.unfinished(self.recorder.run.spider, since):
            status = capture.status or 0
            if capture.run_id in living:
                continue
            if capture.kind not in _PAGES:
                failed = status in passing
                self._failed[capture.url] = self._failed[capture.url] + 1 if failed else 0
                continue
            if 200 <= status < 400 or status in _SETTLED:
                wanted.setdefault(capture.warc, {})[capture.offset] = capture.id
        answers: dict[Key, deque[tuple[str, int, str]]] = {}
        for warc, offsets in wanted.items():
            try:
                for key, one in tries_of(locate(self.recorder.directory, warc)):
                    if one.offset in offsets:
                        place = (warc, one.offset, offsets[one.offset])
                        answers.setdefault(key, deque()).append(place)
            except (FileNotFoundError, WarcError) as error:
                logger.warning("what stands behind it in %s is asked again: %s", warc, error)
        if answers:
            logger.info("an earlier run was stopped: %d of its pages are used", len(answers))
        return answers
