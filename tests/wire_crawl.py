"""Crawls a list of URLs with the real engine, in a process of its own, and says what was recorded.

``crawl`` starts that process, which is this file:
``python wire_crawl.py PLAN RESULT``: PLAN is JSON with ``requests`` (keyword arguments of Request)
and ``settings``; RESULT is a pickle of the exchanges, of what the callbacks saw, and of the stats.
"""

import json
import os
import pickle
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import forked
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.project import get_project_settings
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError

from archive.records import Capture, Exchange, Failure
from gkcrawl.crawl import pool, spool, wire
from gkcrawl.crawl.recorder import Recorder

ROOT = Path(__file__).parent.parent
EXCHANGES: list[tuple[Exchange, Capture | Failure]] = []
SEEN: list[dict[str, Any]] = []


class KeepingRecorder(Recorder):
    """The recorder, with a copy of what it was given."""

    def record(self, exchange: Exchange) -> Capture | Failure:
        kept = super().record(exchange)
        # A mapped file cannot be handed to another process.
        keep = self.crawler.settings.getbool("KEEP_RESPONSES", True)
        response = exchange.response[:] if keep else b""
        EXCHANGES.append((replace(exchange, response=response), kept))
        return kept


class BusyProtocol(wire.WireProtocol):
    """A connection in a process that has other things to do after each request."""

    seconds = 0.0

    def request(self, request: Any) -> Deferred[Any]:
        answer = super().request(request)
        time.sleep(self.seconds)
        return answer


class TableResolver(CachingThreadedResolver):
    """Answers from the setting HOSTS: name -> addresses, one a question, the last one for ever."""

    hosts: dict[str, list[str]]

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "TableResolver":
        resolver = cls(reactor, 0, 60)
        resolver.hosts = crawler.settings["HOSTS"]
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        answers = self.hosts.get(name, [name] if name[0].isdigit() else [])
        if not answers:
            return fail(DNSLookupError(name))
        return succeed(answers.pop(0) if len(answers) > 1 else answers[0])


class PlannedSpider(scrapy.Spider):
    """Asks for the planned requests, one after the other."""

    name = "planned"

    async def start(self) -> Any:
        for plan in self.settings["PLAN"]:
            yield scrapy.Request(**plan, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Any) -> None:
        SEEN.append(
            {
                "url": response.url,
                "status": response.status,
                "body": response.body,
                "capture_id": response.meta["capture_id"],
            }
        )

    def failed(self, failure: Any) -> None:
        SEEN.append({"url": failure.request.url, "error": repr(failure.value)})


def crawl(folder: Path, requests: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
    """Run the real engine over ``requests`` and return what was recorded and seen."""
    plan, result = folder / "plan.json", folder / "result.pickle"
    settings.setdefault("GKCRAWL_HOME", str(folder / "home"))
    plan.write_text(json.dumps({"requests": requests, "settings": settings}))
    # An environment that names another proxy must not be heard.
    environment = {
        **{name: value for name, value in os.environ.items() if "GKCRAWL" not in name},
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "SCRAPY_SETTINGS_MODULE": "gkcrawl.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = forked.run(__file__, str(plan), str(result), env=environment, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    recorded: dict[str, Any] = pickle.loads(result.read_bytes())
    recorded["log"] = done.stderr
    recorded["home"] = Path(settings["GKCRAWL_HOME"])
    return recorded


def by_path(recorded: dict[str, Any], path: str) -> list[Exchange]:
    """Return the exchanges of ``path``, in the order in which they were recorded."""
    return [one for one, _ in recorded["exchanges"] if one.url.endswith(path)]


def peak_memory() -> int:
    """Return the most memory that this process ever had resident, in bytes (proc_pid_status(5)).

    Not of ``getrusage``, which counts what the parent had when it forked.
    """
    status = Path("/proc/self/status").read_text("ascii")
    [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kilobytes) * 1024


def main(plan_path: str, result_path: str) -> None:
    # What is on its way out in Scrapy or Twisted has no place here.
    warnings.filterwarnings("error", module=r"(gkcrawl|archive)\b")
    warnings.filterwarnings("error", category=scrapy.exceptions.ScrapyDeprecationWarning)
    plan = json.loads(Path(plan_path).read_text("utf-8"))
    settings = get_project_settings()
    settings.setdict(
        {
            "PLAN": plan["requests"],
            "EXTENSIONS": {KeepingRecorder: 0},
            # Without manners: a server of faults would soon be left in peace.
            "DOWNLOADER_MIDDLEWARES": {
                "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
                "gkcrawl.crawl.robots.RobotsMiddleware": 100,
            },
            "ITEM_PIPELINES": {},
            # Without any delay, Scrapy 2.19 starts all that is queued for a host at once.
            "DOWNLOAD_DELAY": 0.001,
            "AUTOTHROTTLE_ENABLED": False,
            "RETRY_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "GKCRAWL_ALLOW_PRIVATE": True,
            "HTTPERROR_ALLOW_ALL": True,
            "TWISTED_DNS_RESOLVER": TableResolver,
            "HOSTS": {},
            **plan["settings"],
        },
        priority="cmdline",
    )
    BusyProtocol.seconds = settings.getfloat("BUSY")
    pool.WireProtocol = BusyProtocol  # type: ignore[misc]
    wire.RATE_PERIOD = settings.getfloat("RATE_PERIOD", wire.RATE_PERIOD)
    spool.SPOOL_LIMIT = settings.getint("SPOOL_LIMIT", spool.SPOOL_LIMIT)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PlannedSpider)
    process.crawl(crawler)
    process.start()
    result = {
        "exchanges": EXCHANGES,
        "seen": SEEN,
        "stats": crawler.stats.get_stats(),
        "peak_memory": peak_memory(),
    }
    Path(result_path).write_bytes(pickle.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
