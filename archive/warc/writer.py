"""Writing WARC files so that what was confirmed survives a kill and a power cut.

``write`` returns when the bytes are on the disk; the catalog's row is entered after it. A file
grows as ``NAME.warc.gz.open`` under a lock and gets its name when it is whole. It is never
appended to by another process: what a killed run leaves is finished by ``recover``.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from archive.records import Capture, Exchange, Failure, RenderedPage, Run, RunEnd, timestamp
from archive.warc.cdxj import index_line, write_checksum, write_index
from archive.warc.compose import exchange_group, rendered_group
from archive.warc.errors import WarcError
from archive.warc.group import Place
from archive.warc.names import cdxj_path, file_name, open_path, sync_directory
from archive.warc.record import Record, packed
from archive.warc.runs import run_end, warcinfo

logger = logging.getLogger(__name__)


def utcnow() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class WarcWriter:
    """Writes one run's exchanges into WARC files of about ``max_bytes`` in ``directory``.

    The folder is made and the first file opened at the first write. ``wire_framing``: chunked
    bodies are stored as they came. A host's certificates are stored with its first exchange and
    again when they change. Not for several threads.
    """

    def __init__(
        self,
        directory: Path,
        run: Run,
        *,
        max_bytes: int = 10**9,
        wire_framing: bool = False,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self.directory = directory
        self.run = run
        self.max_bytes = max_bytes
        self.wire_framing = wire_framing
        self._chains: dict[str, bytes] = {}
        self._clock = clock
        self._serial = 0
        self._last_date = ""
        self._file: _GrowingFile | None = None

    def write(self, exchange: Exchange) -> Capture | Failure:
        """Keep an exchange; a Failure comes back only when no byte of a response came.

        It is on the disk when this returns. Raises ValueError for a URL that is not printable
        ASCII, and OSError when the disk refuses; nothing of the exchange is then in the file.
        """
        _demand_ascii(exchange.url)
        file, place = self._place(exchange.started_at)
        host, chain = urlsplit(exchange.url).netloc, exchange.certificates
        if self._chains.get(host) == chain:
            exchange = replace(exchange, certificates=None)  # told before
        group, row = exchange_group(exchange, place, wire_framing=self.wire_framing)
        main = file.append(group.records)
        if chain and exchange.response:
            self._chains[host] = chain
        return row if isinstance(row, Failure) else _placed(row, file, main)

    def write_rendered(self, page: RenderedPage) -> Capture:
        """Keep a page as a browser showed it; durable, and raises, like ``write``."""
        _demand_ascii(page.url)
        file, place = self._place(page.rendered_at)
        group, row = rendered_group(page, place)
        return _placed(row, file, file.append(group.records))

    def write_run_end(self, end: RunEnd) -> None:
        """Keep how the run ended; durable, and raises OSError, like ``write``."""
        file, place = self._place(self._clock())
        file.append(run_end(end, place))

    def close(self) -> None:
        """Finish the file that is open, if any: its name, its index, its checksum."""
        if self._file is not None:
            file, self._file = self._file, None
            file.finish()

    def abandon(self) -> None:
        """Let go of the file that is open, if any, as a killed process does: see ``recover``."""
        if self._file is not None:
            self._file.release()
            self._file = None

    def _place(self, moment: datetime) -> "tuple[_GrowingFile, Place]":
        """Return where and when the next group is written; a new file if the present is full."""
        # Dates in a file never step back: exchanges end in another order than they begin in,
        # and clocks are set.
        date = self._last_date = max(timestamp(moment), self._last_date)
        if self._file is not None and self._file.size >= self.max_bytes:
            self.close()
        if self._file is None:
            self._file = self._next_file(date)
        return self._file, Place(date, self._file.warcinfo_id, self.run.id)

    def _next_file(self, date: str) -> "_GrowingFile":
        self.directory.mkdir(parents=True, exist_ok=True)
        while True:
            self._serial += 1
            name = file_name(self.run.spider, self._clock(), self._serial, self.run.id)
            try:
                return _GrowingFile(self.directory / name, warcinfo(self.run, date, name))
            except _TakenError:
                logger.info("%s is taken, trying the next name", name)


class _TakenError(WarcError):
    """The name is another file's, or a recovery took the file before it was locked."""


class _GrowingFile:
    """One file from its creation to its name."""

    def __init__(self, finished: Path, first: Record) -> None:
        self.finished = finished
        self.path = open_path(finished)
        self.size = 0
        self.warcinfo_id = first.id
        self._checksum = hashlib.sha256()
        self._lines: list[str] = []
        self._handle = self._create()
        self._growing_index = open_path(cdxj_path(finished))
        self._index = os.open(self._growing_index, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self._index_size = 0
        try:
            self.append([first])
            sync_directory(self.path.parent)
        except OSError:
            self.release()
            self.path.unlink()
            self._growing_index.unlink()
            raise

    def append(self, records: list[Record]) -> Record:
        """Write a group durably, or nothing of it; return its first record with its place."""
        size, checksum = self.size, self._checksum.copy()
        placed = []
        try:
            for record in records:
                offset = size
                for piece in packed(record):
                    _write_all(self._handle, piece)
                    checksum.update(piece)
                    size += len(piece)
                placed.append(replace(record, offset=offset, length=size - offset))
            lines = [line for line in (index_line(r, self.finished.name) for r in placed) if line]
            index = "".join(lines).encode()
            _write_all(self._index, index)
            os.fsync(self._handle)
        except BaseException:  # whatever it is, half of a group must not stay
            _cut(self._handle, self.size)
            _cut(self._index, self._index_size)
            raise
        self.size, self._checksum = size, checksum
        self._index_size += len(index)
        self._lines += lines
        return placed[0]

    def finish(self) -> None:
        """Write the index and the checksum, then give the file its name.

        When this raises OSError the file is let go of as it is.
        """
        try:
            # First, since on a full disk it is the room that the sorted one needs.
            self._growing_index.unlink(missing_ok=True)
            os.ftruncate(self._index, 0)
            write_index(self.finished, self._lines)
            write_checksum(self.finished, self._checksum.hexdigest())
            self.path.rename(self.finished)
            sync_directory(self.finished.parent)
        finally:
            self.release()

    def release(self) -> None:
        """Close the files and give up the lock."""
        os.close(self._index)
        os.close(self._handle)

    def _create(self) -> int:
        if self.finished.exists():
            raise _TakenError(self.finished.name)
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError as error:
            raise _TakenError(self.path.name) from error
        fcntl.flock(handle, fcntl.LOCK_EX)
        # Between creation and lock a recovery may have taken the empty file for a dead one.
        if os.fstat(handle).st_nlink and self.path.exists():
            return handle
        os.close(handle)
        raise _TakenError(self.path.name)


def _placed(capture: Capture, file: _GrowingFile, main: Record) -> Capture:
    return replace(capture, warc=file.finished.name, offset=main.offset, length=main.length)


def _write_all(handle: int, data: bytes) -> None:
    # One call a member; the loop is for the disk that takes only a part before it is full.
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _cut(handle: int, size: int) -> None:
    os.ftruncate(handle, size)
    os.lseek(handle, size, os.SEEK_SET)


def _demand_ascii(url: str) -> None:
    if not (url.isascii() and url.isprintable() and url and " " not in url):
        raise ValueError(f"the URL {url!r} is not printable ASCII; percent-encode it first")
