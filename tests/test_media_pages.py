"""PDF and OFD: lines, ruled tables and what a page break does to them."""

import re
from collections.abc import Iterator, Sequence

import media_examples as examples
import pytest

from archive.report.media import Unreadable, media_kind, scans, to_html

EDGES = (70.0, 110.0, 250.0, 300.0, 350.0)


def html_of(pages: Sequence[examples.Drawn]) -> str:
    html = to_html(examples.pdf(pages), "pdf")
    assert isinstance(html, str), html
    return html


def body(html: str) -> list[str]:
    """Return the blocks of the document, tables as lists of their rows' texts and spans."""
    inside = html.partition("<body>\n")[2].partition("\n</body>")[0]
    return inside.replace("<table>\n", "").replace("\n</table>", "").splitlines()


def ruled(top: float, rows: Sequence[Sequence[str | None]], height: float = 20) -> examples.Drawn:
    """Return a table four columns wide; None: the cell is one with the one above."""
    texts: list[tuple[float, float, str]] = []
    strokes: list[tuple[float, ...]] = []
    for y, row in enumerate(rows):
        upper, lower = top + height * y, top + height * (y + 1)
        for x, text in enumerate(row):
            left, right = EDGES[x], EDGES[x + 1]
            strokes += [(left, upper, left, lower), (right, upper, right, lower)]
            if text is not None:
                strokes.append((left, upper, right, upper))
                texts.append((left + 4, upper + 14, text))
            if y + 1 == len(rows) or rows[y + 1][x] is not None:
                strokes.append((left, lower, right, lower))
    return texts, strokes


def test_a_cell_over_a_page_break_is_one_cell_again() -> None:
    html = html_of(
        [
            ruled(700, [["（四）无", "1.本机关不掌握", "5", "5"]]),
            ruled(80, [["法提供", "2.没有现成信息", "", "0"], [None, "3.仍不明确", "1", "1"]]),
        ]
    )

    assert body(html) == [
        '<tr><td rowspan="3">（四）无法提供</td><td>1.本机关不掌握</td><td>5</td><td>5</td></tr>',
        "<tr><td>2.没有现成信息</td><td></td><td>0</td></tr>",
        "<tr><td>3.仍不明确</td><td>1</td><td>1</td></tr>",
    ]


@pytest.mark.parametrize(
    ("above", "below"), [(("5", "7"), ("", "")), (("", ""), ("5", "7"))], ids=["above", "below"]
)
def test_a_row_cut_by_a_page_break_is_one_row_again(
    above: tuple[str, str], below: tuple[str, str]
) -> None:
    html = html_of(
        [
            ruled(
                700, [["", "1.属于国家秘密", "2", "2"], ["", "5.要求行政机关确认或重新出", *above]]
            ),
            ruled(80, [["", "具已获取信息", *below], ["", "6.其他", "3", "4"]]),
        ]
    )

    assert body(html)[1:] == [
        "<tr><td></td><td>5.要求行政机关确认或重新出具已获取信息</td><td>5</td><td>7</td></tr>",
        "<tr><td></td><td>6.其他</td><td>3</td><td>4</td></tr>",
    ]


def test_a_short_numbered_label_cut_by_a_page_break_is_one_label_again() -> None:
    html = html_of(
        [
            ruled(700, [["", "2.其他法律", "2", "2"], ["", "3.危", "5", "7"]]),
            ruled(80, [["", "及“三安全一稳定”", "", ""], ["", "4.保护", "3", "4"]]),
        ]
    )

    assert [re.findall("<td>([^<]*)", row)[1:] for row in body(html)] == [
        ["2.其他法律", "2", "2"],
        ["3.危及“三安全一稳定”", "5", "7"],
        ["4.保护", "3", "4"],
    ]


def test_a_figure_without_room_for_its_last_digits_goes_on_below_the_break() -> None:
    wide, rest = "12345678", "90"
    html = html_of(
        [
            ruled(700, [["", "4.无正", wide, "7"]]),
            ruled(80, [["", "当理由", rest, ""], ["", "5.要求", "3", "4"]]),
        ]
    )

    assert re.findall("<td>([^<]*)", body(html)[0])[1:] == ["4.无正当理由", wide + rest, "7"]


UNRULED = (
    ("第二十条第（一）项",),
    ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("规章", "1", "", "11"),
    ("行政规范性文件", "8", "26", "66"),
    ("第二十条第（五）项",),
    ("信息内容", "本年处理决定数量"),
    ("行政许可", "447228"),
)


def unruled(top: float, rows: Sequence[Sequence[str]]) -> examples.Drawn:
    """Return a table without lines, written row by row."""
    lefts = (70, 180, 290, 400)
    return [
        (lefts[x], top + 16 * y, text) for y, row in enumerate(rows) for x, text in enumerate(row)
    ], []


