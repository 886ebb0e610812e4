"""The pages in a real browser: no console error, no request to another host, wide and narrow."""

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
CHANGED = "/r/530111008-75083bf5-2023"
PAGES = (
    "/",
    "/search?q=%E4%B8%8D%E4%BA%88%E5%85%AC%E5%BC%80",
    REPORT,
    f"{REPORT}?lang=en",
    "/search?q=%E4%B8%8D%E4%BA%88%E5%85%AC%E5%BC%80&lang=en",
    "/?lang=en",
    f"{REPORT}?view=side",
    f"{CHANGED}/v/1",
    f"{CHANGED}/diff/1..2",
    f"{CHANGED}/diff/1..2?lang=en",
    "/search?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA%E8%AF%8D",
    "/-/replay/*/http://www.kmgd.gov.cn/zfxxgk/2023.html",
    "/checks",
    "/checks/handled.natural_person",
    "/checks/chain.carried_over_in.total?lang=en",
    "/changes",
    "/changes?lang=en",
    "/runs",
    "/runs?lang=en",
    "/stats",
    "/stats?lang=en",
    "/about",
    "/about?lang=en",
    "/data?lang=zh",
    "/data?lang=en",
    "/coverage?lang=zh",
    "/coverage?province=530000&year=2024&lang=en",
    "/agency/530111008-75083bf5",
    "/agency/530111008-75083bf5?lang=en",
    "/division",
    "/division/530111?lang=zh",
    "/catalog",
    "/catalog/reports",
    "/catalog/checks?status=fail",
    "/catalog?sql=select+1",
    "/no-such-page",
)
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
# Success criteria of WCAG 2.2, levels A and AA.
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


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


@dataclass
class Watched:
    """A page of the browser, and what went wrong on it."""

    page: Any
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


@pytest.fixture(params=[1280, 390], ids=["wide", "narrow"])
def watched(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    found = Watched(page)
    page.on("console", lambda message: found.console.append(message.text))
    page.on("pageerror", lambda error: found.console.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(address) else found.elsewhere.append(asked.url),
    )
    yield found
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_quietly_fits_and_can_be_used_by_all(
    watched: Watched, address: str, path: str
) -> None:
    page = watched.page
    answer = page.goto(address + path)
    page.wait_for_load_state("networkidle")
    missing_page = path == "/no-such-page"
    assert answer.status == (404 if missing_page else 200)
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{wider} px wider than the window"
    # Chromium says of every answer of 404 that it failed to load.
    assert watched.console == [] or missing_page
    assert watched.elsewhere == []
    keep_picture(page, path)
    page.evaluate(AXE)
    found = page.evaluate("criteria => axe.run({runOnly: criteria})", CRITERIA)
    wrong = [
        (violation["id"], node["target"], node.get("failureSummary"))
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
    assert wrong == []


def keep_picture(page: Any, path: str) -> None:
    """Keep how the page looks among the artefacts of CI."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "home"
    width = page.viewport_size["width"]
    pictures = ROOT / "artifacts" / "pages"
    pictures.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=pictures / f"{name[:60]}-{width}.png", full_page=True)


def test_the_embedded_world_as_pictures(browser: Any, demo_archive: DemoArchive) -> None:
    with serving(demo_archive.home) as address:
        page = browser.new_page(viewport={"width": 1180, "height": 1320})
        page.goto(address)
        show(page, "home")
        page.set_viewport_size({"width": 1180, "height": 1612})
        page.goto(f"{address}/search?q=昆明市官渡区人民政府六甲街道办事处2024年")
        page.get_by_role("link", name="昆明市官渡区人民政府六甲街道办事处2024年").first.click()
        page.wait_for_load_state()
        show(page, "report")
        page.close()


def show(page: Any, name: str) -> None:
    """Keep a picture among the artefacts of CI, on demand in the README too."""
    picture = ROOT / "artifacts" / f"{name}.png"
    picture.parent.mkdir(exist_ok=True)
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    if os.environ.get("GKCRAWL_SAVE_SCREENSHOT"):
        shown = ROOT / "docs" / "images" / f"{name}.png"
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
