"""A plain breadth-first crawl: ``python find_follow.py TASK``, the task as one JSON object.

``homes`` (where it begins), ``hosts`` (where it stays), ``budget`` (responses), ``output`` (a file
that gets the addresses of what the text of its link calls a report, as a JSON list).
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


def follow(task: Mapping[str, Any]) -> None:
    """Crawl breadth-first and write the addresses of what is called a report."""
    taken: list[str] = []

    class Links(CrawlSpider):
        """Follows all links; a report is what the text of its link says."""

        name = "links"
        start_urls = task["homes"]
        allowed_domains = task["hosts"]
        rules = (Rule(LinkExtractor(), callback="note", follow=True),)

        def note(self, response: Any) -> None:
            text = response.meta.get("link_text", "")
            if "信息公开" in text and ("年报" in text or "报告" in text) and "20" in text:
                taken.append(response.url)

    settings = {
        "CLOSESPIDER_PAGECOUNT": task["budget"],
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DEPTH_PRIORITY": 1,
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": True,
        "RETRY_ENABLED": False,
        "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "TELNETCONSOLE_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    process.crawl(Links)
    process.start()
    Path(task["output"]).write_text(json.dumps(taken), encoding="utf-8")


if __name__ == "__main__":
    follow(json.loads(sys.argv[1]))
