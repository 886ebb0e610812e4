"""The divisions of China and their names through time (行政区划).

Data: ``config/divisions.csv`` and ``config/divisions_history.csv`` (explained in
``config/divisions.md``). Codes have six digits (GB/T 2260) down to the county, nine for townships.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.config import config_path

# No end; a year after every change.
_OPEN, NOW = 9999, 9998
# 楚雄彝族自治州 is called 楚雄州; the peoples' names stand between the place and the kind.
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族"
    "|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族"
    "|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族"
    "|独龙族|鄂伦春|门巴族|珞巴族|基诺族|蒙古|各族"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:{_PEOPLES})+(?:自治)?(州|县|旗|区|乡|镇)$")
_PROVINCE_TAIL = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
_TOWNSHIP_TAIL = re.compile(r"(?:地区)?(?:街道)?办事处$")
_COUNTY_TAIL = re.compile(r"(?:新区|自治县|自治旗|区|县|市|旗)$")


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
    """All divisions, by code and by name."""

    times: Mapping[str, tuple[Time, ...]]
    """Code -> its names through time; counties and up with six digits, townships with nine."""
    by_name: Mapping[str, tuple[str, ...]]
    weak: Mapping[str, tuple[str, ...]]
    """Names without their kind (云南, 昆明): a place only where another place follows."""


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the divisions of the configuration in use."""
    times: dict[str, list[Time]] = defaultdict(list)
    by_name: dict[str, list[str]] = defaultdict(list)
    weak: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in _rows():
        code, name, level = row["code"], row["name"], row["level"]
        names[code] = name
        heirs = tuple(filter(None, row["successors"].split(";")))
        times[code].append(Time(name, int(row["start"] or 0), int(row["end"] or _OPEN), heirs))
        if _is_office(code, name, names):
            continue
        for form in forms_of(name, level):
            by_name[form].append(code)
        if level == "province":
            weak[_PROVINCE_TAIL.sub("", name)].append(code)
        elif level == "prefecture" and name.endswith("市"):
            weak[name[:-1]].append(code)
    return Gazetteer(
        {code: tuple(found) for code, found in times.items()},
        {name: tuple(dict.fromkeys(codes)) for name, codes in by_name.items()},
        {name: tuple(dict.fromkeys(codes)) for name, codes in weak.items()},
    )


def _rows() -> Iterator[dict[str, str]]:
    for table in ("divisions.csv", "divisions_history.csv"):
        with config_path(table).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _at(code: str, year: int | None) -> Time | None:
    """Return the time of ``code`` nearest to ``year`` (None: now); None: not in the tables."""
    times = gazetteer().times.get(code, ())
    return min(times, key=lambda time: time.away(NOW if year is None else year), default=None)


def _is_office(code: str, name: str, names: Mapping[str, str]) -> bool:
    """Whether a row of the statistics is no place but an office of its county (阿荣旗林业和草原局);
    quasi-townships have codes from 400 on."""
    return (
        len(code) == 9
        and code[6] >= "4"
        and name.startswith(names[code[:6]])
        and (name.endswith("局"))
    )


def forms_of(name: str, level: str) -> Iterable[str]:
    """Return the name and the shorter forms in use that still say what kind of place it is."""
    forms = [name]
    if match := _AUTONOMOUS.match(name):
        forms.append(match[1] + match[2])
    if level == "township" and name.endswith("办事处"):
        bare = _TOWNSHIP_TAIL.sub("", name)
        if len(bare) >= 2:
            forms.append(bare + "街道")
    return dict.fromkeys(forms)


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


def _significant(code: str) -> str:
    """Return the digits of ``code`` that all divisions within it begin with."""
    if len(code) > 6:
        return code
    return code.removesuffix("00").removesuffix("00")


def within(code: str, outer: str) -> bool:
    """Whether the division ``code`` lies in ``outer`` or is it."""
    return code.startswith(_significant(outer))


def short_names(county: str) -> tuple[str, ...]:
    """Return the names of a county with and without what kind of place it is."""
    people = _AUTONOMOUS.match(county)
    bare = people[1] if people else _COUNTY_TAIL.sub("", county)
    return (county, bare) if len(bare) > 1 else (county,)
