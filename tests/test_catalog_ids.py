"""Ids of organs and reports."""

from dataclasses import replace

import pytest
from catalog_readings import ISSUER

from archive.catalog.ids import agency_id, canonical_name, level, report_id
from archive.records import Issuer

LIUJIA = ("云南省", "昆明市", "官渡区", "六甲街道")
ALAR = ("新疆维吾尔自治区", "阿拉尔市")
CHUXIONG = ("云南省", "楚雄彝族自治州", "楚雄市")


@pytest.mark.parametrize(
    ("name", "kind", "path", "expected"),
    [
        ("昆明市官渡区人民政府六甲街道办事处", "subdistrict_office", LIUJIA, "办事处"),
        ("官渡区六甲街道办事处", "subdistrict_office", LIUJIA, "办事处"),
        ("六甲街道 办事处", "subdistrict_office", LIUJIA, "办事处"),
        ("云南省昆明市官渡区人民政府", "government", LIUJIA[:3], "人民政府"),
        ("官渡区", "government", LIUJIA[:3], "人民政府"),
        ("官渡区人民政府机关", "government", LIUJIA[:3], "人民政府机关"),
        ("官渡区政府办公室", "government_office", LIUJIA[:3], "人民政府办公室"),
        ("楚雄市政务服务管理局", "department", CHUXIONG, "政务服务管理局"),
        ("云南省楚雄州楚雄市政务服务管理局", "department", CHUXIONG, "政务服务管理局"),
        ("国家税务总局楚雄市税务局", "department", CHUXIONG, "国家税务总局楚雄市税务局"),
        ("官渡区林业局（以下简称我局）", "department", LIUJIA[:3], "林业局"),
        ("某某局", "department", (), "某某局"),
        ("新疆生产建设兵团第一师阿拉尔市教育局", "department", ALAR, "教育局"),
        ("第一师阿拉尔市教育局", "department", ALAR, "教育局"),
        ("兵团第一师阿拉尔市人民政府", "government", ALAR, "人民政府"),
        ("阿拉尔市教育局", "department", ALAR, "教育局"),
        ("第一师教育局", "department", (), "第一师教育局"),
        (None, None, (), ""),
    ],
)
def test_name_without_its_place(
    name: str | None, kind: str | None, path: tuple[str, ...], expected: str
) -> None:
    assert canonical_name(Issuer(name=name, kind=kind, path=path)) == expected


def test_other_spellings_of_one_organ_give_one_id() -> None:
    short = replace(ISSUER, name="官渡区六甲街道办事处")

    assert agency_id(short) == agency_id(ISSUER)


def test_same_name_in_two_places_gives_two_ids() -> None:
    here = Issuer(name="教育局", division_code="530111")
    there = Issuer(name="教育局", division_code="530112")

    assert agency_id(here) != agency_id(there)


def test_without_a_place_there_is_no_id_but_for_central_bodies() -> None:
    """Two 城关镇人民政府 whose counties are not known must not become one organ."""
    assert agency_id(Issuer(name="城关镇人民政府", kind="town_government")) is None
    ministry = agency_id(Issuer(name="财政部", kind="central_body"))
    assert ministry is not None
    assert ministry.startswith("central-")


def test_id_is_ascii_and_tells_place_and_year() -> None:
    agency = agency_id(ISSUER)
    assert agency is not None

    assert report_id(agency, 2024, "https://x/") == f"{agency}-2024"
    assert agency.startswith("530111008-")
    assert agency.isascii()


def test_report_without_organ_or_year_gets_its_id_from_the_url() -> None:
    agency = agency_id(ISSUER)

    assert report_id(None, 2024, "https://x/").startswith("url-")
    assert report_id(agency, None, "https://x/") != report_id(agency, None, "https://y/")


@pytest.mark.parametrize(
    ("kind", "division", "township", "expected"),
    [
        ("subdistrict_office", "530111", "530111008", "town"),
        ("town_government", "530111", None, "town"),
        ("department", "532301", None, "county"),
        ("government_office", "530800", None, "city"),
        ("government", "530000", None, "province"),
        ("central_body", None, None, "central"),
        ("department", None, None, None),
    ],
)
def test_level(kind: str, division: str | None, township: str | None, expected: str | None) -> None:
    assert level(kind, division, township) == expected
