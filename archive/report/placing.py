"""Which tables a stream of numbers can be, when text extraction has loosened it from its labels.

An extractor keeps the order of rows but may give a block of rows column by column. Each run of
numbers between labels covers a block of whole rows; every way to cut that block into single rows
and column-by-column stretches is tried, and only what satisfies the sums of each row is kept.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import comb, prod

from archive.records import Number

BOUND = 2000
"""Readings counted at most; beyond it a table is as ambiguous as it can be."""
Values = tuple[Number | None, ...]


def row_holds(row: Values) -> bool:
    """Whether all cells but the last add up to the last; blanks count as nothing."""
    return sum(value or 0 for value in row[:-1]) == (row[-1] or 0)


def blocks(numbers: Values, width: int) -> tuple[tuple[Values, ...], ...] | None:
    """Return every distinct block of rows that ``numbers`` can be; None: more than BOUND.

    ``numbers`` are a whole number of rows of ``width`` cells.
    """
    size = len(numbers) // width

    @cache
    def rest(start: int) -> frozenset[tuple[Values, ...]]:
        if start == size:
            return frozenset(((),))
        found: set[tuple[Values, ...]] = set()
        for stop in range(start + 1, size + 1):
            part = numbers[start * width : stop * width]
            rows = tuple(part[n :: stop - start] for n in range(stop - start))
            if all(map(row_holds, rows)):
                found |= {rows + tail for tail in rest(stop)}
            if len(found) > BOUND:
                raise OverflowError
        return frozenset(found)

    try:
        return tuple(sorted(rest(0), key=repr))
    except OverflowError:
        return None


def tables(runs: Sequence[Values], width: int) -> Iterator[tuple[Values, ...]] | None:
    """Return every table that the runs, one below the other, can be; None: more than BOUND."""
    choices = [blocks(run, width) for run in runs]
    if any(choice is None for choice in choices):
        return None
    known = [choice for choice in choices if choice is not None]
    if prod(map(len, known)) > BOUND:
        return None
    return (tuple(row for block in blocks_ for row in block) for blocks_ in product(*known))


def cuts(digits: str, cells: int) -> int:
    """Return in how many ways digits glued together can be cut into ``cells`` numbers."""
    return comb(len(digits) - 1, cells - 1) if len(digits) >= cells else 0
