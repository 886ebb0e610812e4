"""The saved pages of the families served again, and one crawl of them through the real spider."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from loopback import served
from small_web import SmallWeb, crawl, report

PAGES = Path(__file__).parent / "pages" / "families"
# Family -> saved column, and what the crawl is to ask for of its host, in any order.
EXPECTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "kaipuyun": (
        "kaipuyun-list",
        (
            "GET /csrc/c100028/common_zfxxgknb.shtml",
            "GET /csrc/c100028/common_zfxxgknb_2.shtml",
            "GET /csrc/c100028/c7463215/content.shtml",
            "GET /csrc/c100028/c7381106/content.shtml",
        ),
    ),
    "lonsun": (
        "lonsun-column",
        (
            "GET /public/column/152523227",
            "GET /chuzhou/site/label/8888 1",
            "GET /chuzhou/site/label/8888 2",
            "GET /chuzhou/site/label/8888 3",
            "GET /public/152523227/110987654.html",
            "GET /public/152523227/110654321.html",
        ),
    ),
    "querylist": (
        "querylist-column",
        (
            "GET /jxssthjt/col42150/pc/list.html",
            "POST /queryList 1",
            "GET /jxssthjt/col42150/pc/content/content_2013533797931110400.html",
            "GET /jxssthjt/col42150/pc/content/content_1881533797931110400.html",
        ),
    ),
    "epoint": (
        "epoint-shell",
        (
            "GET /dynamic/zwgk/govInfoPub.html",
            "GET /js/webBuilderCommon.js",
            "POST /EWB-FRONT/rest/lightfrontaction/getgovinfolist 0",
            "GET /zwgk/003/003009/20260119/5f1a2b3c-4d5e-6f7a-8b9c-0d1e2f3a4b5c.html",
        ),
    ),
    "uuidcolumns": (
        "uuidcolumns-column",
        (
            "GET /columns/b1b59c8c-81a3-4cf2-b876-8618919c0049/index.html",
            "GET /columns/b1b59c8c-81a3-4cf2-b876-8618919c0049/202601/22/"
            "1a5c7b8b-cd10-4b1a-bb18-c3224dfc62fc.html",
            "GET /columns/b1b59c8c-81a3-4cf2-b876-8618919c0049/202501/21/"
            "2b5c7b8b-cd10-4b1a-bb18-c3224dfc62fd.html",
            "GET /columns/b1b59c8c-81a3-4cf2-b876-8618919c0049/templates/"
            "2e3e81cf-d53a-40f0-9d7f-060e77400269/blocks/c0704ccb-1df3-4edd-9391-3f0e6d7db920 2",
        ),
    ),
    "openness": (
        "openness-list",
        (
            "GET /openness/OpennessContent/showList/483/10100/page_1.html",
            "GET /openness/OpennessContent/showList/483/10100/page_2.html",
            "GET /openness/OpennessContent/show/2383663.html",
            "GET /openness/OpennessContent/show/2183663.html",
        ),
    ),
    "nw": (
        "nw-list",
        (
            "GET /nw12344/index.html",
            "GET /nw12344/index_2.html",
            "GET /nw12344/20260130/12cf558e0011223344556677889900aa.html",
        ),
    ),
    "hunan": (
        "hunan-list",
        (
            "GET /37584/38154/default.htm",
            "GET /37584/38154/default_2.htm",
            "GET /37584/38154/content_1985432.htm",
            "GET /37584/38154/content_1785432.htm",
        ),
    ),
}
NUMBERS = ("pageIndex", "pageNo", "page", "current")


def saved(name: str) -> tuple[str, bytes]:
    """Return address and body of a saved page; by http, since the proxy digs no tunnels."""
    about = json.loads((PAGES / name / "page.json").read_text("utf-8"))
    url = about["url"].replace("https:", "http:", 1)
    return url, (PAGES / name / "page.html").read_bytes()


def epoint_answer() -> bytes:
    row = {
        "infourl": "/zwgk/003/003009/20260119/5f1a2b3c-4d5e-6f7a-8b9c-0d1e2f3a4b5c.html",
        "title": "徐州市卫生健康委员会2025年政府信息公开工作年度报告",
        "infodate": "2026-01-19",
    }
    return json.dumps({"custom": {"data": [row], "total": 1}}).encode()


GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
EMPTY = "<html><body><p>暂无相关信息</p></body></html>".encode()
SPECIAL: dict[str, Callable[[], bytes]] = {
    "/chuzhou/site/label/8888": lambda: saved("lonsun-fragment")[1],
    "/queryList": lambda: saved("querylist-answer")[1],
    "/js/webBuilderCommon.js": lambda: f'var siteInfo={{"siteGuid":"{GUID}"}};'.encode(),
    "/EWB-FRONT/rest/lightfrontaction/getgovinfolist": epoint_answer,
}


class Replay(SmallWeb):
    """The saved pages; every other document is a short report, every other list is empty."""

    def body(self, method: str, url: str, sent: bytes) -> bytes | None:
        """Return what is at an address, and note what was asked in a few words."""
        parts = urlsplit(url)
        if parts.path == "/robots.txt":
            return None
        asked = f"{parts.query}&{sent.decode().strip('{}').replace(':', '=').replace(',', '&')}"
        pairs = dict(p.replace('"', "").split("=", 1) for p in asked.split("&") if "=" in p)
        number = next((pairs[name] for name in NUMBERS if name in pairs), "")
        self.asked.append(f"{method} {parts.hostname}{parts.path} {number}".strip())
        kept = dict(saved(name) for name, _ in EXPECTED.values())
        if url in kept:
            return kept[url]
        if parts.path in SPECIAL:
            is_first = number in ("", "0", "1")
            rest = b"<script>var p={pageCount:3};</script><a href='/public/1/99999.html'>x</a>"
            return SPECIAL[parts.path]() if is_first else rest
        is_document = any(mark in parts.path for mark in ("content", "/show/", "/20", "/public/15"))
        return report("演示局", 2025) if is_document else EMPTY


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What one crawl of all the columns asked for."""
    web = Replay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = web.body(self.command, self.path, sent)
            self.send_response(404 if body is None else 200)
            kind = "application/json" if (body or b"")[:1] == b"{" else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    lines = ['province: "100000"', "name: 全国", "portals:"]
    for number, (name, (folder, _)) in enumerate(EXPECTED.items()):
        column = saved(folder)[0]
        home_page = f"http://{urlsplit(column).hostname}/"
        entry: dict[str, Any] = {"code": f"{110101 + number}", "name": name, "url": home_page}
        entry |= {"family": name, "columns": [column]}
        lines.append(f"  - {json.dumps(entry, ensure_ascii=False)}")
    home = tmp_path_factory.mktemp("families")
    (home / "portals.yml").write_text("\n".join(lines), "utf-8")
    with served(Handler) as address:
        web.proxy = address
        crawl(web, home / "home", "yunnan", home / "portals.yml")
    return web.asked


@pytest.mark.parametrize("name", EXPECTED)
def test_a_column_is_asked_for_what_it_lists_and_nothing_else(name: str, asked: list[str]) -> None:
    folder, expected = EXPECTED[name]
    host = urlsplit(saved(folder)[0]).hostname
    found = [line.replace(f" {host}", " ") for line in asked if f" {host}/" in line]
    assert sorted(found) == sorted(expected)
