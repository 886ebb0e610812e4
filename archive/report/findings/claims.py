"""What the sentences of a report say about the numbers of its tables.

Each rule takes a clause that it understands and tells the quantity, the figure and which sums of
cells it may stand for (受理 30 件 counts what was carried over, or does not). What a sentence says
of a part of the issuer (其中区政府办公室收到 29 件), of another year or by one channel is no claim.
"""

import re
from collections.abc import Callable, Iterator

from archive.report.findings import on_cases, on_disclosure, on_requests, words
from archive.report.findings.clauses import Clause, Paragraph, paragraphs
from archive.report.findings.material import Material
from archive.report.findings.speech import Claim, Speech

_TOPIC = re.compile(
    r"申请|申請|复议|複議|诉讼|訴訟|予以公开|不予|规章|规范性文件|行政(?:许可|处罚|强制)|结转|結轉"
    r"|行政事业性收费"
)
_LONGEST_HEADING = 25
# A figure, or words for none.
_TELLS = re.compile(r"[#$]|未|没|无|[为是有][0零]")
# What occurs in every clause that the rule understands, and the rule. The first that understands a
# clause (returns a list, be it empty) ends the search.
_RULES: tuple[tuple[re.Pattern[str], Callable[[Clause, Speech], list[Claim] | None]], ...] = (
    (on_requests.CARRY, on_requests.carried),
    (re.compile("申请.*#|#.*申请"), on_requests.received),
    (re.compile("[未没无].*申请"), on_requests.none_received),
    (re.compile("复议|诉讼"), on_cases.none),
    (re.compile("复议|诉讼"), on_cases.cases),
    (re.compile("[维持纠正错结]+.*#"), on_cases.result),
    (re.compile("公开.*#|#.*公开|(?:提供|处理).*#|#.*(?:提供|处理)"), on_requests.outcome),
    (re.compile("(?:办结|[答回]复|完毕).*#"), on_requests.handled),
    (re.compile("(?:规范性文件|规章|废止|现行有效).*#"), on_disclosure.documents),
    (re.compile("决定.*#"), on_disclosure.decisions),
    (re.compile(r"收费.*\$"), on_disclosure.fees),
)


def claims(material: Material) -> Iterator[Claim]:
    """Yield what the sections say of the tables, in the order of the text."""
    headed = False
    for paragraph in paragraphs(material.sections.items(), _TOPIC):
        yield from _paragraph(paragraph, material, headed=headed)
        headed = _is_heading(paragraph)


def _is_heading(paragraph: Paragraph) -> bool:
    """Whether the paragraph is only a heading like （二）依申请公开情况, of what comes next."""
    text = "".join(clause.text for sentence in paragraph.sentences for clause in sentence)
    about = words.ABOUT_DISCLOSURE.search(text)
    return about is not None and len(text) <= _LONGEST_HEADING and "#" not in text


def _paragraph(paragraph: Paragraph, material: Material, *, headed: bool) -> Iterator[Claim]:
    speech = Speech(material, paragraph.section)
    speech.topic = "requests" if headed or paragraph.section == "requests" else None
    speech.about = headed or paragraph.section in ("requests", "review_litigation")
    for sentence in paragraph.sentences:
        speech.other_year = speech.within = speech.divided = False
        for clause in sentence:
            yield from _clause(clause, speech)


def _clause(clause: Clause, speech: Speech) -> Iterator[Claim]:
    """Yield the claims of one clause and note in ``speech`` what it speaks of."""
    _note(clause, speech)
    tells = _TELLS.search(clause.text)
    if tells and not speech.other_year and not words.COMPARED.match(clause.text):
        for trigger, rule in _RULES:
            found = rule(clause, speech) if trigger.search(clause.text) else None
            if found is not None:
                yield from found
                return
    if words.OTHER_TOPIC.search(clause.text):
        speech.topic = "other"
    elif "#" not in clause.text and words.ABOUT_DISCLOSURE.search(clause.text):
        speech.topic, speech.part = "requests", False


def _note(clause: Clause, speech: Speech) -> None:
    """Note what the clause says by the way: of disclosure, of a division, of another year."""
    if words.ABOUT_DISCLOSURE.search(clause.text):
        speech.about = True
    if clause.text.startswith("其中") and speech.topic == "requests":
        speech.within = True
    if on_requests.CARRY.search(clause.text):
        return
    years = {int(year) for year in re.findall(r"(20\d\d)年", clause.text)}
    if years and speech.material.year:
        speech.other_year = years != {speech.material.year}
    elif words.OTHER_YEARS.search(clause.text) and not words.COMPARED.search(clause.text):
        speech.other_year = True
    elif words.THIS_YEAR.match(clause.text):
        speech.other_year = False
