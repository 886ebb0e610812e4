"""What a document is, where it is no annual report.

A report is known by its body, not by its title alone: the six sections, or the tables, or (before
2019) a title of the grammar over text that tells of disclosure. Everything else gets a reason.
"""

import re
from dataclasses import dataclass

from archive.records import NotAReport
from archive.report.chars import fold, tight
from archive.report.titles import clean_title, is_report_title, year_in

# Scripts that test the visitor, and what firewalls say (the latter may offer a link to complain).
_CHALLENGE = re.compile(
    r"\$_ts\b|__jsl_clearance|acw_sc__v2|wzws[-_]ray|document\.cookie|location\.reload",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"安全狗|创宇盾|网站卫士|云防护|access denied|web应用防火墙"
    r"|(?:请求|访问|行为)[^。]{0,12}(?:被[^。]{0,12}拦截|被拒绝|被阻断|存在(?:安全)?威胁|存在安全|不合法)"
    r"|对网站造成安全威胁",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"页面不存在|访问的页面(?:不存在|已删除)|找不到(?:该|您|此)?(?:访问的)?(?:页|文件|网页|内容|信息)|无法找到(?:该|此)?页|该信息已(?:被)?删除"
    r"|(?:文章|信息|内容|栏目)(?:不存在|已删除|已被删除|已下线)"
    r"|已(?:被)?删除或(?:不存在|下线)|404not ?found|404错误|错误404|^404$"
    r"|404[-!,.|]",
    re.IGNORECASE | re.MULTILINE,
)
_NOTHING_LISTED = re.compile(
    r"暂无(?:相关)?(?:信息|数据|内容)|没有找到(?:相关)?(?:信息|数据|内容)?"
)
_STUB = 2500
"""Characters of markup; a refusal is shorter (seen: 54 to 1,166 bytes)."""
_SHORT = 400
"""Characters of text; a page that tells that something is gone has less."""

MOST = 400_000
"""Characters without blanks and bars; reports of provinces have a tenth of it."""

_NOTICE_TITLE = re.compile(r"(?:的)?(?:通知|函|通报|提醒|通告)(?:\(.*\))?$")
_NOTICE_BODY = re.compile(
    r"(?:通知如下|有关事项通知|请遵照执行|请认真贯彻|认真组织实施|请[^。]{0,20}于[^。]{0,20}前[^。]{0,20}报送)"
)
_ADDRESSEES = re.compile(
    r"(?:^|\n)(?:各|市直|县直|区直|省直|省政府|市政府|县政府)[^。\n]{2,80}:(?:\n|$)"
)
_TEMPLATE_TITLE = re.compile(
    r"模板|模版|范文|范本|样表|样本|样式|参考格式|格式\)?$|填表说明|填报说明|统计表$"
)
_PLACEHOLDERS = re.compile(
    r"20\d?[×xX＊*]+年|[×xX＊*○]{2,}(?:年|人民政府|局|市|县|区|省|镇|街道|单位)|\*年|[_＿]{3,}年?|\d{2}[×xX*]{2}年|\((?:填写|此处|单位名称)"
)
_FORM_TO_FILL = re.compile(r"填表人|单位负责人签|数据有效期|计量单位.{0,10}数据统计数|统计指标")

# Other yearly papers and papers about reports: reason and how their titles read.
_OTHER_TITLES = re.compile(
    r"政府工作报告|法治政府(?:建设)?|政府网站[^,。]{0,14}(?:报表|报告)|网站监管|[预决]算|三公经费|信息公开(?:工作)?指南"
    r"|信息公开(?:工作)?制度|(?:报告|年报)(?:编制|发布)*(?:工作)?制度|行政执法"
    r"|信息公开目录|解读|图解|一图(?:读懂|看懂)|审计|统计公报|依法行政|绩效|财政|要点|实施方案|考核|评估报告|评议"
)
_ABOUT = re.compile("主动公开|依申请公开|政府信息公开|政务公开")


@dataclass(frozen=True, slots=True)
class Signs:
    """What was found in a document, as far as it says what the document is."""

    markup: str
    """The document as it came, decoded."""
    everything: str
    """All its visible text."""
    body: str
    """The text of the article."""
    title: str | None
    headings: int
    """How many of the six headings stand in the article."""
    has_tables: bool
    """At least one of the tables of the form was read with a value in it."""
    links: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


def is_too_long(everything: str) -> bool:
    """Whether a text is longer than any report: reading it closely would only take time."""
    return len(everything) > MOST and len(tight(everything.replace("|", ""))) > MOST


