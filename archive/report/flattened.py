"""Tables whose grid is lost: labels and numbers in running text, as PDF extractors leave them.

A table is given back only where the text allows exactly one: the numbers must be as many as the
cells, stand in the order of the form, and satisfy all its sums. What is not certain is counted,
not guessed; glued or missing numbers make a table ambiguous.
"""

import re
from collections.abc import Iterator, Sequence

from archive.records import Form, Number, Table, Tables
from archive.report import placing
from archive.report.cells import parse_money, parse_value, plain
from archive.report.chars import simplified
from archive.report.checks import check_tables
from archive.report.forms import Forms, Term
from archive.report.readers import MONEY, Found, Raw
from archive.report.tokens import Run, Token, pattern_of, runs_of, tokens_of, without_pages

LONGEST_TABLE = 40_000
"""Characters of text that one table can take, blanks of a page's layout included."""
_MOST_REGIONS = 20
_MOST_UNMET = 2
"""Labels of rows that may be spoilt where the numbers are complete and all sums hold."""
_CAPTION = re.compile(r"第\s*(?:\(\s*)?([一五六八九])\s*(?:\)\s*)?项")
_ACTIVE_END = re.compile(
    r"三\s*、\s*收\s*到|收\s*到\s*和\s*处\s*理|申\s*请\s*人\s*情\s*况|勾\s*稽|本\s*年\s*新\s*收|。"
)
_REVIEW_START = re.compile(r"复\s*议[、,和及\s]*(?:提\s*起)?行\s*政\s*诉\s*讼\s*情\s*况")
_REVIEW_HEAD = re.compile(r"行\s*政\s*复\s*议|。")
_REVIEW_ANCHOR = re.compile(r"未\s*经\s*复\s*议\s*直\s*接\s*起\s*诉")
_REVIEW_END = re.compile(r"五\s*[、.]|存\s*在\s*(?:的\s*)?(?:主\s*要\s*)?问\s*题|。")


def recover(text: str, known: Forms) -> dict[str, Found]:
    """Return what flattened ``text`` says of each table, by name; a name is left out where the
    text has no numbers of that table.

    ``Found.readings`` is 1 where the table is proved, else the number of tables that satisfy
    the sums (0: none does, or the numbers are not as many as the cells).
    """
    bare = without_pages(text)
    found = {
        "active_disclosure": _active(bare, known),
        "requests": _requests(bare, known),
        "review_litigation": _review(bare, known),
    }
    return {name: table for name, table in found.items() if table is not None}


def form_of_headers(text: str, known: Forms) -> Form | None:
    """Return the form whose headers of Table II stand in ``text``; None: none, or both alike."""
    bare = "".join(simplified(plain(text)).split())
    labels = {
        form: {c.label for c in known.active_columns if c.forms == (form,)}
        for form in ("2021", "2019")
    }
    new, old = (sum(label in bare for label in labels[form]) for form in ("2021", "2019"))
    return None if new == old else "2021" if new > old else "2019"


def _requests(text: str, known: Forms) -> Found | None:
    tokens = _request_tokens(text, known)
    if not any(token.raw for token in tokens):
        return None
    met = [token.term.id for token in tokens if token.term]
    form: Form = "2021" if "other_other" in met else "2019"
    rows = known.request_rows_of(form)
    if form == "2021":
        tokens = [t for t in tokens if not (t.term and t.term.id == "other_total")]
    runs = runs_of(tokens)
    order = _order_of_rows(runs, rows, len(known.applicants))
    if order is None:
        return Found({}, {}, form, 0)
    return _prove([_numbers(run.values) for run in runs if run.values], order, form, known)


def _request_tokens(text: str, known: Forms) -> list[Token]:
    """Return the labels and values from that naming of the first row that most labels follow."""
    starts = [found.start() for found in pattern_of(known.request_rows[0].key).finditer(text)]
    parts = [
        tokens_of(_until(_REVIEW_HEAD, text, start), known.request_rows)
        for start in starts[-_MOST_REGIONS:]
    ]
    return max(parts, key=lambda tokens: len({t.term for t in tokens}), default=[])


