"""Every wrong answer of the fault table, and by which word the archive names it.

A page's fault is named by the class of its failure (``failures.error``) or by the outcome of its
capture (docs/outcomes.md). What is only odd, and is kept whole, is no fault.
"""

import gzip
import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import brotli

from bench.scale.faults_web import NOT_FOUND, Reply, page, redirect

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Flood:
    """A beginning and then the same again and again, without being held in memory."""

    first: bytes
    again: bytes
    times: int = 10**6

    def __iter__(self) -> Iterator[bytes]:
        yield self.first
        yield from itertools.repeat(self.again, self.times)


@dataclass(frozen=True, slots=True)
class WireFault:
    """What a server does with a page, and any of the words that name it."""

    reply: Reply
    words: frozenset[str]
    suffix: str = ".html"


def _fault(reply: Reply, *words: str, suffix: str = ".html") -> WireFault:
    # On a busy machine the crawl's time may be up before the fault is seen.
    return WireFault(reply, frozenset({*words, _LATE}), suffix)


def _raw(*pieces: bytes, then: str = "keep") -> Reply:
    return Reply(pieces, then)


def _length(value: bytes, body: bytes = b"ab", then: str = "keep") -> Reply:
    return _raw(OK + b"Content-Length: " + value + b"\r\n\r\n" + body, then=then)


def _coded(coding: bytes, body: bytes) -> Reply:
    head = OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body))
    return _raw(head + body)


def _zip_bomb() -> bytes:
    """Return a .docx whose only part is 200 MiB of blanks."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        with bomb.open("word/document.xml", "w") as part:
            for _ in range(200):
                part.write(b" " * MIB)
        bomb.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LOST, _CUT = "ResponseDataLossError", "DownloadCancelledError"
_LATE, _FAILED = "DownloadTimeoutError", "DownloadFailedError"
_SCRIPT = b"<html><script>document.cookie='__jsl_clearance=1';location.reload()</script></html>"
_GONE = "<html><title>提示</title><body>您访问的页面不存在或已删除</body></html>".encode()

WIRE_FAULTS: Mapping[str, WireFault] = {
    # The connection.
    "reset": _fault(_raw(then="reset"), _FAILED),
    "reset in the head": _fault(_raw(OK, then="reset"), _FAILED),
    "reset in the body": _fault(_raw(OK + b"\r\nab", then="reset"), _FAILED, _LOST, "truncated"),
    "slow-loris": _fault(Reply(Flood(OK + b"\r\n", b"x", 100), "hang", 0.2), _LATE),
    "silence": _fault(_raw(then="hang"), _LATE),
    # Lengths.
    "length too long": _fault(_length(b"9", then="close"), _LOST),
    "lengths in conflict": _fault(
        _raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), _FAILED
    ),
    "negative length": _fault(_length(b"-2"), _FAILED),
    "length no number": _fault(_length(b"two"), _FAILED),
    "2 GB announced": _fault(_length(b"2147483648"), _CUT),
    # Chunks.
    "chunk without a size": _fault(_raw(CHUNKED + b"xyz\r\nab\r\n"), _LOST),
    "no last chunk": _fault(_raw(CHUNKED + b"2\r\nab\r\n", then="close"), _LOST),
    "endless chunk size": _fault(Reply(Flood(CHUNKED, b"0" * 2000, 600), "close"), _LOST),
    "endless chunks": _fault(
        Reply(Flood(CHUNKED, b"8000\r\n" + b"x" * 0x8000 + b"\r\n"), "close"), _CUT
    ),
    # Heads.
    "header of 1 MB": _fault(
        _raw(OK + b"X-A: " + b"a" * MIB + b"\r\nContent-Length: 2\r\n\r\nab"), _FAILED, _CUT
    ),
    "endless headers": _fault(Reply(Flood(OK, b"X-A: b\r\n" * 500), "close"), _CUT),
    "NUL in a header": _fault(_raw(OK + b"X-\0: \0\r\nContent-Length: 2\r\n\r\na\0"), _FAILED),
    "no HTTP": _fault(_raw(b"\0\1 SSH-2.0\r\n\r\n", then="close"), _FAILED),
    # Bodies.
    "endless body": _fault(Reply(Flood(OK + b"\r\n", b"x" * 65536), "close"), _CUT),
    "no gzip": _fault(_coded(b"gzip", b"no"), "failed", "unreadable", "empty", "unrelated"),
    "gzip bomb": _fault(
        _coded(b"gzip", gzip.compress(bytes(MIB), 9, mtime=0) * 30),
        "failed",
        "unreadable",
        "empty",
    ),
    "brotli bomb": _fault(
        _coded(b"br", brotli.compress(bytes(30 * MIB), quality=1)), "failed", "unreadable", "empty"
    ),
    "zip bomb": _fault(page(_zip_bomb(), _DOCX), "failed", "unreadable", "empty", suffix=".docx"),
    "hostile PDF": _fault(
        page(b"%PDF-1.7\n" + b"[" * 200_000, "application/pdf"),
        "failed",
        "unreadable",
        "empty",
        suffix=".pdf",
    ),
    "noise": _fault(page(bytes(range(0xFF, 0x7F, -1)) * 12), "unreadable", "unrelated"),
    # What is no report though it comes whole.
    "no content": _fault(page(b""), "empty"),
    "soft 404": _fault(page(_GONE), "soft_404"),
    "gone": _fault(NOT_FOUND, "not_found"),
    "broken server": _fault(
        page(b"<h1>500</h1>", status="500 Internal Server Error"), "http_error"
    ),
    "refusal 403": _fault(page(b"<h1>403</h1>", status="403 Forbidden"), "blocked"),
    "script of a firewall": _fault(page(_SCRIPT), "blocked"),
    # Redirects.
    "circle": _fault(redirect("/circle.html"), "redirect"),
    "to nowhere": _fault(redirect("http://[bad"), "redirect", "failed"),
}
