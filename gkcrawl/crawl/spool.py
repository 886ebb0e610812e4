"""Bytes that arrive, few or many: in memory, or in a file on the archive's disk.

The file has no name, so that nothing is left of it when the process is killed.
"""

import mmap
import tempfile
from pathlib import Path
from typing import IO

from archive.records import Octets

# More than this goes to the disk.
SPOOL_LIMIT = 2 * 2**20


class Spool:
    """Takes bytes one after the other; its length is how many came.

    ``directory``: where the file goes that takes more than SPOOL_LIMIT; None: never to a file.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def write(self, data: bytes) -> None:
        """Take ``data``; raises OSError where the disk refuses."""
        self._length += len(data)
        if self._file is None and self._directory and self._length > SPOOL_LIMIT:
            self._file = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115
            self._file.write(self._memory)
            self._memory = bytearray()
        if self._file is None:
            self._memory += data
        else:
            self._file.write(data)

    def octets(self) -> Octets:
        """Return all that came; a mapped file lives as long as something refers to it."""
        if self._file is None:
            return bytes(self._memory)
        self._file.flush()
        return mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
