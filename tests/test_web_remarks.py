"""What the reader says in English, put into the language of the page."""

from dataclasses import replace

import pytest
from test_findings import BUREAU, TABLES

from archive.records import Tables
from archive.report.findings import find
from gkcrawl.web.judging import warning
from gkcrawl.web.language import choose
from gkcrawl.web.remarks import language_of, remark

TABLE = TABLES.active_disclosure or {}
SECTIONS = {"overview": "2024年共收到政府信息公开申请31件。", "other_matters": "无"}


def odd(**cells: float) -> Tables:
    return replace(TABLES, active_disclosure=TABLE | {"regulations": dict(cells)})


def messages(tables: Tables, sections: dict[str, str]) -> list[str]:
    given = find(sections=sections, tables=tables, form="2021", year=2024, issuer=BUREAU)
    return [one.message for one in given]


@pytest.mark.parametrize(
    ("tables", "sections", "shown"),
    [
        (TABLES, SECTIONS, "正文说 31（“2024年共收到政府信息公开申请31件。”），表中是 30"),
        (TABLES, {"overview": "2024年共收到政府信息公开申请30件。"}, "正文和表中都是 30"),
        (odd(issued=-1), SECTIONS, "负数"),
        (odd(issued=0.5), SECTIONS, "不是整数"),
        (odd(issued=2), SECTIONS, "这样的机关不制定规章"),
        (TABLES, {"overview": "无"}, "“一、总体情况”之下只有“无”"),
        (TABLES, {"overview": ""}, "“一、总体情况”之下没有内容"),
        (TABLES, SECTIONS, "表中行政事业性收费 2.02 万元，第六部分没有说到收费"),
        (
            TABLES,
            {"overview": "全年收取信息处理费2万元。", "other_matters": "本年度未收取信息处理费。"},
            "正文说信息处理费 2 万元（“全年收取信息处理费2万元。”），"
            "第六部分说“本年度未收取信息处理费。”",
        ),
    ],
)
def test_every_remark_of_the_reader_has_its_chinese(
    tables: Tables, sections: dict[str, str], shown: str
) -> None:
    found = messages(tables, sections)
    said = [remark(message) for message in found]
    assert shown in said
    assert [message for message in said if message in found] == []
    assert {language_of(message) for message in said} == {"zh-CN"}


def test_missing_sections_are_named_as_in_the_form() -> None:
    [said] = [remark(m) for m in messages(TABLES, SECTIONS) if m.startswith("no heading")]
    assert said.startswith("没有找到这些标题：二、主动公开政府信息情况；三、")


def test_a_warning_tells_its_check_in_words() -> None:
    assert warning("plausible.negative: negative: requests.denied.total -1").endswith("：负数")
    assert warning("year: the title says 2023, the text 2024").startswith("year: ")


def test_english_readers_get_it_as_it_is() -> None:
    choose({"query_string": b"lang=en"})
    try:
        assert remark("not a whole number: x 0.5") == "not a whole number: x 0.5"
    finally:
        choose({"query_string": b"lang=zh"})
