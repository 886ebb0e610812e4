"""Where flattened tables stand in a text: runs of the words and figures of the form."""

import re

from archive.report.chars import fold, without_blanks

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
# The number of a page stands between dashes: —5—.
_NUMBER = r"(?<![—–―])[+-]?\d[\d,]*(?:\.\d+)?(?![—–―\d]|-(?!\d))"
_HEADER = re.compile(_HEADERS)
_TOKEN = re.compile(rf"{_HEADERS}|{_LABELS}|{_NUMBER}")
_PROSE = re.compile(r"\d[件条宗起份个次]|20\d\d年|[。！]")
_GAP = 26
"""Characters without blanks; more between two words of the form is prose."""


def table_spans(text: str) -> list[tuple[int, int]]:
    """Return where flattened tables stand in ``text``: runs of the form's words and numbers.

    A run has a header of the form, hardly anything beside its words, and no figure with a unit, so
    that a sentence that tells the table's numbers stays.
    """
    plain, places = without_blanks(fold(text))
    if not _HEADER.search(plain):
        return []
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
