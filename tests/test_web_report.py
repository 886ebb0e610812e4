"""The pages of one report: its tables and checks, its versions and what changed, its citation."""

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from small_archive import add_to_home, full_tables, make_home, reports

from archive.catalog import Catalog
from archive.catalog.statements import insert
from archive.records import Run
from archive.report.tables.checks import check_tables
from gkcrawl.web.citations import bibtex, bibtex_key, gbt7714, ris
from gkcrawl.web.pages import paragraphs, sections
from gkcrawl.web.serve import build_datasette
from gkcrawl.web.tables import Values, blocks, number

STREET_2023, STREET_2024 = "530111008-75083bf5-2023", "530111008-75083bf5-2024"
SPRING = Run("1" * 32, "yunnan", "2026-03-01T00:00:00.000000Z", software="gkcrawl")


def make_edited_home(home: Path) -> Path:
    """Return the small archive in which the report of 2024 was changed twice: numbers without a
    word, then its text with one."""
    make_home(home)
    first = reports()[1]
    tables = full_tables(
        denied_process_info__natural_person=3,
        new_requests__natural_person=17,
        new_requests__total=20,
    )
    silent = replace(
        first,
        tables=replace(tables, status=first.tables.status),
        checks=check_tables(tables, "2021"),
        text=first.text.replace("还不够丰富", "有5处不够丰富"),
    )
    told = replace(
        silent, text=f"{silent.text}\n更正说明：<b>标题</b>有误。", published="2025-06-01"
    )
    days = {datetime(2026, 3, day, 8, tzinfo=UTC): one for day, one in ((1, silent), (2, told))}
    return add_to_home(home, SPRING, days)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_edited_home(tmp_path_factory.mktemp("edited"))


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Datasette]:
    site = build_datasette(home)
    yield site
    site.databases["catalog"].close()


def get(site: Datasette, path: str) -> httpx.Response:
    answer: httpx.Response = asyncio.run(site.client.get(path))
    return answer


