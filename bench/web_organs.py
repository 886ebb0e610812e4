"""Organs of real places, of all kinds, with the years that they have reports for."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archive.records import Issuer
from bench.testbed import places
from bench.testbed.issuers import BUREAUS, MINISTRIES

FIRST, LAST = 2008, 2025
_NO_PLACE = ("市辖区", "县")


@dataclass(frozen=True, slots=True)
class Organ:
    """One organ with the years that it has reports for."""

    issuer: Issuer
    years: tuple[int, ...]
    towns: tuple[str, ...]
    """Names of the towns near by, for its sentences."""
    short: str


def organs(reports: int, seed: int) -> list[Organ]:
    """Return organs that have ``reports`` reports together, or a few more, by their codes.

    Provinces, prefectures and counties have a government each; how many of their bureaus and towns
    there are depends on ``reports``.
    """
    rng = random.Random(f"organs {seed}")
    first, more = [], []
    for issuer in _issuers():
        (first if issuer.kind in ("government", "central_body") else more).append(issuer)
    rng.shuffle(first)
    rng.shuffle(more)
    # Half of a small catalog are governments: every place occurs before its bureaus do.
    governments = min(len(first), reports // 18 + 1)
    made, count = [], 0
    for issuer in (*first[:governments], *more, *first[governments:]):
        if count >= reports:
            break
        years = _years(rng)
        count += len(years)
        towns = _towns(issuer.division_code or "110101")
        made.append(Organ(issuer, years, towns, _SHORT.get(issuer.kind or "", "我局")))
    return sorted(made, key=lambda organ: (organ.issuer.division_code or "", str(organ.issuer)))


_SHORT = {"government": "我市", "town_government": "我镇", "subdistrict_office": "我街道"}


def _issuers() -> Iterator[Issuer]:
    for name in MINISTRIES:
        yield Issuer(name, "central_body", "own", source="title", confidence=0.95)
    for code in places.of_length(6):
        if not code.endswith("00") and places._is_statistical(code):
            continue
        path = _path(code)
        if path is None:
            continue
        place = path[-1] if len(path) < 3 else "".join(path[1:])
        known = {"division_code": code, "path": path, "source": "title", "confidence": 0.95}
        yield Issuer(f"{place}人民政府", "government", "aggregate", **known)
        office = "办公厅" if code.endswith("0000") else "办公室"
        yield Issuer(f"{place}人民政府{office}", "government_office", "own", **known)
        for bureau in BUREAUS:
            yield Issuer(f"{place}{bureau}", "department", "own", **known)
        if code.endswith("00") and not code.endswith("0000"):
            zone = f"{place}经济技术开发区管理委员会"
            yield Issuer(zone, "development_zone", "own", **known)
    for code in places.of_length(9):
        town, path = places.named(code, LAST), _path(code[:6])
        if town is None or path is None or places._is_statistical(code):
            continue
        is_street = town.name.endswith("街道")
        yield Issuer(
            path[-1] + (f"人民政府{town.name}办事处" if is_street else f"{town.name}人民政府"),
            "subdistrict_office" if is_street else "town_government",
            "own",
            division_code=code[:6],
            township_code=code,
            path=(*path, town.name),
            source="title",
            confidence=0.9,
        )


@cache
def _path(code: str) -> tuple[str, ...] | None:
    """Return the names from the province down to a division; None: it is none today."""
    steps = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    found = [places.named(step, LAST) for step in steps]
    if found[-1] is None or found[0] is None or found[-1].name in _NO_PLACE:
        return None
    names = [division.name for division in found if division]
    return tuple(name for name in names if name not in _NO_PLACE and "直辖" not in name)


@cache
def _by_county() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in places.of_length(9):
        if town := places.named(code, LAST):
            found.setdefault(code[:6], []).append(town.name)
    return found


def _towns(code: str) -> tuple[str, ...]:
    own = _by_county().get(code)
    if not own:
        near = next((c for c in _by_county() if c.startswith(code.rstrip("0"))), "110101")
        own = _by_county()[near]
    return tuple(own) * 3


def _years(rng: random.Random) -> tuple[int, ...]:
    start = rng.choices(range(FIRST, LAST + 1), weights=range(LAST - FIRST + 2, 1, -1))[0]
    known = [year for year in range(start, LAST + 1) if rng.random() > 0.07]
    return tuple(known) or (LAST,)
