"""What the spider finds on one small portal of every family, and how the finding is measured."""

import sqlite3
from pathlib import Path

import pytest

from bench.find import SAMPLE, WAYS, run
from bench.find_again import again
from bench.find_scoring import Outcome, score, score_fetched, violations
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import Exchange

# Small portals: robots.txt and the columns weigh more than in the whole land.
MOST_REQUESTS = {"given": 1.45, "unknown": 2.0}


@pytest.fixture(scope="module", params=["given", "unknown"])
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    columns, family = WAYS[request.param]
    home = tmp_path_factory.mktemp(request.param)
    outcome, told = run(Land(SAMPLE, small=True), home, columns=columns, family=family)
    assert told["exit"] == {"yunnan": 0}, (home / "crawl.log").read_text("utf-8")[-3000:]
    return outcome


@pytest.mark.timeout(400)
def test_every_family_is_found_whole_and_nothing_else(crawled: Outcome) -> None:
    lost = [(one["portal"], one["title"], one["urls"], one["why"]) for one in crawled.missed]
    assert lost == []
    assert [(one["url"], one["title"], one["why"]) for one in crawled.false] == []


def test_the_spider_is_a_guest_at_the_door(crawled: Outcome) -> None:
    assert {kind: found for kind, found in crawled.violations.items() if found} == {}
    assert crawled.elsewhere == {}


def test_it_needs_few_requests(crawled: Outcome, request: pytest.FixtureRequest) -> None:
    way = request.node.callspec.params["crawled"]
    assert crawled.scores[""].told()["requests_per_report"] <= MOST_REQUESTS[way]


LAND = Land(["zunyi", "shunyi", "funing"], small=True)
HOME = "https://www.zunyi.gov.cn/"


def asked(url: str, came: float = 0.0, gone: float | None = None) -> Exchange:
    return Exchange("GET", url, {}, came, came + 0.1 if gone is None else gone, 200)


def wrong(*traffic: Exchange) -> dict[str, list[str]]:
    return {kind: urls for kind, urls in violations(LAND, traffic).items() if urls}


def test_one_after_the_other_behind_robots_txt_is_no_violation() -> None:
    assert wrong(asked(f"{HOME}robots.txt"), asked(HOME, 1), asked(HOME, 2)) == {}


def test_what_robots_txt_forbids_is_a_violation() -> None:
    forbidden = "http://www.bjshy.gov.cn/zwgk/"
    assert wrong(asked("http://www.bjshy.gov.cn/robots.txt"), asked(forbidden)) == {
        "robots": [forbidden]
    }


def test_not_to_ask_for_robots_txt_is_a_violation() -> None:
    assert wrong(asked(HOME)) == {"robots": [HOME]}


def test_two_at_once_on_one_host_are_a_violation() -> None:
    traffic = asked(f"{HOME}robots.txt"), asked(HOME, 1, 3), asked(f"{HOME}a", 2)
    assert wrong(*traffic) == {"concurrent": [f"{HOME}a"]}


def test_to_be_faster_than_the_crawl_delay_is_a_violation() -> None:
    host = "https://www.chinafuning.gov.cn"
    traffic = [asked(f"{host}/robots.txt"), asked(f"{host}/", 1), asked(f"{host}/a", 1.5)]
    assert wrong(*traffic) == {"pace": [f"{host}/a"]}


def test_to_come_back_before_a_stumbling_server_asked_to_is_a_violation() -> None:
    land, url = Land(["sjz"], small=True), "http://www.sjz.gov.cn/a"
    robots = asked("http://www.sjz.gov.cn/robots.txt")
    busy = Exchange("GET", url, {}, 1.0, 1.1, 503)
    for came, wrongs in ((2.2, []), (1.3, [url])):
        found = violations(land, [robots, busy, asked(url, came)])
        assert found["retry_after"] == wrongs


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://localhost/a", "http://[::1]/", "http://169.254.169.254/x"]
)
def test_a_private_address_is_a_violation(url: str) -> None:
    assert wrong(asked(url)) == {"private": [url]}


@pytest.mark.timeout(400)
def test_a_day_later_what_is_new_and_what_is_gone_is_noticed(tmp_path: Path) -> None:
    keys = ["zunyi", "dali"]
    land, later = Land(keys, small=True), Land(keys, small=True, later=True)
    first, _ = run(land, tmp_path, columns=True, family=True)
    file, requests = land.portals_file(given=True, family=True), first.scores[""].requests
    day = again(land, later, tmp_path, file, first=requests)
    assert (day["added"], day["gone"]) == (2, 2)
    assert day["added_missed"] == day["gone_unnoticed"] == day["false_new"] == []
    assert day["requests"] < requests
    assert not any(day["violations"].values())


def catalog(home: Path, rows: list[tuple[str, str, int]]) -> None:
    with sqlite3.connect(home / "catalog.db") as db:
        db.execute("create table reports (id, url, title, issuer, year)")
        db.execute("create table sources (report_id, url)")
        db.executemany("insert into reports values (?, ?, '', '', ?)", rows)


def test_a_report_counts_once_and_only_with_its_year(tmp_path: Path) -> None:
    free = [r for r in LAND.truth()["reports"] if not r["hidden"]]
    first, second = free[:2]
    catalog(
        tmp_path,
        [
            ("a", first["urls"][0], first["year"]),
            ("b", first["urls"][0], first["year"]),
            ("c", second["urls"][0], 1999),
        ],
    )
    outcome = score(LAND, tmp_path, [asked(second["urls"][0])])
    assert outcome.scores[""].told() | {"requests_per_report": None} == {
        "reports": len(free),
        "found": 1,
        "recall": round(1 / len(free), 4),
        "precision": 0.3333,
        "false": 2,
        "requests": 1,
        "requests_per_report": None,
    }
    assert {one["why"] for one in outcome.missed} == {
        "never asked for",
        "in the catalog as {1999}, or another report's",
    }


def test_a_peer_is_scored_by_the_pages_that_it_fetched() -> None:
    free = [r["urls"][0] for r in LAND.truth()["reports"] if not r["hidden"]]
    told = score_fetched(LAND, {free[0], HOME})
    assert (told["found"], told["taken"], told["false"]) == (1, 2, 1)
