"""Reports as flattened text: the grid is lost, numbers and labels stand in some order.

The orders are those met in text layers of PDFs and on document sites; see :data:`ORDERS`.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.testbed import forms
from bench.testbed.articles import text_sample
from bench.testbed.model import Document, document
from bench.testbed.samples import Sample

_WHOLE_TABLE = 99
_BROKEN_HEADER = (
    *("申请人情况", "法人或其他组织", "（本列数据的勾稽关系为：第一项加第二项之和，"),
    *("社会", "法律", "等于第三项加第四项之和）", "自然人", "商业", "科研", "公益", "服务"),
    *("其他", "企业", "机构", "组织", "机构", "总", "计"),
)
_BROKEN_OUTCOMES = (("结果", "结果", "其他", "尚未", "总"), ("维持", "纠正", "结果", "审结", "计"))
_PAGE_MARKS = ("— {} —", "—{}—", "- {} -", "{}", "第{}页共19页", "－ {} －")


@dataclass(frozen=True)
class Order:
    """One order in which a layer comes out."""

    blocks: tuple[int, ...] = (1,)
    """Rows that come out together: first their labels, then their numbers."""
    by_column: bool = False
    """The numbers of a block may come column by column."""
    broken_labels: bool = True
    """Labels stand in the lines of their narrow cells."""
    broken_headers: bool = False
    labels_ahead: bool = False
    """Table II may give all its labels before all its numbers."""
    split: bool = False
    """A row's numbers stand inside its label."""
    glued: bool = False
    """No separator between cells."""
    blanks: bool = False
    """Blank cells leave an empty line; else nothing."""
    marks: float = 0.0
    """How likely a page ends after a block."""
    marks_inside: float = 0.0
    """How likely a page ends between the numbers of a row."""


_FEW = (1, 2, 2, 3, 5, 8, 11)
ORDERS = {
    "rows": Order(broken_labels=False, marks=0.12),
    "lines": Order(broken_labels=False, blanks=True),
    "columns": Order(_FEW, by_column=True, broken_headers=True, labels_ahead=True, marks=0.12),
    "whole": Order((_WHOLE_TABLE,), by_column=True, broken_headers=True),
    "displaced": Order(_FEW, labels_ahead=True, marks=0.12),
    "split": Order(split=True, broken_headers=True, marks=0.12),
    "marked": Order(marks_inside=0.15),
    "glued": Order(broken_labels=False, glued=True),
}


