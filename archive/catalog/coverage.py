"""Which organs have a report for which year: by province and year, and down the tree of divisions.

An organ is known once the catalog has a report of it, for whatever year. For a year count the
known organs whose division stood in that year (行政区划 come and go), and those that have a report
for it all the same. Nothing here is kept: every number is counted from agencies and reports.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Row = dict[str, Any]

LEVELS = ("central", "province", "city", "county", "town")
"""Levels of organs, see ``archive.catalog.ids.level``."""
CENTRAL = "central"
"""Stands for the place of organs of no province: the bodies of the State Council (国务院部门)."""
CENTRAL_CODE = "100000"
"""What portals of those bodies have in place of a code (config/portals/ministries.yml)."""
_OPEN = 9999
"""A year after every end."""
_GAP = 20
"""Years without a report that are told between two with one."""
# The place of an organ is its township where it has one.
_PLACE = "coalesce(a.township_code, a.division_code)"
STOOD = f'coalesce(d.start, 0) <= :year and coalesce(d."end", {_OPEN}) >= :year'
"""SQL: whether the division ``d`` stood in the year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which organs are meant; None: all."""

    place: str | None = None
    """Code of a division: its organs and those of all beneath it; ``central``: of no province."""
    level: str | None = None
    kind: str | None = None
    organ: str | None = None
    """Id of one organ."""

    def conditions(self) -> str:
        """Return what SQL asks of ``agencies a``; it begins with ``and``, empty for all."""
        named = {"level": self.level, "kind": self.kind, "id": self.organ}
        asked = [f" and a.{name} = :{name}" for name, value in named.items() if value]
        if self.place == CENTRAL:
            asked.append(" and a.province is null")
        elif self.place:
            column = "township_code" if len(self.place) > 6 else "division_code"
            asked.append(f" and a.{column} >= :first and a.{column} < :after")
        return "".join(asked)

    def values(self) -> dict[str, object]:
        """Return the values that the conditions name."""
        return {"level": self.level, "kind": self.kind, "id": self.organ} | span(self.place)


def span(place: str | None) -> dict[str, object]:
    """Return ``first`` and ``after``: the codes of a division and of all beneath it lie between
    them, for the digits of GB/T 2260 nest. Without a place: those of all."""
    if place is None:
        return {"first": "", "after": ":"}
    place = CENTRAL_CODE if place == CENTRAL else place
    head = place[:2] if place.endswith("0000") else place
    head = head[:4] if len(head) == 6 and head.endswith("00") else head
    return {"first": head, "after": f"{head}:"}


def is_place(connection: sqlite3.Connection, place: str) -> bool:
    """Return whether the catalog knows a division, an organ or a portal of a place."""
    return place == CENTRAL or any(connection.execute(_ANY_OF_PLACE, span(place)).fetchone())


_ANY_OF_PLACE = "select " + ", ".join(
    f"exists (select 1 from {table} where {column} >= :first and {column} < :after)"
    for table, column in (
        ("divisions", "code"),
        ("agencies", "division_code"),
        ("agencies", "township_code"),
        ("portals", "code"),
    )
)


def rows(
    connection: sqlite3.Connection, sql: str, values: Mapping[str, object] | Sequence[object]
) -> list[Row]:
    """Return the rows of a query as dicts."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, found, strict=True)) for found in cursor]


class _Tally:
    """Organs by the first and last year of their place: known ones, and by year those that have a
    report."""

    def __init__(self) -> None:
        self.known: Counter[tuple[int, int]] = Counter()
        self.having: defaultdict[int, Counter[tuple[int, int]]] = defaultdict(Counter)

    def add(self, life: tuple[int, int], years: str | None, organs: int) -> None:
        """Count organs that have reports for ``years``, joined by commas; None: for none."""
        self.known[life] += organs
        for year in years.split(",") if years else ():
            self.having[int(year)][life] += organs

    def merge(self, other: "_Tally") -> None:
        """Count what the other has counted."""
        self.known += other.known
        for year, having in other.having.items():
            self.having[year] += having

    def cell(self, year: int) -> Row:
        """Return ``organs`` with a report for the year, ``known`` ones, and the ``share``."""
        having = self.having[year]
        organs = having.total()
        stood = sum(n for (start, end), n in self.known.items() if start <= year <= end)
        known = stood + sum(n for (start, end), n in having.items() if not start <= year <= end)
        return {"organs": organs, "known": known, "share": _share(known, organs)}


