"""Answering with a file, whole or a part of it (RFC 9110 §14), as replay tools read archives."""

import re
from collections.abc import Iterable
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

_PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def part(asked: str | None, size: int) -> tuple[int, int] | None:
    """Return begin and end of what a Range header asks for of ``size`` bytes; None: it cannot be.

    ``bytes=9-``, ``bytes=0-9`` and ``bytes=-9`` (the last nine) are understood; several ranges, and
    what is no range, are the whole, as the standard has it.
    """
    match = _RANGE.fullmatch(asked or "")
    if match is None or not any(match.groups()):
        return 0, size
    first, last = match.groups()
    if not first:
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last or size) + 1, size)
    if last and first and int(last) < int(first):
        return 0, size
    return (begin, end) if begin < end else None


async def send_file(
    send: Any, path: Path, asked: str | None, headers: Iterable[tuple[str, str]], *, head: bool
) -> None:
    """Send ``path``, or the part that the Range header ``asked`` for; ``head``: no body.

    Raises FileNotFoundError before anything is sent.
    """
    with path.open("rb") as file:
        size = file.seek(0, SEEK_END)
        found = part(asked, size)
        begin, end = found or (0, 0)
        partial = found is not None and (begin, end) != (0, size)
        status = 416 if found is None else 206 if partial else 200
        said = [*headers, ("Accept-Ranges", "bytes"), ("Content-Length", str(end - begin))]
        if partial:
            said.append(("Content-Range", f"bytes {begin}-{end - 1}/{size}"))
        elif status == 416:
            said.append(("Content-Range", f"bytes */{size}"))
        start = {"type": "http.response.start", "status": status, "headers": encoded(said)}
        await send(start)
        if not head:
            await _send_pieces(send, file, begin, end)
        await send({"type": "http.response.body", "body": b""})


async def _send_pieces(send: Any, file: BinaryIO, begin: int, end: int) -> None:
    file.seek(begin)
    while begin < end:
        piece = file.read(min(_PIECE, end - begin))
        if not piece:  # cut meanwhile: the connection ends before its length
            return
        begin += len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": True})


def encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
