"""Tables in flattened text: every order in which a layer of text can come out."""

import json
import random
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import pytest
from filled_forms import requests_table
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Form, Table, Tables
from archive.report.tables.checks import check_tables
from archive.report.tables.flattened import form_of_headers, recover
from archive.report.tables.flattened.orders import blocks
from archive.report.tables.flattened.rows import candidates
from archive.report.tables.flattened.search import Edge, ExhaustedError, Steps, readings
from archive.report.tables.forms import forms
from archive.report.tables.readers import Found

PAGES = Path(__file__).parent / "pages" / "flattened"
KNOWN = forms()
COLUMNS = KNOWN.applicant_ids
LABELS = {row.id: row.label for row in KNOWN.request_rows}
GROUPS = {
    "granted": "三、本年度办理结果 ",
    "denied_state_secret": "（三）不予公开 ",
    "unavailable_not_held": "（四）无法提供 ",
    "rejected_petition_complaint": "（五）不予处理 ",
}
HEAD = (
    "三、收到和处理政府信息公开申请情况\n（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\n"
    "申请人情况\n自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n"
)
TAIL = "\n四、政府信息公开行政复议、行政诉讼情况\n行政复议 行政诉讼\n"
Lines = Sequence[tuple[str, list[str]]]
"""Labels and their numbers."""


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables as offices have them: nothing at all, a few requests, many."""
    form: Form = draw(st.sampled_from(("2021", "2019")))
    size = len(KNOWN.request_rows_of(form)) - 4
    details = [[0] * 6 for _ in range(size)]
    count = draw(st.sampled_from((0, 1, 2, 4, 12, 60)))
    most = draw(st.sampled_from((1, 3, 40, 3000)))
    cell = st.tuples(st.integers(0, size - 1), st.sampled_from((0, 0, 0, 1, 4, 5)))
    for row, column in draw(st.lists(cell, min_size=count, max_size=count)):
        details[row][column] += draw(st.integers(1, most))
    carried = draw(st.sampled_from(([0] * 6, [1, 0, 0, 0, 0, 0], [3, 1, 0, 0, 2, 0])))
    return requests_table(details, carried, form)


def lines_of(table: Table) -> list[tuple[str, list[str]]]:
    return [
        (GROUPS.get(row, "") + LABELS[row], ["" if n is None else str(n) for n in cells.values()])
        for row, cells in table.items()
    ]


def turned(block: Lines) -> list[list[str]]:
    return [list(column) for column in zip(*(numbers for _, numbers in block), strict=True)]


def rows(lines: Lines) -> str:
    return "\n".join(f"{label} {' '.join(numbers)}" for label, numbers in lines)


def cells(lines: Lines) -> str:
    return "\n".join("\n".join((label, *numbers)) for label, numbers in lines)


def labels_after(lines: Lines) -> str:
    return "\n".join(f"{' '.join(numbers)}\n{label}" for label, numbers in lines)


def labels_around(lines: Lines) -> str:
    """A label of two lines, the numbers between them."""
    halves = [(label[: len(label) // 2 + 1], label[len(label) // 2 + 1 :]) for label, _ in lines]
    return "\n".join(
        f"{first}\n{' '.join(numbers)}\n{second}"
        for (first, second), (_, numbers) in zip(halves, lines, strict=True)
    )


def displaced(lines: Lines) -> str:
    """Each label one row ahead of its numbers."""
    labels = [label for label, _ in lines]
    pieces = [labels[0]]
    for (_, numbers), label in zip(lines, [*labels[1:], ""], strict=True):
        pieces += [label, " ".join(numbers)]
    return "\n".join(pieces)


def labels_first(lines: Lines) -> str:
    return "\n".join([*(label for label, _ in lines), *(" ".join(n) for _, n in lines)])


def columns(lines: Lines) -> str:
    return "\n".join([*(label for label, _ in lines), *map(" ".join, turned(lines))])


def numbers_first(lines: Lines) -> str:
    return "\n".join([*(" ".join(n) for _, n in lines), *(label for label, _ in lines)])


def pages(lines: Lines) -> str:
    """Blocks of several rows, their labels first, every other block column by column."""
    pieces = []
    for n, start in enumerate(range(0, len(lines), 8)):
        block = lines[start : start + 8]
        numbers = turned(block) if n % 2 else [numbers for _, numbers in block]
        pieces += [*(label for label, _ in block), " ".join(chain.from_iterable(numbers))]
    return "\n".join(pieces)


def glued(lines: Lines) -> str:
    return "".join(label + "".join(numbers) for label, numbers in lines)


def late_totals(lines: Lines) -> str:
    """The totals of two rows stand at the end, as pdftotext leaves a column of its own."""
    late = (12, 24 if len(lines) == 25 else 22)
    body = [(label, n[:-1] if place in late else n) for place, (label, n) in enumerate(lines)]
    return cells(body) + "\n" + "\n".join(lines[place][1][-1] for place in late)


ORDERS: tuple[Callable[[Lines], str], ...] = (
    rows,
    cells,
    labels_after,
    labels_around,
    displaced,
    labels_first,
    columns,
    numbers_first,
    pages,
    glued,
    late_totals,
)


def marked(text: str, mark: str, seed: int) -> str:
    """Return ``text`` with the marks of two pages between its lines."""
    lines = text.split("\n")
    places = sorted(random.Random(seed).choices(range(1, len(lines) + 1), k=2))
    for page, place in zip((8, 7), reversed(places), strict=True):
        lines.insert(place, mark.format(page))
    return "\n".join(lines)


def read(text: str) -> Found:
    return recover(HEAD + text + TAIL, KNOWN)["requests"]


@given(tables(), st.sampled_from(ORDERS), st.booleans())
@settings(deadline=None, max_examples=250)
def test_a_table_is_recovered_exactly_or_called_ambiguous(
    table: Table, order: Callable[[Lines], str], oneline: bool
) -> None:
    text = order(lines_of(table))
    found = read(" ".join(text.split("\n")) if oneline else text)
    assert found.readings != 1 or found.table == table


@given(
    tables(),
    st.sampled_from(ORDERS),
    st.sampled_from(("—{}—", "— {} —", "- {} -", "{}", "第{}页 共19页", "{} / 19", "—\n{}\n—")),
    st.integers(0, 99),
    st.booleans(),
)
@settings(deadline=None, max_examples=250)
def test_page_marks_make_no_table_wrong(
    table: Table, order: Callable[[Lines], str], mark: str, seed: int, oneline: bool
) -> None:
    text = marked(order(lines_of(table)), mark, seed)
    found = read(" ".join(text.split("\n")) if oneline else text)
    assert found.readings != 1 or found.table == table


@given(tables(), st.sampled_from(ORDERS), st.data())
@settings(deadline=None, max_examples=250)
def test_blank_cells_that_left_no_trace_make_no_table_wrong(
    table: Table, order: Callable[[Lines], str], data: st.DataObject
) -> None:
    zeros = [(row, column) for row, line in table.items() for column in line if not line[column]]
    for row, column in data.draw(st.lists(st.sampled_from(zeros), min_size=1, max_size=9)):
        table[row][column] = None
    found = read("\n".join(" ".join(x.split()) for x in order(lines_of(table)).split("\n") if x))
    assert found.readings != 1 or found.table == table


@given(tables(), st.sampled_from(ORDERS), st.data())
@settings(deadline=None, max_examples=250)
def test_a_sum_that_fails_is_never_mended(
    table: Table, order: Callable[[Lines], str], data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(sorted(table)))
    column = data.draw(st.sampled_from(COLUMNS))
    table[row][column] = (table[row][column] or 0) + data.draw(st.sampled_from((1, 2, 3, 10)))
    found = read(order(lines_of(table)))
    assert found.readings != 1 or found.table == table


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.__name__)
@pytest.mark.parametrize("form", ["2021", "2019"])
def test_every_order_is_recovered(order: Callable[[Lines], str], form: Form) -> None:
    size = len(KNOWN.request_rows_of(form)) - 4
    table = requests_table([[n, 0, n % 3, 0, 0, 1] for n in range(size)], [1, 0, 0, 2, 0, 0], form)
    found = read(order(lines_of(table)))
    assert (found.table, found.readings, found.form) == (table, 1, form)


TABLE = requests_table([[n, 0, 1, 0, 0, 0] for n in range(21)], [2] * 6, "2021")


@pytest.mark.parametrize("order", [rows, cells, labels_after, columns, numbers_first])
def test_a_broken_sum_is_given_as_found(order: Callable[[Lines], str]) -> None:
    broken = {row: dict(line) for row, line in TABLE.items()}
    broken["rejected_duplicate"]["total"] = 99
    found = read(order(lines_of(broken)))
    assert (found.table, found.readings) == (broken, 1)
    failed = [c for c in check_tables(Tables(requests=found.table), "2021") if c.status == "fail"]
    assert [c.id for c in failed] == ["handled.total", "rowsum.rejected_duplicate"]


def test_marks_and_units_are_kept_apart_from_blanks_and_zeros() -> None:
    lines = lines_of(TABLE)
    lines[1] = (lines[1][0], ["2件", "2", "2", "2", "2", "2", "12 件"])
    lines[4] = (lines[4][0], ["0", "—", "1", "-", "/", "0", "1"])
    found = read(rows(lines).replace("2.其他法律", "- 5 -\n2.其他法律"))
    marks = dict(zip(COLUMNS, (0, None, 1, None, None, 0, 1), strict=True))
    assert found.table == TABLE | {"denied_state_secret": marks}
    assert list(found.raw["denied_state_secret"].values()) == ["0", "—", "1", "-", "/", "0", "1"]
    assert found.raw["carried_over_in"]["total"] == "12 件"


def test_empty_lines_are_blank_cells_where_they_fill_every_row() -> None:
    table = {row: {c: n or None for c, n in line.items()} for row, line in TABLE.items()}
    assert read(cells(lines_of(table))).table == table
    assert read(cells(lines_of(table)).replace("\n\n", "\n")).readings != 1


def test_a_missing_number_makes_a_table_ambiguous() -> None:
    found = read(rows(lines_of(TABLE)).replace(" 17 0 1 0 0 0 18", " 17 0 1 0 0 18"))
    # The blank can stand at any of the three zeros between 1 and 18.
    assert (found.table, found.readings) == ({}, 3)


def test_both_orders_of_a_run_count() -> None:
    # Rows that add up read across and read down: 1+1=2, 1+1=2 against 1+2=…
    by_row = (("1", "0", "1"), ("0", "2", "2"))
    run = [cell for row in by_row for cell in row]
    assert blocks([run], 3, Steps())[0] == [Edge(1, (by_row[0],))]
    both = blocks([["0", "1", "1", "2", "1", "3"]], 3, Steps())
    assert [edge.rows for edge in both[0]] == [
        (("0", "1", "1"),),
        (("0", "1", "1"), ("1", "2", "3")),
    ]


def test_a_spoilt_label_does_not_make_a_proved_table_ambiguous() -> None:
    text = rows(lines_of(TABLE))
    found = read(text.replace(LABELS["rejected_excessive"], "4.无正□理由大量"))
    assert found.table == TABLE
    for row in ("rejected_excessive", "rejected_duplicate", "denied_third_party"):
        text = text.replace(LABELS[row], "")
    assert read(text).table == TABLE  # its lines hold the rows
    assert read(text.replace("\n", " ")).readings == 0


def test_two_different_tables_in_one_text_are_ambiguous_two_equal_ones_are_not() -> None:
    text = HEAD + rows(lines_of(TABLE)) + TAIL
    other = requests_table([[n, 0, 0, 0, 0, 0] for n in range(21)], [0] * 6, "2021")
    assert recover(text + text, KNOWN)["requests"].table == TABLE
    both = recover(text + HEAD + rows(lines_of(other)) + TAIL, KNOWN)["requests"]
    assert (both.table, both.readings) == ({}, 2)


def test_labels_without_a_number_are_ambiguous_and_prose_is_no_table() -> None:
    assert read("\n".join(LABELS.values())).readings == 0
    told = "三、收到和处理政府信息公开申请情况\n本年新收 39 件，予以公开 4 件，部分公开 9 件。"
    assert recover(told, KNOWN) == {}


@pytest.mark.parametrize(
    ("values", "glued_", "rows_"),
    [
        (["1000001"], True, [("1", "0", "0", "0", "0", "0", "1")]),
        (["120000012"], True, [("12", "0", "0", "0", "0", "0", "12")]),
        (["1", "0", "0", "0", "0", "0", "7", "1"], False, [("1", "0", "0", "0", "0", "0", "1")]),
        (["1", "2", "0", "0", "0", "0", "0", "12"], False, [("12", *"00000", "12")]),
        (["4", "4"], False, 6),
        (["3", "4"], False, []),
    ],
)
def test_rows_with_too_many_or_too_few_values(
    values: list[str], glued_: bool, rows_: list[tuple[str, ...]] | int
) -> None:
    pages_ = [value == "7" for value in values]
    found = candidates(values, pages_, 7, Steps(), glued=glued_)
    assert (len(found) if isinstance(rows_, int) else found) == rows_


def test_a_search_that_takes_too_long_ends() -> None:
    lattice = [[Edge(n + 1, (("1", "1"),))] for n in range(50)]
    with pytest.raises(ExhaustedError):
        readings(lattice, Steps(3))
    # Thousands of ways to place the blanks: the answer says so, and is always the same.
    blank = {row: {c: n or None for c, n in line.items()} for row, line in TABLE.items()}
    text = "\n".join(" ".join(line.split()) for line in rows(lines_of(blank)).split("\n"))
    assert read(text) == read(text)
    assert read(text).readings != 1


REVIEW_HEAD = (
    "四、政府信息公开行政复议、行政诉讼情况 行政复议 行政诉讼 未经复议直接起诉 复议后起诉 "
    + "结果维持 结果纠正 其他结果 尚未审结 总计 " * 3
)
REVIEW = "72 64 178 37 351 13 4 8 1 26 12 1 1 6 20"


@pytest.mark.parametrize(
    ("numbers", "readings_"),
    [
        (REVIEW, 1),
        (REVIEW.replace(" ", "\n"), 1),
        (REVIEW.replace("351", "350"), 1),  # the office's own sum fails
        (REVIEW.replace("351", "351 — 16 —"), 1),
        (REVIEW.replace("351", "351 16"), 0),  # a bare number may be half of another
        ("16\n" + REVIEW, 1),  # only a page's number can be left out
        ("0 0 0 0 0 0 0 0 0 0", 0),
        ("0" * 15, 1),
        ("1000100000010001", 0),
        ("", 0),
    ],
)
def test_table_iv(numbers: str, readings_: int) -> None:
    text = f"{REVIEW_HEAD}\n{numbers}\n五、存在的主要问题及改进情况 2 个问题。"
    found = recover(text, KNOWN)["review_litigation"]
    assert found.readings == readings_
    assert bool(found.table) == (readings_ == 1)


def test_table_iv_follows_the_names_of_its_routes() -> None:
    heads = "结果维持 结果纠正 其他结果 尚未审结 总计"
    text = (
        f"四、行政复议、行政诉讼情况 行政复议 {heads} 1 0 0 0 1 复议后起诉 {heads} 0 2 0 0 2 "
        f"未经复议直接起诉 {heads} 0 0 3 0 3 五、存在的主要问题"
    )
    table = recover(text, KNOWN)["review_litigation"].table
    assert [table[route]["total"] for route in KNOWN.route_ids] == [1, 3, 2]


ACTIVE = (
    "第二十条第(一)项 {} 第二十条第(五)项 本年处理决定数量 行政许可 12 "
    "第二十条第(六)项 信息内容 行政处罚 行政强制 本年处理决定数量 8 9 "
    "第二十条第(八)项 本年收费金额(单位:万 元) 行政事业性收费 2.5 三、收到和处理"
)
HEADERS = "本年制发件数 本年废止件数 现行有效件数"


@pytest.mark.parametrize(
    "block",
    [
        f"信息内容 {HEADERS} 规章 0 1 2 行政规范性文件 3 4 5",
        f"规章 行政规范性文件 {HEADERS} 0 1 2 3 4 5",
        "规章 行政规范性文件 本年制发件数 0 3 本年废止件数 1 4 现行有效件数 2 5",
        f"{HEADERS} 规章 0 1 2 — 13 — 行政规范性文件 3 4 5",
        f"{HEADERS} 0 1 2 规章 3 4 5 行政规范性文件",
        f"{HEADERS} 规章 行政规范性文件\n0 1 2\n3 4 5\n",
        f"{HEADERS} 规章 行政规范性文件\n0 3\n1 4\n2 5\n",
        f"{HEADERS} 行政规范性文件 3 4 5 规章 0 1 2",
    ],
    ids=["行", "表头后", "列", "页码", "数字在前", "行行", "列行", "次序"],
)
def test_table_ii(block: str) -> None:
    found = recover(ACTIVE.format(block), KNOWN)["active_disclosure"]
    assert found.table == {
        "regulations": {"issued": 0, "repealed": 1, "valid": 2},
        "normative_docs": {"issued": 3, "repealed": 4, "valid": 5},
        "admin_licensing": {"decisions": 12},
        "admin_penalty": {"decisions": 8},
        "admin_coercion": {"decisions": 9},
        "admin_fees": {"amount_10k_cny": 2.5},
    }


@pytest.mark.parametrize(
    ("block", "readings_"),
    [
        (f"{HEADERS} 规章 行政规范性文件 0 1 2 3 4 5", 2),
        (f"{HEADERS} 规章 行政规范性文件 0 0 0 0 0 0", 1),
        (f"{HEADERS} 规章555行政规范性文件141414", 10),
        (f"{HEADERS} 规章000行政规范性文件007", 1),
        (f"{HEADERS} 规章 0 1 2 行政规范性文件 3 4", 0),
        (f"{HEADERS} 规章 0 1 2 行政规范性文件 3 4\n1\n0\n", 0),
    ],
    ids=["方向不明", "方向无关", "数字相连", "只有一种切法", "缺数", "一数两行"],
)
def test_table_ii_that_no_sum_can_prove(block: str, readings_: int) -> None:
    found = recover(ACTIVE.format(block), KNOWN)["active_disclosure"]
    assert found.readings == readings_
    assert bool(found.table) == (readings_ == 1)


def test_the_form_is_told_by_the_headers() -> None:
    assert form_of_headers(HEADERS, KNOWN) == "2021"
    assert form_of_headers("本年新制作数量 上一年项目数量", KNOWN) == "2019"
    assert form_of_headers("三、收到和处理", KNOWN) is None


# What real tools leave of two printed reports, one printed by a word processor, one by a browser.
LAYERS = [
    (maker, tool)
    for maker in ("writer", "chromium")
    for tool in ("raw", "layout", "plain", "pdfium", "plumber", "pdfminer")
]
NAMES = ("active_disclosure", "requests", "review_litigation")


@pytest.mark.parametrize(("maker", "tool"), LAYERS)
def test_layers_of_real_tools(maker: str, tool: str) -> None:
    expected = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))[maker]
    found = recover((PAGES / f"{maker}_{tool}.txt").read_text(encoding="utf-8"), KNOWN)
    scattered = {"plain", "pdfminer"}  # in the order of columns that the tool thinks it sees
    for name in NAMES:
        assert found[name].readings == 1 or tool in scattered
        assert found[name].readings != 1 or found[name].table == expected[name]


def test_the_totals_that_pdftotext_leaves_at_the_end_are_found() -> None:
    for maker in ("writer", "chromium"):
        found = recover((PAGES / f"{maker}_plain.txt").read_text(encoding="utf-8"), KNOWN)
        assert found["requests"].readings == 1


ALPHABET = "\n 0129.,-/—一二三四五六七、()（）本年新收其他总计行政许可规章件"


@given(st.text(alphabet=ALPHABET, max_size=400))
@settings(deadline=None)
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = recover(HEAD + text + TAIL + REVIEW_HEAD, KNOWN)
    assert set(found) <= set(NAMES)
