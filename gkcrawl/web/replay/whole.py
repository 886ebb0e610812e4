"""Full replay: archived pages with their scripts, by ReplayWeb.page, on a host of their own.

Archived scripts run here, so nothing else may be here: no catalog, no cookies. Whether a page may
read another is decided by host and port, but cookies do not know of ports; so this host answers for
its own name only, and the catalog does not answer for it.
"""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from archive.warc import locate
from gkcrawl.web.replay import excerpt
from gkcrawl.web.replay.addresses import stamp
from gkcrawl.web.replay.ranges import encoded, send_file
from gkcrawl.web.replay.viewer import SCRIPT, WORKER

Message = MutableMapping[str, Any]
_ID = re.compile(r"[\w-]{1,64}")
_WARC = re.compile(r"[^/\\\x00]{1,250}\.warc(?:\.gz)?")
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>完整回放</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>html, body {{ height: 100%; margin: 0 }} body {{ display: flex; flex-direction: column;
font: 14px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }}
p {{ margin: 0; padding: 6px 14px; background: #fdf6e8; border-bottom: 2px solid #c98a1b }}
replay-web-page {{ flex: 1; min-height: 0 }}</style>
<script src="/ui.js"></script></head><body>
<p>完整回放：存档页面的脚本在此运行。采集于 {moment}，原址 {url}</p>
<replay-web-page source="/w/{id}.cdxj" url="{url}" ts="{stamp}" replayBase="/replay/"
 embed="replayonly"></replay-web-page></body></html>
"""
_FRAME = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>完整回放</title>
<script src="/replay/ui.js"></script></head><body><replay-app-main></replay-app-main>
</body></html>
"""
_START = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<title>完整回放</title></head><body><p>这里回放存档页面，脚本在此运行。请从目录中的「完整回放」进入。</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Whole:
    """Where full replay is had."""

    origin: str
    """``http://replay.gk.localhost:8002``: what its links begin with."""
    catalog: str
    """The origin of the catalog, which alone may put its pages into a frame."""
    viewer: Path
    """The folder of the viewer's files."""
    home: Path

    @property
    def host(self) -> str:
        """The host and, where it is not the usual one, the port, as browsers name it."""
        return urlsplit(self.origin).netloc.lower()


def link(origin: str, capture: Mapping[str, Any]) -> str | None:
    """Return where a capture is replayed in full; None: its bytes are no answer to be shown."""
    if capture["status"] in (None, 304) or not str(capture["url"]).startswith(("http:", "https:")):
        return None
    return f"{origin}/view/{quote(capture['id'], safe='')}"


def build(whole: Whole) -> Callable[[Message, Any, Any], Awaitable[None]]:
    """Return the ASGI application of the host where archived scripts run."""

    async def app(scope: Message, receive: Any, send: Any) -> None:
        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        answer = _Answer(whole, send, head=scope["method"] == "HEAD")
        if headers.get("host", b"").decode("latin-1").lower() != whole.host:
            # Under another name its scripts might read that name's cookies.
            await answer.text(421, f"Full replay is at {whole.origin}/ only.\n")
        elif scope["method"] not in ("GET", "HEAD"):
            await answer.text(405, "GET or HEAD.\n")
        else:
            await answer.to(scope["path"], headers.get("range", b"").decode("latin-1"))

    return app


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer to one request."""

    whole: Whole
    send: Any
    head: bool

    async def to(self, path: str, asked: str) -> None:
        folder, _, name = path.rpartition("/")
        if path in ("/", "/replay/", "/replay/index.html"):
            await self._page(_START if path == "/" else _FRAME)
        elif (folder, name) in (("", SCRIPT), ("/replay", SCRIPT), ("/replay", WORKER)):
            kind = "text/javascript; charset=utf-8"
            await self._file(self.whole.viewer / name, asked, kind)
        elif folder == "/view" and _ID.fullmatch(name):
            await self._view(name)
        elif folder == "/w" and name.endswith(".cdxj"):
            await self._index(name.removesuffix(".cdxj"))
        elif folder == "/w" and _WARC.fullmatch(name):
            await self._warc(name, asked)
        else:
            await self.text(404, "There is no such page here.\n")

    async def text(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        body = text.encode("utf-8", "replace")
        headers = [*self._headers(kind), ("Content-Length", str(len(body)))]
        start = {"type": "http.response.start", "status": status, "headers": encoded(headers)}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": b"" if self.head else body})

    async def _page(self, text: str) -> None:
        await self.text(200, text, "text/html; charset=utf-8")

    async def _view(self, capture_id: str) -> None:
        found = await self._rows(capture_id)
        shown = next((row for row in found if row["id"] == capture_id), None)
        if shown is None:
            await self.text(404, "There is no such capture.\n")
            return
        told = {"id": capture_id, "url": shown["url"], "stamp": stamp(shown["captured_at"])}
        told["moment"] = shown["captured_at"]
        escaped = {name: html.escape(value) for name, value in told.items()}
        await self._page(_PAGE.format(**escaped))

    async def _index(self, capture_id: str) -> None:
        found = await self._rows(capture_id) if _ID.fullmatch(capture_id) else []
        if not found:
            await self.text(404, "There is no such capture.\n")
            return
        text = await asyncio.to_thread(lambda: "".join(excerpt.lines(found)))
        await self.text(200, text, "text/x-cdxj; charset=utf-8")

    async def _rows(self, capture_id: str) -> list[dict[str, Any]]:
        catalog = self.whole.home / "catalog.db"
        return await asyncio.to_thread(excerpt.rows, catalog, capture_id)

    async def _warc(self, name: str, asked: str) -> None:
        try:
            path = locate(self.whole.home / "warc", name)
        except FileNotFoundError:
            await self.text(404, "There is no such file here.\n")
            return
        await self._file(path, asked, "application/warc")

    async def _file(self, path: Path, asked: str, kind: str) -> None:
        await send_file(self.send, path, asked, self._headers(kind), head=self.head)

    def _headers(self, kind: str) -> list[tuple[str, str]]:
        own = "'self' data: blob: 'unsafe-inline' 'unsafe-eval'"
        return [
            ("Content-Type", kind),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Robots-Tag", "noindex, noarchive"),
            ("Cache-Control", "no-cache"),
            # The viewer evaluates code of its own; nothing of another host is asked.
            (
                "Content-Security-Policy",
                f"default-src {own}; frame-ancestors 'self' {self.whole.catalog}; "
                "base-uri 'self'; form-action 'self'",
            ),
        ]
