"""What the form asks a report to say, and whether it does (要素完整).

Six sections, two of them prose that cannot be empty, and in the last one the fees collected for
processing information (信息处理费, 国办函〔2020〕109号).
"""

import re
from collections.abc import Iterator, Mapping

from archive.records import Finding
from archive.report.chars import fold, tight
from archive.report.findings.clauses import paragraphs
from archive.report.findings.counts import Money
from archive.report.findings.material import Material
from archive.report.findings.told import shortened

NAMES = {
    "overview": "一、总体情况",
    "active_disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
    "problems_improvements": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}
_PROSE = ("overview", "problems_improvements")
_NOTHING = re.compile(
    r"(?:(?:本年度?|目前|今年)?(?:我[局办镇乡街道]+)?(?:暂|均)?(?:无|没有|无此项|不存在|未发现)"
    r"(?:其[他它])?(?:需要|需)?(?:报告|说明|改进)?的?(?:主要)?(?:事项|问题|情况|内容|变化)*)?"
)
_ABOUT_FEES = re.compile(r"处理费|收费|收取.{0,8}费")
_FEE_TOLD = re.compile(
    r".{0,30}?(?:信息处理费|信息公开费用?)(?:共计|共|合计|总计|计|为|金额|收入|用|合)*+\$"
)
_FEE_DENIED = re.compile(r".{0,40}?[未无没零].{0,24}?(?:收取|收费|处理费)")
_FEES, _AMOUNT = "fees.other_matters", "amount_10k_cny"
_FEE_CELL = f"active_disclosure.admin_fees.{_AMOUNT}"


def present_sections(material: Material) -> Iterator[Finding]:
    """Yield what is missing of the six sections; nothing for a text in which none was found, and
    nothing for reports before 2019, which had sections of their own."""
    if material.form not in ("2021", "2019") or not material.sections:
        return
    lacking = [name for key, name in NAMES.items() if key not in material.sections]
    if lacking:
        yield Finding("section.missing", "missing", f"no heading found: {'; '.join(lacking)}")
    for key in _PROSE:
        if key in material.sections and says_nothing(material.sections[key]):
            body = shortened(material.sections[key])
            message = f"{NAMES[key]} says {f'only “{body}”' if body else 'nothing'}"
            yield Finding(f"section.{key}", "missing", message, quote=body or None)


def says_nothing(text: str) -> bool:
    """Whether a section is empty or says only 无 or the like."""
    return _NOTHING.fullmatch(re.sub(r"[\W_]", "", tight(fold(text)))) is not None


def fees(material: Material) -> Iterator[Finding]:
    """Yield whether section VI tells the fees that stand elsewhere in the report.

    A conflict where the text elsewhere tells a processing fee and section VI another one, none, or
    says nothing at all. 行政事业性收费 in the table beside an empty section VI is only a hint: it
    is income of another kind as a rule.
    """
    last = material.sections.get("other_matters")
    if last is None:
        return
    told = _fee({k: text for k, text in material.sections.items() if k != "other_matters"})
    here = _fee({"other_matters": last})
    empty = says_nothing(last)
    if told is not None and told[0].value and (empty or here is not None):
        value, quote = (here[0].value, here[1]) if here else (None, last)
        step = max(told[0].precision, here[0].precision if here else 0)
        agrees = value is not None and abs(value - told[0].value) <= step
        yield Finding(
            _FEES,
            "agrees" if agrees else "conflict",
            f"the text tells {told[0].value} 万元 of processing fees (“{shortened(told[1])}”),"
            f" section VI says “{shortened(quote)}”",
            told[0].value,
            value,
            quote=told[1],
        )
        return
    amount = (material.table("active_disclosure") or {}).get("admin_fees", {}).get(_AMOUNT)
    if empty and amount is not None and amount > 0:
        message = f"行政事业性收费 is {amount} 万元 in the table, section VI says nothing of fees"
        yield Finding(_FEES, "hint", message, right=amount, cells=(_FEE_CELL,), quote=last)


def _fee(sections: Mapping[str, str]) -> tuple[Money, str] | None:
    """Return the processing fee that is told first, 0 where it is denied, and its sentence."""
    for paragraph in paragraphs(sections.items(), _ABOUT_FEES):
        for clause in (clause for sentence in paragraph.sentences for clause in sentence):
            amounts = [value for value in clause.values if isinstance(value, Money)]
            if amounts and _FEE_TOLD.match(clause.text):
                return amounts[0], clause.quote
            if _FEE_DENIED.match(clause.text):
                return Money(0, 0), clause.quote
    return None
