"""What a crawl fetched is read and entered together; a fault of one page is that page's alone."""

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from catalog_readings import capture, report_reading, stored
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from archive.catalog import Catalog, differences, totals
from archive.records import Capture, Reading
from gkcrawl.crawl import line
from gkcrawl.crawl.backlog import Backlog
from gkcrawl.crawl.documents import DocumentSpider
from gkcrawl.crawl.indexing import Indexer
from gkcrawl.crawl.line import Line
from gkcrawl.schedule import Past, Seen

FAULTY = "c2"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def captures(number: int) -> list[Capture]:
    return [
        capture(f"c{n}", f"https://www.example.gov.cn/{n}.html", offset=n) for n in range(number)
    ]


def reading_of(of: Capture) -> Reading:
    return report_reading(of, year=2000 + of.offset)


def soon(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 10))


class Reader:
    """Reads what is given to it; one capture it cannot."""

    def __init__(self, faulty: str = "") -> None:
        self.faulty = faulty
        self.asked: list[list[str]] = []

    def read_all(self, wanted: Sequence[Capture]) -> list[Reading]:
        self.asked.append([one.id for one in wanted])
        if self.faulty in self.asked[-1]:
            raise FileNotFoundError("the file is gone")
        return list(map(reading_of, wanted))

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.db") as made:
        yield made


def indexer(catalog: Catalog, reader: Reader) -> Indexer:
    settings = Settings({"GKCRAWL_HOME": str(catalog.path.parent), "GKCRAWL_CONVERSIONS": False})
    crawler = SimpleNamespace(settings=settings, stats=None)
    crawler.stats = MemoryStatsCollector(
        cast("Any", SimpleNamespace(settings=Settings({"STATS_DUMP": False})))
    )
    made = Indexer(cast("Any", crawler))
    made.recorder = cast("Any", SimpleNamespace(catalog=catalog, writing=nullcontext))
    made._reader = cast("Any", reader)
    return made


async def all_of(work: Indexer, wanted: Sequence[Capture]) -> list[Reading | BaseException]:
    """Return what comes of captures that stand in line together."""
    for one in wanted:
        work.recorder.catalog.add_capture(one)
        work.take(one)
    futures = [work._readings[one.id] for one in wanted]
    work._worker = asyncio.create_task(work._work())
    await work.finish()
    return await asyncio.gather(*futures, return_exceptions=True)


def test_what_waits_is_read_and_entered_together(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "TOGETHER", 4)
    reader, entered = Reader(), []
    apply_all = catalog.apply_all
    monkeypatch.setattr(
        catalog, "apply_all", lambda some: entered.append(len(some)) or apply_all(some)
    )

    told = soon(all_of(indexer(catalog, reader), captures(6)))

    assert reader.asked == [["c0", "c1", "c2", "c3"], ["c4", "c5"]]
    assert entered == [4, 2]
    assert [one.outcome for one in told] == ["report"] * 6
    assert catalog.pending() == []
    assert list(differences(catalog.db)) == []


def test_a_capture_that_cannot_be_read_does_not_hinder_those_beside_it(catalog: Catalog) -> None:
    work = indexer(catalog, Reader(FAULTY))

    told = soon(all_of(work, captures(4)))

    assert [isinstance(one, FileNotFoundError) for one in told] == [False, False, True, False]
    # Without an outcome it is read by the next run.
    assert [one.id for one in catalog.pending()] == [FAULTY]
    assert work.crawler.stats.get_value("gk/unread") == 1
    assert work.crawler.stats.get_value("gk/outcome/report") == 3