def page(site: Datasette, path: str, status: int = 200) -> lxml.html.HtmlElement:
    """Return a page as a tree, having checked what holds for every page."""
    answer = get(site, path)
    assert answer.status_code == status, answer.text[:500]
    tree = lxml.html.document_fromstring(answer.content.decode("utf-8"))
    assert len(tree.xpath("//h1")) == 1
    assert not tree.xpath("//script | //*[@style] | //style | //main//b | //th[not(@scope)]")
    assert all(table.xpath("./caption") for table in tree.xpath("//table"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")} <= set(ids)
    return tree


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def texts(tree: lxml.html.HtmlElement, path: str) -> list[str]:
    return [text(element) for element in tree.xpath(path)]


def table(tree: lxml.html.HtmlElement, name: str) -> lxml.html.HtmlElement:
    (found,) = tree.xpath(f'//table[@id="{name}"]')
    return found


def row(found: lxml.html.HtmlElement, label: str) -> list[str]:
    (line,) = [tr for tr in found.xpath(".//tbody/tr") if label in text(tr.xpath("th[last()]")[0])]
    return texts(line, "td")


def csv_rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def id_of(site: Datasette, url: str) -> str:
    rows = get(site, "/catalog/reports.json?_shape=array").json()
    return {row["url"]: str(row["id"]) for row in rows}[url]


def test_a_report_has_its_three_tables(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2023}")
    assert text(tree.xpath("//h1")[0]).startswith("昆明市官渡区人民政府六甲街道办事处2023年")
    requests = table(tree, "table-requests-1")
    assert len(requests.xpath("./tbody/tr")) == 25
    assert row(requests, "本年新收") == ["12", "3", "0", "0", "0", "0", "15"]
    assert row(requests, "属于四类过程性信息") == ["2", "0", "0", "0", "0", "0", "2"]
    assert row(requests, "（七）总计")[0] == "12"
    litigation = table(tree, "table-review_litigation-1")
    assert row(litigation, "行政复议") == ["1", "0", "0", "0", "1"]
    assert "条例第二十条第（一）项" in texts(tree, "//caption")


def test_a_table_is_rectangular_with_its_headings(site: Datasette) -> None:
    """Every row of Table III is ten cells wide, counted with the spans."""
    found = table(page(site, f"/r/{STREET_2023}"), "table-requests-1")
    hanging: dict[int, int] = {}
    for n, line in enumerate(found.xpath("./tbody/tr")):
        width = sum(rows > n for rows in hanging.values())
        for cell in line:
            columns, rows = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            if rows > 1:
                hanging[len(hanging)] = n + rows
            width += columns
        assert width == 10, text(line)
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


def test_a_blank_is_not_a_zero(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2023}")
    (coercion,) = tree.xpath('//th[text()="行政强制"]/following-sibling::td')
    assert (text(coercion), "blank" in coercion.get("class")) == ("空", True)
    slash = table(tree, "table-requests-1").xpath('.//span[@title="原文如此，不是数值"]')
    assert [text(span) for span in slash] == ["/"]


def test_the_text_as_found_stands_beside_the_number(site: Datasette) -> None:
    raw = page(site, f"/r/{STREET_2023}").xpath('//span[@class="raw"]')
    assert [(text(span), span.get("title")) for span in raw] == [("13.5", "原文：135000元")]


def test_failed_checks_and_their_cells_lead_to_one_another(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2024}/v/1")
    failed = tree.xpath('//ul[@class="checks"]/li')
    assert [item.get("id") for item in failed] == [
        "check-handled.natural_person",
        "check-rowsum.denied_process_info",
    ]
    assert "自然人：办理结果各项之和" in text(failed[0])
    assert "属于四类过程性信息：各类申请人之和" in text(failed[1])
    found = table(tree, "table-requests-1")
    marked = found.xpath('.//td[contains(@class, "suspect")]')
    assert len(marked) == 22 + 7 - 1
    assert all(td.get("id") and td.xpath('./a[starts-with(@href, "#check-")]') for td in marked)
    crosses = found.xpath('.//a[@class="cross"]/@href')
    assert crosses == ["#check-rowsum.denied_process_info", "#check-handled.natural_person"]
    named = {link for item in failed for link in item.xpath(".//a/@href")}
    assert named == {f"#{td.get('id')}" for td in marked}
    assert "勾稽关系：成立 40 项，不成立 2 项" in text(tree)
    assert "正文说收到申请 16 件" in text(tree)


def test_evaluators_checks_and_a_reviewers_verdict_stand_beside_the_identities(
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "home")
    chain = {
        "check_id": "chain.carried_over_in.total",
        "status": "fail",
        "left": 1,
        "right": 7,
        "formula": "总计：2024年的上年结转 ＝ 2023年的结转下年度",
        "cells": "requests.carried_over_in.total 2023/requests.carried_over_out.total",
        "culprit": "office",
    }
    empty = {"check_id": "sections.empty", "status": "fail", "cells": "sections.requests"}
    verdict = {
        "check_id": "rowsum.denied_process_info",
        "verdict": "confirmed",
        "note": "表中<i>如此",
        "reviewer": "张三",
        "status": "fail",
        "left": 3,
        "right": 9,
    }
    with Catalog(home / "catalog.db") as catalog, catalog.batch():
        catalog.db.execute("delete from evaluations where report_id = ?", [STREET_2024])
        for name, row in (("evaluations", chain), ("evaluations", empty), ("verdicts", verdict)):
            insert(catalog.db, name, [{"report_id": STREET_2024} | row])
    tree = page(build_datasette(home), f"/r/{STREET_2024}")
    (chain,) = tree.xpath('//li[@id="check-chain.carried_over_in.total"]')
    assert "总计：上年结转 ＝ 上年报告的结转下年度" in text(chain)
    assert "更可能是原文有误" in text(chain)
    assert "往年：2023 四、结转下年度继续办理 · 总计" in text(chain)
    assert chain.xpath(".//a/@href") == ["#cell-requests-carried_over_in-total"]
    assert tree.xpath('//li[@id="check-sections.empty"]//a/@href') == ["#requests"]
    (judged,) = tree.xpath('//li[@id="check-rowsum.denied_process_info"]')
    assert "经人复核：属实 数值其后又有变动 表中<i>如此 — 张三" in text(judged)


def test_tables_that_were_not_read_are_said_in_words(site: Datasette) -> None:
    tree = page(site, f"/r/{id_of(site, 'https://www.puershi.gov.cn/info/1/2.htm')}")
    notes = texts(tree, '//p[contains(@class, "note")]')
    assert [note.split()[0] for note in notes] == ["无表", "读法不唯一", "无表"]
    assert "3 种读法" in notes[1]
    assert not tree.xpath('//table[starts-with(@id, "table-")]')


def test_a_report_of_which_little_is_known(site: Datasette) -> None:
    tree = page(site, f"/r/{id_of(site, 'http://www.example.gov.cn/unknown.html')}")
    assert "原文无标题" in text(tree.xpath("//h1")[0])
    assert "没有机关，也没有年份。" in text(tree.xpath('//section[h2/@id="whole"]')[0])


def test_a_url_that_is_no_web_address_is_no_link(site: Datasette) -> None:
    found = page(site, f"/r/{STREET_2024}")
    links = found.xpath("//main//a/@href")
    assert all(link.startswith(("http://", "/", "#")) for link in links)


def test_the_place_the_organ_and_its_years_are_linked(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2023}")
    links = dict(zip(tree.xpath("//main//a/@href"), texts(tree, "//main//a"), strict=True))
    assert links["/division/530000"] == "云南省"
    assert links["/division/530111"] == "官渡区"
    assert "/agency/530111008-75083bf5" in links
    assert links[f"/r/{STREET_2024}"] == "2024"


def test_sources_and_versions_with_what_changed(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2024}")
    captions = texts(tree, '//section[h2/@id="sources"]//caption')
    assert captions == ["来源（官方副本优先）", "版本：正文或数值有变的各次采集，新的在前"]
    versions = tree.xpath('(//section[h2/@id="sources"]//table)[2]/tbody/tr')
    assert [texts(line, "*")[::2] for line in versions] == [
        ["第 3 版", "正文有变", "存档：第 3 版"],
        ["第 2 版", "数值有变 正文有变", "存档：第 2 版"],
        ["第 1 版", "初见", "存档：第 1 版"],
    ]
    assert f"/r/{STREET_2024}/diff/1..2" in versions[1].xpath(".//a/@href")
    (alarm,) = texts(tree, '//p[contains(@class, "note bad")]/strong[contains(., "数值有改动")]')
    assert alarm == "发布后表中数值有改动"


def test_an_old_version_shows_what_it_said(site: Datasette) -> None:
    old, now = page(site, f"/r/{STREET_2024}/v/1"), page(site, f"/r/{STREET_2024}")
    shown = [row(table(tree, "table-requests-1"), "本年新收")[-1] for tree in (old, now)]
    assert shown == ["15", "20"]
    assert "这是第 1 版，已被更新的版本取代。" in text(old)
    assert get(site, f"/r/{STREET_2024}/v/1.json").json()["report"]["published"] == "2025-01-20"
    assert page(site, f"/r/{STREET_2024}/v/4", status=404) is not None


def test_the_original_stands_beside_it_without_a_script(site: Datasette) -> None:
    plain, side = page(site, f"/r/{STREET_2023}"), page(site, f"/r/{STREET_2023}?view=side")
    assert not plain.xpath("//iframe")
    (frame,) = side.xpath("//iframe")
    assert re.fullmatch(r"/capture/[\w-]+/original", frame.get("src"))
    assert frame.get("title")
    # Not so of a PDF, whose viewer it would break; there the answer's own header confines it.
    assert frame.get("sandbox") == ""
    assert plain.xpath(f'//a[@href="/r/{STREET_2023}?view=side"]')
    assert side.xpath(f'//a[@href="/r/{STREET_2023}"]')


def test_the_report_as_json(site: Datasette) -> None:
    found = get(site, f"/r/{STREET_2023}.json").json()
    assert found["report"]["tables"]["requests"]["new_requests"]["total"] == 15
    assert found["report"]["tables"]["requests"]["rejected_duplicate"]["other_org"] is None
    assert found["capture"]["warc"].endswith(".warc.gz")
    assert len(found["versions"]) == 2
    assert {one["source"] for one in found["judgements"]} >= {"identity"}


def test_its_cells_as_csv(site: Datasette) -> None:
    rows = csv_rows(get(site, f"/r/{STREET_2023}.csv"))
    assert len(rows) == 175 + 10 + 15
    (fees,) = [row for row in rows if row["row"] == "admin_fees"]
    assert (fees["value"], fees["raw"]) == ("13.5", "135000元")
    assert (fees["row_label"], fees["column_label"]) == ("行政事业性收费", "本年收费金额（万元）")
    (slash,) = [row for row in rows if row["raw"] == "/"]
    assert (slash["row"], slash["column"], slash["value"]) == (
        "rejected_duplicate",
        "other_org",
        "",
    )


@pytest.mark.parametrize("ending", ["", ".json", ".csv", ".bib", ".ris", "/v/1", "/diff/1..2"])
def test_what_is_not_there_is_a_404(site: Datasette, ending: str) -> None:
    assert get(site, f"/r/unknown{ending}").status_code == 404


def test_a_silent_edit_of_numbers_cannot_be_overlooked(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2024}/diff/1..2")
    (alarm,) = texts(tree, '//div[contains(@class, "alarm")]')
    assert alarm.startswith(
        "表中数值被改动，正文未作说明 2 格的数值不同。 2 项勾稽关系由成立变为不成立。"
    )
    lines = [texts(line, "*") for line in tree.xpath('//table[@class="edits"]/tbody/tr')]
    assert [line[:4] for line in lines] == [
        ["一、本年新收政府信息公开申请数量 · 自然人表三 依申请公开", "12", "17", "+5"],
        ["一、本年新收政府信息公开申请数量 · 总计表三 依申请公开", "15", "20", "+5"],
    ]
    assert lines[0][4] == "原来成立，现在不成立 两边同改，仍然成立"
    changed = tree.xpath('//p[@class="edit-changed"]')
    assert texts(changed[0], "./del | ./ins") == ["删去：还（删去完）", "增加：有5处（增加完）"]
    assert texts(tree, '//div[contains(@class, "textdiff")]//summary') == [
        "未变的 5 段",
        "未变的 1 段",
    ]


def test_a_change_of_text_and_date_alone_is_no_alarm(site: Datasette) -> None:
    tree = page(site, f"/r/{STREET_2024}/diff/2..3")
    assert not tree.xpath('//div[contains(@class, "alarm")]')
    assert "两版都有的表格，数值没有改动。" in text(tree)
    (facts,) = tree.xpath('//section[h2/@id="facts"]//tbody/tr')
    assert texts(facts, "*") == ["发布日期", "2025-01-20", "2025-06-01"]
    assert texts(tree, '//p[@class="edit-added"]/ins') == [
        "增加：更正说明：<b>标题</b>有误。（增加完）"
    ]


def test_the_difference_as_json_and_csv(site: Datasette) -> None:
    found = get(site, f"/r/{STREET_2024}/diff/1..3.json").json()
    assert (found["ok"], found["silent"], found["numbers_changed"]) == (True, False, 2)
    assert (found["a"]["n"], found["b"]["n"]) == (1, 3)
    rows = csv_rows(get(site, f"/r/{STREET_2024}/diff/1..3.csv"))
    assert [(row["column"], row["value_before"], row["value_after"]) for row in rows] == [
        ("natural_person", "12", "17"),
        ("total", "15", "20"),
    ]


def test_versions_in_the_wrong_order_are_put_right(site: Datasette) -> None:
    answer = get(site, f"/r/{STREET_2024}/diff/2..1.json")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"/r/{STREET_2024}/diff/1..2.json"
    for pair in ("1..1", "1..9", "0..1", "a..b", "1..99999999"):
        assert get(site, f"/r/{STREET_2024}/diff/{pair}").status_code == 404


def test_an_english_page_keeps_the_data_chinese(site: Datasette) -> None:
    for path in (f"/r/{STREET_2024}", f"/r/{STREET_2024}/diff/1..2"):
        tree = page(site, f"{path}?lang=en")
        assert tree.get("lang") == "en"
        for element in tree.xpath('//main//*[not(ancestor-or-self::*[@lang="zh-CN"])]'):
            own = " ".join([element.text or "", *(child.tail or "" for child in element)])
            assert not re.search(r"[\u4e00-\u9fff]", own.replace("规章", "")), own
    heads = texts(table(page(site, f"/r/{STREET_2024}?lang=en"), "table-requests-1"), ".//th")
    assert "(3) Denied" in heads


def test_an_overlong_paragraph_falls_into_its_items() -> None:
    long = "（一）主动公开" + "甲" * 400 + "，见第二十条第（一）项。（二）依申请公开。"
    assert [part[:5] for part in paragraphs(long)] == ["（一）主动", "（二）依申"]
    short = "（一）甲。（二）乙。"
    assert paragraphs(f"{short}\n\n丙") == (short, "丙")
    assert paragraphs(None) == ()


def test_reports_before_2019_are_not_blamed_for_missing_tables() -> None:
    status = [{"name": "requests", "status": "absent", "readings": None}]
    told = [{"key": "overview", "text": "甲"}]
    found = {"form": "pre2019", "sections": told, "tables_status": status}
    assert [section.key for section in sections(found, {})] == ["overview"]
    (_, second) = sections({**found, "form": "2021"}, {})
    assert (second.key, second.quiet) == ("requests", False)


def test_a_copy_that_is_not_official_says_so(site: Datasette) -> None:
    rows = get(site, "/catalog/reports.json?_shape=array").json()
    for found in rows:
        said = "非官方文本" in text(page(site, f"/r/{found['id']}"))
        assert said == (found["trust"] in ("document_site", "untrusted"))


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (12, "12"), (13.5, "13.5"), (13015.02, "13015.02"), (-18, "-18")]
)
def test_numbers_are_shown_plainly(value: float, shown: str) -> None:
    assert number(value) == shown