def _order_of_rows(runs: Sequence[Run], rows: Sequence[str], width: int) -> list[str] | None:
    """Return the rows that the values stand for, in their order; None where labels and numbers
    do not fit together.

    Where each label is followed by one row of values, the labels decide. Else the values stand
    in the order of the form, and the label next before a run must be among the rows it covers.
    """
    labels = [label for run in runs for label in run.labels]
    unmet = len(set(rows).difference(labels))
    if len(labels) + unmet != len(rows) or unmet > _MOST_UNMET:
        return None
    if not unmet and all(len(run.labels) == 1 and len(run.values) == width for run in runs):
        return labels
    done = 0
    covered: set[str] = set()
    for run in runs:
        size, odd = divmod(len(run.values), width)
        here = rows[done : done + size]
        covered.update(here)
        done += size
        if odd or (size and run.labels[-1] not in here):
            return None
        if size and not covered.issuperset(run.labels):
            return None
    return list(rows) if done == len(rows) else None


def _prove(runs: Sequence[placing.Values], order: Sequence[str], form: Form, known: Forms) -> Found:
    """Return the one table that satisfies all sums of the form, or how many do."""
    candidates = placing.tables(runs, len(known.applicants))
    if candidates is None:
        return Found({}, {}, form, placing.BOUND)
    proved: list[Table] = []
    for rows in candidates:
        table = {
            row: dict(zip(known.applicant_ids, values, strict=True))
            for row, values in zip(order, rows, strict=True)
        }
        table = {row: table[row] for row in known.request_rows_of(form)}
        if table not in proved and _holds(Tables(requests=table), form, "requests"):
            proved.append(table)
    if len(proved) != 1:
        return Found({}, {}, form, len(proved))
    return Found(proved[0], _raw(proved[0]), form)


def _review(text: str, known: Forms) -> Found | None:
    anchor = _last(_REVIEW_ANCHOR, text)
    if anchor is None:
        return None
    starts = [found.end() for found in _REVIEW_START.finditer(text, 0, anchor)]
    start = max([*starts, anchor - LONGEST_TABLE]) if starts else anchor
    tokens = tokens_of(text[start:anchor] + _until(_REVIEW_END, text, anchor), known.routes)
    values = _numbers([token.raw for token in tokens if token.raw])
    if not values:
        return None
    width = len(known.outcomes)
    if len(values) != width * len(known.routes) or _is_contradicted(tokens, known):
        return Found({}, {}, None, 0)
    table: Table = {
        route: dict(zip(known.outcome_ids, values[n * width : (n + 1) * width], strict=True))
        for n, route in enumerate(known.route_ids)
    }
    if not _holds(Tables(review_litigation=table), "2021", "review_litigation"):
        return Found({}, {}, None, 0)
    return Found(table, _raw(table))


def _is_contradicted(tokens: Sequence[Token], known: Forms) -> bool:
    """Whether each route has its own five values, but not in the order of the form."""
    runs = [run for run in runs_of(tokens) if run.values]
    said = [run.labels[-1] for run in runs if run.labels]
    fits = all(len(run.values) == len(known.outcomes) for run in runs)
    return fits and sorted(said) == sorted(known.route_ids) and said != list(known.route_ids)


def _holds(tables: Tables, form: Form, name: str) -> bool:
    """Whether no sum of a table fails or has a blank side; a wholly blank sum says nothing."""
    cases = name == "review_litigation"
    checks = [c for c in check_tables(tables, form) if c.id.startswith("cases.") == cases]
    return all(check.status in ("hold", "not_assessable") for check in checks)


