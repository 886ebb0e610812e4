"""The text of a report: headings in all spellings, walls of bars, document sites, hostile pages."""

import pytest

from archive.records import NotAReport, Report
from archive.report import read
from archive.report.article.sections import KEYS

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


def test_a_table_of_contents_and_a_list_in_the_introduction_are_no_sections() -> None:
    numbered = [f"{n}、{h}" for n, h in zip("一二三四五六", HEADINGS, strict=True)]
    body = [line for pair in zip(numbered, TEXTS, strict=True) for line in pair]
    listed = f"本报告由{'；'.join(numbered)}六个部分组成。"
    report = read_text("\n".join([NAME, *numbered, listed, *body]))
    assert tuple(report.sections.values()) == TEXTS


def test_a_heading_that_runs_over_two_lines() -> None:
    lines = [NAME]
    for number, heading, text in zip("一二三四五六", HEADINGS, TEXTS, strict=True):
        lines += [f"{number}、{heading[:4]}", heading[4:], text] if heading[4:] else []
        lines += [] if heading[4:] else [f"{number}、{heading}", text]
    assert tuple(read_text("\n".join(lines)).sections.values()) == TEXTS


def test_two_headings_in_one_line_and_the_second_again_below_the_table() -> None:
    head = [NAME, "一、总体情况", TEXTS[0], "二、主动公开政府信息情况", TEXTS[1]]
    both = f"四、{HEADINGS[3]} 五、{HEADINGS[4]}"
    table = "行政复议 | 行政诉讼\n0 | 0"
    tail = [f"五、{HEADINGS[4]}", TEXTS[4], f"六、{HEADINGS[5]}", TEXTS[5]]
    report = read_text("\n".join([*head, f"三、{HEADINGS[2]}", TEXTS[2], both, table, *tail]))
    assert report.sections["review_litigation"] == ""
    assert report.sections["problems_improvements"] == TEXTS[4]


def test_sections_whose_headings_are_lost_are_known_by_how_they_begin() -> None:
    lines = [
        NAME,
        "根据条例要求编制本报告。如对本报告有疑问，请联系，联系电话：0938-1234567。",
        TEXTS[0] + "全年组织培训2次，参训56人次，及时更新信息公开指南。",
        *("二、主动公开政府信息情况", TEXTS[1], "三、收到和处理政府信息公开申请情况", TEXTS[2]),
        *("四、政府信息公开行政复议、行政诉讼情况", TEXTS[3]),
        "（一）存在的主要问题：公开的内容不够丰富。",
        "本年度收取信息处理费0元。",
    ]
    found = read_text("\n".join(lines)).sections
    assert list(found) == list(KEYS)
    assert found["overview"] == lines[2]
    assert found["review_litigation"] == TEXTS[3]
    assert found["problems_improvements"] == lines[-2]
    assert found["other_matters"] == lines[-1]


def test_headings_of_a_report_before_2019() -> None:
    heads = {
        "概述": "overview",
        "主动公开政府信息情况": "active_disclosure",
        "依申请公开政府信息情况": "requests",
        "咨询处理情况": "consultation",
        "政府信息公开的收费及减免情况": "fees",
        "因政府信息公开申请行政复议、提起行政诉讼情况": "review_litigation",
        "存在的主要问题和改进措施": "problems_improvements",
        "附表": "appendix",
    }
    name = "甘谷县统计局2013年政府信息公开工作年度报告"
    text = "2013年，甘谷县统计局认真落实条例，这一部分的工作都按要求做了。"
    lines = [name]
    for number, heading in zip("一二三四五六七八", heads, strict=True):
        lines += [f"{number}、{heading}", text]
    assert read_text("\n".join(lines)).sections == dict.fromkeys(heads.values(), text)


WRAPPED = """{name}
根据《中华人民共和国政府信息公开条例》的要求，由甘谷县统计
局编制本报告。本报告所列数据的统计期限自2023年1月1日至12
月31日。如对本报告有疑问，请与甘谷县统计局办公室联系，地址
是大像山镇冀城路10号。
一、总体情况
2023年，甘谷县统计局认真落实条例，把公开统计数据作为工作的
— 1 —
重点，全年主动公开政府信息12条，其中统计公报1件、统计分析11
篇，都在县政府门户网站按时发布。二、主动公开政府信息情况 全年
公布规范性文件0件 — 2 — 和统计公报1件。
六、其他需要报告的事项
没有收取信息处理费。第3页 共3页"""


def test_lines_broken_at_the_edge_and_marks_of_pages_are_mended() -> None:
    report = read_text(WRAPPED.format(name=NAME))
    for sentence in (
        "由甘谷县统计局编制本报告。",
        "把公开统计数据作为工作的重点，",
        "统计分析11篇，都在县政府",
        "规范性文件0件和统计公报1件。",
    ):
        assert sentence in report.text
    assert "页" not in report.text
    assert "—" not in report.text


def page_of(body: str, around: str = "{}") -> str:
    """Return a page with ``body`` as its article, after the title."""
    shell = around.format(f'<div class="TRS_Editor"><p>{NAME}</p>{body}</div>')
    return f"<html><head><title>{NAME}</title></head><body>{shell}</body></html>"


BODY = "".join(
    f"<p>{n}、{h}</p><p>{t}</p>" for n, h, t in zip("一二三四五六", HEADINGS, TEXTS, strict=True)
)


