"""Python's garbage collection, set for a crawl."""

import gc
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

ALLOCATIONS = 50_000
"""After how many new objects the youngest are looked through: those of some ten pages. Python's own
700 are those of a part of one page, most of which are still in use."""


class Collecting:
    """Scrapy extension: what stands when the crawl begins is not looked through again and again.

    Modules, settings and portals are 120,000 objects that stay. To look for garbage among them, and
    among those of the page at hand, took a twelfth of a crawl's CPU time.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        collecting = cls()
        crawler.signals.connect(collecting.begin, signals.spider_opened)
        return collecting

    def begin(self) -> None:
        """Leave alone from now on what there is."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(ALLOCATIONS, *gc.get_threshold()[1:])
