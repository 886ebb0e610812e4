"""Scores of many samples as rates, and the bar that they must reach."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bench.scoring import Score
from bench.testbed import forms

GRIDS = ("html", "html-broken", "html-word", "html-split", "html-layout", "html-divgrid")
"""Renderings of HTML whose Table III counts for the bar."""
MOST_CASES = 20


def summarise(scores: list[Score]) -> dict[str, Any]:
    """Return ``bar``, ``renderings`` and ``negatives``."""
    by_name: dict[str, list[Score]] = {}
    for one in scores:
        by_name.setdefault(one.sample.rendering, []).append(one)
    positives = {n: s for n, s in by_name.items() if s[0].sample.doc is not None}
    negatives = {n: s for n, s in by_name.items() if s[0].sample.doc is None}
    return {
        "bar": bar(scores),
        "also": {
            "flattened_exact_blanks_and_all": _share(lambda s: s.sample.flattened, _exact)(scores),
            "flattened_exact_where_no_sum_is_broken": _share(_decidable, _exact)(scores),
        },
        "renderings": {name: _rendering(group) for name, group in positives.items()},
        "negatives": {name: _negative(group) for name, group in negatives.items()},
    }


def rate(values: Iterable[Any]) -> float | None:
    """Return the share of the true values; None: there are none at all."""
    listed = [bool(v) for v in values]
    return round(sum(listed) / len(listed), 5) if listed else None


def _names(scores: Iterable[Score]) -> list[str]:
    return [s.sample.name for s in scores][:MOST_CASES]


def _rendering(group: list[Score]) -> dict[str, Any]:
    read = [s for s in group if s.accepted]
    out: dict[str, Any] = {
        "count": len(group),
        "accepted": rate(s.accepted for s in group),
        "refused": _names(s for s in group if not s.accepted),
        "tables": {name: _table(read, name) for name in forms.TABLES},
        "silently_wrong": {s.sample.name: s.silently_wrong[:3] for s in read if s.silently_wrong},
    }
    for fact in dict.fromkeys(k for s in read for k in s.facts):
        out[fact] = _fact(read, fact)
    asked = [s for s in read if s.identities]
    out["identities"] = {
        "broken": sum(bool(s.identities["broken"]) for s in asked),
        "not_found": _names(s for s in asked if s.identities["missed"] or s.identities["sides"]),
        "invented": _names(s for s in asked if s.identities["invented"]),
    }
    f1 = [s.f1 for s in read if s.f1 is not None]
    out["text"] = {
        "chrome_left": sum(len(s.chrome) for s in read),
        "sentences_lost": sum(len(s.lost) for s in read),
        "cases": _names(s for s in read if s.chrome or s.lost),
        "f1": round(sum(f1) / len(f1), 5) if f1 else None,
    }
    return out


def _table(group: list[Score], name: str) -> dict[str, Any]:
    scores = [(s, s.tables[name]) for s in group if name in s.tables]
    return {
        "exact": rate(t.exact for _, t in scores),
        "exact_or_ambiguous": rate(t.exact or t.status == "ambiguous" for _, t in scores),
        "status": dict(Counter(t.status for _, t in scores)),
        "not_exact": _names(s for s, t in scores if not t.exact),
    }


def _fact(group: list[Score], fact: str) -> dict[str, Any]:
    asked = [(s, s.facts[fact]) for s in group if fact in s.facts]
    if isinstance(asked[0][1], str):
        out: dict[str, Any] = dict(Counter(v for _, v in asked))
        out["wrong_cases"] = _names(s for s, v in asked if v == "wrong")
        out["null_cases"] = _names(s for s, v in asked if v == "null")
        return out
    return {"rate": rate(v for _, v in asked), "cases": _names(s for s, v in asked if not v)}


def _negative(group: list[Score]) -> dict[str, Any]:
    return {
        "count": len(group),
        "rejected": rate(not s.accepted for s in group),
        "reasons": dict(Counter(s.reason for s in group if not s.accepted)),
        "accepted_cases": _names(s for s in group if s.accepted),
    }


@dataclass(frozen=True)
class Mark:
    """One line of the bar: how it is measured over all scores, and what it must be."""

    name: str
    measure: Callable[[list[Score]], float | int | None]
    must: float
    at_least: bool = True


def _share(wanted: Callable[[Score], bool], good: Callable[[Score], Any]) -> Callable:
    return lambda scores: rate(good(s) for s in scores if wanted(s))


def _count(counted: Callable[[Score], int]) -> Callable[[list[Score]], int]:
    return lambda scores: sum(counted(s) for s in scores)


def _among(*names: str) -> Callable[[Score], bool]:
    return lambda s: s.sample.rendering in names


def _report(s: Score) -> bool:
    return s.sample.doc is not None


def _exact(s: Score) -> bool:
    """Whether Table III is exact in all cells; a refused report is not."""
    return s.accepted and s.tables["requests"].exact


def _honest(s: Score) -> bool:
    """Whether every table is exact or said to be ambiguous."""
    tables = s.tables.values()
    return s.accepted and all(t.exact or t.status == "ambiguous" for t in tables)


def _printed(s: Score) -> bool:
    """Whether all cells of a flattened Table III are printed.

    A blank leaves no trace in flattened text: it and a zero beside it cannot be told apart, and
    ``ambiguous`` is the right answer.
    """
    if not s.sample.flattened:
        return False
    numbers = s.sample.numbers()["requests"].values()
    return all(value is not None for cells in numbers for value in cells.values())


def _decidable(s: Score) -> bool:
    """Whether all cells are printed and all sums hold, by which they can be proved."""
    return _printed(s) and not s.sample.broken()


def _broken_grid(s: Score) -> bool:
    return _report(s) and not s.sample.flattened and bool(s.sample.broken())


def _found(s: Score) -> bool:
    return bool(s.identities) and not (s.identities["missed"] or s.identities["sides"])


def _named(s: Score) -> bool:
    return s.accepted and "issuer_and_year" in s.facts


MARKS = (
    Mark("table_iii_exact_html", _share(_among(*GRIDS), _exact), 0.995),
    Mark("table_iii_exact_docx", _share(_among("docx", "docx-broken"), _exact), 0.995),
    Mark("table_iii_exact_pdf", _share(_among("pdf", "pdf-broken"), _exact), 0.98),
    Mark("flattened_exact_or_ambiguous", _share(lambda s: s.sample.flattened, _honest), 1),
    Mark("flattened_exact", _share(_printed, _exact), 0.8),
    Mark("broken_identities_found", _share(_broken_grid, _found), 1),
    Mark("issuer_and_year", _share(_named, lambda s: s.facts["issuer_and_year"]), 0.99),
    Mark("accepted", _share(_report, lambda s: s.accepted), 0.995),
    Mark("rejected", _share(lambda s: not _report(s), lambda s: not s.accepted), 0.995),
    Mark("silently_wrong", _count(lambda s: bool(s.silently_wrong)), 0, at_least=False),
    Mark(
        "division_wrong",
        _count(lambda s: "wrong" in (s.facts.get("division"), s.facts.get("township"))),
        0,
        at_least=False,
    ),
    Mark("chrome_left", _count(lambda s: len(s.chrome)), 0, at_least=False),
    Mark("sentences_lost", _count(lambda s: len(s.lost)), 0, at_least=False),
    Mark("raised", _count(lambda s: s.raised is not None), 0, at_least=False),
)


def bar(scores: list[Score]) -> dict[str, Any]:
    """Return the bar: name -> value, what it must be, whether it is met (None: not measured)."""
    out: dict[str, Any] = {}
    for mark in MARKS:
        value = mark.measure(scores)
        met = value is not None and (value >= mark.must if mark.at_least else value <= mark.must)
        sign = ">=" if mark.at_least else "<="
        out[mark.name] = {
            "value": value,
            "must": f"{sign} {mark.must}",
            "met": met if value is not None else None,
        }
    return out


def with_peers(
    report: dict[str, Any], peers: dict[str, Any], timing: dict[str, Any]
) -> dict[str, Any]:
    """Return the report with peers and time, and with what the bar says of them."""
    ours = peers["text"]["gkcrawl"]["f1"]
    others = [p["f1"] for name, p in peers["text"].items() if name != "gkcrawl" and p["f1"]]
    ratio = timing["ratio_of_medians"]
    bar = dict(report["bar"])
    if ours is not None and others:
        best = max(others)
        bar["text_f1"] = {"value": ours, "must": f"> {best} (best peer)", "met": ours > best}
    bar["time_ratio"] = {"value": ratio, "must": "<= 0.6", "met": ratio <= 0.6}
    return report | {"bar": bar, "peers": peers, "timing": timing}
