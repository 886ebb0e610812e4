"""The grammar of the titles of annual reports.

As seen: ``[place][人民政府][body]{YYYY}年(度)?(政府|政务)信息公开(工作)?(年度报告|年报|…)``, with
the year first, last or inside, numbering or 附件 before, endings such as ``（图片版）``, ``.docx``.
"""

import re
from functools import lru_cache

from archive.report.chars import HAN, fold, tight

YEAR = r"(?:20[0-3]\d|二[〇○零O0oＯ][一二三〇零○][〇○零一二三四五六七八九])"
_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零OoＯ", "0")

# 政府信息公开, also 政府信息与政务公开, 政务公开和政府信息公开.
_SUBJECT = r"(?:(?:政府|政务)(?:工作)?信息(?:(?:与|和)政务)?公开|信息公开|政务公开)"
# The name of the report; what stands before it (but for the year) names the issuer.
NAME = re.compile(
    rf"(?P<lead>(?:关于)?(?:{YEAR}年?度?的?)?)"
    rf"{_SUBJECT}(?:工作)?(?:[和与及暨]{_SUBJECT})?"
    rf"(?:[工公]作|情况)*(?:的)?(?:{YEAR})?(?:年度|年|度)*(?:的)?(?:[工公]作|情况)*(?:的)?"
    r"(?:年度)?(?:[工公]作)?(?:情况)?(?:的)?"
    r"(?:年报|年度报告|报告|总结|年度工作报告|工作总结|(?<=工作情况)$)"
)
# What is no title of a report, or not of a whole year's; 机构编制委员会, 新闻出版局 are organs.
NOT_A_TITLE = re.compile(
    "通知|解读|图解|一图|指南|制度|模板|模版|范文|样表|格式|(?:考核|评估|评议|培训|会议|编制|新闻)(?![^年]{0,8}[办局委厅中室所社站])"
    "|要点|办法|方案|意见|部署|统计表|填报|报送|印发|说明|动态|栏目|半年|季度|政务公开(?:工作)?总结|[1-9]月份|政府网站|法治政府|社会信用|条例|学年"
    "|关于(?:做好|开展|进一步)|(?<!关于)(?:发布|公布|出台|晒出)了?(?=20|《|二)|召开|举办|应当|每年|第.{1,4}条"
)
# A row of a list ends with the day of publication.
ROW = re.compile(r"20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?\]?$")
_ENDINGS = re.compile(
    r"(?:[(\[](?:图片|超链|文字|公开|正式|全文|盖章|扫描|pdf|word|最终|定稿|转载|更[正新]|修[订正改]|补充|已)[^()\[\]]{0,8}[)\]]"
    r"|\.(?:docx?|pdf|wps|txt|html?)|转载|全文|正文)+$",
    re.IGNORECASE,
)
# 附件1:, 1., (一), 【年报】, 标题: before a title.
_BEGINNINGS = re.compile(
    r"^(?:附件[\d一二三四五六七八九十]*[:.、]?|(?:标题|名称|题名)[:|]|\d{1,2}[.、](?!\d)|\([\d一二三四五六七八九十]{1,3}\)"
    r"|\[[^\[\]]{0,10}\]|转载[:|])+"
)
# Copies made by machines carry the reading behind a character: 公(gong).
_READING = re.compile(rf"(?<=[{HAN}])[(（][a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜê]{{1,7}}[)）]")
_WHOLE_YEAR = re.compile(r"(?<=年)1月?(?:份)?[-—–~至到]12月(?:份)?")
_YEAR_IN = re.compile(
    rf"(?<!20\d\d[-—–~至到])(?<!20\d\d年[-—–~至到])({YEAR})"
    r"(?=年|度|政府信息|政务|信息公开|\)|\]|$)(?!年\d)(?!年(?:度)?(?:至|-|—)20)"
)
_QUOTED = re.compile("《([^《》]*)》")
# A report that is sent out under a cover: 关于印发《…年度报告》的通知.
_COVER = re.compile(
    r"^[^《》]{0,40}关于(?:印发|公布|发布|公开|报送|呈报|上报)《([^《》]+)》的(?:通知|公告|通告|函|报告)$"
)
_LONGEST = 300
"""Characters, blanks too; what is longer is no title."""


