"""One WARC file from its creation to its name: growing under a lock, with its index beside it."""

import fcntl
import hashlib
import os
from dataclasses import replace
from pathlib import Path

from archive.warc.cdxj import index_line, write_checksum, write_index
from archive.warc.errors import WarcError
from archive.warc.names import cdxj_path, open_path, sync_directory
from archive.warc.record import Record, packed


class TakenError(WarcError):
    """The name is another file's, or a recovery took the file before it was locked."""


class GrowingFile:
    """One file from its creation to its name."""

    def __init__(self, finished: Path, first: Record) -> None:
        self.finished = finished
        self.path = open_path(finished)
        self.size = 0
        self.warcinfo_id = first.id
        self._checksum = hashlib.sha256()
        self._torn = False
        self._handle = self._create()
        self._growing_index = open_path(cdxj_path(finished))
        self._index = os.open(self._growing_index, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        self._index_size = 0
        try:
            self.append([first])
            sync_directory(self.path.parent)
        except OSError:
            self.discard()
            raise
        self._first = self.size

    @property
    def bare(self) -> bool:
        """Whether nothing follows the ``warcinfo``."""
        return self.size == self._first

    def append(self, records: list[Record]) -> Record:
        """Write a group durably, or nothing of it; return its first record with its place."""
        self._mend()
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
            self._torn = True
            self._mend()
            raise
        self.size, self._checksum = size, checksum
        self._index_size += len(index)
        return placed[0]

    def finish(self) -> None:
        """Write the index and the checksum, then give the file its name.

        When this raises OSError the file is let go of as it is.
        """
        try:
            self._mend()
            lines = self._written()
            # First, since on a full disk it is the room that the sorted one needs.
            self._growing_index.unlink(missing_ok=True)
            os.ftruncate(self._index, 0)
            write_index(self.finished, lines)
            write_checksum(self.finished, self._checksum.hexdigest())
            self.path.rename(self.finished)
            sync_directory(self.finished.parent)
        finally:
            self.release()

    def _written(self) -> list[str]:
        """Return the lines of the index so far, in the order of their records."""
        os.lseek(self._index, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._index), encoding="utf-8", newline="\n") as file:
            return file.readlines()

    def discard(self) -> None:
        """Remove the file and its index."""
        try:
            self.path.unlink()
            self._growing_index.unlink()
        finally:
            self.release()

    def _mend(self) -> None:
        """Cut off what there is of a group that failed; where that fails, nothing may follow it."""
        if self._torn:
            _cut(self._handle, self.size)
            _cut(self._index, self._index_size)
            self._torn = False

    def release(self) -> None:
        """Close the files and give up the lock."""
        os.close(self._index)
        os.close(self._handle)

    def _create(self) -> int:
        if self.finished.exists():
            raise TakenError(self.finished.name)
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError as error:
            raise TakenError(self.path.name) from error
        fcntl.flock(handle, fcntl.LOCK_EX)
        # Between creation and lock a recovery may have taken the empty file for a dead one.
        if os.fstat(handle).st_nlink and self.path.exists():
            return handle
        os.close(handle)
        raise TakenError(self.path.name)


def _write_all(handle: int, data: bytes) -> None:
    # One call a member; the loop is for the disk that takes only a part before it is full.
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _cut(handle: int, size: int) -> None:
    os.ftruncate(handle, size)
    os.lseek(handle, size, os.SEEK_SET)
