"""One crawl of the measured site in a process of its own: ``python archive_crawl.py HOW URL HOME``.

HOW is ``recorded`` (gkcrawl's recorder), ``plain`` (the same without it), ``webarchive`` (the
extension of scrapy-webarchive, in a venv of its own) or ``requests`` (warcio's capture_http).
What it cost comes back as one JSON object on stdout.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LINK = re.compile(rb'href="(\d+\.html)"')


def crawl_with_scrapy(how: str, url: str, home: str) -> dict[str, Any]:
    """Return pages and CPU seconds from the spider's opening to the end of the process."""
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor

    told: dict[str, Any] = {"pages": 0}

    class Pages(scrapy.Spider):
        """Finds its way as the spider of ``scrapy bench`` does."""

        name = "pages"
        start_urls = [url]  # noqa: RUF012
        links = LinkExtractor(allow=r"/\d+\.html$")

        def parse(self, response: Any) -> Any:
            told.setdefault("cpu_at_first", time.process_time())
            told["pages"] += 1
            for link in self.links.extract_links(response):
                yield scrapy.Request(link.url)

    spent: list[float] = []
    if how == "recorded":
        from gkcrawl.crawl.recorder import Recorder

        Recorder.record = timed(Recorder.record, spent)  # type: ignore[method-assign]
    process = CrawlerProcess(settings_of(how, home))
    process.crawl(Pages)
    process.start()
    return told | ({"waited": spent} if spent else {})


def timed(record: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    """Return ``record``, which also notes how many seconds the answer had to wait for it."""

    def timing(*args: Any) -> Any:
        began = time.perf_counter()
        try:
            return record(*args)
        finally:
            spent.append(time.perf_counter() - began)

    return timing


def settings_of(how: str, home: str) -> Any:
    """Return the settings; they differ in who records, in nothing else."""
    common: dict[str, Any] = {
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "AUTOTHROTTLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
    if how == "webarchive":
        return common | {
            "EXTENSIONS": {"scrapy_webarchive.extensions.WaczExporter": 543},
            "SW_EXPORT_URI": f"{Path(home).as_uri()}/",
            "SW_WACZ_SOURCE_URI": "",
        }
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("gkcrawl.settings")
    recorder = {"gkcrawl.crawl.recorder.Recorder": 0} if how == "recorded" else {}
    settings.setdict(
        common | {"EXTENSIONS": recorder, "ITEM_PIPELINES": {}, "GKCRAWL_HOME": home}, "cmdline"
    )
    settings.set("GKCRAWL_ALLOW_PRIVATE", True, "cmdline")
    if how == "plain":
        plain = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
        settings.set("DOWNLOAD_HANDLERS", {"http": plain, "https": plain}, "cmdline")
    return settings


def crawl_with_requests(url: str, home: str) -> dict[str, Any]:
    """Return pages of a crawl with requests, written by warcio's capture_http."""
    from warcio.capture_http import capture_http

    import requests  # isort: skip  # after warcio, which patches what requests imports

    told: dict[str, Any] = {"pages": 0, "cpu_at_first": time.process_time()}
    Path(home).mkdir(parents=True)
    with capture_http(str(Path(home) / "requests.warc.gz")), requests.Session() as session:
        index = session.get(url, timeout=60).content
        for match in LINK.findall(index):
            assert session.get(url + match.decode(), timeout=60).ok
            told["pages"] += 1
    return told


def main(how: str, url: str, home: str) -> None:
    """Crawl, then say what it cost."""
    began = time.monotonic()
    requests = how == "requests"
    told = crawl_with_requests(url, home) if requests else crawl_with_scrapy(how, url, home)
    told["cpu_total"] = time.process_time()
    told["cpu"] = told["cpu_total"] - told.pop("cpu_at_first")
    told["seconds"] = time.monotonic() - began
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
