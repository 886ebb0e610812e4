"""What the identities of the form (勾稽关系) say, in words, and which cells they name.

Ids are those of ``archive.records.Check``: ``flow.natural_person``, ``handled.total``,
``rowsum.granted``, ``cases.review``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gkcrawl.web.formlabels import form_labels
from gkcrawl.web.labels import word
from gkcrawl.web.tables import Address, number

Row = Mapping[str, Any]

_RULES = ("flow", "handled", "rowsum", "cases")
_FLOW = ("new_requests", "carried_over_in", "handled_total", "carried_over_out")


@dataclass(frozen=True, slots=True)
class Shown:
    """One identity as the page shows it."""

    id: str
    status: str
    status_word: str
    formula: str
    left: str
    right: str
    with_blanks_as_zero: bool
    message: str
    table: str
    """The table whose cells it names."""


def order(check_id: str) -> tuple[int, int, str]:
    """Return the place of a check in the order of the form: rules, then columns or rows."""
    rule, name = _parts(check_id)
    known = form_labels()
    names = [*known.applicants, *known.requests, *known.routes]
    return (
        _RULES.index(rule) if rule in _RULES else len(_RULES),
        names.index(name) if name in names else len(names),
        name,
    )


def cells_of(check_id: str) -> tuple[frozenset[Address], Address | None]:
    """Return the cells that a check names, and the one where its result stands.

    Nothing and None where the rule is not known.
    """
    rule, name = _parts(check_id)
    known = form_labels()
    if rule == "flow":
        named = frozenset(("requests", row, name) for row in _FLOW)
        return named, ("requests", "carried_over_out", name)
    if rule == "handled":
        named = frozenset(("requests", row, name) for row in known.handled)
        return named, ("requests", "handled_total", name)
    if rule == "rowsum":
        named = frozenset(("requests", name, column) for column in known.applicants)
        return named, ("requests", name, "total")
    if rule == "cases":
        named = frozenset(("review_litigation", name, outcome) for outcome in known.outcomes)
        return named, ("review_litigation", name, "total")
    return frozenset(), None


def formula(check_id: str) -> str:
    """Return what a check says, in Chinese; its id where the rule is not known."""
    rule, name = _parts(check_id)
    known = form_labels()
    column = known.applicants.get(name, name)
    if rule == "flow":
        return f"{column}：本年新收 ＋ 上年结转 ＝ 办理结果总计 ＋ 结转下年度"
    if rule == "handled":
        return f"{column}：办理结果各项之和 ＝（七）总计"
    if rule == "rowsum":
        path = known.requests.get(name, (name,))
        label = " ".join(path[1:] or path).partition("（区分")[0]
        return f"{label}：各类申请人之和 ＝ 总计"
    if rule == "cases":
        return f"{known.routes.get(name, name)}：维持 ＋ 纠正 ＋ 其他 ＋ 未审结 ＝ 总计"
    return check_id


def shown(row: Row) -> Shown:
    """Return a row of ``checks`` in words."""
    return Shown(
        id=row["check_id"],
        status=row["status"],
        status_word=word("check_status", row["status"]),
        formula=formula(row["check_id"]),
        left=_side(row["left"]),
        right=_side(row["right"]),
        with_blanks_as_zero=bool(row["with_blanks_as_zero"]),
        message=row["message"] or "",
        table="review_litigation" if _parts(row["check_id"])[0] == "cases" else "requests",
    )


def marks(rows: Iterable[Row]) -> tuple[frozenset[Address], dict[Address, list[str]]]:
    """Return the cells that failed checks name, and failed checks by the cell of their result."""
    suspects: frozenset[Address] = frozenset()
    results: dict[Address, list[str]] = {}
    for row in rows:
        if row["status"] == "fail":
            named, result = cells_of(row["check_id"])
            suspects |= named
            if result is not None:
                results.setdefault(result, []).append(row["check_id"])
    return suspects, results


def _parts(check_id: str) -> tuple[str, str]:
    rule, _, name = check_id.partition(".")
    return rule, name


def _side(value: float | None) -> str:
    return "空" if value is None else number(value)
