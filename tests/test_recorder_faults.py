"""A server that does everything wrong: no crash, no hang, and what came is kept with what it was.

One crawl meets all of it. An answer stands with what the catalog and the archive say of it
afterwards: the class of the failure (None: none) and the mark of what is cut short.
"""

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator
from wire_crawl import crawl
from wire_server import Answer, WireServer, answer, flood

from archive.catalog import Catalog
from archive.warc import read_exchange, verify_archive

MIB = 2**20
MAX_BODY = MIB // 4
"""What this crawl takes of a body."""
MEMORY = 500 * MIB

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LOST = ("ResponseDataLossError", "disconnect")
CUT = ("DownloadCancelledError", "length")
LATE = ("DownloadTimeoutError", "time")
UNFIT = ("DownloadFailedError", "unspecified")
BROKEN_OFF = ("DownloadFailedError", "disconnect")
WHOLE = (None, None)
PAGE = "<title>政府信息公开工作年度报告</title>".encode("gb18030")


def coded(coding: bytes, body: bytes) -> bytes:
    """Return a message with a Content-Encoding."""
    return OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body


def redirect(place: bytes) -> Answer:
    """Return a redirect."""
    return answer(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % place)


def length(*values: bytes, body: bytes = b"ab", then: str = "keep") -> Answer:
    """Return an answer with these Content-Lengths."""
    lines = b"".join(b"Content-Length: %s\r\n" % value for value in values)
    return answer(OK + lines + b"\r\n" + body, then=then)


