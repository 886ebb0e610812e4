"""Pages that hold no document: a site's check of the visitor, a page that is gone, an empty shell.

They come with status 200 as often as not (soft 404), and are known by their few words.
"""

import re

from archive.report.chars import fold, tight

# Scripts that test the visitor, and what firewalls say (the latter may offer a link to complain).
_CHALLENGE = re.compile(
    r"\$_ts\b|__jsl_clearance|acw_sc__v2|wzws[-_]ray|document\.cookie|location\.reload",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"安全狗|创宇盾|网站卫士|云防护|access denied|web应用防火墙|403forbidden"
    r"|^(?:安全|访问|人机|滑动)验证"
    r"|(?:请求|访问|行为)[^。]{0,12}(?:被[^。]{0,12}拦截|被拒绝|被阻断|存在(?:安全)?威胁|存在安全|不合法)"
    r"|(?:请求|访问)[^。]{0,8}(?:过于)?频繁|(?:完成|进行|通过)[^。]{0,4}验证|输入[^。]{0,4}验证码|滑动[^。]{0,8}(?:拼图|滑块)"
    r"|对网站造成安全威胁|不合法参数|访问受限|访问被(?:拒绝|禁止)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?:页面|网页|文章|信息|内容|栏目|文件)(?:[^。]{0,4})?(?:不存在|已(?:经)?(?:被)?(?:删除|移除|下线|移动)|找不到|无法找到|已过期)"
    r"|(?:找不到|无法找到|没有找到)(?:该|您|此|要|想|访问|查看|的)*(?:页|文件|网页|内容|信息|文章)|已(?:被)?删除或(?:不存在|下线)"
    r"|404not ?found|404错误|错误404|^404$|(?:参数|系统)错误$",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED_GONE = re.compile(r"404[-!,.|]")
_LOADING = re.compile(
    r"^(?:正在|页面|数据|内容)*(?:加载|载入)中?|loading|启用javascript|开启javascript|浏览器不支持",
    re.IGNORECASE,
)
_STUB = 2500
"""Characters of markup; a script that tests the visitor is shorter (seen: 54 to 1,166 bytes)."""
SHORT = 400
"""Characters of text; a page that tells that something is gone has less."""


def stub_reason(markup: str, everything: str) -> tuple[str, str] | None:
    """Return ``blocked``, ``soft_404`` or ``empty`` and a message for the markup and the visible
    text of a page; None: it may hold a document."""
    if len(everything) > 20 * SHORT:
        return None
    visible = tight(fold(everything))
    tested = len(markup) < _STUB and "<a" not in markup and _CHALLENGE.search(markup)
    if len(visible) < 300 and (tested or _BLOCKED.search(visible)):
        return "blocked", "the site answers with a check of the visitor"
    gone = _GONE.search(visible) or _NUMBERED_GONE.search(visible)
    if len(visible) < SHORT and gone:
        return "soft_404", "the page says that there is nothing here"
    if len(visible) < 30:
        return "empty", "the page has no text"
    return None


def says_gone(text: str) -> bool:
    """Whether ``text`` (folded, without blanks) says that what was asked for is gone."""
    return _GONE.search(text) is not None


def says_loading(text: str) -> bool:
    """Whether ``text`` only asks to wait for a script."""
    return _LOADING.search(text) is not None
