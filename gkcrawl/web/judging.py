"""What was held against a report as its page shows it: words, sides, cells, verdicts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gkcrawl.web.checks import cells_of, formula
from gkcrawl.web.formlabels import cell_words
from gkcrawl.web.labels import word
from gkcrawl.web.language import say
from gkcrawl.web.remarks import language_of, remark
from gkcrawl.web.tables import Address, number

Row = Mapping[str, Any]
Group = Literal["failed", "open", "held"]

# Status -> how it is grouped and coloured.
_GROUPS: Mapping[str, tuple[Group, str]] = {
    "fail": ("failed", "bad"),
    "conflict": ("failed", "bad"),
    "suspicious": ("failed", "warn"),
    "missing": ("failed", "warn"),
    "hold": ("held", "good"),
    "agrees": ("held", "good"),
}
_CULPRITS: Mapping[str, str] = {
    "office": "更可能是原文有误",
    "reading": "更可能是读取有误",
    "unclear": "原文有误还是读取有误，无从判断",
}
_VERDICTS: Mapping[str, str] = {"confirmed": "经人复核：属实", "dismissed": "经人复核：不成问题"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer said of a check."""

    word: str
    note: str
    reviewer: str
    at: str
    outdated: bool
    """The values have changed since."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One check as the page shows it."""

    id: str
    source: str
    """identity, finding, evaluation."""
    group: Group
    tone: str
    status_word: str
    title: str
    """The formula, or what is asked."""
    left: str | None
    right: str | None
    with_blanks_as_zero: bool
    formula: str
    """What must hold, with its figures, in Chinese; empty where the title says all."""
    message: str
    """What was found, one line."""
    quote: str
    culprit: str
    cells: tuple[Address, ...]
    """Those of this report that it names, in the order of the form."""
    sections: tuple[str, ...]
    """Keys of sections that it names."""
    earlier: tuple[str, ...]
    """Cells of earlier reports, in words."""
    result: Address | None
    """The cell where its outcome stands."""
    verdict: Verdict | None

    @property
    def message_language(self) -> str:
        """Return the language of the message as HTML names it."""
        return language_of(self.message)


def warning(message: str) -> str:
    """Return a warning of the reader (``finding: remark``) for the page's reader."""
    check_id, _, said = message.partition(": ")
    known = remark(said)
    return message if known == said else f"{formula(check_id)}：{known}"


def shown(row: Row) -> Shown:
    """Return a row of ``judgements`` in words."""
    group, tone = _GROUPS.get(row["status"], ("open", "soft"))
    source = row["source"]
    cells, sections, earlier = _named(row["cells"] or "")
    result = cells[0] if cells else None
    if source == "identity":
        cells, result = cells_of(row["check_id"])
    kind = "finding_status" if source == "finding" else "check_status"
    return Shown(
        id=row["check_id"],
        source=source,
        group=group,
        tone=tone,
        status_word=say(word(kind, row["status"])),
        title=formula(row["check_id"]),
        left=_side(row["left"], source),
        right=_side(row["right"], source),
        with_blanks_as_zero=bool(row["with_blanks_as_zero"]),
        formula=row["formula"] or "",
        message=remark(row["message"] or ""),
        quote=row["quote"] or "",
        culprit=say(_CULPRITS[row["culprit"]]) if row["culprit"] in _CULPRITS else "",
        cells=cells,
        sections=sections,
        earlier=earlier,
        result=result,
        verdict=_verdict(row),
    )


def _named(cells: str) -> tuple[tuple[Address, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what ``table.row.column`` and ``sections.key`` texts name: cells, sections, and in
    words the cells of other years (``2023/table.row.column``)."""
    own: list[Address] = []
    sections: list[str] = []
    earlier: list[str] = []
    for text in cells.split():
        year, _, address = text.rpartition("/")
        parts = address.split(".")
        if len(parts) == 2 and parts[0] == "sections":
            sections.append(parts[1])
        elif len(parts) == 3 and year:
            words = cell_words(parts[0], parts[1], parts[2])
            earlier.append(f"{year} {' · '.join(filter(None, words))}")
        elif len(parts) == 3:
            own.append((parts[0], parts[1], parts[2]))
    return tuple(own), tuple(sections), tuple(earlier)


def _verdict(row: Row) -> Verdict | None:
    if not row["verdict"]:
        return None
    return Verdict(
        say(_VERDICTS.get(row["verdict"], row["verdict"])),
        row["note"] or "",
        row["reviewer"] or "",
        row["at"] or "",
        bool(row["outdated"]),
    )


def marks(
    checks: Iterable[Shown],
) -> tuple[dict[Address, list[str]], dict[Address, list[str]]]:
    """Return the failed checks by the cells that they name, and by the cell of their result."""
    named: dict[Address, list[str]] = {}
    results: dict[Address, list[str]] = {}
    for check in checks:
        if check.group == "failed":
            for address in check.cells:
                named.setdefault(address, []).append(check.id)
            if check.result is not None:
                results.setdefault(check.result, []).append(check.id)
    return named, results


def _side(value: float | None, source: str) -> str | None:
    """Return a side in digits; None where a check has none (that of an identity may be blank)."""
    if value is None:
        return say("空") if source == "identity" else None
    return number(value)
