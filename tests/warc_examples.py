"""Exchanges of every kind that a WARC file has to hold, and the outside tools that check files."""

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from needed import missing

from archive.records import Capture, Exchange, RenderedPage, Run
from archive.warc import WarcWriter

START = datetime(2026, 11, 22, 0, 20, 34, 123456, tzinfo=UTC)
RUN = Run(
    id="0123456789abcdef0123456789abcdef",
    spider="yunnan",
    started_at="2026-11-22T00:20:34.000000Z",
    software="gkcrawl/0.1.0 Scrapy/2.19.0",
    user_agent="gkcrawl/0.1.0 (+mailto:someone@example.org)",
    contact="someone@example.org",
    settings={"ROBOTSTXT_OBEY": "True", "note": "两行\r\nzwei Zeilen ", "quoted": '"x"'},
)
URL = "https://www.puershi.gov.cn/zfxxgknb.htm"
PAGE = "<html><body>政府信息公开工作年度报告</body></html>".encode()
GZIPPED = gzip.compress(PAGE, mtime=0)

_OK = b"HTTP/1.1 200 OK\r\nServer: nginx\r\n"
# name -> all bytes that came, status, payload (content coding kept), truncation as told afterwards
RESPONSES: dict[str, tuple[bytes, int | None, bytes, str | None]] = {
    "plain": (
        _OK
        + b"Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
        + PAGE,
        200,
        PAGE,
        None,
    ),
    "gzip": (
        _OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(GZIPPED) + GZIPPED,
        200,
        GZIPPED,
        None,
    ),
    "chunked": (
        _OK + b"Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\n<html\r\n1\r\n>\r\n0\r\n\r\n",
        200,
        b"<html>",
        None,
    ),
    "chunked-gzip-trailers": (
        _OK
        + b"transfer-encoding:chunked\r\nContent-Encoding: gzip\r\nTrailer: X-Sum\r\n\r\n"
        + b"%x\r\n%b\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(GZIPPED), GZIPPED),
        200,
        GZIPPED,
        None,
    ),
    "gbk-header": (
        "HTTP/1.1 200 成功\r\nX-Title: 年度报告\r\nContent-Type: text/html\r\n\r\n年报".encode(
            "gbk"
        ),
        200,
        "年报".encode("gbk"),
        None,
    ),
    "repeated-cookie-and-no-colon": (
        _OK + b"Set-Cookie: a=1\r\nset-cookie: b=2\r\nno colon here\r\nContent-Length: 2\r\n\r\nok",
        200,
        b"ok",
        None,
    ),
    "redirect": (
        b"HTTP/1.1 302 Found\r\nLocation: /index.htm\r\nContent-Length: 0\r\n\r\n",
        302,
        b"",
        None,
    ),
    "not-found": (
        b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n404",
        404,
        b"404",
        None,
    ),
    "early-hints": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + _OK + b"Content-Length: 1\r\n\r\nx",
        200,
        b"x",
        None,
    ),
    "http-1.0-without-length": (b"HTTP/1.0 200 OK\r\n\r\nto the end", 200, b"to the end", None),
    "no-reason-bare-lf": (b"HTTP/1.1 200\nContent-Type: TEXT/html\n\nbody", 200, b"body", None),
    "no-content": (b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n", 204, b"", None),
    "short-body": (_OK + b"Content-Length: 100\r\n\r\nshort", 200, b"short", "disconnect"),
    "cut-chunks": (
        _OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nno",
        200,
        b"ff\r\nno",
        "disconnect",
    ),
    "bad-chunks": (
        _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n0\r\n\r\n",
        200,
        b"zz\r\nno\r\n0\r\n\r\n",
        "unspecified",
    ),
    "conflicting-lengths": (
        _OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nabc",
        200,
        b"abc",
        "unspecified",
    ),
    "stray-bytes": (_OK + b"Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK", 200, b"ok", None),
    "garbage": (b"\x16\x03\x01 this is no HTTP", None, b"\x16\x03\x01 this is no HTTP", None),
    "cut-head": (b"HTTP/1.1 200 OK\r\nServ", None, b"HTTP/1.1 200 OK\r\nServ", "disconnect"),
}


def exchange(response: bytes, *, n: int = 0, url: str = "", **given: object) -> Exchange:
    """Return an exchange that answers ``response``, begun ``n`` seconds after START."""
    url = url or f"{URL}?n={n}"
    request = b"GET /zfxxgknb.htm?n=%d HTTP/1.1\r\nHost: www.puershi.gov.cn\r\n\r\n" % n
    values: dict[str, object] = {
        "url": url,
        "started_at": START + timedelta(seconds=n),
        "request": request,
        "response": response,
        "page_class": "article",
        "ip_address": "192.0.2.7",
        "via": "https://www.puershi.gov.cn/",
        "duration_ms": 12,
        "hints": {"portal": "530800", "anchor": "2024年\n年度报告"},
    }
    return Exchange(**(values | given))  # type: ignore[arg-type]


def rendered(n: int = 0) -> RenderedPage:
    """Return a page as a browser showed it."""
    return RenderedPage(
        url=URL,
        rendered_at=START + timedelta(seconds=n),
        html="<html>渲染\ud83d</html>",
        status=200,
        page_class="listing",
        screenshot=b"\x89PNG\r\n",
        browser="Chromium 140",
        reason="the listing is built by a script",
        via="https://www.puershi.gov.cn/",
        hints={"portal": "530800"},
    )


def writer(home: Path, **given: object) -> WarcWriter:
    """Return a writer whose clock stands still."""
    return WarcWriter(home / "warc", RUN, clock=lambda: START, **given)  # type: ignore[arg-type]


class Remembered:
    """The captures of some writers, as the catalog would know them, the newest first."""

    def __init__(self) -> None:
        self.rows: list[Capture] = []

    def with_payload(self, digest: str) -> list[Capture]:
        return [
            row for row in self.rows[::-1] if (row.payload_digest, row.refers_to) == (digest, None)
        ]

    def at_address(self, url: str) -> list[Capture]:
        return [row for row in self.rows[::-1] if (row.url, row.status) == (url, 200)]


def page_of(length: int, mark: bytes = b"") -> bytes:
    """Return a body of so many bytes that does not pack to nothing."""
    lines = b"".join(
        b"<p>%06d %d</p>\n" % (n, n * n * 7919 % 99991) for n in range(length // 20 + 1)
    )
    return (mark + lines)[:length]


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """Return a whole response."""
    lines = (b"Content-Type: text/html", b"Content-Length: %d" % len(body), *headers)
    return b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + body


def tool(name: str) -> Path:
    """Return an outside tool's program; skips the test where it is not installed."""
    places = [Path(sys.executable).parent]
    places += [Path(os.environ.get("GKCRAWL_TOOLS", ".venv-tools/bin"))]
    for place in places:
        if (place / name).is_file():
            return place / name
    missing(f"{name} (make tools, or GKCRAWL_TOOLS)")


def run(*command: str | Path) -> str:
    """Run a command that has to succeed; return what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
