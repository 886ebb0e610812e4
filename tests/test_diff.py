"""What differs between two versions of a report: invariants, and examples as offices make them."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from small_archive import RUN, STREET, add_to_home, full_tables, report

from archive.catalog.celldiff import CellState, changed_cells
from archive.catalog.diff import Difference, difference
from archive.catalog.textdiff import Paragraph, text_difference
from archive.records import Tables
from gkcrawl.cli import main

URL = "http://www.kmgd.gov.cn/zfxxgk/2024.html"
PROSE = "本年收到申请134件，其中自然人120件。\n结果见下表。\n无其他需要报告的事项。"

WORDS = st.sampled_from(
    [
        *"的一是在公开申请件\n\n 。，年度行政",
        "2024",
        "134",
        "PDF",
        "\u2028",
        "\r\n",
        "\x0b",
        "𠀀",
        "é",
    ]
)
TEXTS = st.lists(WORDS, max_size=120).map("".join) | st.text(max_size=60)
VALUES = st.none() | st.integers(0, 5) | st.sampled_from([1.5, -3])
RAW = st.sampled_from(["", "/", "1", "１"])
GRIDS = st.none() | st.dictionaries(
    st.sampled_from(["new_requests", "granted", "review"]),
    st.dictionaries(st.sampled_from(["natural_person", "total"]), VALUES, max_size=2),
    max_size=3,
)
RAW_GRIDS = st.dictionaries(
    st.sampled_from(["new_requests", "granted"]),
    st.dictionaries(st.sampled_from(["natural_person", "total"]), RAW, max_size=2),
    max_size=2,
)
TABLES = st.fixed_dictionaries(
    {
        "active_disclosure": GRIDS,
        "requests": GRIDS,
        "review_litigation": GRIDS,
        "raw": st.fixed_dictionaries({}, optional={"requests": RAW_GRIDS}),
    }
)


def document(text: str = PROSE, tables: Tables | None = None, **fields: Any) -> dict[str, Any]:
    """Return a document of a report, as the catalog keeps it."""
    made = report(URL, STREET, 2024, tables or full_tables(), text=text, **fields)
    found: dict[str, Any] = json.loads(json.dumps(made.as_dict()))
    return found


def with_tables(tables: dict[str, Any], text: str = PROSE) -> dict[str, Any]:
    return document(text) | {"tables": tables}


def addresses(found: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str], CellState]]:
    """Yield the cells of a document, in the plainest way."""
    for table in ("active_disclosure", "requests", "review_litigation"):
        if (values := found["tables"][table]) is None:
            continue
        raw = found["tables"]["raw"].get(table, {})
        keys = {(r, c) for grid in (values, raw) for r, cells in grid.items() for c in cells}
        for row, column in keys:
            state = CellState(values.get(row, {}).get(column), raw.get(row, {}).get(column))
            yield (table, row, column), state


@given(TEXTS, TEXTS)
def test_paragraphs_joined_give_both_texts(before: str, after: str) -> None:
    found = text_difference(before, after)
    assert "".join(paragraph.before for paragraph in found) == before
    assert "".join(paragraph.after for paragraph in found) == after


@given(TEXTS, TEXTS)
def test_pieces_joined_give_both_sides_of_a_changed_paragraph(before: str, after: str) -> None:
    for paragraph in text_difference(before, after):
        if paragraph.kind != "same":
            kept = [p.text for p in paragraph.pieces if p.kind != "added"]
            made = [p.text for p in paragraph.pieces if p.kind != "removed"]
            assert ("".join(kept), "".join(made)) == (paragraph.before, paragraph.after)


@given(TEXTS, st.sampled_from([" ", "\n", "\u3000", "\n\n"]))
def test_a_text_does_not_differ_from_itself_nor_for_its_blanks(text: str, blank: str) -> None:
    for other in (text, blank + text + blank):
        assert {paragraph.kind for paragraph in text_difference(text, other)} <= {"same"}


@given(TABLES)
def test_a_document_does_not_differ_from_itself(tables: dict[str, Any]) -> None:
    found = with_tables(tables)
    same = difference(found, copy.deepcopy(found))
    assert same.same
    assert (same.cells, same.sums, same.fields, same.silent) == ((), (), (), False)


@given(TABLES, TABLES)
def test_the_changed_cells_turn_the_one_into_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = with_tables(before), with_tables(after)
    cells = dict(addresses(old))
    for changed in changed_cells(old, new):
        address = (changed.table, changed.row, changed.column)
        assert cells.pop(address, None) == changed.before
        if changed.after is not None:
            cells[address] = changed.after
    assert cells == dict(addresses(new))


@settings(max_examples=30)
@given(TABLES, TABLES, TEXTS, TEXTS)
def test_the_way_back_is_the_way_there_turned_round(
    before: dict[str, Any], after: dict[str, Any], text: str, other: str
) -> None:
    old, new = with_tables(before, text), with_tables(after, other)
    there, back = difference(old, new), difference(new, old)
    assert len(there.cells) == len(back.cells)
    assert there.same == back.same
    assert {(c.row, c.before, c.after) for c in there.cells} == {
        (c.row, c.after, c.before) for c in back.cells
    }


def test_a_number_is_changed_as_a_whole_and_the_rest_of_the_sentence_stands() -> None:
    (paragraph,) = text_difference("收到申请134件，均已答复。", "收到申请170件，均已答复。")
    assert paragraph.has_figures
    assert [(piece.kind, piece.text) for piece in paragraph.pieces] == [
        ("same", "收到申请"),
        ("removed", "134"),
        ("added", "170"),
        ("same", "件，均已答复。"),
    ]


def test_paragraphs_between_which_one_was_put_in_keep_their_partners() -> None:
    before = "一、总体情况如下所述\n本年收到申请三件\n六、无其他事项"
    after = "一、总体情况如下所述\n新增一段全然另外的话\n本年收到申请五件\n六、无其他事项"
    assert [paragraph.kind for paragraph in text_difference(before, after)] == [
        *("same", "added", "changed", "same")
    ]


def test_lines_that_were_joined_are_the_same_text() -> None:
    assert kinds(text_difference("一、总体\n情况\n无。", "一、总体情况\n\n无。")) == ["same"]
    moved = text_difference("一、总体\n情况\n无。\n甲", "一、总体情况\n\n无。\n乙")
    assert kinds(moved) == ["same", "same", "removed", "added"]


def test_paragraphs_with_little_in_common_are_not_mixed() -> None:
    found = text_difference("本年没有收到申请。", "网站改版后栏目已迁移至新址")
    assert kinds(found) == ["removed", "added"]


def kinds(found: tuple[Paragraph, ...]) -> list[str]:
    return [paragraph.kind for paragraph in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("的" * 20_000, "的" * 19_999 + "是"),
        ("公开" * 10_000, "开公" * 10_000),
        (
            "\n".join("0 1 2"[n % 5] for n in range(20_000)),
            "\n".join("10"[n % 2] for n in range(20_000)),
        ),
        ("\n".join(f"第{n}件" for n in range(3_000)), "\n".join(f"第{n}宗" for n in range(3_000))),
        ("".join(map(chr, range(0x4E00, 0x8E00))), "".join(map(chr, range(0x8DFF, 0x4DFF, -1)))),
    ],
    ids=["one letter", "turned round", "lines of digits", "every line", "backwards"],
)
def test_long_and_tangled_texts_cost_little(before: str, after: str) -> None:
    """Bounded work: the run's own time limit is the only clock here."""
    found = text_difference(before, after)
    assert "".join(paragraph.after for paragraph in found) == after


