"""The records of a WARC file of any make, one after the other.

Read with warcio, which also knows WARC/1.0, files without compression and what other crawlers
write.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.warc.errors import DamagedRecord
from archive.warc.names import opened
from archive.warc.record import Record

_PIECE = 1024 * 1024


def records(path: Path, start: int = 0) -> Iterator[Record]:
    """Yield the records of a WARC file, compressed or not, from the one at ``start`` on.

    Raises DamagedRecord at the first bytes that are no whole record.
    """
    with opened(path) as file:
        file.seek(start)
        found = ArchiveIterator(file, no_record_parse=True)
        try:
            yield from _converted(found, path)
        except (ArchiveLoadFailed, OSError) as error:
            raise DamagedRecord(
                f"no WARC record: {str(error)[:80]!r}", found.offset, path
            ) from error
        _demand_end(file, found.offset, path)


def _converted(found: ArchiveIterator, path: Path) -> Iterator[Record]:
    for record in found:
        block = record.raw_stream.read() or b""
        headers = record.rec_headers
        offset, length = found.get_record_offset(), found.get_record_length()
        if str(len(block)) != (headers.get_header("Content-Length") or "").strip():
            raise DamagedRecord("the record is shorter than its Content-Length", offset, path)
        yield Record(record.rec_type or "", tuple(headers.headers), block, offset, length)


def _demand_end(file: BinaryIO, offset: int, path: Path) -> None:
    # warcio takes a torn or spoilt member for the end of the file.
    file.seek(offset)
    while piece := file.read(_PIECE):
        if piece.strip(b"\0"):
            raise DamagedRecord("the bytes from here on are no WARC record", offset, path)