def rows_of(html: str) -> list[list[str]]:
    return [re.findall("<td>([^<]*)", row) for row in body(html) if row.startswith("<tr>")]


def test_a_table_without_lines_has_the_columns_in_which_its_texts_stand() -> None:
    rows = rows_of(html_of([unruled(100, UNRULED)]))

    assert rows == [[*row, *[""] * (4 - len(row))] for row in UNRULED]


@pytest.mark.parametrize("last", [3, 4, 6])
def test_a_table_without_lines_goes_on_on_the_next_page(last: int) -> None:
    pages = [unruled(100, UNRULED[:last]), unruled(80, UNRULED[last:])]

    assert rows_of(html_of(pages)) == rows_of(html_of([unruled(100, UNRULED)]))


def test_rows_without_a_header_may_lack_columns_and_stay_text() -> None:
    html = html_of([unruled(100, UNRULED[2:4] * 3)])

    assert "<td>" not in html
    assert "规章 1 11" in html


def test_text_beside_text_is_no_table() -> None:
    prose = "全年主动公开政府信息，坚持以公开为常态、不公开为例外。"
    texts = [(70.0 + 24 * (y % 3 == 0), 100.0 + 18 * y, prose) for y in range(9)]

    assert "<td>" not in html_of([(texts, [])])


def test_what_is_struck_through_is_deleted() -> None:
    texts, strokes = ruled(100, [["", "行政强制", "5", "0"], ["", "行政处罚", "7", "1"]])
    texts.append((250 + 12, 114, "45"))
    strokes.append((250 + 12, 110, 250 + 12 + 10, 110))

    assert [re.findall("<td>([^<]*)", row)[1:] for row in body(html_of([(texts, strokes)]))] == [
        ["行政强制", "5", "0"],
        ["行政处罚", "7", "1"],
    ]


def test_a_figure_wider_than_its_cell_stays_whole() -> None:
    texts, strokes = ruled(100, [["", "（七）总计", "", "5"]])
    texts.append((250 - 6, 114, "123456789012"))

    cells = re.findall("<td>([^<]*)", body(html_of([(texts, strokes)]))[0])

    assert cells == ["", "（七）总计", "123456789012", "5"]


@pytest.mark.parametrize(("dash", "gap"), [(2.25, 1.5), (1, 1), (6, 4.5)])
def test_dashed_and_dotted_lines_rule_a_table(dash: float, gap: float) -> None:
    def dashes(stroke: tuple[float, ...]) -> Iterator[tuple[float, ...]]:
        x0, y0, x1, y1 = stroke
        length = x1 - x0 + y1 - y0
        for i in range(int(length / (dash + gap)) + 1):
            a, b = i * (dash + gap) / length, min(1, (i * (dash + gap) + dash) / length)
            if a < 1:
                yield (
                    x0 + a * (x1 - x0),
                    y0 + a * (y1 - y0),
                    x0 + b * (x1 - x0),
                    y0 + b * (y1 - y0),
                )

    rows = [["三、", "（一）予以公开", "5", "0"], [None, "（二）部分公开", "1", "12"]]
    texts, strokes = ruled(100, rows, height=30)

    assert body(html_of([(texts, [d for stroke in strokes for d in dashes(stroke)])])) == body(
        html_of([(texts, strokes)])
    )


def test_rows_on_both_sides_of_a_page_break_stay_two() -> None:
    html = html_of(
        [ruled(700, [["", "规章", "", ""]]), ruled(80, [["", "行政规范性文件", "8", "26"]])]
    )

    assert body(html) == [
        "<tr><td></td><td>规章</td><td></td><td></td></tr>",
        "<tr><td></td><td>行政规范性文件</td><td>8</td><td>26</td></tr>",
    ]


def test_the_repeated_head_of_a_table_stands_once() -> None:
    head = ["", "信息内容", "制发", "有效"]
    html = html_of(
        [ruled(700, [head, ["", "规章", "1", "1"]]), ruled(80, [head, ["", "文件", "8", "6"]])]
    )

    assert [re.sub("<[^>]*>", " ", row).split()[0] for row in body(html)] == [
        "信息内容",
        "规章",
        "文件",
    ]


def test_text_between_two_tables_keeps_them_apart() -> None:
    first = ruled(700, [["", "规章", "1", "1"]])
    below, strokes = ruled(140, [["", "文件", "8", "6"]])
    html = html_of([first, ([(70, 100, "三、收到和处理情况"), *below], strokes)])

    assert html.count("<table>") == 2


