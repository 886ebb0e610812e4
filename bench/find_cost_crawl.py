"""One crawl in a process of its own, and its CPU time: ``python find_cost_crawl.py TASK``.

The task is one JSON object: ``how`` (``ours``, ``profiled`` or ``bare``), ``proxy``, ``home`` (a
folder of this crawl's own), ``settings``, and what each needs: ``portals`` (ours: the portals file)
or ``requests`` (bare: a JSON file). What it cost comes back as one JSON object on stdout.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SPIDER = "yunnan"


def spent(who: int = resource.RUSAGE_SELF) -> float:
    """Return the CPU seconds of this process, or of its children that have ended."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def crawl_ours(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the real crawl costs, that of its reading process apart."""
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from archive import worker
    from bench import find_cost_reading as reading
    from bench.find_cost_stages import Sampler

    reading.note_in(Path(task["home"]), unread=task["unread"])
    worker.read_at = reading.read_at  # type: ignore[attr-defined]
    settings = get_project_settings()
    settings.setdict(task["settings"], "cmdline")
    sampler = Sampler() if task["how"] == "profiled" else None
    began: list[float] = []

    def opened() -> None:
        began.append(spent())
        if sampler is not None:
            sampler.start()

    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SPIDER)
    crawler.signals.connect(opened, signals.spider_opened)
    process.crawl(crawler, portals=task["portals"])
    process.start()
    own = spent() - began[0]
    return {
        "crawling": own,
        "reading_process": spent(resource.RUSAGE_CHILDREN),
        **reading.noted_in(Path(task["home"])),
        "pages": crawler.stats.get_value("gk/exchanges"),
        "stages": sampler.stop() if sampler is not None else None,
        "stats": {name: n for name, n in crawler.stats.get_stats().items() if type(n) is int},
    }


def crawl_bare(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Scrapy's own crawl of the same requests costs."""
    import scrapy
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess

    asked = json.loads(Path(task["requests"]).read_text("utf-8"))

    class Bare(scrapy.Spider):
        """Fetches what it is given, and leaves it at that."""

        name = "bare"

        async def start(self) -> Any:
            for request in self.requests():
                yield request

        def requests(self) -> Iterator[scrapy.Request]:
            for one in asked:
                yield scrapy.Request(
                    one["url"],
                    method=one["method"],
                    headers=one["headers"],
                    body=one["body"].encode("latin-1"),
                    dont_filter=True,
                    errback=self.parse,
                )

        def parse(self, response: Any) -> None:
            """Do nothing."""

    began: list[float] = []

    def opened() -> None:
        began.append(spent())

    process = AsyncCrawlerProcess(task["settings"])
    crawler = process.create_crawler(Bare)
    crawler.signals.connect(opened, signals.spider_opened)
    process.crawl(crawler)
    process.start()
    answered = crawler.stats.get_value("downloader/response_count", 0)
    failed = crawler.stats.get_value("downloader/exception_count", 0)
    return {"crawling": spent() - began[0], "pages": answered + failed, "failed": failed}


def main(task: Mapping[str, Any]) -> None:
    """Crawl, then say what it cost."""
    began = time.monotonic()
    told = crawl_bare(task) if task["how"] == "bare" else crawl_ours(task)
    told["seconds"] = time.monotonic() - began
    Path(task["home"], "told.json").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    # Settings of ours are read from the environment when they are imported.
    os.environ.update(task["environment"])
    main(task)
