"""The pages of runs, their feed, and what Prometheus scrapes."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from asked_pages import Site, text
from monitored_runs import ALSO_GONE, FAILED, GONE, WELL, add_run
from prometheus_client.parser import text_string_to_metric_families
from small_archive import make_home

from gkcrawl.monitoring import verified
from gkcrawl.monitoring.kinds import RULES
from gkcrawl.web import monitored

ATOM = "{http://www.w3.org/2005/Atom}"
COUNTS = {"gk/exchanges": 1200, "gk/outcome/report": 30, "gk/failures": 7, "gk/bytes": 5000}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("runs"))
    add_run(home, "yunnan", 2, [WELL], counts=COUNTS)
    add_run(home, "guizhou", 3, [WELL, FAILED, GONE, ALSO_GONE], counts=COUNTS)
    add_run(home, "yunnan", 4, [WELL, GONE], counts=COUNTS)
    add_run(home, "yunnan", 5, ended=False)
    verified.note(home, 2, whole=True)
    return home


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Site]:
    with Site(home) as site:
        yield site


def test_runs_newest_first_with_how_they_ended(site: Site) -> None:
    rows = site.rows("/runs")
    assert [(row["spider"], row["started_at"][:10], row["failed"]) for row in rows] == [
        ("yunnan", "2026-05-05", 0),
        ("yunnan", "2026-05-04", 1),
        ("guizhou", "2026-05-03", 3),
        ("yunnan", "2026-05-02", 0),
        ("yunnan", "2026-01-20", 0),
    ]
    assert rows[0]["ended_at"] is None
    assert (rows[1]["exchanges"], rows[1]["reports"], rows[1]["judged"]) == (1200, 30, 2)
    shown = [text(row) for row in site.page("/runs").xpath("//main//tbody/tr")]
    assert "没有结束" in shown[0]
    assert shown[2].endswith("3 项不合")
    assert shown[3].endswith("相符")


def test_runs_of_a_spider_and_further_back(site: Site) -> None:
    assert {row["spider"] for row in site.rows("/runs?spider=guizhou")} == {"guizhou"}
    older = site.rows("/runs?before=2026-05-03T22:00:00.000000Z")
    assert [row["started_at"][:10] for row in older] == ["2026-05-02", "2026-01-20"]
    assert site.rows("/runs?spider=nobody") == []
    assert "还没有运行过" in text(site.page("/runs?spider=nobody"))


def test_a_run_says_what_failed_first_and_what_to_do(site: Site) -> None:
    path = f"/runs/{3:032x}"
    rows = site.rows(path)
    assert [row["status"] for row in rows] == ["failed", "failed", "failed", "ok"]
    assert rows[0]["measured"] == 0.75
    page = text(site.page(path))
    assert "拒绝比例" in page
    assert "询问网站，或使用境内代理" in page
    assert "portal_moved" in page
    english = text(site.page(f"{path}?lang=en"))
    assert "use a proxy in China" in english
    site.page(f"/runs/{9:032x}", 404)


def test_the_feed_has_an_entry_for_each_rule_that_failed(site: Site) -> None:
    feed = ElementTree.fromstring(site.get("/runs.atom").content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "yunnan: 年报栏目消失",
        "guizhou: 年报栏目消失 (2)",
        "guizhou: 拒绝比例",
    ]
    assert [entry.findtext(f"{ATOM}id") for entry in entries][2].endswith(f"{3:032x}/refusals")
    assert "0.75 (<= 0.5)" in (entries[2].findtext(f"{ATOM}summary") or "")
    (feed_link,) = site.page("/runs").xpath('//link[contains(@href, "runs.atom")]/@href')
    assert feed_link == "/runs.atom"


@pytest.mark.parametrize("path", ["/runs", f"/runs/{3:032x}"])
def test_in_english(site: Site, path: str) -> None:
    page = site.page(f"{path}?lang=en")
    said = page.xpath("//text()[ancestor-or-self::*[@lang][1]/@lang = 'en'][not(parent::script)]")
    assert [one for one in said if re.search("[\u4e00-\u9fff：（）]", one) and one != "中文"] == []


def test_every_rule_has_its_words() -> None:
    assert monitored._RULES.keys() == RULES.keys()


def test_prometheus_reads_the_metrics(site: Site, home: Path) -> None:
    answer = site.get("/-/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = {one.name: one for one in text_string_to_metric_families(answer.text)}
    assert all(one.documentation and one.type == "gauge" for one in families.values())
    values = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for one in families.values()
        for sample in one.samples
    }
    gone = ("monitor", "column_gone")
    assert values["gkcrawl_monitor_failed", gone, ("portal", "530800"), ("spider", "guizhou")] == 1
    well = (
        "gkcrawl_monitor_failed",
        ("monitor", "error_rate"),
        ("portal", ""),
        ("spider", "yunnan"),
    )
    assert values[well] == 0
    measured = ("gkcrawl_monitor_measured", ("monitor", "refusals"), ("spider", "guizhou"))
    assert values[measured] == 0.75
    assert values["gkcrawl_run_exchanges", ("spider", "guizhou")] == 1200
    assert values["gkcrawl_runs_unfinished",] == 2
    assert values["gkcrawl_reports", ("year", "2024")] == 2
    assert values["gkcrawl_verify_problems", ("whole", "true")] == 2
    assert values["gkcrawl_catalog_bytes",] == (home / "catalog.db").stat().st_size
    assert values["gkcrawl_warc_files",] == len(list((home / "warc").glob("*.warc.gz")))


def test_metrics_stay_where_they_are_behind_a_prefix(home: Path) -> None:
    with Site(home, base_url="/gk/") as site:
        assert "gkcrawl_info" in site.get("/gk/-/metrics").text
