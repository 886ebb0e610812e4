"""Saved pages and what the families read in them; a missing expected.json is written for review."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.report.identity.titles import is_report_title
from gkcrawl.families import Page, drifted, family, may_be_report, recognise, report_year
from gkcrawl.families.rows import page_address, page_number
from gkcrawl.families.titles import is_column_name, is_parent_name
from gkcrawl.portals import FAMILIES
from gkcrawl.savedpages import described

PAGES = Path(__file__).parent / "pages"
SAVED = sorted(
    path.parent
    for path in PAGES.glob("*/*/page.json")
    if "family" in json.loads(path.read_text("utf-8"))
)
FIELDS = ("recognised", "entries", "next", "columns", "title", "published", "attachments", "moved")


def saved(folder: Path) -> tuple[Page, dict[str, Any]]:
    about = json.loads((folder / "page.json").read_text("utf-8"))
    return Page(about["url"], (folder / "page.html").read_bytes(), about["headers"]), about


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("folder", SAVED, ids=lambda folder: str(folder.relative_to(PAGES)))
def test_saved_page(folder: Path, field: str) -> None:
    expected = folder / "expected.json"
    page, about = saved(folder)
    found = described(page, about["family"], about.get("inside"))
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was written: review me")
    assert found[field] == json.loads(expected.read_text("utf-8"))[field]


def test_every_family_has_two_saved_pages() -> None:
    families = [saved(folder)[1]["family"] for folder in SAVED]
    # Dialects are read by the class of their system.
    for name in {*FAMILIES, "wenku"} - {"fjdzapp", "nfcms"}:
        assert families.count(name) >= 2, name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("昆明市官渡区六甲街道办事处2024年政府信息公开工作年度报告", True),
        ("2025年度政府信息公开工作年度报告", True),
        ("某局政府信息公开工作2019年年度报告", True),
        ("2024年政府信息公开年报", True),
        ("某区2010年政府信息公开工作情况报告", True),
        ("2012 年 度 信 息 公 开 年 度 报 告", True),
        ("云浮市人民政府2019年政府信息公开工作…", True),
        ("2021年任城区政府信息公开工作年度报告.doc", True),
        ("关于做好2024年政府信息公开工作年度报告编制工作的通知", False),
        ("关于公布2024年政府信息公开工作年度报告的通知", True),
        ("楚雄市财政局2020年政府信息公开工作年度报告", True),
        ("市审计局2016年度信息公开工作总结", True),
        ("2024年度政府网站工作年度报表", False),
        ("某市2023年财政预算公开年度报告", False),
        ("某区2024年法治政府建设年度报告", False),
        # Cut anywhere within the words of the form.
        ("某市人民政府关于2021年度政府信…", True),
        ("某市财政局2021年度政…", True),
        ("某市人民政府2021年政务公…", True),
        ("某区财政局政府信息公开工作年度报告（模板）", False),
        ("2024年政府信息公开情况统计表（空表）", False),
        ("关于某区2023年政府信息公开工作年度报告（征求意见稿）公开征求意见的公告", False),
        ("某区部署信息公开年报编制工作", False),
        ("政府信息公开指南", False),
        ("某公司2020年年度报告", False),
        ("政府工作报告", False),
        ("", False),
    ],
)
def test_titles_that_may_be_reports(title: str, expected: bool) -> None:
    assert may_be_report(title) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("2024年度报告", True), ("某街道2023年年报", True), ("2024年", True), ("机构职能", False)],
)
def test_in_a_column_of_reports_shorter_titles_pass(title: str, expected: bool) -> None:
    assert may_be_report(title, in_column=True) is expected


@pytest.mark.parametrize("organ", ["楚雄市政务服务管理局", "某某县人民政府", "关上街道办事处"])
@pytest.mark.parametrize(
    "name", ["2024年政府信息公开工作年度报告", "政务公开2019年工作总结", "二〇一五年信息公开年报"]
)
def test_what_the_reader_takes_for_a_title_is_never_left_out(organ: str, name: str) -> None:
    assert is_report_title(organ + name)
    assert may_be_report(organ + name)


@pytest.mark.parametrize(
    ("body", "data"),
    [(b'\xef\xbb\xbf {"total": 0}', {"total": 0}), (b"[1]", [1]), (b"{x}", None), (b"", None)],
)
def test_an_answer_that_is_json(body: bytes, data: object) -> None:
    assert Page("http://a.example/", body).data == data


@pytest.mark.parametrize(
    ("url", "number", "following"),
    [
        ("/all/1?page=0&sid=2", 1, "/all/1?page=2&sid=2"),
        ("/data?c=1&page=9", 9, "/data?c=1&page=10"),
        ("/data?homepage=3", None, None),
    ],
)
def test_lists_are_paged_by_a_number(url: str, number: int | None, following: str | None) -> None:
    assert page_number(url) == number
    assert (number and page_address(url, number + 1)) == following


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某市2024年政府信息公开工作年度报告", 2024),
        ("某市二〇一九年政府信息公开年度报告", 2019),
        ("某市二○○九年政府信息公开年度报告", 2009),
        ("某市政府信息公开工作年度报告", None),
        ("2019-2021年政府信息公开年报汇总", None),
        ("文号20240001的报告", None),
    ],
)
def test_the_year_that_a_title_names(title: str, year: int | None) -> None:
    assert report_year(title) == year


@pytest.mark.parametrize(
    ("text", "column", "parent"),
    [
        ("政府信息公开年报", True, False),
        ("政府信息 公开年度报告 >", True, False),
        ("· 信息公开工作年度报告", True, False),
        ("区级部门政府信息公开年报", True, False),
        ("区财政局政府信息公开年报", True, False),
        ("年报", True, False),
        ("2023年政府信息公开年报", False, False),
        ("财政年报", False, False),
        ("政府网站工作年报", False, False),
        ("政府信息公开", False, True),
        ("政务公开", False, True),
        ("官渡区政府信息公开专栏", False, True),
        ("法定主动公开内容", False, True),
        ("大气污染综合治理督查信息公开", False, False),
        ("依申请公开", False, False),
    ],
)
def test_names_of_columns_and_of_what_leads_to_them(text: str, column: bool, parent: bool) -> None:
    assert (is_column_name(text), is_parent_name(text)) == (column, parent)


COLUMN = "http://www.x.gov.cn/zfxxgk/nb/"


def test_the_query_string_is_part_of_a_column() -> None:
    same = family("hanweb").identity
    assert same("http://x.gov.cn/col/col1/index.html?number=A") != same(
        "http://x.gov.cn/col/col1/index.html?number=B"
    )


@pytest.mark.parametrize(
    "href",
    ["javascript:void(0)", "#", "", "<?=el.link?>", "{{pcUrl}}", "${item.url}", "http://", "//[x"],
)
def test_what_leads_nowhere_is_no_link(href: str) -> None:
    assert Page(COLUMN, f'<a href="{href}">2024年政府信息公开年报</a>'.encode()).links == ()


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("/zfxxgk/nb/", "http://www.ynxx.gov.cn/zfxxgk/nb/2024.html"),
        ("//xxgk.ynxx.gov.cn/", "http://xxgk.ynxx.gov.cn/2024.html"),
        (" ", "http://www.ynxx.gov.cn/gknb/2024.html"),
        ("http://[内网]/", "http://www.ynxx.gov.cn/gknb/2024.html"),
    ],
)
def test_links_are_relative_to_the_base_where_that_is_an_address(base: str, expected: str) -> None:
    body = f'<base href="{base}"><a href="2024.html">2024年年报</a><a href="/x.pdf">附件</a>'
    page = Page("http://www.ynxx.gov.cn/gknb/", body.encode())
    assert page.links[0].url == expected
    assert page.resolve("\t/a.html") == page.resolve("/a.html")
    assert family("static").article(page).attachments == (page.links[1].url,)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        ("<meta charset=gb2312>年报", "text/html"),
        ("<p>年报镕</p>", "text/html; charset=gbk"),
        ("<p>年报镕</p>", "text/html; charset=ISO-8859-1"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">年报', "text/html"),
    ],
)
def test_pages_in_gbk(body: str, header: str) -> None:
    page = Page(COLUMN, body.encode("gb18030"), {"Content-Type": header})
    assert "年报" in page.text


def test_a_page_that_is_only_a_script_says_where_it_went() -> None:
    body = b"<html><script>window.location.href='/info/1/2.htm';</script></html>"
    assert (
        family("static").article(Page(COLUMN, body)).moved_to == "http://www.x.gov.cn/info/1/2.htm"
    )


def test_a_page_is_not_of_the_system_of_those_it_links_to() -> None:
    body = b'<a href="https://www.zj.gov.cn/col/col1544911/index.html">x</a>'
    assert recognise(Page(COLUMN, body)) == "static"


def test_family_drift_is_between_two_known_systems() -> None:
    assert drifted("vsb", "trs")
    assert not drifted("vsb", "static")
    assert not drifted("fjdzapp", "trs")


@given(body=st.binary(max_size=400), name=st.sampled_from(FAMILIES))
def test_no_bytes_stop_a_family(body: bytes, name: str) -> None:
    page = Page(COLUMN, body)
    family(name).listing(page)
    family(name).article(page)
    family(name).columns(page)


PIECES = (
    b"<datastore>",
    b"</record>",
    b"{",
    b"'",
    b"(",
    b"\x00",
    b"\xff\xfe",
    b"</html>",
    b"undefined",
    b"https://a:99999999/",
    b"//[",
    b'"total":null',
    b'"data":[null,1,{}]',
    b"9" * 5000,
)


@settings(max_examples=100, deadline=None)
@given(
    folder=st.sampled_from(SAVED),
    places=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES)), max_size=6),
    start=st.floats(0, 1) | st.just(0.0),
)
def test_no_damage_to_a_page_stops_its_family(
    folder: Path, places: list[tuple[float, bytes]], start: float
) -> None:
    page, about = saved(folder)
    body = page.body[int(start * len(page.body)) :]
    for place, piece in places:
        at = int(place * len(body))
        body = body[:at] + piece + body[at:]
    reader, damaged = family(about["family"]), Page(page.url, body)
    listing = reader.listing(damaged)
    reader.article(damaged)
    reader.columns(damaged, inside=about.get("inside"))
    for request in (*listing.next, *listing.otherwise):
        assert request.url.startswith(("http://", "https://"))
