"""May these bytes be a report at all? Asked of other people's archives, where hardly any is.

The answer takes microseconds, since nothing is parsed: a page is refused where the characters are
missing that the reader could not do without. What ``archive.report.read`` takes for a report has
(``archive.report.identity.nature``) four of the six headings, or two and a table of the form, or
it speaks of disclosure (公开) twice and has two headings, or the name or the opening of a report.
Here each of these is asked with less: the words may stand anywhere but in plain links, and with
anything but Chinese characters between their own. Documents that are no text, and encodings
in which characters cannot be looked for, go to the reader.
"""

import re
from collections.abc import Mapping

from archive.report.article.decode import TEXT_KINDS, decode_text, unmixed
from archive.report.chars import simplified
from archive.report.media import media_kind

_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}<(?:!doctype\s+html|html|head)[\s>]", re.IGNORECASE
)
# Of UTF-16 and UTF-32. What has seven bits (ISO 2022, HZ too) the reader takes for UTF-8.
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_ASCII = bytes(range(128))
_ENTITY = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));?")
# Menus and lists of every portal name the report; a plain link is part of neither title nor text.
_LINK = re.compile(r"<[aA]\s[^>]*?\b[hH][rR][eE][fF][^>]*>[^<]{0,60}</[aA]>")
_NO_HAN = re.compile(r"[^\u3400-\u9fff\u3007]+")
# In UTF-8 all of them begin with one of these bytes.
_HAN_LEADS = tuple(bytes((code,)) for code in range(0xE3, 0xEA))
_HAN_ENTITY = re.compile(rb"&#(?:[xX][0-9a-fA-F]{4}|[0-9]{5})")
_MISREAD = ("鏀", "淇", "æ")
"""Of UTF-8 that was read as something else before it was saved, the first characters."""
_LATIN_MISREAD = "æ".encode()
_HEADINGS = tuple(
    re.compile(words)
    for words in (
        "(?:总体|基本|整体|年度)(?:工作)?情况|概述|概况",
        "主动公开",
        "公开申请|申请公开",
        "复议.*诉讼",
        "问题|不足|困难",
        "事项",
    )
)
_NAME = re.compile("公开[\u3400-\u9fff\u3007]{0,40}?(?:报告|年报|总结|工作情况)")
_OPENING = re.compile("编制本|制定本|报告如下|本(?:年度)?报告[由根按]|现.{0,8}(?:公布|发布|公开)")
_TABLE = re.compile(
    "规章|规范性文件|行政许可|行政处罚|行政强制|行政事业|集中采购|对外管理服务|自然人|商业企业|科研"
    "|公益组织|法律服务|新收|结转|予以公开|部分公开|国家秘密|第三方|行政复议|起诉|维持|纠正"
)


def may_be_report(
    content: bytes, media_type: str | None = None, headers: Mapping[str, str] | None = None
) -> bool:
    """Return False where ``archive.report.read`` cannot take the document for a report."""
    if content.startswith(_WIDE) or b"\0" in content:
        return True
    markup = _MARKUP.match(content) is not None
    if markup and _is_without_han(content):
        return False
    if not markup:
        kind = media_kind(content, media_type)
        if kind is not None and (kind not in TEXT_KINDS or kind == "json"):
            return True
    text = decode_text(content, media_type, headers).text
    if any(sign in text for sign in _MISREAD):
        text, _ = unmixed(text)
    if "&#" in text:
        text = _ENTITY.sub(_character, text)
    return _has_words(_han(text)) and _has_words(_han(_LINK.sub("", text)))


def _is_without_han(content: bytes) -> bool:
    """Whether text certainly has no Chinese character, however it is written, nor had any before
    it was misread; found without decoding most of the pages that have none."""
    # One byte is looked for in a fiftieth of the time of two.
    if b"&" in content and b"&#" in content and _HAN_ENTITY.search(content):
        return False
    if content.isascii():
        return True
    if any(lead in content for lead in _HAN_LEADS):
        return False
    if _LATIN_MISREAD[:1] in content and _LATIN_MISREAD in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False  # another encoding, in which these bytes mean something else
    return True


def _han(text: str) -> str:
    """Return the Chinese characters of a text, in simplified form."""
    # First without what is ASCII, which is most of a page, in a tenth of the time.
    others = text.encode("utf-8", "replace").translate(None, _ASCII).decode()
    return simplified(_NO_HAN.sub("", others))


def _has_words(text: str) -> bool:
    """Whether Chinese characters, all that a page has, are enough for a report."""
    headings = sum(words.search(text) is not None for words in _HEADINGS)
    if headings >= 4 or (headings >= 2 and _TABLE.search(text)):
        return True
    if text.count("公开") < 2:
        return False
    return headings >= 2 or bool(_NAME.search(text) or _OPENING.search(text))


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code <= 0x10FFFF else " "
