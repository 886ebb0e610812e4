"""Titles of annual reports and the year they report on.

Title grammar as seen:
``[place][人民政府][body]{YYYY}年(度)?(政府|政务)信息公开(工作)?(年度报告|年报|…)``,
with the year first, last or inside, and with endings such as ``（图片版）`` or ``.docx``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.report.chars import HAN, fold, tight, without_blanks

_YEAR = r"(?:20[0-3]\d|二[〇○零O0oＯ][一二三〇零○][〇○零一二三四五六七八九])"
_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零OoＯ", "0")

# The name of the report; what stands before it (but for the year) names the issuer.
_NAME = re.compile(
    rf"(?P<lead>(?:关于)?(?:{_YEAR}年?度?的?)?)"
    r"(?:(?:政府|政务)(?:工作)?信息(?:与政务)?公开|信息公开|政府信息与政务公开|政务公开)"
    rf"(?:工作|情况)*(?:的)?(?:{_YEAR})?(?:年度|年|度)*(?:的)?(?:工作|情况)*(?:的)?"
    r"(?:年度)?(?:工作)?(?:情况)?(?:的)?(?:年报|年度报告|报告|总结|年度工作报告|工作总结)"
)
_NOT_A_TITLE = re.compile(
    "通知|解读|图解|一图|指南|制度|模板|模版|范文|样表|格式|考核|评估|评议|要点|办法|方案|意见|会议|培训|部署|统计表"
    "|填报|报送|编制|印发|说明|新闻|动态|栏目"
)
_ENDINGS = re.compile(
    r"(?:\((?:图片|超链|文字|公开|正式|全文|盖章|扫描|pdf|word|最终|定稿|转载)[^()]{0,8}\)|\.(?:docx?|pdf|wps|txt)"
    r"|转载|\(转载\))+$",
    re.IGNORECASE,
)
_YEAR_IN = re.compile(
    rf"({_YEAR})(?=年|度|政府信息|政务|信息公开)(?!年\d)(?!年(?:度)?(?:至|-|—)20)"
)
# A report that is sent out under a cover: 关于印发《…年度报告》的通知.
_COVER = re.compile(
    r"^[^《》]{0,40}关于(?:印发|公布|发布|公开|报送|呈报|上报)《([^《》]+)》的(?:通知|公告|通告|函|报告)$"
)
_SHORT = 60
"""Characters; a title line is shorter."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title and where it was found."""

    text: str
    source: str
    """meta:ArticleTitle, heading, window, first line, file name, anchor."""


def clean_title(text: str) -> str:
    """Return ``text`` as a title: no blanks, no 《》 around it, no cover, no ending of a file."""
    plain = tight(text).strip("|·-—_ \u3000")
    if (cover := _COVER.match(plain)) and is_report_title(cover[1]) and year_in(cover[1]):
        plain = cover[1]
    if plain.startswith("《") and plain.endswith("》") and plain.count("《") == 1:
        plain = plain[1:-1]
    while (cut := _ENDINGS.search(fold(plain))) and cut.start() > 0:
        plain = plain[: cut.start()]
    return plain


def is_report_title(text: str) -> bool:
    """Whether ``text`` is the title of an annual report on information disclosure."""
    plain = fold(clean_title(text))
    match = _NAME.search(plain)
    return (
        match is not None
        and len(plain) <= 80
        and _NOT_A_TITLE.search(plain.replace("编制发布", "编制")) is None
        and "政府网站" not in plain
        and "法治政府" not in plain
        and ("年" in match[0] or "报告" in match[0] or _YEAR_IN.search(plain) is not None)
    )


def year_in(title: str) -> int | None:
    """Return the year that ``title`` reports on; None: it names none, or a span of years."""
    plain = fold(tight(title))
    years = [_number(match[1]) for match in _YEAR_IN.finditer(plain)]
    before_month = [_number(m[1]) for m in re.finditer(rf"({_YEAR})年\d{{1,2}}月", plain)]
    years = [year for year in years if year not in before_month] or years
    return years[-1] if len(set(years)) == 1 or years else None


def _number(text: str) -> int:
    return int("".join(_DIGITS.get(c, c) for c in text))


def issuer_part(title: str) -> str | None:
    """Return what ``title`` says before the name of the report and outside the year; None: nothing.

    >>> issuer_part("2022年上海市政府信息公开工作年度报告")
    '上海市'
    """
    plain = clean_title(title)
    match = _NAME.search(fold(plain))
    if match is None:
        return None
    before = plain[: match.start()]
    before = re.sub(rf"(?:{_YEAR})(?:年度|年|度)?的?", "", before)
    before = re.sub(
        r"^(?:关于(?:公布|发布|印发)?|[\[【][^\]】]*[\]】]|[^(（]{0,4}[)）])+", "", before
    )
    before = re.sub(r"(?:关于|的|:|：|-|—|_)+$", "", before)
    return re.sub("[「」『』]", "", before).strip("\"'“”‘’《》<>·") or None