CITED: dict[str, Any] = {
    "id": STREET_2024,
    "title": "昆明市官渡区人民政府六甲街道办事处2024年政府信息公开工作年度报告",
    "issuer": "昆明市官渡区人民政府六甲街道办事处",
    "year": 2024,
    "published": "2025-01-20",
    "url": "http://www.kmgd.gov.cn/zfxxgk/2024.html?a=1&b=50%25_{x}",
    "captured_at": "2026-01-20T08:01:00.000000Z",
    "capture": {"payload_digest": "sha256:ab"},
}


def test_a_reference_after_gbt_7714() -> None:
    assert gbt7714(CITED) == (
        "昆明市官渡区人民政府六甲街道办事处. "
        "昆明市官渡区人民政府六甲街道办事处2024年政府信息公开工作年度报告[R/OL]. "
        "(2025-01-20)[2026-01-20]. "
        "http://www.kmgd.gov.cn/zfxxgk/2024.html?a=1&b=50%25_{x}. 存档摘要 sha256:ab."
    )


def test_what_is_not_known_is_not_cited() -> None:
    unknown = CITED | {"title": None, "issuer": None, "published": None, "capture": None}
    assert gbt7714(unknown | {"url": None}) == (
        "发布机关不详. 发布机关不详2024年政府信息公开工作年度报告（原文无标题）[R/OL]."
        " [2026-01-20]."
    )
    assert gbt7714(unknown | {"title": " \u3000\n\x01"}) == gbt7714(unknown)
    assert "  year = " not in bibtex(unknown)
    assert "  author = " not in bibtex(unknown)
    assert "PY  - " not in ris(unknown)


