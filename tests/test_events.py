"""States and events in the catalog: whatever the order in which captures come, the same rows."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from catalog_readings import REPORT, TABLES, capture, report_reading, stored
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalog import Catalog
from archive.catalog.events import Position, Wanted, events
from archive.catalog.states import rewatch
from archive.records import Capture, Failure, Reading, Run, RunEnd
from gkcrawl.cli import main

HOST = "www.example.gov.cn"
PAGE = f"https://{HOST}/1.html"
MORE = replace(TABLES, requests={"new_requests": {"natural_person": 9, "total": 9}})
Told = Reading | Failure


def at(day: int, hour: int = 1) -> str:
    return f"2026-{1 + day // 28:02}-{1 + day % 28:02}T{hour:02}:00:00.000000Z"


class Story:
    """Captures of a host, day by day, in the order in which a crawl would make them."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def home(self, day: int, url: str = f"https://{HOST}/") -> "Story":
        return self._other(url, day, 0, "navigation", "", status=200, kind="home")

    def report(self, day: int, hour: int = 1, url: str = PAGE, **changes: object) -> "Story":
        digest = f"sha256:{sorted(changes.items())!r}"
        of = self._capture(url, day, hour, payload_digest=digest)
        self.told.append(report_reading(of, **changes))
        return self

    def answer(self, day: int, outcome: str, message: str = "", url: str = PAGE) -> "Story":
        status = {"redirect": 301, "not_found": 404}.get(outcome, 200)
        return self._other(url, day, 1, outcome, message, status=status)

    def fail(self, day: int, url: str = PAGE) -> "Story":
        name = f"f{len(self.told)}"
        error = ("DownloadTimeoutError", "took too long")
        self.told.append(Failure(name, f"r{day}", url, at(day), *error))
        return self

    def _other(
        self, url: str, day: int, hour: int, outcome: str, message: str, **fields: object
    ) -> "Story":
        of = self._capture(url, day, hour, **fields)
        self.told.append(Reading(stored(of), outcome, message=message))
        return self

    def _capture(self, url: str, day: int, hour: int, **fields: object) -> Capture:
        name = f"c{len(self.told)}"
        return capture(name, url, captured_at=at(day, hour), run_id=f"r{day}", **fields)


def a_year() -> Story:
    """Return a story in which all kinds of things happen on two hosts."""
    story = Story().home(0).report(0).report(0, url=f"https://{HOST}/old.html", year=2023)
    story.home(1).report(1, tables=MORE).report(1, 2, tables=MORE)
    story.home(2).report(2, text="half").report(2, 2, tables=MORE)
    for day in (3, 5, 20):
        story.home(day).answer(day, "not_found")
    story.fail(22).fail(22, f"https://{HOST}/").fail(22, f"https://{HOST}/robots.txt")
    story.home(24).report(24, tables=MORE)
    new = "https://new.example.gov.cn/old.html"
    story.home(25).answer(25, "redirect", new, f"https://{HOST}/old.html")
    story.report(25, 2, new, year=2023)
    story.report(26, 1, new, year=2023, tables=MORE).report(26, 2, new, year=2023, tables=MORE)
    return story


def enter(catalog: Catalog, told: Sequence[Told]) -> None:
    for one in told:
        if isinstance(one, Failure):
            catalog.add_failure(one)
        else:
            catalog.apply(one)


def told_by(catalog: Catalog) -> tuple[list[object], list[object]]:
    """Return the rows of states and events."""
    return tuple(  # type: ignore[return-value]
        catalog.db.execute(f"select * from {table} order by 1").fetchall()
        for table in ("states", "events")
    )


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with Catalog(tmp_path_factory.mktemp("year") / "catalog.db") as made:
        enter(made, a_year().told)
        made.watch()
        yield made


def test_a_year(catalog: Catalog) -> None:
    found = [
        (row["kind"], row["url"].partition("gov.cn")[2], row["first_seen"][:10])
        for row in reversed(events(catalog.db.conn, Wanted(), 100))
    ]
    assert sorted(found) == [
        ("moved", "/old.html", at(25)[:10]),
        ("numbers", "/1.html", at(1)[:10]),
        ("numbers", "/old.html", at(26)[:10]),
        ("outage", "/", at(22)[:10]),
        ("removed", "/1.html", at(3)[:10]),
        ("returned", "/1.html", at(24)[:10]),
    ]
    states = dict(catalog.db.execute("select url, state from states"))
    assert states == {
        PAGE: "returned",
        f"https://{HOST}/old.html": "moved",
        "https://new.example.gov.cn/old.html": "changed",
    }
    assert catalog.db.execute("select count(*) from touched").fetchone() == (0,)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10**6))
