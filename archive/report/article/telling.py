"""Which lines of a page say something, and which only lead elsewhere."""

import re

from archive.report.article.headings import is_heading
from archive.report.article.lines import Line

_SENTENCE = re.compile(r"[。；：！？;:!?]")
_LIST_ITEM = re.compile(r"附件|附表|[（(]?[\d一二三四五六七八九十]{1,3}[)）、.．]")


def is_link(line: Line) -> bool:
    """Whether most of a line stands in links."""
    return line.linked * 2 > len(line.text)


def is_told(line: Line) -> bool:
    """Whether a line is a row of a table or has the stops of a sentence."""
    return line.is_row or _SENTENCE.search(line.text) is not None


def tells(line: Line) -> bool:
    """Whether a line is part of what a document says, whatever stands around it: a sentence, a row,
    an item of a list, a heading."""
    return not is_link(line) and (
        is_told(line) or _LIST_ITEM.match(line.text) is not None or is_heading(line.text)
    )
