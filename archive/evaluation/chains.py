"""What two successive reports of one organ must have in common (跨年衔接).

- ``chain.carried_over_in.<applicant>``: 上年结转 of this year = 结转下年度继续办理 of last year.
- ``chain.valid.<item>``: 现行有效件数 = that of last year + 本年制发 − 本年废止, where both reports
  have the form of 2021 (对外公开总数量 of 2019 is another quantity). For 规范性文件 that fails in
  most honest reports, since offices count documents that lapse or were never filed: a hint.

A blank counts as nothing in a sum, as in the identities; a side that is blank altogether has no
number, and is held against nothing but another blank or 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive.evaluation.labels import applicants
from archive.evaluation.material import Evaluation, Known, blame
from archive.records import Form, Number

_HINT = "各机关统计口径不一，仅供参考"


@dataclass(frozen=True, slots=True)
class _Chain:
    """One rule: a cell of this year = one of last year + one of this year − one of this year."""

    id: str
    formula: str
    """With {now} and {then} for the years."""
    table: str
    left: str
    then: str
    plus: str | None = None
    minus: str | None = None
    form: Form | None = None
    """Both reports must have it; None: any."""
    is_hint: bool = False


def _rules() -> Iterator[_Chain]:
    for column, label in applicants().items():
        yield _Chain(
            f"chain.carried_over_in.{column}",
            f"{label}：{{now}}年的上年结转 ＝ {{then}}年的结转下年度",
            "requests",
            f"requests.carried_over_in.{column}",
            f"requests.carried_over_out.{column}",
        )
    for item, label in (("regulations", "规章"), ("normative_docs", "行政规范性文件")):
        cell = f"active_disclosure.{item}"
        yield _Chain(
            f"chain.valid.{item}",
            f"{label}：{{now}}年现行有效 ＝ {{then}}年现行有效 ＋ 本年制发 － 本年废止",
            "active_disclosure",
            f"{cell}.valid",
            f"{cell}.valid",
            f"{cell}.issued",
            f"{cell}.repealed",
            form="2021",
            is_hint=item == "normative_docs",
        )


def chained(report: Known, before: Known | None) -> Iterator[Evaluation]:
    """Yield every chain that applies to the report's form.

    Where nothing can be assessed for all applicants alike, only 总计 stands for them.
    """
    for rule in _rules():
        if rule.form not in (None, report.form):
            continue
        reason = _reason(rule, report, before)
        if reason is None:
            assert before is not None
            yield _held(rule, report, before)
        elif not rule.id.startswith("chain.carried") or rule.id.endswith(".total"):
            yield Evaluation(
                rule.id, "not_assessable", _formula(rule, report), None, None, (), reason
            )


def _reason(rule: _Chain, report: Known, before: Known | None) -> str | None:
    """Return why a rule cannot be assessed whatever the cells hold; None: it can."""
    if before is None:
        return f"未收录该机关{(report.year or 0) - 1}年的报告"
    for known in (report, before):
        if not known.has(rule.table):
            return known.doubt(rule.table)
    if rule.form not in (None, before.form):
        return f"{before.year}年的报告用的是另一格式（{before.form}）"
    return None


def _held(rule: _Chain, report: Known, before: Known) -> Evaluation:
    now = [cell for cell in (rule.left, rule.plus, rule.minus) if cell]
    cells = (*now, f"{before.year}/{rule.then}")
    formula = _formula(rule, report)
    unread = [cell for cell in now if cell not in report.cells]
    unread += [f"{before.year}/{rule.then}"] if rule.then not in before.cells else []
    if unread:
        message = f"未读出：{'，'.join(unread)}"
        return Evaluation(rule.id, "not_assessable", formula, None, None, cells, message)
    left = report.cells[rule.left]
    right = _sum(
        [before.cells[rule.then], report.cells.get(rule.plus or "")],
        [report.cells.get(rule.minus or "")],
    )
    if left is None and right is None:
        message = "两边均为空"
        return Evaluation(rule.id, "not_assessable", formula, None, None, cells, message)
    if (left or 0) == (right or 0):
        return Evaluation(rule.id, "hold", formula, left or 0, right or 0, cells)
    if left is None or right is None:
        message = f"{'左' if left is None else '右'}边为空"
        return Evaluation(rule.id, "not_assessable", formula, left, right, cells, message)
    culprit, why = blame(rule.table, report, before)
    if rule.is_hint and culprit == "office":
        culprit, why = "unclear", _HINT
    message = f"{left} ≠ {right}；{why}"
    return Evaluation(rule.id, "fail", formula, left, right, cells, message, culprit)


def _formula(rule: _Chain, report: Known) -> str:
    year = report.year or 0
    return rule.formula.format(now=year, then=year - 1)


def _sum(plus: Sequence[Number | None], minus: Sequence[Number | None]) -> Number | None:
    """Return the sum without rounding errors; None where every part is blank."""
    told = [(value, 1) for value in plus if value is not None]
    told += [(value, -1) for value in minus if value is not None]
    if not told:
        return None
    total = sum((Decimal(str(value)) * sign for value, sign in told), Decimal())
    return int(total) if total == total.to_integral_value() else float(total)
