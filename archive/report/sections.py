"""The six sections of a report (国办公开办函〔2021〕30号, 〔2019〕60号) and the free forms before.

Headings stand on lines of their own, inside a line, or twice; the introduction may list all six. So
every place that can be a heading is collected, and the chain that ends latest is taken.
"""

import re

from archive.report.chars import HAN, fold, without_blanks
from archive.report.lines import Line, joined

KEYS = (
    "overview",
    "active_disclosure",
    "requests",
    "review_litigation",
    "problems_improvements",
    "other_matters",
)

_OF = "(?:政府)?(?:信息)?(?:公开)?(?:工作)?"
# Key -> what its heading says, in the orders and words seen since 2008.
_HEADINGS: tuple[tuple[str, str], ...] = (
    ("overview", "总体情况|总体工作情况|工作总体情况|基本情况|概述|概况|工作概况|总体概况"),
    (
        "active_disclosure",
        "(?:行政机关)?主动公开(?:政府信息|信息)?(?:的)?(?:工作)?情况|政府信息主动公开(?:的)?情况",
    ),
    (
        "requests",
        "(?:行政机关)?收到(?:和|及|与)处理(?:政府)?信息公开申请(?:的)?情况"
        "|(?:政府信息)?依申请公开(?:政府信息)?(?:工作)?(?:办理)?(?:的)?情况",
    ),
    (
        "review_litigation",
        "(?:因)?(?:政府信息公开)?(?:工作)?(?:被)?(?:申请|提起)?(?:的)?行政复议(?:案件)?"
        "(?:、|和|及|与|,|以及)?(?:提起|被提起)?(?:的)?(?:行政)?诉讼(?:案件)?(?:的)?情况"
        "|(?:政府信息公开)?复议(?:、|和|及|与)诉讼(?:和申诉)?(?:的)?情况",
    ),
    (
        "problems_improvements",
        f"(?:{_OF}中?)?(?:存在的?)?(?:主要)?(?:问题|不足)(?:、|和|及|与|以及)?(?:其)?"
        "(?:改进|整改|解决)(?:措施|情况|工作|办法|打算)?(?:情况)?"
        f"|{_OF}存在的?(?:主要)?(?:问题|不足|困难)(?:及|和|与)?(?:下一?步)?[^,。;\n ]{{0,12}}",
    ),
    (
        "other_matters",
        "(?:其他|其它)?(?:应当)?(?:需要|需)(?:报告|说明)的(?:其他|其它|重要)?(?:重要)?事项"
        "|其他(?:需要)?(?:报告|说明)?的?事项",
    ),
)
_NUMERAL = "(?:[一二三四五六七八九][、.,]|第[一二三四五六七八九]部分[、.:]?)"
_HEADING = tuple(
    (
        key,
        re.compile(
            # Inside a line only with its numeral, alone on a line also without.
            rf"{_NUMERAL}(?:关于)?(?:{words}):?|^(?:[1-6][、.:]*)?(?:{words}):?$",
            re.MULTILINE,
        ),
    )
    for key, words in _HEADINGS
)
# （一）总体情况: so are parts of a section numbered; a heading only where there are no others.
_LESSER = tuple(
    (key, re.compile(rf"^\([一二三四五六]\)(?:{words}):?$", re.MULTILINE))
    for key, words in _HEADINGS
)
_FEW = 3
# A numeral opens a heading after a blank or a stop, or right after what announces the report.
_OPENS = re.compile(rf"(?:^|[^第{HAN}\d(]|报告|如下)$")


def _places(text: str) -> dict[str, list[tuple[int, int]]]:
    """Return key -> the spans of ``text`` that read as its heading."""
    found = _matches(text, _HEADING)
    if sum(map(bool, found.values())) < _FEW:
        lesser = _matches(text, _LESSER)
        found = lesser if sum(map(bool, lesser.values())) >= _FEW else found
    return found


def _matches(
    text: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]
) -> dict[str, list[tuple[int, int]]]:
    plain, places = without_blanks(fold(text), keep="\n")
    found: dict[str, list[tuple[int, int]]] = {key: [] for key in KEYS}
    for key, pattern in patterns:
        for match in pattern.finditer(plain):
            start, end = places[match.start()], places[match.end() - 1] + 1
            if _OPENS.search(text[max(0, start - 2) : start]):
                found[key].append((start, end))
    return found


