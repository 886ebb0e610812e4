"""Pages as the bytes of an HTTP/1.1 message, well-behaved or not (RFC 9110, RFC 9112)."""

import gzip
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

# The world never changes, so neither do its clocks.
_DATE = "Sat, 21 Nov 2026 04:00:00 GMT"
_CHUNK = 4096

Ending = Literal["keep", "close", "reset"]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, exactly as it goes over the wire."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """Content coding and chunk framing applied."""
    ending: Ending = "keep"
    """What becomes of the connection afterwards."""

    def raw(self) -> bytes:
        """Return the whole message: status line, headers, body."""
        head = [f"HTTP/1.1 {self.status} {self.reason}"]
        head += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*head, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True, slots=True)
class Page:
    """What a site has under one address, before it becomes bytes."""

    text: str = ""
    data: bytes | None = None
    """Stands in place of the text."""
    status: int = 200
    media_type: str = "text/html"
    charset: str = "utf-8"
    charset_said: bool = True
    """Whether Content-Type names the charset; old sites leave it to the meta element."""
    chunked: bool = False
    zipped: bool = False
    """gzip for who accepts it."""
    location: str | None = None
    retry_after: int | None = None
    """Seconds."""
    server: str = "nginx"
    fault: Literal["truncated", "reset"] | None = None
    """``truncated``: Content-Length promises more than comes; ``reset``: the connection breaks."""


def encode(page: Page, *, head: bool = False, accepts_gzip: bool = False) -> Response:
    """Return ``page`` as a response; ``head`` leaves the body out (the headers stay)."""
    # gb2312 on a page means its superset: no browser ever told them apart.
    codec = "gb18030" if page.charset.lower() in {"gb2312", "gbk"} else page.charset
    body = page.text.encode(codec) if page.data is None else page.data
    headers = [("Server", page.server), ("Date", _DATE)]
    if page.location:
        headers.append(("Location", page.location))
    if page.retry_after is not None:
        headers.append(("Retry-After", str(page.retry_after)))
    said = page.charset_said and page.data is None
    kind = f"{page.media_type}; charset={page.charset}" if said else page.media_type
    headers.append(("Content-Type", kind))
    if page.zipped and accepts_gzip:
        body = gzip.compress(body, mtime=0)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    ending: Ending = "keep"
    if page.fault:
        headers.append(("Content-Length", str(len(body))))
        body = body[: len(body) // 2]
        ending = "reset" if page.fault == "reset" else "close"
    elif page.chunked:
        headers.append(("Transfer-Encoding", "chunked"))
        body = _chunks(body)
    else:
        headers.append(("Content-Length", str(len(body))))
    if ending == "close":
        headers.append(("Connection", "close"))
    return Response(
        page.status, _reason(page.status), tuple(headers), b"" if head else body, ending
    )


def _chunks(body: bytes) -> bytes:
    pieces = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)]
    return b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
