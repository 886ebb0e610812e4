"""Why an organ has no report, in words, with how each reason is decided.

Codes are those of ``archive.catalog.absence.REASONS``. The texts are Chinese and their own keys:
whoever shows them calls ``say``.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason."""

    label: str
    how: str
    """How it is decided, in a sentence."""


REASON_WORDS: Mapping[str, Reason] = {
    "not_due": Reason(
        "未到期限",
        "法定公布期限（部门次年1月31日，各级政府次年3月31日）还没有到。",
    ),
    "not_fetched": Reason("已列出，未采集", "栏目里有题名相符的条目，但该网址还没有任何采集记录。"),
    "pending": Reason(
        "已采集，未读取", "题名相符的条目已存档，尚未读取；下次采集或重建索引时读取。"
    ),
    "gone": Reason(
        "已不存在", "题名相符的条目、年报栏目或网站首页最近一次返回404、410，或称页面不存在。"
    ),
    "blocked": Reason(
        "拒绝访问", "题名相符的条目、年报栏目或网站首页最近一次拒绝访问（如403、412、验证脚本）。"
    ),
    "failed": Reason(
        "网站出错", "题名相符的条目、年报栏目或网站首页最近一次无法连接、传输中断或服务器出错。"
    ),
    "unreadable": Reason(
        "已采集，读不出",
        "题名相符的条目、年报栏目或网站首页已存档，但没有内容、格式不支持或无法解码。",
    ),
    "not_report": Reason(
        "已采集，不是年报", "题名相符的条目已存档，读后是通知、空白表或其他文件。"
    ),
    "elsewhere": Reason(
        "读作别的年报", "题名相符的条目已读作年报，但正文显示的机关或年度与题名不同，或无法确定。"
    ),
    "not_listed": Reason(
        "栏目未列出", "已知列出该机关其他报告的栏目或所在地的年报栏目，其中没有这一年。"
    ),
    "no_column": Reason("未见栏目", "所在地的网站采集过，没有找到年报栏目。"),
    "not_visited": Reason("网站未采集", "所在地的网站已登记，但从未采集。"),
    "no_portal": Reason("无网站", "没有登记所在地的网站；已有的报告来自别处。"),
}
PLACES: Mapping[str | None, str] = {
    "document": "依据：条目",
    "column": "依据：栏目",
    "portal": "依据：网站首页",
}
"""Where a reason was found -> words for it."""
