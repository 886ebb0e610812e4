"""Sentences on Table III: what was received, carried over, handled, and with what outcome."""

import re

from archive.report.findings.clauses import Clause
from archive.report.findings.material import Sum, present
from archive.report.findings.speech import Claim, Speech, count, whose
from archive.report.findings.words import ABOUT_DISCLOSURE, OBJECT, TAIL, WHO

_RECEIVED = re.compile(
    rf"{WHO}(?P<verb>新收到?|新接收|新受理|新增|收到|接收|接到|收悉|接受|收(?!取|费)|受理|办理|登记)"
    rf"(?:并?(?:受理|办理|办结|处理|答复))?了?"
    rf"(?P<what>(?:{OBJECT})*+)(?P<n>#)(?P<rest>(?:{OBJECT})*+){TAIL}"
)
_RECEIVED_BY_NAME = re.compile(
    rf"{WHO}(?P<what>(?:政府)?信息(?:依申请公开|公开)申请(?:数量|总[数量]|件数|数|量)?)"
    rf"(?P<verb>共?(?:收到|受理)|新收)?(?:共计|总计|合计|共|计|为|有|达|是)?(?P<n>#)(?P<rest>){TAIL}"
)
_NONE_RECEIVED = re.compile(
    rf"{WHO}(?:尚|均|都|也|暂)?(?:未曾|从未|未|没有|无|没)"
    r"(?:接收到|接到|收到|接收|受理|办理|发生|产生|有|收)?"
    rf"(?P<what>(?:{OBJECT})++)(?:情况|情形|事件|行为|业务|现象|记录)?$"
)
_CARRY_WORDS = (
    rf"{OBJECT}|[由从自]?\d{{4}}年度?|上一?年度?|去年度?|往年度?|下一?年度?|次年|明年|翌年|结转|转结"
    r"|接转|转接|顺延|延续|延期|转入|转到|转至|至|到|由|从|自|本年度?|继续|处理|含|其中|包括|加上|另外"
    r"|另|还有|尚有|尚未办结|未办结|未答复|期限|未到期|正在|留|待"
)
_CARRIED = re.compile(rf"(?:{_CARRY_WORDS})*+#(?:{_CARRY_WORDS})*+{TAIL}")
CARRY = re.compile(r"结转|转结|接转|转接|顺延|延续到|延期[到至]|转入|转到|转至")
_FROM_LAST_YEAR = re.compile(r"上一?年|去年|往年")
_TO_NEXT_YEAR = re.compile(r"下一?年|次年|明年|翌年")
_HANDLED = re.compile(
    rf"{WHO}(?:办理完毕|处理完毕|答复办结|办结|办理并答复|办理答复|完成答复|答复|回复)(?:完毕)?了?"
    rf"(?:{OBJECT})*+(?P<n>#)(?:{OBJECT})*+{TAIL}"
)
_OUTCOME_LEAD = (
    r"(?:其中|已|共|对|依法|按|经审[查核]|答复|决定|属于?|予以|作出|给予|结果|为|的|申请人?|有)*"
)
_OUTCOME_WORDS = (
    r"(?:的|申请|答复|决定|政府信息|信息|数量|数|量|类|情形|情况|件数|处理|办理|共计|共|计|为|有|达|是"
    r"|合计)*+"
)
_OUTCOMES = tuple(
    (
        name,
        re.compile(
            rf"{_OUTCOME_LEAD}(?<!不){label}{_OUTCOME_WORDS}#{_OUTCOME_WORDS}{TAIL}"
            rf"|(?:其中|已|另?有|对)*#{_OUTCOME_WORDS}{label}$"
        ),
    )
    for name, label in (
        # The longer name first: 予以公开和部分公开 is one figure for two rows.
        ("granted_or_partial", "(?:予以)?公开(?:和|或者?|及|、|与|以及)(?:予以)?部分公开"),
        ("partially_granted", "(?:予以)?部分公开"),
        ("denied_total", "不予公开"),
        ("granted", "(?:予以公开|全部公开)"),
        ("unavailable_total", "无法提供"),
        ("rejected_total", "不予处理"),
        ("other_total", "其[他它]处理"),
    )
)
# Groups of Table III; those named …_total have no row of their own in the form of 2021.
_ROWS = {
    "granted_or_partial": ("granted", "partially_granted"),
    "partially_granted": ("partially_granted",),
    "granted": ("granted",),
    "denied_total": (
        *("denied_state_secret", "denied_law_prohibited", "denied_security_stability"),
        *("denied_third_party", "denied_internal_affairs", "denied_process_info"),
        *("denied_enforcement_file", "denied_admin_query"),
    ),
    "unavailable_total": (
        *("unavailable_not_held", "unavailable_needs_creation", "unavailable_still_unclear"),
    ),
    "rejected_total": (
        *("rejected_petition_complaint", "rejected_duplicate", "rejected_public_publication"),
        *("rejected_excessive", "rejected_reconfirmation"),
    ),
    "other_total": ("other_no_correction", "other_fee_unpaid", "other_other", "other_total"),
}


