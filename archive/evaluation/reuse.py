"""How much of a report's prose is taken over from last year's (与上年雷同).

Evaluators take points off above one half. The measure is a share of characters:

1. Of the prose of all sections, Han characters and letters are kept; each number becomes one ``0``,
   so that a sentence with this year's figures is still the same. Blanks and punctuation go.
2. A character is *taken over* where it lies in a run of at least 12 that also stands in last
   year's text.
3. A character is *template* where it lies in a run of 12 that stands in the words the law and the
   form themselves prescribe (``TEMPLATE``); it counts neither as taken over nor as its own.
4. The share is taken over / (all - template), in per cent.

Runs of words, not sentences: one word changed in a long sentence does not make it new, and moving a
paragraph does not either.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat

from archive.evaluation.material import Culprit, Evaluation, Known

ID = "text.reuse"
RUN = 12
"""Characters of a run; 政府信息公开工作年度报告 alone has 12."""
LIMIT = 50
"""Per cent."""
_LEAST = 200
"""Characters of own words; below that a sentence more or less decides."""
_LONGEST = 100_000
"""Characters looked at: some ten times a long report's."""

_OWN, _TAKEN, _TEMPLATE_MARK = "o", "t", "e"

# Citations, headings and sentences that every report must have, and the labels of the form.
TEMPLATE = """
根据中华人民共和国政府信息公开条例国务院令第0号以下简称条例和
中华人民共和国政府信息公开工作年度报告格式国办公开办函0 0号要求规定
国务院办公厅政府信息与政务公开办公室关于印发中华人民共和国政府信息公开工作年度报告格式的通知
本报告由总体情况主动公开政府信息情况收到和处理政府信息公开申请情况
政府信息公开行政复议行政诉讼情况存在的主要问题及改进情况其他需要报告的事项六部分组成
政府信息公开行政复议和行政诉讼情况存在的主要问题及改进情况其他需要报告的事项等六个部分
本报告所列数据的统计期限自0年0月0日起至0年0月0日止
报告中所列数据的统计期限为0年0月0日至0年0月0日
如对本报告有任何疑问请与联系地址邮编电话
现公布0年政府信息公开工作年度报告
第二十条第一项第二十条第五项第二十条第六项第二十条第八项
信息内容本年制发件数本年废止件数现行有效件数规章行政规范性文件
本年处理决定数量行政许可行政处罚行政强制本年收费金额单位万元行政事业性收费
本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和
国务院办公厅关于印发政府信息公开信息处理费管理办法的通知国办函0 0号
按照国务院办公厅关于印发政府信息公开信息处理费管理办法的通知规定的按件按量收费标准本年度没有产生信息处理费
无其他需要报告的事项
"""


def reused(report: Known, before: Known | None) -> Iterator[Evaluation]:
    """Yield ``text.reuse``: the left side is the share in per cent, the right side the limit."""
    formula = "正文沿用上年文字的比例（%）≤ 50"
    own, last = (_prose(r) if r else "" for r in (report, before))
    reason = None
    if before is None:
        reason = f"未收录该机关{(report.year or 0) - 1}年的报告"
    elif not own or not last:
        reason = f"{(report if not own else before).year}年的报告没有读出正文"
    found = share(own, last) if reason is None else None
    if found is None:
        reason = reason or f"除通用文字外不足{_LEAST}字"
        yield Evaluation(ID, "not_assessable", formula, None, LIMIT, message=reason)
        return
    if found <= LIMIT:
        yield Evaluation(ID, "hold", formula, found, LIMIT)
        return
    culprit: Culprit = "office"
    message = f"正文的{found}%与上年报告相同"
    if before and _is_same(report, before):
        culprit = "unclear"
        message += "；两份报告可能是同一文件"
    elif before and not report.trust == before.trust == "official":
        culprit = "unclear"
        message += "；其中有非政府网站上的副本"
    yield Evaluation(ID, "fail", formula, found, LIMIT, message=message, culprit=culprit)


def _prose(report: Known) -> str:
    return plain(" ".join(report.sections.values())[:_LONGEST])


def _is_same(report: Known, before: Known) -> bool:
    """Whether the two say the same with all their figures, which no two years do."""
    return report.text_digest is not None and report.text_digest == before.text_digest


def share(text: str, earlier: str) -> float | None:
    """Return which share of ``text`` is taken over from ``earlier``, in per cent to one place.

    Both as ``plain`` gives them. None: too few characters are the report's own.
    """
    kinds = dict.fromkeys(runs(earlier), _TAKEN) | _TEMPLATE_RUNS
    begins = "".join(map(kinds.get, runs(text), repeat(_OWN)))
    template = _covered(begins, _TEMPLATE_MARK)
    own = len(text) - template.bit_count()
    if own < _LEAST:
        return None
    taken = _covered(begins, _TAKEN) & ~template
    return round(100 * taken.bit_count() / own, 1)


def plain(text: str) -> str:
    """Return the letters of a text, each number as one ``0``."""
    return re.sub(r"[\W_]+", "", re.sub(r"\d+(?:[.,]\d+)*", "0", text))


@lru_cache(maxsize=8)
def runs(text: str) -> list[str]:
    """Return all runs of 12 characters of a plain text, in their order.

    The last few are kept: a report is held against last year's, then the next one against it.
    """
    return [text[i : i + RUN] for i in range(len(text) - RUN + 1)]


def _covered(begins: str, mark: str) -> int:
    """Return a number with a bit for each character that lies in a run of that mark.

    ``begins`` has the mark of the run that begins at each character; the last character of the text
    has the lowest bit.
    """
    bits = begins.translate({ord(each): "01"[each == mark] for each in "ote"})
    covered = first = int(bits + "0" * (RUN - 1), 2)
    for n in range(1, RUN):
        covered |= first >> n
    return covered


_TEMPLATE_RUNS = dict.fromkeys(
    (run for line in TEMPLATE.splitlines() for run in runs(plain(line))), _TEMPLATE_MARK
)
