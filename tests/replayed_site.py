"""An archived site for the tests of replay: pages in old encodings, what they load, odd answers.

The site and its texts are made up; its quirks are those of real portals: GB18030 behind a header
that says ISO-8859-1, style sheets sent as plain text, frames, redirects between hosts.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.catalog import Catalog
from archive.records import Capture, Exchange, RenderedPage, Run
from archive.warc import WarcWriter
from gkcrawl.crawl.history import KnownCaptures

RUN = Run("5" * 32, "yunnan", "2026-01-20T00:00:00.000000Z", software="gkcrawl")
HOST = "http://www.gkqzf.gov.cn"
PAGE = f"{HOST}/zfxxgk/nb/t20260120_1.html"
START = datetime(2026, 1, 20, 8, 0, 0, 250_000, tzinfo=UTC)

STYLE = b"""@charset "gb2312"; @import url("base.css");
h1 { color: rgb(10, 20, 200) } body { background: url('../img/bg.png') }
@font-face { font-family: x; src: url(x.woff2) }"""
BASE_STYLE = b"p { color: rgb(0, 120, 0) }"
ODD = "Set-Cookie: evil=1\r\nLink: </evil>; rel=preload\r\nRefresh: 0;url=http://e.example/\r\n"
"""Headers that may not be passed on."""
HTML = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>某区政府信息公开工作年度报告</title><base href="/zfxxgk/nb/">
<link rel="stylesheet" href="css/main.css" /><script src="/js/all.js"></script></head>
<body onload="load()"><h1>某区2025年政府信息公开工作年度报告</h1>
<p style="background:url(bg2.png)">本年度共收到申请㐂件。</p>
<img id="chart" src="img/chart.png"><img id="drawn" src="img/chart.svg" alt="饼图">
<img id="lazy" data-original="img/late.png" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<a id="next" href="t20260120_2.html?q=年报&amp;p=1#a">下一页</a>
<a id="top" href="#top">回到顶部</a> <a id="pdf" href="P020260120.pdf">附件</a>
<iframe src="http://www.example.gov.cn/inner.html"></iframe>
<form action="/search" method="post"><input name="q"><input type="image" src="go.gif"></form>
</body></html>"""
DRAWING = b"""<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"
 width="40" height="20" onload="x()"><script>x()</script><rect width="40" height="20" fill="red"/>
</svg>"""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/MediaBox[0 0 200 100]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>"  # noqa: E501


def png(width: int, height: int, colour: bytes = b"\xc0\x20\x20") -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\x00" + colour * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )


@dataclass
class Site:
    """Writes answers into an archive, with the catalog's rows beside them."""

    home: Path

    def __post_init__(self) -> None:
        self.home.mkdir(exist_ok=True)
        self.catalog = Catalog(self.home / "catalog.db")
        self.catalog.add_run(RUN)
        self.writer = WarcWriter(self.home / "warc", RUN, known=KnownCaptures(self.catalog))

    def keep(
        self,
        url: str,
        body: bytes = b"",
        content_type: str = "text/html",
        *,
        at: datetime = START,
        status: int = 200,
        more: str = "",
        odd: str = ODD,
    ) -> Capture:
        """Write one answer."""
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n{odd}{more}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        written = self.writer.write(
            Exchange(url, at, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", head.encode("utf-8") + body)
        )
        assert isinstance(written, Capture)
        self.catalog.add_capture(written)
        return written

    def keep_rendered(self, url: str, html: str, screenshot: bytes, at: datetime) -> Capture:
        """Write a page as a browser showed it."""
        written = self.writer.write_rendered(
            RenderedPage(url, at, html, 200, screenshot=screenshot)
        )
        self.catalog.add_capture(written)
        return written

    def close(self) -> Path:
        """Finish the archive and return its folder."""
        self.writer.close()
        self.catalog.close()
        return self.home


def make_site(home: Path) -> Path:
    """Write the archive of the site into ``home`` and return it."""
    site = Site(home)
    nb = f"{HOST}/zfxxgk/nb"
    # The older first: within a file time only goes on.
    for year in (2022, 2023, 2024):
        body = f"<html><body><p>{year}</p>{'x' * 2000}</body></html>".encode()
        site.keep(f"{HOST}/", body, at=START.replace(year=year))
    same = f"<html><body><p>2024</p>{'x' * 2000}</body></html>".encode()
    site.keep(f"{HOST}/", same, at=START.replace(year=2025))
    site.keep(PAGE, HTML.encode("gb18030"), "text/html; charset=ISO-8859-1")
    site.keep(f"{nb}/css/main.css", STYLE, "text/plain")
    site.keep(f"{nb}/img/chart.png", png(30, 20), "application/octet-stream")
    site.keep(f"{nb}/img/chart.svg", DRAWING, "image/svg+xml")
    site.keep(f"{nb}/css/base.css", BASE_STYLE, "text/css")
    site.keep(f"{nb}/P020260120.pdf", PDF, "application/octet-stream")
    site.keep(f"{nb}/%E5%B9%B4.doc", b"PK\x03\x04word/x")
    site.keep(f"{nb}/t20260120_2.html?q=%C4%EA%B1%A8&p=1", b"<p>2</p>")
    site.keep(f"{HOST}/old", status=302, more=f"Location: {PAGE}\r\n")
    site.keep(f"{HOST}/gone", status=301, more="Location: http://elsewhere.example/\r\n")
    site.keep(f"{HOST}/ring1", status=302, more="Location: /ring2\r\n")
    site.keep(f"{HOST}/ring2", status=302, more="Location: /ring1\r\n")
    site.keep(f"{HOST}/missing", "<p>页面不存在</p>".encode(), status=404)
    site.keep(f"{HOST}/js/all.js", b"alert(1)", "application/javascript")
    site.keep(f"{HOST}/data.json", b'{"a": 1}', "application/json")
    site.keep(f"{HOST}:8080/p?x=1", b"<p>port</p>")
    site.keep_rendered(f"{HOST}/app", "<p>由脚本生成</p><script>x()</script>", png(9, 9), START)
    return site.close()
