"""A host that asks for longer pauses gets them, and one in trouble is left in peace."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from wire_crawl import by_path, crawl
from wire_server import WireServer, answer

from gkcrawl import settings
from gkcrawl.crawl.breaker import ENOUGH, FIRST_REST, LONGEST_REST, Breaker
from gkcrawl.crawl.manners import retry_after
from gkcrawl.crawl.night import Hours

MANNERLY = {"DOWNLOADER_MIDDLEWARES": settings.DOWNLOADER_MIDDLEWARES}
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
        recorded = crawl(tmp_path, plan, ROBOTSTXT_OBEY=True, AUTOTHROTTLE_ENABLED=True, **MANNERLY)
    assert len(recorded["exchanges"]) == 4
    assert all(after - before > NEARLY for before, after in pairwise(starts(recorded)))


@pytest.mark.parametrize("status", [b"503 Busy", b"429 Too Many Requests"])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(tmp_path: Path, status: bytes) -> None:
    busy = answer(b"HTTP/1.1 " + status + b"\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
    with WireServer({"/busy": busy}) as server:
        plan = [{"url": server.url("/busy")}]
        recorded = crawl(tmp_path, plan, RETRY_ENABLED=True, RETRY_TIMES=1, **MANNERLY)
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


def test_a_server_that_asks_for_hours_is_left_for_another_run(tmp_path: Path) -> None:
    busy = answer(b"HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
    with WireServer({"/busy": busy, "/1": OK}) as server:
        recorded = crawl(
            tmp_path, [{"url": server.url(path)} for path in ("/busy", "/1")], **MANNERLY
        )
    assert [one.url[-5:] for one, _ in recorded["exchanges"]] == ["/busy"]
    assert recorded["stats"]["gk/resting"] == 1


def test_a_host_that_refuses_page_after_page_is_left_in_peace(tmp_path: Path) -> None:
    refused = answer(b"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n")
    paths = [f"/{number}" for number in range(8)]
    with WireServer(dict.fromkeys(paths, refused)) as server:
        recorded = crawl(tmp_path, [{"url": server.url(path)} for path in paths], **MANNERLY)
    assert len(recorded["exchanges"]) == 3
    assert recorded["stats"]["gk/hosts_resting"] == 1
    assert recorded["stats"]["gk/resting"] == 5


def test_a_refusal_between_good_pages_stops_nothing(tmp_path: Path) -> None:
    refused = answer(b"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n")
    answers = {f"/{number}": OK if number % 3 == 2 else refused for number in range(9)}
    with WireServer(answers) as server:
        recorded = crawl(tmp_path, [{"url": server.url(path)} for path in answers], **MANNERLY)
    assert len(recorded["exchanges"]) == 9


def test_names_of_one_machine_share_its_queue(tmp_path: Path) -> None:
    """Two hosts with one address are never asked at once, nor sooner than one host would be."""
    with WireServer({"/1": OK, "/2": OK}) as server:
        port = server.url("/").rsplit(":", 1)[1]
        plan = [{"url": f"http://{name}.example:{port}1"} for name in ("a", "b")]
        hosts = {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}
        recorded = crawl(tmp_path, plan, DOWNLOAD_DELAY=0.5, HOSTS=hosts, **MANNERLY)
    first, second = starts(recorded)
    assert second - first > NEARLY


def test_a_page_that_fails_again_and_again_is_one_page() -> None:
    breaker = Breaker()
    assert not any(breaker.bad("h", "http://h/1", 2, now) for now in range(10))
    assert breaker.resting("h", 10) == 0


def test_a_rest_ends_with_one_request_and_doubles_where_that_fails() -> None:
    breaker = Breaker()
    for number in range(ENOUGH // 2):
        rests = breaker.bad("h", f"http://h/{number}", 2, 0)
    assert rests
    assert breaker.resting("h", 1) == FIRST_REST - 1
    assert breaker.resting("h", FIRST_REST) == 0
    assert breaker.resting("h", FIRST_REST) > 0  # the others wait for what comes of the first
    breaker.bad("h", "http://h/9", 2, FIRST_REST)
    assert breaker.resting("h", FIRST_REST) == 2 * FIRST_REST
    for _ in range(20):
        breaker.bad("h", "http://h/9", 2, FIRST_REST)
    assert breaker.resting("h", FIRST_REST) == LONGEST_REST
    breaker.good("h")
    assert breaker.resting("h", FIRST_REST) == 0


@pytest.mark.parametrize(
    ("hours", "utc", "open_"),
    [
        ("22:00-06:00", 13, False),
        ("22:00-06:00", 14, True),
        ("22:00-06:00", 21, True),
        ("22:00-06:00", 22, False),
        ("1:00-5:30", 17, True),
        ("1:00-5:30", 22, False),
        ("0:00-0:00", 3, True),
    ],
)
def test_hours_are_those_of_china(hours: str, utc: int, open_: bool) -> None:
    assert Hours.parse(hours).contain(datetime(2026, 11, 22, utc, tzinfo=UTC)) is open_


@pytest.mark.parametrize("text", ["night", "22-6", "25:00-06:00", ""])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="GKCRAWL_HOURS"):
        Hours.parse(text)
