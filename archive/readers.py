"""Who reads stretches of WARC files on this machine: this process, or children with limits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

from archive.sequence import Reader, Result
from archive.slices import Portion, Slice, read_slice
from archive.worker import SliceReader


class Children:
    """Child processes with limits, each reading one stretch at a time."""

    def __init__(self, count: int) -> None:
        self._all = [SliceReader() for _ in range(count)]
        self._free: SimpleQueue[SliceReader] = SimpleQueue()
        for reader in self._all:
            self._free.put(reader)

    def read(self, part: Slice) -> Portion:
        """Return what a stretch tells, waiting for a child that is free; from any thread."""
        reader = self._free.get()
        try:
            return reader.read(part)
        finally:
            self._free.put(reader)

    def close(self) -> None:
        """Let the children go."""
        for reader in self._all:
            reader.close()


class _Here:
    """Reads in this process, without limits, when it is asked for the result."""

    ahead = 1

    def submit(self, part: Slice) -> Result:
        return lambda: read_slice(part)


class _Local:
    """Reads in children, ``jobs`` stretches at a time."""

    def __init__(self, children: Children, threads: ThreadPoolExecutor, jobs: int) -> None:
        self.ahead = 2 * jobs
        self._children = children
        self._threads = threads

    def submit(self, part: Slice) -> Result:
        return self._threads.submit(self._children.read, part).result


@contextmanager
def local_reader(jobs: int) -> Iterator[Reader]:
    """Give a reader of this machine; ``jobs``: children at work, 0: none, all is read here."""
    if jobs == 0:
        yield _Here()
        return
    children = Children(jobs)
    threads = ThreadPoolExecutor(jobs)
    try:
        yield _Local(children, threads, jobs)
    finally:
        threads.shutdown(cancel_futures=True)
        children.close()
