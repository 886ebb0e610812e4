"""Bytes to text: which kind of document it is, and in which encoding.

The type is what the bytes say, not what the server says. Order of encodings: byte order mark;
UTF-8 where the bytes prove to be; the page's own declaration; the header; GB 18030. ``gb2312`` and
``gbk`` are read as GB 18030, which contains both, and ``iso-8859-1`` is not believed: it is the
default of many servers.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from archive.records import NotAReport
from archive.report.chars import visible

LIMIT = 32 * 1024 * 1024
"""Bytes; a larger page is no report but a dump of something."""

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030"}
_NOT_BELIEVED = frozenset({"iso8859-1", "ascii", "latin-1"})
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,20})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,20})", re.IGNORECASE)
_TAG = re.compile(
    r"<(?:!doctype html|/?(?:html|head|body|title|meta|script|style|div|table|tbody|tr|td|p|br|span"
    r"|ul|li|a|h[1-6]|section|article|center|font|iframe|frameset)[\s/>])",
    re.IGNORECASE,
)
# Text of a document has almost no control characters; noise has one in ten.
_NOISE = 0.01


Kind = Literal["html", "text", "json", "xml"]
TEXT_KINDS: frozenset[str] = frozenset(get_args(Kind))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text."""

    kind: Kind
    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(
    content: bytes, media_type: str | None = None, headers: Mapping[str, str] | None = None
) -> Decoded | NotAReport:
    """Return the text of ``content``, or why it has none that can be read here.

    For text and markup; what a binary document is, ``media`` knows. A NotAReport is ``empty``,
    ``unsupported`` (its message names the type) or ``unreadable``.
    Bytes that could not be decoded stand as U+FFFD in the text and are counted in a warning.
    """
    if not content.strip(b"\x00 \t\r\n"):
        return NotAReport("empty", "the document has no content")
    if len(content) > LIMIT:
        return NotAReport("unreadable", f"larger than {LIMIT} bytes")
    decoded = decode_text(content, media_type, headers)
    raw = decoded.text
    if is_noise(raw):
        lost = raw.count("\ufffd")
        return NotAReport("unreadable", f"{lost} of {len(raw)} characters could not be decoded")
    text = visible(raw)
    if not text.strip():
        return NotAReport("empty", "the document has no text")
    if decoded.kind in ("json", "xml"):
        return NotAReport("unsupported", f"documents of type {decoded.kind.upper()} are not read")
    return replace(decoded, text=text)


def is_noise(text: str) -> bool:
    """Whether so many characters are controls, or could not be decoded, that it is no text."""
    controls = (*range(9), *range(14, 32), 0x7F, 0xFFFD)
    return sum(text.count(chr(code)) for code in controls) > max(_NOISE * len(text), 3)


def decode_text(
    content: bytes, media_type: str | None = None, headers: Mapping[str, str] | None = None
) -> Decoded:
    """Return any bytes as text, as they stand: answers of services, scripts and listings too.

    For what is known to be text; whether it is, is for :func:`decode` to ask. Never raises.
    """
    encoding, text = _decoded(content, media_type, headers or {})
    lost = text.count("\ufffd")
    warnings = (f"{lost} characters could not be decoded from {encoding}",) if lost else ()
    return Decoded(_kind(text), text, encoding, warnings)


def _kind(text: str) -> Kind:
    """Return what the text is written in."""
    start = text[:200].lstrip("\ufeff\x00 \t\r\n\u3000")
    if start.startswith(("{", "[")) and _is_json(text):
        return "json"
    if _TAG.search(text, 0, 200_000):
        return "html"
    return "xml" if start.startswith("<?xml") else "text"


def _decoded(content: bytes, media_type: str | None, headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the encoding and the text in it with the fewest losses."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding, content[len(mark) :].decode(encoding, errors="replace")
    tries: dict[str, str] = {}
    for encoding in dict.fromkeys(_candidates(content, media_type, headers)):
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            tries[encoding] = content.decode(encoding, errors="replace")
    return min(tries.items(), key=lambda item: item[1].count("\ufffd"))


def _candidates(
    content: bytes, media_type: str | None, headers: Mapping[str, str]
) -> Iterator[str]:
    """Yield the encodings to try. UTF-8 goes first since other text does not pass as UTF-8."""
    yield "utf-8"
    if match := _DECLARED.search(content[:8192]):
        yield from _known(match[1].decode("ascii"))
    fields = [value for name, value in headers.items() if name.lower() == "content-type"]
    for value in [media_type or "", *fields]:
        if found := _HEADER_CHARSET.search(value):
            yield from _known(found[1])
    yield "gb18030"


def _known(name: str) -> Iterator[str]:
    """Yield the codec called ``name`` if there is one that can hold such a page."""
    name = _ALIASES.get(name.lower(), name.lower())
    try:
        info = codecs.lookup(name)
    except LookupError:
        return
    is_text = getattr(info, "_is_text_encoding", True)
    if (
        is_text
        and info.name not in _NOT_BELIEVED
        and not info.name.startswith(("utf-16", "utf-32"))
    ):
        yield info.name


def _is_json(text: str) -> bool:
    try:
        json.loads(text.lstrip("\ufeff\x00"))
    except (ValueError, RecursionError):
        return False
    return True
