"""``scrapy crawl`` with messages for a person and an exit status that tells how the run ended.

Scrapy's own ends with 0 whatever happened to the crawl, and shows a stack trace for a slip of the
pen in a portals file.
"""

import argparse
import logging

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError

from archive.catalog import CatalogError
from gkcrawl import logs
from gkcrawl.crawl import clock
from gkcrawl.crawl.recorder import UNWRITABLE
from gkcrawl.crawl.shared import REDIS_LOST, SHARING_FAILED
from gkcrawl.exits import FAILED, INTERRUPTED

logger = logging.getLogger(__name__)

# Finish reason -> exit status; every other reason is how somebody wanted it.
STATUS: dict[str | None, int] = {
    **dict.fromkeys((UNWRITABLE, REDIS_LOST, SHARING_FAILED, "start_error"), FAILED),
    **dict.fromkeys(("shutdown", None), INTERRUPTED),
}


class Command(crawl.Command):
    """Exit status: 0 done, 1 failed, 2 usage, 130 interrupted."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options, then let the log be what the settings ask for, from its first line."""
        super().process_options(args, opts)
        try:
            logs.log_crawl(self.settings, args[0] if args else "crawl", clock.now())
        except (OSError, logs.LogsError) as error:
            raise UsageError(str(error), print_help=False) from error

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            super().run(args, opts)  # says what is wrong with that
            return
        process = self.crawler_process
        assert isinstance(process, AsyncCrawlerProcess), "TWISTED_REACTOR is asyncio's"
        try:
            crawler = self._create_crawler(args[0])
            # Once to see whether the arguments and the portals file are right.
            crawler.spidercls(**opts.spargs)
        except KeyError as error:
            self._fail(ValueError(*error.args))  # Scrapy's "Spider not found", without its quotes
            return
        except ValueError as error:
            self._fail(error)
            return
        running = process.crawl(crawler, **opts.spargs)
        process.start()
        if running.done() and (failure := running.exception()):
            self._fail(failure)
        else:
            self.exitcode = STATUS.get(_finish_reason(crawler), 0)

    def _fail(self, error: BaseException) -> None:
        """Say what went wrong: what a person can mend in words, the rest with its trace."""
        expected = isinstance(error, CatalogError | OSError | ValueError)
        logger.error("%s", error, exc_info=None if expected else error)
        self.exitcode = FAILED


def _finish_reason(crawler: Crawler) -> str | None:
    """Return why the spider was closed; None: the process was stopped before it was."""
    reason: str | None = crawler.stats.get_value("finish_reason")
    return reason
