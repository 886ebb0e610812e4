"""What a document is, where it is no annual report.

A report is known by its body, not by its title alone: the six sections, or the tables, or (before
2019) a title of the grammar over text that tells of disclosure. Everything else gets a reason.
"""

import re
from dataclasses import dataclass

from archive.records import NotAReport
from archive.report.chars import fold, tight
from archive.report.identity.stubs import SHORT, says_gone, says_loading, stub_reason
from archive.report.identity.titles import begins_text, is_report_title, without_day, year_in

_NOTHING_LISTED = re.compile(
    r"暂无(?:相关)?(?:信息|数据|内容)|没有找到(?:相关)?(?:信息|数据|内容)?"
)
MOST = 400_000
"""Characters without blanks and bars; reports of provinces have a tenth of it."""

_NOTICE_TITLE = re.compile(r"(?:的)?(?:通知|函|通报|提醒|通告)(?:\(.*\))?$")
# 关于公布2022年…报告的通知 brings the report with it.
_COVER_TITLE = re.compile(r"关于(?:公布|发布|公开|印发)(?!.*(?:格式|办法|制度|方案|要点))")
_NOTICE_BODY = re.compile(
    r"(?:通知如下|有关事项通知|请遵照执行|请认真贯彻|认真组织实施|请[^。]{0,20}于[^。]{0,20}前[^。]{0,20}报送)"
)
_ADDRESSEES = re.compile(
    r"(?:^|\n)(?:各|市直|县直|区直|省直|省政府|市政府|县政府|局属|机关各)[^。\n]{2,80}:(?:\n|$)"
)
_TEMPLATE_TITLE = re.compile(
    r"模板|模版|范文|范本|样表|样本|样式|参考格式|格式\)?$|填表说明|填报说明|统计表$"
)
_PLACEHOLDERS = re.compile(
    r"20\d?[×xX＊*]+年|[×xX＊*○]{2,}(?:年|人民政府|局|市|县|区|省|镇|街道|单位)|\*年|[_＿]{3,}年?|\d{2}[×xX*]{2}年"
    r"|\((?:填写|此处|单位名称|简要说明)|^[×xX＊*…]{2,}。?$",
    re.MULTILINE,
)
_FORM_TO_FILL = re.compile(r"填表人|单位负责人签|数据有效期|计量单位.{0,10}数据统计数|统计指标")

# Papers about reports, and reports on less than a year: never one, whatever their body looks like.
_ABOUT_REPORTS = re.compile(
    r"解读|图解|一图(?:读懂|看懂)|图说|数说|评估报告|考核|评议|培训|半年|季度|[1-9]月份|月报"
)
# Other papers: not one unless the body is a whole report under the wrong heading.
_OTHER_TITLES = re.compile(
    r"政府工作报告|人民政府工作报告|法治政府(?:建设)?|政府网站[^,。]{0,14}(?:报表|报告)|网站(?:监管|工作)年度报表|[预决]算|三公经费"
    r"|信息公开(?:工作)?指南|(?:报告|年报)(?:编制|发布)*(?:工作)?制度|行政执法|信息公开目录|审计|统计公报|依法行政|绩效|财政|社会信用|企业信息公示"
    r"|要点|实施方案|(?:政务公开|公开工作)(?:工作)?总结$|政务公开重点|落实情况|安全生产|条例$|统计表"
)
# 高等学校信息公开办法 (教育部令第29号): the reports of universities follow another rule.
_UNIVERSITY = re.compile(r"高等学校信息公开|教育部令第29号|\d{4}学年")
# The first articles of a rule; 第二十条 stands above table II.
_ARTICLES = re.compile(r"^第[一二三四五六七八九]条", re.MULTILINE)
_NEWS = re.compile(r"本报讯|本网讯|记者(?:从|昨|今|获悉|了解)|报告显示|调研组")
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
    stub = stub_reason(markup, everything)
    return NotAReport(*stub) if stub else None


