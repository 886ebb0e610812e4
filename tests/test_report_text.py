"""The text of a report: headings in all spellings, walls of bars, document sites, hostile pages."""

import pytest

from archive.records import NotAReport, Report
from archive.report import read
from archive.report.sections import KEYS

NAME = "甘谷县统计局2023年政府信息公开工作年度报告"
HEADINGS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
TEXTS = (
    "2023年，甘谷县统计局认真落实条例，主动公开政府信息12条。",
    "全年公布统计公报1件。",
    "全年没有收到政府信息公开申请。",
    "没有行政复议和行政诉讼。",
    "人手不足，将加强培训。",
    "没有收取信息处理费。",
)


def read_text(text: str) -> Report:
    found = read(text.encode(), url=None)
    assert isinstance(found, Report), found
    return found


@pytest.mark.parametrize(
    "spelling",
    ["{n}、{h}", "{n}．{h}", "（{n}）{h}", "第{n}部分 {h}", "{h}", "{n}、{h}：", "{n} 、 {h}"],
)
def test_headings_on_lines_of_their_own(spelling: str) -> None:
    lines = [NAME]
    for number, heading, text in zip("一二三四五六", HEADINGS, TEXTS, strict=True):
        lines += [spelling.format(n=number, h=heading), text]
    report = read_text("\n".join(lines))
    assert tuple(report.sections) == KEYS
    assert tuple(report.sections.values()) == TEXTS


@pytest.mark.parametrize("spelling", ["{n}、{h}", "第{n}部分 {h}", "{n}、{h}："])
def test_headings_inside_a_line(spelling: str) -> None:
    parts = zip("一二三四五六", HEADINGS, TEXTS, strict=True)
    report = read_text(
        NAME + "\n" + " ".join(f"{spelling.format(n=n, h=h)} {text}" for n, h, text in parts)
    )
    assert tuple(report.sections.values()) == TEXTS


def test_the_parts_of_a_section_are_no_sections() -> None:
    lines = [NAME]
    for number, heading, text in zip("一二三四五六", HEADINGS, TEXTS, strict=True):
        lines += [f"{number}、{heading}", text]
    lines.insert(3, "（一）主动公开政府信息情况")
    lines.insert(11, "（一）存在的主要问题")
    report = read_text("\n".join(lines))
    assert report.sections["overview"] == f"{TEXTS[0]}\n（一）主动公开政府信息情况"
    assert report.sections["problems_improvements"] == f"（一）存在的主要问题\n{TEXTS[4]}"


@pytest.mark.parametrize("bars", [1, 3, 40, 350])
def test_a_layout_table_saved_as_one_cell_a_line_with_bars(bars: int) -> None:
    lines = [NAME]
    for number, heading, text in zip("一二三四五六", HEADINGS, TEXTS, strict=True):
        lines += [f"{number}、{heading}", text]
    report = read_text("\n".join(f"{line} {'|' * bars}" for line in lines))
    assert report.title == NAME
    assert tuple(report.sections.values()) == TEXTS
    assert "|" not in report.text
    assert set(report.tables.status.values()) == {"absent"}


SITES = {
    "above and below": (
        "人人文库网\n{name}\nVIP免费下载\n文档格式：DOC　页数：12\n上传时间：2024-03-01\n内容预览",
        "版权声明：本文档由用户上传。\n猜你喜欢\n某市2021年政府信息公开工作年度报告.docx",
    ),
    "tools": (
        "首页 > 文档分类 > 政务\n{name}.docx\n原创力文档\n¥5.00\n立即下载\n剩余3页未读，继续阅读",
        "下载文档到电脑，查找使用更方便\n相关文档\n某县2020年政府信息公开年报.pdf",
    ),
    "facts": (
        "豆丁网\n{name}\n上传于：2024-05-06 浏览：123\n所需积分：10",
        "热门推荐\n某局总结.docx",
    ),
}


@pytest.mark.parametrize("site", SITES)
def test_what_a_document_site_adds_is_left_out(site: str) -> None:
    above, below = SITES[site]
    parts = zip("一二三四五六", HEADINGS, TEXTS, strict=True)
    body = " ".join(f"{n}、{h} {text} —{n}—" for n, h, text in parts)
    report = read_text(f"{above.format(name=NAME)}\n{NAME} {body}\n{below}")
    assert (report.title, report.year, report.trust) == (NAME, 2023, "document_site")
    site_words = ("文库", "下载", "上传", "积分", "¥", "文档", "豆丁", "首页", "某", "推荐", "未读")
    assert [word for word in site_words if word in report.text] == []


DATA_ROW = "<tr>" + "<td>1</td>" * 20 + "</tr>"
HOSTILE = {
    "nested tables": "<table><tr><td>" * 1500,
    "paragraphs in nested tables": "<p><table><tr><td><p>" * 800,
    "nested blocks": "<div class='share'>" * 5000,
    "comments": "<!-- x -->" * 100_000,
    "rows of one cell": "<table>" + "<tr><td rowspan=65534 colspan=1000>1</td></tr>" * 3000,
    "rows": f"<table>{DATA_ROW * 3000}</table>",
    "bars": "|" * 2_000_000,
    "blanks": "&nbsp;" * 200_000,
}


@pytest.mark.parametrize("page", HOSTILE)
def test_hostile_pages_are_read_to_an_end(page: str) -> None:
    found = read(f"<html><body>{HOSTILE[page]}".encode(), url="http://www.gangu.gov.cn/a.htm")
    assert isinstance(found, NotAReport)
