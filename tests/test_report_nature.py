"""What is no report, and why; dates and trust."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nature_pages import cases, plain, portal

from archive.records import NotAReport, Report
from archive.report import read
from archive.report.identity.dates import parse_date, published
from archive.report.identity.trust import trust_of

Shell = Callable[[str, str], str]
URL = "http://www.example.gov.cn/nb/1.html"

LINKS = "".join(
    f"<li><a href='{year}.htm'>{year}年政府信息公开工作年度报告</a>{year + 1}-01-20</li>"
    for year in range(2015, 2024)
)
REFUSED = {
    "notice": (
        "<html><h1>关于认真做好2021年政府信息公开工作年度报告编制发布工作的通知</h1>"
        "<p>各乡镇人民政府，县直各单位：</p><p>为做好政府信息公开年度报告编制工作，现将有关事项通知如下：</p><p>一、总体要求。各单位要按时编制。</p>"
        "<p>二、时间要求。请于1月20日前报送县政府办公室。</p></html>"
    ),
    "template": (
        "<html><h1>政府信息公开工作年度报告模板</h1><p>××局202×年政府信息公开工作年度报告</p>"
        "<p>一、总体情况</p><p>××××</p></html>"
    ),
    "other_report": (
        "<html><h1>甘谷县2023年政府网站工作年度报表</h1><p>网站名称：甘谷县人民政府。独立用户访问总量。</p></html>"
    ),
    "listing": f"<html><title>政府信息公开年报</title><ul>{LINKS}</ul></html>",
    "soft_404": (
        "<html><title>提示</title><body><p>您访问的页面不存在或已删除，五秒后返回网站的首页，请稍候。</p>"
        "</body></html>"
    ),
    "blocked": (
        "<html><head><script>$_ts=window['$_ts'];document.cookie='a=b';location.reload()</script></head>"
        "<body></body></html>"
    ),
    "unrelated": (
        "<html><h1>我县召开春季植树动员会</h1><p>三月十二日，我县召开植树动员会。</p>"
        "<p>会议要求各乡镇抓紧行动。</p></html>"
    ),
    "attachment_only": (
        "<html><h1>甘谷县2023年政府信息公开工作年度报告</h1>"
        "<div id='zoom'><p>请下载附件查看报告的全文内容：</p>"
        "<a href='a.pdf'>甘谷县2023年政府信息公开工作年度报告.pdf</a></div></html>"
    ),
}


NAVIGATION = "".join(f"<li><a href='{n}'>政府信息公开年报</a></li>" for n in range(20))
ALSO_REFUSED = [
    (
        "other_report",
        "<h1>甘谷县政府信息公开工作年度报告制度</h1><p>第一条为规范年度报告，制定本制度。</p>",
    ),
    (
        "other_report",
        "<h1>甘谷县2023年政府网站与政务新媒体工作年度报告</h1><p>网站发布信息。平稳运行。</p>",
    ),
    (
        "blocked",
        "<h1>405</h1><p>由于您访问的网址有可能对网站造成安全威胁，您的访问被阻断。</p>"
        "<a href='/help'>帮助</a>",
    ),
    (
        "attachment_only",
        f"<ul>{NAVIGATION}</ul><h1>甘谷县2023年政府信息公开工作年度报告</h1><div id='zoom'>"
        "<p>附件如下，请点击下载后查看：</p>"
        "<a href='a.docx'>甘谷县2023年政府信息公开工作年度报告.docx</a></div>",
    ),
    ("listing", f"<title>政府信息公开年报-甘谷县</title><ul>{NAVIGATION}</ul><p>暂无相关信息</p>"),
    (
        "other_report",
        "<meta name='ArticleTitle' content='甘谷县2023年政府网站工作年度报表'>"
        "<ul><li>政府信息公开</li><li>政府信息公开年报</li></ul><p>网站名称：甘谷县人民政府。独立用户访问总量。</p>",
    ),
]


@pytest.mark.parametrize(("reason", "page"), ALSO_REFUSED)
def test_papers_and_pages_near_to_a_report(reason: str, page: str) -> None:
    found = read(f"<html><body>{page}</body></html>".encode(), url="http://www.gangu.gov.cn/b.html")
    assert isinstance(found, NotAReport), found
    assert found.reason == reason


# On a portal these are other pages: a listing beside a listing is still one.
BARE = ("soft_404", "blocked", "empty", "listing")


@pytest.mark.parametrize("shell", [plain, portal])
@pytest.mark.parametrize("case", cases("refused"), ids=lambda case: case["title"] or case["kind"])
def test_what_is_no_report(case: dict[str, Any], shell: Shell) -> None:
    if shell is portal and case["kind"] in BARE:
        pytest.skip("has no article that a portal could show")
    found = read(shell(case["title"], case["text"]).encode(), url=URL)
    assert isinstance(found, NotAReport), found
    assert found.reason in case.get("reason", [found.reason])


@pytest.mark.parametrize("shell", [plain, portal])
@pytest.mark.parametrize("case", cases("accepted"), ids=lambda case: case["title"] or "untitled")
def test_reports_as_offices_publish_them(case: dict[str, Any], shell: Shell) -> None:
    found = read(shell(case["title"], case["text"]).encode(), url=URL)
    assert isinstance(found, Report), found
    assert found.year == case["year"]
    assert (found.issuer.name, found.issuer.division_code) == (case["name"], case["code"])


@pytest.mark.parametrize("ending", ["</p>", "\n"], ids=["html", "text"])
def test_more_text_than_any_report_has_is_not_read_closely(ending: str) -> None:
    line = ("<p>" if ending == "</p>" else "") + "甘谷县2023年主动公开信息十二条。" + ending
    found = read((line * 30_000).encode(), url=None)
    assert isinstance(found, NotAReport)
    assert found.reason == "unreadable"


@pytest.mark.parametrize("reason", REFUSED)
def test_why_a_page_is_no_report(reason: str) -> None:
    found = read(REFUSED[reason].encode(), url="http://www.gangu.gov.cn/a/b.html")
    assert isinstance(found, NotAReport), found
    assert found.reason == reason


def test_a_report_with_free_headings_of_the_years_before_2019() -> None:
    text = (
        "甘谷县水务局2016年政府信息公开工作年度报告\n根据《政府信息公开条例》要求，特编制本报告。\n一、概述\n"
        "2016年，我局政府信息公开工作平稳。\n二、主动公开政府信息的情况\n全年主动公开信息21条。\n"
        "三、依申请公开政府信息情况\n没有收到申请。\n四、行政复议和诉讼情况\n没有。\n"
        "五、存在的主要问题和改进措施\n人手少。\n"
    )
    found = read(text.encode(), url=None)
    assert isinstance(found, Report)
    assert (found.year, found.form, found.form_source) == (2016, "pre2019", "year")
    assert found.sections["active_disclosure"] == "全年主动公开信息21条。"
    assert found.sections["problems_improvements"] == "人手少。"


@pytest.mark.parametrize(
    ("url", "trust"),
    [
        ("https://www.puershi.gov.cn/info/1.htm", "official"),
        ("http://www.gov.cn/a", "official"),
        ("http://www.gov.cn.example.com/a", "untrusted"),
        ("http://xgov.cn/a", "untrusted"),
        ("http://61.150.65.235/a", "untrusted"),
        ("https://www.360docs.net/doc/1.html", "document_site"),
        ("https://max.book118.com/html/1.shtm", "document_site"),
        (None, None),
        ("http://[::1", None),
    ],
)
def test_trust_by_address(url: str | None, trust: str | None) -> None:
    assert trust_of(url) == trust


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_way_of_writing_a_date_is_read(day: date) -> None:
    for form in ("%Y-%m-%d 11:34", "%Y年%m月%d日", "%Y.%m.%d 14:48:00", "%Y/%m/%d", "%Y%m%d"):
        assert parse_date(day.strftime(form)) == day


@pytest.mark.parametrize("text", ["2020", "2020-10-", "2020-13-01", "2021-02-30", "", "长期"])
def test_what_is_no_whole_date(text: str) -> None:
    assert parse_date(text) is None


def told(**given_: object) -> tuple[str | None, str | None]:
    facts = {"metas": {}, "near_title": "", "url": None, "hints": {}, "year": 2023} | given_
    return published(**facts)[:2]  # type: ignore[arg-type]


def test_the_date_of_publication_and_its_source() -> None:
    url = "http://a.gov.cn/art/2024/1/22/art_1_2.html"
    assert told(metas={"pubdate": "2024-01-20 09:00"}, url=url) == ("2024-01-20", "meta:PubDate")
    assert told(near_title="来源：本站 发布时间：2024年1月21日", url=url)[1] == "page:发布时间"
    assert told(url=url) == ("2024-01-22", "url")
    assert told(hints={"listed_date": "2024-01-23"}) == ("2024-01-23", "hint:listed_date")
    assert told() == (None, None)


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ("2024-01-21 10:20 来源：县财政局 浏览次数：12", "2024-01-21", "page"),
        ("[ 2024年1月21日 ] 【字体：大 中 小】", "2024-01-21", "page"),
        ("发布日期 | 2024-01-21 | 生成日期 | 2024-01-11", "2024-01-21", "page:发布日期"),
        ("日期：[2024-01-21]", "2024-01-21", "page:日期"),
        ("统计截止时间：2023-12-31", None, None),
        ("成文日期：2024-01-11", None, None),
        ("发布时间：2023", None, None),
        ("发布时间：2020-10-", None, None),
    ],
)
def test_dates_in_the_lines_under_a_title(line: str, day: str | None, source: str | None) -> None:
    assert told(near_title=line) == (day, source)


@pytest.mark.parametrize(
    "path",
    [
        "/202401/t20240122_1.html",
        "/2024-01/22/content_1.html",
        "/2024/1/22/art_1.html",
        "/20240122/a.html",
        "/2024/0122/1.html",
        "/P020240122559475097123.pdf",
    ],
)
def test_dates_in_addresses(path: str) -> None:
    assert told(url=f"http://a.gov.cn{path}") == ("2024-01-22", "url")


def test_a_cut_date_is_told() -> None:
    facts: dict[str, Any] = {"near_title": "", "url": None, "hints": {}, "year": 2019}
    found = published(metas={"pubdate": "2020-10-"}, **facts)
    assert found == (None, None, ("meta:PubDate is no whole date: 2020-10-",))


def test_a_date_before_the_year_ended_is_not_that_of_the_report() -> None:
    url = "http://a.gov.cn/202401/t20240122_1.html"
    assert told(metas={"pubdate": "2023-05-01"}, url=url) == ("2024-01-22", "url")
