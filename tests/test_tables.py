"""The standard tables, from HTML grids, piped lines and flattened text."""

import json
import os
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archive.records import Form, Table
from archive.report import placing
from archive.report.cells import parse_count, parse_money, parse_value
from archive.report.forms import find_term, forms
from archive.report.grid import Cell, cell_text, expand
from archive.report.tables import read_tables, warnings

PAGES = Path(__file__).parent / "pages" / "tables"
KNOWN = forms()
COLUMNS = KNOWN.applicant_ids
LABELS = {row.id: row.label for row in KNOWN.request_rows}
HEAD = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
REVIEW_HEAD = (
    "四、政府信息公开行政复议、行政诉讼情况 行政复议 行政诉讼 未经复议直接起诉 复议后起诉 "
    + "结果维持 结果纠正 其他结果 尚未审结 总计 " * 3
)


def requests_table(details: list[list[int]], carried: list[int], form: Form) -> Table:
    """Return a Table III whose sums hold: outcomes as given, the rest computed."""
    rows = KNOWN.request_rows_of(form)
    handled = [sum(column) for column in zip(*details, strict=True)]
    lines = [handled, carried, *details, handled, carried]
    # What came in and was carried over in is what was handled and is carried over out.
    filled = [[*line, sum(line)] for line in lines]
    return {
        row: dict(zip(COLUMNS, line, strict=True)) for row, line in zip(rows, filled, strict=True)
    }


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
        ("减71", -71),
        ("增5", 5),
        ("33.50", 33.5),
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
    term = find_term(KNOWN.request_rows, label)
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
    assert tables.requests is not None
    assert set(tables.requests["new_requests"].values()) == {None}
    assert any("new_requests.natural_person: not read: 3" in text for text in warnings(tables))


