"""All renderings of the test bed by name, each a function of a seed."""

from collections.abc import Callable, Iterator

from bench.testbed import flat, negatives, office, pages, piped, printed, wenku, wrapped
from bench.testbed.samples import Sample

PAGES: dict[str, Callable[[int], Sample]] = {
    "html": pages.html_page,
    "html-broken": pages.html_broken,
    "html-word": pages.html_word,
    "html-split": pages.html_split,
    "html-layout": pages.html_layout,
    "html-divgrid": pages.html_divgrid,
    "html-bare": pages.html_bare,
    "html-old": pages.html_old,
    "html-hijacked": pages.html_hijacked,
}
TEXTS: dict[str, Callable[[int], Sample]] = {
    **flat.FLAT,
    "wenku": wenku.wenku,
    "wenku-html": wenku.wenku_html,
    "piped": piped.piped,
    "piped-cells": piped.piped_cells,
    "doc-html": wrapped.word_html,
    "mhtml": wrapped.mhtml,
}
WORD: dict[str, Callable[[int], Sample]] = {
    "docx": office.word,
    "docx-broken": office.word_broken,
}
_SINGLE = PAGES | TEXTS | WORD | negatives.NEGATIVES
HIDDEN = {"html-timing": pages.html_timing}
"""Made for measures of their own."""
NAMES = (*_SINGLE, *printed.NAMES)
COSTLY = frozenset({*WORD, *printed.NAMES})
"""Slow to make and to read: fewer of them."""


def chosen(only: str | None) -> list[str]:
    """Return the renderings named in ``only`` (commas; ``html-`` takes all that begin so).

    Raises ValueError for a name that is none.
    """
    out = []
    for word in (only or "").split(","):
        found = [n for n in NAMES if n == word or (n.startswith(word) and word[-1:] in ("", "-"))]
        if not found:
            raise ValueError(f"{word}: no rendering (known: {', '.join(NAMES)})")
        out += found
    return list(dict.fromkeys(out))


def samples(names: list[str], seeds: list[int], costly: list[int]) -> Iterator[Sample]:
    """Yield the samples of all renderings; ``costly``: the seeds of those that take long."""
    for name in names:
        if name in _SINGLE:
            yield from map(_SINGLE[name], costly if name in COSTLY else seeds)
    drawn = [n for n in names if n in printed.NAMES and not printed.missing(n)]
    if drawn and costly:
        yield from printed.printed(drawn, costly)


def skipped(names: list[str]) -> dict[str, str]:
    """Return the renderings that cannot be made here, with the reason."""
    reasons = {name: printed.missing(name) for name in names if name in printed.NAMES}
    return {name: reason for name, reason in reasons.items() if reason}


def one(case: str) -> Sample:
    """Return the sample called RENDERING:SEED; raises ValueError for another name."""
    name, _, seed = case.rpartition(":")
    if name in printed.NAMES:
        return printed.printed([name], [int(seed)])[0]
    made = _SINGLE | HIDDEN
    if name not in made:
        raise ValueError(f"{case}: no such rendering (known: {', '.join(NAMES)})")
    return made[name](int(seed))
