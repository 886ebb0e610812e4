"""What a link is by its words: an annual report (年报), perhaps; a column of them; or neither.

The names are those that portals use since the unified format of 国务院办公厅 (2019) and the older
ones that its predecessors left behind. A wrong yes costs one request, since the reader judges the
document; a wrong no loses a report.
"""

import re
from functools import lru_cache

from archive.report.identity.titles import is_report_title, year_in
from gkcrawl.families.paths import DOCUMENT_NAME

# Yearly papers on other things, and papers on reports, whatever else their titles say.
_OTHER_PAPERS = tuple(
    re.compile(pattern)
    for pattern in (
        # The yearly form on the website itself (政府网站工作年度报表), not on disclosure.
        r"网站.{0,12}(?:报表|年报|年度报告)",
        # 财政局 and 统计局 write one on disclosure like all organs.
        r"法治政府建设|依法行政工作|(?:财政|预算|决算|统计|资金|企业|环境|学校)(?:信息)?公开",
        r"公开(?:工作)?(?:要点|指南|目录|制度|条例|规定|申请表|平台|方案|办法|标准)$",
        # What tells organs to write one brings none; 关于公布…年度报告的通知 may.
        r"(?:做好|开展|编制|编写|撰写|报送|上报|填报|规范|催报|汇总).{0,40}(?:通知|函|方案|要求|提示)$",
        # Meetings on writing one, and calls for remarks on a draft.
        r"编制工作$|征求意见.{0,6}(?:公告|通知|函|启事)$",
        r"(?:解读|图解|培训班?|会议|座谈会|模板|范本|格式)[）)]?$|一图|读懂|图解",
        r"决算|财务(?!局)|预算(?!局)|绩效(?!局)|述职|社会责任",
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
        r"(?:19|20)\d\d年度?(?:政[府务]?)?(?:信息?)?公?(?:…|\.{2,})$",
    )
)
# Inside a column of annual reports less is said: a year, or what it is, or (cut) the organ alone.
_SHORT_TITLE = re.compile(
    r"(?:^|[^\d])(?:19|20)\d\d(?:年|度|的|工作|情况)*(?:年报|报告|总结)?(?:[（(].{0,12}[)）])?$"
    r"|(?:年报|年度报告|年度工作报告|年度总结)(?:[（(].{0,12}[)）]|(?:19|20)\d\d年?)?$"
)
_CUT_TITLE = re.compile(
    r"^(?!.*(?:关于|通知|公告|公示|会议|招|采购|召开|调研|活动|检查)).*(?:…|\.{2,})$"
)
_OTHER_YEARBOOKS = (
    r"(?!.*(?:网站|法治|执法|绩效|上市|慈善"
    r"|(?:财政|统计|预算|决算|企业|环境|审计)(?:信息|年报|年度|公开)))"
)

