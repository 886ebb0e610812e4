"""Flattened text as values and labels in the order met.

Labels are found by their keys in the text without white space and values, so that neither line ends
nor the numbers of its own row hide one. Numbers that only count (``1.``, ``2021 年``) and those of
a sentence (``12 件，``) are no values.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.records import Number
from archive.report.chars import simplified
from archive.report.tables.cells import parse_value, plain
from archive.report.tables.flattened.layer import Label, Layer, Value
from archive.report.tables.forms import Term

_VALUE = re.compile(
    r"(?<![A-Za-z\d.,%/])(?:(?<![\w)])[+-])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\dA-Za-z%])"
    r"|(?<!\S)(?:[/\\]|[—–―-]{1,2}|无(?!\s*[法正]))(?!\S)"
)
_WORD = re.compile(r"\S+")
# Most values are followed by the next, or end their line.
_ENDS = re.compile(r"[ \t]*(?:\n|$|(?<=[ \t])\d)")
_NUMBERING = re.compile(r"[ \t]*[.、][ \t]*[\u3400-\u9fff\"“]")
# The number of a label and its point on different lines.
_TORN = re.compile(
    r"(?:\s*[\"“]?|(?:[ \t]+[\d,/—-]+){7}[ \t]*\n)\s*[.、]\s*[\u3400-\u9fff\"“]",
)
# What makes a number one of a sentence; 年 and 起 also open pieces of labels (年度, 起诉).
_NO_VALUE = re.compile(
    r"[ \t]*(?:[.、)%〕\]]|(?<=20\d\d)年|(?<=20\d\d[ \t])年|[月日号件宗份条个次余]|起(?!诉))"
)
_MONEY = re.compile(r"[ \t]*(?:\([ \t]*)?(?:万元|元)(?:[ \t]*\))?")
# "5 件" in a cell; in a sentence other words follow.
_COUNT = re.compile(
    r"[ \t]?[件宗份起条个次](?=\s|\d|$|[一二三四五六]、|\([一二三四五六七]\))",
)


def layer_of(text: str, terms: Sequence[Term], between: str = "") -> Layer:
    """Return the values and labels of ``text``; a label that is met twice stays twice.

    The key of a label not met so far may be cut by some of the characters ``between``: those of
    labels that stand beside it.
    """
    values = tuple(_values(text))
    places: list[int] = []
    last = 0
    for value in values:
        if not text[last : value.start].isspace():
            places += _filled(text, last, value.start)
        last = value.start + len(value.raw)
    places += _filled(text, last, len(text))
    bare = "".join([text[n] for n in places])
    labels = []
    for match in _pattern(tuple(terms)).finditer(bare):
        term = terms[(match.lastindex or 1) - 1]
        labels.append(Label(term.id, places[_opening(bare, match, term)]))
    met = {label.id for label in labels}
    for term in terms if between and met else ():
        cut = [] if term.id in met else _cut_key(term.key, between).findall(bare)
        if len(cut) == 1 and len(cut[0]) > 3:
            labels.append(Label(term.id, places[bare.index(cut[0])]))
    return Layer(text, values, tuple(sorted(labels, key=lambda label: label.start)))


def _filled(text: str, start: int, stop: int) -> Iterator[int]:
    """Yield the places from ``start`` to ``stop`` that hold no white space."""
    for word in _WORD.finditer(text, start, stop):
        yield from range(word.start(), word.end())


def _values(text: str) -> Iterator[Value]:
    for match in _VALUE.finditer(text):
        raw, stop = match[0], match.end()
        if len(raw) == 1 and _opens_line(text, match.start()) and _TORN.match(text, stop):
            continue
        if raw[-1].isdecimal() and not _ENDS.match(text, stop):
            if raw.isdecimal() and len(raw) > 1 and _NUMBERING.match(text, stop):
                # "01.属于国家秘密": the last digit counts the next row.
                yield Value(raw[:-1], match.start())
                continue
            unit = _MONEY.match(text, stop) or _COUNT.match(text, stop)
            if _NO_VALUE.match(text, unit.end() if unit else stop):
                continue
            raw += unit[0] if unit else ""
        yield Value(raw, match.start())


def _opens_line(text: str, start: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return not any(map(str.isdecimal, line))


def _opening(bare: str, match: re.Match[str], term: Term) -> int:
    """Return where the label of a key begins, as far as its words stand before the key."""
    label = _squeezed(term.label)
    before = label.find(match[0])
    start = match.start()
    while before > 0 and start > 0 and bare[start - 1] == label[before - 1]:
        before, start = before - 1, start - 1
    return start


@lru_cache(maxsize=256)
def _squeezed(label: str) -> str:
    return "".join(simplified(plain(label)).split())


@lru_cache(maxsize=32)
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """Return one pattern for the keys of all terms, a group for each."""
    return re.compile("|".join(f"({term.key or re.escape(term.label)})" for term in terms))


@lru_cache(maxsize=64)
def _cut_key(key: str, between: str) -> re.Pattern[str]:
    """Return a pattern for a key of plain characters, others between them; else one of nothing."""
    if not re.fullmatch("[\u3400-\u9fff]{3,}", key):
        return re.compile("(?!)")
    return re.compile(f"[{re.escape(between)}]{{0,12}}?".join(key))


@lru_cache(maxsize=64)
def spaced(key: str) -> re.Pattern[str]:
    """Return a pattern for ``key`` that allows white space between its characters."""
    return re.compile(re.sub(r"(?<=[\u3400-\u9fff\]?])(?=[\u3400-\u9fff(\[])(?!\()", r"\\s*", key))


@lru_cache(maxsize=8192)
def number_of(raw: str) -> Number | None:
    """Return the number that a value says; None: it is a mark or a blank."""
    return parse_value(raw).number