def test_a_reference_for_bibtex() -> None:
    said = bibtex(CITED | {"title": "100% 公开_{A} & B\\C #1 $2 ~x^y"})
    assert said.splitlines() == [
        "@techreport{gk-530111008-75083bf5-2024,",
        "  author = {{昆明市官渡区人民政府六甲街道办事处}},",
        r"  title = {{100\% 公开\_\{A\} \& B\textbackslash{}C \#1 \$2 \textasciitilde{}x"
        r"\textasciicircum{}y}},",
        "  institution = {{昆明市官渡区人民政府六甲街道办事处}},",
        "  type = {政府信息公开工作年度报告},",
        "  date = {2025-01-20},",
        "  year = {2025},",
        "  month = {01},",
        "  url = {http://www.kmgd.gov.cn/zfxxgk/2024.html?a=1&b=50%25_%7Bx%7D},",
        "  urldate = {2026-01-20},",
        "  note = {存档摘要 sha256:ab},",
        "  language = {chinese},",
        "}",
    ]


def test_a_reference_in_ris() -> None:
    assert ris(CITED).split("\r\n") == [
        "TY  - RPRT",
        "ID  - gk-530111008-75083bf5-2024",
        "AU  - 昆明市官渡区人民政府六甲街道办事处",
        "TI  - 昆明市官渡区人民政府六甲街道办事处2024年政府信息公开工作年度报告",
        "PB  - 昆明市官渡区人民政府六甲街道办事处",
        "PY  - 2025",
        "DA  - 2025/01/20",
        "UR  - http://www.kmgd.gov.cn/zfxxgk/2024.html?a=1&b=50%25_{x}",
        "Y2  - 2026/01/20",
        "LA  - zh",
        "N1  - 存档摘要 sha256:ab",
        "ER  - ",
        "",
    ]


