"""From capture to catalog while the crawl goes on.

Every capture is read in the order in which it stands in the archive, in a process of its own, so
that a hostile document can neither stop the crawl nor slow it, and so that a rebuild from the WARCs
alone meets the captures in the same order and comes to the same catalog. What is read of a report
goes into the WARC files first, so that what the catalog has from a crawl is there too.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.conversions import config_digest, conversion_of
from archive.index import load_divisions
from archive.records import Capture, Conversion, Reading
from archive.warc import warc_files
from archive.warc.converted import Made, conversions_in
from archive.worker import DocumentReader
from gkcrawl import __version__
from gkcrawl.crawl.items import FoundArticle
from gkcrawl.crawl.line import Line
from gkcrawl.crawl.living import Living
from gkcrawl.crawl.recorder import UNWRITTEN, Recorder
from gkcrawl.portals import all_portal_rows

logger = logging.getLogger(__name__)


class Indexer:
    """Scrapy extension: reads each capture that the recorder kept and enters it in the catalog."""

    recorder: Recorder

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._line = Line()
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
        """Read what an earlier, killed run captured but did not read, then begin.

        Not until then is it known which of those pages lack their files.
        """
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
        self._worker.add_done_callback(lambda _: self._line.let_go())
        if left := list(self._readings.values()):
            logger.info("%d pages of an earlier run are read first", len(left))
            await asyncio.wait(left)

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
        self._line.put(capture)

    async def caught_up(self) -> None:
        """Wait until few captures wait to be read, or none is read any more."""
        await self._line.is_short()

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
        if left := len(self._line):
            logger.info("all is fetched, %d pages are still to be read", left)
        self._line.end()
        if self._worker is not None:
            await self._worker
        self._reader.close()

    async def _work(self) -> None:
        """Read what is in line and enter it, all that waits together: one question to the reading
        process, one wait for the disk, one transaction."""
        while captures := await self._line.next():
            self._enter(await self._read(captures))

    async def _read(self, captures: Sequence[Capture]) -> list[Reading]:
        """Return what captures are; one that cannot be read is told to those who wait for it."""
        try:
            return await asyncio.to_thread(self._reader.read_all, captures)
        except Exception as error:
            if len(captures) > 1:  # the fault is one capture's
                return [one for capture in captures for one in await self._read([capture])]
            self._fail(captures[0], error)
            return []

    def _enter(self, readings: Sequence[Reading], *, kept: bool = False) -> None:
        """Keep and enter readings, and tell those who wait for them."""
        try:
            with self.recorder.writing():
                if not kept:
                    self._keep(readings)
                    kept = True
                self.recorder.catalog.apply_all(readings)
        except Exception as error:
            if kept and len(readings) > 1 and not isinstance(error, UNWRITTEN):
                for reading in readings:  # the fault is one reading's
                    self._enter([reading], kept=True)
                return
            for reading in readings:
                self._fail(reading.stored.capture, error)
            return
        for reading in readings:
            capture = reading.stored.capture
            self.crawler.stats.inc_value(f"gk/outcome/{reading.outcome}")
            if reading.message:
                logger.info("%s: %s (%s)", reading.outcome, capture.url, reading.message)
            # What nobody asks for (a redirect) waits to the end of the run: without its bytes.
            bare = replace(reading.stored, content=b"")
            self._future(capture).set_result(replace(reading, stored=bare))

    def _fail(self, capture: Capture, error: Exception) -> None:
        """Tell that a capture is not read. It keeps no outcome, so that the next run, or ``gkcrawl
        index``, reads it."""
        logger.error("%s of %s is not read: %r", capture.id, capture.url, error)
        self.crawler.stats.inc_value("gk/unread")
        future = self._future(capture)
        future.set_exception(error)
        future.exception()  # heard, even if no item waits for it

    def _future(self, capture: Capture) -> asyncio.Future[Reading]:
        """Return by what a reading is told; those that nobody can ask for are forgotten."""
        if capture.kind in ("article", "attachment"):
            return self._readings[capture.id]
        return self._readings.pop(capture.id)

    def _keep(self, readings: Sequence[Reading]) -> None:
        """Keep what was read of reports in the WARC files, unless it is there."""
        if not self._keeps:
            return
        made: list[Conversion] = []
        outcomes: dict[str, str] = {}
        for reading in readings:
            capture = reading.stored.capture
            # None: no other run has read it meanwhile.
            if self.recorder.catalog.outcome(capture.id) is None:
                made += self._conversions(reading, outcomes)
            outcomes[capture.id] = reading.outcome
        if made:
            self.recorder.record_conversion(*made)

    def _conversions(self, reading: Reading, outcomes: Mapping[str, str]) -> Iterator[Conversion]:
        """Yield what is to be kept of a reading; ``outcomes``: those that are not entered yet."""
        original = reading.stored.capture.refers_to
        known = original and (outcomes.get(original) or self.recorder.catalog.outcome(original))
        if known == reading.outcome:
            return  # the same bytes: what they say stands beside the original
        made = conversion_of(reading, self._software, self._config)
        if made and (made.source, made.software, made.config) not in self._made:
            yield made


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