def text_on(page: str) -> str:
    found = read(page.encode(), url="http://www.gangu.gov.cn/a.htm")
    assert isinstance(found, Report), found
    return found.text


@pytest.mark.parametrize(
    "sentence",
    [
        "网站底部标明版权所有、网站标识码、ICP备案号等信息。",
        "上一篇总结指出的问题均已整改。",
        "设置“扫一扫”二维码，群众扫码即可查阅。",
        "本报告电子版可在门户网站“政府信息公开年报”栏目下载。",
    ],
)
def test_a_sentence_about_pages_is_no_part_of_the_page(sentence: str) -> None:
    assert sentence in text_on(page_of(BODY.replace(TEXTS[4], f"{TEXTS[4]}</p><p>{sentence}")))


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_stray_closing_tag_does_not_end_the_article(cut: int) -> None:
    parts = BODY.split("</p><p>")
    torn = "</p><p>".join(parts[: cut * 4 - 1]) + "</p></span></div></p><p>"
    around = '<div class="w">{}</div><div>【打印】【关闭】</div><p>主办：甘谷县统计局</p>'
    text = text_on(page_of(torn + "</p><p>".join(parts[cut * 4 - 1 :]), around))
    assert [t for t in TEXTS if t not in text] == []
    assert [t for t in ("打印", "主办") if t in text] == []


CHROME = {
    "a column of a layout table": "<table><tr><td><table><tr><td>栏目导航</td></tr></table></td>"
    "<td>{}</td></tr></table>",
    "hidden menu": "<div style='DISPLAY: none'><p>办事指南。</p></div>{}",
    "neighbours": "{}<p>上一篇：<a href='a.htm'>甘谷县统计局2022年政府信息公开工作年度报告</a></p>",
    "related": "{}<div><p>相关文章</p><ul><li><a href='a.htm'>县统计局召开会议</a></li></ul></div>",
    "facts": "<p>发布时间：2024-01-12 来源：本站 浏览次数：<span>12</span> 【大 中 小】</p>{}",
    "breadcrumb": "<div>您的位置：<a>首页</a> &gt; <a>政府信息公开年报</a></div>{}",
    "footer": "{}<p>主办：甘谷县人民政府 承办：县大数据中心</p><p>甘公网安备 62052302000001号</p>",
    "accessibility": "<div><a>无障碍浏览</a> <a>长者模式</a></div>{}<p>扫一扫在手机打开当前页</p>",
    "editor": "{}<p>责任编辑：张三</p><p>打印本页 关闭窗口 分享到：微信 微博</p>",
}


@pytest.mark.parametrize("chrome", CHROME)
def test_what_stands_round_an_article_is_left_out(chrome: str) -> None:
    inside = page_of(BODY).partition("<body>")[2].partition("</body>")[0]
    lines = text_on(page_of("", CHROME[chrome]).replace("</p></div>", f"</p>{BODY}</div>"))
    assert lines == text_on(f"<html><title>{NAME}</title><body>{inside}</body></html>")


def test_notes_raised_above_figures_are_told_from_them() -> None:
    assert "12[1]条" in text_on(page_of(BODY.replace("12条", "12<sup>1</sup>条")))


@pytest.mark.parametrize(
    "struck", ["<del>9</del>", "<s>9</s>", "<span style='text-decoration: line-through'>9</span>"]
)
def test_what_was_struck_out_is_no_text(struck: str) -> None:
    assert "12条" in text_on(page_of(BODY.replace("12条", f"{struck}12条")))


def test_a_tag_that_strikes_and_is_never_closed_takes_nothing_away() -> None:
    text = text_on(page_of(f"<s>{BODY}"))
    assert [t for t in TEXTS if t not in text] == []


def test_figures_between_bars_on_a_document_site_are_those_of_a_table() -> None:
    zeros = "| " + "0 | " * 15
    head = "| 行政复议 | 行政诉讼 |\n| " + "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | " * 3
    body = [f"{n}、{h}\n{t}" for n, h, t in zip("一二三四五六", HEADINGS, TEXTS, strict=True)]
    body[3] += f"\n{head}\n{zeros}"
    report = read_text("人人文库网\nVIP免费下载\n文档格式：DOC\n" + "\n".join([NAME, *body]))
    assert report.trust == "document_site"
    assert report.tables.status["review_litigation"] in ("read", "recovered")


def test_the_mark_of_a_page_behind_a_table_does_not_cut_the_sentence() -> None:
    lines = [NAME]
    for number, heading, text in zip("一二三四五六", HEADINGS, TEXTS, strict=True):
        lines += [f"{number}、{heading}", text]
    table = "行政复议 行政诉讼 结果维持 结果纠正 未经复议直接起诉 复议后起诉 " + "0 " * 15
    lines[8] = table
    lines[10] = "（一）存在问 —5— 题：人手不足，将加强培训。"
    assert "（一）存在问题：人手不足" in read_text("\n".join(lines)).text


def test_what_a_site_recommends_is_left_out_with_its_heading() -> None:
    site = "相关文章\n幼儿园大班春季工作计划\n某公司年度安全生产总结"
    rows = "".join(f"<div>{row}</div>" for row in [*BODY.replace("</p>", "\n").split("\n")])
    page = f"<html><body>{rows}{''.join(f'<div>{x}</div>' for x in site.split())}</body></html>"
    assert [x for x in site.split() if x in text_on(page)] == []


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