HOSTILE = st.text(st.sampled_from("甲{}\\%$&#_~^\"'@,= \n\r\t\u2028a"), max_size=20) | st.text()


@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_title_holds_a_reference_stays_one(title: str, issuer: str, url: str) -> None:
    found = CITED | {"title": title, "issuer": issuer, "url": url}
    entry = bibtex(found)
    escaped = re.sub(r"\\[{}]", "", entry)
    depth = 0
    for n, letter in enumerate(escaped):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth > 0 or n < len("@techreport") or n >= len(escaped) - 2
    assert depth == 0
    assert len(re.findall(r"(?m)^  \w+ = ", entry)) == len(entry.splitlines()) - 2
    lines = ris(found).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert [line[:2] for line in lines].count("ER") == 1
    assert "\n" not in gbt7714(found)


def test_keys_are_stable_and_plain() -> None:
    assert bibtex_key(STREET_2024) == "gk-530111008-75083bf5-2024"
    assert bibtex_key('a{b},"c"') == "gk-a-b---c-"


def test_references_can_be_downloaded(site: Datasette) -> None:
    bib = get(site, f"/r/{STREET_2024}.bib")
    assert bib.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert f'filename="gk-{STREET_2024}.bib"' in bib.headers["content-disposition"]
    shown = page(site, f"/r/{STREET_2024}").xpath('//pre[@class="cite"]')
    assert shown[0].text == bib.text
    assert get(site, f"/r/{STREET_2024}.ris").text.startswith("TY  - RPRT\r\n")
