"""What is due of every host, by a catalog whose past is known."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT

from archive.catalog import Catalog
from archive.records import Capture, Failure, Run, RunEnd, timestamp
from gkcrawl.cli import main
from gkcrawl.schedule.agenda import Turn, agenda, by_spider, plan
from gkcrawl.schedule.rules import Rules, read_rules

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
RULES: Rules = read_rules(ROOT / "config" / "schedule.yml")
FILE = """
province: "530000"
name: 云南省
portals:
  - {code: "530800", name: 普洱市, url: "https://www.puershi.gov.cn/"}
  - {code: "530111", name: 官渡区, url: "http://www.kmgd.gov.cn/"}
  - {code: "530102", name: 五华区, url: "http://www.kmgd.gov.cn/wh/", columns: ["http://www.kmgd.gov.cn/wh/nb/"]}
"""
PUER, GUANDU = "www.puershi.gov.cn", "www.kmgd.gov.cn"
COLUMN = f"https://{PUER}/nb.htm"


class Past:
    """A catalog in which runs of days before NOW are entered."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.number = 0

    def run(
        self,
        days: float,
        *pages: tuple[str, str],
        reason: str | None = "finished",
        spider: str = "yunnan",
    ) -> None:
        """Enter a run of (address, outcome) pairs; an outcome may be ``article:report``."""
        at = timestamp(NOW - timedelta(days=days))
        self.number += 1
        run_id = f"{self.number:032x}"
        self.catalog.add_run(Run(run_id, spider, at))
        for n, (url, told) in enumerate(pages):
            kind, _, outcome = told.rpartition(":")
            if outcome == "refused":
                failure = Failure(f"{run_id}{n}", run_id, url, at, "ConnectionRefused", "", None)
                self.catalog.add_failure(failure)
                continue
            capture = Capture(
                id=f"{run_id}{n}",
                url=url,
                captured_at=at,
                status=200,
                media_type="text/html",
                payload_digest=f"sha256:{n}",
                warc="a.warc.gz",
                offset=n,
                length=1,
                kind=kind or "listing",
                run_id=run_id,
            )
            self.catalog.add_capture(capture)
            sql = "update captures set outcome = ? where id = ?"
            self.catalog.db.execute(sql, [outcome, capture.id])
        if reason:
            self.catalog.end_run(RunEnd(run_id, at, reason))
        self.catalog.db.conn.commit()

    def lists(self, url: str, days: float) -> None:
        """Enter that the column of 普洱 was first seen to list a document some days ago."""
        at = timestamp(NOW - timedelta(days=days))
        self.catalog.db.execute(
            "insert or ignore into columns (portal_url, url) values (?, ?)",
            [f"https://{PUER}/", f"{COLUMN}#list"],
        )
        self.catalog.db.execute(
            "insert into listed (column_url, url, first_seen) values (?, ?, ?)",
            [f"{COLUMN}#list", url, at],
        )
        self.catalog.db.conn.commit()

    def turns(self, now: datetime = NOW) -> dict[str, Turn]:
        found = agenda(self.catalog.db.conn, ["yunnan"], now, RULES)
        return {one.unit.host: one for one in found}


@pytest.fixture
def past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Past]:
    folder = tmp_path / "config" / "portals"
    folder.mkdir(parents=True)
    (folder / "yunnan.yml").write_text(FILE, "utf-8")
    monkeypatch.setenv("GKCRAWL_CONFIG", str(folder.parent))
    monkeypatch.setenv("GKCRAWL_HOME", str(tmp_path))
    with Catalog(tmp_path / "catalog.db") as catalog:
        yield Past(catalog)


BOTH = ((f"https://{PUER}/", "navigation"), (f"http://{GUANDU}/", "navigation"))


def test_portals_of_one_host_are_one_unit_and_never_visited_at_first(past: Past) -> None:
    turns = past.turns()
    assert [turn.due.why for turn in turns.values()] == ["never visited"] * 2
    assert [p.code for p in turns[GUANDU].unit.portals] == ["530111", "530102"]
    assert agenda(None, ["yunnan"], NOW, RULES) == list(turns.values())


def test_a_visit_a_few_days_ago_is_enough_out_of_the_season(past: Past) -> None:
    past.run(3, *BOTH)
    turn = past.turns()[PUER]
    assert (turn.due.due, turn.due.next) == (False, NOW + timedelta(days=4))
    assert past.turns(NOW + timedelta(days=4))[PUER].due


@pytest.mark.parametrize(("listed_days", "span"), [(30.0, 10.5), (5.0, 5.6), (20.0, 10.5)])
def test_the_span_follows_whether_the_lists_named_anything_new(
    past: Past, listed_days: float, span: float
) -> None:
    """New is what was first seen between the two visits."""
    past.lists(f"https://{PUER}/1.htm", listed_days)
    past.run(20, *BOTH)
    past.run(5, *BOTH)
    turn = past.turns()[PUER]
    assert turn.due.next - (turn.last or NOW) == timedelta(days=span)


def test_a_visit_in_which_nothing_answered_is_tried_again_the_next_day(past: Past) -> None:
    robots = (f"https://{PUER}/robots.txt", "robots:navigation")
    past.run(0.5, robots, (f"https://{PUER}/", "refused"), BOTH[1])
    turn = past.turns()[PUER]
    assert turn.due.next == NOW + timedelta(days=0.5)
    assert turn.due.why.startswith("failed on 2026-06-01, again after 1 day")


def test_a_portal_that_may_not_be_asked_was_visited_with_its_robots_txt(past: Past) -> None:
    past.run(1, (f"https://{PUER}/robots.txt", "robots:navigation"))
    assert past.turns()[PUER].due.next == NOW + timedelta(days=6)


