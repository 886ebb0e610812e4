"""Documents are opened in a process of their own, with limits of time and memory.

What a stranger's server sent may be made to exhaust whoever opens it. Here that costs one child
process: the document is then ``unreadable``, its bytes stay in the archive, and the work goes on.
"""

import multiprocessing
import resource
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
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
            return self._child().submit(read_at, path, capture.offset).result(self._seconds)
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

    def _child(self) -> ProcessPoolExecutor:
        # A forked child would inherit the crawl's sockets and threads in the middle of their work.
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), _limit_memory, (self._memory,)
            )
        return self._pool


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
