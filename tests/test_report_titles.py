"""Titles, years, issuers and places by table."""

from typing import Any

import pytest

from archive.catalog.ids import agency_id
from archive.records import Issuer
from archive.report.chars import simplified
from archive.report.identity.divisions import resolve
from archive.report.identity.gazetteer import division_path, gazetteer, host_of, in_force
from archive.report.identity.issuers import identify
from archive.report.identity.titles import (
    choose,
    clean_title,
    first_lines,
    is_report_title,
    issuer_part,
    year_in,
)
from archive.report.identity.years import year_told

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
    ("甘谷县财政局 2 0 2 3 年政府信息公开工作年度报告", "甘谷县财政局", 2023),
    ("甘谷县财政局二○二三年度政府信息公开工作年度报告", "甘谷县财政局", 2023),
    ("甘谷县财政局政府信息公开工作年度报告（2023年）", "甘谷县财政局", 2023),
    ("甘谷县财政局政府信息公开年度报告（2023）", "甘谷县财政局", 2023),
    ("甘谷县财政局2023年政府信息公开工作年度报告（2024年1月发布）", "甘谷县财政局", 2023),
    ("关于太仓市城管局2023年政府信息公开工作年度报告的公示（2024年发布）", "太仓市城管局", 2023),
    ("[2024]甘谷县财政局2023年政府信息公开工作年度报告", "甘谷县财政局", 2023),
    ("甘谷县财政局2023年1-12月政府信息公开工作年度报告", "甘谷县财政局", 2023),
    ("甘谷县财政局2023年政府信息公开和政务公开工作年度报告", "甘谷县财政局", 2023),
    ("甘谷县财政局2023年年年度政府信息公开工作报告", "甘谷县财政局", 2023),
    ("甘谷县财政局2023年政府信息公开公作年度报告", "甘谷县财政局", 2023),
    ("甘谷县财政局2023年政府信息公开工作情况", "甘谷县财政局", 2023),
    ("附件1：甘谷县财政局2023年政府信息公开工作年度报告.doc", "甘谷县财政局", 2023),
    ("【转载】甘谷县财政局2023年政府信息公开工作年度报告（更正版）", "甘谷县财政局", 2023),
    ("（一）甘谷县财政局2023年政府信息公开工作年度报告-甘谷县人民政府网", "甘谷县财政局", 2023),
    ("弥勒市人民政府网——弥勒市交通运输局2023年政府信息公开年报", "弥勒市交通运输局", 2023),
    ("甘谷县财政局关于公布2023年政府信息公开工作年度报告的公告", "甘谷县财政局", 2023),
    ("2022年度甘谷县人民政府信息公开工作年度报告", "甘谷县人民政府", 2022),
    ("甘谷县财政局2023年政府信息公(gong)开(kai)工作年度报告", "甘谷县财政局", 2023),
    ("甘谷县机构编制委员会办公室2023年政府信息公开年报", "甘谷县机构编制委员会办公室", 2023),
    ("云南省新闻出版局2023年政府信息公开年报", "云南省新闻出版局", 2023),
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
        "甘谷县2023年上半年政府信息公开工作总结",
        "甘谷县2023年第三季度政府信息公开工作报告",
        "甘谷县2023年政务公开工作总结",
        "市政府发布2022年政府信息公开工作年度报告",
        "甘谷县召开2023年政府信息公开工作年度报告编制培训会",
        "关于2023年政府信息公开工作年度报告编制的说明",
        "甘谷县2023年政府信息公开工作年度报告 2024-01-30",
        "某大学2020-2021学年信息公开年度报告",
        "第四十九条县级以上人民政府部门应当公布上一年度政府信息公开工作年度报告",
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
    "lines",
    [
        ("海南州同德县人民政府办公室政", "府信息公开工作2024年度报告"),
        ("海南州同德县人民政府办", "公室政府信息公开工作2024年度报告"),
        ("海南州同德县人民政府办公室政府信息公开工作2024年度", "报告"),
        ("海南州同德县人民政府办公室政府信息公开工作2024年度报告按照《条例》规定，",),
    ],
)
def test_a_title_broken_by_a_pdf(lines: tuple[str, ...]) -> None:
    text = [
        *lines,
        "根据《条例》及《青海省人民政府办公室关于做好2024年政府",
        "信息公开工作年度报告",
    ]
    found = choose(("first line", line) for line in first_lines(text))
    assert found is not None
    assert found.text == "海南州同德县人民政府办公室政府信息公开工作2024年度报告"


REPORT = "某某乡2016年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    "own",
    [
        "我县召开春季植树动员会",
        "图解：甘谷县2023年政府信息公开工作年度报告",
        "甘谷县2022年财政年报",
    ],
)
def test_a_report_beside_another_article_is_not_its_title(own: str) -> None:
    for page in ([("meta:ArticleTitle", own)], [("heading", own), ("window", own)]):
        found = choose([*page, ("first line", REPORT)])
        assert found is not None
        assert found.text == own