def clean_title(text: str) -> str:
    """Return ``text`` as a title: no blanks, no numbering, no 《》 around it, no cover, no site's
    name behind it, no ending of a file."""
    plain = _WHOLE_YEAR.sub("", _READING.sub("", tight(text))).strip("|·-—_")
    if cut := _BEGINNINGS.match(fold(plain)):
        plain = plain[cut.end() :]
    if (cover := _COVER.match(plain)) and is_report_title(cover[1]) and year_in(cover[1]):
        plain = cover[1]
    plain = _unquoted(plain)
    while (cut := _ENDINGS.search(fold(plain))) and cut.start() > 0:
        plain = plain[: cut.start()]
    name = NAME.search(fold(plain))
    if name and plain[name.end() : name.end() + 1] in ("-", "_", "|", "—", "–"):
        plain = plain[: name.end()]
    return _unquoted(plain)


def without_day(text: str) -> str:
    """Return the title in a row of a list, which ends with the day of publication."""
    return ROW.sub("", fold(clean_title(text))).rstrip("([")


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return quoted[1] if quoted else text


def is_report_title(text: str) -> bool:
    """Whether ``text`` is the title of an annual report on information disclosure."""
    return len(text) <= _LONGEST and "公" in text and _is_report_title(text)


@lru_cache(maxsize=1024)
def _is_report_title(text: str) -> bool:
    plain = fold(clean_title(text))
    match = NAME.search(plain)
    return (
        match is not None
        and len(plain) <= 80
        and NOT_A_TITLE.search(plain) is None
        and ROW.search(plain) is None
        and (match[0][-2:] in ("年报", "报告") or _YEAR_IN.search(plain) is not None)
    )


def year_in(title: str) -> int | None:
    """Return the year that ``title`` reports on; None: it names none, or a span of years.

    Of several years it is the one at the name of the report: the others say when it was published.
    """
    plain = fold(_WHOLE_YEAR.sub("", tight(title)))
    years = [m for m in _YEAR_IN.finditer(plain) if not re.match(r"年\d{1,2}月", plain[m.end() :])]
    if not years:
        return None
    name = NAME.search(plain)
    at_name = [m for m in years if name and name.start() <= m.start() < name.end()]
    before = [m for m in years if name and m.start() < name.start()]
    return number((at_name or before or years)[-1][1])


def number(text: str) -> int:
    return int("".join(_DIGITS.get(c, c) for c in text))


def issuer_part(title: str) -> str | None:
    """Return what ``title`` says before the name of the report and outside the year; None: nothing.

    >>> issuer_part("2022年上海市政府信息公开工作年度报告")
    '上海市'
    >>> issuer_part("２０２１年上海市政府信息公开工作年度报告")
    '上海市'
    """
    plain = clean_title(title)
    match = NAME.search(fold(plain))
    if match is None:
        return None
    before = plain[: match.start()]
    # In 甘谷县人民政府信息公开 one 政府 stands for two.
    before += "政府" if before.endswith("人民") else ""
    # Found where it is written plainly: some write ２０２１ for it.
    for year in reversed([*re.finditer(rf"(?:{YEAR})(?:年|度)*的?", fold(before))]):
        before = before[: year.start()] + before[year.end() :]
    before = re.sub(
        r"^(?:关于(?:公布|发布|印发)?|[\[【][^\]】]*[\]】]|[^(（]{0,4}[)）])+", "", before
    )
    before = re.sub(r"^.*(?:网站?|门户)[-—–_|:·]+", "", before)
    before = re.sub(r"(?:关于(?:公布|发布|印发|公开)?|的|:|：|-|—|_)+$", "", before)
    before = re.sub("[「」『』]", "", before).strip("\"'“”‘’《》<>·")
    return before if len(before) > 1 else None
