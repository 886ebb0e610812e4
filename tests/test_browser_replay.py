"""Hostile archived pages in a real browser: each of the two defences alone lets nothing through."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hostile_pages import RAN, Vector, vectors
from loopback import served
from needed import demand_module, missing
from replayed_site import Site
from test_browser import CHROMIUM, FLAGS, ROOT
from test_web_serve import served as serving

from archive.records import Capture, StoredExchange
from gkcrawl.web.replay.banner import banner
from gkcrawl.web.replay.documents import disposition, view
from gkcrawl.web.replay.links import Links
from gkcrawl.web.security import archived_headers

VECTORS = vectors()
SETTLE = 1000
"""Milliseconds for what a page does of itself once it is loaded."""


class Trap:
    """A host that nothing should ever ask: connections and requests are written down."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.connections: list[bytes] = []
        """What each began with."""
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                super().setup()
                self.connection.settimeout(5)
                with suppress(TimeoutError):
                    trap.connections.append(self.connection.recv(2000, socket.MSG_PEEK))

            def do_GET(self) -> None:
                trap.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.handler = Handler

    def forget(self) -> None:
        """Begin anew."""
        self.asked, self.connections = [], []


def stored(vector: Vector) -> StoredExchange:
    kind = vector.content_type.partition(";")[0]
    at = "2026-01-20T08:00:00.000000Z"
    url = f"http://www.example.gov.cn/{vector.name}"
    capture = Capture(vector.name, url, at, 200, kind, None, "w", 0, 1, "article", "r")
    headers = (("Content-Type", vector.content_type),)
    return StoredExchange(capture, headers, vector.body, None, None, {})


def cleaned(vector: Vector) -> tuple[bytes, dict[str, str]]:
    """Return a vector as it is written anew, without the policy."""
    exchange = stored(vector)
    links = Links(exchange.capture.url, "20260120080000", lambda path: path)
    shown = view(exchange, links, banner(exchange, links))
    headers = {"Content-Type": shown.content_type, "X-Content-Type-Options": "nosniff"}
    if shown.attachment:
        headers["Content-Disposition"] = disposition(shown.attachment)
    return shown.body, headers


def raw(vector: Vector, host: str) -> tuple[bytes, dict[str, str]]:
    """Return a vector as it came, with the policy."""
    return vector.body, {"Content-Type": vector.content_type, **archived_headers(host)}