@pytest.mark.parametrize("reason", [None, "shutdown", "closespider_pagecount"])
def test_a_run_that_did_not_end_is_made_up_for(past: Past, reason: str | None) -> None:
    past.run(1, BOTH[0], reason=reason)
    turns = past.turns()
    assert turns[PUER].due
    assert turns[PUER].due.why == "stopped on 2026-05-31, made up for at once"
    assert turns[GUANDU].due.why == "never visited"


def test_the_run_that_goes_on_completes_the_visit_without_asking_for_its_lists(past: Past) -> None:
    past.run(1.2, BOTH[0], reason="closespider_pagecount")
    past.run(1, (f"https://{PUER}/1.htm", "article:report"))
    assert past.turns()[PUER].due.next == NOW + timedelta(days=6)
    # A run that only fetched a document, without one before that was stopped, is no visit.
    past.run(0.5, (f"https://{PUER}/1.htm", "article:report"))
    assert past.turns()[PUER].due.next == NOW + timedelta(days=6)


def test_runs_of_others_and_imports_are_no_visits(past: Past) -> None:
    past.run(1, BOTH[0], spider="import")
    assert past.turns()[PUER].due.why == "never visited"


def test_a_document_that_failed_makes_its_portal_due_before_its_lists(past: Past) -> None:
    page = f"https://{PUER}/1.htm"
    past.lists(page, 2)
    past.run(2, *BOTH, (page, "article:http_error"))
    turn = past.turns()[PUER]
    assert (turn.kind, turn.due.due) == ("documents", True)
    assert turn.due.why == f"{page}: http_error on 2026-05-30, again after 1 day"
    # A visit that did not fetch it shows that nothing leads there any more.
    past.run(0.5, *BOTH)
    assert past.turns()[PUER].kind == "lists"


def test_a_missed_night_stays_due_and_the_longest_waiting_comes_first(past: Past) -> None:
    past.run(20, BOTH[0])
    past.run(10, BOTH[1])
    for days in (0, 1, 30):
        found = agenda(past.catalog.db.conn, ["yunnan"], NOW + timedelta(days=days), RULES)
        assert [(one.unit.host, one.due.due) for one in found] == [(PUER, True), (GUANDU, True)]


def test_lists_come_before_documents_and_what_is_not_due_last(past: Past) -> None:
    page = f"https://{PUER}/1.htm"
    past.lists(page, 5)
    past.run(5, BOTH[0], (page, "article:failed"))
    past.run(7.5, BOTH[1])
    order = [one.unit.host for one in agenda(past.catalog.db.conn, ["yunnan"], NOW, RULES)]
    assert order == [GUANDU, PUER]


def test_a_budget_takes_the_first_and_leaves_the_rest(past: Past) -> None:
    found = agenda(None, ["yunnan"], NOW, RULES)
    assert [len(part) for part in plan(found, 1)] == [1, 1]
    assert [len(part) for part in plan(found, 119)] == [1, 1]
    assert [len(part) for part in plan(found, 120)] == [2, 0]
    assert list(by_spider(found)) == ["yunnan"]


def test_a_spider_of_document_sites_is_due_by_its_runs(past: Past) -> None:
    def of_wenku() -> Turn:
        (found,) = agenda(past.catalog.db.conn, ["wenku"], NOW, RULES)
        return found

    assert of_wenku().due.why == "never visited"
    past.run(10, (f"https://{PUER}/", "listing"), spider="wenku")
    assert of_wenku().due.next == NOW + timedelta(days=20)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["schedule", *arguments])


def test_the_table_names_each_spider_and_each_host(past: Past) -> None:
    past.run(3, BOTH[0])
    done = invoke("--spider", "yunnan", "--json")
    rows = {row["host"]: row for row in json.loads(done.stdout)}
    assert rows[GUANDU]["why"] == "never visited"
    assert rows[GUANDU]["portals"] == ["530111", "530102"]
    (line,) = [
        line for line in invoke("--spider", "yunnan").stdout.splitlines() if "yunnan" in line
    ]
    assert line.split()[:3] == ["yunnan", "2", "2" if rows[PUER]["due"] else "1"]
    assert GUANDU in invoke("--spider", "yunnan", "--hosts").stdout
    assert "no spider 'yunan'" in invoke("--spider", "yunan").output


def test_explain_tells_of_a_page_its_captures_and_its_portal(past: Past) -> None:
    page = f"https://{PUER}/1.htm"
    past.lists(page, 30)
    past.run(30, BOTH[0], (page, "article:report"))
    past.run(10, BOTH[0], (page, "article:report"))
    told = json.loads(invoke("explain", page, "--json").stdout)
    assert [(one["effect"], one["span_days"]) for one in told["captures"]] == [
        ("first", 14),
        ("unchanged", 21),
    ]
    assert told["next"] == timestamp(NOW + timedelta(days=11))
    assert [visit["spider"] for visit in told["visits"]] == ["yunnan"]
    words = invoke("explain", page)
    assert words.exit_code == 0
    assert "report on 2026-05-22, again after 21 days (unchanged)" in words.stdout
    assert f"yunnan, {PUER}: " in words.stdout


def test_explain_tells_that_nothing_is_known(past: Past) -> None:
    done = invoke("explain", "http://nowhere.example/1.htm")
    assert done.exit_code == 1
    assert "No portal" in done.stdout


def test_a_mistake_in_the_file_ends_with_a_message(past: Past, tmp_path: Path) -> None:
    (tmp_path / "config" / "schedule.yml").write_text("season: 1\n", "utf-8")
    done = invoke()
    assert done.exit_code == 1
    assert "schedule.yml: field 'season' is 1, expected a mapping" in done.output
