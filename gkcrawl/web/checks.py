"""What was held against a report, in words, and which cells it names: the identities of the form
(勾稽关系), text against tables (findings), and what evaluators ask (evaluations).

Ids: ``flow.natural_person``, ``handled.total``, ``rowsum.granted``, ``cases.review`` are identities
(``archive.records.Check``); the others are told in docs/how-tables-are-read.md and docs/checks.md.
"""

from collections.abc import Callable, Mapping

from gkcrawl.web.formlabels import cell_words, form_labels
from gkcrawl.web.labels import SECTIONS
from gkcrawl.web.language import say
from gkcrawl.web.tables import Address

_RULES = ("flow", "handled", "rowsum", "cases")
_FLOW = ("new_requests", "carried_over_in", "handled_total", "carried_over_out")
# Findings and evaluations by their whole id, else by what stands before the last dot.
_TITLES: Mapping[str, str] = {
    "section.missing": "缺少法定的部分",
    "section": "“{name}”没有内容",
    "fees.other_matters": "信息处理费：第六部分与别处所说不一",
    "plausible.regulations": "规章：依法不能制定规章的机关填有数字",
    "plausible.negative": "件数为负",
    "plausible.fraction": "件数不是整数",
    "plausible.magnitude": "件数大得不可信",
    "text": "正文与表：{name}",
    "published.late": "发布日期晚于法定期限（条例第四十九条）",
    "published.unknown": "发布日期不明，无法判断是否按期",
    "sections.missing": "缺少法定的部分",
    "sections.empty": "有的部分没有内容",
    "text.reuse": "文字与上年报告雷同",
    "chain.carried_over_in": "{name}：上年结转 ＝ 上年报告的结转下年度",
    "chain.valid": "{name}：现行有效 ＝ 上年现行有效 ＋ 本年制发 － 本年废止",
    "aggregate.requests": "本行政区域汇总数与所属各机关之和",
}
_TEXT_NAMES: Mapping[str, str] = {
    "denied_total": "不予公开",
    "unavailable_total": "无法提供",
    "rejected_total": "不予处理",
    "other_total": "其他处理",
    "granted_or_partial": "予以公开、部分公开",
    "litigation": "行政诉讼",
}


def order(check_id: str) -> tuple[int, int, str]:
    """Return the place of a check in the order of the form: rules, then columns or rows."""
    rule, name = _parts(check_id)
    known = form_labels()
    names = [*known.applicants, *known.requests, *known.routes]
    return (
        _RULES.index(rule) if rule in _RULES else len(_RULES),
        names.index(name) if name in names else len(names),
        check_id,
    )


def cells_of(check_id: str) -> tuple[tuple[Address, ...], Address | None]:
    """Return the cells that an identity names, and the one where its result stands.

    Nothing and None where the rule is not known.
    """
    rule, name = _parts(check_id)
    known = form_labels()
    if rule == "flow":
        named = tuple(("requests", row, name) for row in _FLOW)
        return named, ("requests", "carried_over_out", name)
    if rule == "handled":
        named = tuple(("requests", row, name) for row in known.handled)
        return named, ("requests", "handled_total", name)
    if rule == "rowsum":
        named = tuple(("requests", name, column) for column in known.applicants)
        return named, ("requests", name, "total")
    if rule == "cases":
        named = tuple(("review_litigation", name, outcome) for outcome in known.outcomes)
        return named, ("review_litigation", name, "total")
    return (), None


def formula(check_id: str) -> str:
    """Return what a check, finding or evaluation says or asks, in the language of the page; its id
    where the rule is not known."""
    rule, name = _parts(check_id)
    if rule in _FORMULAS:
        return _FORMULAS[rule](name)
    before, _, last = check_id.rpartition(".")
    title = _TITLES.get(check_id) or _TITLES.get(before)
    return say(title, name=_name(before, last)) if title else check_id


def _handled(name: str) -> str:
    return say("{name}：办理结果各项之和 ＝（七）总计", name=_applicant(name))


def _flow(name: str) -> str:
    return say("{name}：本年新收 ＋ 上年结转 ＝ 办理结果总计 ＋ 结转下年度", name=_applicant(name))


def _rowsum(name: str) -> str:
    return say("{name}：各类申请人之和 ＝ 总计", name=_request(name))


def _cases(name: str) -> str:
    route = say(form_labels().routes.get(name, name))
    return say("{name}：维持 ＋ 纠正 ＋ 其他 ＋ 未审结 ＝ 总计", name=route)


_FORMULAS: Mapping[str, Callable[[str], str]] = {
    "flow": _flow,
    "handled": _handled,
    "rowsum": _rowsum,
    "cases": _cases,
}


def _applicant(name: str) -> str:
    return say(form_labels().applicants.get(name, name))


def _request(name: str) -> str:
    return cell_words("requests", name, "total")[0]


def _name(rule: str, name: str) -> str:
    """Return the words of what stands behind the last dot of an id."""
    known = form_labels()
    if rule == "section":
        return say(SECTIONS.get(name, name))
    if rule == "chain.carried_over_in":
        return _applicant(name)
    if said := _TEXT_NAMES.get(name) or known.routes.get(name) or known.disclosure.get(name):
        return say(said)
    if name in known.requests:
        return _request(name)
    row, _, column = name.rpartition("_")
    table = "active_disclosure" if row in known.disclosure else "review_litigation"
    row = "litigation_direct" if row == "litigation" else row
    return " ".join(cell_words(table, row, column))


def _parts(check_id: str) -> tuple[str, str]:
    rule, _, name = check_id.partition(".")
    return rule, name