def _active(text: str, known: Forms) -> Found | None:
    form = form_of_headers(text, known)
    if form is None:
        return None
    first = known.active_rows_of(form)[0].columns_in(form)[0]
    anchor = _last(pattern_of(_label(known, first)), text)
    captions = [found for found in _CAPTION.finditer(text) if anchor and found.start() < anchor]
    if anchor is None or not captions:
        return None
    start = captions[-1].end()
    stop = anchor + len(_until(_ACTIVE_END, text, anchor))
    marks = [captions[-1], *_CAPTION.finditer(text, start, stop)]
    stops = [*(mark.start() for mark in marks[1:]), stop]
    parts = {mark[1]: text[mark.end() : to] for mark, to in zip(marks, stops, strict=True)}
    table: Table = {}
    readings, numbers = 1, 0
    for item in dict.fromkeys(row.item for row in known.active_rows_of(form)):
        rows = [row for row in known.active_rows_of(form) if row.item == item]
        tokens = tokens_of(parts.get(item, ""), (*rows, *known.active_columns))
        numbers += sum(bool(token.raw) for token in tokens)
        block, ways = _active_block(tokens, rows, form, parts.get(item, ""))
        table |= block
        readings *= ways
    if not numbers:
        return None
    if readings != 1:
        return Found({}, {}, form, min(readings, placing.BOUND))
    return Found(table, _raw(table), form)


def _label(known: Forms, column: str) -> str:
    term = next(term for term in known.active_columns if term.id == column)
    return "|".join((term.label, *term.variants))


def _active_block(
    tokens: Sequence[Token], rows: Sequence[Term], form: Form, text: str
) -> tuple[Table, int]:
    """Return the rows under one caption, or {} and in how many ways they can be read.

    There are no sums here, so only order speaks: values after each row label, values after each
    header, or all values straight after the line of headers, which is then a line of the table.
    """
    columns = rows[0].columns_in(form)
    ids = [row.id for row in rows]
    runs = runs_of(tokens)
    values = [token.raw for token in tokens if token.raw]
    if len(values) != len(rows) * len(columns):
        glued = len(values) == len(rows) and all(value.isdigit() for value in values)
        # A blank cell leaves no trace, so even digits that cut in one way only prove nothing.
        return {}, max(2, _product(placing.cuts(v, len(columns)) for v in values)) if glued else 0
    full = [run for run in runs if run.values]
    last = [run.labels[-1] if run.labels else "" for run in full]
    unit = _unit(text)
    by_row = _grid(values, ids, columns, unit)
    if last == ids and all(len(run.values) == len(columns) for run in full):
        return by_row, 1
    by_column = {
        row: {c: _value(values[y * len(ids) + x], c, unit) for y, c in enumerate(columns)}
        for x, row in enumerate(ids)
    }
    if last == list(columns) and all(len(run.values) == len(ids) for run in full):
        return by_column, 1
    after_headers = len(full) == 1 and full[0].labels[-len(columns) :] == list(columns)
    if by_row == by_column or after_headers:
        return by_row, 1
    return {}, 2


def _grid(values: Sequence[str], rows: Sequence[str], columns: Sequence[str], unit: str) -> Table:
    width = len(columns)
    return {
        row: {
            column: _value(values[n * width + m], column, unit) for m, column in enumerate(columns)
        }
        for n, row in enumerate(rows)
    }


def _value(raw: str, column: str, unit: str) -> Number | None:
    return parse_money(raw, unit).number if column == MONEY else parse_value(raw).number


def _unit(text: str) -> str:
    """Return the unit of money that a block names: 元, else 万元."""
    named = set(re.findall(r"万?元", text))
    return "元" if named == {"元"} else "万元"


def _product(ways: Iterator[int]) -> int:
    total = 1
    for count in ways:
        total = min(total * count, placing.BOUND)
    return total


def _numbers(values: Sequence[str]) -> tuple[Number | None, ...]:
    return tuple(parse_value(value).number for value in values)


def _raw(table: Table) -> Raw:
    """Return the numbers as texts: in running text a cell has no other."""
    return {
        row: {column: "" if n is None else str(n) for column, n in cells.items()}
        for row, cells in table.items()
    }


def _until(end: re.Pattern[str], text: str, start: int) -> str:
    """Return ``text`` from ``start`` up to the next ``end``, at most LONGEST_TABLE characters."""
    part = text[start : start + LONGEST_TABLE]
    found = end.search(part)
    return part[: found.start()] if found else part


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    starts = [found.start() for found in pattern.finditer(text)]
    return starts[-1] if starts else None
