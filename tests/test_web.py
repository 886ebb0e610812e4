"""The pages over a small archive, asked through Datasette's own client: no port, no browser."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import lxml.html
import pytest
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from small_archive import PAGE, make_home

from archive.catalog import Catalog
from archive.records import Capture, StoredExchange
from gkcrawl.web.labels import error_words
from gkcrawl.web.original import clean, view
from gkcrawl.web.pages import paragraphs, sections
from gkcrawl.web.serve import NoCatalog, build_app, build_datasette
from gkcrawl.web.tables import Values, blocks, number

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


def test_home_shows_counts_a_matrix_and_the_latest(site: Site) -> None:
    tree = site.page("/")
    figures = {text(dt): text(dt.getnext()) for dt in tree.xpath('//dl[@class="figures"]//dt')}
    assert figures == {"年度报告": "5", "发布机关": "2", "勾稽不成立": "1", "存档网页": "6"}
    matrix = tree.xpath('//table[@class="matrix"]')[0]
    assert [text(th) for th in matrix.xpath("./thead//th")] == ["省份", "2024", "2023", "2022"]
    assert row(matrix, "云南省") == ["2", "1", "1"]
    assert "六甲街道办事处2023年" in text(tree.xpath('//ul[@class="plain"]/li')[0])


def test_home_of_an_empty_catalog(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    tree = Site(tmp_path).page("/")
    assert "库中还没有报告" in text(tree)


def test_a_report_has_its_three_tables(site: Site) -> None:
    tree = site.page(f"/r/{STREET_2023}")
    assert text(tree.xpath("//h1")[0]).startswith("昆明市官渡区人民政府六甲街道办事处2023年")
    requests = table(tree, "table-requests-1")
    assert len(requests.xpath("./tbody/tr")) == 25
    assert row(requests, "本年新收") == ["12", "3", "0", "0", "0", "0", "15"]
    assert row(requests, "属于四类过程性信息") == ["2", "0", "0", "0", "0", "0", "2"]
    assert row(requests, "（七）总计")[0] == "12"
    litigation = table(tree, "table-review_litigation-1")
    assert row(litigation, "行政复议") == ["1", "0", "0", "0", "1"]
    disclosure = [text(caption) for caption in tree.xpath("//caption") if "条例" in text(caption)]
    assert disclosure[0] == "条例第二十条第（一）项"


def test_a_table_is_rectangular_with_its_headings(site: Site) -> None:
    """Every row of Table III is ten cells wide, counted with the spans."""
    found = table(site.page(f"/r/{STREET_2023}"), "table-requests-1")
    hanging: dict[int, int] = {}
    for n, line in enumerate(found.xpath("./tbody/tr")):
        width = sum(rows > n for rows in hanging.values())
        for cell in line:
            columns, rows = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            if rows > 1:
                hanging[len(hanging)] = n + rows
            width += columns
        assert width == 10, text(line)
    assert not found.xpath(".//th[not(@scope)]")
    stage = [th for th in found.xpath(".//th[@rowspan]") if "办理结果" in text(th)]
    assert [th.get("rowspan") for th in stage] == ["22"]


def test_table_ii_keeps_the_columns_of_its_form() -> None:
    found = {
        ("admin_licensing", "decisions"): 5,
        ("admin_licensing", "items_change"): -2,
        ("admin_licensing", "items_prev_year"): 7,
        ("central_procurement", "amount_10k_cny"): 13015.02,
        ("central_procurement", "projects"): 95,
        ("of_no_form", "of_no_form"): 1,
    }
    cells = {address: {"value": value, "raw": None} for address, value in found.items()}
    shown = [
        ([head.text for head in block.columns[0]], [cell.text for cell in block.lines[0].cells])
        for block in blocks(Values("active_disclosure", cells))
    ]
    assert shown == [
        (
            ["信息内容", "上一年项目数量", "本年增/减", "本年处理决定数量"],
            ["7", "-2", "5"],
        ),
        (["信息内容", "采购项目数量", "采购总金额（万元）"], ["95", "13015.02"]),
        (["信息内容", "of_no_form"], ["1"]),
    ]


def test_a_blank_is_not_a_zero(site: Site) -> None:
    tree = site.page(f"/r/{STREET_2023}")
    (coercion,) = tree.xpath('//th[text()="行政强制"]/following-sibling::td')
    assert (text(coercion), "blank" in coercion.get("class")) == ("空", True)
    slash = table(tree, "table-requests-1").xpath('.//span[@title="原文如此，不是数值"]')
    assert [text(span) for span in slash] == ["/"]


def test_the_text_as_found_stands_beside_the_number(site: Site) -> None:
    raw = site.page(f"/r/{STREET_2023}").xpath('//span[@class="raw"]')
    assert [(text(span), span.get("title")) for span in raw] == [("13.5", "原文：135000元")]


def test_failed_checks_come_first_and_name_their_cells(site: Site) -> None:
    tree = site.page(f"/r/{STREET_2024}")
    failed = [text(item) for item in tree.xpath('//ul[@class="checks"]/li')]
    assert len(failed) == 2
    assert "自然人：办理结果各项之和" in failed[0]
    assert "属于四类过程性信息：各类申请人之和" in failed[1]
    marked = table(tree, "table-requests-1").xpath('.//td[contains(@class, "suspect")]')
    assert len(marked) == 22 + 7 - 1
    crosses = table(tree, "table-requests-1").xpath('.//a[@class="cross"]/@href')
    assert crosses == ["#check-rowsum.denied_process_info", "#check-handled.natural_person"]
    assert "成立 40 项，不成立 2 项" in text(tree)
    assert "正文说收到申请 16 件" in text(tree)


def test_tables_that_were_not_read_are_said_in_words(site: Site) -> None:
    found = site.ids()["https://www.puershi.gov.cn/info/1/2.htm"]
    tree = site.page(f"/r/{found}")
    notes = [text(note) for note in tree.xpath('//p[contains(@class, "note")]')]
    assert [note.split()[0] for note in notes] == ["无表", "读法不唯一", "无表"]
    assert "3 种读法" in notes[1]
    assert not tree.xpath('//table[starts-with(@id, "table-")]')


def test_a_report_of_which_little_is_known(site: Site) -> None:
    found = site.ids()["http://www.example.gov.cn/unknown.html"]
    tree = site.page(f"/r/{found}")
    assert "原文无标题" in text(tree.xpath("//h1")[0])
    assert "没有机关，也没有年份。" in text(tree.xpath('//section[h2/@id="whole"]')[0])


def test_nothing_of_a_document_becomes_markup(site: Site) -> None:
    found = site.ids()["http://www.example.org/<b>&\"'"]
    for path in (f"/r/{found}", "/", "/search?q=alert", "/catalog/reports"):
        assert not site.page(path).xpath("//main//script | //main//b")
    tree = site.page("/search?q=" + quote('"><script>alert(1)</script>'))
    assert tree.xpath('//input[@name="q"]/@value') == ['"><script>alert(1)</script>']


def test_a_url_that_is_no_web_address_is_no_link(site: Site) -> None:
    found = site.page(f"/r/{STREET_2024}")
    assert all(link.startswith(("http://", "/", "#")) for link in found.xpath("//main//a/@href"))


def test_sources_versions_and_other_years(site: Site) -> None:
    tree = site.page(f"/r/{STREET_2023}")
    captions = [text(caption) for caption in tree.xpath('//section[h2/@id="sources"]//caption')]
    assert captions == ["来源（官方副本优先）", "版本：正文或数值有变的各次采集，新的在前"]
    assert tree.xpath(f'//a[@href="/r/{STREET_2024}"]')
    assert "[R/OL]" in text(tree.xpath('//p[@class="cite"]')[0])


def test_the_report_as_json(site: Site) -> None:
    found = site.get(f"/r/{STREET_2023}.json").json()
    assert found["report"]["tables"]["requests"]["new_requests"]["total"] == 15
    assert found["report"]["tables"]["requests"]["rejected_duplicate"]["other_org"] is None
    assert found["capture"]["warc"].endswith(".warc.gz")
    assert len(found["versions"]) == 2


@pytest.mark.parametrize(
    "path", ["/r/unknown", "/r/unknown/original", "/capture/unknown/original", "/r/a/b", "/nix"]
)
def test_what_is_not_there_is_said_so(site: Site, path: str) -> None:
    tree = site.page(path, status=404)
    assert text(tree.xpath("//h1")[0]) == "没有这一页"


def test_unknown_json_is_a_404(site: Site) -> None:
    assert site.get("/r/unknown.json").status_code == 404


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


@pytest.mark.parametrize("query", ["q=%22", "q=*", "q=%E6%9C%A8%E5%90%89", "q=AND+OR+NOT(", "q=。"])
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


# ------------------------------------------------------------------------ archived originals


def test_the_original_is_sandboxed_and_script_free(site: Site) -> None:
    answer = site.get(f"/r/{STREET_2023}/original")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    tree = lxml.html.document_fromstring(answer.content)
    assert "正文第一段" in tree.text_content()
    assert "存档副本" in tree.text_content()
    assert not tree.xpath("//script | //iframe | //form | //base | //link | //meta[@http-equiv]")
    loading = tree.xpath("//@src | //@onload | //@background | //@action")
    assert loading == []
    assert tree.xpath("//a[text()='好链接']/@href") == ["http://www.kmgd.gov.cn/b.htm"]
    assert tree.xpath("//a[text()='坏链接']/@href") == []


def test_any_capture_can_be_seen(site: Site) -> None:
    captures = site.get("/catalog/captures.json?_shape=array").json()
    for capture in captures:
        assert site.get(f"/capture/{capture['id']}/original").status_code == 200


def test_an_archive_that_is_elsewhere(site: Site, tmp_path: Path) -> None:
    shutil.copy(site.home / "catalog.db", tmp_path)
    answer = Site(tmp_path).get(f"/r/{STREET_2023}/original")
    assert answer.status_code == 404
    assert "不在这台机器上" in answer.text


@pytest.mark.parametrize(
    "page",
    [
        PAGE.format(title="页"),
        "",
        "\x00\x01",
        "<?xml version='1.0' encoding='gbk'?><html><body>x</body></html>",
        "<!-- only a comment -->",
        "<p>&#0; <a href='http://[bad'>x</a><svg onload=alert(1)><use href='//e.com/#x'/></svg>",
        "<frameset><frame src='http://e.com/'></frameset>",
    ],
)
def test_any_page_is_cleaned(page: str) -> None:
    made = clean(page, "http://www.example.gov.cn/a/", "2026-01-20T08:00:00.000000Z")
    tree = lxml.html.document_fromstring(made)
    assert not tree.xpath("//script | //frame | //iframe | //@src | //@onload")
    assert b"javascript:" not in made


@pytest.mark.parametrize(
    ("content", "media_type", "content_type", "attachment"),
    [
        (b"%PDF-1.7\n", "application/pdf", "application/pdf", None),
        (b"PK\x03\x04word/", "text/html", "application/octet-stream", "P0.docx"),
        ("一、总体情况\n无。".encode("gbk"), "text/plain", "text/plain; charset=utf-8", None),
        ("<html><p>一、总体情况</p></html>".encode(), None, "text/html; charset=utf-8", None),
        (b"", "text/html", "application/octet-stream", "P0.docx"),
    ],
)
def test_what_a_document_is_shown_as(
    content: bytes, media_type: str | None, content_type: str, attachment: str | None
) -> None:
    capture = Capture(
        "c", "http://e.cn/a/P0.docx", "", 200, media_type, None, "w", 0, 1, "attachment", "r"
    )
    shown = view(StoredExchange(capture, (), content, None, None, {}))
    assert (shown.content_type, shown.attachment) == (content_type, attachment)


def test_a_search_that_takes_too_long_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_slow(*_: object) -> None:
        raise QueryInterrupted(Exception("interrupted"), "select", {})

    monkeypatch.setattr("gkcrawl.web.queries.search", too_slow)
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


def test_a_path_prefix(site: Site) -> None:
    tree = Site(site.home, base_url="/gk").page("/")
    links = tree.xpath("//a/@href | //link/@href | //form/@action")
    assert links
    assert all(link.startswith(("/gk/", "#", "?", "https://datasette.io")) for link in links)


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


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (12, "12"), (13.5, "13.5"), (13015.02, "13015.02"), (-18, "-18")]
)
def test_numbers_are_shown_plainly(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize("facet", ["province", "year", "level", "issuer_kind"])
def test_facets_lead_to_the_reports_that_they_count(site: Site, facet: str) -> None:
    counted = site.get(f"/catalog/reports.json?_facet={facet}").json()["facet_results"]
    for value in counted[facet]["results"]:
        found = site.get(
            f"/catalog/reports.json?{facet}__exact={quote(str(value['value']))}"
        ).json()
        assert found["filtered_table_rows_count"] == value["count"]


def test_a_copy_that_is_not_official_says_so(site: Site) -> None:
    found = Catalog(site.home / "catalog.db", readonly=True)
    trust = {row["id"]: row["trust"] for row in found.db["reports"].rows}
    found.close()
    for report_id, of in trust.items():
        said = "非官方文本" in text(site.page(f"/r/{report_id}"))
        assert said == (of in ("document_site", "untrusted"))


def test_an_overlong_paragraph_falls_into_its_items() -> None:
    long = "（一）主动公开" + "甲" * 400 + "，见第二十条第（一）项。（二）依申请公开。"
    assert [part[:5] for part in paragraphs(long)] == ["（一）主动", "（二）依申"]
    short = "（一）甲。（二）乙。"
    assert paragraphs(f"{short}\n\n丙") == (short, "丙")
    assert paragraphs(None) == ()


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


def test_reports_before_2019_are_not_blamed_for_missing_tables() -> None:
    status = [{"name": "requests", "status": "absent", "readings": None}]
    texts = [{"key": "overview", "text": "甲"}]
    found = {"form": "pre2019", "sections": texts, "tables_status": status}
    assert [section.key for section in sections(found, {})] == ["overview"]
    (_, second) = sections({**found, "form": "2021"}, {})
    assert (second.key, second.quiet) == ("requests", False)