_COLUMN = re.compile(
    rf"^(?!.*(?:\d|[〇○零一二三四五六七八九]{{4}}年)){_OTHER_YEARBOOKS}.{{0,24}}?(?:"
    r"(?:信息|政务|政府)公开(?:工作)?(?:年报|年度报告|年度工作报告|工作年度报告|工作年报|工作报告)"
    r"|公开年报|公开年度报告|年报公开|年度报告公开)"
    r"(?:专栏|栏目|集中展示|集中公开|集中发布|公示|公布|汇总|列表|平台|（年报）|\(年报\))?$"
)
# Named by what it collects: the reports of all departments, of all townships.
_GROUP_COLUMN = re.compile(
    r"^(?:各|[省市州县区]?级?|直属|所属|政府){0,3}(?:部门|乡镇|镇街|街镇|街道|县区|区县|县市区|单位|机构|乡镇街道"
    r"|乡镇[（(]街道[)）]|部门[（(]?单位[)）]?|部门(?:和|及|、)?(?:乡镇|镇街|街道)){1,2}"
    r"(?:政府)?(?:信息公开)?(?:工作)?(?:年报|年度报告)(?:集中展示|集中公开|专栏|汇总|列表)?$"
    r"|^(?:信息公开)?年(?:度报告|报)(?:集中展示|集中公开|集中发布|汇总)(?:平台|专栏)?$"
)
_BARE_COLUMN = re.compile(
    r"^(?:工作|历年|历年工作|信息|公开|本级|单位)?(?:年报|年度报告)(?:专栏)?$"
)
_PARENT = re.compile(
    r"^(?:.{0,8}?政府信息(?:主动)?公开(?:专栏|平台|目录|专区|网|内容|专题|板块)?"
    r"|(?:[省市州县区旗]|本级|本机关|本单位|部门|机关|单位)?信息公开(?:专栏|平台|目录|专区|栏目|网)?"
    r"|(?:[省市州县区旗]|阳光)?政务公开(?:专栏|平台|专区|网)?"
    r"|(?:法定)?主动公开(?:内容|目录|信息)?(?:目录)?|法定公开内容|公开目录|公开专栏|政务信息公开)$"
)
# The box of three tabs (指南, 制度, 年报) stands on each of their pages.
_BESIDE = re.compile(r"^(?:.{0,8}?政府)?信息公开(?:指南|制度|规定)$")
# A directory is named by organs in the plural and by nothing but such words.
_DIRECTORY_WORDS = (
    r"(?:各|[省市州县区旗](?!域)|政府|直属|直|级|所属|下属|下辖|下级|工作|组成|(?:乡镇|县区|区县|市区|旗县)"
    r"|乡|镇|街道|街|园区|开发区|功能区|部门|单位|机构|委办局|局委办?|办局|办事处|驻\w?|垂直管理?|管理"
    r"|[（(）)、，和及与/]|信息|公开|平台|目录|专栏|专区|导航|列表|政务|基层|法定|主动|内容|网站群?)"
)
_PLURAL = (
    r"部门|单位|机构|委办局|局委|乡镇|镇乡|街道|镇街|街镇|街乡|乡（镇）|县区|区县|市县|县市|市区|旗县|园区|"
    r"各[县区市镇乡局]|镇[（(]街"
)
_DIRECTORY = re.compile(rf"^(?!{_DIRECTORY_WORDS}*办事处$)(?=.*(?:{_PLURAL})){_DIRECTORY_WORDS}+$")
_ORGANS = re.compile(
    r"^(?:[省市州县区]?(?:政府)?(?:组织机构|机构设置|机构概况|政府机构|机构信息|工作机构|机构职能及设置|机构)|部门网站|部门导航)$"
)
_ORGAN = re.compile(
    r"^(?!.*(?:新闻|个人|用户|会员|媒体|互动|下载|帮助|专题|专区|社区|办事(?!处)|网办|快办|代办|督办|承办))"
    r"[\u4e00-\u9fff（）()、·]{1,30}(?:局|委|委员会|厅|办|办公室|街道|街道办事处|办事处|镇|乡|苏木|[农林牧渔茶蚕种畜艺盐]场"
    r"|人民政府|政府|管委会|中心|大队|支队|总队|院|公司|集团|联合会|工商联|残联|妇联|联社|馆|处|所|站"
    r"|园区|开发区|[区市州县盟旗])(?:[（(][\u4e00-\u9fff、]{2,16}[）)])?$"
)
# One year, or several: 2008-2018年, 2019年以前.
_YEAR = re.compile(
    r"^(?:19|20)\d\d(?:年|年度|度)?(?:[-—–~至到]+(?:19|20)\d\d(?:年|年度|度)?)?(?:及?(?:以|之)前)?"
    r"(?:.{0,10}(?:年报|年度报告|报告))?$"
)
_OF_A_YEAR = re.compile(r"^(?:19|20)\d\d(?:年度?|度)?(?=\D)|(?<=\D)(?:19|20)\d\d(?:年度?|度)?$")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Words of a link in a table that say nothing of what it leads to.
_POINTER = re.compile(
    r"^(?:点击)?(?:查看|详情|浏览|下载|打开|进入|链接|更多|年报|报告|全文|√|●|○|★|>|»|\d{4}年?度?"
    r"|(?:查看|点击)(?:全文|详情|年报|报告|下载|链接))(?:>>|》)?$"
)
_HOME = re.compile(r"^(?:网站)?首\s*页$|^返回首页$")
_SITEMAP = re.compile(r"^(?:网站|站点)(?:地图|导航)$|^sitemap$", re.I)

