"""Table II (主动公开政府信息情况).

It has no sums, so nothing is taken that header and label do not say. A header line holds for the
rows below it up to the next caption (第二十条第（五）项). Where a header line is missing, the place
of the numbers counts, if they are exactly as many as the form has columns for the row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.records import Cells, Form
from archive.report.tables.cells import Value, parse_change, parse_count, parse_money, unit_in
from archive.report.tables.forms import Forms, Term
from archive.report.tables.grid import Slot
from archive.report.tables.readers import layout
from archive.report.tables.readers.found import CHANGE, MONEY, Found
from archive.report.tables.readers.headers import (
    ActiveHead,
    Column,
    Under,
    by_number,
    by_place,
    by_window,
    head_of,
    own_texts,
    paired,
)
from archive.report.tables.readers.sheet import Line, Sheet, is_number, is_review, last_row

_FEWEST = 2
"""Rows that make a table where neither caption nor header says that it is one."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row: its term and the texts with their columns, None where these are not known."""

    term: Term
    label: str
    slots: tuple[Slot, ...]
    head: ActiveHead
    under: Under | None
    is_counted: bool = False
    """No header tells the columns, but the number of texts."""
    starts: tuple[int, ...] = ()
    """Where the values can begin, where the row has more slots than the header columns."""

    def said(self) -> dict[str, str]:
        """Return the texts by column, by their place where the columns are not known."""
        if self.under is None:
            return {str(n): slot.text.strip() for n, slot in enumerate(self.slots, 1)}
        return {column.id: text.strip() for column, text in self.under}

    def is_blank(self) -> bool:
        """Whether no text stands in it."""
        return not any(self.said().values())


def read_active(sheets: Sequence[Sheet], known: Forms, form: Form | None = None) -> Found | None:
    """Return Table II; None where no row of it has values.

    ``form`` is what Table III says, used where Table II has no header that tells.
    """
    entries = [entry for sheet in sheets for entry in _sheet_entries(sheet)]
    headers = [c.term for entry in entries for c in entry.head.columns if c.term]
    own = form_of(headers)
    under_headers = [entry for entry in entries if entry.under is not None]
    others = [_by_count(entry, own or form, known) for entry in entries if entry.under is None]
    chosen: dict[str, _Entry] = {}
    differing = False
    for entry in (*under_headers, *sorted(others, key=lambda entry: entry.under is None)):
        met = chosen.get(entry.term.id)
        if met is None or met.is_blank():
            chosen[entry.term.id] = entry
        elif not entry.is_blank() and entry.is_counted == met.is_counted:
            differing = differing or (entry.under is not None and met.said() != entry.said())
    if not headers and all(entry.under is None for entry in chosen.values()):
        return None
    open_ = {row for row, entry in chosen.items() if entry.under is None}
    unplaced = frozenset(row for row in open_ if not chosen[row].is_blank())
    lost = unplaced or open_ == chosen.keys() or any(map(_has_another, chosen.values()))
    readings = 0 if lost else 2 if differing else 1
    table = {row: _cells(entry) for row, entry in chosen.items()}
    return Found(table, {r: e.said() for r, e in chosen.items()}, own, readings, unplaced)


def _has_another(entry: _Entry) -> bool:
    """Whether a number stands in a column that the form does not have, and one of its own columns
    is missing (2019年项目数量 in the place of 上一年项目数量)."""
    pairs = entry.under or ()
    told = {column.id for column, _ in pairs if column.term}
    others = any(is_number(text) for column, text in pairs if column.term is None)
    return others and all(not set(ids) <= told for _, ids in entry.term.columns)


def form_of(terms: Sequence[Term]) -> Form | None:
    """Return the form that terms belonging to one form only speak for; None: undecided."""
    votes = [term.forms[0] for term in terms if len(term.forms) == 1]
    old, new = votes.count("2019"), votes.count("2021")
    return None if old == new else "2019" if old > new else "2021"


def _sheet_entries(sheet: Sheet) -> list[_Entry]:
    """Return the rows of one table; none where it has one row alone and no header."""
    entries = list(_entries(sheet))
    titled = any(names.item or names.opens for line in sheet for names in line.names)
    alone = len(entries) < _FEWEST and not titled
    entries = [e for e in entries if e.under is not None or e.head.columns or not alone]
    told = {_width(e): e.starts[0] for e in entries if len(e.starts) == 1}
    return [_begun(entry, told.get(_width(entry))) for entry in entries]


