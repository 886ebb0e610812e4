"""The search for every table that a lattice of rows allows and all sums of the form permit.

A lattice says, for each row of the form, which rows can begin there: an edge covers one row or
several at once. The tables are built from the last row upwards, because the sums are known from
below: 四、结转下年度 and （七）总计 give what the outcomes may use up and what must have come in,
so that a reading is dropped at the first row that takes more than is left. Endings that need the
same from the rows above are counted together, with at most MOST different tables for each; two are
enough to prove that a table is not certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.report.tables.flattened.tokens import number_of

MOST = 10
"""Readings counted at most."""
STEPS = 100_000
"""Rows looked at for one table at most, about a second: a bound that does not depend on the clock,
so that the same text always gives the same answer."""

Row = tuple[str, ...]
"""The texts of a row's cells; "" is a cell that left no trace."""
Rows = tuple[Row, ...]
Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of the form, in its order, and how many columns each has."""

    rows: tuple[str, ...]
    width: int

    @property
    def size(self) -> int:
        """How many cells the table has."""
        return len(self.rows) * self.width


@dataclass(frozen=True, slots=True)
class Edge:
    """Rows that can stand from one node of a lattice up to the node ``stop``."""

    stop: int
    rows: Rows


Lattice = Sequence[Sequence[Edge]]
"""The edges that begin at each node. There is a node for each row of the form and each lane: lanes
tell apart ways to come to a row that leave different values for the rows below."""


class ExhaustedError(Exception):
    """The steps are used up before the search has ended."""


class Steps:
    """What is left of the steps that one table may take."""

    def __init__(self, steps: int = STEPS) -> None:
        self._left = steps

    def take(self, count: int = 1) -> None:
        """Use up steps; raises ExhaustedError where none are left."""
        self._left -= count
        if self._left < 0:
            raise ExhaustedError


@dataclass(frozen=True, slots=True)
class _Need:
    """What the rows above must still bring, by column."""

    outcomes: Counts
    incoming: Counts


@lru_cache(maxsize=65536)
def counts_of(row: Row) -> Counts | None:
    """Return a row's numbers, blanks and marks as 0; None where its cells do not add up to its
    last, or one is no count."""
    counts = []
    for raw in row:
        number = number_of(raw) or 0
        if not isinstance(number, int) or number < 0:
            return None
        counts.append(number)
    return tuple(counts) if sum(counts[:-1]) == counts[-1] else None


def readings(lattice: Lattice, steps: Steps, lanes: int = 1) -> list[Rows]:
    """Return the different tables of a lattice that satisfy every sum, at most MOST.

    A table begins at the first lane of the first row and ends in the last lane below the last row.
    Raises ExhaustedError where the search takes too long.
    """
    last = len(lattice) // lanes
    tails: list[dict[_Need | None, list[Rows]]] = [{} for _ in range((last + 1) * lanes)]
    tails[-1] = {None: [()]}
    for start in range(len(lattice) - 1, -1, -1):
        for edge in lattice[start]:
            counts = [counts_of(row) for row in edge.rows]
            for need, ends in tails[edge.stop].items():
                steps.take(len(edge.rows))
                here = _upwards(need, counts, start // lanes, last)
                if here is None:
                    continue
                known = tails[start].setdefault(here, [])
                for end in ends:
                    table = (*edge.rows, *end)
                    if len(known) < MOST and table not in known:
                        known.append(table)
    found = [table for tables in tails[0].values() for table in tables]
    return found[:MOST]


def _upwards(
    need: _Need | None, counts: Sequence[Counts | None], start: int, last: int
) -> _Need | None:
    """Return what is needed above ``start`` once its rows are taken; None: a sum cannot hold."""
    for place in range(start + len(counts) - 1, start - 1, -1):
        row = counts[place - start]
        if row is None:
            return None
        need = _above(need, row, place, last)
        if need is None:
            return None
    return need


def _above(need: _Need | None, row: Counts, place: int, last: int) -> _Need | None:
    if place == last - 1:
        return _Need((), row)
    if need is None:
        return None
    if place == last - 2:
        return _Need(row, tuple(a + b for a, b in zip(need.incoming, row, strict=True)))
    if place >= 2:
        left = tuple(a - b for a, b in zip(need.outcomes, row, strict=True))
        return _Need(left, need.incoming) if min(left) >= 0 else None
    left = tuple(a - b for a, b in zip(need.incoming, row, strict=True))
    if any(need.outcomes) or min(left) < 0 or (place == 0 and any(left)):
        return None
    return _Need((), left)


def broken_rows(rows: Sequence[Row]) -> int:
    """Return how many rows do not add up to their last cell."""
    return sum(counts_of(row) is None for row in rows)
