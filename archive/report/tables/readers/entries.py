"""The rows of Table III in the order met: labels, the lines they stand in and their header lines.

A row that a page break has cut is one row; a label that has lost letters is known by its place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.report.tables.forms import Forms, Term
from archive.report.tables.grid import Slot
from archive.report.tables.labels import NOTHING, names_of, words
from archive.report.tables.readers import layout
from archive.report.tables.readers.heads import Head, head_of
from archive.report.tables.readers.layout import Values
from archive.report.tables.readers.sheet import (
    Line,
    Sheet,
    is_applicants,
    is_number,
    is_review,
    is_words,
    last_row,
)


@dataclass(slots=True)
class Entry:
    """One row: its label, where it stands, and the values where they could be placed."""

    label: str
    sheet: int
    line: Line
    place: int
    head: Head
    row: str | None
    """None: the form has no such row."""
    values: Values | None = None

    @property
    def slots(self) -> list[Slot]:
        """The cells right of the label."""
        return layout.values_right_of(self.line.right_of(self.place), 0)

    def said(self) -> tuple[str, ...]:
        """Return the texts of the values."""
        return tuple(slot.text for slot in self.values or self.slots)


def entries_of(sheets: Sequence[Sheet], known: Forms) -> list[Entry]:
    """Return the rows, their values not yet placed; unknown rows only where they have numbers."""
    return _named(_whole(list(_entries(sheets, known)), known), known)


def _entries(sheets: Sequence[Sheet], known: Forms) -> Iterator[Entry]:
    """Yield the rows of the table in the order met."""
    inside = False
    head, above = Head(), list[Line]()
    last: Entry | None = None
    for number, line in ((n, line) for n, sheet in enumerate(sheets) for line in sheet):
        if is_review(line) and not _is_row(line):
            inside, above, last = False, [], None
        elif is_applicants(line):
            above.append(line)
        else:
            if above:
                head, above = head_of(above, known), []
                inside = inside or len(head.order) > 1
            if (found := _label(line, known, inside=inside)) is not None:
                place, row = found
                inside = True
                last = Entry(line.slots[place].text, number, line, place, head, row)
                yield last
            elif last is not None and (values := _continued(last, line)) is not None:
                yield replace(values, sheet=number)


def _continued(last: Entry, line: Line) -> Entry | None:
    """Return the row whose numbers stand in a line without a label, below its own blank line, or
    a row without a label where that has numbers; None where the line has none."""
    slots = last.line.right_of(last.place)
    values = line.values_only(len(slots))
    if values is None:
        return None
    label = last.line.slots[: last.place + 1]
    whole = Line((*label, *values), (*last.line.names[: last.place + 1], *[NOTHING] * len(values)))
    is_cut = not any(slot.text for slot in slots)
    named = replace(last, line=whole)
    return named if is_cut else replace(named, label="", row=None)


def _is_row(line: Line) -> bool:
    """Whether a line is a row of Table III for certain: 其他 and 总计 stand in Table IV too."""
    found = last_row(line)
    return found is not None and line.names[found[0]].outcome is None


def _label(line: Line, known: Forms, *, inside: bool) -> tuple[int, str | None] | None:
    """Return where the label of a row stands, and the row; None where the line is no row.

    其他 and 总计 without a number are rows only inside the table. A line that looks like a row of
    it, but has a label that the form does not know, has no row id.
    """
    found = last_row(line)
    if found is not None:
        place, term = found
        sole_word = line.names[place].applicant is not None
        return (place, term.id) if line.right_of(place) and (inside or not sole_word) else None
    named = [n for n, slot in enumerate(line.slots) if slot.first and is_words(slot.text)]
    if not inside or not named or line.names[named[-1]].opens:
        return None
    wide = len(line.right_of(named[-1])) >= len(known.applicants)
    return (named[-1], None) if wide else None


def _whole(entries: Sequence[Entry], known: Forms) -> list[Entry]:
    """Return the rows, one where a page break cut one into two; without unknown blank ones."""
    whole: list[Entry] = []
    for entry in entries:
        joined = _joined(whole[-1], entry, known) if whole and entry.row is None else None
        if joined is not None:
            whole[-1] = joined
        else:
            whole.append(entry)
    return [entry for entry in whole if entry.row or any(is_number(t) for t in entry.said())]


def _joined(first: Entry, second: Entry, known: Forms) -> Entry | None:
    """Return the row whose label stands half in each, and its values in one of them; else None."""
    label = first.label + second.label
    filled = [entry for entry in (first, second) if any(entry.said())]
    term = names_of(known, label).row
    if term is None or len(filled) > 1:
        return None
    if first.row is not None and words(label) not in {words(t) for t in _spellings(term)}:
        return None
    return replace(filled[0] if filled else second, label=label, row=term.id)


def _named(entries: Sequence[Entry], known: Forms) -> list[Entry]:
    """Return the rows, those whose label has lost letters (3.其) named by their place in the form:
    between two rows that are next to one another but for one, whose label holds these letters."""
    rows = {term.id: n for n, term in enumerate(known.request_rows)}
    met = {entry.row for entry in entries}
    own = {term.forms for term in known.request_rows if term.id in met and len(term.forms) == 1}
    named = list(entries)
    for n, entry in enumerate(entries):
        if entry.row is not None or not 0 < n < len(entries) - 1:
            continue
        above, below = (rows.get(named[n + step].row or "") for step in (-1, 1))
        if above is None or below is None:
            continue
        said = words(entry.label)
        between = [
            term.id
            for term in known.request_rows[above + 1 : below]
            if term.id not in met
            and (len(term.forms) > 1 or not own or term.forms in own)
            and said
            and any(said in words(spelling) for spelling in _spellings(term))
        ]
        if len(between) == 1:
            named[n] = replace(entry, row=between[0])
    return named


def _spellings(term: Term) -> tuple[str, ...]:
    return (term.label, *term.variants)
