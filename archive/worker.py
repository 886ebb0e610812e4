"""Documents are opened in a process of their own, with limits of time and memory.

What a stranger's server sent may be made to exhaust whoever opens it. Here that costs one child
process: the document is then ``unreadable``, its bytes stay in the archive, and the work goes on.
The child leads a session of its own and keeps its files in one folder, so that whatever it started
(LibreOffice) and wrote goes with it, however it ends.
"""

import gc
import math
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from archive import report
from archive.reading import read_at
from archive.records import Capture, NotAReport, Reading, Report, Run, StoredExchange
from archive.sessions import end_session
from archive.slices import Portion, Slice, alone, read_here, read_slice
from archive.warc import locate, read_exchange

SECONDS = 120.0
"""Of the clock, for one document: the machine may be busy, and LibreOffice is waited for."""
CPU_SECONDS = 20
"""Of work, for one document and for each program that opens it."""
MEMORY = 448 * 1024**2
"""Bytes that the child may fill; with the files it maps (programs) it stays below 500 MB."""
MEMORY_FOR_PICTURES = 768 * 1024**2
"""Bytes that it may fill to recognise writing in pictures (``archive.report.media.ocr``), which
takes 600 MB for a large page."""
_NO_MEMORY = "needs more memory than it may have"
Result = TypeVar("Result")


class OutOfBounds(Exception):
    """The work broke a limit, or its process died of it; the message says which limits hold."""


