"""What a link is by its words: an annual report (年报), perhaps; a column of them; or neither.

The names are those that portals use since the unified format of 国务院办公厅 (2019) and the older
ones that its predecessors left behind. A wrong yes costs one request, since the reader judges the
document; a wrong no loses a report.
"""

import re

from archive.report.identity.titles import is_report_title, year_in

# Yearly papers on other things, whatever else their titles say.
_OTHER_PAPERS = tuple(
    re.compile(pattern)
    for pattern in (
        # The yearly form on the website itself (政府网站工作年度报表), not on disclosure.
        r"网站.{0,12}(?:报表|年报|年度报告)",
        # 财政局 and 统计局 write one on disclosure like all organs.
        r"法治政府建设|依法行政工作|(?:财政|预算|决算|统计|资金)(?:信息)?公开",
        r"公开(?:工作)?(?:要点|指南|目录|制度|条例|规定|申请表|平台)$",
    )
)
# What listings say beyond what the reader takes for the title of a report.
_LOOSE_TITLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:信息|政务)公开.{0,24}(?:年报|年度.{0,6}报告|工作报告|报告|总结|自查)",
        r"(?:年报|年度.{0,6}报告).{0,12}(?:信息|政务)公开",
        r"公开年报|公开年度报告",
        r"(?:信息|政务)公开工作(?:年度)?情况",
        # A listing that cut the title short and gives it nowhere in full.
        r"(?:信息|政务)公开(?:工作)?.{0,6}(?:…|\.{2,})$",
    )
)
# Inside a column of annual reports less is said.
_SHORT_TITLE = re.compile(r"年报|年度报告|工作报告|报告$|(?:19|20)\d\d年度?$|(?:…|\.{2,})$")

_COLUMN = re.compile(
    r"^(?!.*\d)(?!.*(?:网站|法治|财政信息|统计信息)).{0,16}?(?:"
    r"(?:信息|政务)公开(?:工作)?(?:年报|年度报告|年度工作报告|工作年度报告|工作报告)"
    r"|公开年报|公开年度报告)(?:专栏|栏目|集中展示|公示|汇总|（年报）|\(年报\))?$"
    r"|^(?:工作)?(?:年报|年度报告)$"
)
_PARENT = re.compile(
    r"^(?:.{0,8}?政府信息(?:主动)?公开(?:专栏|平台|目录|专区|网|内容)?"
    r"|(?:[省市州县区旗]|本级|本机关|本单位)?信息公开(?:专栏|平台|目录|专区)?"
    r"|(?:[省市州县区旗])?政务公开(?:专栏|平台|专区)?"
    r"|(?:法定)?主动公开(?:内容)?)$"
)
_DIRECTORY = re.compile(
    r"(?:部门|乡镇|镇街|街道|街镇|乡（镇）|镇（街道?）|县区|区县|县市区?|单位|机构|园区)"
    r".{0,8}(?:公开|年报|平台|目录|专栏)"
    r"|^(?:[市县区州]?(?:政府|直|级)?(?:各)?(?:工作)?(?:部门|单位|委办局)"
    r"|(?:各|下辖)?(?:乡镇|镇街|街道|街镇|县区|区县|县市区|县（市、?区）|乡镇街道"
    r"|乡镇[（(]街道[)）]|镇[（(]街道[)）]))$"
)
_ORGAN = re.compile(
    r"^(?!.*(?:新闻|个人|用户|会员|媒体|办事(?!处)|网办|快办))[\u4e00-\u9fff（）()、]{2,24}(?:局|委|委员会|厅|办|办公室|街道|街道办事处|办事处|镇|乡"
    r"|人民政府|管委会|中心|大队|支队|总队|院|[区县市州])$"
)
_YEAR = re.compile(r"^((?:19|20)\d\d)年?度?(?:.{0,10}(?:年报|年度报告|报告))?$")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

NEXT_PAGE = re.compile(r"^(?:下一?页|后一?页|next(?:page)?|[>›»]|&gt;)[>›»]*$", re.I)

DOCUMENT_NAME = re.compile(r"\.(?:docx?|pdf|wps|ofd|rtf|txt|xlsx?|et|zip|rar)$", re.I)

# An address of a single document in one of the known systems, and of a column.
_ARTICLE_URL = re.compile(
    r"/info/(?:egovinfo/)?\d+/|/t\d{8}_\d+|/t\d{4}_\d+|/art/\d{4}/|/art_[\da-f_]+\.|/m?post_\d+\."
    r"|/content(?:/detail)?/|/content_\d+|/[\da-f]{32}\.|/[\da-f-]{36}\.|/(?:19|20)\d{4,6}/"
    r"|/\d{5,}\.(?:s?html?|jsp)$|xxgkcontent|/download\.jsp|/downfile\.jsp|/p-\d+\.|/paper/\d+|/doc/",
    re.I,
)
_COLUMN_URL = re.compile(
    r"/$|/(?:index|list|default|more)(?:[_-]?\d+)?\.\w+$|_list\.\w+$|/col/col\d+/|/[a-z]+\d{0,4}$"
    r"|/[a-z]+\d{0,4}\.s?html?$|\.(?:jsp|jspx|aspx|php)$|/columns?/|gkmlpt/",
    re.I,
)


def plain(text: str) -> str:
    """Return a title as compared: without blanks, marks at its edges and counts behind it."""
    text = re.sub(r"\s+|[\u200b\ufeff]", "", text)
    return re.sub(r"^[·•>›»\-—|■◆●★【\[]+|[>›»·•:：|】\]]+$|[（(]\d+[)）]$", "", text)


def may_be_report(title: str, *, in_column: bool = False) -> bool:
    """Tell whether a title may be that of an annual report.

    ``in_column``: it is listed in a column of annual reports, where titles may say less.
    """
    text = DOCUMENT_NAME.sub("", plain(title))
    if any(pattern.search(text) for pattern in _OTHER_PAPERS):
        return False
    if is_report_title(text) or any(pattern.search(text) for pattern in _LOOSE_TITLES):
        return True
    return in_column and _SHORT_TITLE.search(text) is not None


def report_year(title: str) -> int | None:
    """Return the year that a title says it reports on; None: it names no year, or several."""
    text = plain(title)
    return year_in(text) if len(set(_YEARS.findall(text))) < 2 else None


def is_column_name(text: str) -> bool:
    """Tell whether an anchor names a column of annual reports."""
    return _COLUMN.search(plain(text)) is not None


def is_parent_name(text: str) -> bool:
    """Tell whether an anchor names a section on disclosure, under which the column stands."""
    return _PARENT.search(plain(text)) is not None


def is_directory_name(text: str) -> bool:
    """Tell whether an anchor names a directory of departments or townships."""
    return _DIRECTORY.search(plain(text)) is not None


def is_organ_name(text: str) -> bool:
    """Tell whether an anchor names one organ or place."""
    return _ORGAN.search(plain(text)) is not None


def is_year(text: str) -> bool:
    """Tell whether an anchor names a column of one year."""
    return _YEAR.search(plain(text)) is not None


def looks_like_article(url: str) -> bool:
    """Tell whether an address is that of one document."""
    path = url.split("?", 1)[0]
    return bool(_ARTICLE_URL.search(url) or DOCUMENT_NAME.search(path))


def looks_like_column(url: str) -> bool:
    """Tell whether an address is that of a column and not of a document."""
    return not looks_like_article(url) and bool(_COLUMN_URL.search(url.split("?", 1)[0]))
