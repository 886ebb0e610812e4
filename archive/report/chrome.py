"""Lines of a page that are not the document: tools, footers, and what document-sharing sites add.

Each rule is written for a whole line, without its blanks: a sentence of a report that mentions
printing or sharing stays.
"""

import re

from archive.report.chars import HAN, fold, tight
from archive.report.lines import Line

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
        (
            "site's own",
            r"(?:相关(?:阅读|文章|链接|信息|稿件|新闻|文档|附件|解读)|热门(?:文章|信息|推荐))[:|]?",
        ),
        ("site's own", r"(?:政府网站找错|党政机关|适老化|智能问答|在线咨询)"),
        ("site's own", r"您访问的链接即将离开.*"),
        ("template", r".*(?:\{\{.*\}\}|<\?=.*\?>|\$\{.*\}).*"),
    )
)
_META_LABEL = re.compile(rf"(?:{_META})[:|]")
_PAGE_MARK_LINE = re.compile(r"[-—–]{1,2}\d{1,3}[-—–]{1,2}|第?\d{1,3}页?[/／共]+\d{1,3}页?")


def without_chrome(lines: list[Line]) -> list[Line]:
    """Return ``lines`` without those that belong to the page and not to the document."""
    return [line for line in lines if not is_chrome(line.text)]


def is_chrome(text: str) -> bool:
    """Whether the line ``text`` is a tool, a fact or a footer of the page, or a page number."""
    if len(text) > 320:
        return False
    plain = tight(fold(text))
    return bool(_PAGE_MARK_LINE.fullmatch(plain)) or any(
        pattern.fullmatch(plain) for _, pattern in _CHROME
    )


# Document-sharing sites (文库). A page is one of theirs where two different marks stand in it.
_SHARING_MARKS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[a-z0-9]{2,12}文库|文库网|文档网|人人文库|道客巴巴|豆丁网|原创力文档|淘豆网|金锄头文库",
        r"当前文档共\d+页",
        r"下载后(?:可)?继续阅读|下载(?:本)?文档|立即下载|免费下载|vip专享",
        r"\d+页\d*\.?\d*[km]b",
        r"文档格式[:|]|上传时间[:|]|上传人[:|]|文档编号[:|]|所需(?:积分|金币)",
        r"该文档所属资源|猜你喜欢|相关文档|剩余\d+页未读|内容预览",
    )
)
_NAME = r"[^|/\\]{4,90}\.(?:docx?|pdf|wps|pptx?|xlsx?|txt|rtf)"
_FILE_NAME = re.compile(_NAME, re.IGNORECASE)
_SHARING: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r".{0,30}(?:文库|文档网|文档分享).{0,60}",
        r"(?:原创力文档|豆丁网?|道客巴巴|淘豆网|金锄头文库|爱问共享资料)",
        r"当前文档共\d+页.{0,20}",
        r".{0,40}下载后.{0,6}继续阅读.{0,20}",
        r".{0,60}\d+页.{0,4}\d*\.?\d*[km]b.{0,30}",
        r"(?:vip|立即|免费|点击|会员|付费|开通)*(?:专享|免费)?下载(?:本)?(?:文档|全文|此文档)?(?:\(.{0,20}\))?[^。]{0,24}",
        r"(?:收藏|举报|侵权投诉|版权申诉|分享|赞|踩|评论|猜你喜欢|内容预览|在线阅读|全屏阅读|[|]|\d)+",
        r"[¥￥]\d+(?:\.\d+)?.{0,20}",
        r"(?:文档格式|文档大小|文件大小|页数|上传(?:时间|日期|于|人|者)|文档编号|所需积分|浏览|格式|大小)[:|].{0,60}",
        r"该文档所属资源.{0,60}|版权声明.{0,200}|剩余\d+页未读.{0,20}|第?\d+页(?:,|/)?共\d+页",
        rf"(?:vip)?(?:{_NAME})+",
    )
)
_REST = re.compile(
    r"(?:相关(?:文章|文档|推荐|资源|资料)|猜你喜欢|热门(?:文档|推荐)|为您推荐|最新文档|大家都在看)[:|]?.{0,60}"
)
_PAGE_MARK = re.compile(r"\s*(?:[—–]{1,2}|(?<=\s)-)\s?\d{1,3}\s?(?:[—–]{1,2}|-(?=\s))\s*")
_BROKEN = re.compile(rf"[{HAN}] [{HAN}]")


def looks_shared(text: str) -> bool:
    """Whether ``text`` carries the marks of a document-sharing site."""
    plain = tight(fold(text[:4000] + "\n" + text[-1500:]))
    return sum(1 for mark in _SHARING_MARKS if mark.search(plain)) >= 2


def shared_name(text: str) -> str | None:
    """Return the name of the shared file without its ending, as it stands above the document;
    None: no line is one."""
    lines = text.split("\n")
    for line in lines[: _longest(lines) + 1]:
        plain = tight(line)
        if len(plain) < 1000 and (match := _FILE_NAME.search(plain)):
            return match[0].rpartition(".")[0]
    return None


def _longest(lines: list[str]) -> int:
    """Return which line is the longest: on such pages the document stands in one."""
    return max(range(len(lines)), key=lambda i: len(lines[i]), default=0)


def unshared(text: str) -> str:
    """Return the document in the text of a document-sharing page: without the site's lines, the
    recommendations after it and the page numbers inside it."""
    lines = text.split("\n")
    longest = _longest(lines)
    kept: list[str] = []
    for number, line in enumerate(lines):
        plain = tight(fold(line))
        if len(plain) > 1000:
            kept.append(line)
        elif number > longest and _REST.fullmatch(plain):
            break
        elif not any(pattern.fullmatch(plain) for pattern in _SHARING):
            kept.append(line)
    return _PAGE_MARK.sub(" ", "\n".join(kept))


def broken_words(text: str) -> bool:
    """Whether blanks stand inside the words of ``text``, as text taken from a PDF has them."""
    return len(_BROKEN.findall(text)) * 200 > len(text) > 400
