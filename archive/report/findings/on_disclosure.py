"""Sentences on Table II: documents, decisions and fees.

The figures of an area are those of all its bodies, and who speaks is often its office: only an
organ that reports on itself, or a sentence that names the whole area, is taken at its word.
"""

import re

from archive.report.findings.clauses import Clause
from archive.report.findings.counts import Money
from archive.report.findings.material import Sum
from archive.report.findings.speech import Claim, Speech, count, subject, whose
from archive.report.findings.words import MODAL, TAIL

_OWN = rf"(?P<who>.{{0,30}}?)(?:{MODAL}|本年度?)*+"
_KIND = r"(?P<kind>行政规范性文件|规范性文件|(?:政府|地方政府|部门)?规章)"
_AMOUNT = r"(?:共计|共|合计|总计|计|数量|为|有|是)*+"
_MADE = r"新?制发|新?制定(?:印发|出台|发布)?|出台|新增|新制作|印发"
_DOCUMENTS = tuple(
    (measure, re.compile(pattern))
    for measure, pattern in (
        ("issued", rf"{_OWN}(?:{_MADE})(?:了|并公[开布])?的?{_KIND}{_AMOUNT}(?P<n>#){TAIL}"),
        ("repealed", rf"{_OWN}(?:宣布)?废止了?的?{_KIND}?{_AMOUNT}(?P<n>#){TAIL}"),
        ("valid", rf"{_OWN}现行有效的?{_KIND}?{_AMOUNT}(?P<n>#){TAIL}"),
    )
)
_DECISION = re.compile(
    rf"{_OWN}[作做]出了?的?行政(?P<kind>许可|处罚|强制)(?:处理|执行|措施)?决定{_AMOUNT}(?P<n>#){TAIL}"
)
_FEES = re.compile(rf"{_OWN}(?:收取)?行政事业性收费(?:金额|总额|收入)?{_AMOUNT}\$$")
_DECIDED = {"许可": "admin_licensing", "处罚": "admin_penalty", "强制": "admin_coercion"}


def documents(clause: Clause, speech: Speech) -> list[Claim] | None:
    """制发行政规范性文件 8 件、废止 26 件; only the form of 2021 has these columns."""
    matches = ((measure, pattern.match(clause.text)) for measure, pattern in _DOCUMENTS)
    measure, match = next(((measure, m) for measure, m in matches if m), ("", None))
    if match is None:
        return None
    if match["kind"]:
        speech.topic = "regulations" if "规章" in match["kind"] else "normative_docs"
    if speech.topic not in ("regulations", "normative_docs"):
        return None
    if speech.material.form != "2021":
        return []
    name = f"{speech.topic}_{measure}"
    return _claim(clause, speech, match, name, _cell(speech.topic, measure))


def decisions(clause: Clause, speech: Speech) -> list[Claim] | None:
    """作出行政许可决定 8 件."""
    match = _DECISION.match(clause.text)
    if match is None:
        return None
    row = _DECIDED[match["kind"]]
    return _claim(clause, speech, match, row, _cell(row, "decisions"))


def fees(clause: Clause, speech: Speech) -> list[Claim] | None:
    """行政事业性收费 2.02 万元: the cell may be rounded otherwise."""
    match = _FEES.match(clause.text)
    amount = clause.values[-1] if clause.values else None
    if match is None or not isinstance(amount, Money):
        return None
    sure = _is_sure(clause, speech, match)
    if sure is None:
        return []
    cell = _cell("admin_fees", "amount_10k_cny")
    return [Claim("admin_fees", amount.value, (cell,), clause.quote, sure, amount.precision)]


def _cell(row: str, column: str) -> Sum:
    return Sum("active_disclosure", (row,), column=column)


def _claim(
    clause: Clause, speech: Speech, match: re.Match[str], name: str, cell: Sum
) -> list[Claim]:
    sure = _is_sure(clause, speech, match)
    return [] if sure is None else [Claim(name, count(clause, match), (cell,), clause.quote, sure)]


def _is_sure(clause: Clause, speech: Speech, match: re.Match[str]) -> bool | None:
    """Return whether the figure is the issuer's; None: it is that of a part."""
    owner = whose(match["who"], clause, speech)
    if owner == "part" or speech.within:
        return None
    own = speech.material.issuer.scope == "own" or bool(subject(match["who"]))
    return owner == "whole" and own