def test_a_figure_that_wraps_is_one_figure_and_two_figures_are_none() -> None:
    texts, strokes = ruled(100, [["", "行政许可", "", "9"]], height=40)
    wrapped = [*texts, (254.0, 114.0, "44722819"), (254.0, 128.0, "28")]
    apart = [*texts, (254.0, 114.0, "12"), (254.0, 128.0, "34")]

    assert "<td>4472281928</td>" in html_of([(wrapped, strokes)])
    assert "<td>12<br>34</td>" in html_of([(apart, strokes)])


def test_a_table_without_outer_sides_keeps_its_outer_columns() -> None:
    texts, strokes = ruled(100, [["甲", "规章", "1", "2"], ["乙", "文件", "3", "4"]])
    open_sides = [s for s in strokes if not (s[0] == s[2] and s[0] in (EDGES[0], EDGES[-1]))]

    assert body(html_of([(texts, open_sides)])) == body(html_of([(texts, strokes)]))


def test_a_table_left_open_by_a_page_break_keeps_its_last_and_first_rows() -> None:
    first = ruled(700, [["三、本", "规章", "1", "1"], ["年度", "文件", "2", "2"]])
    second = ruled(80, [["", "许可", "3", "3"], ["", "处罚", "4", "4"]])
    open_below = [s for s in first[1] if not s[1] == s[3] == 740]
    open_above = [s for s in second[1] if not s[1] == s[3] == 80]

    opened = body(html_of([(first[0], open_below), (second[0], open_above)]))

    assert opened == body(html_of([first, second]))
    assert len(opened) == 4


def test_a_frame_around_text_is_no_table() -> None:
    frame = [(60, 80, 540, 80), (60, 200, 540, 200), (60, 80, 60, 200), (540, 80, 540, 200)]

    assert body(html_of([([(70, 100, "一、总体情况"), (70, 120, "良好。")], frame)])) == [
        "<p>一、总体情况</p>",
        "<p>良好。</p>",
    ]


def test_running_headers_and_page_numbers_are_left_out() -> None:
    pages = [
        ([(70, 40, f"某某县年度报告 {n}"), (90, 300, text), (280, 820, f"第{n}页 共3页")], [])
        for n, text in ((1, "一、总体情况"), (2, "二、主动公开"), (3, "三、依申请公开"))
    ]

    assert body(html_of(pages)) == [
        "<p>一、总体情况</p>",
        "<p>二、主动公开</p>",
        "<p>三、依申请公开</p>",
    ]


def test_paragraphs_go_on_over_lines_and_pages() -> None:
    long = "公" * 46
    pages = [
        ([(90, 100, "报" * 44), (70, 120, long), (90, 700, "开" * 44)], []),
        ([(70, 80, "完。"), (90, 100, "又一段。")], []),
    ]

    assert body(html_of(pages)) == [
        f"<p>{'报' * 44}{long}</p>",
        f"<p>{'开' * 44}完。</p>",
        "<p>又一段。</p>",
    ]


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    press = examples.pressed()

    upright = to_html(examples.pdf(press.pages), "pdf")
    turned = to_html(examples.pdf(press.pages, turned=True), "pdf")

    assert turned == upright


def test_a_slanted_watermark_is_no_text() -> None:
    draft = "草稿".encode("utf-16-be").hex()
    mark = f"BT /F 40 Tf 0.7071 0.7071 -0.7071 0.7071 200 300 Tm <{draft}> Tj ET"
    html = to_html(examples.pdf([([(90, 100, "一、总体情况")], [])], extra=mark), "pdf")

    assert isinstance(html, str)
    assert body(html) == ["<p>一、总体情况</p>"]


def test_text_printed_twice_to_look_bold_stands_once() -> None:
    text = "一、总体情况"

    assert body(html_of([([(90, 100, text), (90.3, 100, text)], [])])) == [f"<p>{text}</p>"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (examples.pdf([([], [])], image=True), "scan"),
        (examples.pdf([([(280, 820, "- 1 -")], [])], image=True), "scan"),
        (examples.pdf([([], [])]), "empty"),
        (examples.pdf([([], [])] * 301), "too_large"),
        (examples.ofd([([], [])]), "empty"),
        (examples.zipped({"OFD.xml": "<OFD/>", "Encryptions.xml": "<E/>"}), "encrypted"),
    ],
    ids=["scan", "scan with number", "blank", "many pages", "blank ofd", "encrypted ofd"],
)
def test_pages_without_text_say_why(
    content: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    kind = media_kind(content)
    assert kind is not None
    result = to_html(content, kind)

    assert isinstance(result, Unreadable)
    assert result.reason == reason
    assert ("gkcrawl[ocr]" in result.message) == (reason == "scan")


def test_ofd_and_pdf_of_the_same_pages_are_equal() -> None:
    pages = examples.pressed().pages

    assert to_html(examples.ofd(pages), "ofd") == to_html(examples.pdf(pages), "pdf")