def first_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield what may be a title at the start of a text: a line, or several short ones joined.

    A title may run over five lines, and the text may follow it in the same line.
    """
    short: list[str] = []
    for line in [line for line in lines[:14] if line.strip()]:
        plain = tight(line).strip("|")
        if len(plain) > _SHORT:
            if match := _leading(plain):
                yield match
            if match or "。" in plain:
                break
            continue
        if re.match(r"[一1][、.．]", plain):
            break
        short.append(plain)
    for count in range(1, min(len(short), 5) + 1):
        for start in range(len(short) - count + 1):
            parts = short[start : start + count]
            whole = "".join(parts)
            # Lines that are joined must give a whole title: those of a menu would give one, too.
            if is_report_title(whole) and (count == 1 or year_in(whole) is not None):
                yield from [whole] if not re.search("[，。；：:>»]", whole) else []


def _leading(line: str) -> str | None:
    """Return the title that a long line begins with, once, even where it stands there twice."""
    plain = fold(line)
    match = _NAME.search(plain, 0, 100)
    if match is None or re.search(r"[,。;:《(<]|根据|按照|现将", plain[: match.end()]):
        return None
    return line[: match.end()]


def leading_title(text: str) -> int | None:
    """Return where the title ends that ``text`` begins with in its first line; None: it begins with
    none, or the line ends with it."""
    start = len(text) - len(text.lstrip())
    plain, places = without_blanks(text[start : start + 200].partition("\n")[0])
    title = _leading(plain)
    return start + places[len(title) - 1] + 1 if title and len(title) < len(plain) else None


def choose(candidates: Iterable[tuple[str, str]]) -> Title | None:
    """Return the best title among (source, text) candidates, the likeliest first; None: none.

    A report's title with year and issuer goes before one without, and what the page calls itself
    before one with neither; a title that is no report's is returned only where a meta or heading
    gives it.
    """
    cleaned = [(source, clean_title(text)) for source, text in candidates]
    cleaned = [(source, text) for source, text in cleaned if len(text) >= 4]
    reports = [(source, text) for source, text in cleaned if is_report_title(text)]
    ranked = sorted(
        reports,
        key=lambda item: (year_in(item[1]) is None) + 2 * (issuer_part(item[1]) is None),
    )
    page = next((item for item in cleaned if item[0] == "meta:ArticleTitle"), None)
    if ranked and (page is None or _says_more(ranked[0][1])):
        page = ranked[0]
    elif page is None:
        page = next((item for item in cleaned if item[0] in ("heading", "window")), None)
    return Title(page[1], page[0]) if page else None


def _says_more(title: str) -> bool:
    """Whether a report's title names year or issuer; 政府信息公开年报 alone is a column's name."""
    return year_in(title) is not None or issuer_part(title) is not None


# Where the introduction tells the year, the surest first.
_TOLD_YEARS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:公布|发布|公开)[^。]{{0,60}}?({_YEAR})年度?[^。]{{0,12}}?信息公开[^。]{{0,8}}?(?:报告|年报)",
        rf"(?:将|对)[^。]{{0,40}}?({_YEAR})年度?[^。]{{0,12}}?信息公开[^。]{{0,12}}?(?:报告|公布|如下)",
        rf"(?:编制|编写|形成|撰写)了?[^。]{{0,40}}?({_YEAR})年度?[^。]{{0,12}}?信息公开[^。]{{0,8}}?(?:报告|年报)",
        rf"统计[^。]{{0,12}}?({_YEAR})年1月1日",
        rf"(?:统计)?(?:期限|时限|时间|截止)[^。]{{0,16}}?({_YEAR})年1月1日",
        rf"({_YEAR})年1月1日(?:起)?(?:至|到|—|-)(?:\1年)?12月31日",
        rf"涵盖({_YEAR})年",
        rf"截[止至](?:到)?({_YEAR})年(?:12月31日|年?底|末)",
        rf"(?:^|[。;:\n])(?:\([一二三]\)[^。]{{0,20}}[。.])?({_YEAR})年(?:度|全年|以来|,|、|我|全|共|在|是)",
        rf"({_YEAR})年(?:度|全年|以来|,|我[局办委镇乡街区市县]|全[市县区镇]|共)",
    )
)
_CITATION = re.compile(r"《[^《》]{0,120}》|<[^<>\n]{2,120}>|\[20\d\d\]|〔20\d\d〕")


def year_told(text: str) -> int | None:
    """Return the report year that the introduction or the first sections tell; None: they do not.

    Years in the names of cited documents do not count, but for the report's own name.
    """
    plain = tight_lines(fold(text[:6000]))
    own = [m[0] for m in _CITATION.finditer(plain) if is_report_title(m[0].strip("<>"))]
    without = _CITATION.sub(lambda m: m[0] if m[0] in own else "", plain)
    for pattern in _TOLD_YEARS:
        if match := pattern.search(without):
            return _number(match[1])
    # The only year of which anything is told; laws come into force on a day.
    named = {_number(m[1]) for m in re.finditer(rf"({_YEAR})年(?!\d{{1,2}}月)", without)}
    return named.pop() if len(named) == 1 else None


def tight_lines(text: str) -> str:
    """Return ``text`` with its lines, but without blanks inside them."""
    return re.sub(rf"[ \t]+(?=[{HAN}\d(\[,。])|(?<=[{HAN}\d)\],。])[ \t]+", "", text)
