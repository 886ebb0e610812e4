"""The recorder: one run's archive, from the first byte to the line that says how it ended.

What it is given is on the disk before it returns, then in the catalog, then told to those who
listen. It repairs first what a killed run left behind.
"""

import asyncio
import atexit
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from archive.catalog import Catalog
from archive.index import enter_record
from archive.records import (
    Capture,
    Conversion,
    Exchange,
    Failure,
    Monitor,
    Notice,
    RenderedPage,
    RunEnd,
    timestamp,
)
from archive.warc import (
    OPEN,
    WarcWriter,
    is_abandoned,
    iter_exchanges,
    locate,
    read_exchange,
    recover,
    warc_files,
)
from gkcrawl.crawl import clock
from gkcrawl.crawl.describing import describe_run
from gkcrawl.crawl.history import KnownCaptures

logger = logging.getLogger(__name__)

UNWRITABLE = "archive_unwritable"
"""The finish reason of a run whose archive could not take what was fetched."""

UNWRITTEN = (OSError, sqlite3.OperationalError)
"""What is raised where the disk is full, or the catalog locked."""

# Seconds between two looks at whether the crawl only waits, at most and at least.
_LOOKING, _BUSY = 60.0, 0.01


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
        self.notices: list[Notice] = []
        """What a person should know of this run; told with its end."""
        self.monitors: list[Monitor] = []
        """What it was held against, likewise."""
        self.reason: str | None = None
        """Why it is ending; None: it is not."""
        self._closing: asyncio.Future[Any] | None = None
        self._begun = self._ended = False
        # Whether every record of the growing file is in the catalog too.
        self._entered = True
        self.directory = self.home / "warc"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.catalog = Catalog(self.home / "catalog.db")
        self.take_over()
        self.run = describe_run(crawler.spidercls.name, crawler.settings)
        settings = crawler.settings
        alone = self.run.id if settings.getbool("GKCRAWL_SELF_CONTAINED") else None
        self.writer = WarcWriter(
            self.directory,
            self.run,
            max_bytes=settings.getint("GKCRAWL_WARC_MAX_BYTES"),
            max_age=settings.getfloat("GKCRAWL_WARC_MAX_AGE"),
            max_idle=settings.getfloat("GKCRAWL_WARC_MAX_IDLE"),
            wire_framing=settings.getbool("GKCRAWL_WIRE_FRAMING"),
            settled=self._is_settled,
            known=KnownCaptures(self.catalog, alone),
            clock=clock.now,
        )
        self._idling: LoopingCall | None = None
        # A second Ctrl-C ends the process without the signal that the spider has closed.
        atexit.register(self._end, "shutdown")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder = cls(crawler)
        crawler.signals.connect(recorder.open, signals.spider_opened)
        crawler.signals.connect(recorder.close, signals.spider_closed)
        return recorder

    def open(self) -> None:
        """Look from now on, once in a while, whether the crawl only waits."""
        seconds = min(_LOOKING, max(self.writer.max_idle, _BUSY))
        self._idling = LoopingCall(self._rest)
        self._idling.start(seconds, now=False)

    def record(self, exchange: Exchange) -> Capture | Failure:
        """Keep an exchange; a Failure comes back only when no byte of a response came.

        Raises, and ends the crawl, as ``writing`` does.
        """
        stats = self.crawler.stats
        with self.writing():
            kept = self.writer.write(exchange)
            self._begin()
            stats.inc_value("gk/exchanges")
            stats.inc_value("gk/bytes", len(exchange.response))
            if exchange.failure is not None or isinstance(kept, Failure):
                stats.inc_value("gk/failures")
            if isinstance(kept, Failure):
                self.catalog.add_failure(kept)
                return kept
            if exchange.failure is not None:
                stored = read_exchange(locate(self.directory, kept.warc), kept.offset)
                enter_record(self.catalog, stored)
            if kept.refers_to is not None:
                stats.inc_value("gk/revisits")
            self._enter(kept)
        return kept

    def record_rendered(self, page: RenderedPage) -> Capture:
        """Keep a page as a browser showed it; raises as ``record`` does."""
        with self.writing():
            kept = self.writer.write_rendered(page)
            self._begin()
            self.crawler.stats.inc_value("gk/rendered")
            self._enter(kept)
        return kept

    def record_conversion(self, *conversions: Conversion) -> None:
        """Keep what was read from captures; raises as ``record`` does."""
        with self.writing():
            self.writer.write_conversion(*conversions)
            self._begin()
            self.crawler.stats.inc_value("gk/conversions", len(conversions))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """End the crawl if what is done here raises OSError or sqlite3.OperationalError.

        The disk is full, or the catalog locked: what cannot be kept is not worth a visit.
        """
        try:
            yield
        except UNWRITTEN as error:
            self._entered &= not isinstance(error, sqlite3.OperationalError)
            self.crawler.stats.inc_value("gk/unwritable")
            if self._closing is None and not self._ended:
                logger.critical(
                    "the archive in %s cannot be written (%s): the crawl ends; make room, then "
                    "start it again and it goes on",
                    self.home,
                    error,
                )
                close = self.crawler.engine.close_spider_async(reason=UNWRITABLE)
                self._closing = asyncio.ensure_future(close)
            raise

    async def close(self, spider: Spider, reason: str) -> None:
        """Let the listeners finish, then write how the run ended and close its files."""
        self.reason = reason
        try:
            for finish in self.before_close:
                await finish()
        finally:
            self._end(reason)

    def _end(self, reason: str) -> None:
        """Write how the run ended and close its files, once."""
        if self._ended:
            return
        self._ended = True
        atexit.unregister(self._end)
        if self._idling is not None and self._idling.running:
            self._idling.stop()
        # What the next run repairs, it also enters: so a file gets its name when the catalog, of
        # which closing makes the last rows durable, has all of it.
        finish = self.writer.close if self._entered else self.writer.abandon
        with ExitStack() as stack:
            stack.callback(finish)
            stack.callback(self.catalog.close)
            stats = self.crawler.stats.get_stats()
            counts = {name: value for name, value in stats.items() if type(value) is int}
            told = (tuple(self.notices), tuple(self.monitors))
            end = RunEnd(self.run.id, timestamp(clock.now()), reason, counts, *told)
            self.writer.write_run_end(end)
            self._begin()
            self.catalog.end_run(end)

    def _rest(self) -> None:
        """Finish the file while the crawl waits: then it is whole, has its name and its index."""
        # What it raises has ended the crawl already.
        with suppress(*UNWRITTEN), self.writing():
            if self.writer.close_idle():
                logger.info("nothing was fetched for a while: the WARC file is finished")

    def _is_settled(self) -> bool:
        """Return whether the catalog has, durably, all that was written."""
        if self._entered and not self._ended:  # at the end it was closed, which did it
            self.catalog.db.execute("pragma wal_checkpoint(passive)")
        return self._entered

    def _begin(self) -> None:
        # Not before the first write: the catalog must not know a run of which no file tells.
        if not self._begun:
            self.catalog.add_run(self.run)
            self._begun = True

    def _enter(self, capture: Capture) -> None:
        self.catalog.add_capture(capture)
        for listener in self.listeners:
            listener(capture)

    def take_over(self) -> None:
        """Enter what killed runs wrote and may not have entered any more, then repair their files.

        In this order, since of a repaired file nobody asks again whether the catalog has all of it.
        """
        for path in warc_files(self.directory):
            if path.name.endswith(OPEN) and is_abandoned(path):
                for record in iter_exchanges(path):
                    enter_record(self.catalog, record)
        for recovery in recover(self.home):
            logger.warning("an earlier run was killed, its file is repaired: %s", recovery)
            self.crawler.stats.inc_value("gk/torn_files", int(recovery.torn > 0))
            self.crawler.stats.inc_value("gk/torn_bytes", recovery.torn)
