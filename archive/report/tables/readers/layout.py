"""Which cells of a row are its values, where the row has more or fewer than the table has columns.

By the header lines; else, where only blanks are too many, by what all rows of that length allow;
else by the sums of the rows, where these leave one choice only. A text merged over several columns
belongs to none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from math import prod

from archive.records import Number
from archive.report.tables.cells import guess_count, is_blank, parse_count
from archive.report.tables.forms import Forms
from archive.report.tables.grid import Cell, Slot
from archive.report.tables.readers.heads import ABSENT, Head, agrees, by_place
from archive.report.tables.readers.sheet import Line, is_words

_WIDEST = 10
"""Numbers in a row of seven columns; of more, nothing is tried."""
_FEWEST_PROOFS = 3
"""Rows that are not all zero and agree on which numbers to leave out."""
_MOST_MISSING = 2
_MOST_TRIES = 500
_BLANK = Slot(Cell(""))

Values = tuple[Slot, ...]


def placed(line: Line, place: int, head: Head, known: Forms) -> Values | None:
    """Return the values of a row whose label stands at ``place``, where header or count tell.

    None where neither does.
    """
    slots = line.right_of(place)
    ids = known.applicant_ids
    cells = values_right_of(slots, len(ids))
    if len(cells) == head.width(ids) and agrees(head, line, cells, known):
        return head_order(cells, head, ids)
    under = by_place(head, line, place, known)
    if under is not None and (values := merged(under)) is not None:
        return values
    return _spread(slots, len(ids)) if head.in_order and not head.is_short(ids) else None


def head_order(cells: Sequence[Slot], head: Head, ids: Sequence[str]) -> Values | None:
    """Return as many cells as there are columns in the order of the form."""
    if head.in_order and len(cells) == len(ids):
        return tuple(cells)
    return merged([_under(name, head, cells) or (ABSENT,) for name in ids])


def values_right_of(slots: Sequence[Slot], width: int) -> list[Slot]:
    """Return the cells of a row, without the words that go on with its label."""
    cells = [slot for slot in slots if slot.first]
    while len(cells) > width and is_words(cells[0].text):
        cells = cells[1:]
    return cells


def _under(name: str, head: Head, cells: Sequence[Slot]) -> Values:
    return tuple(cell for cell, token in zip(cells, head.order, strict=True) if token == name)


def merged(columns: Sequence[Values]) -> Values | None:
    """Return one slot for each column that covers several; None where they say different things,
    or where one text stands under several columns."""
    chosen: list[Slot] = []
    for slots in columns:
        texts = {slot.text for slot in slots if slot.text}
        if len(texts) > 1:
            return None
        chosen.append(next((slot for slot in slots if slot.text), slots[0]))
    told = [slot.cell for slot in chosen if slot.text and not _is_zero(slot)]
    return tuple(chosen) if len(set(told)) == len(told) else None


def _spread(slots: Sequence[Slot], width: int) -> Values | None:
    """Return the slots where they are as many as the columns and no text is merged."""
    return tuple(slots) if len(slots) == width and not _is_shared(slots) else None


def _is_shared(slots: Iterable[Slot]) -> bool:
    """Whether a text is merged over several slots; not so a zero, which is nothing to share."""
    return any(slot.text and not _is_zero(slot) for slot in slots if not slot.first)


def _is_zero(slot: Slot) -> bool:
    return parse_count(slot.text).number == 0


def settled(rows: Sequence[tuple[Sequence[Slot], Head]], ids: Sequence[str]) -> list[Values | None]:
    """Return the values of rows that header and count do not tell; None where nothing does.

    Rows of one length below one header share one layout.
    """
    found: list[Values | None] = [None] * len(rows)
    kinds = [(len(slots), head.in_order, head.order) for slots, head in rows]
    for kind in set(kinds):
        same = [n for n, other in enumerate(kinds) if other == kind]
        values = _settled([rows[n][0] for n in same], rows[same[0]][1], ids)
        for n, row in zip(same, values, strict=True):
            found[n] = row
    return found


def _settled(
    rows: Sequence[Sequence[Slot]], head: Head, ids: Sequence[str]
) -> Sequence[Values | None]:
    nothing: list[Values | None] = [None] * len(rows)
    width = head.width(ids)
    if width is None or head.is_short(ids):
        return nothing
    if any(_is_shared(row) for row in rows):
        rows = [[slot for slot in row if slot.first] for row in rows]
        if len({len(row) for row in rows}) > 1:
            return nothing
    fits = [set(starts(row, width)) for row in rows]
    if shared := set.intersection(*fits):
        return _best(
            [[head_order(_cut(row, n, width), head, ids) for row in rows] for n in sorted(shared)]
        )
    if all(fits):
        return [
            _best([[head_order(_cut(row, n, width), head, ids)] for n in sorted(places)])[0]
            for row, places in zip(rows, fits, strict=True)
        ]
    return (_without_extra(rows, width) if head.in_order else None) or nothing


def windows(slots: Sequence[Slot], width: int) -> list[Values]:
    """Return the ways to choose ``width`` slots in a row with only blanks left out."""
    return [_cut(slots, start, width) for start in starts(slots, width)]


def windowed(slots: Sequence[Slot], width: int, part: int) -> Values | None:
    """Return ``width`` slots with only blanks left out on either side; None: there are several
    choices, and the sums (each of ``part`` cells, the last of them the sum) prefer none."""
    choices = [
        [values[n : n + part] for n in range(0, width, part)] for values in windows(slots, width)
    ]
    parts = _best(choices) if choices else [None]
    return tuple(slot for values in parts for slot in values or ()) if all(parts) else None


def starts(slots: Sequence[Slot], width: int) -> list[int]:
    """Return where ``width`` slots can begin so that no text is left outside them."""
    if _is_shared(slots):
        return []
    filled = [n for n, slot in enumerate(slots) if slot.text]
    first, last = (filled[0], filled[-1]) if filled else (len(slots), -1)
    return [n for n in range(len(slots) - width + 1) if n <= first and last < n + width]


def _cut(row: Sequence[Slot], start: int, width: int) -> Values:
    return tuple(row[start : start + width])


def _best(layouts: Sequence[Sequence[Values | None]]) -> Sequence[Values | None]:
    """Return the layout under which most rows add up and, of several rows, most have a sum; where
    several do, only the rows that are the same in all of them."""
    scores = [
        (
            sum(row is not None and adds_up(row) for row in layout),
            sum(row is not None and bool(row[-1].text) for row in layout if len(layout) > 1),
        )
        for layout in layouts
    ]
    best = [layout for layout, score in zip(layouts, scores, strict=True) if score == max(scores)]
    return [
        rows[0] if len(set(map(_texts, rows))) == 1 else None for rows in zip(*best, strict=True)
    ]


def _texts(row: Values | None) -> tuple[str, ...]:
    return tuple(slot.text for slot in row or ())


def _without_extra(rows: Sequence[Sequence[Slot]], width: int) -> Sequence[Values | None] | None:
    """Return the rows without a column that the form does not have (小计), by the sums alone."""
    length = len(rows[0])
    if not width < length <= _WIDEST:
        return None
    proved: dict[tuple[tuple[str, ...], ...], Sequence[Values]] = {}
    for kept in combinations(range(length), width):
        layout: Sequence[Values] = [tuple(row[n] for n in kept) for row in rows]
        if all(adds_up(row) for row in layout):
            proved[tuple(map(_texts, layout))] = layout
    if len(proved) != 1:
        return None
    only = next(iter(proved.values()))
    telling = sum(any(parse_count(slot.text).number for slot in row) for row in only)
    return only if telling >= _FEWEST_PROOFS else None


def adds_up(row: Sequence[Slot]) -> bool:
    """Whether the cells of a row add up to the last; a blank counts as nothing."""
    texts = [slot.text for slot in row]
    values = counts(texts)
    unread = any(v is None and not is_blank(t) for v, t in zip(values, texts, strict=True))
    return not unread and _holds(values)


def counts(texts: Sequence[str]) -> list[Number | None]:
    """Return the numbers of a row of which the last is the sum.

    A spoilt text is read as :func:`guess_count` says, where the sum proves it.
    """
    values = [parse_count(text).number for text in texts]
    guessed = [
        guess_count(text) if value is None else value
        for value, text in zip(values, texts, strict=True)
    ]
    return guessed if guessed != values and _holds(guessed) else values


def _holds(values: Sequence[Number | None]) -> bool:
    return sum(value or 0 for value in values[:-1]) == (values[-1] or 0)


def mended(
    rows: Sequence[Sequence[Slot]], width: int, holds: Callable[[Sequence[Values]], bool]
) -> Sequence[Values] | None:
    """Return rows with a cell too many or too few, where one choice alone satisfies ``holds``.

    A missing cell is a blank. None: no choice does, several do, or there are too many to try.
    """
    choices = [[v for v in _choices(row, width) if adds_up(v)] for row in rows]
    if not 0 < prod(len(options) for options in choices) <= _MOST_TRIES:
        return None
    found: dict[tuple[tuple[str, ...], ...], Sequence[Values]] = {}
    for picked in product(*choices):
        if holds(picked):
            found[tuple(map(_texts, picked))] = picked
    return next(iter(found.values())) if len(found) == 1 else None


def _choices(row: Sequence[Slot], width: int) -> Iterator[Values]:
    """Yield the ways to leave out cells, or to put in blanks, so that ``width`` are left."""
    if not width - _MOST_MISSING <= len(row) <= _WIDEST or any(not slot.first for slot in row):
        return
    if len(row) >= width:
        yield from combinations(row, width)
        return
    for places in combinations(range(width), len(row)):
        at = dict(zip(places, row, strict=True))
        yield tuple(at.get(n, _BLANK) for n in range(width))
