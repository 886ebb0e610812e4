"""A body of two gigabytes: cut at the limit, kept so far, in little memory."""

from pathlib import Path

from wire_crawl import crawl
from wire_server import WireServer, flood

from archive.catalog import Catalog
from archive.warc import verify_archive

MIB = 2**20
HEAD = b"HTTP/1.1 200 OK\r\n"
ANSWERS = {
    "/announced": flood(HEAD + b"Content-Length: 2147483648\r\n\r\n", b"x" * MIB, 2048),
    "/unannounced": flood(HEAD + b"\r\n", b"x" * MIB, 2048),
    "/chunked": flood(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + b"x" * MIB + b"\r\n", 2048
    ),
}


def test_two_gigabytes_are_cut_and_kept_so_far(tmp_path: Path) -> None:
    """With the limits that gkcrawl has in life."""
    with WireServer(ANSWERS) as server:
        requests = [{"url": server.url(path)} for path in ANSWERS]
        recorded = crawl(tmp_path, requests, KEEP_RESPONSES=False)
    assert recorded["peak_memory"] < 500 * MIB
    assert {one.truncated for one, _ in recorded["exchanges"]} == {"length"}
    with Catalog(recorded["home"] / "catalog.db") as catalog:
        captures, failures = list(catalog.captures()), list(catalog.failures())
    assert len(failures) == 3
    assert verify_archive(recorded["home"], captures, failures) == []
