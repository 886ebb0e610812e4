"""Large files over HTTP: streamed, resumable, never held in memory."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO, Any

from datasette.utils.asgi import Request

Send = Callable[[dict[str, Any]], Awaitable[None]]

_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class FileAnswer:
    """An answer that sends a file, or the one range of it that is asked for (RFC 9110 §14)."""

    def __init__(self, path: Path, content_type: str, etag: str, request: Request) -> None:
        """``etag`` stands for the file's bytes, in its quotation marks."""
        self._path = path
        self._etag = etag
        self._head = request.method == "HEAD"
        self._headers = request.headers
        self._told = {
            "content-type": content_type,
            "content-disposition": f'attachment; filename="{path.name}"',
            "accept-ranges": "bytes",
            "etag": etag,
            "cache-control": "no-cache",
        }

    async def asgi_send(self, send: Send) -> None:
        """Send status, headers and bytes."""
        known = self._headers.get("if-none-match", "")
        if known == "*" or self._etag in known:
            await self._start(send, 304, {})
            await send({"type": "http.response.body", "body": b""})
            return
        with await asyncio.to_thread(self._path.open, "rb") as file:
            await self._send(send, file)

    async def _send(self, send: Send, file: IO[bytes]) -> None:
        total = await asyncio.to_thread(file.seek, 0, 2)
        # A range of a file that is another by now would be spliced to the wrong bytes.
        same = self._headers.get("if-range", self._etag) == self._etag
        asked = asked_range(self._headers.get("range", ""), total) if same else None
        if asked == ():
            await self._start(send, 416, {"content-range": f"bytes */{total}"})
            await send({"type": "http.response.body", "body": b""})
            return
        first, last = asked or (0, total - 1)
        length = last - first + 1
        said = {"content-length": str(length)}
        if asked:
            said["content-range"] = f"bytes {first}-{last}/{total}"
        await self._start(send, 206 if asked else 200, said)
        await asyncio.to_thread(file.seek, first)
        left = 0 if self._head else length
        while left > 0 and (chunk := await asyncio.to_thread(file.read, min(_CHUNK, left))):
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _start(self, send: Send, status: int, more: dict[str, str]) -> None:
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in (self._told | more).items()
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})


def asked_range(header: str, total: int) -> tuple[int, int] | tuple[()] | None:
    """Return first and last byte of a Range header for a file of ``total`` bytes.

    None: the whole file (no range, several, or one that makes no sense); empty: none of its bytes.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        wanted = min(int(found[2]), total)
        return (total - wanted, total - 1) if wanted else ()
    first = int(found[1])
    last = min(int(found[2]), total - 1) if found[2] else total - 1
    if found[2] and int(found[2]) < first:
        return None
    return (first, last) if first < total else ()
