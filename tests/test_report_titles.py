"""Titles, years, issuers and places by table."""

import pytest

from archive.report.divisions import resolve
from archive.report.issuers import identify
from archive.report.titles import (
    choose,
    clean_title,
    first_lines,
    is_report_title,
    issuer_part,
    year_in,
    year_told,
)

NAMED = [
    ("2022年上海市政府信息公开工作年度报告", "上海市", 2022),
    ("关于官渡区财政局2022年度政府信息公开工作情况的报告", "官渡区财政局", 2022),
    ("昆明市政府信息公开工作2022年年度报告", "昆明市", 2022),
    ("二〇二四年楚雄州人民政府政府信息公开工作年度报告", "楚雄州人民政府", 2024),
    ("2022年度螅镇政府信息公开工作年度报告", "螅镇", 2022),
    ("2024年政府信息公开年报", None, 2024),
    ("宿迁市政府办公室2014年政府信息公开年度报告", "宿迁市政府办公室", 2014),
    ("普洱市第一中学2021年信息公开年度报告", "普洱市第一中学", 2021),
    ("关于2022年度政府信息公开情况的报告", None, 2022),
]


@pytest.mark.parametrize(("title", "issuer", "year"), NAMED, ids=[row[0] for row in NAMED])
def test_title_to_issuer_and_year(title: str, issuer: str | None, year: int) -> None:
    assert is_report_title(title)
    assert issuer_part(title) == issuer
    assert year_in(title) == year


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2021年政府信息公开工作年度报告编制发布工作的通知",
        "一图读懂2023年政府信息公开工作年度报告",
        "2023年政府网站工作年度报表",
        "某局2023年法治政府建设年度报告",
        "2024年政府工作报告",
        "政府信息公开指南",
    ],
)
def test_other_titles_are_no_reports(title: str) -> None:
    assert not is_report_title(title)


def test_endings_of_files_and_versions_are_cut() -> None:
    name = "楚雄市鹿城镇2023年政府信息公开工作年度报告"
    assert clean_title(f"《{name}》") == name
    assert clean_title(f"{name}（图片版）.docx") == name


def test_a_title_over_three_lines() -> None:
    lines = [
        "淮安市人民政府",
        "2024 年政府信息公开",
        "工作年度报告",
        "本报告由淮安市人民政府办公室" * 5,
    ]
    found = choose(("first line", line) for line in first_lines(lines))
    assert found is not None
    assert found.text == "淮安市人民政府2024年政府信息公开工作年度报告"


def test_a_text_that_begins_at_once_has_no_title() -> None:
    opening = "根据《政府信息公开条例》规定，现公布甲市2019年政府信息公开工作年度报告。" * 3
    assert list(first_lines([opening, "一、总体情况"])) == []


def test_a_full_title_goes_before_a_short_one() -> None:
    found = choose(
        [("heading", "2024年政府信息公开年报"), ("window", "甲县2024年政府信息公开年报")]
    )
    assert found is not None
    assert found.text == "甲县2024年政府信息公开年报"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("现公布甲局2019年政府信息公开工作年度报告。", 2019),
        ("数据统计期限自 2021 年 1 月 1 日起至 2021 年 12 月 31 日止。", 2021),
        ("现将我局2020年度政府信息公开工作情况报告如下：", 2020),
        ("按照《关于做好2022年考核的通知》要求。\n一、总体情况\n2021年，我局公开信息3条。", 2021),
        ("根据国办公开办函〔2021〕30号制定本报告，结合我局实际。", None),
    ],
)
def test_year_told_by_the_introduction(text: str, year: int | None) -> None:
    assert year_told(text) == year


PLACES = [
    ("昆明市官渡区人民政府六甲街道办事处", "530111", "530111008"),
    ("楚雄市政务服务管理局", "532301", None),
    ("楚雄州人民政府", "532300", None),
    ("吉林市人民政府", "220200", None),
    ("吉林省人民政府", "220000", None),
    ("东莞市长安镇人民政府", "441900", "441900119"),
    ("重庆市万州区教育局", "500101", None),
    ("云南昆明官渡区统计局", "530111", None),
    ("鼓楼区人民政府", None, None),
    ("城关镇人民政府", None, None),
    ("我局", None, None),
]


@pytest.mark.parametrize(("name", "code", "township"), PLACES, ids=[row[0] for row in PLACES])
def test_place_of_a_name(name: str, code: str | None, township: str | None) -> None:
    place = resolve(name)
    assert (place.code, place.township_code) == (code, township)


def test_the_surrounding_division_decides_between_places_of_one_name() -> None:
    assert len(resolve("鼓楼区人民政府").ambiguous) == 4
    assert resolve("鼓楼区人民政府", "320100").code == "320106"


def issuer(title: str | None, text: str = "", **more: str) -> tuple[str | None, ...]:
    found, _ = identify(title=title, text=text, metas={}, head="", breadcrumb="", hints=more)
    return found.name, found.kind, found.scope, found.division_code


KINDS = [
    ("甘谷县人民政府", "government", "aggregate"),
    ("甘谷县", "government", "aggregate"),
    ("甘谷县人民政府办公室", "government_office", "own"),
    ("甘谷县人民政府机关", "government_office", "own"),
    ("甘谷县财政局", "department", "own"),
    ("甘谷县大像山镇人民政府", "town_government", "own"),
    ("官渡区关上街道办事处", "subdistrict_office", "own"),
    ("甘谷县工业园区管理委员会", "development_zone", None),
    ("昆明市人民政府国有资产监督管理委员会", "department", "own"),
    ("浦东新区人民政府", "government", "aggregate"),
    ("甘谷县第一中学", "public_institution", "own"),
    ("国家档案局", "central_body", "own"),
    ("财政部", "central_body", "own"),
]


@pytest.mark.parametrize(("name", "kind", "scope"), KINDS, ids=[row[0] for row in KINDS])
def test_kind_and_scope_of_an_issuer(name: str, kind: str, scope: str | None) -> None:
    assert issuer(f"{name}2023年政府信息公开工作年度报告")[:3] == (name, kind, scope)


INTRODUCTIONS = [
    (
        "根据条例和甘肃省人民政府办公厅有关要求，现公布甘谷县人民政府办公室2019年政府信息公开工作年度报告。",
        "甘谷县人民政府办公室",
    ),
    (
        "2020年，甘谷县水务局紧紧围绕中心工作。按照《天水市人民政府办公室关于考核的通知》，"
        "现将我局2020年度政府信息公开工作情况报告如下：",
        "甘谷县水务局",
    ),
    ("按照通知（〔2023〕2号）要求，由甘谷县人民政府办公室汇总编制。", "甘谷县人民政府"),
]


@pytest.mark.parametrize(("text", "name"), INTRODUCTIONS, ids=["现公布", "我局", "汇总编制"])
def test_issuer_told_by_the_introduction(text: str, name: str) -> None:
    assert issuer(None, text)[0] == name
    assert issuer(None, text)[3] == "620523"


def test_an_issuer_without_a_name_stays_open() -> None:
    assert issuer(None, "结合我局工作实际情况，制定本报告：") == (None, None, None, None)


def test_the_portal_gives_the_place_only_where_the_name_gives_none() -> None:
    title = "区统计局2023年政府信息公开工作年度报告"
    assert issuer(title)[3] is None
    assert issuer(title, portal="610403")[3] == "610403"
    assert issuer("甘谷县" + title, portal="610403")[3] == "620523"
