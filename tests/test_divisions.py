"""config/divisions.csv and config/divisions_history.csv: China's divisions as of each year."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from archive.config import config_path

YEARS = range(2007, 2027)
LEVELS = {6: {"province", "prefecture", "county"}, 9: {"township"}}
# What the codes for statistics have at the county level and GB/T 2260 does not: zones (…61 to …79,
# where GB/T 2260 gives no numbers), and these.
ZONE = re.compile(r"\d{4}(?:6[1-9]|7\d)")
STATISTICS_ONLY = {"460321", "460322", "460323", "620201", "632857"}
# 县级区划数 of 民政部's yearly statistics (民政事业发展统计公报), end of the year.
COUNTIES = {
    2008: 2859,
    2010: 2856,
    2012: 2852,
    2014: 2854,
    2016: 2851,
    2018: 2851,
    2019: 2846,
    2020: 2844,
    2021: 2843,
    2023: 2844,
}

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    with config_path(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def rows() -> tuple[Row, ...]:
    return (*table("divisions.csv"), *table("divisions_history.csv"))


@cache
def by_code() -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows():
        found[row["code"]].append(row)
    return found


def span(row: Row) -> tuple[int, int]:
    """The first and the last year of a row; an open side reaches beyond all years."""
    return int(row["start"] or 0), int(row["end"] or 9999)


def in_force(row: Row, year: int) -> bool:
    first, last = span(row)
    return first <= year <= last


def as_of(code: str, year: int) -> str | None:
    return next((row["name"] for row in by_code()[code] if in_force(row, year)), None)


@pytest.mark.parametrize(
    ("year", "code", "name", "successors"),
    [
        (2007, "530800", "思茅市", "530800"),
        (2007, "530821", "普洱哈尼族彝族自治县", "530821"),
        (2009, "310119", "南汇区", "310115"),
        (2009, "120107", "塘沽区", "120116"),
        (2010, "110103", "崇文区", "110101"),
        (2010, "420600", "襄樊市", "420600"),
        (2010, "533103", "潞西市", "533103"),
        (2011, "310103", "卢湾区", "310101"),
        (2011, "341400", "巢湖市", "340100;340200;340500"),
        (2011, "500110", "万盛区", "500110"),
        (2011, "522400", "毕节地区", "520500"),
        (2013, "330621", "绍兴县", "330603;330602"),
        (2013, "632100", "海东地区", "630200"),
        (2014, "210112", "东陵区", "210112"),
        (2014, "371324", "苍山县", "371324"),
        (2015, "310108", "闸北区", "310106"),
        (2015, "652101", "吐鲁番市", "650402"),
        (2016, "120225", "蓟县", "120119"),
        (2016, "310230", "崇明县", "310151"),
        (2016, "320802", "清河区", "320812"),
        (2016, "320811", "清浦区", "320812"),
        (2016, "320829", "洪泽县", "320813"),
        (2016, "330283", "奉化市", "330213"),
        (2017, "370282", "即墨市", "370215"),
        (2018, "371200", "莱芜市", "370100"),
        (2018, "522322", "兴仁县", "522302"),
        (2019, "230711", "乌马河区", "230717;230718"),
        (2020, "220381", "公主岭市", "220184"),
        (2021, "330104", "江干区", "330102;330114"),
        (2021, "350402", "梅列区", "350404"),
        (2021, "350403", "三元区", "350404"),
        (2023, "540530", "错那县", "540581"),
        (2025, "500112", "渝北区", "500157;500109"),
    ],
)
def test_a_change_ends_the_old_name(year: int, code: str, name: str, successors: str) -> None:
    ended = [row for row in by_code()[code] if row["name"] == name and row["end"]]
    assert [(row["end"], row["successors"]) for row in ended] == [(str(year - 1), successors)]
    assert as_of(code, year - 1) == name
    assert as_of(code, year) != name
    assert all(as_of(heir, year) for heir in successors.split(";"))


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("530800", 2006, "思茅市"),
        ("530800", 2007, "普洱市"),
        ("120119", 2015, None),
        ("120119", 2016, "蓟州区"),
        ("350404", 2020, None),
        ("350404", 2021, "三元区"),
        ("220602", 2009, "八道江区"),
        ("220602", 2010, "浑江区"),
        ("530381", 2008, "宣威市"),
        ("630200", 2012, None),
        ("630200", 2013, "海东市"),
        ("630221", 2013, "平安县"),
        ("630221", 2015, None),
        ("460300", 2012, "三沙市"),
        ("610403", 2007, "杨陵区"),
        ("653228", 2023, None),
        ("653228", 2024, "和康县"),
        ("653229", 2024, "和安县"),
        ("653132", 2026, "岑岭县"),
        ("500112", 2024, "渝北区"),
        ("500157", 2025, "两江新区"),
        ("500109008", 2024, "水土街道"),
        ("530111008", 2024, "六甲街道"),
    ],
)
def test_a_code_has_the_name_of_its_year(code: str, year: int, name: str | None) -> None:
    assert as_of(code, year) == name


def test_codes_are_unique_for_readers_of_the_main_table() -> None:
    counted = Counter(row["code"] for row in table("divisions.csv"))
    assert [code for code, times in counted.items() if times > 1] == []


def test_both_tables_have_the_same_columns() -> None:
    columns = ["code", "name", "level", "start", "end", "successors"]
    assert [list(table(name)[0]) for name in ("divisions.csv", "divisions_history.csv")] == [
        columns,
        columns,
    ]


def test_codes_names_and_years_are_well_formed() -> None:
    wrong = [
        row
        for row in rows()
        if not re.fullmatch(r"[1-6]\d{5}(?:\d{3})?", row["code"])
        or row["level"] not in LEVELS[len(row["code"])]
        or row["name"] != row["name"].strip()
        or not row["name"]
        or span(row)[0] > span(row)[1]
        or any(row[side] and int(row[side]) not in range(2006, 2027) for side in ("start", "end"))
    ]
    assert wrong == []


def test_the_times_of_a_code_do_not_overlap() -> None:
    for times in by_code().values():
        spans = sorted(span(row) for row in times)
        assert all(end < start for (_, end), (start, _) in pairwise(spans)), times


def test_no_name_stands_twice_in_a_place_and_year() -> None:
    counties = [row for row in rows() if row["level"] in ("prefecture", "county")]
    for year in YEARS:
        counted = Counter(
            (row["code"][:4], row["level"], row["name"]) for row in counties if in_force(row, year)
        )
        assert [key for key, times in counted.items() if times > 1] == []


def test_what_ended_has_successors_in_force_the_year_after() -> None:
    ended = [row for row in rows() if row["end"] and row["level"] != "township"]
    assert len(ended) > 380
    for row in ended:
        assert row["successors"], row
        for heir in row["successors"].split(";"):
            assert as_of(heir, int(row["end"]) + 1), row


def test_successors_of_townships_are_in_the_table() -> None:
    for row in rows():
        if row["level"] == "township":
            assert bool(row["successors"]) <= bool(row["end"])
            assert all(heir in by_code() for heir in row["successors"].split(";") if heir)


def test_what_goes_on_is_not_followed() -> None:
    assert [row for row in rows() if row["successors"] and not row["end"]] == []


def parents(code: str) -> Iterator[str]:
    """The codes of the divisions around one that may be in the tables, nearest first."""
    for parent in (code[:6], f"{code[:4]}00", f"{code[:2]}0000"):
        if parent != code and parent in by_code():
            yield parent


def of_statistics(row: Row) -> bool:
    return row["code"] in STATISTICS_ONLY or ZONE.fullmatch(row["code"]) is not None


def years_known(row: Row) -> Iterator[int]:
    """Townships and zones are those of 2023: an open side is then unknown, not unlimited."""
    dated = row["level"] != "township" and not of_statistics(row)
    return (y for y in (YEARS if dated else (2023, int(row["start"] or 2023))) if in_force(row, y))


def test_parents_exist_in_the_same_years() -> None:
    for row in rows():
        if row["level"] != "province":
            parent = next(parents(row["code"]), None)
            assert parent, row
            missing = [year for year in years_known(row) if not as_of(parent, year)]
            assert missing == [], (row, parent)


@pytest.mark.parametrize("year", YEARS)
def test_there_are_as_many_divisions_as_the_ministry_counts(year: int) -> None:
    counted = Counter(
        row["level"] for row in rows() if in_force(row, year) and not of_statistics(row)
    )
    assert counted["province"] == 31
    assert counted["prefecture"] in range(332, 335)
    assert counted["county"] in range(2843, 2860)
    assert counted["county"] == COUNTIES.get(year, counted["county"])


def test_a_name_is_one_place_in_one_year_and_another_in_the_next() -> None:
    held = {
        year: {row["code"] for row in rows() if row["name"] == "巢湖市" and in_force(row, year)}
        for year in (2010, 2011)
    }
    assert held == {2010: {"341400"}, 2011: {"340181"}}
