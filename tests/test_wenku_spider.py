"""The spider of document sites: what it looks for, what it opens, and what it leaves alone."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_web import SmallWeb, crawl, html, report, row, small_web

from archive.catalog.database import Database
from archive.catalog.opening import open_database
from gkcrawl.crawl.gaps import Gap, gaps
from gkcrawl.families.wenku import search_url

COLUMN = "http://www.kmgd.gov.cn/zfxxgk/zfxxgknb/"
PORTALS = f"""province: "530000"
name: 云南省
portals:
  - {{code: "530111", name: 官渡区, url: "http://www.kmgd.gov.cn/", columns: ["{COLUMN}"]}}
"""
SEARCH = "http://www.360docs.net/search?q={q}&page={page}"
SITES = f'sites:\n  - {{name: 演示文库, url: "http://www.360docs.net/", search: "{SEARCH}"}}\n'
ORGAN = "官渡区人民政府办公室"
MISSING = Gap(ORGAN, 2022, "530111")


def test_the_missing_report_by_its_name() -> None:
    assert MISSING.title == f"{ORGAN}2022年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("title", "fits"),
    [
        ("昆明市官渡区人民政府办公室2022年政府信息公开工作年度报告.doc", True),
        ("官渡区政府办公室2022年度政府信息公开年报", True),
        ("官渡区人民政府办公室2021年政府信息公开工作年度报告", False),
        ("西山区财政局2022年政府信息公开工作年度报告", False),
        ("2022年政府信息公开工作年度报告", False),
    ],
)
def test_which_titles_may_be_the_missing_report(title: str, fits: bool) -> None:
    assert MISSING.fits(title) is fits


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Database]:
    """An organ with reports on 2020 and 2022, one on 2021, and a portal that gave none."""
    db = open_database(tmp_path / "catalog.db", False)
    for n, (agency, year) in enumerate([("a", 2020), ("a", 2022), ("b", 2021)]):
        db.table("reports").insert(
            {"id": f"{agency}-{year}", "agency_id": agency, "year": year, "docid": n}
        )
    for agency, name in (("a", "甲局"), ("b", "乙局")):
        db.table("agencies").insert({"id": agency, "name": name, "division_code": "530111"})
    for code in ("530112", "510100"):
        url = f"http://{code}.example/"
        known = {"spider": "x", "code": code, "name": code, "url": url, "kind": "portal"}
        db.table("portals").insert(known)
    db.table("captures").insert({"id": "1", "url": "http://530112.example/robots.txt"})
    db.conn.commit()
    yield db
    db.close()


def test_gaps_are_years_since_an_organs_first_report(catalog: Database) -> None:
    assert [(gap.name, gap.year) for gap in gaps(catalog)] == [("乙局", 2022), ("甲局", 2021)]


def test_for_one_year_portals_that_were_visited_count_too(catalog: Database) -> None:
    assert [(gap.name, gap.year) for gap in gaps(catalog, 2021)] == [
        ("甲局", 2021),
        ("530112", 2021),
    ]


@pytest.fixture(scope="module")
def web() -> Iterator[SmallWeb]:
    """A portal with the reports on 2021 and 2023; the one between is on a document site."""
    pages: dict[str, Any] = {
        COLUMN: html(
            row("202401/t20240120_1.html", f"{ORGAN}2023年政府信息公开工作年度报告"),
            row("202201/t20220120_3.html", f"{ORGAN}2021年政府信息公开工作年度报告"),
        ),
        f"{COLUMN}202401/t20240120_1.html": report(ORGAN, 2023),
        f"{COLUMN}202201/t20220120_3.html": report(ORGAN, 2021),
        search_url(SEARCH, MISSING.title, 1): html(
            row("/doc/9.html", "某县财政局2022年政府信息公开工作年度报告.doc"),
            row("/doc/1.html", f"{ORGAN}2022年政府信息公开工作年度报告.doc"),
        ),
        "http://www.360docs.net/doc/1.html": report(ORGAN, 2022),
    }
    with small_web(pages) as web:
        yield web


@pytest.fixture(scope="module")
def home(web: SmallWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("wenku")
    for name, text in (("portals.yml", PORTALS), ("sites.yml", SITES)):
        (tmp_path / name).write_text(text, "utf-8")
    crawl(web, tmp_path / "home", "yunnan", tmp_path / "portals.yml")
    web.asked.clear()
    crawl(web, tmp_path / "home", "wenku", tmp_path / "sites.yml")
    return tmp_path / "home"


def test_a_missing_report_is_searched_by_its_title_and_only_it_is_opened(
    web: SmallWeb, home: Path
) -> None:
    assert [url for url in web.documents() if "/doc/" in url] == [
        "http://www.360docs.net/doc/1.html"
    ]
    db = sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True)
    found = db.execute("select year, trust from reports order by year").fetchall()
    db.close()
    assert found == [(2021, "official"), (2022, "document_site"), (2023, "official")]


def test_what_was_found_is_not_searched_again(web: SmallWeb, home: Path) -> None:
    web.asked.clear()
    crawl(web, home, "wenku", home.parent / "sites.yml")
    assert all(MISSING.name not in json.dumps(url) for url in web.documents())
    assert len(web.documents()) == 1  # the general search


def test_nothing_is_searched_where_no_search_is_wanted(web: SmallWeb, tmp_path: Path) -> None:
    web.asked.clear()
    (tmp_path / "sites.yml").write_text(SITES, "utf-8")
    crawl(web, tmp_path / "home", "wenku", tmp_path / "sites.yml", "-asearches=0")
    assert len(web.documents()) == 1