def edited(text: str = PROSE, **changed: int) -> Difference:
    """Return the difference that changed cells (and another text) make."""
    return difference(document(), document(text, full_tables(**changed)))


def test_numbers_changed_without_a_word_are_a_silent_edit() -> None:
    found = edited(new_requests__natural_person=13, new_requests__total=16)
    assert found.silent
    assert [(c.row, c.column, c.kind, c.step) for c in found.numbers] == [
        ("new_requests", "natural_person", "number", 1),
        ("new_requests", "total", "number", 1),
    ]
    assert {one.id: one.kind for one in found.sums} == {
        "flow.natural_person": "broken",
        "flow.total": "broken",
        "rowsum.new_requests": "moved",
    }


def test_an_edit_that_the_text_tells_of_is_not_silent() -> None:
    said = "更正：收到申请数原为15件，现更正为16件。"
    found = edited(f"{PROSE}\n{said}", new_requests__natural_person=13)
    assert not found.silent
    assert found.announced == (said,)
    assert found.numbers


@pytest.mark.parametrize(
    ("said", "is_announced"),
    [
        ("原数据有误，现已修改", True),
        ("对表格数据进行了修改。", True),
        ("（修订版）", True),
        ("已作调整。", True),
        ("调整说明见附件", True),
        ("修订规章3件", False),
        ("已修改行政规范性文件2件", False),
        ("机构调整后设三个科", False),
        ("加强数据管理，调整公开目录", False),
        ("宪法修正案宣传", False),
    ],
)
def test_words_that_say_so_are_of_the_text_not_of_the_offices_work(
    said: str, is_announced: bool
) -> None:
    found = edited(f"{PROSE}\n{said}", new_requests__natural_person=13)
    assert found.silent is not is_announced


def test_a_mended_sum_says_so() -> None:
    broken = document(tables=full_tables(granted__total=99))
    found = difference(broken, document())
    assert {one.kind for one in found.sums} == {"mended"}


def test_blanks_zeros_and_marks_are_three_things() -> None:
    before = document(tables=full_tables(granted__other_org=None))
    found = changed_cells(before, document())
    assert [(c.before, c.after, c.kind) for c in found] == [
        (CellState(None, None), CellState(0, None), "number")
    ]


