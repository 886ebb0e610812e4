"""The year reported on, as the report's own words tell it."""

import re
from itertools import pairwise

from archive.report.chars import HAN, fold
from archive.report.identity.grammar import YEAR, is_report_title, number

# Where the introduction tells the year, the surest first.
_TOLD_YEARS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:公布|发布|公开)[^。]{{0,60}}?({YEAR})年度?[^。]{{0,12}}?信息公开[^。]{{0,8}}?(?:报告|年报)",
        rf"(?:将|对)[^。]{{0,40}}?({YEAR})年度?[^。]{{0,12}}?信息公开[^。]{{0,12}}?(?:报告|公布|如下)",
        rf"(?:编制|编写|形成|撰写)了?[^。]{{0,40}}?({YEAR})年度?[^。]{{0,12}}?信息公开[^。]{{0,8}}?(?:报告|年报)",
        rf"统计[^。]{{0,12}}?({YEAR})年1月1日",
        rf"(?:统计)?(?:期限|时限|时间|截止)[^。]{{0,16}}?({YEAR})年1月1日",
        rf"({YEAR})年1月1日(?:起)?(?:至|到|—|-)(?:\1年)?12月31日",
        rf"涵盖({YEAR})年",
        rf"截[止至](?:到)?({YEAR})年(?:12月31日|年?底|末)",
        rf"(?:^|[。;:\n])(?:\([一二三]\)[^。]{{0,20}}[。.])?({YEAR})年(?:度|全年|以来|,|、|我|全|共|在|是)",
        rf"({YEAR})年(?:度|全年|以来|,|我[局办委镇乡街区市县]|全[市县区镇]|共)",
    )
)
_CITATION = re.compile(r"《[^《》]{0,120}》|<[^<>\n]{2,120}>|\[20\d\d\]|〔20\d\d〕")


def year_told(text: str) -> int | None:
    """Return the report year that the introduction or the first sections tell; None: they do not.

    Years in the names of cited documents do not count, but for the report's own name.
    """
    plain = flowing(text[:6000])
    own = [m[0] for m in _CITATION.finditer(plain) if is_report_title(m[0].strip("<>"))]
    without = _CITATION.sub(lambda m: m[0] if m[0] in own else "", plain)
    for pattern in _TOLD_YEARS:
        if match := pattern.search(without):
            return number(match[1])
    # The only year of which anything is told; laws come into force on a day.
    named = {number(m[1]) for m in re.finditer(rf"({YEAR})年(?!\d{{1,2}}月)", without)}
    return named.pop() if len(named) == 1 else None


# Where a new paragraph begins: 一、, (一), 1., and the captions of tables.
_PARAGRAPH = re.compile(
    r"[(]?[一二三四五六七八九十\d]{1,3}[)、.]|第[一二三四五六七八九十]+条|信息内容"
)


def flowing(text: str) -> str:
    """Return ``text`` folded, without blanks inside its lines, and with the lines of a sentence
    that a PDF has broken joined."""
    lines = _tight_lines(fold(text)).split("\n")
    joined = lines[:1]
    for above, line in pairwise(lines):
        broken = len(above) >= 12 and above[-1] not in "。:;!?|" and "|" not in above + line
        if broken and not _PARAGRAPH.match(line) and not is_report_title(above):
            joined[-1] += line
        else:
            joined.append(line)
    return "\n".join(joined)


def _tight_lines(text: str) -> str:
    """Return ``text`` with its lines, but without blanks inside them."""
    return re.sub(rf"[ \t]+(?=[{HAN}\d(\[,。])|(?<=[{HAN}\d)\],。])[ \t]+", "", text)
