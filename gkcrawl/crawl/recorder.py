"""The recorder: one run's archive, from the first byte to the line that says how it ended.

What it is given is on the disk before it returns, then in the catalog, then told to those who
listen. It repairs first what a killed run left behind.
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import scrapy
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archive.catalog import Catalog
from archive.records import (
    Capture,
    Exchange,
    Failure,
    RenderedPage,
    Run,
    RunEnd,
    StoredExchange,
    timestamp,
)
from archive.warc import WarcWriter, iter_exchanges, locate, read_exchange, recover
from gkcrawl import __version__

logger = logging.getLogger(__name__)

Kept = TypeVar("Kept")

# The settings that shape what is fetched; they stand in every WARC's warcinfo.
TOLD_SETTINGS = (
    "ROBOTSTXT_OBEY",
    "DOWNLOAD_DELAY",
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "AUTOTHROTTLE_ENABLED",
    "DOWNLOAD_TIMEOUT",
    "DOWNLOAD_MAXSIZE",
    "RETRY_TIMES",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "DOWNLOAD_TLS_MIN_VERSION",
    "COOKIES_ENABLED",
    "GKCRAWL_ALLOW_PRIVATE",
)


class Recorder:
    """Scrapy extension: keeps exchanges and rendered pages in ``HOME/warc`` and the catalog.

    ``listeners`` are called with each capture once it is kept; ``before_close`` are awaited when
    the spider has closed, before the run's end is written.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.home = Path(crawler.settings["GKCRAWL_HOME"])
        self.listeners: list[Callable[[Capture], None]] = []
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        self._closing: asyncio.Future[Any] | None = None
        self.directory = self.home / "warc"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.catalog = Catalog(self.home / "catalog.db")
        for recovery in recover(self.home):
            logger.warning("an earlier run was killed, its file is repaired: %s", recovery)
            if recovery.kept:
                self._enter_file(recovery.file)
        self.run = describe_run(crawler.spidercls.name, crawler.settings)
        self.catalog.add_run(self.run)
        self.writer = WarcWriter(self.directory, self.run)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder = cls(crawler)
        crawler.signals.connect(recorder.close, signals.spider_closed)
        return recorder

    def record(self, exchange: Exchange) -> Capture | Failure:
        """Keep an exchange; a Failure comes back only when no byte of a response came.

        Raises OSError when it cannot be written, and then also ends the crawl: what cannot be
        kept is not worth a visit.
        """
        kept = self._write(lambda: self.writer.write(exchange))
        stats = self.crawler.stats
        stats.inc_value("gk/exchanges")
        stats.inc_value("gk/bytes", len(exchange.response))
        if isinstance(kept, Failure):
            stats.inc_value("gk/failures")
            self.catalog.add_failure(kept)
            return kept
        if exchange.failure is not None:
            stats.inc_value("gk/failures")
            stored = read_exchange(locate(self.directory, kept.warc), kept.offset)
            self._enter_stored(stored)
        self._enter(kept)
        return kept

    def record_rendered(self, page: RenderedPage) -> Capture:
        """Keep a page as a browser showed it; raises as ``record`` does."""
        kept = self._write(lambda: self.writer.write_rendered(page))
        self.crawler.stats.inc_value("gk/rendered")
        self._enter(kept)
        return kept

    async def close(self, spider: Spider, reason: str) -> None:
        """Let the listeners finish, then write how the run ended and close its files."""
        with closing(self.catalog), closing(self.writer):
            try:
                for finish in self.before_close:
                    await finish()
            finally:
                stats = self.crawler.stats.get_stats()
                counts = {name: value for name, value in stats.items() if type(value) is int}
                end = RunEnd(self.run.id, timestamp(datetime.now(UTC)), reason, counts)
                self.writer.write_run_end(end)
                self.catalog.end_run(end)

    def _enter(self, capture: Capture) -> None:
        self.catalog.add_capture(capture)
        for listener in self.listeners:
            listener(capture)

    def _enter_stored(self, stored: StoredExchange) -> None:
        self.catalog.add_capture(stored.capture)
        if stored.failure is not None:
            self.catalog.add_failure(stored.failure)

    def _enter_file(self, name: str) -> None:
        """Enter what a killed run wrote and may not have entered any more."""
        for record in iter_exchanges(locate(self.directory, name)):
            match record:
                case Run():
                    self.catalog.add_run(record)
                case RunEnd():
                    self.catalog.end_run(record)
                case Failure():
                    self.catalog.add_failure(record)
                case StoredExchange():
                    self._enter_stored(record)

    def _write(self, write: Callable[[], Kept]) -> Kept:
        try:
            return write()
        except OSError:
            logger.critical("the archive in %s cannot be written; the crawl ends", self.home)
            if self._closing is None:
                close = self.crawler.engine.close_spider_async(reason="archive_unwritable")
                self._closing = asyncio.ensure_future(close)
            raise


def describe_run(spider: str, settings: BaseSettings) -> Run:
    """Return a new run of ``spider`` with what its settings say of how it fetches."""
    told = {name: str(settings[name]) for name in TOLD_SETTINGS}
    # Whether, not which: a proxy's address and password are nobody's business.
    told["GKCRAWL_PROXY"] = "used" if settings["GKCRAWL_PROXY"] else "not used"
    return Run(
        id=uuid.uuid4().hex,
        spider=spider,
        started_at=timestamp(datetime.now(UTC)),
        software=f"gkcrawl/{__version__} Scrapy/{scrapy.__version__}",
        user_agent=settings["USER_AGENT"],
        contact=settings["GKCRAWL_CONTACT"],
        settings=told,
    )
