"""A page that needs a browser is kept as the browser showed it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from needed import demand_module, missing
from wire_crawl import crawl
from wire_server import Answer, WireProxy, WireServer, answer, certificate

from archive.catalog import Catalog
from archive.index import index_archive
from archive.records import StoredExchange
from archive.warc import iter_exchanges, locate, read_exchange, verify_archive, warc_files
from gkcrawl.crawl.rendered import BROWSERS, find_browser
from gkcrawl.crawl.runner import crawl as crawl_spiders
from gkcrawl.demo.proxy import serve_world
from gkcrawl.demo.world import World
from gkcrawl.portals import all_portal_rows

SCRIPTED = (
    b"<!doctype html><meta charset=utf-8><title>x</title><p id=a></p>"
    b"<script>document.getElementById('a').textContent = '\xe5\xb9\xb4\xe6\x8a\xa5'</script>"
)
PAGE = answer(
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
    % (len(SCRIPTED), SCRIPTED)
)
# A list that comes a second after the page, in one that goes on asking for other things for ever.
SLOW = (
    b"<!doctype html><meta charset=utf-8><title>x</title><ul id=a></ul><script>"
    b"fetch('/rows').then(r => r.text()).then(t => document.getElementById('a').innerHTML = t);"
    b"setInterval(() => fetch('/hits'), 200)</script>"
)
ROWS = "<li>某局2024年政府信息公开工作年度报告</li>".encode()


def html(body: bytes, pause: float = 0.02) -> Answer:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    )
    return answer(head % len(body), body, pause=pause)


META = {"playwright": True, "page_class": "article", "render_reason": "script"}


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    if not any(map(shutil.which, BROWSERS)):
        missing("a Chromium on the PATH")
    demand_module("scrapy_playwright")


@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "proxied"])
def test_a_rendered_page_is_kept(tmp_path: Path, proxied: bool) -> None:
    tls = certificate(tmp_path)
    with WireServer({"/": PAGE}, tls) as server, WireProxy(server.port, server.port) as proxy:
        url = server.url("/", "www.puershi.gov.cn" if proxied else "127.0.0.1")
        settings = {"GKCRAWL_PROXY": proxy.url} if proxied else {}
        recorded = crawl(tmp_path, [{"url": url, "meta": META}], **settings)
        assert b"gkcrawl/" in server.requests("/")[0].raw
    [seen] = recorded["seen"]
    assert "年报" in seen["body"].decode()
    [path] = warc_files(tmp_path / "home/warc")
    catalog = Catalog(tmp_path / "home/catalog.db", readonly=True)
    [capture] = catalog.captures()
    catalog.close()
    assert (capture.id, capture.kind, capture.url) == (seen["capture_id"], "rendered", url)
    assert "年报" in read_exchange(path, capture.offset).content.decode()


def test_a_page_is_taken_when_its_scripts_are_done_or_never_will_be(tmp_path: Path) -> None:
    answers: dict[str, Any] = {"/": html(SLOW), "/rows": html(ROWS, pause=1.5), "/hits": html(b"1")}
    with WireServer(answers) as server:
        recorded = crawl(tmp_path, [{"url": server.url("/"), "meta": META}])
    [seen] = recorded["seen"]
    assert ROWS.decode() in seen["body"].decode()


def test_a_page_that_cannot_be_rendered_is_a_failure(tmp_path: Path) -> None:
    with WireServer({"/": PAGE}) as server:
        gone = server.url("/")
    meta = {"url": gone, "meta": META}
    recorded = crawl(tmp_path, [meta], GKCRAWL_CHROMIUM="/no/such/browser")
    assert "install the package chromium" in recorded["seen"][0]["error"]
    assert recorded["stats"]["gk/failures"] == 1


def test_a_page_cannot_make_the_browser_look_inside(tmp_path: Path) -> None:
    with WireServer({"/secret": PAGE}) as server, WireProxy(server.port, server.port) as proxy:
        secret = server.url("/secret").encode()
        page = b'<p>x<img src="' + secret + b'"><iframe src="' + secret + b'"></iframe>'
        server.answers["/"] = answer(  # type: ignore[index]
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page),
            page,
        )
        plan = [{"url": "http://www.example.cn/", "meta": META}]
        recorded = crawl(tmp_path, plan, GKCRAWL_ALLOW_PRIVATE=False, GKCRAWL_PROXY=proxy.url)
        assert server.requests("/secret") == []
    assert recorded["stats"]["gk/rendered/refused"] == 2


def test_the_browser_that_was_named_is_the_one_that_is_used() -> None:
    assert find_browser("sh") == shutil.which("sh")


def test_a_portal_that_needs_a_browser_is_crawled_with_one(tmp_path: Path) -> None:
    """Navigation is rendered, its reports are fetched as ever; a rebuild gives the same."""
    portal = {
        "code": "530800",
        "name": "普洱市",
        "url": "https://www.puershi.gov.cn/",
        "columns": ["https://www.puershi.gov.cn/zwgk/zfxxgk2/zfxxgknb.htm"],
        "render": True,
    }
    file, home = tmp_path / "portals.yml", tmp_path / "home"
    file.write_text(json.dumps({"province": "530000", "name": "云南省", "portals": [portal]}))
    quick = {"DOWNLOAD_DELAY": "0.001", "RETRY_TIMES": "0"}
    with serve_world(World()) as proxy:
        proxied = {"GKCRAWL_PROXY": proxy}
        summary = crawl_spiders(
            ["yunnan"], home, arguments={"portals": str(file)}, settings=quick, environment=proxied
        )
    assert summary.exit_code == 0
    assert summary.new["reports"] == 4
    with Catalog(home / "catalog.db") as catalog, Catalog(tmp_path / "again.db") as again:
        captures = list(catalog.captures())
        assert verify_archive(home, captures, catalog.failures()) == []
        index_archive(home, again, jobs=0, portals=all_portal_rows())
        assert list(again.dump()) == list(catalog.dump())
    kinds = {capture.url: capture.kind for capture in captures}
    assert kinds[str(portal["columns"][0])] == "rendered"
    for capture in captures:
        stored = read_exchange(locate(home / "warc", capture.warc), capture.offset)
        assert stored.capture == capture


def test_a_report_that_a_browser_showed_is_read(tmp_path: Path) -> None:
    world = World()
    article = next(page["url"] for page in world.truth()["pages"] if page["outcome"] == "report")
    with serve_world(world) as proxy:
        recorded = crawl(tmp_path, [{"url": article, "meta": META}], GKCRAWL_PROXY=proxy)
    home = recorded["home"]
    with Catalog(home / "catalog.db") as catalog:
        index_archive(home, catalog, jobs=0)
        [capture] = catalog.captures()
        [row] = catalog.db.query("select url, capture_id, status from reports")
        assert verify_archive(home, [capture], []) == []
    assert (capture.kind, row["url"], row["capture_id"]) == ("rendered", article, capture.id)
    [path] = warc_files(home / "warc")
    [stored] = [one for one in iter_exchanges(path) if isinstance(one, StoredExchange)]
    assert stored == read_exchange(path, capture.offset)
    tools = Path(sys.executable).parent
    for check in ([tools / "warcio", "check"], ["gzip", "-t"], [tools / "fastwarc", "check", "-q"]):
        assert subprocess.run([*check, path], check=False).returncode == 0
