"""Table III (收到和处理政府信息公开申请情况).

Rows are known by their labels, columns by the header lines or, where these say nothing else, by
their place. A row whose values cannot be placed is kept as text only, and so is a row that the form
does not have.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from archive.records import Cells, Form
from archive.report.tables.cells import is_blank
from archive.report.tables.forms import Forms
from archive.report.tables.readers import layout
from archive.report.tables.readers.entries import Entry, entries_of
from archive.report.tables.readers.found import Found, Raw
from archive.report.tables.readers.heads import ABSENT, Head
from archive.report.tables.readers.layout import Values
from archive.report.tables.readers.sheet import Sheet, is_number

_WHOLE_ENOUGH = 0.5
"""Part of the largest table's rows that makes another one a table and no remainder."""
_MOST_MENDED = 2
_IN, _OUT, _HANDLED = ("new_requests", "carried_over_in"), "carried_over_out", "handled_total"
# The rows that are one, (六)其他处理, in the form of 2019 and three in that of 2021.
_OLD, _NEW = "other_total", frozenset(("other_no_correction", "other_fee_unpaid", "other_other"))


@dataclass(slots=True)
class _Instance:
    """One table as it stands in the document."""

    rows: dict[str, Entry] = field(default_factory=dict)
    others: list[Entry] = field(default_factory=list)

    def read(self) -> dict[str, tuple[str, ...]]:
        """Return the texts of the rows that could be placed."""
        return {row: entry.said() for row, entry in self.rows.items() if entry.values is not None}

    def says_numbers(self) -> bool:
        """Whether it has rows, and these hold numbers or nothing, not words."""
        texts = [text for entry in self.rows.values() for text in entry.said()]
        return any(map(is_number, texts)) or (bool(self.rows) and all(map(is_blank, texts)))


def read_requests(sheets: Sequence[Sheet], known: Forms) -> Found | None:
    """Return Table III; None where the document has no row of it."""
    entries = entries_of(sheets, known)
    _place(entries, known)
    instances = _instances(_tables_only(entries))
    best = max(instances, key=lambda instance: len(instance.read()))
    if not best.says_numbers():
        return None
    _drop_group(best)
    _mend(best, known)
    _drop_cut(best, known)
    table = {row: _cells(entry, known) for row, entry in best.rows.items()}
    raw: Raw = {row: _raw(entry, known) for row, entry in best.rows.items()}
    for entry in best.others:
        raw.setdefault(entry.label, _raw(entry, known))
    unplaced = frozenset(r for r, e in best.rows.items() if e.values is None and any(e.said()))
    missing = not any(
        set(known.request_rows_of(form)) <= best.rows.keys() for form in ("2021", "2019")
    )
    is_lost = unplaced or not best.read() or (missing and best.others)
    readings = 0 if is_lost else _count(instances, best)
    return Found(table, raw, requests_form(table), readings, unplaced)


def _place(entries: Sequence[Entry], known: Forms) -> None:
    for entry in entries:
        entry.values = layout.placed(entry.line, entry.place, entry.head, known)
    open_ = [entry for entry in entries if entry.values is None]
    rows = [(entry.line.right_of(entry.place), entry.head) for entry in open_]
    for entry, values in zip(open_, layout.settled(rows, known.applicant_ids), strict=True):
        entry.values = values


def _tables_only(entries: list[Entry]) -> list[Entry]:
    """Return the rows without those of tables that name rows of the form, but have other columns
    (办理结果 and 件数), where there are tables that have its columns."""
    told = {entry.sheet for entry in entries if entry.row and entry.values is not None}
    return [entry for entry in entries if not told or entry.sheet in told]


def _instances(entries: Sequence[Entry]) -> list[_Instance]:
    """Return the tables that the rows make: another begins where a row comes again that says
    something else, below other header lines, in another sheet or at the top of the form."""
    found = [_Instance()]
    before: tuple[int, Head] | None = None
    for entry in entries:
        here = found[-1]
        if entry.row is None:
            here.others.append(entry)
            continue
        met = here.rows.get(entry.row)
        if met is None or not any(met.said()):
            here.rows[entry.row] = entry
        elif any(entry.said()) and met.said() != entry.said():
            if entry.row in _IN or (entry.sheet, entry.head) != before:
                found.append(_Instance({entry.row: entry}))
            else:
                here.others.append(entry)
        before = entry.sheet, entry.head
    return found


