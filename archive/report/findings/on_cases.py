"""Sentences on Table IV: reviews (行政复议) and litigation (行政诉讼) over disclosure."""

import re

from archive.report.findings.clauses import Clause
from archive.report.findings.material import Sum
from archive.report.findings.speech import Claim, Speech, count, whose
from archive.report.findings.words import ABOUT_DISCLOSURE, TAIL, WHO

_WORDS = (
    r"因不服|因|由|就|对|政府信息公开|信息公开|依申请公开|公开申请|政府信息|申请人|申请|工作|引起|引发"
    r"|引致|产生|发生|导致|涉及|有关|相关|关于|涉|的|了|被申请|被提起|被|提起|提出|提请|收到|接到|受理"
    r"|新收|新增|办理|审理|应对|应诉|共计|总计|合计|累计|共|有|为|是|达|数量|总数|数|量|全年|本年度?"
    r"|案件|案|事项|当事人|公民|不服|答复|而|及|和|政府|政务|类|情况|件|方面|结果|新|公开|行政机关"
    r"|本机关|机关"
)
_REVIEW, _SUIT = r"(?:行政)?复议(?!后)", r"(?:行政)?诉讼"
_BOTH = (
    rf"(?:{_REVIEW}(?:案件)?(?:、|和|及|或者?|以及|与|,|/)(?:被?提起|被)?{_SUIT}"
    rf"|{_SUIT}(?:案件)?(?:、|和|及|或|以及|与){_REVIEW})"
)
_ROUTES = {
    "review": ("review",),
    "litigation": ("litigation_direct", "litigation_after_review"),
    "litigation_direct": ("litigation_direct",),
    "litigation_after_review": ("litigation_after_review",),
}
_PART = r"(?P<who>)(?:其中|含|包括)*"
_ROUTE_RULES = tuple(
    (route, re.compile(pattern))
    for route, pattern in (
        ("litigation_direct", rf"{_PART}未经复议直接(?:起诉|诉讼)(?:{_WORDS})*+(?P<n>#)$"),
        ("litigation_after_review", rf"{_PART}经?复议后(?:起诉|诉讼)(?:{_WORDS})*+(?P<n>#)$"),
        ("review", rf"{WHO}(?:{_WORDS})*+{_REVIEW}(?:{_WORDS})*+(?P<n>#)(?:{_WORDS})*+{TAIL}"),
        ("litigation", rf"{WHO}(?:{_WORDS})*+{_SUIT}(?:{_WORDS})*+(?P<n>#)(?:{_WORDS})*+{TAIL}"),
        ("review", rf"{WHO}(?:{_WORDS})*+(?P<n>#)(?:{_WORDS})*+{_REVIEW}(?:{_WORDS})*+$"),
        ("litigation", rf"{WHO}(?:{_WORDS})*+(?P<n>#)(?:{_WORDS})*+{_SUIT}(?:{_WORDS})*+$"),
    )
)
_NONE = re.compile(
    rf"{WHO}(?:{_WORDS})*+(?:尚|均|都|也|暂)?(?:未曾|从未|未|没有|无|没)"
    rf"(?:{_WORDS}|出现|举报|投诉|申诉|、|或)*+"
    rf"(?P<cases>{_BOTH}|{_REVIEW}|{_SUIT})(?:{_WORDS}|举报|投诉|申诉|、|或)*+$"
)
_ZERO = re.compile(
    rf"{WHO}(?:{_WORDS})*+(?P<cases>{_BOTH})(?:{_WORDS})*+[均都各]?[为是有]?(?P<n>#|0|零)$"
)
_RESULTS = tuple(
    (
        name,
        re.compile(
            rf"(?:其中|被|复议|诉讼|法院|机关)*(?:{label})(?:的|案件|数|有|为|共)*+#(?:案件)?{TAIL}"
        ),
    )
    for name, label in (
        ("upheld", "结果维持|维持"),
        ("corrected", "结果纠正|纠正|纠错"),
        ("other", "其[他它]结果"),
        ("pending", "尚未审结"),
    )
)
# What an office of justice does with the cases of others.
_OVER_DISCLOSURE = re.compile(r"信息公开(?:工作)?.{0,6}(?:复议|诉讼)|因(?:政府)?信息公开")
_DUTY = re.compile(r"办理|受理|审理|收到|接到|应诉|应对")


def none(clause: Clause, speech: Speech) -> list[Claim] | None:
    """未发生因政府信息公开引起的行政复议、行政诉讼; 行政复议、行政诉讼均为 0 件."""
    match = _NONE.match(clause.text) or _ZERO.match(clause.text)
    if match is None:
        return None
    speech.topic = "other"
    both_not_zero = match.groupdict().get("n") == "#" and count(clause, match)
    owner = whose(match["who"], clause, speech)
    if both_not_zero or owner == "part" or speech.within or not speech.about:
        return []
    words = (("review", "复议"), ("litigation", "诉讼"))
    return [
        Claim(route, 0, (_cells(route, "total"),), clause.quote, owner == "whole")
        for route, word in words
        if word in match["cases"]
    ]


def cases(clause: Clause, speech: Speech) -> list[Claim] | None:
    """因政府信息公开被申请行政复议 3 件、提起行政诉讼 2 件."""
    matches = ((route, pattern.match(clause.text)) for route, pattern in _ROUTE_RULES)
    route, match = next(((route, m) for route, m in matches if m), ("", None))
    if match is None:
        return None
    own = (
        speech.section == "review_litigation"
        or ABOUT_DISCLOSURE.search(clause.text) is not None
        or _OVER_DISCLOSURE.search(clause.before) is not None
    )
    about = own or (speech.about and not _DUTY.search(clause.text))
    owner = whose(match["who"], clause, speech)
    if not about or owner == "part":
        speech.topic = "other"
        return []
    speech.topic, speech.part = route, owner == "unsure"
    speech.within = speech.divided = False
    return [_claim(clause, speech, route, count(clause, match), "total")]


def result(clause: Clause, speech: Speech) -> list[Claim] | None:
    """其中结果维持 72 件, after what was said of a route."""
    if speech.topic not in _ROUTES:
        return None
    for name, words in _RESULTS:
        if words.match(clause.text):
            return [_claim(clause, speech, speech.topic, count(clause), name)]
    return None


def _claim(clause: Clause, speech: Speech, route: str, value: int, column: str) -> Claim:
    name = route if column == "total" else f"{route}_{column}"
    return Claim(name, value, (_cells(route, column),), clause.quote, speech.is_whole())


def _cells(route: str, column: str) -> Sum:
    return Sum("review_litigation", _ROUTES[route], column=column)
