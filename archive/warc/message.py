"""A response as it came over the wire, cut into the parts that a record keeps.

What is stored (RFC 9112; ISO 28500 §6.3): the final head byte for byte, but with the name
``Transfer-Encoding`` replaced by ``x-orig-transfer-encoding``, and the body without chunk framing,
its content coding untouched. All checkers and replay tools agree on that form; on framed bodies
they do not (https://github.com/webrecorder/warcio/issues/75).
"""

import re
from dataclasses import dataclass, field
from typing import cast

from warcio.statusandheaders import StatusAndHeadersParser

from archive.records import Octets, Truncation

Headers = tuple[tuple[str, str], ...]

_STATUS_LINE = re.compile(rb"HTTP/\d\.\d[ \t]+(\d{3})(?!\d)")
_TRANSFER_ENCODING = re.compile(rb"(?im)^transfer-encoding(?=[ \t]*:)")
_REPLACEMENT = b"x-orig-transfer-encoding"
# Lines that begin with a visible ASCII character, then one with nothing: the head of nearly every
# message. It ends where a look at each of its lines would find that it ends.
_PLAIN_HEAD = re.compile(rb"(?:[!-~][^\n]*+\n)++\r?\n")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
# A chunk line longer than this is an attack or no chunk line.
_CHUNK_LINE_LIMIT = 16 * 1024
# Values that would let a reader of the archive act as the crawler.
_SECRET = re.compile(
    rb"(?im)^(cookie|authorization|proxy-authorization)([ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*"
)
REDACTED = b"redacted"


@dataclass(frozen=True, slots=True)
class Message:
    """The parts of one response."""

    status: int
    head: bytes
    """As it is stored, blank line included."""
    headers: Headers
    """Of ``head``, as text (latin-1), names as sent; lines without a colon are not among them."""
    body: bytes
    """De-chunked where it could be, content coding kept."""
    start: int
    """Where in the wire's bytes the body begins."""
    interim: tuple[bytes, ...] = ()
    """1xx heads that came before."""
    trailers: bytes = b""
    """Fields after the last chunk, without the closing blank line."""
    excess: bytes = b""
    """What came after the end of the message."""
    truncated: Truncation | None = None
    """disconnect: it ends too early; unspecified: its framing makes no sense."""


@dataclass(frozen=True, slots=True)
class _Body:
    content: bytes
    trailers: bytes = b""
    excess: bytes = b""
    truncated: Truncation | None = field(default=None)


def cut(wire: Octets, *, method: str = "GET") -> Message | None:
    """Return the parts of the response to a ``method`` request; None: it is no HTTP message.

    A message whose head does not end is none. Works on stored blocks too, of ours and of others.
    Of a mapped file the body is a view, where it need not be de-chunked.
    """
    interim: list[bytes] = []
    start = 0
    while True:
        status_line = _STATUS_LINE.match(wire, start)
        end = head_end(wire, start) if status_line else None
        if status_line is None or end is None:
            return None
        status = int(status_line[1])
        if status >= 200 or status == 101:
            break
        interim.append(wire[start:end])
        start = end
    head = _TRANSFER_ENCODING.sub(_REPLACEMENT, wire[start:end])
    headers = parse_headers(head)
    renamed = head != wire[start:end]
    data = wire[end:] if isinstance(wire, bytes) else cast(bytes, memoryview(wire)[end:])
    body = _body(data, headers, renamed, bodiless=method == "HEAD" or status in (204, 304))
    return Message(
        status=status,
        head=head,
        headers=headers,
        body=body.content,
        start=end,
        interim=tuple(interim),
        trailers=body.trailers,
        excess=body.excess,
        truncated=body.truncated,
    )


def head_end(data: Octets, start: int = 0) -> int | None:
    """Return where the head that begins at ``start`` ends, blank line included; None: it does not.

    Blank is what every reader of WARC files takes for blank: a line of nothing but white space.
    """
    if plain := _PLAIN_HEAD.match(data, start):
        return plain.end()
    position = start
    while newline := data.find(b"\n", position) + 1:
        line = data[position:newline]
        position = newline
        # Decoded the way warcio does, so that both find the same end.
        if line.isspace() or not StatusAndHeadersParser.decode_header(line).rstrip():
            return position
    return None