def test_a_reading_that_cannot_be_entered_does_not_hinder_those_beside_it(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_all = catalog.apply_all

    def applied(some: Sequence[Reading]) -> list[str | None]:
        done = apply_all(some)
        if FAULTY in [one.stored.capture.id for one in some]:
            raise ValueError("something in it")
        return done

    def in_one_transaction(some: Sequence[Reading]) -> list[str | None]:
        with catalog.batch():
            return applied(some)

    monkeypatch.setattr(catalog, "apply_all", in_one_transaction)

    told = soon(all_of(indexer(catalog, Reader()), captures(4)))

    assert [isinstance(one, ValueError) for one in told] == [False, False, True, False]
    assert [one.id for one in catalog.pending()] == [FAULTY]
    assert list(differences(catalog.db)) == []


def test_of_readings_that_a_kill_cuts_off_none_is_half_entered(tmp_path: Path) -> None:
    cut, whole = tmp_path / "cut.db", tmp_path / "whole.db"
    readings = [reading_of(one) for one in captures(5)]
    for path in (cut, whole):
        with Catalog(path) as catalog:
            for one in captures(5):
                catalog.add_capture(one)
            catalog.apply_all(readings[:2])
    child = os.fork()
    if child == 0:
        # In the midst: the reports stand there, the sums do not.
        totals.Changes.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        try:
            Catalog(cut).apply_all(readings[2:])
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL

    with Catalog(cut) as catalog, Catalog(whole) as other:
        assert [one.id for one in catalog.pending()] == ["c2", "c3", "c4"]
        assert list(differences(catalog.db)) == []
        catalog.apply_all(readings[2:])
        other.apply_all(readings[2:])
        assert list(catalog.dump()) == list(other.dump())


def test_a_line_is_given_out_in_its_order_and_ends() -> None:
    async def taken() -> list[list[str]]:
        waiting = Line()
        for one in captures(line.TOGETHER + 2):
            waiting.put(one)
        waiting.end()
        return [[one.id for one in await waiting.next()] for _ in range(4)]

    first, second, *rest = soon(taken())

    assert [*first, *second] == [f"c{n}" for n in range(line.TOGETHER + 2)]
    assert (len(first), rest) == (line.TOGETHER, [[], []])


def test_requests_are_held_back_while_the_line_is_long(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "TOGETHER", 2)
    monkeypatch.setattr(line, "MOST_WAITING", 3)
    work = indexer(catalog, Reader())
    backlog = Backlog(work)
    told: list[str] = []

    async def ask() -> None:
        await backlog.process_request(Request("https://www.example.gov.cn/"))
        told.append("asked")

    async def all_of_them() -> None:
        for one in captures(3):
            work.take(one)
        await ask()
        work.take(capture("c9"))
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0)
        told.append("held back")
        await work._line.next()
        await asking

    soon(all_of_them())

    assert told == ["asked", "held back", "asked"]


def test_nobody_is_held_back_when_reading_has_ended(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "MOST_WAITING", 0)

    async def ask() -> None:
        waiting = Line()
        waiting.put(capture("c1"))
        asking = asyncio.create_task(waiting.is_short())
        await asyncio.sleep(0)
        assert not asking.done()
        waiting.let_go()
        await asking

    soon(ask())


def test_without_an_indexer_nothing_is_held_back() -> None:
    crawler = SimpleNamespace(get_extension=lambda _: None)
    with pytest.raises(NotConfigured):
        Backlog.from_crawler(cast("Any", crawler))


class Known:
    """A history in which some addresses have a capture."""

    def __init__(self, *urls: str) -> None:
        self.urls = urls

    def past(self, url: str, page_class: str) -> Past:
        return Past(page_class, (Seen(LONG_AGO),) if url in self.urls else ())


def asked(url: str) -> Response:
    return HtmlResponse(url, request=Request(url, meta={"page_class": "article"}))


def test_what_is_fetched_for_the_first_time_cannot_have_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new, old = (f"https://www.example.gov.cn/{name}.html" for name in ("new", "old"))
    spider = DocumentSpider(name="x")
    spider.history = cast("Any", Known(old))
    noted: list[str] = []
    monkeypatch.setattr(spider.again, "note", lambda response, _: noted.append(response.url))

    async def read() -> None:
        done = asyncio.get_running_loop().create_future()
        done.set_result(Reading(stored(capture("c1")), "notice"))
        monkeypatch.setattr(spider, "_reading", lambda _: done)
        for url in (new, old, new):
            await spider._read_as(asked(url))

    for url in (new, old):
        assert spider.is_due(Request(url, meta={"page_class": "article"}))
    soon(read())

    # The second time in one run it may have.
    assert noted == [old, new]
