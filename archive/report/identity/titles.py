"""Which of the texts of a document is its title."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.report.chars import fold, tight, without_blanks
from archive.report.identity.divisions import resolve
from archive.report.identity.grammar import (
    NAME,
    NOT_A_TITLE,
    ROW,
    YEAR,
    clean_title,
    is_report_title,
    issuer_part,
    without_day,
    year_in,
)
from archive.report.identity.kinds import is_central

__all__ = [
    "Title",
    "begins_text",
    "choose",
    "clean_title",
    "first_lines",
    "is_report_title",
    "issuer_part",
    "leading_title",
    "without_day",
    "year_in",
]

# What a page with a report is called where it is not called by the report's name.
_COLUMN = re.compile(rf"(?:^|{YEAR}年度?)(?:年报|年度(?:工作)?报告|工作报告|报告)$")
_SECTION = re.compile("[(（]?[一二三四五六七八九][)）]?[、.．]")
_MAY_BE = re.compile("年报|报告|信息公开|政务公开|政府$|网站?$")
_REST = re.compile("的?(?:工作)?(?:年度)?报?告")
_BEGINNING_OF_TEXT = re.compile(
    rf"根据|按照|依照|依据|遵照|为了?(?:进一步|全面|深入|切实|贯彻|做好|更好)|本(?:年度)?报告|现将|现公布|{YEAR}年[，,]"
)
_SHORT = 60
"""Characters; a title line is shorter."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title and where it was found."""

    text: str
    source: str
    """meta:ArticleTitle, heading, window, first line, file name, anchor."""


def first_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield what may be a title at the start of a text: a line, or several short ones joined.

    A title may run over five lines, and the text may follow it in the same line.
    """
    short: list[str] = []
    for line in [line for line in lines[:14] if line.strip()]:
        plain = tight(line).strip("|")
        if ROW.search(plain):
            continue
        if len(plain) > _SHORT:
            if match := _leading(plain):
                yield match
            if match or "。" in plain:
                break
            continue
        if (match := _leading(plain)) and begins_text(plain[len(match) :]):
            yield match
            break
        if re.match(r"[一1][、.．]", plain) or begins_text(plain):
            break
        short.append(plain)
    for count in range(1, min(len(short), 5) + 1):
        for start in range(len(short) - count + 1):
            parts = short[start : start + count]
            whole = "".join(parts)
            if is_report_title(whole) and (count == 1 or _is_joined(whole)):
                yield from [whole] if not re.search("[，。；：:>»]", whole) else []


def begins_text(line: str) -> bool:
    """Whether ``line`` begins an introduction, perhaps broken off in the middle of a sentence."""
    return _BEGINNING_OF_TEXT.match(line) is not None


def _is_joined(text: str) -> bool:
    """Whether lines that are joined give one whole title: those of a menu would give one, too."""
    name = NAME.search(fold(text))
    return year_in(text) is not None and name is not None and name.end() == len(text)


def _leading(line: str) -> str | None:
    """Return the title that a long line begins with, once, even where it stands there twice."""
    plain = fold(line)
    match = NAME.search(plain, 0, 100)
    if match is None or re.search(r"[,。;:《(<]|根据|按照|现将", plain[: match.end()]):
        return None
    # 关于…年度报告发布情况的通报 does not end there.
    goes_on = re.match("[的之]?(?:发布|公布|情况)", plain[match.end() :])
    if goes_on or NOT_A_TITLE.match(plain, match.end()):
        return None
    return line[: match.end()]


def leading_title(text: str) -> int | None:
    """Return where the title ends that ``text`` begins with in its first line; None: it begins with
    none, or the line ends with it."""
    start = len(text) - len(text.lstrip())
    plain, places = without_blanks(text[start : start + 200].partition("\n")[0])
    title = _leading(plain)
    return start + places[len(title) - 1] + 1 if title and len(title) < len(plain) else None


def choose(candidates: Iterable[tuple[str, str]], links: Iterable[str] = ()) -> Title | None:
    """Return the best title among (source, text) candidates, the likeliest first; None: none.

    A report's title with year and issuer goes before one without, but no other year than that of
    the page's own title, and no text of one of the page's ``links``. A title that is no report's is
    returned only where a meta or heading gives it.
    """
    cleaned = [(source, clean_title(text)) for source, text in candidates]
    cleaned = [(source, text) for source, text in cleaned if len(text) >= 4]
    page = _page_title(cleaned)
    if page and _is_settled(page, cleaned) and _is_elsewhere(page[1]):
        return Title(page[1], page[0])
    linked = {clean_title(link) for link in links}
    year = year_in(page[1]) if page else None
    ranked = sorted(
        (
            (source, text)
            for source, text in cleaned
            if is_report_title(text)
            and not (source == "first line" and text in linked)
            and (year is None or year_in(text) in (None, year))
        ),
        key=lambda item: (year_in(item[1]) is None) + 2 * (issuer_part(item[1]) is None),
    )
    if ranked:
        ranked[0] = _unbroken(ranked)
    if ranked and (page is None or page[0] != "meta:ArticleTitle" or _says_more(ranked[0][1])):
        page = ranked[0]
    return Title(page[1], page[0]) if page else None


def _unbroken(ranked: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the first title, whole where a PDF has broken it: with the line above that has its
    place (…办公室政 / 府信息公开工作2024年度报告), with the one below that ends it (的报告)."""
    source, title = ranked[0]
    if source != "first line":
        return ranked[0]
    lines = [text for other, text in ranked if other == source]
    if not _names_place(title):
        above = (text for text in lines if text.endswith(title) and _names_place(text))
        title = next(above, title)
    below = (text for text in lines if _REST.fullmatch(text.removeprefix(title)))
    return source, next(below, title)


def _names_place(title: str) -> bool:
    issuer = issuer_part(title) or ""
    return resolve(issuer).end > 0 or is_central(issuer)


def _page_title(cleaned: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """Return what the page calls itself: its meta, a heading that its window shows too, else its
    first heading or its window's title."""
    own = [item for item in cleaned if not _SECTION.match(item[1])]
    settled = (item for item in own if _is_settled(item, own))
    first = (item for item in own if item[0] in ("heading", "window"))
    return next(settled, None) or next(first, None)


def _is_settled(item: tuple[str, str], cleaned: Sequence[tuple[str, str]]) -> bool:
    """Whether the page says twice, or in so many words, that ``item`` is its title."""
    source, text = item
    return source == "meta:ArticleTitle" or (source == "heading" and ("window", text) in cleaned)


def _is_elsewhere(title: str) -> bool:
    """Whether the page's own title is that of some other article: a report that the page names must
    be another page. The names of sites and columns, and 2023年年报, are no such title."""
    plain = fold(title)
    if len(plain) < 8 or _COLUMN.search(plain) or is_report_title(title):
        return False
    return bool(NOT_A_TITLE.search(plain) or year_in(plain) or not _MAY_BE.search(plain))


def _says_more(title: str) -> bool:
    """Whether a report's title names year or issuer; 政府信息公开年报 alone is a column's name."""
    return year_in(title) is not None or issuer_part(title) is not None
