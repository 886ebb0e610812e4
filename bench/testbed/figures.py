"""Random tables II, III and IV that satisfy the form's sums, or break them on purpose.

The sums (勾稽关系) are those of 国办公开办函〔2021〕30号: see :func:`identities`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bench.testbed import forms

Value = int | float | str | None
"""A number; None: the cell is blank; text: a mark that is no number (``/``, ``-``)."""
Rows = dict[str, dict[str, Value]]
MARKS = ("/", "-", "—", "无")


@dataclass
class Figures:
    """The three tables of one report in one form (``2021`` or ``2019``)."""

    form: str
    active: Rows
    requests: Rows
    review: Rows
    broken: bool = False
    """Whether an identity was broken on purpose."""

    def table(self, name: str) -> Rows:
        """Return the table by its name in the JSON contract."""
        return {
            "active_disclosure": self.active,
            "requests": self.requests,
            "review_litigation": self.review,
        }[name]


@dataclass
class Taste:
    """What kind of figures: chosen per report by :func:`taste`."""

    scale: int = 8
    """Typical size of a non-zero cell."""
    busy: float = 0.2
    """Share of the detail cells that are not 0."""
    blanks: float = 0.0
    """Share of the zeros that are left blank."""
    blank_totals: bool = False
    """The total of an empty row stays blank too."""
    marks: float = 0.0
    """Share of the zeros that are printed as a mark."""
    breaks: int = 0
    """How many cells are changed after the sums were made."""


def taste(rng: random.Random) -> Taste:
    """Return a realistic kind: most offices report mostly zeros."""
    kind = rng.choices(("zeros", "few", "office", "city", "province"), weights=(18, 30, 30, 16, 6))[
        0
    ]
    scale, busy = {
        "zeros": (1, 0.0),
        "few": (2, 0.04),
        "office": (9, 0.15),
        "city": (90, 0.45),
        "province": (4000, 0.8),
    }[kind]
    blanks = rng.choices((0.0, 0.3, 1.0), weights=(80, 12, 8))[0]
    return Taste(
        scale=scale,
        busy=busy,
        blanks=blanks,
        blank_totals=blanks > 0 and rng.random() < 0.3,
        marks=1.0 if blanks == 0 and rng.random() < 0.05 else 0.0,
        breaks=rng.choice((1, 1, 2, 4)) if rng.random() < 0.12 else 0,
    )


def make(rng: random.Random, form: str, kind: Taste) -> Figures:
    """Return the tables of a report; its identities hold unless ``kind.breaks``."""
    requests = _requests(rng, form, kind)
    review: Rows = {}
    for route in forms.ROUTES:
        counts = [_count(rng, kind, 0.5) for _ in range(4)]
        review[route] = dict(zip(forms.OUTCOMES, [*counts, sum(counts)], strict=True))
    figures = Figures(form, _active(rng, form, kind), requests, review)
    for _ in range(kind.breaks):
        _break(rng, figures)
    figures.broken = kind.breaks > 0 and any(left != right for _, left, right in broken(figures))
    for rows in (requests, review, figures.active):
        _blank(rng, rows, kind)
    return figures


def _count(rng: random.Random, kind: Taste, factor: float = 1.0) -> int:
    if rng.random() >= kind.busy * factor * (2 if factor < 1 else 1):
        return 0
    return max(1, int(rng.expovariate(1 / kind.scale)))


def _requests(rng: random.Random, form: str, kind: Taste) -> Rows:
    ids = [row for row, _, _ in forms.REQUESTS[form]]
    details = ids[2:-2]
    weight = dict(zip(forms.PARTS, (2.0, 0.8, 0.2, 0.2, 0.4, 0.3), strict=True))
    table = {row: {c: _count(rng, kind, weight[c] / 2) for c in forms.PARTS} for row in details}
    handled = {c: sum(table[row][c] for row in details) for c in forms.PARTS}
    out = {
        c: rng.randint(0, min(n, 9)) if n and rng.random() < 0.4 else 0 for c, n in handled.items()
    }
    carried = {
        c: rng.randint(0, min(handled[c] + out[c], 6)) if rng.random() < 0.4 else 0 for c in out
    }
    table["new_requests"] = {c: handled[c] + out[c] - carried[c] for c in forms.PARTS}
    table |= {"carried_over_in": carried, "handled_total": handled, "carried_over_out": out}
    return {row: {**table[row], "total": sum(table[row].values())} for row in ids}


def _active(rng: random.Random, form: str, kind: Taste) -> Rows:
    big = kind.scale * rng.choice((1, 5, 40, 300))
    rows: Rows = {}
    for _, columns, labels in forms.ACTIVE[form]:
        for row in labels:
            cells: dict[str, Value] = {}
            for column in columns:
                idle = kind.busy == 0 or rng.random() < 0.35
                if column == "amount_10k_cny":
                    cells[column] = 0 if idle else _money(rng, big)
                elif column == "items_change":
                    cells[column] = 0 if idle else rng.randint(-40, 40)
                elif row == "regulations":
                    cells[column] = rng.randint(0, 3) if kind.scale >= 90 and not idle else 0
                else:
                    cells[column] = 0 if idle else rng.randint(1, big + 1)
            rows[row] = cells
    return rows


def _money(rng: random.Random, big: int) -> int | float:
    """Return an amount in 万元 with up to two decimals."""
    value = round(rng.uniform(0.01, big * 3), rng.choice((0, 1, 2, 2)))
    return int(value) if value == int(value) else value


def _break(rng: random.Random, figures: Figures) -> None:
    """Change one cell as offices do: a slip in a total, a swapped digit, a forgotten case."""
    if rng.random() < 0.75:
        row = rng.choice(list(figures.requests))
        column = rng.choice(("total", rng.choice(forms.PARTS)))
        cells = figures.requests[row]
    else:
        cells = figures.review[rng.choice(list(forms.ROUTES))]
        column = rng.choice(list(forms.OUTCOMES))
    value = cells[column]
    step = rng.choice((1, 1, 2, 3, 10))
    cells[column] = value + step if value < step or rng.random() < 0.5 else value - step


def _blank(rng: random.Random, rows: Rows, kind: Taste) -> None:
    mark = rng.choice(MARKS)
    for cells in rows.values():
        if kind.marks and not any(cells.values()):
            cells.update(dict.fromkeys(cells, mark))
            continue
        empty = not any(cells.values())
        for column, value in cells.items():
            keep = "total" in cells and column == "total" and not (empty and kind.blank_totals)
            if value == 0 and not keep and rng.random() < kind.blanks:
                cells[column] = None


def number(value: Value) -> int | float | None:
    """Return what the reader should say for a printed value; marks and blanks are None."""
    return None if isinstance(value, str) else value


def identities(figures: Figures) -> Iterator[tuple[str, list[Value], list[Value]]]:
    """Yield the id of each identity with the cells of its two sides.

    flow: new + carried over = handled + carried to next year; handled: all results = total;
    rowsum: six kinds of applicants = total; cases: four outcomes = total.
    """
    table = figures.requests
    details = [row for row, _, _ in forms.REQUESTS[figures.form]][2:-2]
    for c in forms.COLUMNS:
        yield (
            f"flow.{c}",
            [table["new_requests"][c], table["carried_over_in"][c]],
            [table["handled_total"][c], table["carried_over_out"][c]],
        )
        yield f"handled.{c}", [table[row][c] for row in details], [table["handled_total"][c]]
    for row, cells in table.items():
        yield f"rowsum.{row}", [cells[c] for c in forms.PARTS], [cells["total"]]
    for route, cells in figures.review.items():
        yield f"cases.{route}", [cells[c] for c in forms.OUTCOMES if c != "total"], [cells["total"]]


def broken(figures: Figures) -> list[tuple[str, float, float]]:
    """Return (id, left, right) of the identities that fail; a side without a number fails none."""
    out = []
    for name, left, right in identities(figures):
        sides = [[n for n in map(number, side) if n is not None] for side in (left, right)]
        if all(sides) and sum(sides[0]) != sum(sides[1]):
            out.append((name, sum(sides[0]), sum(sides[1])))
    return out


@dataclass
class Printing:
    """How numbers are printed in one document."""

    thousands: bool = False
    wide: bool = False
    """Full-width digits (全角)."""
    sign: bool = False
    """A plus before an increase."""
    unit: str = ""
    """Of money: ``万元``, ``(万元)`` or ``元``; empty: a bare number."""
    count_unit: str = ""
    """``件`` behind counts."""


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def printed(value: Value, column: str, how: Printing) -> str:
    """Return the text of a cell."""
    if value is None or isinstance(value, str):
        return value or ""
    if column == "amount_10k_cny":
        if how.unit == "元" and value:
            text = f"{value * 10000:.2f}".removesuffix(".00")
            return f"{text}元"
        return f"{value}{how.unit}"
    text = f"{value:,}" if how.thousands else str(value)
    if column == "items_change" and how.sign and value > 0:
        text = "+" + text
    if how.wide:
        text = text.translate(_WIDE)
    return text + how.count_unit


def printing(rng: random.Random) -> Printing:
    """Return a manner of printing; most offices print bare digits."""
    return Printing(
        thousands=rng.random() < 0.08,
        wide=rng.random() < 0.06,
        sign=rng.random() < 0.3,
        unit=rng.choices(("", "万元", "(万元)", "元"), weights=(75, 10, 8, 7))[0],
        count_unit="件" if rng.random() < 0.03 else "",
    )
