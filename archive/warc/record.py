"""One WARC record, and the gzip member that holds it (ISO 28500; WARC/1.1).

Members are made here rather than by a library since every byte of them has to be accounted for:
no time stamp, no name, always the same header, so that a changed byte can be told from a variant.
"""

import hashlib
import mmap
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from archive.warc.errors import DamagedRecord
from archive.warc.message import Message, cut
from archive.warc.names import opened

VERSION = "WARC/1.1"
# Reports and pages of portals are 1 to 8 % larger than at the usual level, in half of its time.
_LEVEL = 4
# Deflate, no flags, no time, nothing said of the level, no particular system (RFC 1952).
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# Files that were written with the best level, as all were at first, say so.
GZIP_HEADERS = (GZIP_HEADER, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff")
_MAGIC = GZIP_HEADER[:3]
_END = b"\r\n\r\n"
_PIECE = 16 * 1024
_LARGE = 1024 * 1024

_PLAIN_HEAD = re.compile(rb"WARC/1\.[01]\r\n((?:[!-9;-~]+: [!-~](?:[ -~]*[!-~])?\r\n)+)\r\n")
_PLAIN_FIELD = re.compile(r"([^:\r]+): ([^\r]+)\r\n")
_parser = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0"])


@dataclass(frozen=True, slots=True)
class Record:
    """A WARC record and where its member stands."""

    type: str
    """``WARC-Type``."""
    headers: tuple[tuple[str, str], ...]
    """All named fields in order, ``WARC-Type`` among them."""
    block: bytes = b""
    offset: int = 0
    """Of its member in the file, in bytes."""
    length: int = 0
    """Of its member, in bytes; 0 until it is known."""
    rest: bytes = b""
    """What follows ``block`` in a record to be written, where it may be too long to be joined with
    it; empty in records that were read."""
    _named: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _parts: list[Message | None] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def get(self, name: str) -> str | None:
        """Return the first value of the field ``name``, or None; case does not matter."""
        named = self._named
        if not named:
            # The innermost loop of verify, which asks for some twenty fields of each record.
            for key, value in reversed(self.headers):
                named[key.lower()] = value
        return named.get(name.lower())

    @property
    def id(self) -> str:
        """The UUID of ``WARC-Record-ID``; of other people's records the text without brackets."""
        return bare_id(self.get("WARC-Record-ID") or "")

    @property
    def message(self) -> Message | None:
        """The parts of the HTTP response that the block is; None: it is none, or no whole head."""
        if not self._parts:
            is_one = self.type in ("response", "revisit")
            self._parts.append(cut(self.block) if is_one else None)
        return self._parts[0]


def is_http(record: Record) -> bool:
    """Return whether the block is an HTTP response, whole or its head; not so of ``dns:``."""
    url = record.get("WARC-Target-URI") or ""
    return record.type in ("response", "revisit") and url.startswith(("http:", "https:"))


def bare_id(reference: str) -> str:
    """Return the UUID in ``<urn:uuid:…>``."""
    return reference.strip("<>").removeprefix("urn:uuid:")


def bracketed(uuid: str) -> str:
    """Return ``uuid`` as the value of a field that names a record."""
    return f"<urn:uuid:{uuid}>"


def digest(*pieces: bytes) -> str:
    """Return the SHA-256 of ``pieces``, joined, in the form that digest fields have here."""
    hashed = hashlib.sha256()
    for piece in pieces:
        hashed.update(piece)
    return "sha256:" + hashed.hexdigest()


def pack(record: Record) -> bytes:
    """Return the gzip member that holds ``record``."""
    return b"".join(packed(record))


def packed(record: Record) -> Iterator[bytes]:
    """Yield the gzip member that holds ``record``: in one piece unless it is a large one."""
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    check, size, done = 0, 0, GZIP_HEADER
    for part in _parts(record):
        check, size = zlib.crc32(part, check), size + len(part)
        done += deflater.compress(part)
        if len(done) >= _LARGE:
            yield done
            done = b""
    yield done + deflater.flush() + struct.pack("<II", check, size & 0xFFFFFFFF)


def _parts(record: Record) -> Iterator[bytes]:
    lines = (f"{name}: {value}\r\n" for name, value in record.headers)
    head = f"{VERSION}\r\n{''.join(lines)}\r\n".encode()
    if len(record.rest) <= _LARGE:
        yield b"".join((head, record.block, record.rest, _END))
        return
    yield head + record.block
    for start in range(0, len(record.rest), _LARGE):
        yield record.rest[start : start + _LARGE]
    yield _END


def unpack(content: bytes, offset: int = 0, length: int = 0) -> Record:
    """Return the record that ``content`` (of a member, unzipped) is, to the last byte.

    Raises DamagedRecord where it is less or more than one record.
    """
    headers, start = _head(content, offset)
    # The first of a name counts.
    named = {name.lower(): value for name, value in reversed(headers)}
    size = named.get("content-length", "")
    if not (size.isascii() and size.isdigit()):
        raise DamagedRecord(f"Content-Length {size!r} is no number", offset)
    end = start + int(size)
    if content[end:] != _END:
        raise DamagedRecord("the record does not end where its Content-Length says", offset)
    uri = named.get("warc-target-uri", "")
    if " " in uri or uri.startswith("<"):
        headers = tuple((name, _uri(name, value)) for name, value in headers)
        named["warc-target-uri"] = _uri("warc-target-uri", uri)
    record = Record(named.get("warc-type", ""), headers, content[start:end], offset, length)
    record._named.update(named)
    return record


def _head(content: bytes, offset: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the named fields of a record and where its block begins.

    A head without oddities, which every one of ours is, is read here, ten times as fast.
    """
    if plain := _PLAIN_HEAD.match(content):
        return tuple(_PLAIN_FIELD.findall(plain[1].decode("ascii"))), plain.end()
    stream = BytesIO(content)
    try:
        parsed = _parser.parse(stream)
    except (StatusAndHeadersParserException, EOFError) as error:
        raise DamagedRecord("the member holds no WARC record", offset) from error
    return tuple(parsed.headers), stream.tell()


def walk(data: bytes | mmap.mmap, start: int = 0) -> Iterator[Record]:
    """Yield the records of a file's bytes from ``start`` on, in order.

    Raises DamagedRecord, with its offset, at the first bytes that are no whole record.
    """
    while start < len(data):
        content, length = _unzip(data, start)
        yield unpack(content, start, length)
        start += length


def next_member(data: bytes | mmap.mmap, start: int) -> int:
    """Return where the next readable record begins at or after ``start``; the end if none does."""
    while (start := data.find(_MAGIC, start)) >= 0:
        try:
            next(walk(data, start))
        except DamagedRecord:
            start += 1
        else:
            return start
    return len(data)


@contextmanager
def mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    """Give the bytes of a file without reading them all into memory."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size == 0:  # mmap refuses empty files
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def _uri(name: str, value: str) -> str:
    """Return the value of a field; of a target URI what every reader takes for it.

    WARC/1.0 showed it in angle brackets, which wget still writes; some write blanks.
    """
    if name.lower() != "warc-target-uri":
        return value
    bare = value[1:-1] if value.startswith("<") and value.endswith(">") else value
    return bare.replace(" ", "%20")


def _unzip(data: bytes | mmap.mmap, start: int) -> tuple[bytes, int]:
    """Return the content and the length of the member at ``start``."""
    inflater = zlib.decompressobj(31)
    pieces: list[bytes] = []
    position = start
    try:
        while not inflater.eof and position < len(data):
            pieces.append(inflater.decompress(data[position : position + _PIECE]))
            position += _PIECE
    except zlib.error as error:
        raise DamagedRecord(f"no gzip member: {error}", start) from error
    if not inflater.eof:
        raise DamagedRecord("the gzip member is cut off", start)
    return b"".join(pieces), min(position, len(data)) - len(inflater.unused_data) - start
