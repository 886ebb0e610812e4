"""Place names to division codes, by the longest match from the left.

``昆明市官渡区人民政府六甲街道办事处`` is 昆明市 (530100), then 官渡区 (530111), then 六甲街道
(530111008). Names repeat (鼓楼区 four times, 城关镇 88 times): one that fits several divisions is
resolved only by the divisions before it or by a known surrounding division, never by choosing.
A name means what it meant in the report's year: 巢湖市 is 341400 until 2010 and 340181 since, 蓟县
(120225) is not yet 蓟州区 (120119). Data: ``config/divisions.csv`` and
``config/divisions_history.csv`` (explained in ``config/divisions.md``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.report.gazetteer import (
    NOW,
    division_name,
    division_path,
    forms_of,
    gazetteer,
    short_names,
    successors,
    within,
)

_LONGEST = 24
# 长沙高新技术产业开发区 leaves out what 长沙 is.
_ZONE = re.compile(
    r"(?:国家级?|综合|现代)?(?:高新|经济|工业|保税|技术|产业).{0,12}区|[^省市县区州]{1,6}新区"
)
_AUTHORITY = re.compile(r"人民政府|政府")
# 新疆生产建设兵团第一师阿拉尔市: the corps and its divisions are no places of GB/T 2260.
_CORPS = re.compile(
    r"(?:新疆生产建设)?兵团(?:第[一二三四五六七八九十]+师)?|第[一二三四五六七八九十]+师"
)
# 昆明市生态环境局官渡分局 works for 官渡区, and its name leaves out what 官渡 is.
_BRANCH = re.compile(r"[局署](?P<place>[^局]{2,12}?)分局(?:\(.*\))?$")


@dataclass(frozen=True, slots=True)
class Place:
    """A division found at the start of a name."""

    code: str | None
    """Six digits; None: no division, or several fit."""
    township_code: str | None
    path: tuple[str, ...]
    """Names from the province down to the township."""
    end: int
    """Where in the name the place stops."""
    ambiguous: tuple[str, ...] = ()
    """The codes that fit equally well, where that is more than one."""

    @property
    def found(self) -> bool:
        """Whether exactly one division fits."""
        return self.code is not None


NOWHERE = Place(None, None, (), 0)


def _belongs(code: str, outer: str, year: int | None) -> bool:
    """Whether ``code`` lies in ``outer``, or, for a township, in what ``outer`` became.

    Townships are known as of 2023: those of 蓟县 stand under 蓟州区.
    """
    heirs = successors(outer, year) if len(code) > 6 else ()
    return any(code != o and within(code, o) for o in (outer, *heirs))


def _fitting(
    table: Mapping[str, tuple[str, ...]], name: str, outer: tuple[str, ...], year: int | None
) -> list[str]:
    codes = table.get(name, ())
    codes = tuple(c for c in codes if not outer or any(_belongs(c, o, year) for o in outer))
    # Statistics list areas such as a farm's 新城区 among the townships: a real 新城区 goes before.
    codes = tuple(c for c in codes if len(c) == 6) or codes
    return _in_time(codes, name, NOW if year is None else year)


def _in_time(codes: Iterable[str], name: str, year: int) -> list[str]:
    """Return the codes that had the name in ``year``, else in the year of publication (the next
    one), else at the time nearest to it."""
    away: dict[str, int] = {}
    for code in codes:
        level = "township" if len(code) > 6 else ""
        times = gazetteer().times[code]
        # A name without its kind (昆明) is no form of the name: then all its times count.
        named = [time for time in times if name in forms_of(time.name, level)] or times
        away[code] = min(min(2 * t.away(year), 2 * t.away(year + 1) + 1) for t in named)
    nearest = min(away.values(), default=0)
    return [code for code, years in away.items() if years == nearest]


def _step(
    name: str, start: int, outer: tuple[str, ...], year: int | None
) -> tuple[tuple[str, ...], int]:
    """Return the divisions that the longest name at ``start`` may mean, and where it ends."""
    known = gazetteer()
    for end in range(min(len(name), start + _LONGEST), start + 1, -1):
        if codes := _fitting(known.by_name, name[start:end], outer, year):
            return tuple(codes), end
    for end in range(min(len(name), start + 5), start + 1, -1):
        if codes := _fitting(known.weak, name[start:end], outer, year):
            deeper, _ = _step(name, end, tuple(codes), year)
            if deeper or _ZONE.match(name, end):
                return tuple(codes), end
    return (), start


def resolve(name: str, context: str | None = None, year: int | None = None) -> Place:
    """Return the place that ``name`` begins with.

    ``context`` is the code of a division known to surround it (the portal's): it decides between
    places of one name and is never a result by itself. ``year`` is the report's: names are taken
    as of it (None: as of now).
    """
    codes: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    corps = _CORPS.match(name)
    position = end = corps.end() if corps else 0
    while True:
        found, stop = _step(name, position, codes, year)
        if not found:
            break
        around, codes, position, end = codes, found, stop, stop
        if match := _AUTHORITY.match(name, position):
            position = match.end()
    if not codes:
        return NOWHERE
    if len(codes) > 1 and context:
        codes = tuple(c for c in codes if within(c, context)) or codes
    if len(codes) > 1:
        return Place(None, None, (), end, ambiguous=codes)
    code = _branch(name, codes[0], year)
    if len(code) == 9:
        # The county of the report's year, where the name says it; else the township's of now.
        named = [c for c in around if not c.endswith("00") and _belongs(code, c, year)]
        county = named[0] if len(named) == 1 else code[:6]
        town = division_name(code, year) or name[:end]
        return Place(county, code, (*division_path(county, year), town), end)
    return Place(code, None, division_path(code, year), end)


def _branch(name: str, outer: str, year: int | None) -> str:
    """Return the county that the branch office ``name`` works for, where it is one of a city's or
    prefecture's bureau and exactly one county fits; else ``outer``."""
    match = _BRANCH.search(name) if len(outer) == 6 and outer.endswith("00") else None
    if match is None:
        return outer
    fits = [
        code
        for code, times in gazetteer().times.items()
        if len(code) == 6 and code != outer and within(code, outer) and not code.endswith("00")
        for time in times
        if not time.away(NOW if year is None else year) and match["place"] in short_names(time.name)
    ]
    return fits[0] if len(fits) == 1 else outer
