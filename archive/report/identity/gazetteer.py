"""The divisions of China and their names through time (行政区划).

Data: ``config/divisions.csv`` and ``config/divisions_history.csv`` (explained in
``config/divisions.md``). Codes have six digits (GB/T 2260) down to the county, nine for townships.
Of the 45,000 rows a run asks for a few: a row becomes a ``Time`` only when its code is asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.config import config_path
from archive.report.chars import simplified

# No end; a year after every change.
_OPEN, NOW = 9999, 9998
_COLUMNS = "code,name,level,start,end,successors"
# 楚雄彝族自治州 is called 楚雄州; the peoples' names stand between the place and the kind.
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族"
    "|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族"
    "|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族"
    "|独龙族|鄂伦春|门巴族|珞巴族|基诺族|蒙古|各族"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:{_PEOPLES})+(?:自治)?(州|县|旗|区|乡|镇)$")
# A character that every name of the pattern above has.
_HAS_PEOPLE = re.compile("[族吾尔克蒙锡鄂]")
_PROVINCE_TAIL = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
_TOWNSHIP_TAIL = re.compile(r"(?:地区)?(?:街道)?办事处$")
_COUNTY_TAIL = re.compile(r"(?:新区|自治县|自治旗|区|县|市|旗)$")
# Zones that only statistics count among the counties; GB/T 2260 gives no such numbers.
_ZONE = re.compile(r"\d{4}(?:6[1-9]|7\d)")


@dataclass(frozen=True, slots=True)
class Time:
    """The years, both included, in which a code had a name, and what took over."""

    name: str
    start: int
    end: int
    successors: tuple[str, ...]

    def away(self, year: int) -> int:
        """Return how many years lie between ``year`` and this time; 0: it was in force."""
        return max(self.start - year, year - self.end, 0)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions, by code and by name.

    The values of the large tables are texts, not lists: they load in half the time.
    """

    rows: Mapping[str, str]
    """Code -> its rows of the tables, a line each; counties and up with six digits, townships with
    nine."""
    by_name: Mapping[str, str]
    """Name, in simplified characters, -> the codes that have or had it, each before a blank."""
    weak: Mapping[str, str]
    """Names without their kind (云南, 昆明): a place only where another place follows."""
    counties: Mapping[str, list[str]]
    """Four digits of a prefecture -> the codes of its counties."""


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the divisions of the configuration in use."""
    rows: dict[str, str] = {}
    by_name: dict[str, str] = defaultdict(str)
    weak: dict[str, str] = defaultdict(str)
    counties: dict[str, list[str]] = defaultdict(list)
    for line in _lines():
        code, name, level, _ = line.split(",", 3)
        known = rows.get(code)
        rows[code] = line if known is None else f"{known}\n{line}"
        if _is_no_place(code, name, rows):
            continue
        for form in forms_of(name, level):
            if known is None or code not in by_name[form]:
                by_name[form] += code + " "
        if level == "township":
            continue
        if level == "province":
            weak[_PROVINCE_TAIL.sub("", name)] += code + " "
        elif level == "prefecture" and name.endswith("市"):
            weak[name[:-1]] += code + " "
        elif level == "county" and known is None:
            counties[code[:4]].append(code)
    return Gazetteer(rows, by_name, weak, counties)


def _lines() -> Iterator[str]:
    """Yield the rows of both tables, which hold neither quotes nor blanks."""
    for table in ("divisions.csv", "divisions_history.csv"):
        columns, *lines = config_path(table).read_text(encoding="utf-8").split()
        if columns != _COLUMNS:
            raise ValueError(f"{table}: columns {columns}, expected {_COLUMNS}")
        yield from lines


@lru_cache(maxsize=4096)
def times(code: str) -> tuple[Time, ...]:
    """Return the names of ``code`` through time; empty: it is not in the tables."""
    return tuple(
        Time(name, int(start or 0), int(end or _OPEN), tuple(filter(None, heirs.split(";"))))
        for line in gazetteer().rows.get(code, "").split()
        for _, name, _, start, end, heirs in [line.split(",")]
    )


def _at(code: str, year: int | None) -> Time | None:
    """Return the time of ``code`` nearest to ``year`` (None: now); None: not in the tables."""
    when = NOW if year is None else year
    return min(times(code), key=lambda time: time.away(when), default=None)


def _is_no_place(code: str, name: str, rows: Mapping[str, str]) -> bool:
    """Whether a row of the statistics is no place of its own: an office of its county
    (阿荣旗林业和草原局), villages without a township, a county or a city without districts that is
    listed once more below itself (嘉峪关市)."""
    if len(code) == 6:
        outer = rows.get(code[:4] + "00")
        return outer is not None and code[4:] != "00" and _name(outer) == name
    county = _name(rows[code[:6]])
    if not is_statistical(code):
        return name == county or name.endswith("直辖村级区划")
    return name.endswith("局") and name.startswith(county)


def _name(row: str) -> str:
    return row.split(",", 2)[1]


def is_statistical(code: str) -> bool:
    """Whether ``code`` is that of an area which only statistics count among the townships (类似乡级
    单位: zones, farms, prisons), numbered from 400 on."""
    return len(code) == 9 and code[6] >= "4"


def host_of(code: str) -> str:
    """Return the division of GB/T 2260 that ``code`` (six digits) is or lies in: zones that only
    statistics know lie in their prefecture."""
    return code[:4] + "00" if _ZONE.fullmatch(code) else real_county(code)


def real_county(code: str) -> str:
    """Return ``code``, or the city where it only repeats that one (嘉峪关市 in 嘉峪关市)."""
    rows, outer = gazetteer().rows, code[:4] + "00"
    doubled = outer in rows and code in rows and _name(rows[code]) == _name(rows[outer])
    return outer if doubled else code


def forms_of(name: str, level: str) -> list[str]:
    """Return the name and the shorter forms in use that still say what kind of place it is, in
    simplified characters."""
    name = simplified(name)
    if level == "township" and name.endswith("办事处"):
        # 新华街道办事处 as a place is 新华街道; 办事处 is its office.
        bare = _TOWNSHIP_TAIL.sub("", name)
        return [bare + "街道"] if len(bare) >= 2 else [name]
    if _HAS_PEOPLE.search(name) and (match := _AUTONOMOUS.match(name)):
        return [name, match[1] + match[2]]
    return [name]


def division_name(code: str, year: int | None = None) -> str | None:
    """Return the name of ``code`` (six or nine digits) in ``year`` (None: now).

    None: the code is not in the tables. Outside its time it has the name nearest to the year.
    """
    time = _at(code, year)
    return time.name if time else None


def division_path(code: str, year: int | None = None) -> tuple[str, ...]:
    """Return the names from the province down to ``code``; divisions not in the table are left out.

    >>> division_path("530111008")
    ('云南省', '昆明市', '官渡区', '六甲街道')
    """
    codes = [code[:2] + "0000", code[:4] + "00", code[:6], code]
    names = (division_name(c, year) for c in dict.fromkeys(codes))
    return tuple(name for name in names if name)


def successors(code: str, year: int | None = None) -> tuple[str, ...]:
    """Return the codes that took over from ``code`` after ``year``, the main one first."""
    time = _at(code, year)
    return time.successors if time else ()


def in_force(code: str, year: int | None) -> str:
    """Return ``code``, or the one code that took over from it where it had ended before ``year``;
    ``code`` itself where several did.

    An organ that still writes 蓟县 in 2020 is that of 蓟州区.
    """
    when = NOW if year is None else year
    seen = {code}
    while (time := _at(code, when)) and time.end < when:
        if len(time.successors) != 1 or time.successors[0] in seen:
            break
        code = time.successors[0]
        seen.add(code)
    return code


def within(code: str, outer: str) -> bool:
    """Whether the division ``code`` lies in ``outer`` or is it."""
    if len(outer) == 6:
        outer = outer.removesuffix("00").removesuffix("00")
    return code.startswith(outer)


def short_names(county: str) -> tuple[str, ...]:
    """Return the names of a county with and without what kind of place it is."""
    people = _AUTONOMOUS.match(county)
    bare = people[1] if people else _COUNTY_TAIL.sub("", county)
    return (county, bare) if len(bare) > 1 else (county,)
