"""Text as PDFs and document-sharing sites give it, made readable again: marks of pages inside the
sentences, lines broken at the edge of the page, words broken by blanks.

Flattened tables stay as they are: what stands where is all that is left of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from archive.report.article.headings import all_headings
from archive.report.article.lines import Line, plain_lines
from archive.report.article.runs import table_spans
from archive.report.chars import HAN, mended
from archive.report.identity.titles import leading_title

_DASH = "[—–－―-]"
_MARK = re.compile(
    r"[ \t\u3000]*(?:(?<![\d—–－―-])"
    rf"{_DASH}{{1,2}}[ \t]?\d{{1,3}}[ \t]?{_DASH}{{1,2}}(?![\d—–－―-])"
    r"|第[ \t]?\d{1,3}[ \t]?页[ \t,，/]{0,3}共[ \t]?\d{1,3}[ \t]?页"
    r"|(?:(?<=\s)|^)第[ \t]?\d{1,3}[ \t]?页(?=\s|$))[ \t\u3000]*(?P<end>\n?)",
    re.MULTILINE,
)
_GLUED_HYPHENS = re.compile(r"\S-\d{1,3}-|-\d{1,3}-\S")
_BROKEN = re.compile(rf"[{HAN}] [{HAN}]")
# Where a new paragraph begins in text that has lost its line ends.
_PARAGRAPH = re.compile(r"[。;；]\s*(?=[(（][一二三四五六七八九十]{1,2}[)）])")
_NEW_BLOCK = re.compile(
    r"\s*(?:\u3000\u3000|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第.部分"
    r"|\d{1,2}[.、．](?!\d)|附件|[|])"
)
_ENDED = re.compile(r"[。！？；：:;!?|]\s*$")
_OPEN = frozenset("，、（(《“,")
_WIDEST = 60
"""Full-width characters; a line of a page has fewer."""
_NARROW = 10
"""Full-width characters; lines of prose have more."""
_FEW_LINES = 8
_RAGGED = 3
"""Full-width characters by which lines that run to the edge may differ."""


def broken_words(text: str) -> bool:
    """Whether blanks stand inside the words of ``text``, as text taken from a PDF has them."""
    return len(_BROKEN.findall(text)) * 200 > len(text) > 400


def without_page_marks(text: str) -> str:
    """Return ``text`` without the numbers of pages (—1—, － 18 －, 第6页共19页) inside it."""
    return _MARK.sub(_instead, text)


def _instead(mark: re.Match[str]) -> str:
    start, end = mark.span()
    before, after = mark.string[max(0, start - 1) : start], mark.string[end : end + 1]
    if _GLUED_HYPHENS.search(before + mark[0] + after):
        return mark[0]
    if before in ("", "\n"):
        # A line of its own goes with its end.
        return ""
    blank = before.isascii() and after.isascii() and not mark["end"]
    return " " if blank else mark["end"]


def tidied(text: str) -> list[Line]:
    """Return text taken from a PDF as lines: a heading a line, broken lines and words joined, marks
    of pages gone, flattened tables as they are."""
    parts = [
        (piece if is_table else without_page_marks(piece), is_table)
        for piece, is_table in _cut(text, table_spans(text))
    ]
    edge = _edge(line for part, is_table in parts if not is_table for line in part.split("\n"))
    whole = "".join(
        part if is_table or edge is None else _unwrapped(part, edge) for part, is_table in parts
    )
    lines: list[Line] = []
    for piece, is_table in _pieces(whole):
        lines += plain_lines(piece if is_table else mended(piece))
    return lines


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield ``text`` in pieces that begin lines of their own, each with whether it is a table."""
    cuts = {place for span in all_headings(text) for place in span}
    cuts |= {match.end() for match in _PARAGRAPH.finditer(text)}
    if (title := leading_title(text)) is not None:
        cuts.add(title)
    yield from _cut(text, table_spans(text), cuts)


def _cut(
    text: str, tables: Sequence[tuple[int, int]], cuts: Iterable[int] = ()
) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of ``text`` between ``cuts`` and the ends of ``tables``, each with whether
    it stands in a table."""
    places = {0, len(text), *cuts, *(place for span in tables for place in span)}
    for start, end in pairwise(sorted(places)):
        yield text[start:end], any(first <= start < last for first, last in tables)


def _edge(lines: Iterable[str]) -> float | None:
    """Return how wide the lines are that run to the edge of the page; None: lines end where
    paragraphs do."""
    prose = sorted(width for line in lines if (width := _width(line)) > _NARROW)
    if len(prose) < _FEW_LINES:
        return None
    edge = prose[len(prose) * 19 // 20]
    full = [width for width in prose if width >= edge - _RAGGED]
    return edge if edge <= _WIDEST and len(full) * 3 >= len(prose) else None


def _unwrapped(text: str, edge: float) -> str:
    """Return ``text`` with the lines joined that only the edge of the page has parted."""
    lines = text.split("\n")
    whole = [lines[0]]
    last = lines[0]
    for line in lines[1:]:
        end = last.rstrip()[-1:]
        goes_on = _width(last) >= edge - _RAGGED and not _ENDED.search(last)
        if end and (goes_on or end in _OPEN) and not _NEW_BLOCK.match(line):
            whole[-1] = whole[-1].rstrip() + _between(end, line) + line.strip()
        else:
            whole.append(line)
        last = line
    return "\n".join(whole)


def _between(end: str, line: str) -> str:
    """Return what stands between the end of a line and the next: a blank between Latin words."""
    return " " if re.fullmatch(r"[A-Za-z0-9]{2}", end + line.strip()[:1]) else ""


def _width(line: str) -> float:
    plain = line.strip()
    return len(plain) - sum(map(str.isascii, plain)) / 2
