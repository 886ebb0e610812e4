"""What is fetched waits to be read, and what waits takes memory: so reading sets the pace.

Portals are asked so slowly that reading keeps up with them, but for a night of large scans, or a
machine that has other things to do.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from gkcrawl.crawl.indexing import Indexer


class Backlog:
    """Scrapy downloader middleware: holds requests back while many captures wait to be read."""

    def __init__(self, indexer: Indexer) -> None:
        self.indexer = indexer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        indexer = crawler.get_extension(Indexer)
        if indexer is None:
            raise NotConfigured
        return cls(indexer)

    async def process_request(self, request: Request) -> None:
        """Wait until reading has caught up."""
        await self.indexer.caught_up()
