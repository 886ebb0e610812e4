"""The records in a WARC file of any make: plain, gzipped as a whole or record by record.

Records are cut out and not touched: ISO 28500 (1.0 and 1.1) as others write it, with bare line
feeds, and with more or fewer line breaks after a record than the two that there should be.
"""

import gzip
import mmap
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

from archive.warc.errors import DamagedRecord, UnknownFormat
from archive.warc.record import mapped, next_member, walk

Form = Literal["plain", "zipped as a whole", "zipped by record", "wacz"]

_VERSION = re.compile(rb"WARC/1\.[01]\r?\n")
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([0-9]{1,18})[ \t]*\r?$")
# The head of a record longer than this is none.
_HEAD_LIMIT = 1024 * 1024
_PIECE = 64 * 1024
_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")


def form_of(path: Path, told: str = "") -> Form:
    """Return how the records lie in a file, by its content; its name may say anything.

    ``told``: how the file is called to the user; empty: by its path. Raises UnknownFormat where it
    is no archive file, DamagedRecord where it begins with damage.
    """
    told = told or str(path)
    with path.open("rb") as file:
        start = file.read(10)
        if start.startswith(b"PK\x03\x04"):
            return "wacz"
        if start.startswith(b"WARC/"):
            return "plain"
        if start.startswith(_ZSTD):
            raise UnknownFormat(f"{told} is compressed with zstd; unpack it first: zstd -d FILE")
        if start.startswith(b"\x1f\x8b"):
            file.seek(0)
            return "zipped by record" if _holds_one_record(file) else "zipped as a whole"
    raise UnknownFormat(f"{told} is neither a WARC file nor a WACZ file")


def is_recordwise(path: Path) -> bool:
    """Return whether every record is one gzip member and there is nothing else in the file."""
    with mapped(path) as data:
        try:
            for _ in walk(data):
                pass
        except DamagedRecord:
            return False
    return True


def records(path: Path, form: Form) -> Iterator[bytes | DamagedRecord]:
    """Yield the bytes of each record, without what follows it, and each damage that is met.

    Behind damage goes on what is compressed record by record; of other files nothing can be found
    there. The offset of damage is in the file, or where that is unknown in its unzipped content.
    """
    if form == "zipped by record":
        with mapped(path) as data:
            yield from _of_members(data)
        return
    with path.open("rb") as file, gzip.open(file) if form != "plain" else file as stream:
        yield from _of_stream(stream)  # type: ignore[arg-type]


def _of_stream(stream: BinaryIO) -> Iterator[bytes | DamagedRecord]:
    position = 0
    try:
        while (found := _next_record(stream, position)) is not None:
            record, position = found
            yield record
    except DamagedRecord as error:
        yield error
    except (EOFError, OSError, zlib.error) as error:  # what gzip raises
        yield DamagedRecord(f"the compressed data end or are spoilt here: {error}", position)


def _next_record(stream: BinaryIO, position: int) -> tuple[bytes, int] | None:
    """Return the next record and where in the stream it ends; None: there is none."""
    line = stream.readline(_HEAD_LIMIT)
    while line in (b"\r\n", b"\n"):
        position += len(line)
        line = stream.readline(_HEAD_LIMIT)
    if not line.strip(b"\0"):  # the end, or what pads it
        return None
    if not _VERSION.fullmatch(line):
        raise DamagedRecord(f"no record of WARC/1.0 or 1.1 begins here: {line[:20]!r}", position)
    head = [line]  # and then the block
    size = len(line)
    while line not in (b"\r\n", b"\n"):
        line = stream.readline(_HEAD_LIMIT)
        size += len(line)
        if not line or size > _HEAD_LIMIT:
            raise DamagedRecord("the head of the record does not end", position)
        head.append(line)
    stated = _LENGTH.search(b"".join(head))
    if stated is None:
        raise DamagedRecord("the record has no Content-Length that is a number", position)
    left = int(stated[1])
    size += left
    # In pieces: room is not to be made for what only the head says that there is.
    while left and (piece := stream.read(min(left, _PIECE))):
        head.append(piece)
        left -= len(piece)
    if left:
        raise DamagedRecord("the record is shorter than its Content-Length", position)
    return b"".join(head), position + size


def _of_members(data: bytes | mmap.mmap) -> Iterator[bytes | DamagedRecord]:
    start = 0
    while start < len(data) and data[start : start + 10].strip(b"\0"):
        try:
            content, length = _unzipped(data, start)
        except zlib.error as error:
            after = next_member(data, start + 1)
            yield DamagedRecord(f"{error} ({after - start} bytes left out)", start)
            start = after
            continue
        yield from _of_stream(BytesIO(content))
        start += length


def _unzipped(data: bytes | mmap.mmap, start: int) -> tuple[bytes, int]:
    """Return the content and the length of the member at ``start``; raises zlib.error."""
    inflater = zlib.decompressobj(31)
    pieces: list[bytes] = []
    position = start
    while not inflater.eof:
        if position >= len(data):
            raise zlib.error("the gzip member is cut off")
        pieces.append(inflater.decompress(data[position : position + _PIECE]))
        position += _PIECE
    return b"".join(pieces), min(position, len(data)) - len(inflater.unused_data) - start


def _holds_one_record(file: BinaryIO) -> bool:
    """Return whether a gzip file's first member ends where its first record does.

    No more is unzipped than that record, however long the member is.
    """
    inflater = zlib.decompressobj(31)
    content, wanted = b"", None
    length = 0
    while not inflater.eof:
        piece = inflater.unconsumed_tail or file.read(_PIECE)
        if not piece:
            return wanted is not None  # cut off within its first record
        try:
            more = inflater.decompress(piece, _PIECE)
        except zlib.error:
            return True  # spoilt: what comes behind it may be whole
        length += len(more)
        if wanted is None:
            content += more
            end = re.search(rb"\r?\n\r?\n", content)
            if end and (stated := _LENGTH.search(content, 0, end.end())):
                wanted = end.end() + int(stated[1])
            elif len(content) > _HEAD_LIMIT:
                return False
        # Four bytes end a record; some writers put a few more.
        if wanted is not None and length > wanted + 16:
            return False
    return True
