"""The real divisions of China as of a year, to draw issuers from."""

import csv
import functools
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_CONFIG = Path(__file__).parents[2] / "config"
_MUNICIPALITIES = ("11", "12", "31", "50")


@dataclass(frozen=True)
class Division:
    """One row of the divisions, with the years in which code and name held together."""

    code: str
    name: str
    start: int
    end: int

    def at(self, year: int) -> bool:
        """Return whether it stood, under this name, throughout ``year`` and the next."""
        return self.start < year and year + 1 < self.end


@functools.cache
def _divisions() -> dict[str, list[Division]]:
    out: dict[str, list[Division]] = {}
    for name in ("divisions.csv", "divisions_history.csv"):
        with (_CONFIG / name).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                start, end = int(row["start"] or 0), int(row["end"] or 9998)
                division = Division(row["code"], row["name"], start, end + 1)
                out.setdefault(row["code"], []).append(division)
    return out


def named(code: str, year: int) -> Division | None:
    for division in _divisions().get(code, ()):
        if division.start <= year < division.end:
            return division
    return None


@functools.cache
def of_length(digits: int) -> tuple[str, ...]:
    return tuple(sorted(code for code in _divisions() if len(code) == digits))


def _is_statistical(code: str) -> bool:
    """Whether only statistics know a code: zones (70–79), and the areas of 大兴安岭 (232761–4)."""
    return 70 <= int(code[4:6]) <= 79 or 232761 <= int(code[:6]) <= 232764


@functools.cache
def counties() -> tuple[Division, ...]:
    """Return all counties that are divisions proper (no statistical zones), of all years."""
    return tuple(
        division
        for code in of_length(6)
        if not code.endswith("00") and not _is_statistical(code)
        for division in _divisions()[code]
        if division.name[-1] in "区县市旗" and "开发" not in division.name
    )


@functools.cache
def shared_names() -> frozenset[str]:
    seen = Counter(name for name in {(d.code, d.name) for d in counties()})
    names = Counter(name for _, name in seen)
    return frozenset(name for name, times in names.items() if times > 1)


def parents(code: str, year: int) -> tuple[str, str]:
    """Return the names of province and prefecture above a county; "" where there is none."""
    province = named(code[:2] + "0000", year)
    prefecture = named(code[:4] + "00", year)
    if code[:2] in _MUNICIPALITIES or code[2:4] == "90":
        return province.name if province else "", ""
    return province.name if province else "", prefecture.name if prefecture else ""


def pick_county(rng: random.Random, year: int, *, former: bool) -> tuple[Division, str, str]:
    """Return a county of the year with its parents; ``former``: one that has since gone."""
    pool = counties()
    while True:
        county = rng.choice(pool)
        if county.at(year) and former == (county.end < 9000):
            province, prefecture = parents(county.code, year)
            if province and (prefecture or county.code[2:4] == "90" or province[-1] == "市"):
                return county, province, prefecture


def pick_town(rng: random.Random, year: int) -> tuple[Division, Division, str, str]:
    while True:
        code = rng.choice(of_length(9))
        town = _divisions()[code][0]
        county = named(code[:6], year)
        proper = town.name.endswith(("街道", "镇", "乡")) and not _is_statistical(code)
        if proper and county and not code[:6].endswith("00") and county.at(year):
            province, prefecture = parents(code[:6], year)
            if county.name == prefecture:
                continue  # A prefecture without counties; statistics invent one.
            if (prefecture or province[-1:] == "市") and county.name[-1] in "区县市旗":
                return town, county, province, prefecture