class Pages(BaseHTTPRequestHandler):
    """``/<defence>/<n>`` is vector n; ``/<defence>`` a page with all of them in frames."""

    def do_GET(self) -> None:
        _, defence, *rest = self.path.split("?")[0].split("/")
        if defence not in ("none", "cleaning", "policy"):
            self.send(b"", {"Content-Type": "text/plain"}, 404)
        elif rest and rest[0].isdigit():
            vector = VECTORS[int(rest[0])]
            self.send(*self.guarded(vector, defence))
        elif rest:
            self.send(b"", {"Content-Type": "text/plain"}, 404)
        else:
            self.send(self.around(defence), {"Content-Type": "text/html; charset=utf-8"})

    def guarded(self, vector: Vector, defence: str) -> tuple[bytes, dict[str, str]]:
        if defence == "cleaning":
            return cleaned(vector)
        if defence == "policy":
            return raw(vector, self.headers["Host"])
        return vector.body, {"Content-Type": vector.content_type}

    def around(self, defence: str) -> bytes:
        frames = (
            f'<iframe src="/{defence}/{n}"></iframe>'
            for n, vector in enumerate(VECTORS)
            if not vector.click
        )
        return f"<!DOCTYPE html><title>catalog</title>{''.join(frames)}".encode()

    def send(self, body: bytes, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def trap() -> Trap:
    return Trap()


class Browser:
    """Chromium, started anew when it has crashed: to close pages as hostile as these can do that to
    it on a busy machine."""

    def __init__(self, launch: Callable[[], Any]) -> None:
        self._launch = launch
        self._found = launch()

    def new_context(self) -> Any:
        if not self._found.is_connected():
            self._found = self._launch()
        return self._found.new_context()

    def close(self) -> None:
        self._found.close()


@pytest.fixture(scope="module")
def chromium(trap: Trap) -> Iterator[Browser]:
    """A browser for which the hosts of others are the trap."""
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    demand_module("playwright")
    from playwright.sync_api import sync_playwright

    with served(trap.handler) as address, sync_playwright() as playwright:
        port = address.rpartition(":")[2]
        rules = f"--host-resolver-rules=MAP *.example 127.0.0.1:{port}"
        options = {"executable_path": str(CHROMIUM), "args": [*FLAGS, rules]}
        found = Browser(partial(playwright.chromium.launch, **options))
        yield found
        found.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(Pages) as found:
        yield found


def chromium_error() -> type[Exception]:
    from playwright.sync_api import Error

    return Error


class Visit:
    """What became of a page that was opened, and of the page around it."""

    def __init__(self, browser: Any, trap: Trap, address: str) -> None:
        self.trap = trap
        self.context = browser.new_context()
        self.context.add_cookies([{"name": "secret", "value": "1", "url": address}])
        self.page = self.context.new_page()
        self.popups: list[str] = []
        self.dialogs: list[str] = []
        self.said: list[str] = []
        self.context.on("page", lambda page: self.popups.append(page.url))
        self.context.on("dialog", self._dismiss)
        self.context.on("console", lambda message: self.said.append(message.text))
        trap.forget()

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def acted(self) -> set[str]:
        """Return the names of the vectors that ran a script or asked another host so far."""
        ran = {text.removeprefix(RAN) for text in self.said if text.startswith(RAN)}
        asked = {path.lstrip("/").partition("?")[0] or "/" for path in self.trap.asked}
        return ran | asked

    def close(self) -> set[str]:
        """Wait for what comes late, close, and return the same."""
        self.page.wait_for_timeout(SETTLE)
        with suppress(chromium_error()):  # see Browser
            self.context.close()
        return self.acted()


CLICKED = [n for n, vector in enumerate(VECTORS) if vector.click]


def test_a_script_in_a_pdf_runs_only_where_nothing_looked_through_it(
    chromium: Any, trap: Trap, address: str
) -> None:
    n = next(n for n, vector in enumerate(VECTORS) if vector.name == "pdf-script")
    found = {}
    for defence in ("none", "policy", "cleaning"):
        visit = Visit(chromium, trap, address)
        with suppress(chromium_error()):  # it became a download
            visit.page.goto(f"{address}/{defence}/{n}", wait_until="commit")
        visit.page.wait_for_timeout(3000)
        visit.close()
        found[defence] = visit.dialogs
    assert found == {"none": ["pdf-script"], "policy": ["pdf-script"], "cleaning": []}


def open_all(chromium: Any, trap: Trap, address: str, defence: str) -> Visit:
    visit = Visit(chromium, trap, address)
    visit.page.goto(f"{address}/{defence}", wait_until="commit")
    visit.page.wait_for_timeout(2000)
    return visit


@pytest.mark.parametrize("defence", ["cleaning", "policy"])
def test_each_defence_alone_stops_all(
    chromium: Any, trap: Trap, address: str, defence: str
) -> None:
    visit = open_all(chromium, trap, address, defence)
    assert visit.page.title() == "catalog"
    assert visit.page.url == f"{address}/{defence}"
    beyond = {vector.name for vector in VECTORS if vector.beyond_policy}
    assert visit.close() - (beyond if defence == "policy" else set()) == set()
    assert visit.popups == []
    assert set(visit.dialogs) - (beyond if defence == "policy" else set()) == set()
    if defence == "cleaning":  # no policy has a word for connections made ahead
        assert trap.connections == []


@pytest.mark.parametrize("defence", ["cleaning", "policy"])
def test_what_waits_for_a_click(chromium: Any, trap: Trap, address: str, defence: str) -> None:
    visit = Visit(chromium, trap, address)
    visit.page.set_default_timeout(3000)
    for n in CLICKED:
        visit.page.goto(f"{address}/{defence}/{n}")
        for target in visit.page.locator("#c").all():
            if target.is_visible():
                target.click(force=True, no_wait_after=True)
            else:  # an area of a picture
                target.focus()
                visit.page.keyboard.press("Enter")
        visit.page.wait_for_timeout(100)
        assert visit.page.url.startswith(address), VECTORS[n].name
    beyond = {vector.name for vector in VECTORS if vector.beyond_policy}
    assert visit.close() - (beyond if defence == "policy" else set()) == set()
    assert visit.popups == visit.dialogs == []


CURIOUS = b"""<html><body><h1>x</h1><p id="out"></p><script>
let told = ["cookie:" + document.cookie];
for (const reach of [() => top.opener && top.opener.document.title, () => parent.parent.parent.x])
  try { told.push(String(reach())) } catch (error) { told.push(error.name) }
document.getElementById("out").innerText = told.join("|") + "|end"
</script></body></html>"""


def test_full_replay_runs_scripts_apart_from_the_catalog(chromium: Any, tmp_path: Path) -> None:
    package = Path(os.environ.get("GKCRAWL_REPLAYWEB", ROOT / ".replayweb" / "package"))
    if not (package / "sw.js").exists():
        missing(str(package))
    site = Site(tmp_path / "home")
    site.keep("http://www.a.gov.cn/p.html", CURIOUS, odd="")
    (site.close() / "replay").mkdir()
    for name in ("ui.js", "sw.js"):
        shutil.copy(package / name, tmp_path / "home" / "replay")
    with serving(tmp_path / "home") as (_, port):
        catalog = f"http://catalog.gk.localhost:{port}"
        context = chromium.new_context()
        context.add_cookies([{"name": "ds_actor", "value": "SECRET", "url": catalog}])
        page = context.new_page()
        page.goto(f"{catalog}/-/replay/*/http://www.a.gov.cn/p.html")
        with context.expect_page() as opened:
            page.get_by_role("link", name="打开").click()
        told = _shown(opened.value)
        assert opened.value.evaluate("window.opener") is None
        context.close()
    assert told == "cookie:|null|undefined|end"


def _shown(page: Any) -> str:
    for _ in range(3):  # on a busy machine the service worker may miss the first loading
        for _ in range(60):
            page.wait_for_timeout(300)
            for frame in page.frames:
                text = frame.evaluate("document.body?.innerText") if "mp_/" in frame.url else ""
                if text and text.endswith("|end"):
                    return str(text.splitlines()[-1])
        page.reload()
    raise AssertionError([frame.url for frame in page.frames])


# Last, since a browser learns from it whom to connect to ahead.
def test_without_a_defence_most_of_them_act(chromium: Any, trap: Trap, address: str) -> None:
    visit = open_all(chromium, trap, address, "none")
    for _ in range(100):
        # Some write into the page around, some take it away.
        is_taken = visit.page.title() == "taken" or visit.page.url != f"{address}/none"
        if len(visit.acted()) > 90 and is_taken:
            break
        visit.page.wait_for_timeout(200)
    assert is_taken
    assert len(visit.close()) > 90