def judge(signs: Signs) -> NotAReport | None:
    """Return why the document is no annual report; None: it is one."""
    title = fold(tight(signs.title or ""))
    if begins_text(title) or title.count("《") != title.count("》"):
        # Without a title the first line stands for it, but this is a sentence.
        title = ""
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
    if other := _other_paper(signs, title, body):
        return "other_report", other
    if signs.headings >= 4 or (signs.headings >= 2 and signs.has_tables):
        return "", ""
    short = len(tight(body)) < SHORT and signs.headings == 0 and not is_report_title(title)
    if short and says_gone(tight_start(body)):
        return "soft_404", "the page says that there is nothing here"
    return _listing(signs, title, body) or _by_words(signs, title, body)


def _other_paper(signs: Signs, title: str, body: str) -> str | None:
    """Return what else the document is; None: nothing that is known."""
    if _ABOUT_REPORTS.search(title) and not is_report_title(title):
        return "a paper about reports, or about less than a year"
    whole = signs.headings >= 4 and signs.has_tables
    if whole:
        return None
    if _OTHER_TITLES.search(title) and not is_report_title(title):
        return "its title is that of another paper"
    if _UNIVERSITY.search(title + tight_start(body[:900])) and re.search(
        "学院|大学|学校|学年", title
    ):
        return "the report of a university, which follows another rule"
    if len(_ARTICLES.findall(body)) >= 2 and signs.headings < 4:
        return "the text of a rule"
    return None


def _listing(signs: Signs, title: str, body: str) -> tuple[str, str] | None:
    """Return the refusal of a page that only leads to reports; None: it has a text of its own."""
    named = is_report_title(title) and len(tight(body)) >= 400 and _is_prose(body)
    rows = {without_day(link) for link in signs.links if "公" in link}
    listed = len({row for row in rows if is_report_title(row)} - {title})
    # The title of one report, with its year, over a short text: the text may hang on the page.
    single = is_report_title(title) and year_in(title) is not None and listed < 2
    if signs.headings >= 2 or signs.has_tables or named or single or _own_prose(signs):
        return None
    linked = _linked(signs)
    if (listed >= 2 and linked > 0.3) or (len(signs.links) >= 15 and linked > 0.6):
        return "listing", f"{listed} of its {len(signs.links)} links lead to reports"
    return None


def _own_prose(signs: Signs) -> bool:
    """Whether the article has sentences that are no links."""
    links = {tight(link) for link in signs.links}
    own = [line for line in signs.body.split("\n") if tight(line) not in links]
    return sum(line.count("。") for line in own) >= 2


def _by_words(signs: Signs, title: str, body: str) -> tuple[str, str]:
    """Judge a document without most of the six headings: an old report or something else."""
    length = len(tight(body)) if _is_prose(body) else 0
    named = is_report_title(title)
    if _FORM_TO_FILL.search(body[:600]) and not named:
        return "template", "a form to be filled in"
    if _NEWS.search(body[:1500]) and signs.headings < 2:
        return "unrelated", "news"
    about = len(_ABOUT.findall(body))
    if signs.headings >= 2 and (named or about >= 3) and length > 100:
        return "", ""
    if _opens_as_report(body) and about >= 2 and length > 150:
        return "", ""
    if named and about >= 2 and (length >= 150 or (length >= 80 and signs.headings)):
        return "", ""
    if _NOTHING_LISTED.search(body) and length < SHORT:
        return "listing", "an empty listing"
    if named and signs.attachments:
        return "attachment_only", "the report stands in: " + " ".join(signs.attachments)
    if len(tight(body)) < 100 and says_loading(tight(body)):
        return "empty", "the text is still to be loaded"
    if named and length < 150:
        return "empty", "a title without a report"
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
    if not re.search(r"信息公开|政务公开", title + opening) or not re.search(
        "报告|年报", title + opening
    ):
        return False
    if _NOTICE_TITLE.search(title):
        return not (_COVER_TITLE.search(title) and signs.headings >= 3)
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
