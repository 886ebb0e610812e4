"""Hostile archived pages in a real browser: each of the two defences alone lets nothing through."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hostile_pages import Vector, vectors
from loopback import served
from needed import demand_module, missing
from test_browser import CHROMIUM, FLAGS

from archive.records import Capture, StoredExchange
from gkcrawl.web.replay.banner import banner
from gkcrawl.web.replay.documents import disposition, view
from gkcrawl.web.replay.links import Links
from gkcrawl.web.security import archived_headers

VECTORS = vectors()
SETTLE = 1200
"""Milliseconds for what a page does of itself once it is loaded."""


class Trap:
    """A host that nothing should ever ask: connections and requests are written down."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.connections = 0
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                trap.connections += 1
                super().setup()

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
        self.asked, self.connections = [], 0


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
        elif rest:
            vector = VECTORS[int(rest[0])]
            self.send(*self.guarded(vector, defence))
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
            f'<iframe name="{vector.name}" src="/{defence}/{n}"></iframe>'
            for n, vector in enumerate(VECTORS)
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
def trap() -> Iterator[Trap]:
    yield Trap()


@pytest.fixture(scope="module")
def chromium(trap: Trap) -> Iterator[Any]:
    """A browser for which every host but this machine is the trap."""
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    demand_module("playwright")
    from playwright.sync_api import sync_playwright

    with served(trap.handler) as address, sync_playwright() as playwright:
        port = address.rpartition(":")[2]
        rules = (
            f"--host-resolver-rules=MAP * 127.0.0.1:{port}, EXCLUDE 127.0.0.1, EXCLUDE *.localhost"
        )
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, rules])
        yield found
        found.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(Pages) as found:
        yield found


class Visit:
    """What became of a page that was opened, and of the page around it."""

    def __init__(self, browser: Any, trap: Trap, address: str) -> None:
        self.address, self.trap = address, trap
        self.context = browser.new_context()
        self.context.add_cookies([{"name": "secret", "value": "1", "url": address}])
        self.popups = self.dialogs = 0
        self.context.on("page", lambda _: setattr(self, "popups", self.popups + 1))
        self.page = self.context.new_page()
        self.popups = 0
        self.page.on("dialog", self._dismiss)
        trap.forget()

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs += 1
        dialog.dismiss()

    def ran(self) -> set[str]:
        """Return the names of the vectors whose script ran."""
        found = set()
        for frame in self.page.frames:
            try:
                mark = frame.evaluate("document.documentElement?.getAttribute('data-ran')")
            except Exception:  # a frame that is gone
                continue
            if mark:
                found.add(frame.name or mark)
        return found
