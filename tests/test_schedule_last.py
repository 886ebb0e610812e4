"""What a run asks for last, and how much of one host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from archive.catalog import Catalog
from gkcrawl.crawl.again import Again
from gkcrawl.crawl.budget import Budget, HostSpentError
from gkcrawl.crawl.unlisted import MOST_NEIGHBOURS, neighbours, unlisted
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Entry, family
from gkcrawl.portals import Portal
from gkcrawl.schedule import Past, Seen

PUER = "https://www.puershi.gov.cn/"
COLUMN = f"{PUER}nb.htm"
NOW = datetime(2026, 2, 1, tzinfo=UTC)


class Remembered:
    """A history in which each document has the captures that are told."""

    def __init__(self, *captures: tuple[str, str]) -> None:
        self.captures = [
            Seen(NOW + timedelta(days=n), outcome, mark)
            for n, (outcome, mark) in enumerate(captures)
        ]

    def past(self, url: str, page_class: str) -> Past:
        return Past(page_class, self.captures)


def answered(url: str, *flags: str) -> HtmlResponse:
    request = Request(url, meta={"page_class": "article"}, cb_kwargs={"portal": "530800"})
    return HtmlResponse(url, request=request, flags=list(flags))


@pytest.mark.parametrize(
    ("captures", "asked"),
    [
        ([("report", "a"), ("report", "b")], True),
        ([("report", "a"), ("unrelated", "b")], True),
        ([("unrelated", "a"), ("report", "b")], True),
        ([("report", "a"), ("report", "b"), ("report", "b")], False),
        ([("report", "a"), ("report", "a")], False),
        ([("report", "a")], False),
        # Bytes of what is no report change with every hit; an outage is no change.
        ([("notice", "a"), ("notice", "b")], False),
        ([("report", "a"), ("http_error", "b")], False),
        ([], False),
    ],
)
def test_a_report_that_changed_is_asked_for_once_more(
    captures: list[tuple[str, str]], asked: bool
) -> None:
    again = Again()
    again.note(answered(f"{PUER}1.htm"), Remembered(*captures))  # type: ignore[arg-type]
    assert [request.url for request in again.taken()] == [f"{PUER}1.htm"] * asked
    assert list(again.portals()) == ["530800"] * asked
    assert not list(again.taken())
    assert not list(again.portals())


def test_an_answer_from_the_archive_changes_nothing() -> None:
    again = Again()
    told = Remembered(("report", "a"), ("report", "b"))
    again.note(answered(f"{PUER}1.htm", "archived"), told)  # type: ignore[arg-type]
    assert not list(again.taken())


def test_a_host_is_asked_so_often_and_the_others_all_the_same() -> None:
    budget = Budget(2)
    for _ in range(2):
        budget.process_request(Request(PUER))
    with pytest.raises(HostSpentError, match=r"www\.puershi\.gov\.cn was asked 2 times"):
        budget.process_request(Request(f"{PUER}1.htm"))
    budget.process_request(Request("http://www.kmgd.gov.cn/"))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.db") as catalog:
        catalog.db.execute("insert into columns (portal_url, url) values (?, ?)", [PUER, COLUMN])
        for n in range(30):
            catalog.db.execute(
                "insert into listed (column_url, url, anchor, listed_date, first_seen, last_seen)"
                " values (?, ?, ?, ?, '2026-01-01', '2026-01-01')",
                [COLUMN, f"{PUER}{n}.htm", f"{1990 + n}年年报", f"{1991 + n}-03-01"],
            )
        yield catalog


def visit(*listed: int) -> Visit:
    found = Visit(Portal("530800", "普洱市", PUER, "vsb"))
    for n in listed:
        found.discover(Entry(f"{PUER}{n}.htm", ""), family("vsb"))
    return found


def test_what_lists_name_no_more_is_known_where_a_list_was_read(catalog: Catalog) -> None:
    one = visit(*range(28))
    assert not list(unlisted(catalog.db.conn, one))
    one.frontier.good = 1
    assert list(unlisted(catalog.db.conn, one)) == [
        Entry(f"{PUER}28.htm", "2018年年报", "2019-03-01"),
        Entry(f"{PUER}29.htm", "2019年年报", "2020-03-01"),
    ]


def test_neighbours_are_the_newest_of_what_the_lists_name(catalog: Catalog) -> None:
    told = [entry.url for entry in neighbours(catalog.db.conn, visit(*range(25)))]
    assert told == [f"{PUER}{n}.htm" for n in range(24, 24 - MOST_NEIGHBOURS, -1)]
