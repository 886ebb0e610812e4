"""The recorder in a whole crawl: what is refused, repeated, cut short, and what is kept of it."""

import json
import shutil
import ssl
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler
from wire_crawl import by_path, crawl
from wire_server import WireProxy, WireServer, answer, certificate

from archive.catalog import Catalog
from archive.records import Exchange, Failure, Run, RunEnd, StoredExchange
from archive.warc import WarcWriter, iter_exchanges, warc_files
from gkcrawl.crawl.recorder import Recorder

OK = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
POISON = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"


def seen(recorded: dict[str, Any], path: str) -> dict[str, Any]:
    """Return what the spider was given for ``path``."""
    [one] = [one for one in recorded["seen"] if one["url"].endswith(path)]
    return dict(one)


def test_bytes_after_a_message_never_answer_the_next_request(tmp_path: Path) -> None:
    """In the same segment (one server), or a moment later (the other)."""
    message = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    mine = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine")
    with (
        WireServer({"/1": answer(message + POISON), "/2": mine}) as same,
        WireServer({"/3": answer(message, POISON), "/4": mine}) as later,
    ):
        plan = [{"url": server.url(path)} for server in (same, later) for path in server.answers]
        recorded = crawl(tmp_path, plan, DOWNLOAD_DELAY=0.3)
    assert [seen(recorded, path)["body"] for path in ("/1", "/3")] == [b"ok", b"ok"]
    for path in ("/2", "/4"):
        assert seen(recorded, path)["body"] == b"mine"
        assert by_path(recorded, path)[-1].response == mine.sent


def test_methods_and_bodies_are_recorded_as_sent(tmp_path: Path) -> None:
    answers = {
        "/head": answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
        "/post": OK,
        "/post-empty": OK,
    }
    with WireServer(answers) as server:
        plan = [
            {"url": server.url("/head"), "method": "HEAD"},
            {"url": server.url("/post"), "method": "POST", "body": "页=2&x=1"},
            {"url": server.url("/post-empty"), "method": "POST"},
        ]
        recorded = crawl(tmp_path, plan)
        for path, reply in answers.items():
            [exchange] = by_path(recorded, path)
            assert exchange.response == reply.sent
            assert exchange.request == server.requests(path)[0].raw
            assert exchange.failure is None


