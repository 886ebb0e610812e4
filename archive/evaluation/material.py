"""What evaluations look at and what they say: a report as far as it is read, and a judgement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archive.records import Form, Number, Trust

EvaluationStatus = Literal["hold", "fail", "not_assessable"]
Culprit = Literal["office", "reading", "unclear"]

HAS_VALUES = frozenset({"read", "recovered", "inconsistent"})
_IN_WORDS = {
    "recovered": "由连续文字还原",
    "inconsistent": "有勾稽关系不符",
    "ambiguous": "有多种读法",
    "absent": "没有找到",
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One check that looks beyond the sums of a table, held against a report."""

    id: str
    """``published.late``, ``chain.carried_over_in.total``, ``text.reuse``, …: docs/checks.md."""
    status: EvaluationStatus
    formula: str
    """What must hold, in Chinese, for a person."""
    left: Number | None = None
    """Left side of the formula; None: blank, or not known."""
    right: Number | None = None
    cells: tuple[str, ...] = ()
    """Cells concerned, ``table.row.column``; those of last year ``2023/table.row.column``."""
    message: str | None = None
    """One line for a person: why it fails or cannot be assessed. None: it holds."""
    culprit: Culprit | None = None
    """Whose fault a failure is likelier: the office's, the reading's (or the copy's). None: it does
    not fail."""


@dataclass(frozen=True, slots=True)
class Known:
    """A report as far as an evaluation needs it."""

    year: int | None
    form: Form | None = None
    kind: str | None = None
    scope: str | None = None
    trust: Trust | None = None
    published: str | None = None
    """ISO date; None: not known."""
    published_source: str | None = None
    first_seen: str | None = None
    """ISO date, in China, of the first capture; None: not known."""
    printed: bool = False
    """Read from a PDF or a picture, where a reader can lose lines and rules."""
    sections: Mapping[str, str] = field(default_factory=dict)
    """Key -> prose without tables."""
    empty: Mapping[str, str | None] = field(default_factory=dict)
    """Sections found to say nothing -> what they say instead, None: nothing at all."""
    cells: Mapping[str, Number | None] = field(default_factory=dict)
    """``table.row.column`` -> value; None: blank. One that was not read is not in it."""
    states: Mapping[str, str] = field(default_factory=dict)
    """Table -> its status."""
    text_digest: str | None = None

    def state(self, table: str) -> str:
        """Return the status of a table; one that is not spoken of is absent."""
        return self.states.get(table, "absent")

    def has(self, table: str) -> bool:
        """Whether values of a table are known."""
        return self.state(table) in HAS_VALUES

    def doubt(self, table: str) -> str | None:
        """Return why the values of a table may not be the office's; None: no reason is known."""
        if self.state(table) != "read":
            return f"{self.year}年的表{_IN_WORDS[self.state(table)]}"
        if self.printed:
            return f"{self.year}年的报告读自PDF或图片"
        if self.trust != "official":
            return f"{self.year}年的报告是非政府网站上的副本"
        return None


def blame(table: str, *reports: Known) -> tuple[Culprit, str]:
    """Return whose fault a failure among values of ``table`` is likelier, and why.

    The office's where each of the reports gives them in a grid of its own page and the identities
    hold there; else that of the reading.
    """
    doubts = [doubt for report in reports if (doubt := report.doubt(table))]
    if doubts:
        return "reading", "，".join(doubts)
    return "office", "读自网页表格，勾稽关系成立"


def is_mark(raw: str | None) -> bool:
    """Whether the text of a cell without value stands for a blank (``/``, ``—``, nothing, 无), not
    for something that could not be read as a number."""
    return raw is None or not re.search(r"\w", raw.replace("_", "").replace("无", ""))
