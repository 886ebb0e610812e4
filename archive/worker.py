"""Documents are opened in a process of their own, with limits of time and memory.

What a stranger's server sent may be made to exhaust whoever opens it. Here that costs one child
process: the document is then ``unreadable``, its bytes stay in the archive, and the work goes on.
"""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from archive.reading import read_at
from archive.records import Capture, Reading
from archive.warc import locate, read_exchange

SECONDS = 120
MEMORY = 4 * 1024**3


class DocumentReader:
    """Reads captures of one archive, one at a time, in a child process."""

    def __init__(self, directory: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        """``directory``: where the WARC files lie; limits hold for each document."""
        self._directory = directory
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPoolExecutor | None = None

    def read(self, capture: Capture) -> Reading:
        """Return what the capture is; ``unreadable`` if reading it broke one of the limits."""
        path = locate(self._directory, capture.warc)
        try:
            return self._submit(path, capture.offset).result(self._seconds)
        except TimeoutError:
            message = f"not read within {self._seconds:g} s"
        except BrokenExecutor:
            message = f"the reading process died (limit {self._memory >> 20} MiB)"
        self.close(kill=True)
        return Reading(read_exchange(path, capture.offset), "unreadable", message=message)

    def close(self, *, kill: bool = False) -> None:
        """Let the child process go; ``kill``: without waiting for what it is doing."""
        if self._pool is None:
            return
        if kill:
            for process in list(self._pool._processes.values()):
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None

    def _submit(self, path: Path, offset: int) -> Future[Reading]:
        if self._pool is None:
            # A forked child would inherit the crawl's sockets and threads in mid-work.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, spawn, _prepare, (self._memory,))
        with _signals_held():
            return self._pool.submit(read_at, path, offset)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start children here that Ctrl-C or a supervisor's SIGTERM to the whole group leaves alone.

    The parent decides when they end: one that died in mid-work looks like a hostile document.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the parent, which may be killed, and end as well."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
