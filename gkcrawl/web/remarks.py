"""The reader's remarks on a report, which are English, in the language of the page. Pure.

They are kept as the reader made them (``findings.message``): JSON and CSV give them so.
"""

import re

from gkcrawl.web.language import CHINESE, ENGLISH, current

_CHINESE_FIRST = re.compile(r"[^A-Za-z]*[\u3400-\u9fff]")
"""A Chinese character before any Latin letter."""

# What the reader says (archive/report/findings) -> the same in Chinese. The cells that it lists
# stand beside it on every page, named as in the form.
_REMARKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"the text and the table say (?P<n>\S+)", "正文和表中都是 {n}"),
        (
            r"the text says (?P<n>\S+) \(“(?P<said>.*)”\), the table (?P<m>\S+)",
            "正文说 {n}（“{said}”），表中是 {m}",
        ),
        (r"negative: .*", "负数"),
        (r"not a whole number: .*", "不是整数"),
        (r"more than (?P<n>\d+): .*", "大于 {n}"),
        (r"an organ that makes no 规章: .*", "这样的机关不制定规章"),
        (r"no heading found: (?P<said>.+)", "没有找到这些标题：{said}"),
        (r"(?P<name>.+) says nothing", "“{name}”之下没有内容"),
        (r"(?P<name>.+?) says only “(?P<said>.*)”", "“{name}”之下只有“{said}”"),
        (
            r"the text tells (?P<n>\S+) 万元 of processing fees \(“(?P<said>.*)”\),"
            r" section VI says “(?P<last>.*)”",
            "正文说信息处理费 {n} 万元（“{said}”），第六部分说“{last}”",
        ),
        (
            r"行政事业性收费 is (?P<n>\S+) 万元 in the table, section VI says nothing of fees",
            "表中行政事业性收费 {n} 万元，第六部分没有说到收费",
        ),
    )
)


def remark(message: str) -> str:
    """Return a remark for the page's reader; one that is not known, or Chinese, as it is."""
    if current() != CHINESE:
        return message
    for pattern, words in _REMARKS:
        if match := pattern.fullmatch(message):
            told = {name: said.replace("; ", "；") for name, said in match.groupdict().items()}
            return words.format(**told)
    return message


def language_of(text: str) -> str:
    """Return the language of a remark as HTML names it: Chinese, or the reader's own English."""
    return CHINESE if _CHINESE_FIRST.match(text) else ENGLISH
