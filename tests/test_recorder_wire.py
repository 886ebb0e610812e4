"""Every byte that goes over the wire is in the exchange, and none that does not belong to it."""

import gzip
import ssl
import zlib
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from wire_crawl import by_path, crawl
from wire_server import Answer, WireProxy, WireServer, answer, certificate

PAGE = "<html><title>政府信息公开工作年度报告</title></html>".encode("gb18030")
ZIPPED = gzip.compress(PAGE, mtime=0)


def chunked(body: bytes, trailers: bytes = b"") -> bytes:
    """Return a body in chunks of seven bytes, the sizes in mixed case with an extension."""
    parts = [body[i : i + 7] for i in range(0, len(body), 7)]
    framed = b"".join(b"%X;x=1\r\n%s\r\n" % (len(part), part) for part in parts)
    return framed + b"0\r\n" + trailers + b"\r\n"


def plain(body: bytes, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    """Return a message with a Content-Length."""
    return b"\r\n".join([status, b"Content-Length: %d" % len(body), *lines, b"", body])


WHOLE: dict[str, Answer] = {
    "/plain": answer(plain(PAGE, b"content-TYPE: text/html", b"ETag: x")),
    "/pieces": answer(b"HTTP/1.1 200", b" OK\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"cd"),
    "/gzip": answer(plain(ZIPPED, b"Content-Encoding: gzip", b"Content-Type: text/html")),
    "/chunked": answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(PAGE)),
    "/gzip-chunked-trailers": answer(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        b"Trailer: X-Sum\r\n\r\n",
        chunked(ZIPPED, b"X-Sum: 1\r\nX-More: 2\r\n"),
    ),
    "/gbk-head": answer(
        plain(PAGE, "X-Dept: 公开办".encode("gbk"), status="HTTP/1.1 200 成功".encode("gbk"))
    ),
    "/cookies": answer(plain(PAGE, b"Set-Cookie: a=1", b"X-Between: 1", b"Set-Cookie: b=2")),
    "/http10": answer(b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\n" + PAGE, then="close"),
    "/early-hints": answer(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", plain(PAGE, b"X-Final: 1")
    ),
    "/no-colon": answer(plain(PAGE, b"this is no header")),
    "/no-reason": answer(plain(PAGE, status=b"HTTP/1.1 200")),
    "/bare-lf": answer(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
    "/204": answer(b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"),
    "/304": answer(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 99\r\n\r\n"),
    "/empty-body": answer(plain(b"")),
    "/404": answer(plain(PAGE, status=b"HTTP/1.1 404 Not Found")),
    "/521": answer(plain(b"<script>document.cookie</script>", status=b"HTTP/1.1 521 ")),
}
BROKEN: dict[str, tuple[Answer, str | None]] = {
    "/short": (
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nab", then="close"),
        "disconnect",
    ),
    "/short-reset": (
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b"ab", then="reset"),
        "disconnect",
    ),
    "/short-chunk": (
        answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab", then="close"),
        "disconnect",
    ),
    "/bad-chunk": (
        answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n"),
        "disconnect",
    ),
    "/half-head": (answer(b"HTTP/1.1 200 OK\r\nContent-Le", then="close"), "disconnect"),
    "/garbage": (answer(b"\x00\x01 SSH-2.0-OpenSSH\r\n"), "unspecified"),
    "/two-lengths": (
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        "unspecified",
    ),
    "/nothing": (answer(then="close"), None),
}
RENAMED = b"x-orig-transfer-encoding: chunked"
# What of an answer is in the WARC file where that is not, byte for byte, what was sent: interim
# heads are in the metadata, chunks are joined and their header is renamed.
STORED = {
    "/chunked": b"HTTP/1.1 200 OK\r\n" + RENAMED + b"\r\n\r\n" + PAGE,
    "/gzip-chunked-trailers": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    + RENAMED
    + b"\r\nTrailer: X-Sum\r\n\r\n"
    + ZIPPED,
    "/early-hints": plain(PAGE, b"X-Final: 1"),
    # Chunks that cannot be joined stay as they came.
    "/short-chunk": b"HTTP/1.1 200 OK\r\n" + RENAMED + b"\r\n\r\n9\r\nab",
    "/bad-chunk": b"HTTP/1.1 200 OK\r\n" + RENAMED + b"\r\n\r\nzz\r\nab\r\n",
}
ANSWERS = WHOLE | {path: reply for path, (reply, _) in BROKEN.items()}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module", params=["http", "https", "http-proxied", "https-proxied"])
def route(
    request: pytest.FixtureRequest, tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """One crawl of all paths over one route: (route, server, proxy, recorded)."""
    secure, proxied = request.param.startswith("https"), request.param.endswith("proxied")
    folder = tmp_path_factory.mktemp("crawl")
    with (
        WireServer(ANSWERS, tls if secure else None) as server,
        WireProxy(server.port, server.port) as proxy,
    ):
        host = "www.puershi.gov.cn" if proxied else "127.0.0.1"
        requests = [{"url": server.url(path, host)} for path in ANSWERS]
        settings = {"GKCRAWL_PROXY": proxy.url.replace("//", "//me:secret@")} if proxied else {}
        recorded = crawl(folder, requests, **settings)
    return request.param, server, proxy, recorded


@pytest.mark.parametrize("path", ANSWERS)
def test_the_exchange_is_what_went_over_the_wire(route: Any, path: str) -> None:
    _, server, _, recorded = route
    [exchange], [arrived] = by_path(recorded, path), server.requests(path)
    assert exchange.response == ANSWERS[path].sent
    assert exchange.request == arrived.raw


@pytest.mark.parametrize("path", WHOLE)
def test_a_whole_message_is_neither_truncated_nor_failed(route: Any, path: str) -> None:
    name, _, _, recorded = route
    [exchange] = by_path(recorded, path)
    assert (exchange.truncated, exchange.failure) == (None, None)
    assert exchange.ip_address == (None if name.endswith("proxied") else "127.0.0.1")
    [seen] = [one for one in recorded["seen"] if one["url"].endswith(path)]
    [kept] = [kept for one, kept in recorded["exchanges"] if one is exchange]
    assert seen["capture_id"] == kept.id


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_message_keeps_what_came_and_says_why(route: Any, path: str) -> None:
    _, _, _, recorded = route
    [exchange] = by_path(recorded, path)
    assert exchange.truncated == BROKEN[path][1]
    assert exchange.failure is not None


def test_a_proxy_gets_every_request_and_its_words_stay_out(route: Any) -> None:
    name, _, proxy, recorded = route
    if not name.endswith("proxied"):
        assert proxy.received == []
        return
    everything = b"".join(one.request + one.response for one, _ in recorded["exchanges"])
    assert b"CONNECT" not in everything
    assert b"X-Proxy" not in everything
    assert all(b"Basic bWU6c2VjcmV0" in head for head in proxy.received)
    starts = (b"CONNECT ",) if name.startswith("https") else (b"GET http://",)
    assert all(head.startswith(starts) for head in proxy.received)


def test_connections_are_kept_and_their_exchanges_apart(route: Any) -> None:
    _, server, _, recorded = route
    assert "gk/unasked_bytes" not in recorded["stats"]
    assert len({one.connection for one in server.received}) < len(server.received) / 2


@pytest.fixture(scope="module")
def warc(route: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one file of the route's crawl."""
    [path] = (route[3]["home"] / "warc").glob("*.warc.gz")
    return Path(path)


@pytest.mark.parametrize("path", ANSWERS)
def test_the_file_holds_what_went_over_the_wire(route: Any, warc: Path, path: str) -> None:
    """As warcio reads it, and as plain gzip does at the place that the catalog names."""
    _, server, _, recorded = route
    sent, asked = STORED.get(path, ANSWERS[path].sent), server.requests(path)[0].raw
    [kept] = [kept for one, kept in recorded["exchanges"] if one.url.endswith(path)]
    blocks = blocks_by_warcio(warc, path)
    if path == "/nothing":
        assert blocks == {"request": [without_secret(asked)]}
        return
    kind = "resource" if path in ("/garbage", "/half-head") else "response"
    assert blocks == {kind: [sent], "request": [without_secret(asked)]}
    member = zlib.decompressobj(wbits=31)
    record = member.decompress(warc.read_bytes()[kept.offset :])
    assert record.endswith(b"\r\n\r\n" + sent + b"\r\n\r\n")
    assert warc.stat().st_size - len(member.unused_data) == kept.offset + kept.length


def blocks_by_warcio(warc: Path, path: str) -> dict[str, list[bytes]]:
    """Return the blocks of what was exchanged for ``path``, by type of record."""
    blocks: dict[str, list[bytes]] = {}
    with warc.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            uri = record.rec_headers.get_header("WARC-Target-URI") or ""
            if uri.endswith(path) and record.rec_type != "metadata":
                blocks.setdefault(record.rec_type, []).append(record.raw_stream.read())
    return blocks


def without_secret(request: bytes) -> bytes:
    """Return a request as it is stored: the password for the proxy is blotted out."""
    return request.replace(b"Basic bWU6c2VjcmV0", b"redacted")
