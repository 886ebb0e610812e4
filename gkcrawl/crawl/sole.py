"""One run of a spider at a time in one home (``HOME/locks/SPIDER.lock``).

A second one would fetch every page again, since nothing is known of a page that the first has not
come to. Other spiders run beside it: each run writes files of its own. So do the workers of one
shared crawl (``GKCRAWL_REDIS``), which tell one another what they do.

The lock is the kernel's (flock(2)), so that it ends with its process, however that ends. What
stands in the file is for those who find it locked.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.warc.names import host_name
from gkcrawl.crawl import clock

_A_MOMENT = 0.1
"""Seconds after which whoever took the lock has written its name."""


class RunningError(OSError):
    """Another process runs the same spider in this home; the message names it."""


class Sole:
    """Scrapy extension: holds the lock of its spider from the beginning to the end.

    Raises RunningError where another process holds it. Stands before the Recorder.
    """

    def __init__(self, crawler: Crawler) -> None:
        home, spider = Path(crawler.settings["GKCRAWL_HOME"]), crawler.spidercls.name
        lock = home / "locks" / f"{spider}.lock"
        shared = bool(crawler.settings["GKCRAWL_REDIS"])
        self._handle: int | None = hold(lock, f"spider {spider}", home, shared=shared)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        sole = cls(crawler)
        # When all others have heard that the spider is closed.
        crawler.signals.connect(sole.release, signals.engine_stopped)
        return sole

    def release(self) -> None:
        """Give up the lock."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def hold(path: Path, what: str, home: Path, *, shared: bool = False) -> int:
    """Return the handle of the lock ``path``, which holds it until it is closed.

    ``shared``: beside others who share it. Raises RunningError, with who does ``what`` in ``home``,
    where another holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        time.sleep(_A_MOMENT)
        raise RunningError(
            f"{what} already runs in {home.absolute()}: {path.read_text('utf-8').strip()}. "
            "Wait until it has ended, stop it, or set another GKCRAWL_HOME"
        ) from error
    os.ftruncate(handle, 0)
    os.write(
        handle, f"process {os.getpid()} on {host_name()}, since {clock.now():%F %T}Z\n".encode()
    )
    return handle
