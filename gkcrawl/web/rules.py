"""What each check rests on, and which statuses of it count as held or failed. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Source = Literal["identity", "finding", "evaluation"]

FAILED = ("fail", "conflict", "suspicious", "missing")
HELD = ("hold", "agrees")
_IDENTITIES = frozenset({"flow", "handled", "rowsum", "cases"})
_FINDINGS = frozenset({"text", "plausible", "section", "fees"})

_FORM = "国办公开办函〔2021〕30号、〔2019〕60号规定的统计表"
_REGULATIONS = "《政府信息公开条例》第五十条，统一格式的六个部分"
_COMPARISON = "比对，格式未作规定：同一份报告前后应当一致"
# Check by its whole id, else by what stands before its first dot.
_BASES: Mapping[str, str] = {
    "flow": "统计表三：第一项加第二项之和，等于第三项加第四项之和",
    "handled": _FORM,
    "rowsum": _FORM,
    "cases": _FORM,
    "text": _COMPARISON,
    "plausible": "件数只能是不大的非负整数",
    "plausible.regulations": (
        "《立法法》：规章由国务院部门、省级人民政府和设区的市、自治州人民政府制定"
    ),
    "section": _REGULATIONS,
    "sections": _REGULATIONS,
    "fees": "国办函〔2020〕109号：信息处理费在第六部分报告",
    "published": "《政府信息公开条例》第四十九条：部门1月31日前，政府3月31日前",
    "text.reuse": "评估机构的通行做法：照抄上年过半扣分",
    "chain": "两年的统计表应当相接",
    "aggregate": "汇总报告包括所属各机关的数字",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a check came to which end, in reports."""

    check_id: str
    held: int
    failed: int
    open: int
    """Neither: cells not read, one side blank, a hint."""

    @property
    def assessed(self) -> int | None:
        """Return how many reports it could be held against; None where only failures are kept."""
        return None if _keeps_failures_only(self.check_id) else self.held + self.failed

    @property
    def share(self) -> float | None:
        """Return failed / assessed; None where that is not known."""
        return self.failed / self.assessed if self.assessed else None


def source_of(check_id: str) -> Source:
    """Return who asks: the form itself, the reading of the report, or the evaluators."""
    family = check_id.partition(".")[0]
    if family in _IDENTITIES:
        return "identity"
    return "finding" if family in _FINDINGS and check_id != "text.reuse" else "evaluation"


def basis(check_id: str) -> str:
    """Return the law, form or custom that a check rests on, in Chinese; "" for an unknown one."""
    return _BASES.get(check_id) or _BASES.get(check_id.partition(".")[0], "")


def tallies(counts: Iterable[tuple[str, str, int]]) -> list[Tally]:
    """Return the tally of each check, worst first, of (check, status, reports)."""
    found: dict[str, dict[str, int]] = {}
    for check_id, status, reports in counts:
        found.setdefault(check_id, {})[status] = reports
    made = [
        Tally(
            check_id,
            held=sum(statuses.get(status, 0) for status in HELD),
            failed=sum(statuses.get(status, 0) for status in FAILED),
            open=sum(n for status, n in statuses.items() if status not in (*HELD, *FAILED)),
        )
        for check_id, statuses in found.items()
    ]
    return sorted(made, key=lambda tally: (-(tally.share or 0), -tally.failed, tally.check_id))


def _keeps_failures_only(check_id: str) -> bool:
    return source_of(check_id) == "finding" and not check_id.startswith("text.")
