"""The rows of one table, each cell with what its text names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.report.chars import HAN
from archive.report.tables.cells import is_blank, parse_value
from archive.report.tables.forms import Forms, Term
from archive.report.tables.grid import Cell, Row, Slot
from archive.report.tables.labels import (
    LONGEST_LABEL,
    NOTHING,
    Names,
    is_about,
    is_spelled,
    names_of,
)

_HAN = re.compile(f"[{HAN}]")
_MOST_PARTS = 4
"""Cells that one label is cut into at most."""
_LONGEST_PART = 20
_MOST_CELLS = 20_000
_MOST_TEXTS = 5_000
"""Of one table; the three tables have 500, and a page laid out as one table some more."""
_LARGEST = 60
"""Rows or columns of a table that an office might turn over."""
_ROW = 6
"""Cells right of a label that make a row rather than a header of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    slots: Row
    names: tuple[Names, ...]
    """Of each slot; nothing for a copy of a merged cell."""

    def texts(self) -> list[str]:
        """Return the texts of the cells that begin here and are not blank."""
        return [slot.text for slot in self.slots if slot.first and slot.text]

    def values_only(self, width: int) -> tuple[Slot, ...] | None:
        """Return the last ``width`` slots of a line that has numbers, but no words; else None.

        Such a line holds the values of the row above where a page break has cut that row.
        """
        left, right = self.slots[:-width], self.slots[-width:]
        texts = self.texts()
        told = width and any(map(is_number, texts)) and not any(map(is_words, texts))
        return right if told and len(right) == width and not any(s.text for s in left) else None

    def right_of(self, place: int) -> list[Slot]:
        """Return the slots after the cell at ``place``."""
        cell = self.slots[place].cell
        return [slot for slot in self.slots[place + 1 :] if slot.cell is not cell]


Sheet = Sequence[Line]


def sheets_of(tables: Iterable[Sequence[Row]], known: Forms) -> list[Sheet]:
    """Return the tables that hold any words of the form, line by line."""
    return [[line_of(row, known) for row in rows] for rows in tables if _is_one(rows, known)]


def _is_one(rows: Sequence[Row], known: Forms) -> bool:
    """Whether rows may hold a table of the form: its words, and no more than a page has."""
    if sum(map(len, rows)) > _MOST_CELLS:
        return False
    texts = [slot.text for row in rows for slot in row if slot.first and slot.text]
    return len(texts) <= _MOST_TEXTS and is_about(known, texts)


def turned(sheet: Sheet, known: Forms) -> Sheet | None:
    """Return a table with its columns as rows; None where it is no small rectangle."""
    width = len(sheet[0].slots) if sheet else 0
    small = 1 < width <= _LARGEST and 1 < len(sheet) <= _LARGEST
    if not small or any(len(line.slots) != width for line in sheet):
        return None
    return [line_of(row, known) for row in zip(*(line.slots for line in sheet), strict=True)]


def line_of(row: Row, known: Forms) -> Line:
    """Return a row with its names; a label that was cut into several cells is one cell."""
    names = [
        names_of(known, slot.text) if slot.first and not slot.text.isascii() else NOTHING
        for slot in row
    ]
    slots = list(row)
    open_ = [n for n, slot in enumerate(row) if _is_part(slot, names[n])]
    place = open_[0] if open_ else len(slots)
    while place < len(slots):
        joined = _joined(slots, names, place, known)
        if joined is not None:
            text, stop = joined
            slots[place:stop] = [Slot(Cell(text))]
            names[place:stop] = [names_of(known, text)]
        place += 1
    return Line(tuple(slots), tuple(names))


def _joined(
    slots: Sequence[Slot], names: Sequence[Names], start: int, known: Forms
) -> tuple[str, int] | None:
    """Return the label that the cells from ``start`` on make together, and where they end."""
    if not _is_part(slots[start], names[start]):
        return None
    text = slots[start].text
    for stop in range(start + 2, min(start + _MOST_PARTS, len(slots)) + 1):
        part = slots[stop - 1]
        if not part.first or not part.text or not is_words(part.text):
            return None
        text += part.text
        if len(text) > LONGEST_LABEL:
            return None
        if is_spelled(known, text):
            return text, stop
    return None


def _is_part(slot: Slot, names: Names) -> bool:
    """Whether a cell may hold a part of a label: short words that name nothing."""
    text = slot.text
    wordy = names is NOTHING and not text.isascii() and len(text) <= _LONGEST_PART
    return wordy and slot.first and is_words(text)


@lru_cache(maxsize=4096)
def is_words(text: str) -> bool:
    """Whether a cell holds words, not a value, a blank or 无."""
    if not _HAN.search(text):
        return False
    return parse_value(text).number is None and not is_blank(text)


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    return parse_value(text).number is not None


def last_row(line: Line) -> tuple[int, Term] | None:
    """Return where the last label of a row of Table III stands, and the row."""
    for place in range(len(line.slots) - 1, -1, -1):
        if (term := line.names[place].row) is not None:
            return place, term
    return None


def is_applicants(line: Line) -> bool:
    """Whether a row is a header line of Table III; 其他 or 总计 alone may also open a row."""
    headers = [n for n, names in enumerate(line.names) if names.of_requests]
    if len(headers) != 1:
        return bool(headers)
    opens = line.names[headers[0]].row is not None and len(line.right_of(headers[0])) >= _ROW
    return not opens and not any(is_number(text) for text in line.texts())


def is_review(line: Line) -> bool:
    """Whether a row is a header line of Table IV, or a line of it with a label."""
    return any(names.of_review for names in line.names)