def test_the_title_of_another_page_gives_no_year() -> None:
    own = "2023年政府信息公开工作年度报告"
    found = choose([("heading", own), ("window", own), ("first line", REPORT)])
    assert found is not None
    assert found.text == own
    found = choose([("heading", "政府信息公开年报"), ("first line", REPORT)], links=[REPORT])
    assert found is not None
    assert found.text == "政府信息公开年报"


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
        (
            "按照《县政府办公室关于开展2024\n年度政务公开工作考核的通知》精神，现将甘谷县水务局2023\n"
            "年度政府信息公开工作情况报告如下：",
            2023,
        ),
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
    ("本溪市本溪满族自治县财政局", "210521", None),
    ("嘉峪关市文殊镇人民政府", "620200", "620201102"),
    ("临安区於潜镇人民政府", "330112", "330112104"),
    ("临汾市古县乡村振兴局", "141025", None),
    ("苏州工业园区管理委员会", "320500", None),
    ("盐城市大丰高新技术产业开发区", "320904", None),
    ("阿拉善左旗巴彦浩特镇", "152921", "152921110"),
    ("经济开发区管理委员会", None, None),
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


@pytest.mark.parametrize("name", ["螅镇人民政府", "东区财政局", "西城区人民政府"])
def test_a_name_that_repeats_is_true_only_where_something_else_says_so(name: str) -> None:
    # The only one of its name among today's divisions is not the only one there ever was.
    place = resolve(name)
    assert place.bare
    found, warnings = described(f"{name}2022年政府信息公开工作年度报告")
    assert found.division_code is None
    assert "nothing else says so" in warnings[0]


def described(title: str | None, text: str = "", **more: Any) -> tuple[Issuer, tuple[str, ...]]:
    facts: dict[str, Any] = {"metas": {}, "head": "", "breadcrumb": "", "hints": {}} | more
    return identify(title=title, text=text, **facts)


TOWN = "城关镇人民政府2022年政府信息公开工作年度报告"
AROUND: list[tuple[str, dict[str, Any], str | None]] = [
    (TOWN, {}, None),
    (TOWN, {"hints": {"portal": "411224"}}, "411224100"),
    (TOWN, {"hints": {"portal": "411200"}}, None),
    (TOWN, {"metas": {"siteidcode": "4112240001"}}, "411224100"),
    (TOWN, {"metas": {"sitename": "卢氏县人民政府"}}, "411224100"),
    (TOWN, {"breadcrumb": "首页 > 卢氏县 > 城关镇 > 政府信息公开年报"}, "411224100"),
    (TOWN, {"page": "主办：卢氏县人民政府办公室 网站标识码：4112240001"}, "411224100"),
    (TOWN, {"text": "2022年，在卢氏县委、县政府的领导下，我镇公开信息。"}, "411224100"),
    (TOWN, {"text": "按照《卢氏县人民政府关于考核的通知》，我镇公开信息。"}, None),
    # 成县 and 新县 have a 城关镇, and stand in these words.
    (TOWN, {"text": "我镇建成县级平台，创新县乡联动。"}, None),
    ("佳县螅镇2022年政府信息公开年报", {}, "610828109"),
    ("螅镇2022年政府信息公开年报", {"text": "在佳县县委的领导下，我镇公开信息。"}, "610828109"),
    ("螅镇2022年政府信息公开年报", {"hints": {"portal": "610828"}}, "610828109"),
]


@pytest.mark.parametrize(("title", "around", "township"), AROUND)
def test_what_stands_around_completes_a_place(
    title: str, around: dict[str, Any], township: str | None
) -> None:
    found, _ = described(title, **around)
    assert found.township_code == township
    assert found.division_code == (township[:6] if township else None)


@pytest.mark.parametrize(
    ("name", "portal", "code"),
    [
        ("区统计局", "610403", "610403"),
        ("区统计局", "610400", None),  # some district of the city
        ("市统计局", "610403", None),
        ("市统计局", "610400", "610400"),
        ("统计局", "610400", None),  # of the city or of a county whose reports it shows
        ("统计局", "610403", "610403"),
        ("城关镇人民政府", "610403", None),
    ],
)
def test_a_portal_gives_its_place_only_to_organs_of_its_level(
    name: str, portal: str, code: str | None
) -> None:
    found, warnings = described(f"{name}2023年政府信息公开年报", hints={"portal": portal})
    assert found.division_code == code
    assert warnings


def test_the_site_s_name_gives_its_place_to_an_organ_of_its_level() -> None:
    title = "县水务局2023年政府信息公开工作年度报告"
    found, _ = described(title, metas={"sitename": "大姚县人民政府"})
    assert found.division_code == "532326"
    found, _ = described(title, metas={"sitename": "楚雄彝族自治州人民政府"})
    assert found.division_code is None


