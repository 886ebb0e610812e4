"""Place names to division codes, by the longest match from the left.

``昆明市官渡区人民政府六甲街道办事处`` is 昆明市 (530100), then 官渡区 (530111), then 六甲街道
(530111008). Names repeat (鼓楼区 four times, 城关镇 88 times): one that fits several divisions is
resolved only by the divisions before it or by a known surrounding division, never by choosing.
Data: ``config/divisions.csv`` (国家统计局, 2023).
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.config import config_path

_LONGEST = 24
# 长沙高新技术产业开发区 leaves out what 长沙 is.
_ZONE = re.compile(r"(?:国家级?|综合|现代)?(?:高新|经济|工业|保税|技术|产业).{0,12}区")
_AUTHORITY = re.compile(r"人民政府|政府")
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


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    names: Mapping[str, str]
    """Code -> name; counties and up with six digits, townships with nine."""
    by_name: Mapping[str, tuple[str, ...]]
    weak: Mapping[str, tuple[str, ...]]
    """Names without their kind (云南, 昆明): a place only where another place follows."""


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    names: dict[str, str] = {}
    by_name: dict[str, list[str]] = defaultdict(list)
    weak: dict[str, list[str]] = defaultdict(list)
    with config_path("divisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name, level = row["code"], row["name"], row["level"]
            names[code] = name
            for form in _forms(name, level):
                by_name[form].append(code)
            if level == "province":
                weak[_PROVINCE_TAIL.sub("", name)].append(code)
            elif level == "prefecture" and name.endswith("市"):
                weak[name[:-1]].append(code)
    return _Gazetteer(
        names,
        {name: tuple(codes) for name, codes in by_name.items()},
        {name: tuple(codes) for name, codes in weak.items()},
    )


def _forms(name: str, level: str) -> Iterable[str]:
    """Return the name and the shorter forms in use that still say what kind of place it is."""
    forms = [name]
    if match := _AUTONOMOUS.match(name):
        forms.append(match[1] + match[2])
    if level == "township" and name.endswith("办事处"):
        bare = _TOWNSHIP_TAIL.sub("", name)
        if len(bare) >= 2:
            forms.append(bare + "街道")
    return dict.fromkeys(forms)


def division_name(code: str) -> str | None:
    """Return the name of the division ``code`` (six or nine digits); None: not in the table."""
    return _gazetteer().names.get(code)


def division_path(code: str) -> tuple[str, ...]:
    """Return the names from the province down to ``code``; divisions not in the table are left out.

    >>> division_path("530111008")
    ('云南省', '昆明市', '官渡区', '六甲街道')
    """
    codes = [code[:2] + "0000", code[:4] + "00", code[:6], code]
    names = _gazetteer().names
    return tuple(names[c] for c in dict.fromkeys(codes) if c in names)


def _significant(code: str) -> str:
    """Return the digits of ``code`` that all divisions within it begin with."""
    if len(code) > 6:
        return code
    return code.removesuffix("00").removesuffix("00")


def within(code: str, outer: str) -> bool:
    """Whether the division ``code`` lies in ``outer`` or is it."""
    return code.startswith(_significant(outer))


def _fitting(table: Mapping[str, tuple[str, ...]], name: str, outer: tuple[str, ...]) -> list[str]:
    codes = table.get(name, ())
    codes = tuple(c for c in codes if not outer or any(c != o and within(c, o) for o in outer))
    # Statistics list areas such as a farm's 新城区 among the townships: a real 新城区 goes before.
    return [c for c in codes if len(c) == 6] or list(codes)


def _step(name: str, start: int, outer: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Return the divisions that the longest name at ``start`` may mean, and where it ends."""
    gazetteer = _gazetteer()
    for end in range(min(len(name), start + _LONGEST), start + 1, -1):
        if codes := _fitting(gazetteer.by_name, name[start:end], outer):
            return tuple(codes), end
    for end in range(min(len(name), start + 5), start + 1, -1):
        if codes := _fitting(gazetteer.weak, name[start:end], outer):
            deeper, _ = _step(name, end, tuple(codes))
            if deeper or _ZONE.match(name, end):
                return tuple(codes), end
    return (), start


def resolve(name: str, context: str | None = None) -> Place:
    """Return the place that ``name`` begins with.

    ``context`` is the code of a division known to surround it (the portal's): it decides between
    places of one name and is never a result by itself.
    """
    codes: tuple[str, ...] = ()
    position = end = 0
    while True:
        found, stop = _step(name, position, codes)
        if not found:
            break
        codes, position, end = found, stop, stop
        if match := _AUTHORITY.match(name, position):
            position = match.end()
    if not codes:
        return NOWHERE
    if len(codes) > 1 and context:
        codes = tuple(c for c in codes if within(c, context)) or codes
    if len(codes) > 1:
        return Place(None, None, (), end, ambiguous=codes)
    code = codes[0]
    if len(code) == 9:
        return Place(code[:6], code, division_path(code), end)
    return Place(code, None, division_path(code), end)
