"""From capture to catalog while the crawl goes on.

Every capture is read in the order in which it stands in the archive, in a process of its own, so
that a hostile document can neither stop the crawl nor slow it, and so that a rebuild from the WARCs
alone meets the captures in the same order and comes to the same catalog. What is read of a report
goes into the WARC files first, so that what the catalog has from a crawl is there too.
"""

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.conversions import config_digest, conversion_of
from archive.index import load_divisions
from archive.records import Capture, Reading
from archive.warc import warc_files
from archive.warc.converted import Made, conversions_in
from archive.worker import DocumentReader
from gkcrawl import __version__
from gkcrawl.crawl.items import FoundArticle
from gkcrawl.crawl.living import Living
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.portals import all_portal_rows

logger = logging.getLogger(__name__)


class Indexer:
    """Scrapy extension: reads each capture that the recorder kept and enters it in the catalog."""

    recorder: Recorder

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._queue: asyncio.Queue[Capture | None] = asyncio.Queue()
        self._readings: dict[str, asyncio.Future[Reading]] = {}
        self._worker: asyncio.Task[None] | None = None
        self._reader = DocumentReader(Path(crawler.settings["GKCRAWL_HOME"]) / "warc")
        self._keeps = crawler.settings.getbool("GKCRAWL_CONVERSIONS")
        self._made: set[Made] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        indexer = cls(crawler)
        crawler.signals.connect(indexer.start, signals.spider_opened)
        return indexer

    async def start(self) -> None:
        """Take up what an earlier, killed run captured but did not read, then begin."""
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            raise RuntimeError("the Indexer needs the Recorder: see EXTENSIONS in gkcrawl.settings")
        self.recorder = recorder
        recorder.listeners.append(self.take)
        recorder.before_close.append(self.finish)
        with recorder.writing():
            load_divisions(recorder.catalog)
            recorder.catalog.load_portals(all_portal_rows())
        if self._keeps:
            self._software, self._config = f"gkcrawl/{__version__}", config_digest()
        self.take_up()
        self._worker = asyncio.create_task(self._work())

    def take_up(self) -> None:
        """Put in line what killed runs captured but did not read; others read what is theirs."""
        recorder, directory = self.recorder, self.recorder.directory
        living = Living(directory)
        pending = [
            capture
            for capture in recorder.catalog.pending()
            if capture.run_id != recorder.run.id and capture.run_id not in living
        ]
        if self._keeps:
            self._made |= _made_of(pending, directory)
        for capture in pending:
            if capture.id not in self._readings:
                self.take(capture)

    def take(self, capture: Capture) -> None:
        """Put a capture in line."""
        self._readings[capture.id] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(capture)

    async def reading(self, capture_id: str) -> Reading:
        """Return what came of a capture of this run, waiting for its turn; each can be had once."""
        try:
            return await self._readings[capture_id]
        finally:
            self._readings.pop(capture_id, None)

    def expected(self, capture_id: str) -> asyncio.Future[Reading] | None:
        """Return what will come of a capture of this run, for one who looks on; None: unknown."""
        return self._readings.get(capture_id)

    async def finish(self) -> None:
        """Read what is still in line and let the reading process go."""
        if left := self._queue.qsize():
            logger.info("all is fetched, %d pages are still to be read", left)
        self._queue.put_nowait(None)
        if self._worker is not None:
            await self._worker
        self._reader.close()

    async def _work(self) -> None:
        while (capture := await self._queue.get()) is not None:
            future = self._readings[capture.id]
            if capture.kind not in ("article", "attachment"):
                del self._readings[capture.id]
            try:
                future.set_result(await self._read(capture))
            except Exception as error:
                # It keeps no outcome, so that the next run, or ``gkcrawl index``, reads it.
                logger.error("%s of %s is not read: %r", capture.id, capture.url, error)
                self.crawler.stats.inc_value("gk/unread")
                future.set_exception(error)
                future.exception()  # heard, even if no item waits for it

    async def _read(self, capture: Capture) -> Reading:
        reading = await asyncio.to_thread(self._reader.read, capture)
        with self.recorder.writing():
            self._keep(reading)
            self.recorder.catalog.apply(reading)
        self.crawler.stats.inc_value(f"gk/outcome/{reading.outcome}")
        if reading.message:
            logger.info("%s: %s (%s)", reading.outcome, capture.url, reading.message)
        return reading

    def _keep(self, reading: Reading) -> None:
        """Keep what was read of a report in the WARC files, unless it is there."""
        capture, outcome = reading.stored.capture, self.recorder.catalog.outcome
        if not self._keeps or outcome(capture.id) is not None:
            return  # another run has read it meanwhile
        if capture.refers_to is not None and outcome(capture.refers_to) == reading.outcome:
            return  # the same bytes: what they say stands beside the original
        made = conversion_of(reading, self._software, self._config)
        if made and (made.source, made.software, made.config) not in self._made:
            self.recorder.record_conversion(made)


def _made_of(captures: list[Capture], directory: Path) -> set[Made]:
    """Return the conversions of captures that have no outcome yet: a killed run's last ones."""
    wanted = {capture.id: datetime.fromisoformat(capture.captured_at) for capture in captures}
    if not wanted:
        return set()
    oldest = min(wanted.values()).timestamp()
    files = (path for path in warc_files(directory) if path.stat().st_mtime >= oldest)
    made = (one for path in files for one in conversions_in(path))
    return {one for one in made if one[0] in wanted}


class ReportPipeline:
    """Scrapy item pipeline: turns a found article into the report that was read from it."""

    def __init__(self, indexer: Indexer) -> None:
        self.indexer = indexer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        indexer = crawler.get_extension(Indexer)
        if indexer is None:
            raise RuntimeError(
                "ReportPipeline needs the Indexer: see EXTENSIONS in gkcrawl.settings"
            )
        return cls(indexer)

    async def process_item(self, item: Any) -> Any:
        """Return the report as the dict of ``gkcrawl read``; drop what is no report."""
        if not isinstance(item, FoundArticle):
            return item
        reading = await self.indexer.reading(item.capture_id)
        if reading.report is None:
            raise DropItem(f"{reading.outcome}: {item.url}", log_level="INFO")
        return reading.report.as_dict()
