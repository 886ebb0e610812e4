"""From WARC files to the catalog: outcomes, and that a rebuild gives the catalog of the crawl."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from catalog_readings import capture, stored

import archive.reading
from archive.catalog import Catalog, Question
from archive.index import index_archive, load_divisions
from archive.reading import read_at, read_stored
from archive.records import (
    Capture,
    Exchange,
    Failure,
    NotAReport,
    Reading,
    RenderedPage,
    Run,
    RunEnd,
)
from archive.warc import DamagedRecord, WarcWriter, locate, warc_files

BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
RUN = Run("ab" * 16, "yunnan", "2026-11-22T00:00:00.000000Z", software="gkcrawl")
PORTALS = [{"spider": "yunnan", "code": "530111", "url": "http://www.kmgd.gov.cn/"}]
SITE = "http://www.kmgd.gov.cn"

ROWS = "\n".join(
    f"<tr><td>{label}</td>{'<td>0</td>' * columns}</tr>"
    for label, columns in (("规章", 3), ("行政规范性文件", 3))
)
REPORT = f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>昆明市官渡区人民政府六甲街道办事处2024年政府信息公开工作年度报告</title>
<meta name="PubDate" content="2025-01-20 09:00"></head><body>
<h1>昆明市官渡区人民政府六甲街道办事处2024年政府信息公开工作年度报告</h1>
<div class="TRS_Editor">
<p>根据《中华人民共和国政府信息公开条例》和国办公开办函〔2021〕30号的要求，六甲街道办事处编制本报告。</p>
<p>一、总体情况</p><p>2024年，街道主动公开各类政府信息一百余条，答复依申请公开一件。</p>
<p>二、主动公开政府信息情况</p>
<table><tr><td colspan="4">第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
{ROWS}</table>
<p>三、收到和处理政府信息公开申请情况</p><p>见下表。</p>
<p>四、政府信息公开行政复议、行政诉讼情况</p><p>本年度没有行政诉讼。</p>
<p>五、存在的主要问题及改进情况</p><p>公开的内容还不够细，今后逐项改进。</p>
<p>六、其他需要报告的事项</p><p>没有其他需要报告的事项。</p></div></body></html>"""


def answer(body: str = "", status: str = "200 OK", *headers: str) -> bytes:
    content = body.encode()
    head = (f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers)
    return ("\r\n".join(head) + "\r\n\r\n").encode() + content


def exchanges() -> list[Exchange | RenderedPage]:
    """A small crawl, with everything that happens on one."""
    html = "Content-Type: text/html"
    listing = '<html><body><ul><li><a href="/a.html">年度报告</a></li></ul></body></html>'
    pages: list[tuple[str, bytes, dict[str, Any]]] = [
        ("/robots.txt", answer("User-agent: *\n", "200 OK", "Content-Type: text/plain"), {}),
        ("/", answer(listing, "200 OK", html), {"page_class": "home"}),
        ("/zfxxgknb/", answer(listing, "200 OK", html), {"page_class": "column"}),
        ("/a.html", answer(REPORT, "200 OK", html), {"page_class": "article"}),
        ("/copy.html", answer(REPORT, "200 OK", html), {"page_class": "article"}),
        ("/moved.html", answer("", "302 Found", "Location: /a.html"), {"page_class": "article"}),
        ("/gone.html", answer("没有", "404 Not Found", html), {"page_class": "article"}),
        ("/wall.html", answer("<script>$_ts</script>", "412 X", html), {"page_class": "article"}),
        ("/error.html", answer("", "500 Error"), {"page_class": "article"}),
        ("/empty.html", answer("", "200 OK", html), {"page_class": "article"}),
        ("/cut.html", answer(REPORT)[:500], {"page_class": "article", "truncated": "disconnect"}),
        ("/late.html", b"", {"failure": "DownloadTimeoutError: 180 s"}),
        ("/garbage", b"\x00\x01 no http", {"failure": "ParseError: no status line"}),
    ]
    made: list[Exchange | RenderedPage] = [
        Exchange(
            f"{SITE}{path}",
            BEGIN + timedelta(seconds=number),
            b"GET / HTTP/1.1\r\n\r\n",
            response,
            **{"page_class": "robots" if path == "/robots.txt" else "other", **told},
        )
        for number, (path, response, told) in enumerate(pages)
    ]
    page = RenderedPage(
        f"{SITE}/a.html", BEGIN + timedelta(minutes=1), REPORT, 200, page_class="article"
    )
    return [*made, page]


