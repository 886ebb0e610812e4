"""The hours in which portals are asked: ``GKCRAWL_HOURS=22:00-06:00``, in China's time (UTC+8)."""

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.deadlines import CHINA

logger = logging.getLogger(__name__)

_LOOK = 5.0
"""Seconds between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day; one that ends before it begins lasts over midnight."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the hours that ``22:00-06:00`` names; ValueError for anything else."""
        match = re.fullmatch(r"(\d\d?:\d\d)-(\d\d?:\d\d)", text.strip())
        if not match:
            raise ValueError(f"GKCRAWL_HOURS={text}: expected hours such as 22:00-06:00")
        try:
            begin, end = (datetime.strptime(part, "%H:%M").time() for part in match.groups())
        except ValueError as error:
            raise ValueError(f"GKCRAWL_HOURS={text}: {error}") from error
        return cls(begin, end)

    def contain(self, moment: datetime) -> bool:
        """Tell whether an aware moment lies in these hours; equal ends mean the whole day."""
        now = moment.astimezone(CHINA).time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end


class Night:
    """Scrapy extension: outside the hours nothing new is asked; what is under way is finished."""

    def __init__(self, crawler: Crawler, hours: Hours) -> None:
        self.crawler = crawler
        self.hours = hours
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        text = crawler.settings["GKCRAWL_HOURS"]
        if not text:
            raise NotConfigured
        night = cls(crawler, Hours.parse(text))
        crawler.signals.connect(night.begin, signals.spider_opened)
        crawler.signals.connect(night.end, signals.spider_closed)
        return night

    async def begin(self) -> None:
        """Keep watch from now on."""
        self._keep()
        self._watch = asyncio.create_task(self._keep_watch())

    async def end(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()

    async def _keep_watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            self._keep()

    def _keep(self) -> None:
        engine = self.crawler.engine
        is_open = self.hours.contain(datetime.now(UTC))
        if is_open and engine.paused:
            logger.info("it is %s or later in China: the crawl goes on", self.hours.begin)
            engine.unpause()
        elif not is_open and not engine.paused:
            logger.info("the crawl rests until %s, China's time", self.hours.begin)
            engine.pause()