def headings(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, key) of the headings found in ``text``, in order, each key once."""
    found = _places(text)
    chain: list[tuple[int, int, str]] = []
    limit = len(text)
    for key in reversed(KEYS):
        if spans := [span for span in found[key] if span[1] <= limit]:
            start, end = spans[-1]
            chain.append((start, end, key))
            limit = start
    return chain[::-1]


def count_headings(text: str) -> int:
    """Return how many of the six headings ``text`` has."""
    return len(headings(text))


def all_headings(text: str) -> list[tuple[int, int]]:
    """Return the place of everything in ``text`` that reads as a heading, repeated ones too."""
    return sorted(span for spans in _places(text).values() for span in spans)


# Words that the form prints. Those of the first group do not occur in prose as a rule.
_HEADERS = (
    "信息内容|[(]?本列数据的?勾稽关系(?:为)?|申请人情况|法人或其他组织|未经复议直接起诉|复议后起诉|本年新收政府信息公开申请数量"
    "|上年结转政府信息公开申请数量|结转下年度继续办理|第二十条第[(][一五六八九][)]项|本年处理决定数量|本年收费金额"
)
_LABELS = (
    "本年制发件数|本年废止件数|现行有效件数|本年新?制作数量|本年新公开数量|对外公开总数量|行政规范性文件|规范性文件|规章"
    "|上一年项目数量|本年增/减|处理决定数量|采购项目数量|采购总金额|行政许可|行政处罚|行政强制|行政事业性收费|其他对外管理服务事项"
    "|政府集中采购|单位:万元|第一项加第二项之和,?|等于第三项加第四项之和|自然人|商业(?:企业)?|科研(?:机构)?|社会公益组织|社会|公益"
    "|法律服务机构|法律|服务|企业|机构|组织|其他|总计|总|计|本年度办理结果|[(]一[)]予以公开|予以公开|[(]二[)]部分公开|部分公开"
    "|[(]?区分处理的,?只计这一情[形况],?不计其他情形[)]?|[(]三[)]不予公开|不予公开|属于国家秘密|其他法律行政法规禁止公开"
    "|危及|三安全一稳定|保护第三方合法权益|属于三类内部事务信息|属于四类过程性信息|属于行政执法案卷|属于行政查询事项|[(]四[)]无法提供"
    "|本机关不掌握相关政府信息|没有现成信息需要另行制作|补正后申请内容仍不明确|[(]五[)]不予处理|信访举报投诉类申请|重复申请"
    "|要求提供公开出版物|无正当理由大量反复申请|要求行政机关确认或重新出具已获取信息|[(]六[)]其他处理|申请人无正当理由逾期不补正"
    "|行政机关不再处理其政府信息公开申请|申请人逾期未按收费通知要求缴纳费用|[(]七[)]总计|行政复议|行政诉讼|结果维持|结果纠正|其他结果"
    "|尚未审结|结果|维持|纠正|尚未|审结"
)
_NUMBER = r"[+-]?\d[\d,]*(?:\.\d+)?"
_HEADER = re.compile(_HEADERS)
_TOKEN = re.compile(rf"{_HEADERS}|{_LABELS}|{_NUMBER}")
_PROSE = re.compile(r"\d[件条宗起份个次]|20\d\d年|[。！]")
# What a removed table may leave on a line of its own: figures, a unit, half a bracket.
_DEBRIS = re.compile(r"[\d.,%()/+\-—–|、第总计单位:万元 ]{1,16}")
_GAP = 26
"""Characters without blanks; more between two words of the form is prose."""


def table_spans(text: str) -> list[tuple[int, int]]:
    """Return where flattened tables stand in ``text``: runs of the form's words and numbers.

    A run has a header of the form, hardly anything beside its words, and no figure with a unit, so
    that a sentence that tells the table's numbers stays.
    """
    plain, places = without_blanks(fold(text))
    runs: list[list[tuple[int, int]]] = []
    for match in _TOKEN.finditer(plain):
        between = plain[runs[-1][-1][1] : match.start()] if runs else ""
        if runs and len(between) <= _GAP and not _PROSE.search(between):
            runs[-1].append(match.span())
        else:
            runs.append([match.span()])
    spans = (_table_in(plain, run) for run in runs)
    return [(places[span[0]], places[span[1] - 1] + 1) for span in spans if span is not None]


def _table_in(plain: str, run: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return where the table in a run of words stands; None: the run is prose."""
    start, end = run[0][0], run[-1][1]
    piece = plain[start:end]
    if len(run) < 3 or not _HEADER.search(piece) or _PROSE.search(plain[start : end + 1]):
        return None
    known = sum(last - first for first, last in run)
    return (start, end) if known >= 0.6 * len(piece) else None


def sections(lines: list[Line]) -> dict[str, str]:
    """Return key -> text of the sections that were found, without headings and tables.

    A section whose heading stands there and nothing below it is ``""``; one without a heading is
    left out.
    """
    # In a page saved from a layout table a heading may look like a row of one cell.
    text = "\n".join(
        line.text for line in lines if not line.is_row or count_headings(line.text) == 1
    )
    chain = headings(text)
    if not chain:
        return {}
    ends = [start for start, _, _ in chain[1:]] + [len(text)]
    return {key: _prose(text[end:stop]) for (_, end, key), stop in zip(chain, ends, strict=True)}


def _prose(text: str) -> str:
    """Return a section's text without tables and without headings repeated in it."""
    tables = table_spans(text)
    spans = sorted([*tables, *_repeated(text)])
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts.append(text[position : max(start, position)])
        position = max(position, end)
    parts.append(text[position:])
    lines = (joined(line.strip(" |")) for line in "\n".join(parts).split("\n"))
    kept = [line for line in lines if line]
    if tables:
        kept = [line for line in kept if not _DEBRIS.fullmatch(fold(line))]
    return "\n".join(kept)


def _repeated(text: str) -> list[tuple[int, int]]:
    """Return the headings of other sections with numerals that stand alone on a line."""
    plain = fold(text)
    return [
        (start, end)
        for start, end in all_headings(text)
        if plain[plain.rfind("\n", 0, start) + 1 : start].strip() == ""
        and plain[end : (plain.find("\n", end) + 1 or len(plain) + 1) - 1].strip() == ""
        and plain[start:end].strip()[:1] in "一二三四五六七八九"
    ]
