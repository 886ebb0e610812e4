"""The marks of pages in flattened text: taken out where they are certain, else kept apart."""

import re
from collections.abc import Iterator, Sequence

from archive.report.chars import simplified
from archive.report.tables.cells import plain
from archive.report.tables.flattened.layer import Value
from archive.report.tables.flattened.search import Steps

_DASH = "[—–―~·-]{1,2}"
# What the pages of a document carry on lines of their own, or what nothing else looks like.
_NOISE = re.compile(
    r"第\s{0,3}\d+\s{0,3}页|共\s{0,3}\d+\s{0,3}页"
    rf"|^[ \t]*{_DASH}[ \t]*\d{{1,3}}[ \t]*{_DASH}[ \t]*$"
    r"|^[ \t]*\d{1,3}[ \t]*/[ \t]*\d{1,3}[ \t]*$"
    r"|^[ \t]*[Pp](?:age|\.)?[ \t]*\d{1,3}(?:[ \t]*(?:of|/)[ \t]*\d{1,3})?[ \t]*$"
    r"|^[^\n]{0,60}年度?报告[^\n]{0,20}$"
    r"|https?://[!-~]*"
    r"|\b20\d\d([-/.])\d{1,2}\1\d{1,2}(?:[ ,T]{1,2}\d{1,2}:\d\d(?::\d\d)?)?",
    re.MULTILINE,
)
# Page marks between other words: "- 14 -" can also be a row's cells, "3 / 9" too.
_INLINE_MARK = re.compile(
    rf"(?<!\S){_DASH}[ \t]?\d{{1,3}}[ \t]?{_DASH}(?!\S)"
    rf"|^[ \t]*{_DASH}[ \t]*\n?[ \t]*\d{{1,3}}[ \t]*\n?[ \t]*{_DASH}[ \t]*$"
    r"|(?<!\S)(?<!/[ \t])[1-9]\d{0,2}[ \t]?/[ \t]?[1-9]\d{0,2}(?!\S)(?![ \t]/)",
    re.MULTILINE,
)

_BARE_PAGE = re.compile(r"^[ \t]*(\d{1,3})[ \t]*$", re.MULTILINE)
_HAN = re.compile("[\u3400-\u9fff]")
_PROSE = 12
"""Chinese characters that make a line one of prose."""
_CHOICE = 20
"""Steps of a search that one choice of a page costs."""
_LONGEST_LINE = 200
_NEAR = 4
"""Pages that tables can take between two of prose."""


def prepared(text: str) -> str:
    """Return ``text`` in compatibility form, simplified, without pipes and what pages carry."""
    bare = simplified(plain(text)).replace("|", " ").replace("\f", "\n").replace("\v", "\n")
    return _NOISE.sub(" ", bare)


def variants(text: str) -> tuple[str, ...]:
    """Return ``text`` without the page marks inside lines, then with them where there are any."""
    bare, count = _INLINE_MARK.subn(" ", text)
    return (bare, text) if count else (text,)


def bare_pages(text: str) -> frozenset[int]:
    """Return the numbers that pages can have by those that stand alone beside a line of prose."""
    seen = set()
    for found in _BARE_PAGE.finditer(text):
        above = text[max(0, found.start() - _LONGEST_LINE) : found.start()]
        below = text[found.end() : found.end() + _LONGEST_LINE]
        lines = above.rstrip().rpartition("\n")[2], below.lstrip().partition("\n")[0]
        if any(map(_is_prose, lines)):
            seen.add(int(found[1]))
    return frozenset(page + n for page in seen for n in range(-_NEAR, _NEAR + 1))


def _is_prose(line: str) -> bool:
    stops = any(stop in line for stop in "，。；,;")
    return stops and "勾稽" not in line and len(_HAN.findall(line)) >= _PROSE


def following(pages: Sequence[Value], count: int, steps: Steps) -> Iterator[tuple[Value, ...]]:
    """Yield every choice of ``count`` values that are the numbers of pages one after the other.

    Raises ExhaustedError where there are too many.
    """
    for n, value in enumerate(pages):
        steps.take(_CHOICE)
        if count == 1:
            yield (value,)
            continue
        later = [v for v in pages[n + 1 :] if int(v.raw) > int(value.raw)]
        for rest in following(later, count - 1, steps):
            if int(rest[0].raw) == int(value.raw) + 1:
                yield (value, *rest)
