"""Lines of a page that are not the document: tools, facts of the page, footers.

Each rule is written for a whole line, without its blanks: a sentence of a report that mentions
printing or sharing stays.
"""

import re

from archive.report.article.headings import is_heading
from archive.report.article.lines import Line
from archive.report.chars import fold, tight

_TOOL = (
    "打印(?:本页|此页|页面|本稿)?|关闭(?:窗口|本页|此页|页面)?|返回(?:顶部|首页|上页|列表|上一页)?|收藏(?:本页)?"
    "|分享(?:到|至)?(?:微信|微博|qq|qq空间|朋友圈|新浪微博)*|微信|微博|新浪微博|朋友圈|qq空间|qq好友"
    "|字[体号](?:大小)?|大|中|小|默认|放大|缩小|视力保护色|我要纠错|纠错|朗读|保存|下载|复制链接|推荐"
    "|加入收藏|设为首页|繁體|简体|繁体|无障碍(?:浏览|阅读)?|长者(?:模式|版)|关怀版|手机版|t|a[+-]?"
)
_META = (
    "来源|信息来源|文章来源|稿源|作者|编辑|责任编辑|责编|审核|初审|复审|终审|校对|发布人|录入"
    "|发布(?:时间|日期)|更新(?:时间|日期)|发文(?:时间|日期)|公开(?:时间|日期)|成文日期|日期|时间"
    "|浏览(?:次数|量|数)?|点击(?:次数|量|数|率)?|阅读(?:次数|量|数)?|访问(?:次数|量)?|字体|字号"
)
# What the line is, in words a reader of the rule understands, and what it looks like.
_CHROME: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("tools", rf"[\[\](（）)|:/·>\-]*(?:(?:{_TOOL})[\[\](（）)|:/·>\-]*)+"),
        ("facts of the page", rf"\[?(?:(?:{_META})[:|][^。;]{{0,60}})+"),
        ("neighbours", r"(?:上|下)一?(?:篇|条|页)[:>|]?.{0,120}"),
        ("neighbours", r"(?:没有了|已是最后一篇|无)?(?:返回列表)"),
        (
            "breadcrumb",
            r"\[?(?:您|你)?(?:的)?(?:当前|现在|目前)?(?:所在)?的?位置(?:是)?[:>].{0,120}",
        ),
        ("breadcrumb", r"(?:网站)?首页(?:>+|»|/|\\|-).{0,100}"),
        (
            "footer",
            r".{0,60}(?:icp备|icp证|公网安备|网站标识码|版权所有|copyright|©|技术支持[:|]).{0,200}",
        ),
        ("footer", r"(?:主办|承办|协办|维护|主管)(?:单位|机关)?[:|].{0,120}"),
        (
            "footer",
            r"(?:联系我们|网站地图|网站声明|关于我们|隐私(?:声明|保护)|使用帮助|友情链接|[|])+",
        ),
        ("qr code", r".{0,20}(?:扫一扫|扫码|二维码).{0,40}"),
        ("site's own", r"(?:相关(?:链接|附件))[:|]?"),
        ("site's own", r"(?:政府网站找错|党政机关|适老化|智能问答|在线咨询)"),
        ("site's own", r"您访问的链接即将离开.*"),
        ("template", r".*(?:\{\{.*\}\}|<\?=.*\?>|\$\{.*\}).*"),
    )
)
_RECOMMENDS = re.compile(
    r"(?:相关(?:阅读|文章|信息|稿件|新闻|文档|解读|推荐|资讯)|(?:热门|热点|最新|推荐)(?:文章|信息|推荐|阅读|资讯)"
    r"|猜你喜欢|为您推荐|大家都在看)[:|>]*"
)
# A report may write about 扫一扫 or 版权所有; only these sentences are a page's own.
_FOOTER_SENTENCE = re.compile(r"版权所有|copyright|©|主办(?:单位)?[:|]|您访问的链接", re.IGNORECASE)
_PAGE_MARK_LINE = re.compile(r"[-—–]{1,2}\d{1,3}[-—–]{1,2}|第?\d{1,3}页?[/／共]+\d{1,3}页?")


def without_chrome(lines: list[Line]) -> list[Line]:
    """Return ``lines`` without those that belong to the page and not to the document."""
    kept: list[Line] = []
    recommended = False
    for line in lines:
        # What is recommended below has titles and no sentences.
        recommended = not _says(line) and (recommended or _is_recommendation(line.text))
        if not recommended and not is_chrome(line.text):
            kept.append(line)
    return kept


def _says(line: Line) -> bool:
    return line.is_row or "。" in line.text or is_heading(line.text)


def _is_recommendation(text: str) -> bool:
    return len(text) < 20 and _RECOMMENDS.fullmatch(tight(fold(text))) is not None


def is_chrome(text: str) -> bool:
    """Whether the line ``text`` is a tool, a fact or a footer of the page, or a page number."""
    if len(text) > 320:
        return False
    plain = tight(fold(text))
    if plain.endswith("。") and not _FOOTER_SENTENCE.match(plain):
        return False
    return bool(_PAGE_MARK_LINE.fullmatch(plain)) or any(
        pattern.fullmatch(plain) for _, pattern in _CHROME
    )
