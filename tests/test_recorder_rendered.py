"""A page that needs a browser is kept as the browser showed it."""

import os
import shutil
from pathlib import Path

import pytest
from wire_crawl import crawl
from wire_server import WireProxy, WireServer, answer, certificate

from archive.catalog import Catalog
from archive.warc import read_exchange, warc_files
from gkcrawl.crawl.rendered import BROWSERS, find_browser

SCRIPTED = (
    b"<!doctype html><meta charset=utf-8><title>x</title><p id=a></p>"
    b"<script>document.getElementById('a').textContent = '\xe5\xb9\xb4\xe6\x8a\xa5'</script>"
)
PAGE = answer(
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
    % (len(SCRIPTED), SCRIPTED)
)
META = {"playwright": True, "page_class": "article", "render_reason": "script"}


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    if not any(map(shutil.which, BROWSERS)):
        reason = "no Chromium on the PATH"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    try:
        import scrapy_playwright  # noqa: F401
    except ImportError:
        reason = "scrapy-playwright is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


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