def matrix(
    connection: sqlite3.Connection, asked: Asked, also: Iterable[int] = ()
) -> tuple[list[int], list[Row]]:
    """Return the years from the first to the last with a report (see ``filled``), and a row for
    each province with any known organ. ``also``: those too, though none of the organs that are
    asked for has a report for them.

    A row has ``province`` and ``code`` (None and ``central`` for the organs of none) and ``cells``:
    by year ``organs`` (with a report), ``known`` and ``share`` (0 to 1; None: none is known).
    Provinces stand in the order of their codes; the last row, ``code`` None, is of all together.
    """
    codes: dict[str | None, str] = {None: CENTRAL}
    codes |= connection.execute("select name, code from divisions where level = 'province'")
    tallies: defaultdict[str | None, _Tally] = defaultdict(_Tally)
    found = connection.execute(_ORGANS.format(which=asked.conditions()), asked.values())
    # Many organs of a province have reports for the same years.
    for (province, start, end, having), organs in Counter(map(tuple, found)).items():
        tallies[province].add((start, end), having, organs)
    total = _Tally()
    for tally in tallies.values():
        total.merge(tally)
    known = filled({*total.having, *also})
    in_order = sorted(tallies.items(), key=lambda item: (codes.get(item[0], "9"), item[0] or ""))
    made = [
        {"province": province, "code": codes.get(province), "cells": _cells(tally, known)}
        for province, tally in in_order
    ]
    last = {"province": None, "code": None, "cells": _cells(total, known)}
    return known, [*made, last] if made else []


def filled(years: Iterable[int]) -> list[int]:
    """Return the years and those between them, in order.

    A gap of more than ``_GAP`` years stays: what is beyond it is a slip of the pen, such as 1 or
    9998, for reports exist since 2008 (the Regulations of 2007, 政府信息公开条例).
    """
    known = sorted(set(years))
    found = known[:1]
    for before, year in pairwise(known):
        found += range(before + 1, year + 1) if year - before <= _GAP else [year]
    return found


def _cells(tally: _Tally, years: Sequence[int]) -> dict[int, Row]:
    return {year: tally.cell(year) for year in years}


# Quicker by half than grouping all reports: each organ's years come from the index in one go.
_ORGANS = f"""
    select a.province, coalesce(d.start, 0), coalesce(d."end", {_OPEN}), (
      select group_concat(r.year) from reports r where r.agency_id = a.id and r.year is not null)
    from agencies a left join divisions d on d.code = {_PLACE}
    where true{{which}}"""


def tree(connection: sqlite3.Connection, year: int, asked: Asked, levels: int = 2) -> list[Row]:
    """Return the division ``asked.place`` and those beneath it that stood in the year, as many
    levels deep, each before those beneath it; without a place: the provinces.

    A row has ``code``, ``name``, ``level``, ``parent``, ``depth`` (from 0), of the division and all
    beneath it ``organs`` (with a report), ``known``, ``share`` (None: none is known), and
    ``government``: whether the report of the place as a whole (本级政府) is there. Empty where no
    such division is known.
    """
    top = {"year": year, "top": asked.place, "levels": levels}
    divisions = rows(connection, _DIVISIONS, top)
    above = {row["code"]: row["parent"] for row in divisions}
    counted = connection.execute(
        _BY_PLACE.format(which=asked.conditions()), asked.values() | {"year": year}
    )
    sums: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    governments = set()
    for division, township, known, organs, government in counted:
        code = township if township in above else division
        if government:
            governments.add(township or division)
        while code is not None:
            sums[code][0] += known
            sums[code][1] += organs
            code = above.get(code) if code in above else _nearest(code, above)
    return [
        {name: row[name] for name in ("code", "name", "level", "parent", "depth")}
        | {"known": sums[row["code"]][0], "organs": sums[row["code"]][1]}
        | {"share": _share(*sums[row["code"]]), "government": row["code"] in governments}
        for row in divisions
    ]


def _nearest(code: str, divisions: Mapping[str, object]) -> str | None:
    """Return the nearest of ``divisions`` that holds a code which is none of them."""
    above = (code[:6], f"{code[:4]}00", f"{code[:2]}0000")
    return next((place for place in above if place != code and place in divisions), None)


def _share(known: int, organs: int) -> float | None:
    return organs / known if known else None


_DIVISIONS = f"""
    with recursive beneath(code, depth) as (
      select code, 0 from divisions where code = :top or :top is null and level = 'province'
      union all
      select d.code, b.depth + 1 from beneath b join divisions d on d.parent = b.code
      where b.depth < :levels and {STOOD}
    )
    select d.code, d.name, d.level, d.parent, b.depth from beneath b
    join divisions d on d.code = b.code order by d.code, b.depth"""
# A township's own report is that of its government, a subdistrict's that of its office (办事处).
_OWN = """kind = 'government'
      or township_code is not null and kind in ('town_government', 'subdistrict_office')"""
_BY_PLACE = f"""
    select division_code, township_code, count(*), sum(has), max(has and ({_OWN}))
    from (
      select a.division_code, a.township_code, a.kind, {STOOD} as stood,
        exists (select 1 from reports r where r.agency_id = a.id and r.year = :year) as has
      from agencies a left join divisions d on d.code = {_PLACE}
      where true{{which}}
    ) where has or stood group by 1, 2"""
