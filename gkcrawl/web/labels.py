"""The Chinese words for the codes of the catalog, as the pages show them; their English stands in
``words/labels.yml``.

The six section headings are those of the official form (国办公开办函〔2021〕30号).
"""

from collections.abc import Mapping

from gkcrawl.web.language import say

SECTIONS: Mapping[str, str] = {
    "overview": "一、总体情况",
    "active_disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
    "problems_improvements": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}

_KINDS = {
    "government": "人民政府",
    "government_office": "政府办公厅、办公室",
    "department": "工作部门",
    "subdistrict_office": "街道办事处",
    "town_government": "乡镇人民政府",
    "development_zone": "开发区、功能区",
    "public_institution": "事业单位",
    "central_body": "国务院部门",
}
_LEVELS = {
    "central": "中央",
    "province": "省级",
    "city": "市级",
    "prefecture": "市级",
    "county": "县级",
    "town": "乡级",
    "township": "乡级",
}
_CHECKS = {
    "hold": "成立",
    "fail": "不成立",
    "not_assessable": "无法判断",
    "left_side_blank": "左边空白",
    "right_side_blank": "右边空白",
}

_OUTCOMES = {
    "report": "年度报告",
    "navigation": "导航页",
    "redirect": "转向别处",
    "not_modified": "未变化",
    "original_missing": "原始记录不在",
    "notice": "通知公告",
    "template": "空白模板",
    "listing": "列表页",
    "other_report": "其他报告",
    "unrelated": "其他文件",
    "attachment_only": "报告在附件里",
    "soft_404": "称页面不存在",
    "not_found": "页面不存在",
    "blocked": "网站拒绝",
    "http_error": "服务器出错",
    "empty": "没有内容",
    "truncated": "传输中断",
    "segmented": "分段存储，未合并",
    "failed": "没有可用的回应",
    "unreadable": "无法解码",
    "unsupported": "尚不能读的类型",
}
_PAGE_CLASSES = {
    "home": "首页",
    "column": "栏目",
    "listing": "列表",
    "article": "文章",
    "attachment": "附件",
    "robots": "robots.txt",
    "other": "其他",
    "rendered": "浏览器所见",
}

# Column of a table -> code -> word; used by the pages and by the cells and facets of stock tables.
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": _KINDS,
    "issuer_kind": _KINDS,
    "level": _LEVELS,
    "scope": {"aggregate": "本行政区域汇总", "own": "本机关"},
    "form": {
        "2021": "2021年格式（国办公开办函〔2021〕30号）",
        "2019": "2019年格式（国办公开办函〔2019〕60号）",
        "pre2019": "2019年以前格式",
    },
    "form_source": {"tables": "据表头", "citation": "据文中所引文件", "year": "据年份"},
    "trust": {
        "official": "官方网站",
        "document_site": "文库副本",
        "untrusted": "来源不可信",
    },
    "table_status": {
        "read": "读自原表",
        "recovered": "由文字还原",
        "ambiguous": "读法不唯一",
        "inconsistent": "勾稽不符",
        "absent": "无表",
    },
    "check_status": _CHECKS,
    "finding_status": {
        "agrees": "文表一致",
        "conflict": "文表不符",
        "suspicious": "存疑",
        "missing": "缺项",
        "hint": "提示",
    },
    "outcome": _OUTCOMES,
    "page_class": _PAGE_CLASSES,
    "status": {
        "read": "三表已读",
        "inconsistent": "三表已读，勾稽不符",
        "partial": "部分表可读",
        "no_tables": "无可读表格",
        "unidentified": "机关或年份不明",
    },
}

# What a table's status means, in a sentence beneath the table.
TABLE_STATUS: Mapping[str, str] = {
    "read": "数值直接读自原文的表格。",
    "recovered": "原文的表格已散为文字；在勾稽关系约束下只有一种读法，数值据此还原。",
    "ambiguous": "原文的表格已散为文字，不止一种读法满足勾稽关系，因此一律不取值。",
    "inconsistent": "数值照原文读出，但表内勾稽关系不成立；不作任何改动。",
    "absent": "原文中没有可读的表格（可能是图片、附件，或已散失）。",
}

