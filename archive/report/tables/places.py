"""In which section of the report a table stands."""

import re
from collections.abc import Sequence

from lxml import etree

from archive.report.chars import fold, tight

_HEADING = re.compile(r"([一二三四五六七])[、.,,](.{2,40})")
# What only the heading of a table's own section says, in the order of asking.
_SECTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"复议|诉讼"), "review_litigation"),
    (re.compile(r"收到和处理|申请"), "requests"),
    (re.compile(r"主动公开"), "active_disclosure"),
)


def sections_of(tree: etree._Element, tables: Sequence[etree._Element]) -> list[str | None]:
    """Return for each table the one whose section's heading is the last before it.

    None: there is no such heading, or that of another section.
    """
    found: dict[etree._Element, str | None] = {}
    section: str | None = None
    wanted = set(tables)
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element in wanted:
            found[element] = section
            if element.find(".//table") is None:
                walk.skip_subtree()
                continue
        text = element.text if event == "start" else element.tail
        if text and isinstance(element.tag, str):
            section = _section(text, section)
    return [found.get(table) for table in tables]


def _section(text: str, before: str | None) -> str | None:
    """Return the section that begins with ``text``, else the one before."""
    heading = _HEADING.match(tight(fold(text[:120])))
    if heading is None:
        return before
    return next((name for words, name in _SECTIONS if words.search(heading[2])), None)
