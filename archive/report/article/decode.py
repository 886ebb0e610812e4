"""Bytes to text: which kind of document it is, and in which encoding.

The type is what the bytes say, not what the server says. Order of encodings: byte order mark;
UTF-8 where the bytes prove to be; the page's own declaration; the header; GB 18030. ``gb2312`` and
``gbk`` are read as GB 18030, which contains both, and ``iso-8859-1`` is not believed: it is the
default of many servers. A page of which nearly all is UTF-8 stays UTF-8, whatever was cut off.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from archive.records import NotAReport
from archive.report.chars import visible, without_pinyin

LIMIT = 32 * 1024 * 1024
"""Bytes; a larger page is no report but a dump of something."""

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030"}
# Defaults that servers send unasked, and codecs of Python's that no page is written in.
_NOT_BELIEVED = frozenset(
    {"iso8859-1", "ascii", "latin-1", "utf-7"}
    | {"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape"}
)
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,20})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,20})", re.IGNORECASE)
_TAG = re.compile(
    r"<(?:!doctype html|/?(?:html|head|body|title|meta|script|style|div|table|tbody|tr|td|p|br|span"
    r"|ul|li|a|h[1-6]|section|article|center|font|iframe|frameset)[\s/>])",
    re.IGNORECASE,
)
# Text of a document has almost no control characters; noise has one in ten.
_NOISE = 0.01
_GAP = 200
"""Blanks; columns of a page stand closer, and endless ones only take time."""
_WIDE_GAP = re.compile(rf"[^\S\n]{{{_GAP},}}+")
_SHORTEST, _DEEPEST = 200, 6
"""Characters of a document that a service's answer carries, and levels that it lies deep."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_MOSTLY = 20
"""So many characters of UTF-8 for one broken sequence: text in GB 18030 has hardly any."""
# Text that was decoded wrongly before it was saved: what U+FFFD becomes when UTF-8 is read as GBK,
# and the words 政府 and 信息 read so (GBK) or as Latin letters.
_READ_RIGHT = "信息公开"
_LOST_BEFORE = "锟斤拷"
_MISREAD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gb18030", ("鏀垮簻", "淇℃伅")),
    ("cp1252", ("æ”¿", "ä¿¡æ")),
    ("latin-1", ("æ\x94¿", "ä¿¡æ")),
)

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
    if decoded.kind == "json" and (markup := _carried(raw)):
        return decode(markup.encode("utf-8", "replace"), "text/html")
    mended, warnings = unmixed(raw)
    text = visible(mended)
    if not text.strip():
        return NotAReport("empty", "the document has no text")
    if decoded.kind in ("json", "xml"):
        return NotAReport("unsupported", f"documents of type {decoded.kind.upper()} are not read")
    if decoded.kind == "text":
        text = _WIDE_GAP.sub(" " * _GAP, text)
    return replace(decoded, text=without_pinyin(text), warnings=(*decoded.warnings, *warnings))


def _carried(text: str) -> str | None:
    """Return the markup that a service's answer carries, ``{"data": {"html": "<p>…"}}``.

    Some publishing systems build the page of a document by such a request. None: the answer holds
    no document, or several.
    """
    found = list(_texts(json.loads(text.lstrip("\ufeff\x00")), 0))
    return found[0] if len(found) == 1 else None


def _texts(node: object, depth: int) -> Iterator[str]:
    """Yield the texts in JSON that are documents by length and markup."""
    if isinstance(node, str) and len(node) > _SHORTEST and _TAG.search(node):
        yield node
    elif isinstance(node, dict | list) and depth < _DEEPEST:
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _texts(inner, depth + 1)


def is_noise(text: str) -> bool:
    """Whether so many characters are controls, or could not be decoded, that it is no text."""
    return len(_NO_TEXT.findall(text)) > max(_NOISE * len(text), 3)


def unmixed(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` as it was before someone decoded it wrongly, where that can be undone without
    loss, and a warning; else ``text`` itself."""
    if _READ_RIGHT in text:
        return text, _lost_before(text)
    misread = [name for name, signs in _MISREAD if any(sign in text for sign in signs)]
    for encoding in misread:
        try:
            mended = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return mended, (f"text in UTF-8 had been read as {encoding}: undone",)
    if misread:
        return text, (f"text in UTF-8 was read as {misread[0]} before it was saved",)
    return text, _lost_before(text)


def _lost_before(text: str) -> tuple[str, ...]:
    lost = text.count(_LOST_BEFORE)
    return (f"about {lost} characters were lost before it was saved: {_LOST_BEFORE}",) * bool(lost)


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
    if (wide := _without_mark(content)) is not None:
        return wide, content.decode(wide, errors="replace")
    encodings = tuple(dict.fromkeys(_candidates(content, media_type, headers)))
    for encoding in encodings:
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8" and _is_mostly_utf8(text := content.decode(encoding, "replace")):
                return encoding, text
    tries = {encoding: content.decode(encoding, errors="replace") for encoding in encodings}
    return min(tries.items(), key=lambda item: item[1].count("\ufffd"))


def _without_mark(content: bytes) -> str | None:
    """Return which UTF-16 ``content`` is in that has no byte order mark; None: it is in none."""
    start = content[:2000]
    half = len(start) // 2
    for encoding, high in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        # ASCII has a zero byte in each character; no other text has a third of them.
        zeros = high.count(0)
        if half > 8 and zeros * 3 > half and start.count(0) * 4 < zeros * 5:
            return encoding
    return None


def _is_mostly_utf8(text: str) -> bool:
    lost = text.count("\ufffd")
    return lost * _MOSTLY < len(text) and lost * _MOSTLY < len(_CHINESE.findall(text))


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
