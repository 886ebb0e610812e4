"""What can be wrong with a WARC file.

``WarcError``
├── ``DamagedRecord``   the bytes at an offset are no whole record
└── ``UnknownFormat``   the file is no archive file at all
"""

from pathlib import Path


class WarcError(Exception):
    """Anything that keeps a WARC file from being written, read or finished."""


class UnknownFormat(WarcError):
    """The file is neither a WARC file nor a WACZ file."""


class DamagedRecord(WarcError):
    """The bytes at ``offset`` (of a file, where ``path`` is known) are no whole WARC record."""

    def __init__(self, message: str, offset: int, path: Path | None = None) -> None:
        self.message = message
        self.offset = offset
        self.path = path
        super().__init__(message, offset, path)

    def __str__(self) -> str:
        place = f"{self.path}, offset {self.offset}" if self.path else f"offset {self.offset}"
        return f"{place}: {self.message}"
