"""The header lines of Table III: which applicant each column is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.report.tables.forms import Forms
from archive.report.tables.grid import Cell, Slot
from archive.report.tables.labels import names_of
from archive.report.tables.readers.sheet import Line

_UNION = "*"
_SUM = re.compile(r"[小合共]\s*计")
"""A column that offices add, and that may stand before those that it adds up."""
_ENOUGH = 6
"""Columns that one header line names where it names all of them, one perhaps spoilt."""
_FEWEST = 5
"""Columns of a header that leaves out columns of the form."""
ABSENT = Slot(Cell(""))
"""In the place of a value whose column the table does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Header lines that stand together; none where a table has no header."""

    lines: tuple[Line, ...] = ()
    order: tuple[str, ...] = ()
    """Column ids from left to right; the text of a header that the form does not know."""
    in_order: bool = True
    """No header speaks against the order of the form."""

    def width(self, ids: Sequence[str]) -> int | None:
        """Return how many cells a row has below this header; None: it leaves columns out, or
        names them in another order than one can tell."""
        if self.in_order:
            return len(ids)
        return len(self.order) if set(ids) <= set(self.order) else None

    def is_short(self, ids: Sequence[str]) -> bool:
        """Whether a column of the form is left out, or the text of one header is lost."""
        return _FEWEST <= len(self.order) < len(ids) and set(self.order) <= set(ids)


def head_of(lines: Sequence[Line], known: Forms) -> Head:
    """Return what header lines say."""
    tokens = [line for line in (_tokens(line) for line in lines) if line]
    ids = known.applicant_ids
    rank = {name: n for n, name in enumerate(ids)}
    order = _order(tokens, ids)
    ranks = [[rank[t] for t in line if t in rank] for line in (*tokens, order)]
    in_order = all(list(line) == sorted(set(line)) for line in ranks)
    extra = set(ids) <= set(order) and len(order) > len(ids)
    return Head(tuple(lines), tuple(order), in_order and not extra)


def _tokens(line: Line) -> list[str]:
    """Return the headers of a line from the first that is known, or a sum of some columns, on."""
    tokens: list[str] = []
    for slot, names in zip(line.slots, line.names, strict=True):
        if not slot.first or not slot.text:
            continue
        token = names.applicant.id if names.applicant else _UNION if names.union else slot.text
        is_known = names.of_requests or _SUM.search(slot.text) is not None
        if (tokens or is_known) and not (token == _UNION and tokens[-1:] == [_UNION]):
            tokens.append(token)
    return tokens


def _order(tokens: Sequence[list[str]], ids: Sequence[str]) -> list[str]:
    """Return the headers from left to right: those of one line that has them all, else each line
    in the place of the header above that unites its columns."""
    whole = [line for line in tokens if len(set(line) & set(ids)) >= _ENOUGH]
    if whole:
        return [token for token in _unfolded(whole[-1], ids[-1]) if token != _UNION]
    order = [_UNION]
    for line in tokens:
        if _UNION in order:
            place = order.index(_UNION)
            order[place : place + 1] = line
    return [token for token in order if token != _UNION]


def _unfolded(line: list[str], total: str) -> list[str]:
    """Return a line into which two header lines have run: what follows the sum after a header that
    unites columns are these columns."""
    for place, (token, after) in enumerate(pairwise(line)):
        if (token, after) == (_UNION, total):
            return [*line[:place], *line[place + 2 :], total]
    return line


def by_place(head: Head, line: Line, label: int, known: Forms) -> list[tuple[Slot, ...]] | None:
    """Return for each column of the form the slots of ``line`` that stand under its header.

    None where header and line are not equally wide, the header above the label reaches over a
    value (a span is wrong), a value has no header, or a header has no column.
    """
    width = len(line.slots)
    start = width - len(line.right_of(label))
    above = [row for row in head.lines if len(row.slots) == width]
    if start >= width or any(row.slots[label].cell is row.slots[start].cell for row in above):
        return None
    found: dict[str, list[Slot]] = {}
    has_others = False
    for place in range(start, width):
        name, slot = _name_above(above, place, known), line.slots[place]
        if name is not None:
            found.setdefault(name, []).append(slot)
        elif slot.text and not any(row.slots[place].text for row in above):
            return None
        else:
            has_others = has_others or bool(slot.text)
    whole = set(known.applicant_ids) <= found.keys()
    named = head.is_short(known.applicant_ids) and set(head.order) <= found.keys()
    if not whole and (has_others or not named):
        return None
    return [tuple(found.get(name, (ABSENT,))) for name in known.applicant_ids]


def agrees(head: Head, line: Line, cells: Sequence[Slot], known: Forms) -> bool:
    """Whether no header above ``cells`` names another column than their place, where the header
    does not name all columns."""
    if not head.is_short(known.applicant_ids):
        return True
    above = [row for row in head.lines if len(row.slots) == len(line.slots)]
    places = [next(n for n, slot in enumerate(line.slots) if slot is cell) for cell in cells]
    names = [_name_above(above, place, known) for place in places]
    return all(n in (None, own) for n, own in zip(names, known.applicant_ids, strict=True))


def _name_above(above: Sequence[Line], place: int, known: Forms) -> str | None:
    """Return the column that the lowest header above a place names."""
    stack = [row.slots[place].text for row in above if row.slots[place].text]
    names = names_of(known, stack[-1]) if stack else None
    return names.applicant.id if names and names.applicant else None