def _width(entry: _Entry) -> tuple[int, int]:
    return len(entry.slots), len(entry.head.columns)


def _begun(entry: _Entry, start: int | None) -> _Entry:
    """Return a row whose values may begin in several places with them where those of other rows of
    its length begin."""
    if entry.under is not None or start not in entry.starts:
        return entry
    columns = entry.head.columns
    texts = [slot.text for slot in entry.slots[start : start + len(columns)]]
    return replace(
        entry, under=own_texts(paired(list(zip(columns, texts, strict=True))), entry.term)
    )


def _entries(sheet: Sheet) -> Iterator[_Entry]:
    head = ActiveHead()
    last: _Entry | None = None
    for line in sheet:
        if last is not None and last.is_blank():
            values = line.values_only(len(last.slots))
            if values is not None:
                yield _with_values(last, values)
        rows = [(n, names.active) for n, names in enumerate(line.names) if names.active]
        if _is_header(line):
            head = head_of(line, head.unit)
            continue
        if captions := [s.text for s, n in zip(line.slots, line.names, strict=True) if n.item]:
            head = ActiveHead(unit=unit_in(" ".join(captions)))
        elif is_review(line) or last_row(line) is not None:
            head = ActiveHead()
        stops = [*(place for place, _ in rows[1:]), len(line.slots)]
        for (place, term), stop in zip(rows, stops, strict=False):
            entry = _entry(line, place, stop, term, head)
            if entry is not None:
                head = replace(head, item=head.item or term.item)
                last = entry
                yield entry


def _with_values(entry: _Entry, values: tuple[Slot, ...]) -> _Entry:
    """Return a row whose values stand in the line below it, since a page break has cut it."""
    under = None
    if entry.under is not None:
        columns = [column for column, _ in entry.under]
        under = by_number(columns, values) or by_window(columns, values)
    return replace(entry, slots=values, under=under)


def _is_header(line: Line) -> bool:
    named = any(names.column for names in line.names)
    return named and not any(is_number(text) for text in line.texts())


def _entry(line: Line, place: int, stop: int, term: Term, head: ActiveHead) -> _Entry | None:
    """Return the row whose label stands at ``place`` and whose values end at ``stop``."""
    cell = line.slots[place].cell
    places = [n for n in range(place + 1, stop) if line.slots[n].cell is not cell]
    slots = [line.slots[n] for n in places]
    if not slots:
        return None
    aligned = head.width == len(line.slots)
    columns = [c for c in head.columns if not aligned or c.places & set(places)]
    cells = tuple(slot for slot in slots if slot.first)
    under = None
    starts: list[int] = []
    if any(column.term for column in columns):
        under = by_number(columns, cells)
        if under is None and aligned:
            under = by_place(columns, dict(zip(places, slots, strict=True)))
        if under is None:
            under = by_window(columns, slots)
        starts = layout.starts(slots, len(columns))
        under = own_texts(under, term)
    if under is None and head.item not in (None, term.item):
        head = ActiveHead(unit=head.unit)
    shown = tuple(slots) if starts else cells
    return _Entry(term, line.slots[place].text, shown, head, under, starts=tuple(starts))


def _by_count(entry: _Entry, form: Form | None, known: Forms) -> _Entry:
    """Return a row without a header with its columns, where the numbers are as many as these."""
    if entry.under is not None or entry.head.columns or form is None:
        return entry
    ids = entry.term.columns_in(form)
    texts = [slot.text for slot in entry.slots]
    while len(texts) > len(ids) and not texts[-1]:
        texts.pop()
    if not ids or len(texts) != len(ids):
        return entry
    terms = [t for t in known.active_columns if form in t.forms]
    columns = [Column(next(t for t in terms if t.id == name), name) for name in ids]
    return replace(entry, under=tuple(zip(columns, texts, strict=True)), is_counted=True)


def _cells(entry: _Entry) -> Cells:
    return {
        column.id: _value(column, text, entry).number
        for column, text in entry.under or ()
        if column.term
    }


def _value(column: Column, text: str, entry: _Entry) -> Value:
    if column.id == MONEY:
        unit = unit_in(entry.label) or unit_in(column.text) or entry.head.unit or "万元"
        return parse_money(text, unit)
    return parse_change(text) if column.id == CHANGE else parse_count(text)