class Flattener:
    """Writes the tables of one report as tokens; a token is a line or a word of the text."""

    def __init__(self, doc: Document, rng: random.Random, order: Order) -> None:
        self._doc = doc
        self._rng = rng
        self._order = order
        self._page = rng.randint(2, 9)
        self._mark = rng.choice(_PAGE_MARKS)

    def page_mark(self) -> str:
        """Return the next mark of a page."""
        self._page += 1
        return self._mark.format(self._page)

    def paged(self, text: str, joint: str) -> str:
        """Return a paragraph, at times with the mark of a page between two of its lines.

        Only marks that cannot be a number of the sentence: a bare one is undecidable.
        """
        lines = text.split(joint)
        if self._mark == "{}" or len(lines) < 3 or self._rng.random() > 0.1:
            return text
        lines.insert(self._rng.randint(1, len(lines) - 1), self.page_mark())
        return joint.join(lines)

    def active(self) -> list[str]:
        """Return Table II."""
        clauses = forms.ACTIVE[self._doc.form]
        ahead = self._order.labels_ahead and self._rng.random() < 0.6
        out: list[str] = []
        if ahead:
            for _, _, rows in clauses:
                out += [forms.CONTENT, *rows.values()]
        for caption, columns, rows in clauses:
            out += [caption] if ahead else [caption, forms.CONTENT]
            out += columns.values()
            for row, label in rows.items():
                cells = self._cells("active_disclosure", row, list(columns))
                line = cells if ahead else [self._doc.spelt(label), *cells]
                out += ["".join(line)] if self._order.glued else line
        return out

    def requests(self) -> list[str]:
        """Return Table III."""
        rows = forms.REQUESTS[self._doc.form]
        out = self._header()
        start = 0
        while start < len(rows):
            # The first two and the last rows have wide cells of their own.
            alone = len(self._order.blocks) > 1 and not 2 <= start < len(rows) - 2
            size = 1 if alone else self._rng.choice(self._order.blocks)
            block = range(start, min(start + size, len(rows)))
            out += self._block(block)
            start += size
            if self._rng.random() < self._order.marks:
                out.append(self.page_mark())
        return out

    def _header(self) -> list[str]:
        if self._order.broken_headers and self._rng.random() < 0.6:
            return list(_BROKEN_HEADER)
        first, *organisations, last = forms.APPLICANTS.values()
        if self._order.broken_labels:
            top = [forms.APPLICANTS_HEADER, forms.ORGANISATIONS, forms.CAPTION]
            return [*top, first, *organisations, last]
        top = [forms.CAPTION, forms.APPLICANTS_HEADER, first, forms.ORGANISATIONS]
        return [*top, last, *organisations]

    def _block(self, block: range) -> list[str]:
        rows = forms.REQUESTS[self._doc.form]
        numbers = [self._cells("requests", rows[k][0], list(forms.COLUMNS)) for k in block]
        labels = [word for k in block for word in self._labels(k)]
        flat = [n for row in numbers for n in row]
        even = len({len(row) for row in numbers}) == 1
        if self._order.by_column and len(block) > 1 and even and self._rng.random() < 0.6:
            flat = [row[c] for c in range(len(numbers[0])) for row in numbers]
        if self._order.glued:
            return ["".join(labels) + "".join(flat)]
        if self._order.split and len(labels) > 1:
            at = self._rng.randint(1, len(labels))
            return labels[:at] + flat + labels[at:]
        if self._rng.random() < self._order.marks_inside:
            at = self._rng.randint(0, len(flat))
            flat = [*flat[:at], self.page_mark(), *flat[at:]]
        return labels + flat

    def _labels(self, k: int) -> list[str]:
        """Return the labels before the numbers of row ``k``: part, group and its own."""
        rows = forms.REQUESTS[self._doc.form]
        _, group, label = rows[k]
        out: list[str] = []
        if k == 2:
            out += ["三、本", "年度办", "理结果"] if self._order.broken_headers else [forms.RESULTS]
        if group and rows[k - 1][1] != group:
            out += [group[:4], group[4:]] if self._order.split else [group]
        label = self._doc.spelt(label)
        if not self._order.broken_labels or len(label) <= 13 or self._rng.random() < 0.3:
            return [*out, label]
        width = self._rng.choice((11, 13, 14, 17))
        return [*out, *(label[k : k + width] for k in range(0, len(label), width))]

    def review(self) -> list[str]:
        """Return Table IV."""
        routes, outcomes = list(forms.ROUTES.values()), list(forms.OUTCOMES.values())
        values = [
            self._cells("review_litigation", route, list(forms.OUTCOMES)) for route in forms.ROUTES
        ]
        if self._order.broken_headers:
            above, below = _BROKEN_OUTCOMES
            out = [routes[0], forms.LITIGATION, routes[1], *above, *below, *values[0]]
            return [*out, routes[2], *above, *above, *below, *below, *values[1], *values[2]]
        cells = [n for row in values for n in row]
        out = [routes[0], forms.LITIGATION, *outcomes, routes[1], routes[2], *outcomes, *outcomes]
        return [*out, "".join(cells)] if self._order.glued else out + cells

    def _cells(self, table: str, row: str, columns: list[str]) -> list[str]:
        cells = [self._doc.cell(table, row, column) for column in columns]
        return cells if self._order.blanks else [text for text in cells if text]


def flatten(doc: Document, rng: random.Random, name: str) -> str:
    """Return the report as text with its tables in the order ``name``, in lines or on one."""
    order = ORDERS[name]
    maker = Flattener(doc, rng, order)
    joint = "\n" if order.blanks else rng.choice((" ", "\n"))
    tables = {
        "active_disclosure": maker.active,
        "requests": maker.requests,
        "review_litigation": maker.review,
    }
    out = [doc.title] if doc.titled else []
    out += [_wrapped(p, rng, joint) for p in doc.introduction]
    for key, texts in doc.sections.items():
        out.append(doc.headings[key])
        out += [maker.paged(_wrapped(p, rng, joint), joint) for p in texts]
        if key in tables:
            block = tables[key]()
            tight = "" if order.glued and rng.random() < 0.7 else joint
            out.append(tight.join(_as_rows(block) if name == "rows" and joint == "\n" else block))
        elif rng.random() < 0.4:
            out.append(maker.page_mark())
    return ("\n" if rng.random() < 0.5 else joint).join(out)


def _wrapped(text: str, rng: random.Random, joint: str) -> str:
    """Break a paragraph into lines; numbers and Latin words stay whole, as in print."""
    width = rng.choice((26, 28, 30, 33))
    return joint.join(re.findall(rf".{{1,{width}}}[0-9A-Za-z.%/:@，。、；：）”》]*", text))


def _as_rows(tokens: list[str]) -> list[str]:
    """Return labels and their numbers on one line each."""
    out: list[str] = []
    for token in tokens:
        if out and token.strip("＋+-／/0123456789.,，０１２３４５６７８９件万元()") == "":
            out[-1] += " " + token
        else:
            out.append(token)
    return out


def _flat(order: str) -> Callable[[int], Sample]:
    def build(seed: int) -> Sample:
        rng = random.Random(f"flat-{order} {seed}")
        doc = document(seed, salt=order)
        text = flatten(doc, rng, order)
        codec = rng.choice(("utf-8", "utf-8", "gb18030"))
        return text_sample(f"flat-{order}", seed, doc, text, codec, flattened=True)

    return build


FLAT = {f"flat-{order}": _flat(order) for order in ORDERS}
