"""Writing and verifying WARC files in this process, by our code and by warcio."""

import argparse
import contextlib
import io
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as Warcio

from archive.catalog import Catalog
from archive.records import Exchange, Run
from archive.warc import WarcWriter, verify_archive
from bench.archive_pages import page

_REQUEST = (
    b"GET /%d.html HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: text/html\r\n\r\n"
)
_HEAD = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"


def in_turns(rounds: int, parties: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Return what each party's call told, round by round.

    They take turns, in the other order every other round: a machine that becomes slower or faster
    meanwhile does so for all of them.
    """
    found: dict[str, list[float]] = {name: [] for name in parties}
    for turn in range(rounds):
        names = list(parties)
        for name in names if turn % 2 else reversed(names):
            found[name].append(parties[name]())
    return found


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the ratios of the rounds."""
    return round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 3)


def exchanges(count: int) -> list[Exchange]:
    """Return exchanges of ``count`` pages."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Exchange(
            url=f"http://127.0.0.1/{number}.html",
            started_at=began + timedelta(seconds=number),
            request=_REQUEST % number,
            response=_HEAD % len(body) + body,
            page_class="article",
            ip_address="127.0.0.1",
            duration_ms=100,
        )
        for number, body in enumerate(map(page, range(count)))
    ]


def write_ours(given: list[Exchange], folder: Path) -> float:
    """Return the CPU seconds of our writer: every exchange indexed and made durable."""
    began = time.process_time()
    writer = WarcWriter(folder, Run("0" * 32, "bench", "2026-01-01T00:00:00.000000Z"))
    for exchange in given:
        writer.write(exchange)
    writer.close()
    return time.process_time() - began


def write_ours_without_fsync(given: list[Exchange], folder: Path) -> float:
    """Return the same without what warcio does not do either: waiting for the disk."""
    with patch("os.fsync", lambda handle: None):
        return write_ours(given, folder)


def write_with_warcio(given: list[Exchange], path: Path) -> float:
    """Return the CPU seconds of warcio for the same three records of each exchange."""
    began = time.process_time()
    with path.open("wb") as file:
        writer = Warcio(file, gzip=True)
        for exchange in given:
            head, _, body = exchange.response.partition(b"\r\n\r\n")
            status, *lines = head.decode("latin-1").split("\r\n")
            fields = [tuple(line.split(": ", 1)) for line in lines]
            http = StatusAndHeaders(status.partition(" ")[2], fields, protocol="HTTP/1.1")
            response = writer.create_warc_record(
                exchange.url, "response", io.BytesIO(body), http_headers=http
            )
            asked, *lines = exchange.request.decode().strip().split("\r\n")
            fields = [tuple(line.split(": ", 1)) for line in lines]
            request = writer.create_warc_record(
                exchange.url,
                "request",
                http_headers=StatusAndHeaders(asked, fields, is_http_request=True),
            )
            writer.write_request_response_pair(request, response)
            told = io.BytesIO(b"fetchTimeMs: 100\r\n")
            writer.write_record(
                writer.create_warc_record(
                    exchange.url, "metadata", told, warc_content_type="application/warc-fields"
                )
            )
    return time.process_time() - began


def verify_ours(home: Path) -> float:
    """Return the CPU seconds of verifying files, indexes and catalog."""
    began = time.process_time()
    with Catalog(home / "catalog.db") as catalog:
        problems = verify_archive(
            home,
            catalog.captures(),
            catalog.failures(),
            runs=catalog.runs(),
            notices=catalog.notices(),
        )
    if problems:
        raise RuntimeError(f"the measured archive is not whole: {problems[0]}")
    return time.process_time() - began


def check_with_warcio(home: Path) -> float:
    """Return the CPU seconds of ``warcio check`` over the same files."""
    files = [str(path) for path in (home / "warc").glob("*.warc.gz")]
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        failed = Checker(argparse.Namespace(inputs=files, verbose=False)).process_all()
    if failed:
        raise RuntimeError("warcio finds faults in the measured archive")
    return time.process_time() - began