def refusal(markup: str, everything: str) -> NotAReport | None:
    """Return ``blocked``, ``soft_404``, ``empty`` or ``unreadable`` for pages that hold no
    document; else None."""
    if is_too_long(everything):
        return NotAReport("unreadable", f"more than {MOST} characters of text")
    visible = tight(fold(everything))
    stub = len(markup) < _STUB and len(visible) < 300
    if stub and (_BLOCKED.search(visible) or ("<a" not in markup and _CHALLENGE.search(markup))):
        return NotAReport("blocked", "the site answers with a check of the visitor")
    if len(visible) < _SHORT and _GONE.search(visible):
        return NotAReport("soft_404", "the page says that there is nothing here")
    if len(visible) < 30:
        return NotAReport("empty", "the page has no text")
    return None


def judge(signs: Signs) -> NotAReport | None:
    """Return why the document is no annual report; None: it is one."""
    title = fold(tight(signs.title or ""))
    body = fold(signs.body)
    reason, message = _reason(signs, title, body)
    return NotAReport(reason, message, title=signs.title) if reason else None


def _reason(signs: Signs, title: str, body: str) -> tuple[str, str]:
    opening = tight_start(body)
    if _is_notice(title, opening, signs):
        return "notice", "it tells organs what to do and reports nothing"
    blank = not signs.has_tables and len(_PLACEHOLDERS.findall(body)) >= 2
    if blank or _TEMPLATE_TITLE.search(title) or _PLACEHOLDERS.search(title):
        return "template", "a form to be filled in"
    named = is_report_title(title) and len(tight(body)) >= 400 and _is_prose(body)
    listed = len({clean_title(link) for link in signs.links if is_report_title(link)} - {title})
    # The title of one report, with its year, over a short text: the text may hang on the page.
    single = is_report_title(title) and year_in(title) is not None and listed < 2
    few = signs.headings < 2 and not signs.has_tables and not named and not single
    linked = _linked(signs)
    if few and ((listed >= 2 and linked > 0.3) or (len(signs.links) >= 15 and linked > 0.6)):
        return "listing", f"{listed} of its {len(signs.links)} links lead to reports"
    if not is_report_title(title) and _OTHER_TITLES.search(title) and "年度报告" not in title[-6:]:
        return "other_report", "its title is that of another paper"
    if re.search("解读|图解|一图", title):
        return "other_report", "a paper about the report"
    if signs.headings >= 4 or (signs.headings >= 2 and signs.has_tables):
        return "", ""
    return _by_words(signs, title, body)


def _by_words(signs: Signs, title: str, body: str) -> tuple[str, str]:
    """Judge a document without most of the six headings: an old report or something else."""
    length = len(tight(body)) if _is_prose(body) else 0
    named = is_report_title(title)
    if _FORM_TO_FILL.search(body[:600]) and not named:
        return "template", "a form to be filled in"
    if signs.headings >= 2 and len(_ABOUT.findall(body)) >= 3 and length > 150:
        return "", ""
    if _opens_as_report(body) and len(_ABOUT.findall(body)) >= 2 and length > 150:
        return "", ""
    if named and length >= 150 and len(_ABOUT.findall(body)) >= 2:
        return "", ""
    if _NOTHING_LISTED.search(body) and length < _SHORT:
        return "listing", "an empty listing"
    if named and signs.attachments:
        return "attachment_only", "the report stands in: " + " ".join(signs.attachments)
    if named and length < 150:
        return "empty", "a title without a report"
    if _OTHER_TITLES.search(title):
        return "other_report", "its title is that of another paper"
    return "unrelated", "neither title nor text are those of an annual report"


def _is_prose(body: str) -> bool:
    """Whether the text has sentences; menus and lists have none."""
    return body.count("。") >= 2


def _opens_as_report(body: str) -> bool:
    """Whether the first sentences announce the report."""
    return bool(
        re.search(
            r"(?:现[^。]{0,8}(?:公布|发布|公开)|编制本|制定本|本(?:年度)?报告[由根按]|报告如下)",
            tight_start(body),
        )
        and "信息公开" in body[:1500]
    )


def _is_notice(title: str, opening: str, signs: Signs) -> bool:
    if signs.has_tables and signs.headings >= 3:
        return False
    if not re.search(r"信息公开|政务公开", title + opening) or not re.search(
        "报告|年报", title + opening
    ):
        return False
    if _NOTICE_TITLE.search(title):
        return True
    first = opening[:400]
    return bool(
        _NOTICE_BODY.search(opening)
        and (_ADDRESSEES.search(opening) or re.search(r"的通知(?:\n|$)|的通知各", first))
        and signs.headings < 4
    )


def _linked(signs: Signs) -> float:
    """Return how much of the visible text stands in links (0 to 1)."""
    linked = sum(len(tight(link)) for link in signs.links)
    return linked / max(len(tight(signs.everything)), 1)


def tight_start(body: str) -> str:
    """Return the first 1,500 characters without blanks inside the lines."""
    return "\n".join(tight(line) for line in body[:1500].split("\n"))
