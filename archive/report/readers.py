"""Rows of cells read as the three standard tables.

It does not matter where the rows come from (a grid of HTML, piped text). Rows are known by their
labels, columns by their headers or, in Tables III and IV, by their place; a row whose values
cannot be placed is kept as raw text only, and so is a row with an unknown label.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.records import Cells, Form, Table
from archive.report.cells import is_blank, parse_count, parse_money, parse_value, squeeze
from archive.report.chars import simplified
from archive.report.forms import Forms, Term, find_term, words
from archive.report.grid import Row, Slot
from archive.report.windows import place, spread, window

Raw = dict[str, dict[str, str]]
MONEY = "amount_10k_cny"
# Headers that only Table IV has.
_REVIEW = frozenset(("行政复议", "行政法复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"))


@dataclass(frozen=True, slots=True)
class Found:
    """One table as found: its cells, the texts, and what the labels say of the form."""

    table: Table
    raw: Raw
    form: Form | None = None
    readings: int = 1
    """How many different tables of this kind stand in the document; 0: no row could be placed."""
    unplaced: frozenset[str] = frozenset()
    """Rows that were found, but whose texts are not as many as the columns."""


@dataclass(slots=True)
class _Entries:
    """Labelled rows in the order met, each with the slots to the right of its label."""

    rows: list[tuple[str, Sequence[Slot]]] = field(default_factory=list)
    unknown: list[tuple[str, Sequence[Slot]]] = field(default_factory=list)


def label_kind(known: Forms, text: str) -> str | None:
    """Return what kind of label ``text`` is: caption, header or row; None: it is a value."""
    bare = words(text)
    if caption_item(text) is not None:
        return "caption"
    headers = {known.active_header, *known.review_headers, *known.applicant_headers}
    if bare in headers or find_term(known.active_columns, text):
        return "header"
    groups = {words(label) for label in known.request_groups}
    rows = (known.request_rows, known.active_rows)
    if bare in groups or any(find_term(terms, text) for terms in rows):
        return "row"
    return None


def caption_item(text: str) -> str | None:
    """Return the item of 条例第二十条 that a caption of Table II names (一, 五, …), else None."""
    bare = simplified(squeeze(text))
    start = bare.rfind("第")
    if len(bare) > 24 or start < 0 or not bare.endswith("项"):
        return None
    return bare[start + 1 : -1].strip("()") or None


def read_active(rows: Iterable[Row], known: Forms) -> Found | None:
    """Return Table II (主动公开); None where no row of it has values under known headers."""
    table: Table = {}
    raw: Raw = {}
    columns: list[tuple[str, str]] = []
    differing: set[str] = set()
    unplaced: set[str] = set()
    headers: list[Term] = []
    for row in rows:
        captions = [slot for slot in row if slot.first and caption_item(slot.text)]
        if captions or _opens_requests(row, known):
            columns = []
        terms = [find_term(known.active_columns, s.text) for s in row if s.first]
        if any(terms):
            headers += [term for term in terms if term]
            columns = _active_columns(row, known)
            continue
        label = _last_label(row, known, known.active_rows)
        if label is None or not columns or not label[1]:
            continue
        term, slots = label
        values = spread(slots, len(columns)) or window(slots, len(columns))
        said, cells = _active_cells(values or slots, columns, placed=values is not None)
        if table.get(term.id, cells) != cells and any(raw[term.id].values()):
            differing.add(term.id)
            continue
        table[term.id], raw[term.id] = cells, said
        unplaced |= {term.id} if values is None else set()
    if not table:
        return None
    readings = 0 if unplaced >= table.keys() else 2 if differing else 1
    return Found(table, raw, _form_of(headers), readings, frozenset(unplaced))


def _opens_requests(row: Row, known: Forms) -> bool:
    return _last_label(row, known, known.request_rows[:2]) is not None


def _active_columns(row: Row, known: Forms) -> list[tuple[str, str]]:
    """Return (column id or header as found, unit) for the header cells of a row."""
    cells = [slot.text for slot in row if slot.first and slot.text]
    opening = [words(text) == known.active_header for text in cells]
    named = [find_term(known.active_columns, text) is not None for text in cells]
    start = opening.index(True) + 1 if True in opening else named.index(True)
    found = []
    for text in cells[start:]:
        term = find_term(known.active_columns, text)
        bare = simplified(squeeze(text))
        in_yuan = "元" in bare and "万元" not in bare
        found.append((term.id if term else text, "元" if in_yuan else "万元"))
    return found


def _active_cells(
    slots: Sequence[Slot], columns: Sequence[tuple[str, str]], *, placed: bool
) -> tuple[dict[str, str], Cells]:
    raw: dict[str, str] = {}
    cells: Cells = {}
    for slot, (column, unit) in zip(slots, columns, strict=False):
        value = parse_money(slot.text, unit) if column == MONEY else parse_count(slot.text)
        raw[column] = value.raw
        if column.isascii():
            cells[column] = value.number if placed else None
    return raw, cells


def read_requests(rows: Iterable[Row], known: Forms) -> Found | None:
    """Return Table III (依申请公开); None where no row of it has seven values."""
    entries = _request_entries(rows, known)
    columns = known.applicant_ids
    placed = place([slots for _, slots in entries.rows], len(columns))
    instances: list[tuple[Table, Raw]] = [({}, {})]
    for (row, slots), values in zip(entries.rows, placed, strict=True):
        cells, said = _request_cells(values or slots[: len(columns)], columns, bool(values))
        table, _ = instances[-1]
        if row in table:
            if not any(said.values()) or table[row] == cells:
                continue
            if any(instances[-1][1][row].values()):
                instances.append(({}, {}))
        instances[-1][0][row], instances[-1][1][row] = cells, said
    table, raw = max(instances, key=lambda pair: len(pair[0]))
    if not table:
        return None
    for label, slots in entries.unknown:
        if label not in raw:
            raw[label] = _request_cells(slots, columns, placed=False)[1]
    different = {repr(sorted(t.items())) for t, _ in instances if len(t) == len(table)}
    shape = [row for row in known.request_rows if row.id in table]
    unplaced = {row for (row, _), values in zip(entries.rows, placed, strict=True) if not values}
    readings = 0 if unplaced >= table.keys() else len(different)
    return Found(table, raw, _form_of(shape), readings, frozenset(unplaced))


def _request_entries(rows: Iterable[Row], known: Forms) -> _Entries:
    entries = _Entries()
    inside = False
    for row in rows:
        bare = {words(slot.text) for slot in row if slot.first} - {""}
        if bare & _REVIEW:
            inside = False
        if bare & set(known.applicant_headers):
            continue
        label = _last_label(row, known, known.request_rows)
        if label is None:
            if inside and (unknown := _unknown(row, known)):
                entries.unknown.append(unknown)
            continue
        term, slots = label
        sole_word = words(term.label) in {words(c.label) for c in known.applicants}
        if not slots or (sole_word and not inside):
            continue
        inside = True
        entries.rows.append((term.id, slots))
    return entries


def _unknown(row: Row, known: Forms) -> tuple[str, Sequence[Slot]] | None:
    """Return the label and values of a row that looks like one of the table but is not known."""
    named = [n for n, slot in enumerate(row) if slot.first and _is_words(slot.text)]
    if not named or words(row[named[-1]].text) in known.review_headers:
        return None
    slots = [slot for slot in row[named[-1] + 1 :] if slot.cell is not row[named[-1]].cell]
    numbers = [slot for slot in slots if parse_value(slot.text).number is not None]
    wide = len(slots) >= len(known.applicants)
    return (row[named[-1]].text, slots[: len(known.applicants)]) if wide and numbers else None


def _request_cells(
    slots: Sequence[Slot], columns: Sequence[str], placed: bool
) -> tuple[Cells, dict[str, str]]:
    """Return the values and texts of a row; no values where they could not be placed."""
    values = [parse_count(slot.text) for slot in slots]
    if not placed:
        return dict.fromkeys(columns), {
            column: value.raw for column, value in zip(columns, values, strict=False)
        }
    pairs = list(zip(columns, values, strict=True))
    return {c: v.number for c, v in pairs}, {c: v.raw for c, v in pairs}


def read_review(rows: Iterable[Row], known: Forms) -> Found | None:
    """Return Table IV (行政复议、行政诉讼): fifteen values after the header lines, by place.

    A table split over two is put together. None where fifteen values are not found.
    """
    wide, route = len(known.routes) * len(known.outcomes), len(known.outcomes)
    inside = False
    parts: list[Slot] = []
    lines: list[list[Slot]] = []
    for row in rows:
        named = [n for n, slot in enumerate(row) if words(slot.text) in known.review_headers]
        if _REVIEW & {words(row[n].text) for n in named}:
            inside = True
        elif _opens_requests(row, known):
            inside = False
        slots = [slot for slot in row[named[-1] + 1 if named else 0 :] if slot.first]
        slots = slots[1:] if slots and _is_words(slots[0].text) else slots
        if not inside or any(_is_words(slot.text) for slot in slots):
            continue
        if line := window(slots, wide):
            lines.append(line)
            inside = not any(slot.text for slot in line)
        elif not named and len(slots) in (route, wide - route):
            parts += slots
    if len(parts) == wide:
        lines.append(parts)
    said = [line for line in lines if any(slot.text for slot in line)] or lines
    if not said:
        return None
    table: Table = {}
    raw: Raw = {}
    for n, name in enumerate(known.route_ids):
        part = said[0][n * route : (n + 1) * route]
        table[name], raw[name] = _request_cells(part, known.outcome_ids, placed=True)
    different = {tuple(parse_value(slot.text).number for slot in line) for line in said}
    return Found(table, raw, None, len(different))


def _last_label(row: Row, known: Forms, terms: tuple[Term, ...]) -> tuple[Term, list[Slot]] | None:
    """Return the last label of a row and the slots right of it; None where no cell is a label."""
    for n in range(len(row) - 1, -1, -1):
        if row[n].first and (term := find_term(terms, row[n].text)):
            return term, [slot for slot in row[n + 1 :] if slot.cell is not row[n].cell]
    return None


def _form_of(terms: Sequence[Term]) -> Form | None:
    """Return the form that terms belonging to one form only speak for; None: undecided."""
    votes = [term.forms[0] for term in terms if len(term.forms) == 1]
    old, new = votes.count("2019"), votes.count("2021")
    return None if old == new else "2019" if old > new else "2021"


def _is_words(text: str) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for letter in text) and (
        parse_value(text).number is None and not is_blank(text) and text not in ("无", "零")
    )
