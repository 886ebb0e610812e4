"""The records of a WARC file of any make, one after the other.

Most files are gzip members of one record each, which are read here, at a third of the cost. From
the first record on that is anything else, warcio reads: it also knows files without compression,
WARC/0.17 and what other crawlers write.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.warc.errors import DamagedRecord
from archive.warc.names import opened
from archive.warc.record import Record, unpack

_PIECE = 16 * 1024
_LARGE = 1024 * 1024
_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*([0-9]{1,15})\r\n", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_BEHIND = 4
"""Bytes behind the block of a record: two line ends."""


def records(path: Path, start: int = 0) -> Iterator[Record]:
    """Yield the records of a WARC file, compressed or not, from the one at ``start`` on.

    Raises DamagedRecord at the first bytes that are no whole record.
    """
    with opened(path) as file:
        offset = start
        while (record := _of_member(file, offset, path)) is not None:
            yield record
            offset += record.length
        yield from _of_any_make(file, offset, path)


def _of_member(file: BinaryIO, offset: int, path: Path) -> Record | None:
    """Return the record that is the gzip member at ``offset``; None: there is no member, or it
    holds something else. Raises DamagedRecord where it cannot be unzipped whole."""
    file.seek(offset)
    try:
        found = _unzipped(file)
    except (zlib.error, EOFError) as error:
        raise DamagedRecord(f"no whole gzip member: {error}", offset, path) from error
    if found is None:
        return None
    content, unused = found
    try:
        return unpack(content, offset, file.tell() - unused - offset)
    except DamagedRecord:
        return None


def _unzipped(file: BinaryIO) -> tuple[bytes, int] | None:
    """Return the content of the member where the file stands, and how many of the bytes that were
    read are behind it; None: there is no member, or it holds more than one record.

    Raises zlib.error and EOFError where the member is spoilt or cut off.
    """
    piece = file.read(_PIECE)
    if not piece.startswith(_GZIP):
        return None
    inflater = zlib.decompressobj(31)
    content = inflater.decompress(piece)
    if inflater.eof:
        return content, len(inflater.unused_data)
    # A file that is one member in all must not be held as a whole before that is seen.
    most = _length_stated(content)
    pieces, size = [content], len(content)
    while not inflater.eof:
        if not (piece := file.read(_PIECE)):
            raise EOFError("it is cut off")
        pieces.append(inflater.decompress(piece))
        size += len(pieces[-1])
        if size > most:
            pieces.clear()  # still unzipped to its end, where its checksum stands
    return (b"".join(pieces), len(inflater.unused_data)) if size <= most else None


def _length_stated(content: bytes) -> int:
    """Return how many bytes the record has that ``content`` begins with, line ends behind it
    included; 0 where its head does not say so in the usual way."""
    end = content.find(b"\r\n\r\n") + 2
    stated = _LENGTH.search(content, 0, end)
    return end + 2 + int(stated[1]) + _BEHIND if stated else 0


def _of_any_make(file: BinaryIO, start: int, path: Path) -> Iterator[Record]:
    """Yield the records from the one at ``start`` on, as warcio finds them."""
    file.seek(start)
    found = ArchiveIterator(file, no_record_parse=True)
    try:
        yield from _converted(found, path)
    except (ArchiveLoadFailed, OSError) as error:
        raise DamagedRecord(f"no WARC record: {str(error)[:80]!r}", found.offset, path) from error
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
    while piece := file.read(_LARGE):
        if piece.strip(b"\0"):
            raise DamagedRecord("the bytes from here on are no WARC record", offset, path)
