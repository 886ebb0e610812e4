"""The pages over a small archive, asked through Datasette's own client: no port, no browser."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import lxml.html
import pytest
import yaml
from asked_pages import Site, text
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from small_archive import make_home

from archive.catalog import Catalog
from archive.config import config_path
from gkcrawl.web.labels import error_words
from gkcrawl.web.serve import NoCatalog, build_app

STREET_2023, STREET_2024 = "530111008-75083bf5-2023", "530111008-75083bf5-2024"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(make_home(tmp_path_factory.mktemp("home"))) as site:
        yield site


def test_nothing_of_a_document_becomes_markup(site: Site) -> None:
    rows = site.get("/catalog/reports.json?_shape=array").json()
    (found,) = [row["id"] for row in rows if row["url"] == "http://www.example.org/<b>&\"'"]
    for path in (f"/r/{found}", "/", "/search?q=alert", "/catalog/reports"):
        assert not site.page(path).xpath("//main//script | //main//b")
    tree = site.page("/search?q=" + quote('"><script>alert(1)</script>'))
    assert tree.xpath('//input[@name="q"]/@value') == ['"><script>alert(1)</script>']


@pytest.mark.parametrize(
    "path", ["/r/unknown", "/r/unknown/original", "/capture/unknown/original", "/r/a/b", "/nix"]
)
def test_what_is_not_there_is_said_so(site: Site, path: str) -> None:
    tree = site.page(path, status=404)
    assert text(tree.xpath("//h1")[0]) == "没有这一页"


# ------------------------------------------------------------------------------------- search


def hits(tree: lxml.html.HtmlElement) -> list[str]:
    return [text(link) for link in tree.xpath('//ol[@class="hits"]//h2/a')]


@pytest.mark.parametrize("words", ["诉讼", "不予公开", "行政诉讼 不予公开", "六甲"])
def test_search_finds_words_of_any_length(site: Site, words: str) -> None:
    tree = site.page(f"/search?q={quote(words)}")
    assert any("六甲街道办事处" in hit for hit in hits(tree))
    assert {text(mark) for mark in tree.xpath("//mark")} >= {words.split()[-1]}


def test_search_filters_by_year_and_province(site: Site) -> None:
    assert len(hits(site.page("/search?year=2024"))) == 2
    assert len(hits(site.page(f"/search?q={quote('诉讼')}&year=2023"))) == 1
    assert len(hits(site.page(f"/search?province={quote('云南省')}"))) == 4
    assert hits(site.page(f"/search?province={quote('广东省')}")) == []


@pytest.mark.parametrize("query", ["q=%22", "q=*", "q=%E6%9C%A8%E5%90%89", "q=AND+OR+NOT(", "q=％"])
def test_search_that_finds_nothing(site: Site, query: str) -> None:
    tree = site.page(f"/search?{query}")
    assert hits(tree) == []
    assert "没有找到" in text(tree.xpath('//p[@role="status"]')[0])


@pytest.mark.parametrize("query", ["year=abc", "page=-1", "page=99999999999", "page=7", "year=²"])
def test_search_bears_odd_arguments(site: Site, query: str) -> None:
    site.page(f"/search?q={quote('诉讼')}&{query}")


# ------------------------------------------------------------------------------- stock tables


@pytest.mark.parametrize("words", ["诉讼", "不予公开"])
def test_the_search_box_of_the_stock_table_finds_chinese(site: Site, words: str) -> None:
    found = site.get(f"/catalog/reports.json?_shape=array&_search={quote(words)}").json()
    assert len(found) == 4


def test_stock_pages_speak_chinese(site: Site) -> None:
    reports = site.page("/catalog/reports")
    assert {text(h3) for h3 in reports.xpath('//section[@class="facets"]//h3')} >= {
        "省份",
        "年度",
        "层级",
        "机关类别",
    }
    assert reports.xpath(f'//td/a[@href="/r/{STREET_2023}"]')
    assert "街道办事处" in text(reports.xpath('//td[contains(@class, "issuer_kind")]')[0])
    assert "数据表" in text(site.page("/catalog"))
    site.page("/catalog?sql=select+1+as+a")
    site.page("/catalog/failed_checks")
    site.page("/catalog/not_found?year=2023")
    site.page(f"/catalog/reports/{STREET_2023}")


def told_of_tables() -> dict[str, Any]:
    told = yaml.safe_load(config_path("datasette.yml").read_text("utf-8"))
    return dict(told["databases"]["catalog"]["tables"])


def test_every_table_is_described_and_opens(site: Site) -> None:
    described = told_of_tables()
    names = asyncio.run(_names(site.datasette))
    assert set(described) == names
    for name in names:
        site.page(f"/catalog/{name}")


def test_described_columns_exist(site: Site) -> None:
    shared = {"requests_wide", "active_disclosure", "requests", "review_litigation"}
    described = told_of_tables()
    for name, said in described.items():
        columns = set(asyncio.run(site.datasette.get_database("catalog").table_columns(name)))
        assert set(said.get("facets", ())) <= columns
        if name not in shared:
            assert set(said.get("columns", ())) <= columns


async def _names(datasette: Datasette) -> set[str]:
    db = datasette.get_database("catalog")
    tables = set(await db.table_names()) | set(await db.view_names())
    return {name for name in tables if not name.startswith(("report_fts", "sqlite_"))}


def test_a_search_that_takes_too_long_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_slow(*_: object) -> None:
        raise QueryInterrupted(Exception("interrupted"), "select", {})

    monkeypatch.setattr("gkcrawl.web.views.search._found", too_slow)
    assert "用时过长" in text(site.page("/search?q=x").xpath('//p[@role="status"]')[0])


# ------------------------------------------------------------------------------------- serving


def test_every_answer_carries_the_policy(site: Site) -> None:
    found = ("/", "/catalog/reports", "/-/static-plugins/gkcrawl/gkcrawl.css")
    for path, status in (*((path, 200) for path in found), ("/nix", 404)):
        headers = site.get(path, status).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_without_a_catalog_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoCatalog, match=re.escape(str(tmp_path)) + ".*crawl first"):
        build_app(tmp_path)


@pytest.mark.parametrize("path", ["/", "/catalog/reports", "/catalog?sql=select+1"])
def test_a_path_prefix_that_the_proxy_hands_on(site: Site, path: str) -> None:
    with Site(site.home, base_url="/gk") as prefixed:
        tree = prefixed.page(path)  # Datasette's client puts the prefix before it
    links = tree.xpath("//a/@href | //link/@href | //form/@action")
    assert links
    inside = [link for link in links if not re.match(r"https?://(?!localhost/)", link)]
    assert all(link.startswith(("/gk/", "http://localhost/gk/", "#", "?")) for link in inside)
    assert not [link for link in inside if "/gk/gk" in link]


@pytest.mark.parametrize("path", ["metadata", "metadata.json", "databases.json", "threads.json"])
def test_nothing_tells_where_the_archive_lies(site: Site, path: str) -> None:
    answer = asyncio.run(site.datasette.client.get(f"/-/{path}"))
    assert str(site.home) not in answer.text


@pytest.mark.parametrize("place", ["/-/static", "/-/static-plugins/gkcrawl"])
def test_a_file_name_that_no_disk_has_is_not_found(site: Site, place: str) -> None:
    site.get(f"{place}/{'a' * 3000}", 404)


def test_a_rebuilt_catalog_is_opened_anew(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    app = build_app(tmp_path)

    async def ask() -> str:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/")).text

    assert "库中还没有报告" in asyncio.run(ask())
    rebuilt = make_home(tmp_path / "new")
    (rebuilt / "catalog.db").replace(tmp_path / "catalog.db")
    assert "六甲街道办事处" in asyncio.run(ask())


@pytest.mark.parametrize("facet", ["province", "year", "level", "issuer_kind"])
def test_facets_lead_to_the_reports_that_they_count(site: Site, facet: str) -> None:
    counted = site.get(f"/catalog/reports.json?_facet={facet}").json()["facet_results"]
    # Datasette 1.0 puts those that took too long beside them.
    for value in counted.get("results", counted)[facet]["results"]:
        wanted = f"{facet}__exact={quote(str(value['value']))}"
        found = site.get(f"/catalog/reports.json?_shape=array&_size=max&{wanted}").json()
        assert len(found) == value["count"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Row not found: ['x']", "没有这一行。"),
        ("没有这个编号的报告。", "没有这个编号的报告。"),
        ("no such column: x", "数据服务的答复：no such column: x"),
    ],
)
def test_errors_are_told_in_chinese(said: str, shown: str) -> None:
    assert error_words(said) == shown