NEXT_PAGE = re.compile(r"^(?:下一?页|后一?页|next(?:page)?|[>›»]|&gt;)[>›»]*$", re.I)


# The same words stand on every page of a site.
_kept = lru_cache(maxsize=4096)


@_kept
def plain(text: str) -> str:
    """Return a title as compared: without blanks, marks at its edges and counts behind it."""
    text = re.sub(r"\s+|[\u200b\ufeff]", "", text)
    return re.sub(r"^[·•>›»\-—|■◆●★【\[]+|[>›»·•:：|】\]]+$|[（(]\d+[)）]$", "", text)


@_kept
def may_be_report(title: str, *, in_column: bool = False) -> bool:
    """Tell whether a title may be that of an annual report.

    ``in_column``: it is listed in a column of annual reports, where titles may say less.
    """
    text = DOCUMENT_NAME.sub("", plain(title))
    if any(pattern.search(text) for pattern in _OTHER_PAPERS):
        return False
    if is_report_title(text) or any(pattern.search(text) for pattern in _LOOSE_TITLES):
        return True
    short = _SHORT_TITLE.search(text) or _CUT_TITLE.search(text)
    return in_column and (short is not None or is_organ_name(text))


def report_year(title: str) -> int | None:
    """Return the year that a title says it reports on; None: it names no year, or several."""
    text = plain(title)
    return year_in(text) if len(set(_YEARS.findall(text))) < 2 else None


@_kept
def is_column_name(text: str) -> bool:
    """Tell whether an anchor names a column of annual reports."""
    words = plain(text)
    if _COLUMN.search(words) or _GROUP_COLUMN.search(words):
        return True
    return is_bare_column_name(text)


@_kept
def is_group_column_name(text: str) -> bool:
    """Tell whether an anchor names a column in which many organs' reports are collected."""
    return _GROUP_COLUMN.search(plain(text)) is not None


@_kept
def is_bare_column_name(text: str) -> bool:
    """Tell whether an anchor says 年报 without saying of what: it may be another yearbook."""
    return _BARE_COLUMN.search(plain(text)) is not None


@_kept
def is_parent_name(text: str) -> bool:
    """Tell whether an anchor names a section on disclosure, under which the column stands."""
    return _PARENT.search(plain(text)) is not None


@_kept
def is_wide_parent_name(text: str) -> bool:
    """Tell whether an anchor names a section that holds more than disclosure (政务公开)."""
    return "信息公开" not in plain(text) and "主动公开" not in plain(text)


@_kept
def is_beside_column(text: str) -> bool:
    """Tell whether an anchor names a page that stands in one box with the column (指南, 制度)."""
    return _BESIDE.search(plain(text)) is not None


@_kept
def is_directory_name(text: str) -> bool:
    """Tell whether an anchor names a directory of departments or townships, be it of one year."""
    words = _OF_A_YEAR.sub("", plain(text))
    return _DIRECTORY.search(words) is not None or is_weak_directory_name(text)


@_kept
def is_weak_directory_name(text: str) -> bool:
    """Tell whether an anchor names the organs of a place, with no word on disclosure (组织机构)."""
    return _ORGANS.search(plain(text)) is not None


@_kept
def is_organ_name(text: str) -> bool:
    """Tell whether an anchor names one organ or place."""
    return _ORGAN.search(plain(text)) is not None


@_kept
def is_year(text: str) -> bool:
    """Tell whether an anchor names a column of one year."""
    return _YEAR.search(plain(text)) is not None


@_kept
def is_pointer(text: str) -> bool:
    """Tell whether an anchor only points (查看, 下载, 2024): its row says what to."""
    return _POINTER.search(plain(text)) is not None


@_kept
def is_home_name(text: str) -> bool:
    """Tell whether an anchor leads to the first page of a site."""
    return _HOME.search(plain(text)) is not None


@_kept
def is_sitemap_name(text: str) -> bool:
    """Tell whether an anchor leads to the map of a site (网站地图)."""
    return _SITEMAP.search(plain(text)) is not None