def _of(*rows: str, minus: tuple[str, ...] = ()) -> Sum:
    return Sum("requests", rows, minus)


_NEW, _WITH_OLD = _of("new_requests"), _of("new_requests", "carried_over_in")
_HANDLED_TOTAL = _of("handled_total")
# 受理 and 办理 may leave out what was not accepted, or count what was finished.
_LOOSE = frozenset({"受理", "办理", "登记", ""})


def carried(clause: Clause, speech: Speech) -> list[Claim] | None:
    """上年结转 3 件, 结转到2025年办理 7 件; one that says neither from nor to is no claim."""
    if not CARRY.search(clause.text) or "#" not in clause.text:
        return None
    about = speech.about or ABOUT_DISCLOSURE.search(clause.text)
    if not about or not _CARRIED.match(clause.text):
        return []
    year = speech.material.year or 0
    years = {int(found) for found in re.findall(r"(20\d\d)年", clause.text)}
    back = bool(_FROM_LAST_YEAR.search(clause.text)) or year - 1 in years
    onward = bool(_TO_NEXT_YEAR.search(clause.text)) or year + 1 in years
    if back == onward:
        return []
    name = "carried_over_in" if back else "carried_over_out"
    return [Claim(name, count(clause), (_of(name),), clause.quote, speech.is_whole())]


def received(clause: Clause, speech: Speech) -> list[Claim] | None:
    """全市共收到政府信息公开申请 30 件; 政府信息公开申请 30 件."""
    by_verb = _RECEIVED.match(clause.text)
    match = by_verb or _RECEIVED_BY_NAME.match(clause.text)
    if match is None or not _is_request(match["what"] + match["rest"], speech):
        return None
    owner = whose(match["who"], clause, speech)
    if owner == "part" and by_verb is None:
        return None  # 办结政府信息公开申请 30 件: another verb
    verb = match["verb"] or ""
    exact = verb.startswith("新")
    speech.topic = "requests"
    if speech.within and not exact:
        speech.divided = True
        return []
    speech.part = owner != "whole"
    if owner == "part":
        return []
    readings: tuple[Sum, ...] = (_NEW,) if exact else (_NEW, _WITH_OLD)
    if verb in _LOOSE:
        readings = (_NEW, _WITH_OLD, _HANDLED_TOTAL)
    value = count(clause, match)
    return [Claim("new_requests", value, readings, clause.quote, owner == "whole")]


def none_received(clause: Clause, speech: Speech) -> list[Claim] | None:
    """本年度未收到政府信息公开申请."""
    match = _NONE_RECEIVED.match(clause.text)
    if match is None or not _is_request(match["what"], speech):
        return None
    owner = whose(match["who"], clause, speech)
    speech.topic = "requests"
    if owner == "part" or speech.within:
        return []
    return [Claim("new_requests", 0, (_NEW,), clause.quote, owner == "whole")]


def handled(clause: Clause, speech: Speech) -> list[Claim] | None:
    """共办结 24 件: all, or without what was carried over or ended without an answer."""
    match = _HANDLED.match(clause.text)
    about = speech.topic == "requests" or ABOUT_DISCLOSURE.search(clause.text)
    if match is None or not about:
        return None
    speech.topic = "requests"
    if not speech.is_whole() or speech.within or whose(match["who"], clause, speech) != "whole":
        return []
    table = speech.material.table("requests")
    others = present(table, _ROWS["other_total"])
    readings = (
        _HANDLED_TOTAL,
        _of("handled_total", minus=("carried_over_in",)),
        _of("handled_total", minus=others),
        _of("handled_total", minus=(*others, *present(table, _ROWS["rejected_total"]))),
    )
    return [Claim("handled_total", count(clause, match), readings, clause.quote)]


def outcome(clause: Clause, speech: Speech) -> list[Claim] | None:
    """予以公开 3 件, 不予公开 2 件."""
    name = next((name for name, words in _OUTCOMES if words.match(clause.text)), None)
    if name is None or speech.topic == "other":
        return None
    if not speech.is_whole():
        return []
    readings = [_of(*present(speech.material.table("requests"), _ROWS[name]))]
    if name == "granted":
        readings.append(_of(*_ROWS["granted_or_partial"]))
    return [Claim(name, count(clause), tuple(readings), clause.quote)]


def _is_request(said: str, speech: Speech) -> bool:
    """Whether the words name requests for information, not 低保申请 or others."""
    if "申请" not in said:
        return False
    return bool(ABOUT_DISCLOSURE.search(said)) or speech.topic == "requests"
