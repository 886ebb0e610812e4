"""A host that asks for longer pauses gets them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from wire_crawl import by_path, crawl
from wire_server import WireServer, answer

from gkcrawl.crawl.manners import retry_after

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OK = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
ROBOTS = b"User-agent: *\nCrawl-delay: 0.5\n"
# Wall clocks are slewed; pauses are measured by another clock.
NEARLY = timedelta(milliseconds=450)


def starts(recorded: dict[str, Any]) -> list[datetime]:
    return sorted(one.started_at for one, _ in recorded["exchanges"])


def test_the_pause_that_robots_txt_asks_for_is_kept(tmp_path: Path) -> None:
    robots = answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ROBOTS), ROBOTS))
    paths = ("/1", "/2", "/3")
    with WireServer({"/robots.txt": robots, **dict.fromkeys(paths, OK)}) as server:
        plan = [{"url": server.url(path)} for path in paths]
        # AutoThrottle would shorten the pause again.
        recorded = crawl(tmp_path, plan, ROBOTSTXT_OBEY=True, AUTOTHROTTLE_ENABLED=True)
    assert len(recorded["exchanges"]) == 4
    assert all(after - before > NEARLY for before, after in pairwise(starts(recorded)))


@pytest.mark.parametrize("status", [b"503 Busy", b"429 Too Many Requests"])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(tmp_path: Path, status: bytes) -> None:
    busy = answer(b"HTTP/1.1 " + status + b"\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
    with WireServer({"/busy": busy}) as server:
        plan = [{"url": server.url("/busy")}]
        recorded = crawl(tmp_path, plan, RETRY_ENABLED=True, RETRY_TIMES=1)
    first, second = (one.started_at for one in by_path(recorded, "/busy"))
    assert second - first > 2 * NEARLY
    assert recorded["stats"]["gk/asked_to_wait"] == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        (b"", None),
        (b"120", 120),
        (b"-5", None),
        (b"soon", None),
        (b"Sun, 22 Nov 2026 00:02:00 GMT", 120),
        (b"Sun, 22 Nov 2026 00:02:00", 120),
        (b"Sat, 21 Nov 2026 00:00:00 GMT", 0),
        ("稍后".encode("gbk"), None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
