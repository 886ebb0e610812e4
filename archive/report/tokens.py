"""Flattened text as a row of labels and values.

Labels are found by their keys, however white space cuts them; numbers that only count
(``1.``, page marks, ``2021 年``, ``12 件``) are no values.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from archive.report.cells import plain
from archive.report.chars import simplified
from archive.report.forms import Term

_PAGE_MARK = re.compile(
    r"(?<!\S)[—–―-]{1,2}[ \t]?\d{1,3}[ \t]?[—–―-]{1,2}(?!\S)"
    r"|第\s*\d+\s*页(?:\s*(?:[,/]\s*)?共\s*\d+\s*页)?"
)
_NUMBER = re.compile(
    r"(?<![\w.,/%])(?<![A-Za-z\d])[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\dA-Za-z])"
    r"|(?<=[\u3400-\u9fff)”\"])\d+(?:\.\d+)?(?![\dA-Za-z])"
)
_MARK = re.compile(r"(?<!\S)(?:/|[—–―-]{1,2})(?!\S)")
_NO_VALUE = re.compile(r"[ \t]*(?:[.、)%〕\]]|年|月|日|号|件|宗|条)")
_UNIT = re.compile(r"[ \t]*(?:\([ \t]*)?(?:万元|元)(?:[ \t]*\))?")


@dataclass(frozen=True, slots=True)
class Token:
    """A label (``term``) or a value (``raw``) and where it stands."""

    start: int
    term: Term | None = None
    raw: str = ""


@dataclass(slots=True)
class Run:
    """Labels that stand together and the values that follow them."""

    labels: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


def without_pages(text: str) -> str:
    """Return ``text`` in compatibility form, simplified, without pipes and page marks."""
    return _PAGE_MARK.sub(" ", simplified(plain(text))).replace("|", " ")


def tokens_of(text: str, terms: Sequence[Term]) -> list[Token]:
    """Return the labels and values of ``text`` in order; a key that is met twice stays twice."""
    labels = [
        (match, term)
        for term in terms
        for match in pattern_of(term.key or term.label).finditer(text)
    ]
    found = [Token(match.start(), term) for match, term in labels]
    named = {place for match, _ in labels for place in range(*match.span())}
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        after = unit.end() if unit else match.end()
        if match.start() not in named and not _NO_VALUE.match(text, after):
            found.append(Token(match.start(), raw=text[match.start() : after]))
    found += [Token(match.start(), raw=match[0]) for match in _MARK.finditer(text)]
    return sorted(found, key=lambda token: token.start)


def runs_of(tokens: Sequence[Token]) -> list[Run]:
    """Return the tokens as runs: labels that stand together, then the values up to the next."""
    runs = [Run()]
    for token in tokens:
        if token.term is None:
            runs[-1].values.append(token.raw)
            continue
        if runs[-1].values:
            runs.append(Run())
        runs[-1].labels.append(token.term.id)
    return runs


@lru_cache(maxsize=256)
def pattern_of(key: str) -> re.Pattern[str]:
    """Return a pattern for ``key`` that allows white space between its characters."""
    return re.compile(re.sub(r"(?<=[\u3400-\u9fff\]?])(?=[\u3400-\u9fff(\[])(?!\()", r"\\s*", key))
