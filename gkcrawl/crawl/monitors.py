"""At the end of a run it is held against what is expected of it (``gkcrawl.monitoring``)."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.catalog import monitors
from archive.records import Notice
from archive.warc.names import OPEN, QUARANTINE, run_mark, run_mark_in, warc_files
from gkcrawl import logs
from gkcrawl.crawl import clock
from gkcrawl.crawl.manners import RESTED
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.room import Room, free_bytes
from gkcrawl.crawl.telling import TellingSpider
from gkcrawl.monitoring.facts import Facts, Visited
from gkcrawl.monitoring.judging import judge
from gkcrawl.monitoring.kinds import RULES
from gkcrawl.monitoring.rules import load_expected

logger = logging.getLogger(__name__)


class Monitors:
    """Scrapy extension: judges the run when all of it is read, before its end is written.

    Raises MonitorsError where config/monitors.yml is wrong, before anything is fetched. Stands
    after the Indexer.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.expected = load_expected()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = cls(crawler)
        crawler.signals.connect(made.listen, signals.spider_opened)
        return made

    def listen(self) -> None:
        """Ask the Recorder to be called before it closes."""
        self._recorder.before_close.append(self.look)
        logs.tell_about(run=self._recorder.run.id)

    async def look(self) -> None:
        """Hold the run against the rules; what failed is logged, counted and kept with its end."""
        recorder, spider = self._recorder, self.crawler.spider
        visited = tuple(spider.visited()) if isinstance(spider, TellingSpider) else ()
        stats = self.crawler.stats.get_stats()
        counts = {name: value for name, value in stats.items() if type(value) is int}
        rested = {
            name.removeprefix(RESTED): count
            for name, count in counts.items()
            if name.startswith(RESTED)
        }
        recorder.notices += _resting(rested, visited)
        for one in judge(self._facts(counts, rested, visited), self.expected):
            recorder.monitors.append(one)
            if one.status == "failed":
                self.crawler.stats.inc_value("gk/monitors/failed")
                logger.error(
                    "monitor failed: %s %s: %s, expected %s. %s. What to do: %s",
                    *(one.name, one.portal, one.measured, one.expected, one.message),
                    RULES[one.name].remedy,
                )

    @property
    def _recorder(self) -> Recorder:
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            raise RuntimeError("Monitors need the Recorder: see EXTENSIONS in gkcrawl.settings")
        return recorder

    def _facts(
        self, counts: Mapping[str, int], rested: Mapping[str, int], visited: tuple[Visited, ...]
    ) -> Facts:
        recorder = self._recorder
        run, db = recorder.run, recorder.catalog.db
        newest = monitors.newest_moment(db, run.id)
        room = self.crawler.get_extension(Room)
        # Other workers' runs of the spider have no end yet either.
        alone = not self.crawler.settings["GKCRAWL_REDIS"]
        killed = monitors.killed(db, run.spider, run.id) if alone else {}
        return Facts(
            now=clock.now(),
            reason=recorder.reason or "",
            counts=counts,
            pages=monitors.pages(db, run.id),
            read=monitors.read_of(db, run.id),
            visited=visited,
            notices=tuple(recorder.notices),
            earlier=tuple(monitors.earlier(db, run.spider, run.started_at)),
            killed=tuple(killed.values()),
            torn=torn_of(recorder.home / QUARANTINE, killed),
            newest=datetime.fromisoformat(newest) if newest else None,
            strangers=tuple(strangers(recorder.directory, monitors.run_ids(db))),
            free=free_bytes(recorder.home),
            room=room.to_begin if room is not None else 0,
            rested=rested,
        )


def strangers(directory: Path, runs: Iterable[str]) -> list[str]:
    """Return the names of the finished files of ours that tell of none of these runs (ids)."""
    known = set(map(run_mark, runs))
    names = (path.name for path in warc_files(directory) if not path.name.endswith(OPEN))
    return [name for name in names if (mark := run_mark_in(name)) and mark not in known]


def torn_of(quarantine: Path, runs: Iterable[str]) -> dict[str, int]:
    """Return the names and sizes of what was cut off the files of these runs (ids)."""
    marks = set(map(run_mark, runs))
    pieces = sorted(quarantine.glob("*.torn-at-*"))
    return {path.name: path.stat().st_size for path in pieces if run_mark_in(path.name) in marks}


def _resting(rested: Iterable[str], visited: Iterable[Visited]) -> Iterator[Notice]:
    codes = {portal.host: portal.code for portal in visited}
    for host in rested:
        message = "left in peace for a while, since several pages in a row came to grief"
        yield Notice("host_resting", codes.get(host, ""), f"http://{host}/", message)
