"""The page of changes and its feed: what is new, what was changed, and by how much."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from asked_pages import Site, text
from hypothesis import given
from hypothesis import strategies as st
from small_archive import add_to_home, full_tables, make_home, reports

from archive.catalog.changes import Position, Wanted, days, entries
from archive.records import Run
from gkcrawl.web.atom import Entry, Feed, as_xml, tag

ATOM = "{http://www.w3.org/2005/Atom}"
STREET_2023, STREET_2024 = "530111008-75083bf5-2023", "530111008-75083bf5-2024"
SPRING = Run("1" * 32, "yunnan", "2026-03-01T00:00:00.000000Z", software="gkcrawl")


def make_edited_home(home: Path) -> Path:
    """Return the small archive in which numbers of the report of 2024 were changed without a word,
    and then with one; each was fetched twice, and the changed text of that of 2023 was, too."""
    make_home(home)
    earlier, first = reports()[:2]
    tables = full_tables(new_requests__natural_person=17, new_requests__total=20)
    silent = replace(first, tables=replace(tables, status=first.tables.status))
    again = full_tables(new_requests__natural_person=18, new_requests__total=21)
    told = replace(
        first,
        tables=replace(again, status=first.tables.status),
        text=f"{first.text}\n更正说明：本年新收数有误。",
    )
    reworded = replace(earlier, text=f"{earlier.text}\n更正：另有说明。")
    found = {
        datetime(2026, 3, day, hour, tzinfo=UTC): one
        for day, one in ((1, silent), (2, told))
        for hour in (8, 9)
    }
    return add_to_home(home, SPRING, found | {datetime(2026, 3, 3, 8, tzinfo=UTC): reworded})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_edited_home(tmp_path_factory.mktemp("edited"))


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Site]:
    with Site(home) as site:
        yield site


@pytest.fixture
def connection(home: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(home / "catalog.db")
    yield opened
    opened.close()


def test_newest_first_with_what_changed(site: Site) -> None:
    text_only, told, silent, *new = site.rows("/changes")

    assert [row["kind"] for row in (text_only, told, silent)] == ["text", "numbers", "numbers"]
    assert (told["report_id"], told["versions"]) == (STREET_2024, "2..3")
    assert (told["first_seen"][:13], told["at"][:13]) == ("2026-03-02T08", "2026-03-02T09")
    assert (silent["cells_changed"], silent["silent"]) == (3, True)
    assert (told["cells_changed"], told["silent"]) == (2, False)
    assert {
        "table": "requests",
        "row": "new_requests",
        "column": "total",
        "before": 15,
        "after": 20,
    } in json.loads(silent["cells"])
    assert (text_only["cells_changed"], text_only["characters_added"]) == (0, 8)
    assert {row["kind"] for row in new} == {"new"}
    assert len(new) == 5


def test_silent_changes_of_numbers_stand_out(site: Site) -> None:
    tree = site.page("/changes")
    told, silent = (text(item) for item in tree.xpath('//li[@class="edited"]'))

    assert "表中数字有改动" in silent
    assert "15 → 20" in silent
    assert "文中没有说明更正" in silent
    assert "文中没有说明更正" not in told
    (link,) = tree.xpath('(//li[@class="edited"])[2]//a[contains(@href, "diff")]/@href')
    assert link == f"/r/{STREET_2024}/diff/1..2"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kind=numbers", [(STREET_2024, "2..3"), (STREET_2024, "1..2")]),
        ("kind=text", [(STREET_2023, "1..2")]),
        ("kind=changed", [(STREET_2023, "1..2"), (STREET_2024, "2..3"), (STREET_2024, "1..2")]),
        ("silent=1", [(STREET_2024, "1..2")]),
        ("kind=removed", []),
        ("day=2026-03-01", [(STREET_2024, "1..2")]),
        ("day=2026-03-04", []),
        (f"kind=changed&province={quote('贵州省')}", []),
        (f"kind=numbers&province={quote('云南省')}&day=2026-03-02", [(STREET_2024, "2..3")]),
        ("kind=text&host=www.kmgd.gov.cn", [(STREET_2023, "1..2")]),
        ("kind=text&host=www.puershi.gov.cn", []),
    ],
)
def test_choices(site: Site, query: str, wanted: list[tuple[str, str]]) -> None:
    rows = site.rows(f"/changes?{query}")
    assert [(row["report_id"], row["versions"]) for row in rows] == wanted


def test_new_reports_of_a_host(site: Site) -> None:
    rows = site.rows("/changes?kind=new&host=www.kmgd.gov.cn")
    assert {row["report_id"] for row in rows} == {STREET_2023, STREET_2024}


@pytest.mark.parametrize("query", ["kind=x", "day=x", "silent=x", "before=x", "before=~1"])
def test_choices_that_make_no_sense_are_none(site: Site, query: str) -> None:
    assert len(site.rows(f"/changes?{query}")) == 8


def test_each_entry_comes_once_however_the_list_is_cut(connection: sqlite3.Connection) -> None:
    everything = [row["id"] for row in entries(connection, Wanted(), 100)]

    walked: list[str] = []
    before = None
    while found := entries(connection, Wanted(before=before), 3):
        walked += [row["id"] for row in found]
        last = found[-1]
        before = Position.parse(str(Position(last["at"], last["id"])))

    assert walked == everything
    assert len(set(walked)) == 8


def test_days(site: Site, connection: sqlite3.Connection) -> None:
    assert days(connection) == [
        {"day": "2026-03-03", "new": 0, "changed": 1},
        {"day": "2026-03-02", "new": 0, "changed": 1},
        {"day": "2026-03-01", "new": 0, "changed": 1},
        {"day": "2026-01-20", "new": 5, "changed": 0},
    ]
    assert days(connection, 1) == days(connection)[:1]
    assert site.page("/changes").xpath("//aside//tbody//a/@href") == [
        f"/changes?day={row['day']}" for row in days(connection)
    ]


def test_a_version_that_can_no_longer_be_read_is_said_to_be(home: Path, tmp_path: Path) -> None:
    with (
        sqlite3.connect(home / "catalog.db") as source,
        sqlite3.connect(tmp_path / "catalog.db") as copy,
    ):
        source.backup(copy)
        copy.execute("delete from readings")
    source.close()
    copy.close()
    with Site(tmp_path) as site:
        assert site.rows("/changes")[0]["characters_added"] is None
        assert "旧版已无法读取" in text(site.page("/changes"))


def feed_of(site: Site, path: str = "/changes.atom", **options: object) -> ElementTree.Element:
    answer = site.get(path, **options)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def test_feed_is_atom(site: Site) -> None:
    feed = feed_of(site)

    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert element.find(f"{ATOM}author/{ATOM}name").text  # type: ignore[union-attr]
        moment = element.findtext(f"{ATOM}updated") or ""
        assert datetime.fromisoformat(moment).tzinfo is not None
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert (ids[0] or "").startswith("tag:localhost,2026:event/")
    assert f"tag:localhost,2026:r/{STREET_2024}/v/1" in ids
    assert len(set(ids)) == 8
    assert feed.findtext(f"{ATOM}updated") == "2026-03-03T08:00:00.000000Z"


def test_feed_of_a_choice(site: Site) -> None:
    feed = feed_of(site, "/changes.atom?kind=numbers&day=2026-03-02")

    assert len(list(feed.iter(f"{ATOM}entry"))) == 2, "a feed goes on after any day"
    assert feed.findtext(f"{ATOM}id") == "tag:localhost,2026:changes.atom?kind=numbers"


def test_links_of_the_feed_are_absolute_behind_a_prefix(home: Path) -> None:
    with Site(home, base_url="/gk/") as site:
        feed = feed_of(site, headers={"host": "nb.example.org"})
        links = [link.get("href") for link in feed.iter(f"{ATOM}link")]
        assert links[:3] == [
            "http://nb.example.org/gk/changes",
            "http://nb.example.org/gk/changes.atom",
            f"http://nb.example.org/gk/r/{STREET_2023}/diff/1..2",
        ]
        assert feed.findtext(f"{ATOM}id") == "tag:nb.example.org,2026:changes.atom"
        links = site.page("/changes?kind=text").xpath('//link[@type="application/atom+xml"]/@href')
        assert links == ["/gk/changes.atom", "/gk/changes.atom?kind=text"]


@given(st.text(), st.text())
def test_a_feed_of_any_text_can_be_parsed(title: str, name: str) -> None:
    entry = Entry("e", title, "2026-01-01T00:00:00Z", "http://a/", name, name, ("new", title))
    made = Feed("f", title, "2026-01-01T00:00:00Z", "http://a/", "http://b/", name, "en", [entry])

    parsed = ElementTree.fromstring(as_xml(made))

    assert len(parsed.findall(f"{ATOM}entry")) == 1


def test_tags_do_not_depend_on_the_day() -> None:
    assert tag("example.org", "r/1/v/2") == "tag:example.org,2026:r/1/v/2"


def test_a_report_that_was_removed_or_moved_says_so(home: Path, tmp_path: Path) -> None:
    with (
        sqlite3.connect(home / "catalog.db") as source,
        sqlite3.connect(tmp_path / "catalog.db") as copy,
    ):
        source.backup(copy)
        insert_event(copy, id="a", kind="removed", report_id=STREET_2023, url="http://a.gov.cn/1")
        insert_event(copy, id="b", kind="moved", report_id=STREET_2024, target="http://b.gov.cn/2")
        insert_event(copy, id="c", kind="host_moved", target="http://b.gov.cn/", host="a.gov.cn")
    source.close()
    copy.close()
    with Site(tmp_path) as site:
        assert "已撤下 2026-04-01 起原网页不在了" in text(site.page(f"/r/{STREET_2023}"))
        assert "2026-04-01 起在：http://b.gov.cn/2" in text(site.page(f"/r/{STREET_2024}"))
        (_, moved, *_) = site.rows("/changes")
        assert (moved["kind"], moved["target"]) == ("moved", "http://b.gov.cn/2")
        whole = site.page("/changes?kind=host_moved").xpath('//main//li[span[@class="tag soft"]]')
        assert "网站换了地址 a.gov.cn" in text(whole[0])
        assert "现在 http://b.gov.cn/" in text(whole[0])


def insert_event(connection: sqlite3.Connection, **fields: str) -> None:
    times = dict.fromkeys(("first_seen", "confirmed_at"), "2026-04-01T00:00:00.000000Z")
    row = {"host": "a.gov.cn", "url": "http://a.gov.cn/", "pages": 1, **times, **fields}
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"insert into events ({names}) values ({marks})", list(row.values()))