def _drop_group(best: _Instance) -> None:
    """Take (六)其他处理 for the sum of its rows, which the form does not have, where these stand
    below it."""
    if _OLD in best.rows and best.rows.keys() & _NEW:
        group = best.rows.pop(_OLD)
        if any(group.said()):
            best.others.append(replace(group, row=None))


def _drop_cut(best: _Instance, known: Forms) -> None:
    """Take the last row for missing where the document ends inside it."""
    rows = list(best.rows)
    last = best.rows[rows[-1]]
    order = [term.id for term in known.request_rows]
    is_last = all(order.index(row) <= order.index(rows[-1]) for row in rows)
    short = len(last.said()) < len(known.applicants)
    if last.values is None and short and is_last and rows[-1] != order[-1]:
        del best.rows[rows[-1]]


def _count(instances: Sequence[_Instance], best: _Instance) -> int:
    """Return how many different tables there are; what is left of one over a page is none."""
    mine = best.read()
    others = [instance.read() for instance in instances if instance is not best]
    rivals = {
        tuple(other.items())
        for other in others
        if len(other) >= _WHOLE_ENOUGH * len(mine)
        and any(mine[row] != said for row, said in other.items() if row in mine)
    }
    return 1 + len(rivals)


def _mend(best: _Instance, known: Forms) -> None:
    """Place the rows that have a cell too many or too few, where the sums leave one choice."""
    rows = known.request_rows_of("2019" if _OLD in best.rows else "2021")
    odd = [entry for entry in best.rows.values() if entry.values is None]
    if not 0 < len(odd) <= _MOST_MENDED or set(rows) != best.rows.keys():
        return

    def holds(picked: Sequence[Values]) -> bool:
        chosen = dict(zip(map(id, odd), picked, strict=True))
        values = {row: chosen.get(id(e)) or e.values for row, e in best.rows.items()}
        return _columns_hold({row: cells for row, cells in values.items() if cells})

    slots = [entry.line.right_of(entry.place) for entry in odd]
    mended = layout.mended(slots, len(known.applicants), holds)
    for entry, values in zip(odd, mended or (), strict=False):
        entry.values = values


def _columns_hold(rows: dict[str, Values]) -> bool:
    """Whether the sums of every column hold: see :mod:`archive.report.tables.checks`."""
    numbers = {
        row: [n or 0 for n in layout.counts([slot.text for slot in values])]
        for row, values in rows.items()
    }
    outcomes = [row for row in numbers if row not in (*_IN, _HANDLED, _OUT)]
    return all(
        sum(numbers[row][n] for row in outcomes) == numbers[_HANDLED][n]
        and numbers[_IN[0]][n] + numbers[_IN[1]][n] == numbers[_HANDLED][n] + numbers[_OUT][n]
        for n in range(len(numbers[_HANDLED]))
    )


def _cells(entry: Entry, known: Forms) -> Cells:
    """Return the values of a row; none where they could not be placed."""
    if entry.values is None:
        return dict.fromkeys(known.applicant_ids)
    return dict(zip(known.applicant_ids, layout.counts(entry.said()), strict=True))


def _raw(entry: Entry, known: Forms) -> dict[str, str]:
    """Return the texts by column; by their place where the columns are not known."""
    placed = entry.row is not None and entry.values is not None
    columns = known.applicant_ids if placed else map(str, count(1))
    slots = entry.values if placed and entry.values else entry.slots
    pairs = zip(columns, slots, strict=False)
    return {column: slot.text.strip() for column, slot in pairs if slot is not ABSENT}


def requests_form(rows: Container[str]) -> Form | None:
    """Return the form that has rows of these ids; None: both have them."""
    is_new = any(row in rows for row in _NEW)
    return "2021" if is_new else "2019" if _OLD in rows else None
