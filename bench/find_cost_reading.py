"""What the process that reads documents spends on ``read()`` itself, and on all else."""

import os
import resource
import struct
import time
from functools import cache
from pathlib import Path
from typing import Any

from archive import reading, report
from archive.records import NotAReport, Reading

NOTED, UNREAD = "BENCH_READING", "BENCH_UNREAD"
"""Variables that tell the reading process, a child of the crawl: where to note it; whether every
document is none at once."""
_FIGURES = struct.Struct("qddd")
"""Documents, CPU seconds in read(), of this process in all, of it before the first document."""
_told = [0, 0.0, 0.0, 0.0]


def note_in(home: Path, *, unread: bool) -> None:
    """Let the reading processes that start from now on note their figures in a folder; ``unread``:
    they take no document for a report, without looking."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ[NOTED] = str(home)
    os.environ[UNREAD] = "1" if unread else ""


def noted_in(home: Path) -> dict[str, Any]:
    """Return the sums of all reading processes: ``documents``, and CPU seconds in ``read``, in
    ``start`` (of the process)."""
    found = [_FIGURES.unpack(path.read_bytes()) for path in home.glob("*.reading")]
    return {
        "documents": sum(one[0] for one in found),
        "read": sum(one[1] for one in found),
        "reading_noted": sum(one[2] for one in found),
        "start": sum(one[3] for one in found),
    }


def read_at(path: Path, offset: int) -> Reading:
    """Do as ``archive.reading.read_at`` does, and note what the report's reader took of it."""
    if not _told[0]:
        _told[3] = time.process_time()
        report.read = _timed  # where archive.reading finds it
    _told[0] += 1
    try:
        return reading.read_at(path, offset)
    finally:
        _told[2] = time.process_time()
        os.pwrite(_notes(), _FIGURES.pack(*_told), 0)


@cache
def _notes() -> int:
    """Return the handle of this process's notes."""
    path = Path(os.environ[NOTED], f"{os.getpid()}.reading")
    return os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)


def _timed(*args: Any, **named: Any) -> Any:
    if os.environ.get(UNREAD):
        return NotAReport("other_report")
    began = _spent()
    try:
        return _read(*args, **named)
    finally:
        _told[1] += _spent() - began


def _spent() -> float:
    """Return the CPU seconds of this process and of the programs that it has started and seen
    end (LibreOffice)."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


_read = report.read