@pytest.fixture
def home(crawled: Path, tmp_path: Path) -> Path:
    """An archive of two files, and beside it the catalog that the crawl made."""
    return Path(shutil.copytree(crawled, tmp_path / "data"))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive_home = tmp_path_factory.mktemp("crawled")
    (archive_home / "warc").mkdir(parents=True)
    captures: list[Capture] = []
    with Catalog(archive_home / "catalog.db") as catalog:
        load_divisions(catalog)
        catalog.load_portals(PORTALS)
        catalog.add_run(RUN)
        for part in (exchanges()[:6], exchanges()[6:]):
            writer = WarcWriter(archive_home / "warc", RUN)
            for exchange in part:
                kept = (
                    writer.write_rendered(exchange)
                    if isinstance(exchange, RenderedPage)
                    else writer.write(exchange)
                )
                if isinstance(kept, Failure):
                    catalog.add_failure(kept)
                else:
                    captures.append(kept)
                    catalog.add_capture(kept)
            end = RunEnd(RUN.id, "2026-11-22T01:00:00.000000Z", "finished", {"captures": 13})
            writer.write_run_end(end)
            writer.close()
        random.Random(1).shuffle(captures)
        for one in captures:
            reading = read_at(locate(archive_home / "warc", one.warc), one.offset)
            if reading.stored.failure:
                catalog.add_failure(reading.stored.failure)
            catalog.apply(reading)
        catalog.end_run(end)
    return archive_home


@pytest.fixture
def catalog(home: Path) -> Iterator[Catalog]:
    with Catalog(home / "catalog.db") as made:
        yield made


def test_every_exchange_has_its_outcome(catalog: Catalog) -> None:
    outcomes = {
        (row["url"].removeprefix(SITE), row["kind"]): row["outcome"]
        for row in catalog.db.query("select url, kind, outcome from captures")
    }

    assert outcomes == {
        ("/robots.txt", "robots"): "navigation",
        ("/", "home"): "navigation",
        ("/zfxxgknb/", "column"): "navigation",
        ("/a.html", "article"): "report",
        ("/a.html", "rendered"): "report",
        ("/copy.html", "article"): "report",
        ("/moved.html", "article"): "redirect",
        ("/gone.html", "article"): "not_found",
        ("/wall.html", "article"): "blocked",
        ("/error.html", "article"): "http_error",
        ("/empty.html", "article"): "empty",
        ("/cut.html", "article"): "truncated",
        ("/garbage", "other"): "failed",
    }
    assert {failure.url for failure in catalog.failures()} == {
        f"{SITE}/late.html",
        f"{SITE}/garbage",
    }


def test_two_pages_of_one_report_are_two_sources(catalog: Catalog) -> None:
    assert catalog.status()["reports"]["total"] == 1
    assert catalog.status()["reports"]["by_province"] == {"云南省": 1}
    assert {row["url"] for row in catalog.db.query("select url from sources")} == {
        f"{SITE}/a.html",
        f"{SITE}/copy.html",
    }