Told = tuple[Answer, str | None, str | None]
FAULTS: Mapping[str, Told] = {
    # The connection.
    "/reset": (answer(then="reset"), "DownloadFailedError", None),
    "/reset-in-head": (answer(OK, then="reset"), *BROKEN_OFF),
    "/reset-in-body": (answer(OK + b"\r\nab", then="reset"), None, "disconnect"),
    "/drip": (flood(OK + b"\r\n", b"x", pause=0.05), *LATE),
    "/drip-in-head": (flood(OK, b"x", pause=0.05), *LATE),
    "/drip-in-size": (flood(CHUNKED, b"0", pause=0.05), *LATE),
    "/silence": (answer(then="hang"), "DownloadTimeoutError", None),
    # Lengths.
    "/too-long": (length(b"9", then="close"), *LOST),
    "/too-short": (length(b"1", body=b"a" + OK + b"Content-Length: 0\r\n\r\n"), *WHOLE),
    "/conflicting": (length(b"1", b"2"), *UNFIT),
    "/listed": (length(b"2, 3"), *UNFIT),
    "/negative": (length(b"-2"), *UNFIT),
    "/no-number": (length(b"two"), *UNFIT),
    "/plus": (length(b"+2"), *UNFIT),
    "/astronomic": (length(b"9" * 40), *CUT),
    "/announced-2-GB": (length(b"2147483648"), *CUT),
    # Chunks.
    "/bad-size": (answer(CHUNKED + b"xyz\r\nab\r\n"), *LOST),
    "/negative-size": (answer(CHUNKED + b"-2\r\nab\r\n"), *LOST),
    "/no-last-chunk": (answer(CHUNKED + b"2\r\nab\r\n", then="close"), *LOST),
    "/no-chunk-end": (answer(CHUNKED + b"2\r\nabXX0\r\n\r\n"), *LOST),
    "/huge-size": (answer(CHUNKED + b"f" * 16 + b"\r\nab", then="close"), *LOST),
    "/huge-size-line": (flood(CHUNKED, b"0" * 2000, 600), *LOST),
    "/endless-extension": (flood(CHUNKED + b"2;", b"x" * 9000), *LOST),
    "/endless-trailers": (flood(CHUNKED + b"0\r\n", b"X-A: b\r\n" * 99), *LOST),
    "/crumbs": (flood(CHUNKED, b"1\r\na\r\n" * 999), *CUT),
    # Heads.
    "/long-header": (
        answer(OK + b"X-A: " + b"a" * MIB + b"\r\nContent-Length: 2\r\n\r\nab"),
        *BROKEN_OFF,
    ),
    "/many-headers": (flood(OK, b"X-A: b\r\n" * 500, 400), *CUT),
    "/endless-headers": (flood(OK, b"X-A: b\r\n" * 500), *CUT),
    "/endless-line": (flood(b"HTTP/1.1 200 ", b"x" * 9000), *BROKEN_OFF),
    "/informational-flood": (flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), *CUT),
    "/bare-lf": (answer(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok"), *WHOLE),
    "/bare-cr": (answer(b"HTTP/1.1 200 OK\rContent-Length: 2\r\rok", then="close"), *BROKEN_OFF),
    "/nul": (answer(OK + b"X-\0: \0\r\nContent-Length: 2\r\n\r\na\0"), *UNFIT),
    "/gbk": (
        answer("HTTP/1.1 200 成功\r\nX-Dept: 公开办\r\nContent-Length: 0\r\n\r\n".encode("gbk")),
        *WHOLE,
    ),
    "/status-0": (answer(b"HTTP/1.1 000 \r\nContent-Length: 2\r\n\r\nab"), *WHOLE),
    "/status-999": (answer(b"HTTP/1.1 999 \r\nContent-Length: 2\r\n\r\nab"), *WHOLE),
    "/http-09": (answer(PAGE, then="close"), *BROKEN_OFF),
    "/http-2": (answer(b"\0\0\x12\4\0\0\0\0\0", then="close"), *BROKEN_OFF),
    # What follows an answer.
    "/junk": (
        answer(OK + b"Content-Length: 2\r\n\r\nab" + b"HTTP/1.1 200 Junk\r\n\r\n"),
        *WHOLE,
    ),
    "/after-junk": (answer(OK + b"Content-Length: 2\r\n\r\nok"), *WHOLE),
    # Bombs: what came over the wire is small and kept as it is.
    "/gzip-bomb": (answer(coded(b"gzip", gzip.compress(bytes(MIB), 9, mtime=0) * 200)), *WHOLE),
    "/brotli-bomb": (answer(coded(b"br", brotli.compress(bytes(100 * MIB), quality=1))), *WHOLE),
    "/gzip-in-gzip": (
        answer(
            coded(b"gzip, gzip", gzip.compress(gzip.compress(bytes(MIB), mtime=0) * 400, mtime=0))
        ),
        *WHOLE,
    ),
    # Bodies without end.
    "/endless": (flood(OK + b"\r\n", b"x" * 65536), *CUT),
    "/endless-chunks": (flood(CHUNKED, b"8000\r\n" + b"x" * 0x8000 + b"\r\n"), *CUT),
    # Redirects; each hop is an exchange.
    "/circle": (redirect(b"/circle"), *WHOLE),
    "/to-and": (redirect(b"/fro"), *WHOLE),
    "/no-place": (redirect(b"http://[bad"), *WHOLE),
}
SLOW = ("/drip", "/drip-in-head", "/drip-in-size", "/silence")
HOPS = {"/fro": redirect(b"/to-and")}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The crawl that meets all faults."""
    answers = {path: reply for path, (reply, _, _) in FAULTS.items()} | HOPS
    with WireServer(answers) as server:
        requests = [
            {"url": server.url(path), "meta": {"download_timeout": 1 if path in SLOW else 30}}
            for path in FAULTS
        ]
        yield crawl(
            tmp_path_factory.mktemp("faults"),
            requests,
            DOWNLOAD_MAXSIZE=MAX_BODY,
            CONCURRENT_REQUESTS_PER_DOMAIN=8,
        )


def path_of(url: str) -> str:
    """Return what follows the host."""
    return "/" + url.split("/", 3)[3]


@pytest.mark.parametrize("path", FAULTS)
def test_each_fault_is_recorded_with_all_that_came(met: Any, path: str) -> None:
    reply, failure, truncated = FAULTS[path]
    tries = [one for one, _ in met["exchanges"] if path_of(one.url) == path]
    assert tries
    for exchange in tries:
        assert exchange.response == bytes(sent(reply, len(exchange.response)))
        assert (exchange.failure or "").partition(":")[0] == (failure or "")
        assert exchange.truncated == truncated


def sent(reply: Answer, count: int) -> bytearray:
    """Return the first ``count`` bytes of what the server sent or was about to."""
    data = bytearray()
    for piece in reply.pieces:
        if len(data) >= count:
            break
        data += piece
    return data[:count]


def test_whole_answers_came_whole(met: Any) -> None:
    for exchange, _ in met["exchanges"]:
        path = path_of(exchange.url)
        if path in FAULTS and FAULTS[path][1:] == WHOLE:
            assert len(exchange.response) == len(FAULTS[path][0].sent)


def test_redirects_end_and_every_hop_is_kept(met: Any) -> None:
    paths = Counter(path_of(one.url) for one, _ in met["exchanges"])
    assert paths["/circle"] == paths["/to-and"] + paths["/fro"] == 11


def test_every_outcome_is_in_the_catalog_and_the_archive_is_whole(met: Any) -> None:
    with Catalog(met["home"] / "catalog.db") as catalog:
        captures, failures = list(catalog.captures()), list(catalog.failures())
    assert verify_archive(met["home"], captures, failures) == []
    known = Counter(path_of(row.url) for row in captures)
    known.update(path_of(row.url) for row in failures if row.capture_id is None)
    assert known == Counter(path_of(one.url) for one, _ in met["exchanges"])
    failed = {path_of(row.url) for row in failures}
    assert failed == {path for path, (_, failure, _) in FAULTS.items() if failure}


def test_the_files_tell_what_went_over_the_wire(met: Any) -> None:
    """By the digest of the raw bytes, as any reader of WARC files finds it."""
    told: list[str] = []
    [path] = (met["home"] / "warc").glob("*.warc.gz")
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            if record.rec_type == "metadata":
                told += re.findall(r"wire-sha256: (\S+)", record.raw_stream.read().decode())
    came = [one.response for one, _ in met["exchanges"] if one.response]
    assert sorted(told) == sorted(hashlib.sha256(response).hexdigest() for response in came)


def test_memory_stays_within_bounds(met: Any) -> None:
    assert met["peak_memory"] < MEMORY


def test_nothing_was_answered_with_the_junk_of_another(met: Any) -> None:
    [seen] = [one for one in met["seen"] if path_of(one["url"]) == "/after-junk"]
    assert seen["body"] == b"ok"
    assert "Traceback" not in met["log"]


LARGE = 30 * MIB
"""A body that is spooled to the disk and streamed into the file."""
LARGE_ANSWERS = {
    "/start": answer(OK + b"Content-Length: 2\r\n\r\nok"),
    "/length": flood(OK + b"Content-Length: %d\r\n\r\n" % LARGE, b"0123456789abcdef" * 65536, 30),
    "/chunked": flood(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n", 16),
    "/no-http": flood(b"", b"\0" * MIB, 1),
    "/crawling": flood(OK + b"\r\n" + b"x" * 2000, b"x", pause=0.02),
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with WireServer(LARGE_ANSWERS) as server:
        return crawl(
            tmp_path_factory.mktemp("large"),
            [{"url": server.url(path)} for path in LARGE_ANSWERS],
            SPOOL_LIMIT=MIB // 8,
            RATE_PERIOD=0.5,
        )


def test_large_bodies_are_kept_whole_and_memory_stays_flat(large: Any) -> None:
    kept = {path_of(one.url): (one, row) for one, row in large["exchanges"]}
    with Catalog(large["home"] / "catalog.db") as catalog:
        assert verify_archive(large["home"], catalog.captures(), catalog.failures()) == []
    exchange, capture = kept["/length"]
    body = b"0123456789abcdef" * (LARGE // 16)
    assert (exchange.failure, exchange.truncated) == (None, None)
    assert capture.payload_digest == "sha256:" + hashlib.sha256(body).hexdigest()
    stored = read_exchange(large["home"] / "warc" / capture.warc, capture.offset)
    assert stored.content == body
    # The body, which Scrapy holds, and the copy of it that the test keeps.
    assert large["peak_memory"] < 200 * MIB + 3 * LARGE


def test_a_response_that_crawls_is_cut(large: Any) -> None:
    [exchange] = [one for one, _ in large["exchanges"] if path_of(one.url) == "/crawling"]
    assert (exchange.truncated, (exchange.failure or "")[:21]) == ("time", "DownloadTimeoutError:")


def test_chunks_of_a_spooled_body_are_joined(large: Any) -> None:
    [(exchange, capture)] = [
        (one, row) for one, row in large["exchanges"] if path_of(one.url) == "/chunked"
    ]
    stored = read_exchange(large["home"] / "warc" / capture.warc, capture.offset)
    # Its last chunk never came.
    assert exchange.truncated == stored.truncated == "disconnect"
    assert stored.content == exchange.response[len(CHUNKED) :]
