"""Titles, years, issuers and places by table."""

import pytest

from archive.catalog.ids import agency_id
from archive.report.chars import simplified
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
    ("「云城区」2024年政府信息公开工作年度报告", "云城区", 2024),
    ("关于印发《甘谷县磐安镇2022年政府信息公开工作年度报告》的通知", "甘谷县磐安镇", 2022),
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


def test_the_title_stands_below_a_long_line_of_the_page() -> None:
    name = "甘谷县统计局2023年政府信息公开工作年度报告"
    for long in ("首页 > 政务公开 > 法定主动公开内容 > " * 3, "网站无障碍 长者模式 " * 9):
        assert list(first_lines([long, name])) == [name]


def test_the_lines_of_a_menu_are_no_title() -> None:
    menu = ["首页", "政务公开", "政府信息公开", "政府信息公开年报", "办事服务"]
    assert list(first_lines(menu)) == ["政府信息公开年报"]


def test_the_page_s_own_title_goes_before_the_name_of_a_column() -> None:
    own = ("meta:ArticleTitle", "甘谷县2023年政府网站工作年度报表")
    found = choose([own, ("first line", "政府信息公开年报")])
    assert found is not None
    assert found.text == own[1]


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
        ("依据条例，甘谷县教育局编制了2020年政府信息公开工作年度报告。", 2020),
        ("我局严格执行2019年5月15日起施行的条例。2022年认真落实各项任务。", 2022),
        ("2022年认真落实各项任务，2023年再接再厉。", None),
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
    ("昆明市生态环境局官渡分局", "530111", None),
    ("普洱市自然资源和规划局景谷分局", "530824", None),
    ("北京市公安局朝阳分局", "110105", None),
    ("昆明市公安局交通分局", "530100", None),
    ("雲南省昆明市官渡區統計局", "530111", None),
    ("新疆生产建设兵团第一师阿拉尔市人民政府", "659002", None),
    ("阿荣旗林业和草原局", "150721", None),
    ("贵州贵安新区管理委员会", "520000", None),
    ("天津滨海新区人民政府", "120116", None),
    ("城关镇人民政府", None, None),
    ("我局", None, None),
]


@pytest.mark.parametrize(("name", "code", "township"), PLACES, ids=[row[0] for row in PLACES])
def test_place_of_a_name(name: str, code: str | None, township: str | None) -> None:
    place = resolve(simplified(name))
    assert (place.code, place.township_code) == (code, township)


def test_the_surrounding_division_decides_between_places_of_one_name() -> None:
    assert len(resolve("鼓楼区人民政府").ambiguous) == 4
    assert resolve("鼓楼区人民政府", "320100").code == "320106"


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("天津市蓟县人民政府", 2014, "120225"),
        ("天津市蓟县人民政府", 2015, "120225"),
        ("天津市蓟州区人民政府", 2016, "120119"),
        ("三明市梅列区财政局", 2019, "350402"),
        ("三明市三元区财政局", 2019, "350403"),
        ("三明市三元区财政局", 2022, "350404"),
        ("兴仁县人民政府", 2016, "522322"),
        ("普洱市人民政府", 2024, "530800"),
    ],
)
def test_a_place_has_the_code_of_the_year_reported_on(name: str, year: int, code: str) -> None:
    assert resolve(name, year=year).code == code
    title = f"{name}{year}年政府信息公开工作年度报告"
    found, _ = identify(title=title, text="", metas={}, head="", breadcrumb="", hints={}, year=year)
    assert (found.name, found.division_code) == (name, code)


def issuer(title: str | None, text: str = "", **more: str) -> tuple[str | None, ...]:
    found, _ = identify(title=title, text=text, metas={}, head="", breadcrumb="", hints=more)
    return found.name, found.kind, found.scope, found.division_code


KINDS = [
    ("甘谷县人民政府", "government", "aggregate"),
    ("甘谷县", "government", "aggregate"),
    ("锡林郭勒盟行政公署", "government", "aggregate"),
    ("云浮市生态环境局云安分局", "department", "own"),
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
    ("现将甘谷县磐安镇2022年度政府信息公开工作情况报告如下：", "甘谷县磐安镇"),
    ("依据条例第五十条规定，甘谷县磐安镇人民政府编制了2023年度报告。", "甘谷县磐安镇人民政府"),
    (
        "遵照国务院、甘肃省人民政府、天水市人民政府要求，特向社会公布甘谷县2022年政府信息公开年报。",
        "甘谷县",
    ),
    ("特公布2022年度甘谷县人民政府政府信息公开年度报告。", "甘谷县人民政府"),
    (
        "在天水市人民政府和甘谷县人民政府的领导下，甘谷县水务局2023年认真落实各项任务。",
        "甘谷县水务局",
    ),
    ("如有疑问，请与甘谷县财政局办公室联系（电话：0938-1）。", "甘谷县财政局"),
    ("我镇认真贯彻条例。甘谷县磐安镇人民政府现将有关情况报告如下。", "甘谷县磐安镇人民政府"),
    (
        "现公布甘谷县工业园区（以下简称园区）2019年政府信息公开工作年度报告。",
        "甘谷县工业园区",
    ),
]


@pytest.mark.parametrize(
    ("text", "name"), INTRODUCTIONS, ids=[row[0][:12] for row in INTRODUCTIONS]
)
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


@pytest.mark.parametrize("name", ["云城区", "「云城区」", "云浮市云城区", "云城区政府"])
def test_a_government_named_without_that_word_is_the_same_organ(name: str) -> None:
    assert organ(name) == organ("云浮市云城区人民政府")


def organ(name: str) -> str | None:
    title = f"{name}2024年政府信息公开工作年度报告"
    found, _ = identify(title=title, text="", metas={}, head="", breadcrumb="", hints={})
    return agency_id(found)
