"""A visit to one portal that ends when it has shown what there is: the spider of ``gkcrawl probe``.

It is the one that crawls provinces; only, it opens the first few documents and goes home.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.settings import BaseSettings

from archive.records import Capture
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.spider import ProvinceSpider
from gkcrawl.families import Entry

REPORTS = 3
"""Documents that are opened: enough to see whether they are understood."""
MOST_PAGES = 40
"""Answers after which the visit ends, whatever was found."""


class ProbeSpider(ProvinceSpider):
    """A province's spider that opens the first few documents and goes home."""

    name = "probe"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen: set[str] = set()
        self.opened = 0
        self._going: asyncio.Future[Any] | None = None

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("CLOSESPIDER_PAGECOUNT", MOST_PAGES, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        """Ask as a province's spider does."""
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            recorder.listeners.append(self._heard)
        async for request in super().start():
            yield request

    def article(
        self, entry: Entry, portal: str, hints: dict[str, str], via: str
    ) -> Iterator[Request]:
        """Yield the requests for a document, for the first few only."""
        if entry.url in self.chosen or len(self.chosen) < REPORTS:
            self.chosen.add(entry.url)
            yield from super().article(entry, portal, hints, via)

    def _heard(self, capture: Capture) -> None:
        self.opened += capture.kind == "article"
        if self.opened >= REPORTS and self._going is None:
            close = self.crawler.engine.close_spider_async(reason="probed")
            self._going = asyncio.ensure_future(close)
