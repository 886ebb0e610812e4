"""The pages in a real browser: no console error, no request to another host, wide and narrow."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import DemoArchive
from needed import demand_module, missing
from small_archive import make_home

from gkcrawl.web.serve import build_app

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"),
)
ROOT = Path(__file__).parent.parent
REPORT = "/r/530111008-75083bf5-2024"
PAGES = (
    "/",
    "/search?q=%E4%B8%8D%E4%BA%88%E5%85%AC%E5%BC%80",
    REPORT,
    f"{REPORT}/original",
    "/catalog",
    "/catalog/reports",
    "/catalog/checks?status=fail",
    "/catalog?sql=select+1",
)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serve an archive on a free port of this machine and give its address."""
    app = build_app(home)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(make_home(tmp_path_factory.mktemp("home"))) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start headless Chromium; skipped where there is none, but never in CI."""
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    demand_module("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_open_quietly_and_ask_no_other_host(browser: Any, address: str, width: int) -> None:
    said: list[str] = []
    elsewhere: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda request: None if request.url.startswith(address) else elsewhere.append(request.url),
    )
    for path in PAGES:
        answer = page.goto(address + path)
        assert answer.status == 200, path
        if not path.endswith("/original"):
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, f"{path} is {wider} px wider than the window"
    page.close()
    assert said == []
    assert elsewhere == []


def test_a_report_of_the_embedded_world_as_a_picture(
    browser: Any, demo_archive: DemoArchive
) -> None:
    picture = ROOT / "artifacts" / "report.png"
    picture.parent.mkdir(exist_ok=True)
    with serving(demo_archive.home) as address:
        page = browser.new_page(viewport={"width": 1180, "height": 1612})
        page.goto(f"{address}/search?q=昆明市官渡区人民政府六甲街道办事处2024年")
        page.get_by_role("link", name="昆明市官渡区人民政府六甲街道办事处2024年").first.click()
        page.screenshot(path=picture)
        page.close()
    assert picture.read_bytes().startswith(b"\x89PNG")
    if os.environ.get("GKCRAWL_SAVE_SCREENSHOT"):
        shown = ROOT / "docs" / "images" / "report.png"
        shown.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, shown)


def test_the_keyboard_reaches_the_content(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address + REPORT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_the_archived_page_runs_no_script(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{REPORT}/original")
    assert "2024" in page.title()
    assert page.evaluate("window.origin") == "null"
    page.close()
