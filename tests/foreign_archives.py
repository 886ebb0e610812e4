"""WARC and WACZ files in the shapes that other makers give them."""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from loopback import served
from needed import missing
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

URL = "http://www.puershi.gov.cn/zfxxgk/1.htm"
COPY = "http://www.puershi.gov.cn/zfxxgk/2.htm"
DATE = "2026-01-20T08:00:00Z"


def report_page() -> bytes:
    """Return a page with an annual report, in GB18030 as many portals send it."""
    text = "".join(
        f"<h3>{title}</h3><p>{line}</p>"
        for title, line in (
            (
                "一、总体情况",
                "普洱市财政局2024年认真贯彻《中华人民共和国政府信息公开条例》，𠮷。" * 3,
            ),
            ("二、主动公开政府信息情况", "全年主动公开政府信息二十条。"),
            ("三、收到和处理政府信息公开申请情况", "本年度未收到政府信息公开申请。"),
            ("四、政府信息公开行政复议、行政诉讼情况", "本年度没有行政复议、行政诉讼。"),
            ("五、存在的主要问题及改进情况", "公开的内容还不够丰富，今后继续改进。"),
            ("六、其他需要报告的事项", "没有其他需要报告的事项。"),
        )
    )
    title = "普洱市财政局2024年政府信息公开工作年度报告"
    page = f'<html><head><meta charset="gb18030"><title>{title}</title></head>'
    return f"{page}<body><h1>{title}</h1>{text}</body></html>".encode("gb18030")