def parse_headers(head: bytes) -> Headers:
    """Return the header fields of ``head``, folded lines joined, without its first line."""
    fields: list[tuple[str, str]] = []
    for line in head.decode("latin-1").split("\n")[1:]:
        if line[:1] in (" ", "\t") and line.strip() and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.rstrip(" \t"), value.strip()))
    return tuple(fields)


def header_values(headers: Headers, name: str) -> list[str]:
    """Return the values of every field called ``name``, in order; case does not matter."""
    return [value for key, value in headers if key.lower() == name.lower()]


def media_type(headers: Headers) -> str | None:
    """Return the Content-Type without parameters in lower case; None: not said."""
    values = header_values(headers, "content-type")
    return (values[0].partition(";")[0].strip().lower() or None) if values else None


def content_length(headers: Headers) -> int | None:
    """Return the Content-Length; None: none is given.

    Raises ValueError where it is no number or several differ (RFC 9112 §6.3).
    """
    given = {
        part.strip()
        for value in header_values(headers, "content-length")
        for part in value.split(",")
    }
    if not given:
        return None
    if len(given) > 1 or not re.fullmatch(r"[0-9]{1,18}", next(iter(given))):
        raise ValueError(f"Content-Length makes no sense: {sorted(given)}")
    return int(given.pop())


def redact(request: bytes) -> tuple[bytes, list[str]]:
    """Return ``request`` with the values of secret headers replaced, and those headers' names."""
    end = head_end(request) or len(request)
    head = request[:end]
    names = [match[1].decode() for match in _SECRET.finditer(head)]
    return _SECRET.sub(rb"\1\2 " + REDACTED, head) + request[end:], names


def _body(data: bytes, headers: Headers, framed: bool, *, bodiless: bool) -> _Body:
    if bodiless:
        return _Body(b"", excess=bytes(data))
    if framed:
        return _dechunked(data, headers)
    if header_values(headers, _REPLACEMENT.decode()):
        return _Body(data)  # unframed by whoever stored it; a Content-Length is not of this body
    try:
        length = content_length(headers)
    except ValueError:
        return _Body(data, truncated="unspecified")
    if length is None:
        return _Body(data)
    if len(data) < length:
        return _Body(data, truncated="disconnect")
    return _Body(data[:length], excess=bytes(data[length:]))


def _dechunked(data: bytes, headers: Headers) -> _Body:
    """Undo chunked transfer coding strictly (RFC 9112 §7.1); as it is where that cannot be."""
    codings = ",".join(header_values(headers, _REPLACEMENT.decode())).lower()
    if codings.strip() != "chunked":
        return _Body(data, truncated="unspecified")
    chunks: list[bytes] = []
    position = 0
    while line := _CHUNK_LINE.match(data, position, position + _CHUNK_LINE_LIMIT):
        size, start = int(line[1], 16), line.end()
        if size == 0:
            return _with_trailers(data, start, b"".join(chunks))
        position = start + size + 2
        if data[start + size : position] != b"\r\n"[: max(0, len(data) - start - size)]:
            return _Body(data, truncated="unspecified")
        if position > len(data):
            break
        chunks.append(data[start : start + size])
    rest = bytes(data[position : position + _CHUNK_LINE_LIMIT])
    cut_off = position >= len(data) or (b"\n" not in rest and len(rest) < _CHUNK_LINE_LIMIT)
    return _Body(data, truncated="disconnect" if cut_off else "unspecified")


def _with_trailers(data: bytes, start: int, content: bytes) -> _Body:
    rest = bytes(data[start:])
    if rest.startswith(b"\r\n"):
        return _Body(content, excess=rest[2:])
    end = rest.find(b"\r\n\r\n")
    if end < 0:
        return _Body(data, truncated="disconnect")
    return _Body(content, trailers=rest[: end + 2], excess=rest[end + 4 :])
