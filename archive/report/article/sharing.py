"""What document-sharing sites (文库) put around and into a document.

Their pages say so in many words of their own trade; a line that is mostly such words is theirs.
"""

import re

from archive.report.article.headings import count_headings
from archive.report.chars import fold, tight

# A page is one of theirs where two different marks stand in it.
_MARKS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[a-z0-9]{2,12}文库|文库网|文档网|人人文库|道客巴巴|豆丁网|原创力文档|淘豆网|金锄头文库",
        r"当前文档共\d+页",
        r"下载后(?:可)?继续阅读|下载(?:本)?文档|立即下载|免费下载|vip专享|下载即用|开通vip|vip会员",
        r"\d+页\d*\.?\d*[km]b",
        r"文档格式[:|]|上传时间[:|]|上传人[:|]|文档编号[:|]|所需(?:积分|金币)|用户上传|上传者",
        r"该文档所属资源|猜你喜欢|相关文档|(?:剩余?|还剩)\d+页未读|内容预览|举报此?文档",
    )
)
_WORD = re.compile("文库|文档|道客|豆丁|淘豆|锄头|下载|上传|积分|猜你|未读")
_TRADE = re.compile(
    r"文库|文档|(?:精品|海量)?资[料源]|下载(?:即用|后|特权|券)?|(?:开通)?vip|会员|用户|上传(?:者|人|时间|于)?|分享|积分|金币"
    r"|财富值|免费|付费|付费?阅读|继续阅读|全文阅读|在线阅读|阅读全文|全屏|(?:剩余|还剩)\d*页?|未读|点击|收藏|点赞|举报|侵权|投诉"
    r"|立即|电脑|查找|更方便|版权(?:声明|提示|归)?|猜你喜欢|相关|推荐|热门|最新|登录(?:后|注册)?|注册|充值|客服|温馨提示|查看(?:全部|更多)|预览|评论"
    r"|页数|格式|大小|编号|浏览|该用户|搜(?:索|到)|pdf|docx?|pptx?",
    re.IGNORECASE,
)
_ORGAN = re.compile(
    "信息公开|政府|本报告|本[局办委厅镇乡街院]|我[局办委厅镇乡市县区省]|依法|公民|群众"
)
_LONGEST = 60
"""Characters; what such a site says in one line is shorter."""
_SOME = 300
"""Characters of the document, before its site recommends others."""
_NAME = r"[^|/\\]{4,90}?\.(?:docx?|pdf|wps|pptx?|xlsx?|txt|rtf)"
_FILE_NAME = re.compile(_NAME.replace("?\\.", "\\."), re.IGNORECASE)
_LINES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r".{0,30}(?:文库|文档网|文档分享).{0,60}",
        r"(?:原创力文档|豆丁网?|道客巴巴|淘豆网|金锄头文库|爱问共享资料)",
        r"当前文档共\d+页.{0,20}",
        r".{0,60}\d+页.{0,4}\d*\.?\d*[km]b.{0,60}",
        r"(?:收藏|举报|侵权投诉|版权申诉|分享|赞|踩|评论|猜你喜欢|内容预览|在线阅读|全屏阅读|[|]|\d)+",
        r"[¥￥]\d+(?:\.\d+)?.{0,20}",
        r"(?:文档格式|文档大小|文件大小|页数|上传(?:时间|日期|于|人|者)|文档编号|所需积分|积分|浏览|格式|大小)[:|].{0,60}",
        r"该文档所属资源.{0,60}|版权声明.{0,200}|(?:剩余|还剩)\d+页未读.{0,20}",
        rf"(?:vip)?(?:{_NAME})+",
        r"(?:网站)?首页(?:>|»|/|\\|-).{0,100}",
    )
)
_REST = re.compile(
    r"(?:相关(?:文章|文档|推荐|资源|资料)|猜你喜欢|热门(?:文档|推荐)|为您推荐|最新文档|大家都在看|该用户还?上传.{0,8})[:|]?.{0,60}"
)
_FIGURES = re.compile(r"[\d\s,./|—–-]*")
"""A line of a table, or a mark of a page, which later readers know."""
_ENDED = re.compile(r"(?:[。！？；：:;!?|]|^)\s*$")
_REPEATED = re.compile(r"(.{10,90}?)\1+")


def looks_shared(text: str) -> bool:
    """Whether ``text`` carries the marks of a document-sharing site."""
    plain = tight(fold(text[:4000] + "\n" + text[-1500:]))
    if not _WORD.search(plain):
        return False
    return sum(1 for mark in _MARKS if mark.search(plain)) >= 2


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
    """Return the document in the text of a document-sharing page: without the site's lines and the
    recommendations after it. Figures alone on a line stay: they may be those of a table."""
    lines = text.split("\n")
    kept: list[str] = []
    size = 0
    for number, line in enumerate(lines):
        plain = tight(fold(line))
        rest = size > _SOME and _REST.fullmatch(plain)
        if rest and count_headings("\n".join(lines[number:])) < 2:
            break
        # 目下载。 may end the sentence that the line before began.
        goes_on = plain.endswith("。") and bool(kept) and not _ENDED.search(kept[-1])
        if not rest and not _is_the_sites(plain, goes_on=goes_on):
            kept.append(line)
            size += len(plain)
    return "\n".join(kept)


def _is_the_sites(plain: str, *, goes_on: bool) -> bool:
    """Whether a line, without its blanks, is one of the site's own; ``goes_on``: it may end a
    sentence of the document."""
    if len(plain) > 1000 or _FIGURES.fullmatch(plain):
        return False
    if any(pattern.fullmatch(plain) for pattern in _LINES) or _REPEATED.fullmatch(plain):
        return True
    if goes_on or len(plain) > _LONGEST or _ORGAN.search(plain):
        return False
    words = [match[0] for match in _TRADE.finditer(plain)]
    share = sum(map(len, words)) * (3 if len(words) > 1 else 2)
    return share >= len(plain) > 0
