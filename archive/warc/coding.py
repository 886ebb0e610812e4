"""Content codings (RFC 9110 §8.4.1) undone: gzip, deflate, and br and zstd where installed."""

import importlib
import zlib
from collections.abc import Callable
from typing import Any

# A page of 100 KB that unfolds to more than this is an attack, not a report.
MAX_CONTENT = 256 * 1024 * 1024


class CodingError(ValueError):
    """The bytes are not in the coding they are said to be in, or not all of them are there."""


def decode(body: bytes, coding: str) -> bytes:
    """Return ``body`` with the codings of a Content-Encoding value removed, the last one first.

    Raises CodingError where that fails, where a coding is not known, and where the content is
    longer than MAX_CONTENT.
    """
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        if name != "identity":
            if name not in _DECODERS:
                raise CodingError(f"unknown content coding {name!r}")
            body = _DECODERS[name](body)
    return body


def _inflate(body: bytes, wbits: int) -> tuple[bytes, bytes]:
    """Return one stream's content and what follows the stream."""
    inflater = zlib.decompressobj(wbits)
    try:
        content = inflater.decompress(body, MAX_CONTENT + 1)
    except zlib.error as error:
        raise CodingError(str(error)) from error
    if len(content) > MAX_CONTENT:
        raise CodingError(f"more than {MAX_CONTENT} bytes of content")
    if not inflater.eof:
        raise CodingError("the stream ends too early")
    return content, inflater.unused_data


def _gzip(body: bytes) -> bytes:
    content, rest = _inflate(body, 31)
    members, size = [content], len(content)
    while rest.startswith(b"\x1f\x8b"):
        content, rest = _inflate(rest, 31)
        # Joined at the end: a bomb of many members would be copied once for each.
        members.append(content)
        size += len(content)
        if size > MAX_CONTENT:
            raise CodingError(f"more than {MAX_CONTENT} bytes of content")
    return b"".join(members)


def _deflate(body: bytes) -> bytes:
    # Some servers send the bare stream instead of zlib's format (RFC 9110 §8.4.1.2).
    try:
        return _inflate(body, 15)[0]
    except CodingError:
        return _inflate(body, -15)[0]


def _brotli(body: bytes) -> bytes:
    brotli = _installed("brotli", "br")
    try:
        inflater = brotli.Decompressor()
        content: bytes = inflater.process(body, output_buffer_limit=MAX_CONTENT + 1)
    except brotli.error as error:
        raise CodingError(str(error)) from error
    if len(content) > MAX_CONTENT:
        raise CodingError(f"more than {MAX_CONTENT} bytes of content")
    if not inflater.is_finished():
        raise CodingError("the stream ends too early")
    return content


def _zstd(body: bytes) -> bytes:
    zstandard = _installed("zstandard", "zstd")
    try:
        with zstandard.ZstdDecompressor().stream_reader(body) as stream:
            content: bytes = stream.read(MAX_CONTENT + 1)
    except zstandard.ZstdError as error:
        raise CodingError(str(error)) from error
    if len(content) > MAX_CONTENT:
        raise CodingError(f"more than {MAX_CONTENT} bytes of content")
    return content


def _installed(module: str, coding: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise CodingError(f"content coding {coding!r} needs the package {module!r}") from error


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
