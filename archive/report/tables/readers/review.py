"""Table IV (政府信息公开行政复议、行政诉讼情况): fifteen numbers, each of a route and an outcome.

Offices print them in one line under three header lines, as the form has it, or in lines of one
route or one outcome, or in several tables. A number belongs to the headers above it and left of it;
where these do not tell, to the order of the form, if no header speaks against that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.records import Table
from archive.report.tables.cells import parse_count
from archive.report.tables.forms import Forms
from archive.report.tables.grid import Slot
from archive.report.tables.labels import Names, names_of
from archive.report.tables.readers import layout
from archive.report.tables.readers.found import Found, Raw
from archive.report.tables.readers.sheet import (
    Line,
    Sheet,
    is_number,
    is_review,
    is_words,
    last_row,
)

Cases = dict[tuple[str, str], str]
"""(route, outcome) -> text as found."""
_MOST_HEADERS = 6
"""Header lines above a number; the form has three."""
Part = list[Line]
"""Lines of the table that stand together."""


def read_review(sheets: Sequence[Sheet], known: Forms) -> Found | None:
    """Return Table IV; None where no route of it is found whole."""
    size = len(known.routes) * len(known.outcomes)
    tables: list[Cases] = []
    pieces: Cases = {}
    loose: list[Part] = []
    parts = list(_parts(sheets))
    for part in parts:
        cases = _by_headers(part, known)
        if len(cases) < size:
            cases = _by_order(part, known) or cases
        if len(cases) == size:
            tables.append(cases)
        elif not cases:
            loose.append(part)
        elif all(pieces.get(case, text) == text for case, text in cases.items()):
            pieces |= cases
        else:
            tables.append(cases)
    if not tables:
        pieces, loose = _completed(pieces, loose, known)
    filled = [cases for cases in tables if any(cases.values())] or tables
    found = _found(filled or [pieces], known)
    if found and not tables and len(pieces) < size:
        told = sum(is_number(text) for text in pieces.values())
        lines = [values for part in parts for line in part if (values := _values(line))]
        stand = sum(is_number(slot.text) for _, slots in lines for slot in slots if slot.first)
        return replace(found, readings=0) if stand > told else found
    return found


def _found(tables: Sequence[Cases], known: Forms) -> Found | None:
    cases = max(tables, key=len)
    table: Table = {}
    raw: Raw = {}
    for route in known.route_ids:
        texts = {o: cases[route, o].strip() for o in known.outcome_ids if (route, o) in cases}
        if len(texts) == len(known.outcomes):
            raw[route] = texts
            table[route] = dict(zip(texts, layout.counts(list(texts.values())), strict=True))
    different = {tuple((case, parse_count(t[case]).number) for case in sorted(t)) for t in tables}
    return Found(table, raw, None, len(different)) if table else None


def _parts(sheets: Sequence[Sheet]) -> Iterator[Part]:
    """Yield the runs of lines that begin with a header of the table."""
    for sheet in sheets:
        part: Part = []
        for line in sheet:
            if _is_other(line):
                yield from [part] if part else []
                part = []
            elif part or is_review(line):
                part.append(line)
        yield from [part] if part else []


def _is_other(line: Line) -> bool:
    """Whether a line belongs to Table II or III."""
    row = last_row(line)
    if row is not None and line.names[row[0]].outcome is None:
        return True
    other = any(n.item or n.opens or n.column or n.active or n.union for n in line.names)
    applicants = [n for n in line.names if n.applicant is not None and n.outcome is None]
    return other or bool(applicants)


def _values(line: Line) -> tuple[int, list[Slot]] | None:
    """Return the slots right of the labels of a line, and where they begin; None: a header."""
    named = [n for n, names in enumerate(line.names) if names.of_review or names.outcome]
    start = len(line.slots) - len(line.right_of(named[-1])) if named else 0
    while start < len(line.slots) and is_words(line.slots[start].text):
        start += 1
    slots = list(line.slots[start:])
    numbers = sum(is_number(slot.text) for slot in slots)
    if any(is_words(slot.text) for slot in slots) or not (numbers or (len(slots) >= 5)):
        return None
    return start, slots


def _by_headers(part: Part, known: Forms) -> Cases:
    """Return the numbers whose route and outcome the headers above and on the left name."""
    above: list[Line] = []
    passed = False
    cases: Cases = {}
    for line in part:
        found = _values(line)
        if found is None:
            if passed and any(names.outcome for names in line.names):
                above, passed = [], False
            above.append(line)
            continue
        passed = True
        start, _ = found
        left = [names_of(known, slot.text) for slot in line.slots[:start]]
        for place in range(start, len(line.slots)):
            slot = line.slots[place]
            top = [
                names_of(known, row.slots[place].text)
                for row in above[-_MOST_HEADERS:]
                if len(row.slots) == len(line.slots)
            ]
            case = _case(left, top)
            if case is None or (not slot.first and parse_count(slot.text).number != 0):
                continue
            if cases.get(case) and slot.text and cases[case] != slot.text:
                return {}
            cases[case] = slot.text or cases.get(case, "")
    return cases


def _case(left: Sequence[Names], top: Sequence[Names]) -> tuple[str, str] | None:
    """Return the one route and the one outcome that the headers of a number name."""
    routes = {n.route.id for names in (left, top) for n in names if n.route}
    outcomes = {n.outcome.id for names in (left, top) for n in names if n.outcome}
    return (routes.pop(), outcomes.pop()) if len(routes) == len(outcomes) == 1 else None


def _by_order(part: Part, known: Forms) -> Cases | None:
    """Return the numbers of a line that has them all, in the order of the form."""
    size = len(known.routes) * len(known.outcomes)
    lines = [found[1] for line in part if (found := _values(line)) is not None]
    wide = [values for slots in lines if (values := _window(slots, size, known)) is not None]
    if not wide or not _is_in_order(part, known):
        return None
    filled = [values for values in wide if any(slot.text for slot in values)] or wide
    said = {tuple(slot.text for slot in values) for values in filled}
    return _in_order(filled[0], known.route_ids, known) if len(said) == 1 else None


def _in_order(slots: Sequence[Slot], routes: Sequence[str], known: Forms) -> Cases:
    cases = [(route, outcome) for route in routes for outcome in known.outcome_ids]
    return {case: slot.text for case, slot in zip(cases, slots, strict=True)}


def _window(slots: Sequence[Slot], size: int, known: Forms) -> Sequence[Slot] | None:
    """Return as many values as the table has, without blanks on either side."""
    cells = [slot for slot in slots if slot.first]
    if len(cells) == size:
        return cells
    return layout.windowed(slots, size, len(known.outcomes))


def _is_in_order(part: Part, known: Forms) -> bool:
    """Whether the headers stand as in the form; unknown ones in between do no harm."""
    routes: list[str] = []
    for line in part:
        outcomes: list[str | None] = []
        before = ""
        for slot, names in zip(line.slots, line.names, strict=True):
            if names.route:
                routes.append(names.route.id)
            elif names.outcome:
                outcomes.append(names.outcome.id)
            elif slot.first and is_words(slot.text) and outcomes:
                both = names_of(known, before + slot.text)
                outcomes += [] if both.outcome or names.litigation else [None]
            before = slot.text
        ids = known.outcome_ids
        if any(o is not None and o != ids[n % len(ids)] for n, o in enumerate(outcomes)):
            return False
    unique = list(dict.fromkeys(routes))
    return unique == [route for route in known.route_ids if route in unique]


def _completed(pieces: Cases, loose: list[Part], known: Forms) -> tuple[Cases, list[Part]]:
    """Return the pieces with those numbers that stand in tables without a route: they are those
    of the routes that are missing, in the order of the form, where they are exactly as many. With
    them comes what is left."""
    missing = [
        route
        for route in known.route_ids
        if not {(route, outcome) for outcome in known.outcome_ids} <= pieces.keys()
    ]
    slots = [
        slot
        for part in loose
        for line in part
        if _is_in_order(part, known) and (found := _values(line)) is not None
        for slot in found[1]
        if slot.first
    ]
    named = {n.route.id for part in loose for line in part for n in line.names if n.route}
    if len(slots) != len(missing) * len(known.outcomes) or not named <= set(missing):
        return pieces, loose
    return pieces | _in_order(slots, missing, known), []