def chunked(body: bytes) -> bytes:
    """Return ``body`` in chunks, as it goes over the wire."""
    parts = [body[n : n + 100] for n in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def by_warcio(path: Path, *, compressed: bool = True, version: str = "1.1") -> Path:
    """Write what warcio makes: a page, a revisit of it at another address, what is no page."""
    page = report_page()
    with path.open("wb") as file:
        warc = WARCWriter(file, gzip=compressed, warc_version=version)
        warc.write_record(warc.create_warcinfo_record(path.name, {"software": "other/1.0"}))
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        given = {"WARC-Date": DATE}
        response = warc.create_warc_record(
            URL,
            "response",
            BytesIO(page),
            length=len(page),
            http_headers=head,
            warc_headers_dict=given,
        )
        warc.write_record(response)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        revisit = warc.create_revisit_record(COPY, digest, URL, DATE, head)
        revisit.rec_headers.replace_header("WARC-Date", "2026-01-21T08:00:00Z")
        warc.write_record(revisit)
        for uri, kind in ((f"urn:view:{URL}", "image/png"), ("dns:www.a.cn", "text/dns")):
            record = warc.create_warc_record(
                uri,
                "resource",
                BytesIO(b"x"),
                length=1,
                warc_content_type=kind,
                warc_headers_dict=given,
            )
            warc.write_record(record)
    return path


def record(kind: str, fields: dict[str, str], block: bytes, version: str = "1.0") -> bytes:
    """Return a record with these fields in this order, an id and a length."""
    head = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>", **fields}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    length = f"Content-Length: {len(block)}\r\n"
    return f"WARC/{version}\r\n{lines}{length}\r\n".encode() + block + b"\r\n\r\n"


def zipped(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def by_common_crawl(path: Path) -> Path:
    """Write what a range request to Common Crawl gives: records of a larger file, no warcinfo.

    Bodies are decoded, and the headers that told of it renamed.
    """
    page = report_page()
    head = (
        b"HTTP/1.1 200 OK\r\nX-Crawler-Transfer-Encoding: chunked\r\n"
        b"X-Crawler-Content-Encoding: gzip\r\nContent-Type: text/html\r\n"
        b"Content-Length: %d\r\n\r\n" % len(page)
    )
    elsewhere = f"<urn:uuid:{uuid.uuid4()}>"
    common = {"WARC-Date": DATE, "WARC-Warcinfo-ID": elsewhere, "WARC-Target-URI": URL}
    response = record(
        "response",
        {
            **common,
            "WARC-Concurrent-To": elsewhere,
            "WARC-IP-Address": "192.0.2.7",
            "WARC-Payload-Digest": sha1(page),
            "WARC-Block-Digest": sha1(head + page),
            "WARC-Identified-Payload-Type": "text/html",
            "Content-Type": "application/http; msgtype=response",
        },
        head + page,
    )
    told = b"fetchTimeMs: 12\r\ncharset-detected: GB18030\r\n"
    metadata = record(
        "metadata",
        {**common, "WARC-Concurrent-To": elsewhere, "Content-Type": "application/warc-fields"},
        told,
    )
    path.write_bytes(zipped(response, metadata))
    return path


def by_scrapy_webarchive(path: Path) -> Path:
    """Write a WACZ file as scrapy-webarchive does: a 1.0 warcinfo in a 1.1 file, HTTP/1.0."""
    page = report_page()
    head = b"HTTP/1.0 200\r\nContent-Type: text/html\r\n\r\n"
    about = b"software: scrapy-webarchive\r\nformat: WARC/1.0\r\n"
    request = b"GET /zfxxgk/1.htm HTTP/1.0\r\nHost: www.puershi.gov.cn\r\n\r\n"
    common = {"WARC-Date": DATE, "WARC-Target-URI": URL}
    records = (
        record("warcinfo", {"WARC-Date": DATE, "Content-Type": "application/warc-fields"}, about),
        record("request", {**common, "Content-Type": "application/http"}, request, "1.1"),
        record(
            "response",
            {**common, "Content-Type": "application/http", "WARC-Payload-Digest": sha1(page)},
            head + page,
            "1.1",
        ),
    )
    return wacz(path, {"archive/example-00000.warc.gz": zipped(*records)})


def wacz(path: Path, files: dict[str, bytes], *, profile: str = "data-package") -> Path:
    """Write a WACZ file that holds ``files``, with a datapackage.json."""
    resources = [
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        for name, content in files.items()
    ]
    package = {"profile": profile, "wacz_version": "1.1.1", "resources": resources}
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("datapackage.json", json.dumps(package))
    return path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = report_page()
        if self.path == "/moved.htm":
            self.send_response(302)
            self.send_header("Location", "/chunked.htm")
            page = b""
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
        if self.path == "/chunked.htm":
            self.send_header("Transfer-Encoding", "chunked")
            page = chunked(page)
        else:
            self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def page_server() -> Iterator[str]:
    """Give the address of a server of pages on this machine."""
    with served(_Handler) as address:
        yield address


def by_wget(folder: Path, address: str, *, compressed: bool = True) -> Path:
    """Have wget archive the server's pages, chunk framing and a redirect among them."""
    wget = shutil.which("wget")
    if wget is None:
        missing("wget")
    options = [] if compressed else ["--no-warc-compression"]
    pages = [f"{address}/{name}.htm" for name in ("plain", "chunked", "moved")]
    subprocess.run(
        [wget, "-q", "--warc-file=wget", "-O", "/dev/null", *options, *pages],
        cwd=folder,
        check=True,
    )
    return folder / ("wget.warc.gz" if compressed else "wget.warc")


def by_capture_http(folder: Path, address: str) -> Path:
    """Have warcio record the standard library's HTTP client; in a process of its own, since it
    changes that for good."""
    program = (
        "import sys\nfrom warcio.capture_http import capture_http\nimport http.client\n"
        "with capture_http('captured.warc.gz'):\n"
        "    for path in ('/plain.htm', '/chunked.htm'):\n"
        "        client = http.client.HTTPConnection(sys.argv[1])\n"
        "        client.request('GET', path)\n"
        "        client.getresponse().read()\n"
        "        client.close()\n"
    )
    host = address.removeprefix("http://")
    subprocess.run([sys.executable, "-c", program, host], cwd=folder, check=True)
    return folder / "captured.warc.gz"