def test_another_way_to_write_the_same_number_changes_no_number() -> None:
    after = document()
    after["tables"]["raw"]["active_disclosure"]["admin_fees"]["amount_10k_cny"] = "13.5万元"
    found = difference(document(), after)
    assert [cell.kind for cell in found.cells] == ["spelling"]
    assert (found.numbers, found.silent, found.same) == ((), False, False)


def test_a_table_that_cannot_be_read_any_more_is_no_edit_of_numbers() -> None:
    after = document(tables=Tables(status={"requests": "absent"}))
    found = difference(document(), after)
    assert not found.numbers
    assert {cell.kind for cell in found.cells} == {"gone"}
    assert ("table.requests", "read", "absent") in [
        (f.name, f.before, f.after) for f in found.fields
    ]


def test_title_date_and_attachments() -> None:
    before = document(attachments=("http://a.gov.cn/1.docx",))
    after = document(title="新题", published="2025-06-01", attachments=("http://a.gov.cn/2.docx",))
    found = difference(before, after)
    assert [field.name for field in found.fields] == ["title", "published"]
    assert found.attachments_gone == ("http://a.gov.cn/1.docx",)
    assert found.attachments_new == ("http://a.gov.cn/2.docx",)


def test_lines_of_the_statistics_before_2019_are_cells_too() -> None:
    line = {"label": ["三、依申请公开", "1.收到申请数"], "unit": "件", "code": None}
    before = document() | {"indicators": [line | {"value": 5, "raw": "5"}] * 2}
    after = document() | {"indicators": [line | {"value": n, "raw": str(n)} for n in (5, 8)]}
    (cell,) = changed_cells(before, after)
    assert (cell.table, cell.row, cell.step) == (
        "indicators",
        "三、依申请公开 > 1.收到申请数 (2)",
        3,
    )


def test_the_json_holds_everything_but_what_is_the_same() -> None:
    found = edited(PROSE.replace("134", "135"), granted__natural_person=9).as_dict()
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(found))
    assert (found["numbers_changed"], found["silent"], found["same"]) == (1, True, False)
    (paragraph,) = found["paragraphs"]
    assert (paragraph["position"], paragraph["kind"]) == (1, "changed")


REPORT = "530111008-75083bf5-2024"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three versions: numbers changed silently, then back, with a word on it."""
    first = report(URL, STREET, 2024, full_tables(), text=PROSE)
    edited = report(
        URL, STREET, 2024, full_tables(granted__total=99), text=PROSE.replace("134", "\x1b[31m170")
    )
    told = replace(first, text=f"{PROSE}\n[red]更正[/x]：予以公开应为10件。")
    other = replace(report("http://a.gov.cn/b.html", STREET, 2023, full_tables()))
    days = (datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 9))
    found = dict(zip(days, (first, edited, told, other), strict=False))
    home = tmp_path_factory.mktemp("home")
    return add_to_home(home, RUN, found)


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GKCRAWL_HOME", str(home))

    def asked(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["diff", *arguments])

    return asked


def test_the_command_shows_a_silent_edit(run: Any) -> None:
    said = run(REPORT, "1..2")
    assert said.exit_code == 0
    assert "NUMBERS CHANGED SILENTLY: 1," in said.stdout
    assert "（一）予以公开 · 总计" in said.stdout
    assert "+89" in said.stdout
    assert "[-134-]{+" in said.stdout
    assert "\x1b" not in said.stdout


def test_the_command_takes_the_last_two_versions(run: Any) -> None:
    said = run(REPORT)
    assert "version 2 " in said.stdout
    assert "version 3 " in said.stdout
    assert "as the text says: [red]更正[/x]：予以公开应为10件。" in said.stdout


def test_the_command_gives_json(run: Any) -> None:
    found = json.loads(run(REPORT, "1..3", "--json").stdout)
    assert (found["report_id"], found["a"]["n"], found["b"]["n"]) == (REPORT, 1, 3)
    assert (found["numbers_changed"], found["silent"]) == (0, False)
    assert [paragraph["kind"] for paragraph in found["paragraphs"]] == ["added"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["530111008-75083bf5-2023"], 1, "only one version of"),
        (["nix"], 1, "there is no report nix in the catalog"),
        ([REPORT, "1..9"], 1, "has no version 9 (there are: 1 to 3)"),
        ([REPORT, "2..1"], 2, "expected A..B"),
        ([REPORT, "1..1"], 2, "expected A..B"),
        ([REPORT, "a..b"], 2, "expected A..B"),
        ([], 2, "Missing argument 'REPORT'"),
    ],
)
def test_the_command_says_what_it_cannot_do(
    run: Any, arguments: list[str], status: int, said: str
) -> None:
    answer = run(*arguments)
    assert answer.exit_code == status
    assert said in answer.output
    assert "Traceback" not in answer.output
