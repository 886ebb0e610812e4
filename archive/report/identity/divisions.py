"""Place names to division codes, by the longest match from the left.

``昆明市官渡区人民政府六甲街道办事处`` is 昆明市 (530100), then 官渡区 (530111), then 六甲街道
(530111008). Names repeat (鼓楼区 four times, 城关镇 88 times): one that fits several divisions is
resolved only by the divisions before it or by a known surrounding division, never by choosing.
A name means what it meant in the report's year: 巢湖市 is 341400 until 2010 and 340181 since, 蓟县
(120225) is not yet 蓟州区 (120119). Data: ``config/divisions.csv`` and
``config/divisions_history.csv`` (explained in ``config/divisions.md``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.report.chars import simplified
from archive.report.identity.gazetteer import (
    NOW,
    division_name,
    division_path,
    forms_of,
    gazetteer,
    host_of,
    in_force,
    is_statistical,
    real_county,
    short_names,
    successors,
    times,
    within,
)

_LONGEST = 24
# 经济开发区, 良种场: names of zones and farms that say nothing of where they are.
_COMMON = re.compile(
    r"(?:国家级?|省级|国营|县|经济|技术|高新|产业|工业|农业|生态|科技|物流|文化|旅游|示范|综合|集中|园|区|新|城|开发|管理|委员会|管委会"
    r"|办公室|农|林|牧|渔|茶|种猪|种畜|良种|原种|园艺|畜牧|苗圃|场|第[一二三四五]|社区|街道|办事处|建设|直属|中心|镇)+"
)
# 长沙高新技术产业开发区 leaves out what 长沙 is.
_ZONE = re.compile(
    r"(?:国家级?|综合|现代)?(?:高新|经济|工业|保税|技术|产业).{0,12}区|[^省市县区州]{1,6}新区"
)
# 城区, 郊区, 东区: what any city calls a part of itself.
_GENERIC = re.compile(r".区$|[东南西北新老中]城区$|市[中南北]区$")
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
    bare: bool = False
    """The only one of its name today, but a kind of name that repeats (a township's, 城区) with no
    place before it: true only where something else says so."""

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
    table: Mapping[str, str], name: str, outer: tuple[str, ...], year: int | None
) -> tuple[str, ...]:
    found = table.get(name)
    if found is None:
        return ()
    codes = tuple(found.split())
    if outer:
        codes = tuple(c for c in codes if any(_belongs(c, o, year) for o in outer))
    # Areas that statistics list among the townships (开发区, a farm's 新城区) have names that many
    # have: they count only inside their county, and a real township or county goes before.
    counties = tuple(o for o in outer if is_lowest(o))
    own = tuple(
        c
        for c in codes
        if not is_statistical(c)
        or any(within(c, o) for o in counties)
        or (_says_where(c, name) if not outer else _COMMON.fullmatch(name) is None)
    )
    codes = tuple(c for c in own if len(c) == 6) or own
    return _in_time(codes, name, NOW if year is None else year)


def _says_where(code: str, name: str) -> bool:
    """Whether the name of a zone begins with the place it lies in (十堰工业新区)."""
    outer = (division_name(c) or "" for c in (code[:6], code[:4] + "00", code[:2] + "0000"))
    return any(short and name.startswith(short_names(short)[-1]) for short in outer)


def is_lowest(code: str) -> bool:
    """Whether nothing but townships lies in ``code``: a county, or a city without districts."""
    return len(code) == 6 and (not code.endswith("00") or code[:4] not in gazetteer().counties)


def _in_time(codes: tuple[str, ...], name: str, year: int) -> tuple[str, ...]:
    """Return the codes that had the name in ``year``, else in the year of publication (the next
    one), else at the time nearest to it."""
    away: dict[str, int] = {}
    for code in codes:
        level = "township" if len(code) > 6 else ""
        known = times(code)
        # A name without its kind (昆明) is no form of the name: then all its times count.
        named = [time for time in known if name in forms_of(time.name, level)] or known
        away[code] = min(min(2 * t.away(year), 2 * t.away(year + 1) + 1) for t in named)
    nearest = min(away.values(), default=0)
    return tuple(code for code, years in away.items() if years == nearest)


def _step(
    name: str, start: int, outer: tuple[str, ...], year: int | None
) -> tuple[tuple[str, ...], int]:
    """Return the divisions that the longest name at ``start`` may mean, and where it ends."""
    known = gazetteer()
    for end in range(min(len(name), start + _LONGEST), start + 1, -1):
        if name[end - 1 : end + 1] == "乡村":
            # 古县乡村振兴局 is of 古县, though there is a 古县乡.
            continue
        if codes := _fitting(known.by_name, name[start:end], outer, year):
            return codes, end
    for end in range(min(len(name), start + 5), start + 1, -1):
        if codes := _fitting(known.weak, name[start:end], outer, year):
            deeper, _ = _step(name, end, codes, year)
            if deeper or _ZONE.match(name, end):
                return codes, end
    return _host(name, start, outer, year)


def _host(
    name: str, start: int, outer: tuple[str, ...], year: int | None
) -> tuple[tuple[str, ...], int]:
    """Return the county of the city ``outer`` whose name, without its kind, begins the name of a
    zone (盐城市大丰经济开发区: 大丰区), and where it ends."""
    when = NOW if year is None else year
    for city in outer if len(outer) == 1 and outer[0].endswith("00") else ():
        for code in gazetteer().counties.get(city[:4], ()):
            for time in times(code):
                short = short_names(time.name)[-1]
                zone = name.startswith(short, start) and _ZONE.match(name, start + len(short))
                if zone and not time.away(when):
                    return (code,), start + len(short)
    return (), start


@lru_cache(maxsize=4096)
def resolve(name: str, context: str | None = None, year: int | None = None) -> Place:
    """Return the place that ``name`` begins with.

    ``context`` is the code of a division known to surround it (the portal's): it decides between
    places of one name and is never a result by itself. ``year`` is the report's: names are taken
    as of it (None: as of now).
    """
    name = simplified(name)
    codes: tuple[str, ...] = ()
    chain: list[tuple[str, ...]] = []
    corps = _CORPS.match(name)
    position = end = corps.end() if corps else 0
    while True:
        codes, stop = _step(name, position, chain[-1] if chain else (), year)
        if not codes:
            break
        chain.append(codes)
        position = end = stop
        if match := _AUTHORITY.match(name, position):
            position = match.end()
    if not chain:
        return NOWHERE
    codes = chain[-1]
    if len(codes) > 1 and context:
        codes = tuple(c for c in codes if within(c, context)) or codes
    if len(codes) > 1:
        return Place(None, None, (), end, ambiguous=codes)
    code = _branch(name, codes[0], year)
    own = len(code) == 9 and not is_statistical(code)
    bare = len(chain) == 1 and (own or bool(_GENERIC.match(name[:end])))
    if len(code) == 6:
        code = host_of(in_force(code, year))
        return Place(code, None, division_path(code, year), end, bare=bare)
    # The county of the report's year, where the name says it; else the township's of now.
    around = chain[-2] if len(chain) > 1 else ()
    named = [c for c in around if not c.endswith("00") and _belongs(code, c, year)]
    county = real_county(named[0] if len(named) == 1 else code[:6])
    town = division_name(code, year) or name[:end]
    return Place(county, code, (*division_path(county, year), town), end, bare=bare)


def _branch(name: str, outer: str, year: int | None) -> str:
    """Return the county that the branch office ``name`` works for, where it is one of a city's or
    prefecture's bureau and exactly one county fits; else ``outer``."""
    match = _BRANCH.search(name) if len(outer) == 6 and outer.endswith("00") else None
    if match is None:
        return outer
    when = NOW if year is None else year
    inside = (
        code
        for prefecture, codes in gazetteer().counties.items()
        if within(prefecture + "00", outer)
        for code in codes
    )
    fits = [
        code
        for code in inside
        if any(not t.away(when) and match["place"] in short_names(t.name) for t in times(code))
    ]
    return fits[0] if len(fits) == 1 else outer