# Before the form of 2019 there were no tables that all organs had to fill in.
NO_TABLES_YET = "2019年以前的报告没有统一的三张统计表。"

# What a reader must know of a copy that is not the official one.
TRUST_NOTES: Mapping[str, str] = {
    "document_site": (
        "这是文库网站上的副本，由用户上传，不是发布机关网站上的官方文本：内容可能残缺或有误，"
        "上传日期也不是发布日期。引用请以官方原文为准。"
    ),
    "untrusted": "这份副本不在政府网站上，是否与官方文本一致无从核实。引用请以官方原文为准。",
}

# Where a publication date was found: the part of ``published_source`` before the colon.
_DATE_SOURCES = {
    "meta": "网页元数据",
    "page": "页面标注",
    "text": "正文",
    "url": "网址",
    "listing": "栏目列表",
    "hints": "栏目列表",
}


def word(column: str, code: object) -> str:
    """Return the Chinese word for a code of a column; the code itself where none is known."""
    text = "" if code is None else str(code)
    return WORDS.get(column, {}).get(text, text)


def date_source(source: str | None) -> str:
    """Return where a publication date was found, e.g. ``网页元数据 PubDate``; empty for None."""
    kind, _, detail = (source or "").partition(":")
    return f"{say(_DATE_SOURCES.get(kind, kind))} {detail}".strip()


# What Datasette says when something is not there or not allowed: how it begins -> in Chinese.
_ERRORS: Mapping[str, str] = {
    "Database not found": "没有这个地址。",
    "Table not found": "没有这张表。",
    "Row not found": "没有这一行。",
    "Record not found": "没有这一行。",
    "Statement must be a SELECT": "这里只能运行 SELECT 查询。",
    "SQL query took too long": "查询用时过长，已中止。",
    "404": "没有这个地址。",
}


def error_words(message: str) -> str:
    """Return an error's message in the language of the request; what is not known in the words of
    who raised it."""
    for start, words in _ERRORS.items():
        if message.startswith(start):
            return say(words)
    has_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in message)
    return say(message) if has_chinese else say("数据服务的答复：{message}", message=message)


# Columns of the stock tables whose values have words, where column and kind of word differ.
_CELL_WORDS: Mapping[tuple[str, str], str] = {
    ("agencies", "kind"): "kind",
    ("agency_coverage", "kind"): "kind",
    ("checks", "status"): "check_status",
    ("findings", "status"): "finding_status",
    ("captures", "kind"): "page_class",
    ("captures", "outcome"): "outcome",
    ("tables_status", "status"): "table_status",
    ("sources", "trust"): "trust",
    ("readings", "trust"): "trust",
}

# Datasette's filters, by the words it shows for them.
LOOKUPS: Mapping[str, str] = {
    "=": "等于",
    "!=": "不等于",
    "contains": "包含",
    "does not contain": "不包含",
    "ends with": "结尾是",
    "starts with": "开头是",
    "like": "符合（% 通配）",
    "not like": "不符合（% 通配）",
    "in": "属于（逗号分隔）",
    "not in": "不属于（逗号分隔）",
    "array contains": "数组包含",
    "array does not contain": "数组不包含",
    "date": "日期等于",
    "is null": "为空",
    "is not null": "不为空",
    "is blank": "空白",
    "is not blank": "不空白",
    "glob": "符合（* 通配）",
}


def cell_word(table: str | None, column: str, value: object) -> str | None:
    """Return the word for a value of a stock table's column; None where it has none."""
    plain = column if table in ("reports", "requests_wide", "coverage", "agencies") else ""
    kind = _CELL_WORDS.get((table or "", column), plain)
    return WORDS.get(kind, {}).get(str(value))


def moment(text: str | None) -> str:
    """Return a stored time as a person reads it: ``2026-11-22 00:20:34 UTC``; "" for None."""
    if not text:
        return ""
    day, _, time = text.partition("T")
    return f"{day} {time.partition('.')[0].rstrip('Z')} UTC" if time else day
