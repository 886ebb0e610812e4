"""Characters made comparable: widths, blanks, the traditional forms of the words of the form.

All foldings keep the length, so that a place found in folded text is a place in the text itself.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import overload

from archive.config import config_path

_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys((0x09, 0x0B, 0x0C, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), " ")
_PUNCTUATION = str.maketrans("。【】〔〕［］〈〉《》﹝﹞", "。[][][]<>《》[]")


def _exchange(table: Mapping[int, int | str]) -> Callable[[str], str]:
    """Return a function that does what ``str.translate`` does, in a tenth of the time where few
    characters change."""
    given = {chr(code): to if isinstance(to, str) else chr(to) for code, to in table.items()}
    changed = {character: to for character, to in given.items() if character != to}
    search = re.compile(f"[{re.escape(''.join(changed))}]")
    return lambda text: search.sub(lambda match: changed[match[0]], text)


@cache
def _traditional() -> dict[int, str]:
    """Return code of a traditional character -> the simplified one (config/traditional.csv)."""
    with config_path("traditional.csv").open(encoding="utf-8", newline="") as file:
        return {ord(row["traditional"]): row["simplified"] for row in csv.DictReader(file)}


@cache
def _simplifier() -> Callable[[str], str]:
    return _exchange(_traditional())


@cache
def _folder() -> Callable[[str], str]:
    return _exchange({**_traditional(), **_BLANKS, **_WIDE, **_PUNCTUATION})


HAN = r"\u3400-\u9fff〇"
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f-\x9f]+")
# Pinyin that copies carry behind each character, 公(gong)开(kai).
_READING = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}[)）]")
_PINYIN = re.compile(rf"(?<=[{HAN}]){_READING.pattern}")
_SOME = 5
"""Different ones; a report has fewer words of small Latin letters in brackets."""


def fold(text: str) -> str:
    """Return ``text`` with full-width forms, blanks and traditional characters made plain.

    The length stays: every character is exchanged for one character.
    """
    return _folder()(text)


def simplified(text: str) -> str:
    """Return ``text`` with the known traditional characters exchanged; its length stays."""
    return _simplifier()(text)


def tight(text: str) -> str:
    """Return ``text`` without any white space."""
    return "".join(text.split())


def visible(text: str) -> str:
    """Return ``text`` without zero-width and control characters; line ends become ``\\n``."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x85", "\n")
    return _UNSEEN.sub("", text)


def without_pinyin(text: str) -> str:
    """Return ``text`` without the readings that stand behind its characters, if it has such."""
    if len(set(_READING.findall(text))) <= _SOME:
        return text
    return _PINYIN.sub("", text)


class Places(Sequence[int]):
    """Where each character that is left of a text stood in it."""

    __slots__ = ("_cuts", "_length", "_shifts")

    def __init__(self, cuts: list[int], shifts: list[int], length: int) -> None:
        """``cuts``: where, in what is left, something was taken out; ``shifts``: how much until
        there, after a leading 0; ``length``: of what is left."""
        self._cuts = cuts
        self._shifts = shifts
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if not -self._length <= index < self._length:
            raise IndexError(index)
        place = index if index >= 0 else index + self._length
        return place + self._shifts[bisect_right(self._cuts, place)]


_WHITE = re.compile(r"\s+")
_WHITE_IN_LINE = re.compile(r"(?<!\|)[^\S\n]+(?!\|)")


def without_blanks(text: str, *, lines: bool = False) -> tuple[str, Places]:
    """Return ``text`` without white space, and for each character left its place in ``text``.

    ``lines``: line ends stay, and the blanks at the bars between the cells of a row.
    """
    pattern = _WHITE_IN_LINE if lines else _WHITE
    cuts: list[int] = []
    shifts = [0]
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        start = match.start()
        parts.append(text[end:start])
        end = match.end()
        cuts.append(start - shifts[-1])
        shifts.append(shifts[-1] + end - start)
    parts.append(text[end:])
    plain = "".join(parts)
    return plain, Places(cuts, shifts, len(plain))


_WORD = rf"[{HAN}、，。；：（）“”《》〈〉]"
_UNITS = "年月日件条个号项名次期万元份宗起页%"
# Blanks that cut words, and those around the figures of a sentence; figures keep their distance.
_BLANK_IN_WORDS = re.compile(
    rf"(?<={_WORD}) +(?={_WORD})|(?<={_WORD}) +(?=[(),;:])|(?<=[(),;:]) +(?={_WORD})"
)
_BLANK_AT_FIGURES = re.compile(
    rf"(?<=\d) +(?=[{_UNITS}])|(?<=[{HAN}(,;:，；：、]) +(?=\d[\d.]* ?[{_UNITS}])"
    r"|(?<=年) +(?=\d{1,2} ?月)|(?<=月) +(?=\d)"
)


def squeeze(text: str) -> str:
    """Return ``text`` with every run of white space as one blank, none at its ends."""
    return " ".join(text.split())


def joined(text: str) -> str:
    """Return ``text`` without the blanks inside Chinese words (``中华人民共和 国``)."""
    return _BLANK_IN_WORDS.sub("", text) if " " in text else text


def mended(text: str) -> str:
    """Return ``text`` as ``joined``, and its figures joined to their units (``2021 年``)."""
    return _BLANK_AT_FIGURES.sub("", joined(text)) if " " in text else text
