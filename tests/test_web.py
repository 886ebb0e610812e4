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
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from small_archive import make_home

from archive.catalog import Catalog
from gkcrawl.web.labels import error_words
from gkcrawl.web.serve import NoCatalog, build_app, build_datasette

STREET_2023, STREET_2024 = "530111008-75083bf5-2023", "530111008-75083bf5-2024"


class Site:
    """The pages of one archive."""

    def __init__(self, home: Path, **options: Any) -> None:
        self.home = home
        self.datasette: Datasette = build_datasette(home, **options)

    def get(self, path: str) -> Any:
        """Return the answer to a GET."""
        return asyncio.run(self.datasette.client.get(path))

    def page(self, path: str, status: int = 200) -> lxml.html.HtmlElement:
        """Return a page as a tree, having checked what holds for every page."""
        answer = self.get(path)
        assert answer.status_code == status, answer.text[:500]
        tree = lxml.html.document_fromstring(answer.content.decode("utf-8"))
        assert tree.get("lang") == "zh-CN"
        assert tree.xpath("//title")[0].text_content().strip()
        assert len(tree.xpath("//h1")) == 1
        assert not tree.xpath("//script | //*[@style] | //style")
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        targets = {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")}
        assert targets <= set(ids)
        return tree

    def ids(self) -> dict[str, str]:
        """Return the ids of the reports by their URL."""
        rows = self.get("/catalog/reports.json?_shape=array").json()
        return {row["url"]: row["id"] for row in rows}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(make_home(tmp_path_factory.mktemp("home")))
    yield site
    site.datasette.databases["catalog"].close()


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def table(tree: lxml.html.HtmlElement, name: str) -> lxml.html.HtmlElement:
    (found,) = tree.xpath(f'//table[@id="{name}"]')
    return found


def row(found: lxml.html.HtmlElement, label: str) -> list[str]:
    (line,) = [tr for tr in found.xpath(".//tbody/tr") if label in text(tr.xpath("th[last()]")[0])]
    return [text(td) for td in line.xpath("td")]


def test_nothing_of_a_document_becomes_markup(site: Site) -> None:
    found = site.ids()["http://www.example.org/<b>&\"'"]
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


def test_every_table_is_described_and_opens(site: Site) -> None:
    described = site.datasette.metadata("databases")["catalog"]["tables"]
    names = asyncio.run(_names(site.datasette))
    assert set(described) == names
    for name in names:
        site.page(f"/catalog/{name}")


def test_described_columns_exist(site: Site) -> None:
    shared = {"requests_wide", "active_disclosure", "requests", "review_litigation"}
    described = site.datasette.metadata("databases")["catalog"]["tables"]
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
    for path in ("/", "/catalog/reports", "/-/static-plugins/gkcrawl/gkcrawl.css", "/nix"):
        headers = site.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_without_a_catalog_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoCatalog, match=re.escape(str(tmp_path)) + ".*crawl first"):
        build_app(tmp_path)


@pytest.mark.parametrize("path", ["/", "/catalog/reports", "/catalog?sql=select+1"])
def test_a_path_prefix_that_the_proxy_hands_on(site: Site, path: str) -> None:
    prefixed = Site(site.home, base_url="/gk")
    tree = prefixed.page(path)  # Datasette's client puts the prefix before it
    links = tree.xpath("//a/@href | //link/@href | //form/@action")
    assert links
    inside = [link for link in links if not re.match(r"https?://(?!localhost/)", link)]
    assert all(link.startswith(("/gk/", "http://localhost/gk/", "#", "?")) for link in inside)
    assert not [link for link in inside if "/gk/gk" in link]
    prefixed.datasette.databases["catalog"].close()


@pytest.mark.parametrize("path", ["metadata", "metadata.json", "databases.json", "threads.json"])
def test_nothing_tells_where_the_archive_lies(site: Site, path: str) -> None:
    assert str(site.home) not in site.get(f"/-/{path}").text


@pytest.mark.parametrize("place", ["/-/static", "/-/static-plugins/gkcrawl"])
def test_a_file_name_that_no_disk_has_is_not_found(site: Site, place: str) -> None:
    assert site.get(f"{place}/{'a' * 3000}").status_code == 404


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
    for value in counted[facet]["results"]:
        found = site.get(
            f"/catalog/reports.json?{facet}__exact={quote(str(value['value']))}"
        ).json()
        assert found["filtered_table_rows_count"] == value["count"]


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