class Confined:
    """A child process that does one piece of work at a time within limits."""

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        cpu_seconds: int = CPU_SECONDS,
        memory: int = MEMORY,
    ) -> None:
        """The limits hold for each piece of work."""
        self._seconds = seconds
        self._cpu_seconds = cpu_seconds
        self._memory = memory
        self._pool: ProcessPoolExecutor | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def run(self, function: Callable[..., Result], *arguments: object, **named: object) -> Result:
        """Return what the function returns in the child, or raise what it raises there.

        Raises OutOfBounds where a limit was broken; the next work gets a new child.
        """
        try:
            work = self._submit(partial(function, *arguments, **named))
            result, is_spent = work.result(self._seconds)
            if is_spent:
                self.close()
            return result
        except TimeoutError:
            message = f"not read within {self._seconds:g} s"
        except BrokenExecutor:
            limit = f"limit {self._memory >> 20} MiB, {self._cpu_seconds} s of CPU time"
            message = f"the reading process died ({limit})"
        self.close(kill=True)
        raise OutOfBounds(message)

    def close(self, *, kill: bool = False) -> None:
        """Let the child process go; ``kill``: without waiting for what it is doing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            children = dict(pool._processes or {})
            if kill:
                for process in children.values():
                    process.kill()
            pool.shutdown(wait=True, cancel_futures=True)
            for child in children:
                end_session(child)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def _submit(self, work: Callable[[], Result]) -> Future[tuple[Result, bool]]:
        if self._pool is None:
            self._folder = tempfile.TemporaryDirectory(prefix="gkcrawl-reading-")
            # A forked child would inherit the crawl's sockets and threads in mid-work.
            spawn = multiprocessing.get_context("spawn")
            # Made before signals are held: it starts multiprocessing's tracker, which lets
            # them through again.
            self._pool = ProcessPoolExecutor(1, spawn, _prepare, (self._memory, self._folder.name))
        with _signals_held():
            return self._pool.submit(_first, self._cpu_seconds, work)


class DocumentReader(Confined):
    """Reads captures of one archive, one after the other, in a child process."""

    def __init__(self, directory: Path, **limits: Any) -> None:
        """``directory``: where the WARC files lie; ``limits``: those of :class:`Confined`."""
        super().__init__(**limits)
        self._directory = directory

    def read(self, capture: Capture) -> Reading:
        """Return what the capture is; ``unreadable`` if reading it broke one of the limits."""
        path = locate(self._directory, capture.warc)
        try:
            return self.run(read_at, path, capture.offset)
        except OutOfBounds as error:
            return Reading(read_exchange(path, capture.offset), "unreadable", message=str(error))

    def read_all(self, captures: Sequence[Capture]) -> list[Reading]:
        """Return what ``read`` returns for each; asked and answered once, which costs less.

        Where a limit is broken, each is read again alone; so the limits are those of one document,
        and only that one is ``unreadable``.
        """
        if len(captures) > 1:
            places = [(locate(self._directory, one.warc), one.offset) for one in captures]
            with suppress(OutOfBounds, MemoryError):
                return self.run(_read_all, read_at, places, self._cpu_seconds)
        return list(map(self.read, captures))


class SliceReader(Confined):
    """Reads stretches of WARC files, one at a time, in a child process.

    A stretch in which a limit is broken is gone through again, each document alone; so the limits
    are those of one document, and only that one is ``unreadable``.
    """

    def read(self, part: Slice) -> Portion:
        """Return what :func:`archive.slices.read_slice` returns, with every document confined."""
        try:
            return self.run(_read_slice, part, self._cpu_seconds)
        except (OutOfBounds, MemoryError):
            return read_slice(part, partial(self._read_alone, part), math.inf)

    def _read_alone(self, part: Slice, stored: StoredExchange, run: Run) -> Reading:
        try:
            (reading,) = self.run(_read_slice, alone(part, stored, run), self._cpu_seconds).readings
        except (OutOfBounds, MemoryError) as error:
            bare = replace(stored, content=b"")
            return Reading(bare, "unreadable", message=str(error) or _NO_MEMORY)
        return reading


class ContentReader(Confined):
    """Reads documents that lie in memory, one at a time, in a child process."""

    def read(self, content: bytes, **known: Any) -> Report | NotAReport:
        """Return what :func:`archive.report.read` returns for the same arguments; ``unreadable``
        if reading broke one of the limits."""
        try:
            return self.run(report.read, content, **known)
        except (OutOfBounds, MemoryError) as error:
            message = str(error) or _NO_MEMORY
            return NotAReport("unreadable", message, known.get("url"))


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


def _prepare(memory: int, folder: str) -> None:
    """Set up the child: its session, its folder for temporary files, its memory."""
    os.setsid()
    tempfile.tempdir = folder
    # For each thread that it might start, OpenBLAS reserves memory, which counts as filled.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, max(memory, MEMORY_FOR_PICTURES)))


def _first(cpu_seconds: int, work: Callable[[], Result]) -> tuple[Result, bool]:
    """Do the work; return what it returns, and whether it took room for pictures: another work must
    not find it there, so this process is spent."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    result = _within(cpu_seconds, work)
    _freeze()
    return result, resource.getrlimit(resource.RLIMIT_DATA) != before


@cache
def _freeze() -> None:
    """Let no search for garbage go through what this process imported and loaded for its first
    work, which stays to the end; that saves an eighth of what reading costs."""
    gc.freeze()


def _within(cpu_seconds: int, work: Callable[[], Result]) -> Result:
    """Do the work; the kernel ends this process when the CPU time is used up."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + cpu_seconds + 1, most))
    return work()


def _read_all(
    read: Callable[[Path, int], Reading], places: Iterable[tuple[Path, int]], cpu_seconds: int
) -> list[Reading]:
    """Read captures, each of them with the CPU time of one."""
    return [_within(cpu_seconds, partial(read, *place)) for place in places]


def _read_slice(part: Slice, cpu_seconds: int) -> Portion:
    """Read a stretch, each of its documents with the CPU time of one."""

    def read(stored: StoredExchange, run: Run) -> Reading:
        return _within(cpu_seconds, partial(read_here, stored, run))

    return read_slice(part, read)


def _end_with_parent(folder: str) -> None:
    """Wait for the end of the parent, which may be killed, and end as well."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        end_session(os.getpid(), but=os.getpid())
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
