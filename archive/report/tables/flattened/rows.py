"""What a row can be whose values are not as many as the columns of the table.

Only for rows that their labels hold fast. Too many values: some are page numbers, or a number was
cut by a blank (``1 234``). Too few: numbers are glued together (``1000001``), or blank cells left
no trace. Only rows whose cells add up to their total are kept.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from archive.report.tables.flattened.search import Row, Steps, counts_of

MOST_EXTRA = 3
"""Values that a row may have beyond its cells."""
_LONGEST_GLUED = 40


_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=4096)
def digits_of(raw: str) -> str:
    """Return the digits of a text that is a plain number, with or without a unit; else ""."""
    found = _DIGITS.match(raw)
    return found[0] if found and not _DIGITS.search(raw, found.end()) else ""


def is_glued(raw: str) -> bool:
    """Whether digits cannot be one number of a table: they begin with 0, or are too many."""
    digits = digits_of(raw)
    return len(digits) > 1 and (digits[0] == "0" or len(digits) >= 7)


def is_single(raw: str) -> bool:
    """Whether a text can be the one value of one cell."""
    digits = digits_of(raw)
    return len(digits) < 2 or digits[0] != "0"


def candidates(
    values: Sequence[str], pages: Sequence[bool], width: int, steps: Steps, *, glued: bool
) -> list[Row]:
    """Return the different rows of ``width`` cells that ``values`` can be.

    ``pages`` says which of them can be page numbers; ``glued``: the table has numbers without
    blanks between them, so that a row with too few has its numbers glued, not blank cells.
    """
    if len(values) == width and all(map(is_single, values)):
        found: Iterator[Row] = iter([tuple(values)])
    elif len(values) > width:
        found = _shortened(tuple(values), tuple(pages), len(values) - width)
    elif glued:
        found = _cut(tuple(values), width, steps)
    else:
        found = _spread(tuple(values), width)
    rows = []
    for row in found:
        steps.take()
        if row not in rows and all(map(is_single, row)) and counts_of(row) is not None:
            rows.append(row)
    return rows


def _shortened(values: Row, pages: Sequence[bool], extra: int) -> Iterator[Row]:
    """Yield the rows with ``extra`` values left out as page numbers, or joined to the next."""
    if extra == 0:
        yield values
        return
    for n, value in enumerate(values):
        if pages[n]:
            yield from _shortened(
                values[:n] + values[n + 1 :], (*pages[:n], *pages[n + 1 :]), extra - 1
            )
        joined = values[n : n + 2]
        if len(joined) == 2 and all(map(str.isdecimal, joined)) and value[0] != "0":
            rest = (*pages[:n], False, *pages[n + 2 :])
            yield from _shortened((*values[:n], "".join(joined), *values[n + 2 :]), rest, extra - 1)


def _spread(values: Row, width: int) -> Iterator[Row]:
    """Yield the values in their order with blank cells between them."""
    for places in combinations(range(width), len(values)):
        row = [""] * width
        for place, value in zip(places, values, strict=True):
            row[place] = value
        yield tuple(row)


def _cut(values: Row, width: int, steps: Steps) -> Iterator[Row]:
    numbers = tuple(map(digits_of, values))
    digits = "".join(numbers)
    if all(numbers) and len(digits) <= _LONGEST_GLUED:
        yield from cut_sums(digits, frozenset(_ends(numbers)), width, steps)


def _ends(values: Row) -> Iterator[int]:
    done = 0
    for value in values:
        done += len(value)
        yield done


def cut_sums(digits: str, ends: frozenset[int], width: int, steps: Steps) -> Iterator[Row]:
    """Yield ``digits`` cut into ``width`` numbers, the last of which is the sum of the others.

    ``ends`` are places where a number must end.
    """
    for start in range(len(digits) - 1, 0, -1):
        last = digits[start:]
        if any(start < end < len(digits) for end in ends):
            return
        if is_single(last):
            for parts in _sums(digits[:start], width - 1, int(last), ends, 0, steps):
                yield (*parts, last)


def _sums(
    digits: str, cells: int, total: int, ends: frozenset[int], done: int, steps: Steps
) -> Iterator[Row]:
    """Yield the ways to cut ``digits`` into numbers that add up to ``total``."""
    steps.take()
    if cells == 0:
        if not digits and total == 0:
            yield ()
        return
    longest = 1 if digits[:1] == "0" else len(digits) - cells + 1
    for size in range(1, longest + 1):
        number = int(digits[:size])
        if number > total or any(done < end < done + size for end in ends):
            return
        rest = digits[size:]
        for parts in _sums(rest, cells - 1, total - number, ends, done + size, steps):
            yield (digits[:size], *parts)
