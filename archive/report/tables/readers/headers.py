"""The header lines of Table II, and which texts of a row stand under which header."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.report.tables.forms import Term
from archive.report.tables.grid import Slot
from archive.report.tables.readers import layout
from archive.report.tables.readers.sheet import Line

Under = tuple[tuple["Column", str], ...]
"""The texts of a row with their columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One header: its term, None where the form does not know it, and where it stands."""

    term: Term | None
    text: str
    places: frozenset[int] = frozenset()

    @property
    def id(self) -> str:
        """The column's id; the header as found where the form does not know it."""
        return self.term.id if self.term else self.text.strip()


@dataclass(frozen=True, slots=True)
class ActiveHead:
    """A header line, the unit of money in the caption above, and the item it was first used for."""

    columns: tuple[Column, ...] = ()
    width: int = 0
    unit: str | None = None
    item: str | None = None


def head_of(line: Line, unit: str | None) -> ActiveHead:
    """Return the header cells after the words that open the line (信息内容)."""
    opening = [n for n, names in enumerate(line.names) if names.opens]
    named = [n for n, names in enumerate(line.names) if names.column]
    start = opening[0] + 1 if opening else named[0]
    columns: dict[str, Column] = {}
    for slot, names in zip(line.slots[start:], line.names[start:], strict=True):
        if slot.first and slot.text and not names.opens:
            places = frozenset(n for n, s in enumerate(line.slots) if s.cell is slot.cell)
            column = Column(names.column, slot.text, places)
            # A header merged over several columns comes out of converters as often as these.
            met = columns.get(column.id)
            columns[column.id] = replace(met, places=met.places | places) if met else column
    return ActiveHead(tuple(columns.values()), len(line.slots), unit)


def own_texts(under: Under | None, term: Term) -> Under | None:
    """Return the texts without blanks in columns of other rows; None where texts stand in them."""
    own = {column for _, ids in term.columns for column in ids}
    foreign = {c.id: text for c, text in under or () if c.term and c.id not in own}
    if any(foreign.values()):
        return None
    return tuple(pair for pair in under or () if pair[0].id not in foreign) or None


def by_number(columns: Sequence[Column], cells: Sequence[Slot]) -> Under | None:
    """Return the cells with their columns where they are as many."""
    if len(cells) != len(columns):
        return None
    return paired(list(zip(columns, (slot.text for slot in cells), strict=True)))


def by_place(columns: Sequence[Column], slots: dict[int, Slot]) -> Under | None:
    """Return the texts that stand under the headers; None where one stands under several."""
    under = [tuple(slots[n] for n in sorted(c.places & slots.keys())) for c in columns]
    values = layout.merged(under)
    covered = frozenset().union(*(column.places for column in columns))
    outside = any(slot.text for n, slot in slots.items() if n not in covered)
    if values is None or outside:
        return None
    return paired(list(zip(columns, (slot.text for slot in values), strict=True)))


def by_window(columns: Sequence[Column], slots: Sequence[Slot]) -> Under | None:
    """Return the texts where only blanks are too many and there is one way to leave them out."""
    choices = {
        tuple(slot.text for slot in values): values
        for values in layout.windows(slots, len(columns))
    }
    if len(choices) != 1:
        return None
    return paired(list(zip(columns, next(iter(choices)), strict=True)))


def paired(pairs: list[tuple[Column, str]]) -> Under | None:
    """Return the pairs where no column stands twice with different texts."""
    told: dict[str, str] = {}
    for column, text in pairs:
        if told.setdefault(column.id, text) != text:
            return None
    return tuple(pairs)