@pytest.mark.parametrize(
    "name", ["湖南湘江新区管理委员会", "荆门市何集办事处", "昆明市六乡镇人民政府"]
)
def test_a_place_far_above_the_organ_is_not_its_division(name: str) -> None:
    found, warnings = described(f"{name}2023年政府信息公开年报")
    assert (found.division_code, found.path) == (None, ())
    assert "left open" in warnings[0]


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_full_name_is_its_place_or_open_and_a_short_one_never_another(step: int) -> None:
    codes = [code for code in list(gazetteer().rows)[step::131] if code[6:7] < "4"]
    codes = [code for code in codes if host_of(code[:6]) == code[:6]]
    for code in codes:
        path = division_path(code, 2024)
        if path[-2:] == path[-1:] * 2:
            continue  # 金门县 stands once more among its own townships
        whole = resolve("".join(path) + "人民政府", year=2024)
        assert (whole.township_code or whole.code) in (code, in_force(code, 2024), None), path
        short = resolve(path[-1] + "人民政府", year=2024)
        assert short.code is None or short.bare or len(code) == 6, path


def test_a_name_of_before_is_that_of_its_heir() -> None:
    assert resolve("天津市蓟县人民政府", year=2020).code == "120119"
    assert resolve("三明市梅列区财政局", year=2023).code == "350404"
    # 抚宁县 was divided: no one heir.
    assert resolve("秦皇岛市抚宁县人民政府", year=2020).code == "130323"


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
    ("国家市场监督管理总局", "central_body", "own"),
    ("国家能源局云南监管办公室", "department", "own"),
    ("国家税务总局甘谷县税务局", "department", "own"),
    ("国家统计局云南调查总队", "department", "own"),
    ("天津市宁河区造甲城镇人民政府", "town_government", "own"),
    ("曲阳县党城乡人民政府", "town_government", "own"),
    ("甘谷县城乡建设局", "department", "own"),
    ("桐梓县人民政府（县人民政府办公室）", "government", "own"),
    ("丰县自来水有限公司", "public_institution", "own"),
    ("新疆生产建设兵团第十二师", "government", "aggregate"),
]


@pytest.mark.parametrize(("name", "kind", "scope"), KINDS, ids=[row[0] for row in KINDS])
def test_kind_and_scope_of_an_issuer(name: str, kind: str, scope: str | None) -> None:
    assert issuer(f"{name}2023年政府信息公开工作年度报告")[:3] == (name, kind, scope)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("国家统计局铜陵调查队", "340700"),
        ("中国人民银行昆明中心支行", "530100"),
        ("国家统计局云南调查总队", "530000"),
        # A county has the name, too.
        ("国家统计局朝阳调查队", None),
        ("国家统计局长沙调查队", None),
        ("国家统计局吉林调查总队", None),
    ],
)
def test_offices_of_upper_bodies_leave_out_what_their_city_is(name: str, code: str | None) -> None:
    assert issuer(f"{name}2023年政府信息公开工作年度报告")[3] == code


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("本报告由国家税务总局甘谷县税务局按照《条例》规定编制。", "国家税务总局甘谷县税务局"),
        ("依据《条例》规定，由民政部编制。", "民政部"),
        ("现将教育部2022年度政府信息公开工作情况报告如下：我部公开信息。", "教育部"),
        ("按照要求，北屯市结合工作实际，编制本报告。请与北屯市联系。", "北屯市"),
        ("2023年，甘谷县坚持公开为民。我局公开信息。2023年，甘谷县坚持公开。", None),
        ("本报告由甘谷县按照《条例》规定编制。我县公开信息。", "甘谷县"),
        (
            "请与甘谷县磐安镇人民政府办公室联系（电话：0938-1）。我镇公开信息。",
            "甘谷县磐安镇人民政府",
        ),
        ("如有疑问，请与甘谷县人民政府办公室联系。我办公开信息。", "甘谷县人民政府办公室"),
        (
            "2020年，荆州市民族宗教事务委员会坚持公开，现将我委情况报告如下：",
            "荆州市民族宗教事务委员会",
        ),
        (
            "根据《条例》规定，现公布甘谷县磐安\n镇人民政府2021年政府信息公开工作年度报告。",
            "甘谷县磐安镇人民政府",
        ),
        ("一、总体情况\n我局公开信息。\n甘谷县水务局\n2024年1月20日", "甘谷县水务局"),
        ("一、总体情况\n我局公开信息。\n请与甘谷县人民政府办公室联系。", None),
    ],
)
def test_more_words_that_tell_the_issuer(text: str, name: str | None) -> None:
    assert described(None, text)[0].name == name


def test_who_publishes_is_not_who_reports() -> None:
    title = "甘谷县人民政府办公室关于公布2022年政府信息公开工作年度报告的通知"
    found, _ = described(title, "现将甘谷县2022年政府信息公开工作年度报告予以公布。")
    assert (found.name, found.kind, found.scope) == ("甘谷县", "government", "aggregate")
    found, _ = described(None, "我局公开信息。", metas={"contentsource": "甘谷县人民政府办公室"})
    assert found.name is None


def test_a_copy_in_traditional_characters_names_the_organ() -> None:
    text = "根據《條例》規定，編製本報告。我局主動公開信息，認真貫徹落實工作部署。"
    found, _ = described("甘谷縣財政局2023年政府信息公開工作年度報告", text)
    assert (found.name, found.division_code) == ("甘谷县财政局", "620523")


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
