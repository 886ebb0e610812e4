"""The pages of checks: by rule, and the reports that fail one."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from asked_pages import Site, text
from small_archive import make_home

from archive.catalog import totals
from gkcrawl.web.rules import Tally, basis, source_of, tallies
from gkcrawl.web.views.checks_rows import PAGE

STREET = "530111008-75083bf5-2024"
YUNNAN = quote("云南省")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("home"))
    with sqlite3.connect(home / "catalog.db") as connection:
        connection.execute(
            """insert into verdicts (report_id, check_id, verdict, note, reviewer, at, status,
                 "left", "right")
               values (?, 'handled.natural_person', 'confirmed', '<b>原表如此</b>', '甲',
                 '2026-02-01', 'fail', 13, 12)""",
            [STREET],
        )
    connection.close()
    return home


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Site]:
    with Site(home) as site:
        yield site


def test_rules_stand_worst_first_with_their_counts(site: Site) -> None:
    rows = {row["check_id"]: row for row in site.rows("/checks")}
    failing = rows["handled.natural_person"]

    assert (failing["assessed"], failing["held"], failing["failed"]) == (2, 1, 1)
    assert failing["share"] == 0.5
    assert failing["source"] == "identity"
    assert rows["handled.total"]["failed"] == 0
    shares = [row["share"] or 0 for row in site.rows("/checks") if row["source"] == "identity"]
    assert shares == sorted(shares, reverse=True)


def test_the_page_links_each_rule_to_its_reports(site: Site) -> None:
    tree = site.page(f"/checks?province={YUNNAN}&year=2024")
    (link,) = tree.xpath('//a[contains(., "自然人：办理结果各项之和")]')

    assert link.get("href") == f"/checks/handled.natural_person?year=2024&province={YUNNAN}"
    assert "统计表" in text(link.getparent())
    assert tree.xpath('//option[@value="2024"][@selected]')


def test_filters_narrow_the_counts(site: Site) -> None:
    def failed(query: str) -> int:
        return sum(row["failed"] for row in site.rows(f"/checks?{query}"))

    everything = failed("")
    assert failed("year=2024") < everything or failed("year=2023") == 0
    assert failed(f"year=2024&kind=subdistrict_office&province={YUNNAN}") >= 2
    assert site.rows("/checks?year=1999") == []
    assert "没有核对过的报告" in text(site.page("/checks?kind=nothing"))


def test_reports_that_fail_with_both_sides_cells_and_verdict(site: Site) -> None:
    (row,) = site.rows("/checks/handled.natural_person")

    assert (row["report_id"], row["left"], row["right"], row["difference"]) == (STREET, 13, 12, 1)
    assert "requests.denied_process_info.natural_person" in row["cells"].split()
    assert "= 13 ≠ 12 =" in row["message"]
    assert (row["verdict"], row["outdated"]) == ("confirmed", 0)

    tree = site.page("/checks/handled.natural_person")
    (line,) = tree.xpath("//main//tbody/tr")
    assert line.xpath(".//a/@href") == [f"/r/{STREET}#check-handled.natural_person"]
    assert "经人复核：属实" in text(line)
    assert "<b>原表如此</b>" in text(line)


def test_other_outcomes_of_a_check(site: Site) -> None:
    (row,) = site.rows("/checks/handled.natural_person?status=hold")

    assert (row["year"], row["status"]) == (2023, "hold")
    assert "没有这样的报告" in text(site.page("/checks/handled.natural_person?status=x"))


def test_pages_of_a_long_list(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "catalog.db"
    with sqlite3.connect(home / "catalog.db") as source, sqlite3.connect(copy) as connection:
        source.backup(connection)
        for n in range(PAGE + 3):
            connection.execute(
                "insert into reports (id, year, docid, issuer) values (?, 2024, ?, '某局')",
                [f"x{n:03}", 1000 + n],
            )
            connection.execute(
                """insert into checks (report_id, check_id, status, "left", "right")
                   values (?, 'flow.total', 'fail', ?, 0)""",
                [f"x{n:03}", n],
            )
        totals.recount(connection)
    source.close()
    connection.close()
    with Site(tmp_path) as site:
        first, second = (site.rows(f"/checks/flow.total?page={page}") for page in (1, 2))
        assert [row["difference"] for row in first] == list(range(PAGE + 2, 2, -1))
        assert [row["difference"] for row in second] == [2, 1, 0]
        filtered = site.rows("/checks/flow.total?year=2024&page=2")
        assert [row["report_id"] for row in filtered] == [row["report_id"] for row in second]
        links = site.page("/checks/flow.total?year=2024").xpath('//a[@rel="next"]/@href')
        assert links == ["/checks/flow.total?year=2024&page=2"]
        assert site.page("/checks/flow.total?page=2").xpath('//a[@rel="prev"]/@href') == [
            "/checks/flow.total?page=1"
        ]


@pytest.mark.parametrize("check", ["nothing", "flow.x", "a.b.c", "-", "flow.total..json"])
def test_a_check_that_nobody_made_is_not_found(site: Site, check: str) -> None:
    site.get(f"/checks/{check}", status=404)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=99999999", "page=-1", "year=%00", "province=%27%22", "status=%F0%9F%98%80"],
)
def test_odd_arguments_are_answered(site: Site, query: str) -> None:
    site.page(f"/checks/handled.natural_person?{query}")
    site.page(f"/checks?{query}")


def test_english(site: Site) -> None:
    tree = site.page("/checks/handled.natural_person?lang=en")

    assert tree.get("lang") == "en"
    assert "Basis" in text(tree)
    assert tree.xpath("//tbody/tr/th/a/@lang") == ["zh-CN"]


@pytest.mark.parametrize(
    ("check", "source"),
    [
        ("flow.total", "identity"),
        ("cases.review", "identity"),
        ("text.new_requests", "finding"),
        ("section.missing", "finding"),
        ("plausible.regulations", "finding"),
        ("text.reuse", "evaluation"),
        ("sections.missing", "evaluation"),
        ("published.late", "evaluation"),
        ("chain.carried_over_in.total", "evaluation"),
        ("aggregate.requests", "evaluation"),
    ],
)
def test_every_check_has_its_source_and_what_it_rests_on(check: str, source: str) -> None:
    assert source_of(check) == source
    assert basis(check)


def test_tallies() -> None:
    found = tallies(
        [
            ("flow.total", "hold", 8),
            ("flow.total", "fail", 2),
            ("flow.total", "left_side_blank", 5),
            ("plausible.negative", "suspicious", 3),
            ("cases.review", "not_assessable", 4),
        ]
    )

    assert found == [
        Tally("flow.total", held=8, failed=2, open=5),
        Tally("plausible.negative", held=0, failed=3, open=0),
        Tally("cases.review", held=0, failed=0, open=4),
    ]
    assert [(one.assessed, one.share) for one in found] == [(10, 0.2), (None, None), (0, None)]
