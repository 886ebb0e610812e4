"""The statistics annexed to reports before 2019."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archive.records import Indicator
from archive.report.tables.indicators import read_indicators

ROWS = [
    ("统　计　指　标", "单位", "统计数"),
    ("一、主动公开情况", "—", "——"),
    ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "1,203"),
    ("其中：主动公开规范性文件数", "条", "12"),
    ("制发规范性文件总数", "件", "14"),
    ("（二）通过不同渠道和方式公开政府信息的情况", "", ""),
    ("1.政府公报公开政府信息数", "条", "0"),
    ("2.政府网站公开政府信息数", "条", ""),
    ("三、依申请公开情况", "", ""),
    ("（一）收到申请数", "件", "5"),
    ("1.当面申请数", "件", "1"),
    ("四、行政复议数量", "件", "/"),
    ("七、依申请公开信息收取的费用", "万元", "0.25"),
]
ONE = "一、主动公开情况"
EXPECTED = (
    Indicator((ONE, ROWS[2][0]), "条", 1203, "1,203"),
    Indicator((ONE, ROWS[2][0], "其中：主动公开规范性文件数"), "条", 12, "12"),
    Indicator((ONE, "制发规范性文件总数"), "件", 14, "14"),
    Indicator((ONE, ROWS[5][0], "1.政府公报公开政府信息数"), "条", 0, "0"),
    Indicator((ONE, ROWS[5][0], "2.政府网站公开政府信息数"), "条", None, ""),
    Indicator(("三、依申请公开情况", "（一）收到申请数"), "件", 5, "5"),
    Indicator(("三、依申请公开情况", "（一）收到申请数", "1.当面申请数"), "件", 1, "1"),
    Indicator(("四、行政复议数量",), "件", None, "/"),
    Indicator(("七、依申请公开信息收取的费用",), "万元", 0.25, "0.25"),
)
WITH_NUMBERS = tuple(indicator for indicator in EXPECTED if indicator.value is not None)


def page(rows: Sequence[tuple[str, ...]]) -> html.HtmlElement:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return html.fromstring(f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>")


def test_a_table_of_the_page() -> None:
    assert read_indicators(page(ROWS), "") == EXPECTED


def test_a_header_repeated_after_a_page_break_and_a_table_in_two() -> None:
    first, second = page(ROWS[:6]), page([ROWS[0], *ROWS[6:]])
    both = html.fromstring("<div></div>")
    both.extend([first, second])
    assert read_indicators(both, "") == EXPECTED


def test_lines_with_pipes() -> None:
    text = "\n".join(" | ".join(row) + " |" for row in ROWS)
    assert read_indicators(None, text) == EXPECTED


def test_one_cell_per_line_with_pipes() -> None:
    lines = [f"{cell} |" if cell else "|" for row in ROWS[:5] for cell in row]
    assert read_indicators(None, "\n".join(lines)) == EXPECTED[:3]


@pytest.mark.parametrize("between", ["\n", "  "])
def test_flattened_text_gives_only_what_stands_together(between: str) -> None:
    """A blank leaves nothing behind in flattened text: its line is left out, none is shifted."""
    text = "政府信息公开情况统计表\n" + "\n".join(between.join(filter(None, row)) for row in ROWS)
    found = read_indicators(None, text)
    assert tuple(indicator for indicator in found if indicator.raw != "/") == WITH_NUMBERS


def test_codes_years_and_a_group_merged_over_its_rows() -> None:
    found = read_indicators(
        html.fromstring(
            "<table><tr><td>代码</td><td colspan=2>指标名称</td><td>计量单位</td><td>2012年</td>"
            "<td>历年累计</td></tr>"
            "<tr><td>01</td><td rowspan=2>主动公开</td><td>信息数</td><td>条</td><td>20</td>"
            "<td>120</td></tr>"
            "<tr><td>02</td><td>全文电子化数</td><td>条</td><td>18</td><td>90</td></tr>"
            "<tr><td>10</td><td colspan=2>申请总数</td><td>条</td><td>３</td><td>7</td></tr>"
            "</table>"
        ),
        "",
    )
    assert found == (
        Indicator(("主动公开", "信息数"), "条", 20, "20", "01"),
        Indicator(("主动公开", "全文电子化数"), "条", 18, "18", "02"),
        Indicator(("申请总数",), "条", 3, "３", "10"),
    )


def test_two_blocks_side_by_side() -> None:
    head = ("指标", "单位", "数量")
    rows = [
        (*head, *head),
        ("一、主动公开数", "条", "1", "三、申请数", "件", "4"),
        ("二、回应数", "次", "2", "四、复议数", "件", "5"),
    ]
    found = read_indicators(page(rows), "")
    assert [indicator.value for indicator in found] == [1, 2, 4, 5]
    assert [indicator.label for indicator in found] == [
        *(("一、主动公开数",), ("二、回应数",), ("三、申请数",), ("四、复议数",))
    ]


def test_the_standard_tables_and_prose_are_no_indicators() -> None:
    rows = [
        ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        ("规章", "0", "0", "0"),
        ("行政规范性文件", "8", "26", "66"),
        ("信息内容", "本年收费金额（单位：万元）"),
        ("一、本年新收政府信息公开申请数量", "3", "0", "0", "0", "0", "0", "3"),
        ("（一）予以公开", "3", "0", "0", "0", "0", "0", "3"),
    ]
    assert read_indicators(page(rows), "") == ()
    assert read_indicators(None, "一、收到申请\n3\n件\n详见统计表。\n共公开 3 条。") == ()
    assert read_indicators(None, "") == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("条件次"), st.integers(0, 99_999)), min_size=3, max_size=30),
    st.sampled_from(["table", "pipes", "lines", "triples"]),
)
def test_any_form_comes_back_as_it_was(lines: list[tuple[str, int]], shape: str) -> None:
    rows = [("统计指标", "单位", "统计数")] + [
        (f"（{'一二三四五六七八九十'[n % 10]}）公开信息数", unit, str(value))
        for n, (unit, value) in enumerate(lines)
    ]
    if shape == "table":
        found = read_indicators(page(rows), "")
    else:
        between = {"pipes": " | ", "lines": " ", "triples": "\n"}[shape]
        found = read_indicators(None, "统计表\n" + "\n".join(between.join(row) for row in rows))
    assert [(f.unit, f.value) for f in found] == lines
    assert all(re.fullmatch(r"（.）公开信息数", f.label[-1]) for f in found)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="一二、（）1.|条件 统计指标单位数量\n\t其中", max_size=200))
def test_any_text_gives_indicators_or_none(text: str) -> None:
    assert isinstance(read_indicators(None, text), tuple)
