"""How far the spiders unpack what came compressed; the archive keeps it as it came in any case."""

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

LARGEST = 16 * 2**20
"""Bytes of an unpacked body. Servers compress pages, which are small; larger documents, scans and
archives, are compressed in themselves and come as they are."""


class Decompression(HttpCompressionMiddleware):
    """Scrapy's middleware with a bound of its own: several bombs at once must not fill the memory.

    Raises IgnoreRequest, as Scrapy's does, for what would become larger.
    """

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._max_size = LARGEST
