"""Pages that a browser showed come again from the archive, without a browser."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from wire_crawl import crawl
from wire_server import WireServer, answer

from archive.catalog import Catalog
from archive.warc import verify_archive
from gkcrawl.crawl.rendered import BROWSERS

PAGE = (
    b"<!doctype html><meta charset=utf-8><title>x</title><p id=a></p>"
    b"<script>document.getElementById('a').textContent = '\xe5\xb9\xb4\xe6\x8a\xa5'</script>"
)
ANSWERS = {
    "/page": answer(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE),
        PAGE,
    ),
    "/old": answer(b"HTTP/1.1 302 Found\r\nLocation: /page\r\nContent-Length: 0\r\n\r\n"),
    "/lost": answer(
        b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nlost"
    ),
    "/reset": answer(then="reset"),
}
META = {"playwright": True, "page_class": "article", "render_reason": "script"}


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    """A crawl by browser and by wire, the same from its archive, and that from its archive."""
    if not any(map(shutil.which, BROWSERS)):
        reason = "no Chromium on the PATH"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    pytest.importorskip("scrapy_playwright")
    with WireServer(ANSWERS) as server:
        plan = [{"url": server.url(path), "meta": META} for path in ANSWERS]
        plan += [{"url": server.url(path)} for path in ("/page", "/reset")]
        asked = crawl(tmp_path_factory.mktemp("asked"), plan)
    homes = [asked["home"]]
    replayed = []
    for name in ("replayed", "again"):
        replayed.append(
            crawl(
                tmp_path_factory.mktemp(name),
                plan,
                GKCRAWL_REPLAY=str(homes[-1]),
                GKCRAWL_CHROMIUM="/no/such/browser",
            )
        )
        homes.append(replayed[-1]["home"])
    return asked, replayed[0], replayed[1]


def test_what_the_browser_showed_comes_again(crawls: tuple[Any, Any, Any]) -> None:
    asked, replayed, again = map(seen, crawls)
    page, moved, wired = asked["/page"]
    assert page == moved != wired == PAGE
    assert "年报" in page.decode()
    assert asked == replayed == again


def test_the_archives_say_the_same(crawls: tuple[Any, Any, Any]) -> None:
    asked, replayed, again = (archived(one["home"]) for one in crawls)
    assert asked == replayed == again
    assert ("/page", "rendered", 200) in {row[:3] for row in asked}


def seen(recorded: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what callbacks saw of each address, in the order of the plan: by browser, by wire."""
    told: dict[str, list[Any]] = {}
    for one in recorded["seen"]:
        place = path(one["url"])
        error = one.get("error", "").partition("(")[0]
        told.setdefault(place, []).append(one.get("body") or error)
    return told


def archived(home: Path) -> list[tuple[Any, ...]]:
    """Return captures and failures without ids and times, having verified that all is whole."""
    with Catalog(home / "catalog.db") as catalog:
        captures, failures = list(catalog.captures()), list(catalog.failures())
    assert verify_archive(home, captures, failures) == []
    rows: list[tuple[Any, ...]] = [
        (path(c.url), c.kind, c.status, c.payload_digest) for c in captures
    ]
    rows += [(path(one.url), one.error, one.message) for one in failures]
    return sorted(rows, key=str)


def path(url: str) -> str:
    """Return what follows the host."""
    return "/" + url.split("/", 3)[3]