def test_the_order_of_arrival_does_not_matter(
    catalog: Catalog, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    random = Random(seed)
    told = a_year().told
    random.shuffle(told)
    with Catalog(tmp_path_factory.mktemp("shuffled") / "catalog.db") as other:
        # As several crawls, or the files of several machines, one after the other.
        cuts = sorted(random.randrange(len(told)) for _ in range(3))
        for start, end in zip([0, *cuts], [*cuts, len(told)], strict=True):
            enter(other, told[start:end])
            other.watch()
        assert told_by(other) == told_by(catalog)


def test_made_anew_from_what_stands_in_the_catalog(catalog: Catalog) -> None:
    before = told_by(catalog)
    links = catalog.db.execute("select * from host_links").fetchall()
    with catalog.batch():
        for table in ("states", "events", "host_links"):
            catalog.db.execute(f"delete from {table}")
        rewatch(catalog.db.conn)

    assert told_by(catalog) == before
    assert catalog.db.execute("select * from host_links").fetchall() == links


def test_what_another_spider_still_fetches_is_not_judged_half_way(tmp_path: Path) -> None:
    with Catalog(tmp_path / "catalog.db") as catalog:
        for name in ("r0", "r1"):
            catalog.add_run(Run(name, f"spider {name}", at(0)))
        other = "https://other.gov.cn/1.html"
        enter(catalog, Story().report(0).report(1, url=other).told)

        catalog.end_run(RunEnd("r0", at(2), "finished"))
        assert [url for (url,) in catalog.db.execute("select url from states")] == [PAGE]

        catalog.end_run(RunEnd("r1", at(3), "finished"))
        assert catalog.db.execute("select count(*) from states").fetchone() == (2,)


def test_what_is_read_again_is_judged_again(tmp_path: Path) -> None:
    story = Story().report(0).report(1, tables=MORE).report(1, 2, tables=MORE)
    with Catalog(tmp_path / "catalog.db") as catalog:
        enter(catalog, story.told)
        catalog.watch()
        assert len(told_by(catalog)[1]) == 1

        # A better reader finds that nothing had changed.
        enter(
            catalog, [replace(one, report=REPORT) for one in story.told if isinstance(one, Reading)]
        )
        catalog.watch()
        assert told_by(catalog)[1] == []


def test_pages_of_other_peoples_archives_are_nobodys_to_watch(tmp_path: Path) -> None:
    with Catalog(tmp_path / "catalog.db") as catalog:
        of = capture("c1", "https://www.example.com/", kind="other")
        catalog.apply(Reading(stored(of), "unrelated"))
        assert catalog.db.execute("select count(*) from touched").fetchone() == (0,)


def test_a_redirect_to_what_is_no_address_is_entered(tmp_path: Path) -> None:
    with Catalog(tmp_path / "catalog.db") as catalog:
        told = Story().report(0).answer(1, "redirect", "http://[bad").told
        enter(catalog, told)
        catalog.watch()
        assert catalog.db.execute("select state from states").fetchall() == [("present",)]
        assert catalog.db.execute("select * from host_links").fetchall() == []


def test_work_grows_with_the_hosts_of_a_run_not_with_the_archive(tmp_path: Path) -> None:
    with Catalog(tmp_path / "catalog.db") as catalog:
        for n in range(30):
            enter(catalog, Story().report(n, url=f"https://h{n}.gov.cn/1.html", year=n).told)
        catalog.watch()
        asked: list[str] = []
        enter(catalog, [report_reading(capture("new", "https://h3.gov.cn/1.html"), year=3)])
        catalog.db.conn.set_trace_callback(asked.append)
        catalog.watch()
        catalog.db.conn.set_trace_callback(None)
    assert len(asked) < 40


def test_asked_for_some(catalog: Catalog) -> None:
    def kinds(**wanted: Any) -> list[str]:
        return [row["kind"] for row in events(catalog.db.conn, Wanted(**wanted), 100)]

    assert kinds(kinds=("outage",)) == ["outage"]
    assert kinds(host="new.example.gov.cn") == ["numbers"]
    assert kinds(silent=True) == ["numbers", "numbers"]
    assert kinds(day=at(24)[:10]) == ["returned"]
    assert kinds(since=at(25)[:10]) == ["numbers", "moved"]
    assert kinds(province="贵州省") == []
    newest = events(catalog.db.conn, Wanted(), 1)[0]
    after = Position(newest["confirmed_at"], newest["id"])
    assert len(kinds(before=after)) == 5


def test_cells_before_and_after(catalog: Catalog) -> None:
    (row,) = events(catalog.db.conn, Wanted(kinds=("numbers",), host=HOST), 10)
    assert {
        "table": "requests",
        "row": "new_requests",
        "column": "total",
        "before": 1,
        "after": 9,
    } in row["cells"]
    assert (row["silent"], row["versions"]) == (True, (1, 2))


def test_listed_on_the_terminal(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GKCRAWL_HOME", str(catalog.path.parent))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["changes", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    assert "without a word on it" in run("--silent")
    rows = json.loads(run("--json", "--since", at(24)[:10]))
    assert [row["kind"] for row in rows] == ["numbers", "moved", "returned"]
    assert run("--kind", "template") == ""