def test_rows_with_too_few_cells_are_never_filled_up() -> None:
    table = requests_table([[1, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    short = as_html(table).replace("<td>0</td><td>0</td>", "<td>0</td>")
    tables, _ = read_html(short)
    assert (tables.requests, tables.status["requests"]) == (None, "ambiguous")
    assert tables.readings == {"requests": 0}
    tables, _ = read_html(as_html(table).replace("<td>0</td><td>0</td>", "<td>0</td>", 1))
    assert tables.requests is not None
    assert set(tables.requests["new_requests"].values()) == {None}
    assert tables.requests["granted"] == table["granted"]


def test_an_unknown_row_is_told_and_never_read_as_another() -> None:
    table = requests_table([[2, 0, 0, 0, 0, 0]] * 21, [0] * 6, "2021")
    tables, _ = read_html(as_html(table).replace(LABELS["denied_third_party"], "4.涉及商业秘密"))
    assert tables.requests is not None
    assert set(tables.requests["denied_third_party"].values()) == {None}
    assert tables.requests["denied_internal_affairs"] == table["denied_internal_affairs"]
    assert "requests: unknown row 4.涉及商业秘密" in warnings(tables)
    assert "requests: rows not found: denied_third_party" in warnings(tables)


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
    assert tables.active_disclosure is not None
    assert tables.active_disclosure["admin_licensing"]["items_prev_year"] is None
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


ACTIVE_FLAT = (
    "第二十条第(一)项 {} 第二十条第(五)项 本年处理决定数量 行政许可 12 "
    "第二十条第(六)项 信息内容 行政处罚 行政强制 本年处理决定数量 8 9 "
    "第二十条第(八)项 本年收费金额(单位:万元) 行政事业性收费 2.5 三、收到和处理"
)
HEADERS = "本年制发件数 本年废止件数 现行有效件数"


@pytest.mark.parametrize(
    "block",
    [
        f"信息内容 {HEADERS} 规章 0 1 2 行政规范性文件 3 4 5",
        f"规章 行政规范性文件 {HEADERS} 0 1 2 3 4 5",
        "规章 行政规范性文件 本年制发件数 0 3 本年废止件数 1 4 现行有效件数 2 5",
        f"{HEADERS} 规章 0 1 2 — 13 — 行政规范性文件 3 4 5",
    ],
    ids=["行", "表头后", "列", "页码"],
)
def test_flattened_table_ii(block: str) -> None:
    tables, _ = read_text(ACTIVE_FLAT.format(block))
    assert tables.status["active_disclosure"] == "recovered"
    assert tables.active_disclosure == {
        "regulations": {"issued": 0, "repealed": 1, "valid": 2},
        "normative_docs": {"issued": 3, "repealed": 4, "valid": 5},
        "admin_licensing": {"decisions": 12},
        "admin_penalty": {"decisions": 8},
        "admin_coercion": {"decisions": 9},
        "admin_fees": {"amount_10k_cny": 2.5},
    }


@pytest.mark.parametrize(
    ("block", "readings"),
    [
        (f"{HEADERS} 规章 行政规范性文件 0 1 2 3 4 5", 2),
        (f"{HEADERS} 规章555行政规范性文件141414", 10),
        (f"{HEADERS} 规章 0 1 2 行政规范性文件 3 4", 0),
    ],
    ids=["方向不明", "数字相连", "缺数"],
)
def test_flattened_table_ii_that_cannot_be_proved(block: str, readings: int) -> None:
    tables, _ = read_text(ACTIVE_FLAT.format(block))
    assert tables.active_disclosure is None
    assert tables.status["active_disclosure"] == "ambiguous"
    assert tables.readings == {"active_disclosure": readings}


@pytest.mark.parametrize(
    ("numbers", "status"),
    [
        ("72 64 178 37 351 13 4 8 1 26 12 1 1 6 20", "recovered"),
        ("72 64 178 37 350 13 4 8 1 26 12 1 1 6 20", "ambiguous"),
        ("0 0 0 0 0 0 0 0 0 0", "ambiguous"),
        ("", "absent"),
    ],
)
def test_flattened_table_iv(numbers: str, status: str) -> None:
    tables, _ = read_text(f"{REVIEW_HEAD} {numbers} 五、存在的主要问题及改进情况 2 个问题。")
    assert tables.status["review_litigation"] == status
    assert (tables.review_litigation is None) == (status != "recovered")


def test_prose_about_requests_is_no_table() -> None:
    text = "三、收到和处理政府信息公开申请情况\n本年新收 39 件，予以公开 4 件，部分公开 9 件。"
    assert read_text(text)[0].status["requests"] == "absent"


def flattened(table: Table, start: int, stop: int, *, by_column: bool) -> str:
    """Return a table as text, its rows from start to stop as labels first and numbers after."""
    words = [HEAD]
    lines = lines_of(table)
    for label, numbers in lines[:start]:
        words += [label, *numbers]
    block = [numbers for _, numbers in lines[start:stop]]
    words += [label for label, _ in lines[start:stop]]
    words += chain.from_iterable(zip(*block, strict=True) if by_column else block)
    for label, numbers in lines[stop:]:
        words += [label, *numbers]
    return " ".join(words) + " 四、政府信息公开行政复议、行政诉讼情况"


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


@given(requests_tables(), st.integers(0, 20), st.integers(2, 8), st.booleans())
@settings(deadline=None, max_examples=50)
def test_a_flattened_table_is_read_back_or_ambiguous_and_never_wrong(
    drawn: tuple[Table, Form], start: int, size: int, by_column: bool
) -> None:
    table, _ = drawn
    tables, _ = read_text(flattened(table, start, start + size, by_column=by_column))
    assert tables.status["requests"] in ("recovered", "ambiguous")
    if tables.requests is not None:
        assert tables.requests == table


def test_a_table_in_lines_as_a_pdf_gives_them() -> None:
    table = requests_table([[n, 0, 1, 0, 0, 0] for n in range(21)], [2] * 6, "2021")
    text = "\n".join(f"{label[:9]}\n{label[9:]}\n{' '.join(n)}" for label, n in lines_of(table))
    tables, _ = read_text(text.replace("（四）", "\n- 14 -\n（四）"))
    assert (tables.requests, tables.status["requests"]) == (table, "recovered")


def test_a_missing_number_makes_a_flattened_table_ambiguous() -> None:
    table = requests_table([[n, 0, 1, 0, 0, 0] for n in range(21)], [2] * 6, "2021")
    text = flattened(table, 0, 0, by_column=False).replace(" 17 0 1 0 0 0 18", " 17 0 1 0 0 18")
    tables, _ = read_text(text)
    assert (tables.requests, tables.readings) == (None, {"requests": 0})


def test_every_way_to_place_a_run_is_counted() -> None:
    by_row, by_column = ((0, 1, 1), (2, 1, 3)), ((0, 1, 1), (1, 2, 3))
    assert placing.blocks((0, 1, 1, 2, 1, 3), 3) == tuple(sorted((by_row, by_column)))
    assert placing.blocks((1, 0, 1, 0, 2, 2), 3) == (((1, 0, 1), (0, 2, 2)),)
    assert placing.blocks((1, 0, 1, 0, 2, 3), 3) == ()


@pytest.mark.parametrize("by_column", [False, True], ids=["按行", "按列"])
def test_labels_first_and_numbers_after_are_recovered(by_column: bool) -> None:
    details = [[n, 0, n % 3, 0, 0, 1] for n in range(21)]
    table = requests_table(details, [1, 0, 0, 0, 0, 0], "2021")
    tables, _ = read_text(flattened(table, 0, 25, by_column=by_column))
    assert (tables.requests, tables.status["requests"]) == (table, "recovered")


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


def test_a_spoilt_label_does_not_make_a_proved_table_ambiguous() -> None:
    table = requests_table([[n, 0, 1, 0, 0, 0] for n in range(21)], [2] * 6, "2021")
    text = flattened(table, 0, 0, by_column=False)
    tables, _ = read_text(text.replace(LABELS["rejected_excessive"], "4.无正□理由大量"))
    assert (tables.requests, tables.status["requests"]) == (table, "recovered")
    for row in ("rejected_excessive", "rejected_duplicate", "denied_third_party"):
        text = text.replace(LABELS[row], "")
    tables, _ = read_text(text)
    assert (tables.requests, tables.status["requests"]) == (None, "ambiguous")


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