@pytest.mark.parametrize("jobs", [0, 2])
def test_rebuild_gives_the_catalog_of_the_crawl(home: Path, catalog: Catalog, jobs: int) -> None:
    before = list(catalog.dump())
    catalog.db.execute("delete from reports")
    catalog.db.execute("insert into failures (id, url) values ('stray', 'https://x/')")
    catalog.db.commit()

    counts = index_archive(home, catalog, rebuild=True, jobs=jobs, portals=PORTALS)

    assert list(catalog.dump()) == before
    assert counts == {"files": 2, "captures": 13, "failures": 2, "read": 13, "reports": 3}
    assert catalog.search(Question("诉讼")).total == 1
    assert not list(home.glob("*.rebuild*"))


def test_rebuild_without_a_catalog_gives_the_same(home: Path, catalog: Catalog) -> None:
    before = list(catalog.dump())

    with Catalog(home / "other.db") as empty:
        index_archive(home, empty, jobs=0, portals=PORTALS)

        assert list(empty.dump()) == before


def test_rebuild_is_seen_by_a_reader_that_is_open(home: Path, catalog: Catalog) -> None:
    with Catalog(home / "catalog.db", readonly=True) as reader:
        assert reader.search(Question("诉讼")).total == 1
        catalog.apply(Reading(stored(capture("stray", offset=99)), "empty"))

        index_archive(home, catalog, rebuild=True, jobs=0, portals=PORTALS)

        assert reader.outcome("stray") is None
        assert list(reader.dump()) == list(catalog.dump())


def test_index_reads_only_what_has_no_outcome(home: Path, catalog: Catalog) -> None:
    before = list(catalog.dump())
    catalog.db.execute("update captures set outcome = null where url like '%/a.html'")
    catalog.db.commit()

    counts = index_archive(home, catalog, jobs=0, portals=PORTALS)

    assert counts["read"] == 2
    assert list(catalog.dump()) == before


def test_damaged_file_is_named_and_a_rebuild_leaves_the_catalog(
    home: Path, catalog: Catalog
) -> None:
    before = list(catalog.dump())
    damaged = warc_files(home / "warc")[1]
    damaged.write_bytes(damaged.read_bytes()[:-20])

    with pytest.raises(DamagedRecord, match=damaged.name):
        index_archive(home, catalog, rebuild=True, jobs=0)

    assert list(catalog.dump()) == before


def test_a_damaged_file_keeps_no_other_from_being_entered(home: Path, tmp_path: Path) -> None:
    first, *others = warc_files(home / "warc")
    assert others
    first.write_bytes(first.read_bytes()[:-20])
    with Catalog(tmp_path / "new.db") as catalog:
        with pytest.raises(DamagedRecord, match=first.name):
            index_archive(home, catalog, jobs=0)
        entered = {capture.warc for capture in catalog.captures()}
    assert {path.name for path in others} <= entered


def test_fault_of_the_reader_is_recorded_and_does_not_stop_the_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> NotAReport:
        raise RecursionError("too deep")

    monkeypatch.setattr(archive.reading.report, "read", broken)

    reading = read_stored(stored(capture("c1"), b"<html>"))

    assert (reading.outcome, reading.message) == ("failed", "RecursionError: too deep")
    assert "capture c1" in caplog.text


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, "not_found"),
        (410, "not_found"),
        (400, "http_error"),
        (503, "http_error"),
        *((code, "blocked") for code in (403, 412, 429, 468, 491, 512, 521)),
        (301, "redirect"),
        (None, "failed"),
    ],
)
def test_outcome_by_status(status: int | None, outcome: str) -> None:
    assert read_stored(stored(capture("c1", status=status), REPORT.encode())).outcome == outcome


def test_wall_with_status_200_is_blocked_on_a_listing_too() -> None:
    wall = b'<html><head><script>var $_ts=window["$_ts"];document.cookie="a"</script></head></html>'

    assert read_stored(stored(capture("c1", kind="listing"), wall)).outcome == "blocked"


def test_report_on_a_listing_page_is_navigation() -> None:
    listing = stored(capture("c1", kind="listing"), REPORT.encode())

    assert read_stored(listing).outcome == "navigation"
    assert read_stored(replace(listing, capture=capture("c1"))).outcome == "report"
