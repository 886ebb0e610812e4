"""The standard tables, from HTML grids, piped lines and flattened text."""

import json
import os
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import pytest
from filled_forms import requests_table
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archive.records import Form, Table
from archive.report.tables.cells import parse_change, parse_count, parse_money, parse_value
from archive.report.tables.forms import forms
from archive.report.tables.grid import Cell, cell_text, expand
from archive.report.tables.labels import names_of
from archive.report.tables.piped import piped_rows
from archive.report.tables.reading import read_tables, warnings

PAGES = Path(__file__).parent / "pages" / "tables"
KNOWN = forms()
COLUMNS = KNOWN.applicant_ids
LABELS = {row.id: row.label for row in KNOWN.request_rows}


@st.composite
def requests_tables(draw: st.DrawFn) -> tuple[Table, Form]:
    form: Form = draw(st.sampled_from(("2021", "2019")))
    number = st.one_of(st.just(0), st.just(0), st.integers(0, 30))
    line = st.lists(number, min_size=6, max_size=6)
    size = len(KNOWN.request_rows_of(form)) - 4
    details = draw(st.lists(line, min_size=size, max_size=size))
    return requests_table(details, draw(line), form), form


def lines_of(table: Table) -> list[tuple[str, list[str]]]:
    return [(LABELS[row], [str(n) for n in cells.values()]) for row, cells in table.items()]


def as_html(table: Table) -> str:
    rows = "".join(
        f"<tr><td colspan=3>{label}</td>{''.join(f'<td>{n}</td>' for n in numbers)}</tr>"
        for label, numbers in lines_of(table)
    )
    return f"<table>{rows}</table>"


def as_pipes(table: Table) -> str:
    return "\n".join(" | ".join((label, *numbers)) + " |||" for label, numbers in lines_of(table))


def as_cells(table: Table) -> str:
    cells = chain.from_iterable((label, *numbers) for label, numbers in lines_of(table))
    return "\n|\n".join(cells) + "\n|\n"


def read_html(markup: str):
    return read_tables(html.fromstring(markup), "")


def read_text(text: str):
    return read_tables(None, text)


@pytest.mark.parametrize("name", ["active_disclosure", "requests", "review_litigation"])
def test_page_pasted_from_word_with_cut_digits_split_table_and_wrong_rowspans(name: str) -> None:
    tables, form = read_html((PAGES / "word_paste.html").read_text(encoding="utf-8"))
    expected = json.loads((PAGES / "word_paste.json").read_text(encoding="utf-8"))
    assert getattr(tables, name) == expected[name]
    assert (tables.status[name], form, warnings(tables)) == ("read", "2021", ())


def test_marks_and_units_stay_in_raw() -> None:
    tables, _ = read_html((PAGES / "word_paste.html").read_text(encoding="utf-8"))
    assert tables.raw["active_disclosure"]["regulations"] == {
        "issued": "0",
        "repealed": "/",
        "valid": "—",
    }
    assert tables.raw["active_disclosure"]["admin_fees"] == {"amount_10k_cny": "251000元"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("", None),
        ("\xa0", None),
        ("/", None),
        ("—", None),
        ("-", None),
        ("无", None),
        ("１２", 12),
        ("1,204", 1204),
        ("1，204", 1204),
        ("1 62", 162),
        ("0 0", None),
        ("1\n62", None),
        ("5件", 5),
        ("5\n件", 5),
        ("　　+1", 1),
        ("－18", -18),
        ("−71", -71),
        ("减71", None),
        ("33.50", None),
        ("12.0", 12),
        ("5①", 5),
        ("5[1]", 5),
        ("①", None),
        ("〇", 0),
        ("O", None),
        ("3（件）", 3),
        ("3/2", None),
        ("4'431", 4431),
        ("007", None),
        ("1,2", None),
        ("见附件3", None),
        ("3元", None),
    ],
)
def test_text_of_a_cell(text: str, number: float | None) -> None:
    value = parse_count(text)
    assert (value.number, value.raw) == (number, text.strip())


@pytest.mark.parametrize(
    ("text", "number"),
    [("减71", -71), ("减少2", -2), ("增5", 5), ("+1", 1), ("－18", -18), ("0", 0), ("3元", None)],
)
def test_text_of_a_change(text: str, number: int | None) -> None:
    assert parse_change(text).number == number


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("13015.02(万元)", "万元", 13015.02),
        ("251000元", "万元", 25.1),
        ("120190475.34元", "万元", 12019.047534),
        ("33800", "元", 3.38),
        ("2.02", "万元", 2.02),
        ("1.5亿元", "万元", 15000),
        ("3件", "万元", None),
    ],
)
def test_money_in_units_of_ten_thousand(text: str, unit: str, amount: float | None) -> None:
    assert parse_money(text, unit).number == amount