def test_what_takes_too_long_or_is_too_large_is_kept_as_far_as_it_came(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000
    flood = b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 200_000
    answers = {
        "/slow-body": answer(head + b"ab", then="hang"),
        "/slow-head": answer(b"HTTP/1.1 200 OK\r\nX-A", then="hang"),
        "/silent": answer(then="hang"),
        "/announced": answer(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\nab", then="hang"),
        "/endless": answer(endless, then="hang"),
        "/flood": answer(flood, then="hang"),
    }
    with WireServer(answers) as server:
        late = ("/slow-body", "/slow-head", "/silent")
        plan = [
            {"url": server.url(path), "meta": {"download_timeout": 2 if path in late else 60}}
            for path in answers
        ]
        # All at a time, since three of them last until the timeout.
        recorded = crawl(
            tmp_path,
            plan,
            DOWNLOAD_MAXSIZE=100_000,
            CONCURRENT_REQUESTS_PER_DOMAIN=len(plan),
        )
    found = {path: by_path(recorded, path)[0] for path in answers}
    assert {path: one.truncated for path, one in found.items()} == {
        "/slow-body": "time",
        "/slow-head": "time",
        "/silent": None,
        "/announced": "length",
        "/endless": "length",
        "/flood": "length",
    }
    for path in ("/slow-body", "/slow-head", "/silent", "/announced"):
        assert found[path].response == answers[path].sent
    for path in ("/endless", "/flood"):
        assert answers[path].sent.startswith(found[path].response)
    assert len(found["/endless"].response) < 300_000
    assert 2**20 < len(found["/flood"].response) < 2**21
    assert all(one.failure for one in found.values())


def test_robots_redirects_and_retries_are_exchanges_of_their_own(tmp_path: Path) -> None:
    busy = answer(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
    answers = {
        "/robots.txt": answer(
            b"HTTP/1.1 200 OK\r\nContent-Length: 35\r\n\r\nUser-agent: *\nDisallow: /forbidden\n"
        ),
        "/old": answer(b"HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 5\r\n\r\nmoved"),
        "/new": OK,
        "/busy": busy,
        "/forbidden": OK,
    }
    meta = {"page_class": "article", "hints": {"portal": "530800"}, "via": "http://x.cn/list"}
    with WireServer(answers) as server:
        asked = ("/old", "/busy", "/forbidden")
        plan = [{"url": server.url(path), "meta": meta} for path in asked]
        recorded = crawl(tmp_path, plan, ROBOTSTXT_OBEY=True, RETRY_ENABLED=True)
        old = server.url("/old")
        assert server.requests("/forbidden") == []
    assert [one.page_class for one in by_path(recorded, "/robots.txt")] == ["robots"]
    [moved], [new] = by_path(recorded, "/old"), by_path(recorded, "/new")
    assert (moved.response, moved.via) == (answers["/old"].sent, "http://x.cn/list")
    assert (new.page_class, new.via, new.hints) == ("article", old, {"portal": "530800"})
    assert [one.retries for one in by_path(recorded, "/busy")] == [0, 1, 2]
    ids = [kept.id for _, kept in recorded["exchanges"]]
    assert len(set(ids)) == len(ids)


def test_robots_that_cannot_be_had_forbid_all(tmp_path: Path) -> None:
    """RFC 9309, 2.3.1: what is missing allows, what fails forbids; for all who wait for it."""
    pages = {"/1": OK, "/2": OK, "/3": OK}
    none = answer(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    broken = answer(b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n")
    with (
        WireServer({"/robots.txt": none, **pages}) as open_to_all,
        WireServer({"/robots.txt": broken, **pages}) as shut,
        WireServer({"/robots.txt": answer(then="close"), **pages}) as silent,
    ):
        servers = (open_to_all, shut, silent)
        plan = [{"url": server.url(path)} for path in pages for server in servers]
        crawl(tmp_path, plan, ROBOTSTXT_OBEY=True)
        fetched = [[one for one in server.received if one.path in pages] for server in servers]
    assert list(map(len, fetched)) == [3, 0, 0]


def test_a_crawl_leaves_an_archive_and_a_catalog_that_say_the_same(tmp_path: Path) -> None:
    answers = {
        "/ok": OK,
        "/short": answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", then="close"),
        "/nothing": answer(then="close"),
    }
    with WireServer(answers) as server:
        crawl(tmp_path, [{"url": server.url(path)} for path in answers])
    [path] = warc_files(tmp_path / "home/warc")
    records = list(iter_exchanges(path))
    assert isinstance(records[0], Run)
    assert records[0].settings["GKCRAWL_PROXY"] == "not used"
    assert isinstance(records[-1], RunEnd)
    assert (records[-1].reason, records[-1].counts["gk/exchanges"]) == ("finished", 3)
    stored = [one for one in records if isinstance(one, StoredExchange)]
    unanswered = [one for one in records if isinstance(one, Failure)]
    catalog = Catalog(tmp_path / "home/catalog.db", readonly=True)
    assert list(catalog.captures()) == [one.capture for one in stored]
    failures = [one.failure for one in stored if one.failure] + unanswered
    assert sorted(catalog.failures(), key=str) == sorted(failures, key=str)
    assert [one.error for one in failures] == ["ResponseDataLossError", "DownloadFailedError"]
    assert [one.content for one in stored] == [b"ok", b"ab"]
    catalog.close()


def test_what_a_killed_run_left_is_repaired_and_entered(tmp_path: Path) -> None:
    """The file of a dead process: still open, not locked, and unknown to the catalog."""
    killed = Run("0" * 32, "planned", "2026-11-22T00:00:00.000000Z")
    writer = WarcWriter(tmp_path / "elsewhere", killed)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    kept = writer.write(Exchange("http://a.cn/", now, b"GET / HTTP/1.1\r\n\r\n", OK.sent))
    home = tmp_path / "home"
    shutil.copytree(tmp_path / "elsewhere", home / "warc")
    writer.close()
    recorded = crawl(tmp_path, [])
    assert "an earlier run was killed" in recorded["log"]
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        assert list(catalog.captures()) == [kept]
    assert [path.suffix for path in warc_files(home / "warc")] == [".gz", ".gz"]


def test_what_a_killed_run_left_is_entered_before_its_file_is_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill in between would else leave a whole file of which the catalog knows nothing."""
    writer = WarcWriter(tmp_path / "warc", Run("0" * 32, "planned", "2026-11-22T00:00:00.000000Z"))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    kept = writer.write(Exchange("http://a.cn/", now, b"GET / HTTP/1.1\r\n\r\n", OK.sent))
    writer.abandon()

    def killed(home: Path) -> None:
        raise SystemExit

    monkeypatch.setattr("gkcrawl.crawl.recorder.recover", killed)
    with pytest.raises(SystemExit):
        Recorder(get_crawler(settings_dict={"GKCRAWL_HOME": str(tmp_path)}))
    with Catalog(tmp_path / "catalog.db", readonly=True) as catalog:
        assert list(catalog.captures()) == [kept]


def test_failures_before_any_answer_are_recorded(tmp_path: Path) -> None:
    with WireServer({}) as server:
        nobody = server.url("/refused")
    plan = [{"url": nobody}, {"url": "http://unknown.example.cn/dns"}]
    recorded = crawl(tmp_path, plan)
    assert by_path(recorded, "/refused")[0].failure.startswith("DownloadConnectionRefusedError")
    assert by_path(recorded, "/dns")[0].failure.startswith("CannotResolveHostError")
    assert all(isinstance(kept, Failure) for _, kept in recorded["exchanges"])
    assert recorded["stats"]["gk/failures"] == 2


def test_a_proxy_that_cannot_reach_the_host_is_a_failure(tmp_path: Path) -> None:
    with WireServer({}) as closed:
        port = closed.port
    with WireProxy(port, port) as proxy:
        plan = [{"url": f"{scheme}://www.yunfu.gov.cn/"} for scheme in ("http", "https")]
        recorded = crawl(tmp_path, plan, GKCRAWL_PROXY=proxy.url, DOWNLOAD_TIMEOUT=1)
    assert len(recorded["exchanges"]) == 2
    assert all(isinstance(kept, Failure) for _, kept in recorded["exchanges"])


def test_a_name_that_leads_home_is_not_followed(tmp_path: Path) -> None:
    """The second name's resolver changes its mind between the question and the connection."""
    hosts = {
        "www.example.cn": ["127.0.0.1"],
        "www.example.com": ["202.98.160.68", "127.0.0.1"],
    }
    with WireServer({"/": OK}) as server:
        plan = [{"url": server.url("/", host)} for host in hosts]
        recorded = crawl(tmp_path, plan, GKCRAWL_ALLOW_PRIVATE=False, HOSTS=hosts)
        assert server.received == []
    assert len(recorded["exchanges"]) == 2
    for exchange, kept in recorded["exchanges"]:
        assert exchange.failure.startswith("ForbiddenAddressError")
        assert isinstance(kept, Failure)


def test_a_redirect_into_the_own_network_is_not_followed(tmp_path: Path) -> None:
    with WireServer({"/secret": OK}) as server, WireProxy(server.port, server.port) as proxy:
        secret = server.url("/secret").encode()
        server.answers["/"] = answer(  # type: ignore[index]
            b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + secret + b"\r\n\r\n"
        )
        plan = [{"url": "http://www.example.cn/"}]
        recorded = crawl(tmp_path, plan, GKCRAWL_ALLOW_PRIVATE=False, GKCRAWL_PROXY=proxy.url)
        assert [one.path for one in server.received] == ["/"]
    assert by_path(recorded, "/secret")[0].failure.startswith("ForbiddenAddressError")


def test_local_files_and_other_protocols_are_no_pages(tmp_path: Path) -> None:
    plan = [{"url": "file:///etc/passwd"}, {"url": "data:,x"}, {"url": "ftp://127.0.0.1/x"}]
    recorded = crawl(tmp_path, plan)
    assert all("NotSupported" in one["error"] for one in recorded["seen"])
    assert len(recorded["seen"]) == 3


def test_old_tls_is_spoken(tmp_path: Path) -> None:
    context = certificate(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    with WireServer({"/": OK}, context) as server:
        recorded = crawl(tmp_path, [{"url": server.url("/")}])
    assert [one.failure for one, _ in recorded["exchanges"]] == [None]


def test_nothing_is_fetched_without_a_recorder(tmp_path: Path) -> None:
    with WireServer({"/": OK}) as server:
        recorded = crawl(tmp_path, [{"url": server.url("/")}], EXTENSIONS={})
        assert server.received == []
    assert "nothing is fetched unrecorded" in json.dumps(recorded["log"])
