"""Figures of many reports by year: sums, how many reports stand behind each, medians.

A government reports for its whole area (``aggregate``: the sum of all its bodies, and of the areas
below it), an organ for itself (``own``). The two overlap, and so do aggregates of different levels,
so a figure is always of one basis: the organs themselves, or the aggregates of one level.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.catalog.totals import TOO_LARGE

Row = dict[str, Any]

# Basis -> scope and level (None: of any) of the reports that count.
BASES: Mapping[str, tuple[str, str | None]] = {
    "own": ("own", None),
    "province": ("aggregate", "province"),
    "city": ("aggregate", "city"),
    "county": ("aggregate", "county"),
    "town": ("aggregate", "town"),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reports are added up."""

    basis: str = "own"
    """A key of BASES."""
    province: str | None = None
    """None: all."""
    kind: str | None = None
    """Of the organ; None: any."""
    unproved: bool = False
    """Whether tables count whose sums do not hold, and copies from doubtful hosts."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure of one year."""

    total: int
    reports: int
    """How many reports have a number there."""


Sums = dict[str, dict[int, Sum]]
"""Figure -> year -> sum; a year in which no report has the figure is not there."""


def sums(connection: sqlite3.Connection, selection: Selection) -> Sums:
    """Return all figures of all years, as ``totals`` names them."""
    conditions, params = _conditions(selection)
    found: Sums = {}
    for figure, year, total, reports in connection.execute(
        f"""select figure, year, sum(total), sum(reports) from totals
            where {conditions} and figure <> '{TOO_LARGE}' group by figure, year""",
        params,
    ):
        found.setdefault(figure, {})[year] = Sum(total, reports)
    return found


def medians(connection: sqlite3.Connection, selection: Selection) -> dict[str, dict[int, float]]:
    """Return figure -> year -> median over the reports that have a number there."""
    conditions, params = _conditions(selection)
    values: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for figure, year, value, reports in connection.execute(
        f"""select figure, year, value, sum(reports) from spread where {conditions}
            group by figure, year, value order by figure, year, value""",
        params,
    ):
        values.setdefault((figure, year), []).append((value, reports))
    found: dict[str, dict[int, float]] = {}
    for (figure, year), counted in values.items():
        found.setdefault(figure, {})[year] = median(counted)
    return found


def median(counted: Sequence[tuple[int, int]]) -> float:
    """Return the median of values that occur so often, given in ascending order as (value, times):
    of an even number of values the mean of the two in the middle."""
    size = sum(times for _, times in counted)
    return (_at(counted, (size - 1) // 2) + _at(counted, size // 2)) / 2


def choices(connection: sqlite3.Connection) -> tuple[list[str], list[str], list[str]]:
    """Return the provinces (in the order of their codes), kinds of organ and bases for which there
    are figures."""
    groups = connection.execute(
        """select distinct province, kind, scope, level from totals
           where figure = 'requests.new_requests.total'"""
    ).fetchall()
    codes = dict(connection.execute("select name, code from divisions where level = 'province'"))
    provinces = {province for province, *_ in groups if province}
    bases = [
        basis
        for basis, (scope, level) in BASES.items()
        if any(group[2] == scope and level in (None, group[3]) for group in groups)
    ]
    return (
        sorted(provinces, key=lambda name: (codes.get(name, "9"), name)),
        sorted({kind for _, kind, scope, _ in groups if kind and scope == "own"}),
        bases,
    )


def left_out(connection: sqlite3.Connection, selection: Selection) -> Row:
    """Return how many reports with a Table III a selection leaves out, over all years, and how many
    cells of those that it counts.

    ``unproved``: by the state of the table or of the source; ``unknown_scope``: since it is not
    known whether they speak of an area or of the organ alone; ``too_large``: cells of any table
    beyond ``LARGEST_COUNT``.
    """
    place, params = _place(selection)
    scope, level = BASES[selection.basis]
    (unproved, unknown, large) = connection.execute(
        f"""select
              coalesce(sum(reports) filter (where figure <> '{TOO_LARGE}' and not proved
                and scope = :scope and (:level is null or level = :level)), 0),
              coalesce(sum(reports) filter (where figure <> '{TOO_LARGE}' and scope = ''), 0),
              coalesce(sum(reports) filter (where figure = '{TOO_LARGE}' and (proved or :all)
                and scope = :scope and (:level is null or level = :level)), 0)
            from totals where figure in ('requests.new_requests.total', '{TOO_LARGE}')
            {"".join(f" and {condition}" for condition in place)}""",
        params | {"scope": scope, "level": level, "all": selection.unproved},
    ).fetchone()
    unproved = 0 if selection.unproved else unproved
    return {"unproved": unproved, "unknown_scope": unknown, "too_large": large}


def added(figures: Iterable[Mapping[int, Sum]]) -> dict[int, Sum]:
    """Return the sum of several figures by year.

    ``reports`` is the largest of theirs: the figures are cells of the same reports.
    """
    found: dict[int, Sum] = {}
    for figure in figures:
        for year, one in figure.items():
            before = found.get(year, Sum(0, 0))
            found[year] = Sum(before.total + one.total, max(before.reports, one.reports))
    return found


def _at(counted: Sequence[tuple[int, int]], position: int) -> int:
    """Return the value at a position of the values laid out one by one."""
    for value, times in counted:
        if position < times:
            return value
        position -= times
    raise IndexError(position)


def _place(selection: Selection) -> tuple[list[str], Row]:
    given = {"province": selection.province, "kind": selection.kind}
    params = {name: value for name, value in given.items() if value is not None}
    return [f"{name} = :{name}" for name in params], dict(params)


def _conditions(selection: Selection) -> tuple[str, Row]:
    conditions, params = _place(selection)
    scope, level = BASES[selection.basis]
    conditions.append("scope = :scope")
    params["scope"] = scope
    if level is not None:
        conditions.append("level = :level")
        params["level"] = level
    if not selection.unproved:
        conditions.append("proved")
    return " and ".join(conditions), params