def test_words_in_spans_are_joined_and_blocks_are_lines() -> None:
    cell = html.fromstring(
        "<td>1<!-- x --><span>6<b>2</b></span><p>件\n数</p><style>p</style></td>"
    )
    assert cell_text(cell) == "162\n件 数"


@pytest.mark.parametrize(
    ("label", "row"),
    [
        (
            "1、申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "other_no_correction",
        ),
        ("2.逾期不缴费", "other_fee_unpaid"),
        ("三、本年度办理结果(一)予以公开", "granted"),
        ("5. 属于三类内部事物信息", "denied_internal_affairs"),
        ("一、本年新收政府信息公开申请数量（件）", "new_requests"),
        ("屬于國家秘密", "denied_state_secret"),
        ("（七）总　计", "handled_total"),
        ("3.其他", "other_other"),
        ("（六）其他处理", "other_total"),
        ("不予公开", None),
        ("6.涉及商业秘密", None),
    ],
)
def test_labels_with_variants_typing_errors_and_numbering(label: str, row: str | None) -> None:
    term = names_of(KNOWN, label).row
    assert (term and term.id) == row


def test_blank_cells_for_merged_labels_do_not_shift_the_values() -> None:
    table = requests_table([[1, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    markup = as_html(table).replace("<td colspan=3>", "<td></td><td></td><td>")
    assert read_html(markup)[0].requests == table
    markup = as_html(table).replace("</td></tr>", "</td><td></td></tr>")
    assert read_html(markup)[0].requests == table


def test_blank_cells_merged_into_one() -> None:
    table = requests_table([[0] * 6] * 21, [0] * 6, "2021")
    markup = as_html(table).replace("<td>0</td>" * 6, "<td colspan=6></td>")
    tables, _ = read_html(markup)
    assert tables.requests is not None
    assert list(tables.requests["granted"].values()) == [None] * 6 + [0]


def test_a_number_merged_over_several_columns_is_not_placed() -> None:
    table = requests_table([[0] * 6] * 21, [0] * 6, "2021")
    markup = as_html(table).replace("<td>0</td><td>0</td>", "<td colspan=2>3</td>", 1)
    tables, _ = read_html(markup)
    assert (tables.requests, tables.status["requests"]) == (None, "ambiguous")
    assert warnings(tables) == ("requests.new_requests: not placed: 3|0|0|0|0|0",)


def test_a_zero_merged_over_several_columns_is_the_zero_of_each() -> None:
    table = requests_table([[1, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    merged = as_html(table).replace("<td>0</td>" * 5, "<td colspan=5>0</td>")
    assert read_html(merged)[0].requests == table


def test_rows_with_too_few_cells_are_never_filled_up() -> None:
    table = requests_table([[1, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    for many in (-1, 1):
        short = as_html(table).replace("<td>0</td><td>0</td>", "<td>0</td>", many)
        tables, _ = read_html(short)
        assert (tables.requests, tables.readings) == (None, {"requests": 0})


def test_a_row_with_too_few_cells_is_mended_where_the_sums_leave_one_way() -> None:
    table = requests_table([[1, 2, 3, 4, 5, 6]] * 21, [0] * 6, "2021")
    table["carried_over_out"] = dict.fromkeys(COLUMNS, 0)
    blank = requests_table([[1, 2, 3, 4, 5, 6]] * 20 + [[1, 2, 0, 4, 5, 6]], [0] * 6, "2021")
    markup = as_html(blank).replace(
        "3.其他</td><td>1</td><td>2</td><td>0</td>", "3.其他</td><td>1</td><td>2</td>"
    )
    blank["other_other"]["research_institution"] = None  # type: ignore[assignment]
    tables, _ = read_html(markup)
    assert (tables.requests, tables.status["requests"]) == (blank, "read")


def test_an_unknown_row_is_told_and_never_read_as_another() -> None:
    table = requests_table([[2, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    tables, _ = read_html(as_html(table).replace(LABELS["denied_third_party"], "4.涉及商业秘密"))
    assert (tables.requests, tables.readings) == (None, {"requests": 0})
    assert warnings(tables) == ("requests.4.涉及商业秘密: not placed: 2|0|0|0|0|0|2",)


def test_a_table_that_ends_with_the_page_is_read_as_far_as_it_goes() -> None:
    table = requests_table([[2, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    markup = as_html(table)
    tables, _ = read_html(markup[: markup.index(LABELS["denied_admin_query"]) + 40])
    assert tables.requests is not None
    assert tables.status["requests"] == "read"
    assert tables.requests["denied_enforcement_file"] == table["denied_enforcement_file"]
    assert "denied_admin_query" not in tables.requests


def test_a_failed_sum_leaves_the_values_as_found() -> None:
    table = requests_table([[1, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    table["granted"]["total"] = 7
    tables, _ = read_html(as_html(table))
    assert (tables.requests, tables.status["requests"]) == (table, "inconsistent")


def test_two_different_tables_are_ambiguous_two_equal_ones_are_not() -> None:
    one = requests_table([[1, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    other = requests_table([[2, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    tables, _ = read_html(f"<div>{as_html(one)}{as_html(other)}</div>")
    assert (tables.requests, tables.status["requests"]) == (None, "ambiguous")
    assert tables.readings == {"requests": 2}
    assert read_html(f"<div>{as_html(one)}{as_html(one)}</div>")[0].requests == one


def test_a_layout_table_around_everything_and_navigation_are_no_tables() -> None:
    tables, form = read_html(
        "<table><tr><td>行政许可</td><td>行政处罚</td><td>3</td></tr><tr><td>一、总体情况 "
        "予以公开 4 件，部分公开 9 件，行政复议 2 件，行政诉讼 1 件。</td></tr></table>"
    )
    assert set(tables.status.values()) == {"absent"}
    assert form is None


ACTIVE_2019 = """
<table><tr><td colspan=4>第二十条第（五）项</td></tr>
<tr><td>信息内容</td><td>{}</td><td>本年增/减</td><td>处理决定数量</td></tr>
<tr><td>行政许可</td><td>178</td><td>-71</td><td>18370</td></tr>
<tr><td>其他对外管理服务事项</td><td>1511</td><td>　+1</td><td></td></tr>
<tr><td colspan=4>第二十条第（九）项</td></tr>
<tr><td>信息内容</td><td colspan=2>采购项目数量</td><td>采购总金额</td></tr>
<tr><td>政府集中采购</td><td colspan=2>95</td><td>1301502元</td></tr></table>
"""


def test_signed_changes_and_procurement_of_the_form_of_2019() -> None:
    tables, form = read_html(ACTIVE_2019.format("上一年项目数量"))
    assert form == "2019"
    assert tables.active_disclosure is not None
    assert tables.active_disclosure["admin_licensing"] == {
        "items_prev_year": 178,
        "items_change": -71,
        "decisions": 18370,
    }
    assert tables.active_disclosure["other_services"]["items_change"] == 1
    assert tables.active_disclosure["central_procurement"] == {
        "projects": 95,
        "amount_10k_cny": 130.1502,
    }
    assert set(tables.active_disclosure["regulations"].values()) == {None}


def test_a_column_of_another_meaning_is_not_taken_for_one_of_the_form() -> None:
    tables, _ = read_html(ACTIVE_2019.format("2019年项目数量"))
    assert (tables.active_disclosure, tables.readings) == (None, {"active_disclosure": 0})
    assert tables.raw["active_disclosure"]["admin_licensing"]["2019年项目数量"] == "178"
    assert "active_disclosure.admin_licensing: unknown column 2019年项目数量" in warnings(tables)


def test_review_and_litigation_in_two_tables() -> None:
    head = "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>"

    def values(*numbers: int) -> str:
        return "".join(f"<td>{n}</td>" for n in numbers)

    tables, _ = read_html(
        f"<div><table><tr><td colspan=5>行政复议</td></tr><tr>{head}</tr>"
        f"<tr>{values(1, 2, 3, 4, 10)}</tr></table><table><tr><td colspan=10>行政诉讼</td></tr>"
        "<tr><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>"
        f"<tr>{head}{head}</tr><tr>{values(0, 0, 0, 0, 0, 5, 0, 0, 1, 6)}</tr></table></div>"
    )
    assert tables.review_litigation is not None
    assert list(tables.review_litigation["review"].values()) == [1, 2, 3, 4, 10]
    assert list(tables.review_litigation["litigation_after_review"].values()) == [5, 0, 0, 1, 6]


def test_header_letters_on_lines_of_their_own_and_one_cell_per_line() -> None:
    text = "信息内容 |\n本年制发件数 |\n本年废止件数 |\n现行有效件数 |\n规章 |\n3 |\n|\n/ |\n"
    tables, form = read_text(f"第二十条第(一)项 |\n|||\n{text}行政规范性文件 |\n0 |\n1 |\n2 |\n")
    assert form == "2021"
    assert tables.active_disclosure is not None
    assert tables.active_disclosure["regulations"] == {"issued": 3, "repealed": None, "valid": None}
    assert list(tables.active_disclosure["normative_docs"].values()) == [0, 1, 2]


def test_prose_about_requests_is_no_table() -> None:
    text = "三、收到和处理政府信息公开申请情况\n本年新收 39 件，予以公开 4 件，部分公开 9 件。"
    assert read_text(text)[0].status["requests"] == "absent"


@given(requests_tables())
@settings(deadline=None, max_examples=25)
def test_a_table_reads_back_from_every_way_of_writing(drawn: tuple[Table, Form]) -> None:
    table, form = drawn
    assert read_html(as_html(table)) == read_html(f"<div>{as_html(table)}</div>")
    for tables, seen in (
        read_html(as_html(table)),
        read_text(as_pipes(table)),
        read_text(as_cells(table)),
    ):
        assert (tables.requests, tables.status["requests"], seen) == (table, "read", form)


def test_rows_in_tabs_and_full_width_pipes() -> None:
    table = requests_table([[n, 0, 1, 0, 0, 0] for n in range(21)], [2] * 6, "2021")
    for separator in ("\t", "｜"):
        text = "\n".join(separator.join((label, *n)) for label, n in lines_of(table))
        tables, _ = read_text(text)
        assert (tables.requests, tables.status["requests"]) == (table, "read")


def test_labels_over_two_lines_between_pipes() -> None:
    table = requests_table([[n, 0, 1, 0, 0, 0] for n in range(21)], [2] * 6, "2021")
    broken = [
        f"{label[: len(label) // 2]}\n{label[len(label) // 2 :]} | {' | '.join(n)} |"
        for label, n in lines_of(table)
    ]
    tables, _ = read_text("\n".join(broken))
    assert (tables.requests, tables.status["requests"]) == (table, "read")
    cells = as_cells(table).replace("无正当理由", "无正当\n理由").replace("确认或", "确认\n或")
    tables, _ = read_text(cells)
    assert (tables.requests, tables.status["requests"]) == (table, "read")


@pytest.mark.parametrize(
    ("rows", "valid"),
    [
        ("信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数\n规章 | 0 | 2 |", {}),
        ("信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t2\t", {}),
        ("信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 0 | 2 |", None),
    ],
    ids=["pipe between cells", "tab between cells", "pipe after each cell: one is missing"],
)
def test_a_pipe_at_the_end_opens_a_blank_cell_where_headers_have_none(
    rows: str, valid: dict[str, int] | None
) -> None:
    tables, _ = read_text(f"第二十条第（一）项 |||\n{rows}\n")
    blank = {"issued": 0, "repealed": 2, "valid": None}
    if valid is None:
        assert (tables.active_disclosure, tables.status["active_disclosure"]) == (None, "ambiguous")
    else:
        assert tables.active_disclosure is not None
        assert tables.active_disclosure["regulations"] == blank


def test_one_value_after_one_tab_is_a_row() -> None:
    text = "第二十条第（五）项\n信息内容\t本年处理决定数量\n行政许可\t18\n"
    tables, _ = read_text(text)
    assert tables.active_disclosure is not None
    assert tables.active_disclosure["admin_licensing"] == {"decisions": 18}


@given(st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=5), max_size=6))
def test_expansion_keeps_the_area_of_every_cell(spans: list[list[tuple[int, int]]]) -> None:
    cells = [[Cell("", rowspan, colspan) for rowspan, colspan in row] for row in spans]
    grid = expand(cells)
    slots = [slot for row in grid for slot in row]
    for y, row in enumerate(cells):
        for cell in row:
            area = min(cell.rowspan, len(cells) - y) * cell.colspan
            covered = [slot for slot in slots if slot.cell is cell]
            assert (len(covered), sum(slot.first for slot in covered)) == (area, 1)
    assert len(slots) == sum(
        min(cell.rowspan, len(cells) - y) * cell.colspan
        for y, row in enumerate(cells)
        for cell in row
    )


def test_hostile_spans_cost_nothing() -> None:
    tables, _ = read_html(
        "<table>" + "<tr>" + "<td rowspan=65534 colspan=999999999>x</td>" * 50 + "</tr></table>"
    )
    assert set(tables.status.values()) == {"absent"}


@given(
    st.text(
        alphabet="|\n 0129.,-/—一二三四五六七、()（）本年新收其他总计行政许可规章制发件数",
        max_size=400,
    )
)
@settings(deadline=None)
def test_any_text_is_read_without_an_error(text: str) -> None:
    tables, _ = read_text(text)
    assert set(tables.status) == {"active_disclosure", "requests", "review_litigation"}


@pytest.mark.skipif("GKCRAWL_SEEDS" not in os.environ, reason="GKCRAWL_SEEDS is not set")
@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_seed_documents(name: str) -> None:
    folder = Path(os.environ["GKCRAWL_SEEDS"])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["seeds"][name]
    tables, form = read_text((folder / f"{name}.txt").read_text(encoding="utf-8"))
    if expected["table_iii"] is None:
        assert set(tables.status.values()) == {"absent"}
        return
    for row in expected["table_ii"].values():
        row.pop("amount_raw", None)
    assert form == expected["report_format"]
    assert tables.active_disclosure == expected["table_ii"]
    assert tables.requests == expected["table_iii"]
    assert tables.review_litigation is not None
    assert expected["table_iv"] == {
        f"{route}_{outcome}": value
        for route, cells in tables.review_litigation.items()
        for outcome, value in cells.items()
    }


def test_numbers_without_unit_keep_their_text() -> None:
    assert parse_value(" 12 宗 ").raw == "12 宗"


HEADERS = [column.label for column in KNOWN.applicants]
DETAILS = [[1, 2, 0, 3, 0, 4]] * 21
CONSISTENT = requests_table(DETAILS, [1, 0, 0, 2, 0, 0], "2021")


def row_of(label: str, *cells: object) -> str:
    return f"<tr><td>{label}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def with_headers(headers: list[str], values: Callable[[list[str]], list[str]]) -> str:
    """Return Table III with one header line and its numbers in an order of the test's own."""
    rows = "".join(row_of(label, *values(numbers)) for label, numbers in lines_of(CONSISTENT))
    return f"<table>{row_of('', *headers)}{rows}</table>"


@pytest.mark.parametrize(
    ("headers", "values"),
    [
        ([HEADERS[6], *HEADERS[:6]], lambda n: [n[6], *n[:6]]),
        (HEADERS[:1] + HEADERS[5:0:-1] + HEADERS[6:], lambda n: [n[0], *n[5:0:-1], n[6]]),
        ([*HEADERS[:6], "小计", "总计"], lambda n: [*n[:6], "9", n[6]]),
        (["自然人", "小计", *HEADERS[1:]], lambda n: [n[0], "9", *n[1:]]),
        ([*HEADERS, "总计"], lambda n: [*n, n[6]]),
        ([*HEADERS, "备注"], lambda n: [*n, "无"]),
        (["行次", *HEADERS], lambda n: ["7", *n]),
        (["自然人", "商业", "企业", *HEADERS[2:]], lambda n: n),
        ([*HEADERS[:2], "", *HEADERS[3:]], lambda n: n),
        (HEADERS, lambda n: [*n, ""]),
        ([], lambda n: [*n[:6], str(sum(map(int, n[1:6]))), n[6]]),
    ],
    ids=[
        "总计在前",
        "倒序",
        "小计",
        "小计在前",
        "总计两次",
        "备注",
        "行次",
        "表头拆开",
        "表头缺字",
        "空列",
        "无表头",
    ],
)
def test_columns_are_known_by_their_headers(
    headers: list[str], values: Callable[[list[str]], list[str]]
) -> None:
    tables, _ = read_html(with_headers(headers, values))
    assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")


def test_a_column_that_the_table_leaves_out_is_none_without_a_text() -> None:
    tables, _ = read_html(with_headers([*HEADERS[:2], *HEADERS[3:]], lambda n: [*n[:2], *n[3:]]))
    assert tables.requests is not None
    assert tables.requests["granted"] == CONSISTENT["granted"] | {"research_institution": None}
    assert "research_institution" not in tables.raw["requests"]["granted"]


def test_header_lines_and_group_labels_repeated_in_every_cell() -> None:
    head = row_of("项目", "项目", "自然人", *["法人或其他组织"] * 5, "总计")
    rows = "".join(row_of(label, label, *n) for label, n in lines_of(CONSISTENT))
    tables, _ = read_html(f"<table>{head}{row_of('项目', '项目', *HEADERS)}{rows}</table>")
    assert tables.requests == CONSISTENT


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.replace("信息公开申请", "信息公(gong)开申请"),
        lambda m: m.replace("属于", "屬於").replace("执", "執").replace("询", "詢"),
        lambda m: m.replace("<td colspan=3>", "<td>12</td><td colspan=3>"),
        lambda m: m.replace("<td colspan=3>1.", "<td>1.</td><td>").replace("查询", "</td><td>查询"),
        lambda m: m.replace("<td colspan=3>（四）", "<td rowspan=9>（四）无法提供</td><td>（四）"),
        lambda m: m.replace("<tr><td colspan=3>3.", "<tr><td colspan=10>注：见附件</td><tr><td>3."),
        lambda m: m.replace("<tr><td colspan=3>5.", "</table><p>5</p><table><tr><td>5."),
    ],
    ids=["拼音", "繁体", "序号", "序号拆开", "跨行过长", "注", "分表"],
)
def test_labels_however_they_are_written(change: Callable[[str], str]) -> None:
    tables, _ = read_html(f"<div>{change(as_html(CONSISTENT))}</div>")
    assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")


def test_a_row_that_a_page_break_has_cut_is_one_row() -> None:
    markup = as_html(CONSISTENT)
    numbers = "".join(f"<td>{n}</td>" for n in CONSISTENT["rejected_duplicate"].values())
    blank = "<td></td>" * 7
    cut = "</tr></table><table><tr>"
    for halves in (
        f"<td>2.重复</td>{numbers}{cut}<td>申请</td>{blank}",
        f"<td>2.重复</td>{blank}{cut}<td>申请</td>{numbers}",
        f"<td>2.重复申请</td>{blank}{cut}<td></td>{numbers}",
    ):
        whole = f"<td colspan=3>2.重复申请</td>{numbers}"
        assert whole in markup
        tables, _ = read_html(f"<div>{markup.replace(whole, halves)}</div>")
        assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")


def test_a_label_that_lost_letters_is_known_between_its_neighbours() -> None:
    tables, _ = read_html(
        as_html(CONSISTENT).replace("3.其他<", "3.其<").replace("3.危及“三", "3.危")
    )
    assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")


def test_numbers_in_several_lines_and_letters_for_zero_are_read_where_sums_prove_them() -> None:
    table = requests_table([[12, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    markup = as_html(table).replace("<td>12</td><td>0</td>", "<td><p>1</p><p>2</p></td><td>O</td>")
    assert read_html(markup)[0].requests == table
    wrong = markup.replace("<td>12</td></tr>", "<td>13</td></tr>")
    tables, _ = read_html(wrong)
    assert tables.requests is not None
    assert tables.requests["granted"]["natural_person"] is None


def test_rows_under_a_group_that_holds_their_sum() -> None:
    sums = row_of("（六）其他处理", *["9"] * 7)
    markup = as_html(CONSISTENT).replace(
        "<tr><td colspan=3>1.申请人", f"{sums}<tr><td colspan=3>1.申请人"
    )
    tables, form = read_html(markup)
    assert (tables.requests, form) == (CONSISTENT, "2021")
    assert "requests: unknown row (六)其他处理" in warnings(tables)


def test_a_small_table_with_the_same_labels_is_another_table() -> None:
    small = row_of("办理结果", "件数") + row_of("（一）予以公开", 91) + row_of("（七）总计", 91)
    tables, _ = read_html(f"<div><table>{small}</table>{as_html(CONSISTENT)}</div>")
    assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")


def test_of_two_different_tables_the_one_in_its_own_section_is_taken() -> None:
    other = as_html(requests_table([[5, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021"))
    own = f"<p>三、收到和处理政府信息公开申请情况</p>{as_html(CONSISTENT)}"
    tables, _ = read_html(f"<div>{own}<p>六、其他需要报告的事项</p>{other}</div>")
    assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")
    tables, _ = read_html(f"<div>{own}<p>2021年：</p>{other}</div>")
    assert (tables.requests, tables.readings) == (None, {"requests": 2})
    # Text in which the blank cells are lost may not choose between them.
    tables, _ = read_tables(html.fromstring(f"<div>{own}{other}</div>"), as_pipes(CONSISTENT))
    assert tables.requests is None


def active(*rows: str) -> dict[str, dict[str, float | None]] | None:
    return read_html(f"<table>{''.join(rows)}</table>")[0].active_disclosure


HEAD_2021 = ("本年制发件数", "本年废止件数", "现行有效件数")


def test_headers_of_table_ii_in_another_order() -> None:
    table = active(row_of("信息内容", *HEAD_2021[::-1]), row_of("规章", 3, 2, 1))
    assert table is not None
    assert table["regulations"] == {"issued": 1, "repealed": 2, "valid": 3}


def test_a_row_of_table_ii_without_a_header_is_read_by_the_count_of_its_cells() -> None:
    rows = [row_of("信息内容", *HEAD_2021), row_of("规章", 1, 2, 3)]
    table = active(*rows, row_of("行政许可", 5), row_of("行政处罚", 6))
    assert table is not None
    assert table["admin_licensing"] == {"decisions": 5}
    assert active(*rows, row_of("行政许可", 5, 6), row_of("行政处罚", 6)) is None


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ([row_of("信息内容", "本年收费金额（单位：元）"), row_of("行政事业性收费", 12500)], 1.25),
        ([row_of("信息内容", "本年收费金額（單位：萬元）"), row_of("行政事业性收费", 2)], 2),
        ([row_of("信息内容", "本年收费金额"), row_of("行政事业性收费（元）", 12500)], 1.25),
        (
            [
                row_of("第二十条第（八）项（单位：元）"),
                row_of("信息内容", "本年收费金额"),
                row_of("行政事业性收费", 12500),
            ],
            1.25,
        ),
        ([row_of("信息内容", "本年收费金额（元）"), row_of("行政事业性收费", "3万元")], 3),
    ],
    ids=["表头", "繁体", "行名", "条款", "单元格"],
)
def test_the_unit_of_fees(rows: list[str], amount: float) -> None:
    table = active(*rows)
    assert table is not None
    assert table["admin_fees"]["amount_10k_cny"] == amount


def test_blocks_of_table_ii_side_by_side_and_headers_repeated() -> None:
    table = active(
        row_of("信息内容", "本年处理决定数量", "信息内容", "本年处理决定数量"),
        row_of("行政处罚", 5, "行政强制", 7),
        row_of("信息内容", *["本年处理决定数量"] * 3),
        "<tr><td>行政许可</td><td colspan=3>8</td></tr>",
    )
    assert table is not None
    assert [table[row]["decisions"] for row in ("admin_penalty", "admin_coercion")] == [5, 7]
    assert table["admin_licensing"] == {"decisions": 8}


def test_a_statistic_by_channel_is_not_table_ii() -> None:
    other = row_of("公开渠道", "数量") + row_of("规章", 9) + row_of("行政许可", 999)
    own = row_of("信息内容", *HEAD_2021) + row_of("规章", 1, 2, 3)
    own += row_of("信息内容", "本年处理决定数量") + row_of("行政许可", 5)
    tables, _ = read_html(f"<div><table>{other}</table><table>{own}</table></div>")
    assert tables.active_disclosure is not None
    assert tables.active_disclosure["admin_licensing"] == {"decisions": 5}


def test_tables_turned_over() -> None:
    turned = zip(*[[label, *numbers] for label, numbers in lines_of(CONSISTENT)], strict=True)
    first, *others = turned
    rows = [row_of("", *first)] + [
        row_of(header, *cells) for header, cells in zip(HEADERS, others, strict=True)
    ]
    assert read_html(f"<table>{''.join(rows)}</table>")[0].requests == CONSISTENT
    table = active(
        row_of("信息内容", "规章", "行政规范性文件"), *map(row_of, HEAD_2021, "123", "456")
    )
    assert table is not None
    assert table["normative_docs"] == {"issued": 4, "repealed": 5, "valid": 6}


CASES = {
    route: dict(zip(KNOWN.outcome_ids, (n, 0, n + 1, 0, 2 * n + 1), strict=True))
    for n, route in enumerate(KNOWN.route_ids)
}
ROUTES = [route.label for route in KNOWN.routes]
OUTCOMES = [outcome.label for outcome in KNOWN.outcomes]
BY_ROUTE = [list(cells.values()) for cells in CASES.values()]
BY_OUTCOME = list(map(list, zip(*BY_ROUTE, strict=True)))


def wide_table_iv(routes: list[int], outcomes: list[int]) -> str:
    top = "".join(f"<td colspan=5>{ROUTES[r]}</td>" for r in routes)
    middle = "".join(f"<td>{OUTCOMES[o]}</td>" for _ in routes for o in outcomes)
    cells = "".join(f"<td>{BY_ROUTE[r][o]}</td>" for r in routes for o in outcomes)
    return f"<table><tr>{top}</tr><tr>{middle}</tr><tr>{cells}</tr></table>"


@pytest.mark.parametrize(
    "markup",
    [
        wide_table_iv([0, 1, 2], [0, 1, 2, 3, 4]),
        wide_table_iv([0, 2, 1], [0, 1, 2, 3, 4]),
        wide_table_iv([0, 1, 2], [4, 0, 1, 2, 3]),
        wide_table_iv([0], [0, 1, 2, 3, 4]) + wide_table_iv([1, 2], [0, 1, 2, 3, 4]),
        f"<table>{row_of('类别', *OUTCOMES)}{''.join(map(row_of, ROUTES, *BY_OUTCOME))}</table>",
        f"<table>{row_of('结果', *ROUTES)}{''.join(map(row_of, OUTCOMES, *BY_ROUTE))}</table>",
        "<table>"
        + "".join(
            f"<tr>{f'<td rowspan=5>{ROUTES[r]}</td>' if not o else ''}"
            f"<td>{OUTCOMES[o]}</td><td>{BY_ROUTE[r][o]}</td></tr>"
            for r in range(3)
            for o in range(5)
        )
        + "</table>",
        f"<table>{row_of(*OUTCOMES)}{row_of(*BY_ROUTE[0])}</table>"
        + wide_table_iv([1, 2], [0, 1, 2, 3, 4]),
    ],
    ids=["横", "路径换序", "结果换序", "两表", "按路径", "按结果", "纵", "复议表无名"],
)
def test_table_iv_however_it_is_laid_out(markup: str) -> None:
    tables, _ = read_html(f"<div>{markup}</div>")
    assert (tables.review_litigation, tables.status["review_litigation"]) == (CASES, "read")


def test_numbers_of_table_iv_that_no_header_names_make_it_ambiguous() -> None:
    cut = wide_table_iv([0], [0, 1, 2, 3, 4]) + wide_table_iv([1, 2], [0, 1, 2, 3, 4]).replace(
        "<td>尚未审结</td>", ""
    )
    tables, _ = read_html(f"<div>{cut}</div>")
    assert (tables.review_litigation, tables.readings) == (None, {"review_litigation": 0})


def boxed(rows: Iterable[Iterable[str]], row: str, cell: str) -> str:
    return "".join(
        f"<{row}>{''.join(f'<{cell}>{text}</{cell}>' for text in cells)}</{row}>"
        if row
        else "".join(f"<{cell}>{text}</{cell}>" for text in cells)
        for cells in rows
    )


@pytest.mark.parametrize(("row", "cell"), [("div", "div"), ("ul", "li"), ("", "div")])
def test_rows_of_boxes_are_tables(row: str, cell: str) -> None:
    lines = [("", *HEADERS), *((label, *n) for label, n in lines_of(CONSISTENT))]
    page = f"<div><p>一、总体情况</p><div>{boxed(lines, row, cell)}</div></div>"
    tables, _ = read_html(page)
    assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")


def test_prose_in_boxes_is_no_table() -> None:
    tables, _ = read_html(
        "<div><div><p>本年新收申请3件。</p><p>予以公开2件。</p></div>"
        "<ul><li>行政许可</li><li>行政处罚</li><li>政务公开</li></ul></div>"
    )
    assert set(tables.status.values()) == {"absent"}


def test_the_text_is_asked_for_only_where_the_tables_are_not_whole() -> None:
    asked: list[str] = []

    def text() -> str:
        asked.append("")
        return ""

    rows = (
        row_of("信息内容", *HEAD_2021) + row_of("规章", 1, 2, 3) + row_of("行政规范性文件", 1, 2, 3)
    )
    rows += row_of("信息内容", "本年处理决定数量")
    rows += "".join(row_of(label, 1) for label in ("行政许可", "行政处罚", "行政强制"))
    rows += row_of("信息内容", "本年收费金额") + row_of("行政事业性收费", 1)
    iv = wide_table_iv([0, 1, 2], [0, 1, 2, 3, 4])
    page = f"<div><table>{rows}</table>{as_html(CONSISTENT)}{iv}</div>"
    tables, _ = read_tables(html.fromstring(page), text)
    assert (set(tables.status.values()), asked) == ({"read"}, [])
    read_tables(html.fromstring("<p></p>"), text)
    assert asked == [""]


def test_a_pipe_at_the_beginning_closes_a_blank_cell_where_labels_have_none() -> None:
    head = "行政复议 | 行政诉讼 | |||\n" + " | ".join((*OUTCOMES, *ROUTES[1:])) + " |\n"
    head += " | ".join(OUTCOMES * 2) + " |\n"
    for text in (
        head + " |  |  |  | 0" + " |  |  |  |  | 0" * 2 + " | |\n",
        head.replace("行政复议", "| 行政复议").replace("结果维持", "| 结果维持", 1)
        + "|  |  |  |  | 0"
        + " |  |  |  |  | 0" * 2
        + " |\n",
    ):
        tables, _ = read_text(text)
        assert tables.review_litigation is not None
        for cells in tables.review_litigation.values():
            assert list(cells.values()) == [None, None, None, None, 0]


@given(requests_tables(), st.data())
@settings(deadline=None, max_examples=40)
def test_a_table_with_any_quirks_reads_back_equal(
    drawn: tuple[Table, Form], data: st.DataObject
) -> None:
    table, form = drawn
    order = data.draw(st.permutations(range(7)))
    pad, extra, number = (data.draw(st.booleans()) for _ in range(3))
    breaks = data.draw(st.sets(st.integers(3, 20), max_size=3))
    named = [HEADERS[n] for n in order]
    head = row_of("", *["序号"] * number, *named, *["小计"] * extra, *[""] * pad)
    rows = [head]
    for n, (label, numbers) in enumerate(lines_of(table)):
        cells = [numbers[k] for k in order] + [str(sum(map(int, numbers[1:6])))] * extra
        rows += [f"</table><table>{head}"] if n in breaks else []
        rows.append(row_of(label, *[str(n + 1)] * number, *cells, *[""] * pad))
    tables, seen = read_html(f"<div><table>{''.join(rows)}</table></div>")
    assert (tables.requests, tables.status["requests"], seen) == (table, "read", form)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<table><tr><td>{}</td></tr></table>", "the value"),
        ("<p><table><tr><td></td><td>{}</td></tr></table></p>", "the value"),
        ("<table><tr><td>{}</td><td>7</td></tr></table>", "no number"),
    ],
)
def test_a_table_inside_a_cell_lays_out_its_value(inside: str, said: str) -> None:
    markup = as_html(CONSISTENT).replace("<td>21</td>", f"<td>{inside.format(21)}</td>")
    assert inside[:7] in markup
    tables, _ = read_html(markup)
    if said == "the value":
        assert (tables.requests, tables.status["requests"]) == (CONSISTENT, "read")
    else:
        assert any("not read: 21" in warning for warning in warnings(tables))


def test_labels_by_the_thousand_are_not_looked_at() -> None:
    looked: list[str] = []

    def kind(text: str) -> None:
        looked.append(text)

    assert list(piped_rows("| 予以公开 | 部分 |\n" * 20_000, kind)) == []
    assert looked == []
