"""How one reading compares with the truth of its sample."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from archive.records import NotAReport, Report
from bench.testbed import forms
from bench.testbed.samples import Sample, norm

_SURE = ("read", "recovered")


@dataclass
class TableScore:
    """One table: how it was read and what differs."""

    status: str
    exact: bool
    wrong: list[str] = field(default_factory=list)
    """Cells whose value differs, as ``row.column: read, true``."""
    gaps: list[str] = field(default_factory=list)
    """Cells said not to stand in the document, though they do."""


@dataclass
class Score:
    """One sample."""

    sample: Sample
    accepted: bool
    reason: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """Name -> True, False, or for codes ``right``, ``null``, ``wrong``; absent: not asked."""
    tables: dict[str, TableScore] = field(default_factory=dict)
    silently_wrong: list[str] = field(default_factory=list)
    identities: dict[str, Any] | None = None
    """``missed``, ``sides`` (found with a wrong side) and ``invented`` ids."""
    chrome: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    f1: float | None = None
    raised: str | None = None
    """What ``read`` raised, which it never may."""

    def faults(self) -> list[str]:
        """Return in words all in which the reading is not what it should be."""
        if self.raised:
            return [f"RAISED {self.raised}"]
        out = (
            [] if self.accepted == (self.sample.doc is not None) else [f"accepted: {self.accepted}"]
        )
        out += [f"{k}: {v}" for k, v in self.facts.items() if v in (False, "wrong", "null")]
        for name, table in self.tables.items():
            if not table.exact and not (self.sample.flattened and table.status == "ambiguous"):
                out.append(f"{name}: {table.status} {table.wrong[:3] + table.gaps[:3]}")
        out += [f"SILENTLY WRONG {x}" for x in self.silently_wrong[:3]]
        if self.identities:
            out += [
                f"identities {k}: {v}" for k, v in self.identities.items() if v and k != "broken"
            ]
        out += [f"chrome left: {x}" for x in self.chrome[:5]] + [
            f"lost: {x}" for x in self.lost[:5]
        ]
        return out


def score(sample: Sample, result: Report | NotAReport) -> Score:
    """Compare one reading with the truth."""
    if isinstance(result, NotAReport):
        return Score(sample, False, result.reason)
    out = Score(sample, True)
    if sample.doc is None:
        return out
    out.facts = _facts(sample, result)
    out.tables = {name: _table(sample, result, name) for name in forms.TABLES}
    checks_hold = all(check.status != "fail" for check in result.checks)
    if checks_hold:
        out.silently_wrong = [
            f"{name}.{cell}"
            for name, table in out.tables.items()
            if table.status in _SURE
            for cell in table.wrong
        ]
    out.identities = _identities(sample, result)
    _text(sample, result.text, out)
    return out


def _facts(sample: Sample, report: Report) -> dict[str, Any]:
    doc = sample.doc
    assert doc is not None
    organ, issuer = doc.organ, report.issuer
    copied = sample.rendering == "html-hijacked"
    facts: dict[str, Any] = {"year": report.year == doc.year}
    if not copied:
        facts["issuer"] = norm(issuer.name) == norm(organ.name)
        facts["issuer_and_year"] = facts["issuer"] and facts["year"]
        facts["kind"] = issuer.kind == organ.kind
        if sample.titled:
            facts["title"] = norm(report.title) == norm(doc.title)
    facts["division"] = _code(issuer.division_code, organ.codes, organ.sure)
    if organ.kind != "development_zone":  # Statistics number some zones as townships.
        towns = frozenset({organ.township} - {None})
        facts["township"] = _code(issuer.township_code, towns, organ.sure)
    if organ.scope:
        facts["scope"] = issuer.scope == organ.scope
    if sample.tables:
        facts["form"] = report.form == doc.form
    if sample.sections:
        facts["sections"] = _sections(sample, report)
    if sample.media_type == "text/html" and sample.url and ".gov.cn" in sample.url:
        facts["published"] = report.published == doc.published
    if sample.url:
        wenku = sample.rendering.startswith("wenku")
        facts["trust"] = report.trust == (
            "document_site" if wenku else "untrusted" if copied else "official"
        )
    return facts


def _code(found: str | None, right: frozenset[str], sure: bool) -> str:
    """Return ``right``, ``wrong``, ``null`` (it could be told) or ``unsaid`` (it could not)."""
    if found is not None:
        return "right" if found in right else "wrong"
    if not right:
        return "right"
    return "null" if sure else "unsaid"


def _sections(sample: Sample, report: Report) -> bool:
    """Whether the six sections are there and each holds its own first and last paragraph."""
    doc = sample.doc
    assert doc is not None
    if list(report.sections) != list(doc.sections):
        return False
    for key, paragraphs in doc.sections.items():
        found = norm(report.sections[key])
        if key in forms.TABLES:
            continue
        for paragraph in (paragraphs[0], paragraphs[-1]):
            wanted = norm(paragraph).rstrip("。.")
            # Marks of pages may stand inside: the ends are enough.
            if wanted[:12] not in found or wanted[-12:] not in found:
                return False
    return True


def _table(sample: Sample, report: Report, name: str) -> TableScore:
    status = report.tables.status.get(name, "absent")
    found = getattr(report.tables, name)
    truth = sample.numbers().get(name)
    if truth is None:
        wrong = [] if found is None else [f"{row}: invented" for row in found]
        return TableScore(status, found is None, wrong)
    if found is None:
        return TableScore(status, False)
    raw = report.tables.raw.get(name, {})
    wrong, gaps = [], []
    for row, cells in truth.items():
        for column, value in cells.items():
            got = found.get(row, {}).get(column)
            if _same(got, value):
                continue
            unread = got is None and column not in raw.get(row, {})
            (gaps if unread else wrong).append(f"{row}.{column}: {got}, {value}")
    wrong += [
        f"{row}.{column}: {value}, not in the form"
        for row, cells in found.items()
        for column, value in cells.items()
        if value is not None and column not in truth.get(row, {})
    ]
    return TableScore(status, not wrong and not gaps, wrong, gaps)


def _same(got: float | None, value: float | None) -> bool:
    if got is None or value is None:
        return got is value
    return abs(got - value) < 1e-6


def _identities(sample: Sample, report: Report) -> dict[str, Any] | None:
    if not sample.tables:
        return None
    truth = {name: (left, right) for name, left, right in sample.broken()}
    if sample.flattened:
        # What is honestly ambiguous has no cells to check.
        given = {
            "cases": report.tables.review_litigation is not None,
            "rowsum": report.tables.requests is not None,
        }
        truth = {k: v for k, v in truth.items() if given.get(k.split(".")[0], given["rowsum"])}
    found = {c.id: (c.left, c.right) for c in report.checks if c.status == "fail"}
    return {
        "broken": sorted(truth),
        "missed": sorted(truth.keys() - found.keys()),
        "sides": sorted(k for k in truth.keys() & found.keys() if truth[k] != found[k]),
        "invented": sorted(found.keys() - truth.keys()),
    }


def _text(sample: Sample, text: str, out: Score) -> None:
    squeezed = norm(text)
    out.chrome = [c for c in sample.chrome if norm(c) in squeezed]
    out.lost = lost(sample, squeezed)
    if sample.reference is not None:
        out.f1 = f1(text, sample.reference)


def lost(sample: Sample, squeezed: str) -> list[str]:
    """Return the sentences of the report (between full stops) that a text does not have."""
    pieces = [s for p in sample.sentences or () for s in re.split("[。；]", p)]
    return [s for s in pieces if len(s) > 5 and norm(s) not in squeezed]


def f1(text: str, reference: str) -> float:
    """Return the F1 of the pairs of neighbouring characters (letters, digits, Chinese)."""
    found, truth = _pairs(text), _pairs(reference)
    common = (found & truth).total()
    return 2 * common / max(found.total() + truth.total(), 1)


def _pairs(text: str) -> Counter[str]:
    plain = re.sub(r"\W+", "", norm(text))
    return Counter(map("".join, itertools.pairwise(plain)))
