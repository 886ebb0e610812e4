"""The place in a text where words were found, marked, in the text as it was published."""

import re
from collections import Counter
from functools import lru_cache

from archive.catalog.fold import pattern
from archive.catalog.tokens import words

Snippet = tuple[tuple[str, bool], ...]
"""Pieces of the original text in order; True marks what was found."""

_LOOKED_AT = 200
"""Hits among which the best place is chosen."""


def snippet(text: str, query: str, width: int = 80) -> Snippet:
    """Return about ``width`` characters of ``text`` around what ``query`` finds there.

    The place is the first where most of the words stand near each other. Cut ends carry …; where
    nothing is found (the hit is in the title) the beginning is returned.
    """
    search = _search(query)
    found = [] if search is None else [m for m in search.finditer(text) if m.end() > m.start()]
    # Near the end of the text the place moves back, so that what is shown is as wide as it may be.
    begin = max(0, min(_best(found, width) - width // 3, len(text) - width))
    end = min(len(text), begin + width)
    pieces: list[tuple[str, bool]] = [("…", False)] if begin else []
    position = begin
    for match in found:
        if match.start() >= position and match.end() <= end:
            pieces += [(text[position : match.start()], False), (match[0], True)]
            position = match.end()
    pieces.append((text[position:end], False))
    if end < len(text):
        pieces.append(("…", False))
    return tuple((re.sub(r"\s+", " ", piece), hit) for piece, hit in pieces if piece)


def marked(text: str, query: str) -> Snippet:
    """Return the whole of a text with all that ``query`` finds in it marked."""
    return snippet(text, query, width=len(text))


def mark(pieces: Snippet, before: str = "【", after: str = "】") -> str:
    """Return the pieces as one text with ``before`` and ``after`` around what was found."""
    return "".join(f"{before}{piece}{after}" if hit else piece for piece, hit in pieces)


@lru_cache(maxsize=64)
def _search(query: str) -> re.Pattern[str] | None:
    """Return what finds any of the words, the longest first at one place; None without words."""
    longest_first = sorted(words(query), key=len, reverse=True)
    return re.compile("|".join(f"({pattern(word)})" for word in longest_first) or "(?!)")


def _best(found: list[re.Match[str]], width: int) -> int:
    """Return where the first hit stands that has most of the words behind it within two thirds of
    ``width``; 0 without hits."""
    best, most = 0, 0
    reach = width * 2 // 3
    near: Counter[int | None] = Counter()
    last = 0
    hits = found[:_LOOKED_AT]
    for match in hits:
        while last < len(hits) and hits[last].end() <= match.start() + reach:
            near[hits[last].lastindex] += 1
            last += 1
        if (count := sum(n > 0 for n in near.values())) > most or most == 0:
            best, most = match.start(), max(count, 1)
        near[match.lastindex] -= 1
    return best
