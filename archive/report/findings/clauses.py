"""Prose as paragraphs, sentences and clauses, so that no rule reads across a full stop."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.report.chars import fold, without_blanks
from archive.report.findings.counts import MARKS, Money, mark

_STOPS = "。！？!?"
_NUMBERED = re.compile(
    r"\s*(?:[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|\d+[、.])"
)
_SENTENCE = re.compile(rf"[^{_STOPS}]+[{_STOPS}]*")
# Brackets divide too: （含上年结转 3 件）. A list mark or 和 divides only after a figure: 予以公开
# 3 件、部分公开 2 件, but 公民、法人 and 复议、诉讼.
_BOUNDARY = re.compile(rf"[,;:(){_STOPS}]|(?<=[{MARKS}])(?:、|和|及|以及|与|并)")
_SHORTEST_FULL_LINE = 15
"""Characters; a line as long that ends without a stop goes on in the next one (PDF text)."""
_LONGEST_SENTENCE = 2000
_LONGEST_CLAUSE = 120
_MOST_CLAUSES = 4000
"""Of one report; real ones have some hundreds."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence between two commas, brackets or listed figures."""

    text: str
    """Folded, without white space, with marks for figures."""
    values: tuple[int | Money, ...]
    """What its marks stand for."""
    before: str
    """The sentence up to here, with marks."""
    quote: str
    """The whole sentence as it stands in the text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together, each as its clauses."""

    section: str
    """Key of the section it stands in."""
    sentences: tuple[tuple[Clause, ...], ...]


def paragraphs(sections: Iterable[tuple[str, str]], topic: re.Pattern[str]) -> Iterator[Paragraph]:
    """Yield the paragraphs of (key, text) in which ``topic`` occurs; a hostile text is cut."""
    room = _MOST_CLAUSES
    for key, text in sections:
        for line in _whole_lines(text):
            if not topic.search(line):
                continue
            sentences = tuple(_clauses(found[0]) for found in _SENTENCE.finditer(line))
            yield Paragraph(key, sentences)
            room -= sum(map(len, sentences))
            if room < 0:
                return


def _whole_lines(text: str) -> Iterator[str]:
    """Yield the paragraphs of ``text``, with lines joined that were broken inside a sentence."""
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and (_is_whole(parts[-1]) or _NUMBERED.match(line)):
            yield "".join(parts)
            parts.clear()
        parts.append(line)
    yield "".join(parts)


def _is_whole(line: str) -> bool:
    bare = line.rstrip()
    return len(bare) < _SHORTEST_FULL_LINE or bare[-1] in _STOPS + "；;：:"


def _clauses(sentence: str) -> tuple[Clause, ...]:
    plain, _ = without_blanks(fold(sentence[:_LONGEST_SENTENCE]))
    marked = mark(plain)
    found: list[Clause] = []
    taken = start = 0
    ends = [*((m.start(), m.end()) for m in _BOUNDARY.finditer(marked.text)), (None, 0)]
    for end, following in ends:
        text = marked.text[start:end]
        count = text.count("#") + text.count("$")
        values = marked.values[taken : taken + count]
        if 0 < len(text) <= _LONGEST_CLAUSE:
            found.append(Clause(text, values, marked.text[:start], sentence.strip()))
        taken, start = taken + count, following
    return tuple(found)
