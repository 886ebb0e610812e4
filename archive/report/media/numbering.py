"""The numbers that Word counts itself (自动编号): ``一、`` is not in the text, but in a list.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from lxml import etree

from archive.report.media.limits import attribute, local

_DIGITS = "〇一二三四五六七八九"
_HAN_FORMATS = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    )
)
_PLAIN_FORMATS = frozenset(("decimal", "decimalFullWidth", "decimalHalfWidth", "decimalZero"))
_MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How the paragraphs of one level of a list are numbered."""

    form: str
    """``decimal``, ``chineseCounting``, … as in ECMA-376; others are not written."""
    text: str
    """``（%2）``: what is written, with the level (from 1) whose number stands in a place."""
    start: int


@dataclass(slots=True)
class ListCounter:
    """Counts the numbered paragraphs of one document in their order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    """Use of a list (numId) -> level from 0 -> how it is written."""
    lists: dict[str, str] = field(default_factory=dict)
    """Use of a list -> the list whose count it shares."""
    _counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def next(self, number: str, level: int) -> str:
        """Return the number of the next paragraph of this use and level, often empty."""
        levels = self.levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts[self.lists[number]]
        for depth in range(len(counts), level + 1):
            start = levels[depth].start if depth in levels else 1
            counts.append(start if depth < level else start - 1)
        counts[level] += 1
        del counts[level + 1 :]
        return _written(levels, level, counts)


def han(number: int) -> str:
    """Return 1..99 in Chinese numerals (``二十一``), other numbers in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first descendant along ``path`` of local names; None: there is none."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def value(element: etree._Element | None, *path: str) -> str | None:
    """Return the ``val`` of the descendant along ``path``; None: none, or it has no value."""
    found = child(element, *path)
    return None if found is None else attribute(found, "val")


def whole(text: str | None, default: int) -> int:
    """Return the whole number written in an attribute, ``default`` where it is none."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


class Numbering:
    """The lists of a DOCX: word/numbering.xml and styles.xml, None where it has none."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._counter = ListCounter()
        self._styles = _numbered_styles(styles)
        abstract: dict[str, dict[int, Level]] = {}
        for node in () if numbering is None else numbering:
            if local(node) == "abstractNum":
                abstract[attribute(node, "abstractNumId") or ""] = _levels(node)
            elif local(node) == "num":
                number = attribute(node, "numId") or ""
                source = value(node, "abstractNumId") or ""
                own = _overrides(node, abstract.get(source, {}))
                self._counter.levels[number] = abstract.get(source, {}) | own
                self._counter.lists[number] = f"{number}*" if own else source

    def number(self, properties: etree._Element | None) -> str:
        """Return the number of the next paragraph with these properties (pPr), often empty."""
        style = value(properties, "pStyle")
        number, level = self._styles.get(style or "", (None, None))
        number = value(properties, "numPr", "numId") or number
        return self._counter.next(
            number or "", whole(value(properties, "numPr", "ilvl"), level or 0)
        )


def _levels(node: etree._Element) -> dict[int, Level]:
    found = {}
    for level in node:
        if local(level) != "lvl":
            continue
        form = value(level, "numFmt") or "decimal"
        text = value(level, "lvlText") or ""
        depth = whole(attribute(level, "ilvl"), 0)
        if 0 <= depth < _MOST_LEVELS:
            found[depth] = Level(form, text, whole(value(level, "start"), 1))
    return found


def _overrides(node: etree._Element, levels: dict[int, Level]) -> dict[int, Level]:
    """Return the levels that one use of a list writes differently or begins anew."""
    found: dict[int, Level] = {}
    for override in node:
        if local(override) == "lvlOverride":
            depth = whole(attribute(override, "ilvl"), 0)
            start = value(override, "startOverride")
            if start is not None and depth in levels:
                found[depth] = replace(levels[depth], start=whole(start, 1))
            found |= _levels(override)
    return found


def _numbered_styles(
    styles: etree._Element | None,
) -> dict[str, tuple[str | None, int | None]]:
    nodes = {
        attribute(node, "styleId") or "": node
        for node in (() if styles is None else styles)
        if local(node) == "style"
    }
    found: dict[str, tuple[str | None, int | None]] = {}
    for name in nodes:
        at, seen = name, set[str]()
        while at in nodes and at not in seen:
            seen.add(at)
            used = child(nodes[at], "pPr", "numPr")
            if used is not None:
                level = value(used, "ilvl")
                found[name] = value(used, "numId"), whole(level, 0) if level else None
                break
            at = value(nodes[at], "basedOn") or ""
    return found


def _written(levels: dict[int, Level], level: int, counts: list[int]) -> str:
    def one(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        if depth not in levels or depth >= len(counts):
            return ""
        # Numbers of the levels above are written in the digits of their own level.
        form = levels[depth].form
        return han(counts[depth]) if form in _HAN_FORMATS else str(counts[depth])

    if levels[level].form not in _HAN_FORMATS | _PLAIN_FORMATS:
        return ""
    return re.sub(r"%([1-9])", one, levels[level].text)
