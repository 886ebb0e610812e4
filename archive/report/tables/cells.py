"""The text of a table cell made into a value.

A blank stays apart from a zero and from a mark that says "does not apply" (``/``, ``-``, ``—``):
the first and the last have no value, and the text as found is always kept beside the value.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from archive.records import Number
from archive.report.chars import simplified, visible

PINYIN = re.compile(r"[(（][a-zA-ZÀ-ɏ]+[)）]")
"""As hijacked copies put it after each letter: 公(gong)."""
_MARKS = re.compile(r"[-—–―−‐‑─_/\\*.…·、,]+|无")
_LONGEST_NUMBER = 20
_MINUS = str.maketrans("−‐‑–—－﹣", "-------")
_ZEROS = frozenset("〇零")
_LIKE_ZERO = frozenset("Oo○◯")
_LONGEST_GUESS = 7
_UNITS = r"亿元|万元?|元|[件宗份起条项个次]"
_NUMBER = re.compile(
    r"(?:¥|人民币)?(?P<sign>[+-]|增[加长]?|减少?|上升|下降|[↑↓])?"
    r"(?P<digits>(?:0|[1-9]\d{0,2}(?:[,'’]\d{3})+|[1-9]\d*)(?:\.\d+)?)"
    rf"\(?(?P<unit>{_UNITS})?\)?(?:人民币)?"
)
_SEPARATORS = re.compile("[,'’]")
_UNIT = re.compile(rf"\(?(?:{_UNITS})\)?")
_SIGNS = dict.fromkeys(("-", "减", "减少", "下降", "↓"), -1)
_PLUS = frozenset(("", "+", "-"))
_NOTE_MARK = re.compile(
    r"(?<=\d)(?:[\u00b2\u00b3\u00b9\u2070-\u2079\u2460-\u2487*＊※†]+|[\[［〔【]注?[^\[\]\n]{0,3}[\]］〕】])$"
)
"""Of a footnote: superscript or circled digits, stars, numbers in square brackets."""
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079\u2460-\u2487]")
"""Digits of footnotes, which the compatibility form would make digits of the number."""
_CNY_PER_UNIT = {
    "元": Decimal(1),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "亿元": Decimal(100_000_000),
}


@dataclass(frozen=True, slots=True)
class Value:
    """What one cell says."""

    raw: str
    """The text as found, white space at the ends removed."""
    number: Number | None
    """None: blank, a mark, or text that is no number."""
    unit: str | None = None
    """The unit written in the cell; None: none is written."""
    is_change: bool = False
    """The number is said to be a rise or a fall (增5, 减3)."""


def plain(text: str) -> str:
    """Return ``text`` in compatibility form (NFKC: half-width digits and brackets)."""
    return unicodedata.normalize("NFKC", visible(text))


def squeeze(text: str) -> str:
    """Return ``text`` in compatibility form without any white space."""
    return "".join(plain(text).split())


def is_blank(raw: str) -> bool:
    """Whether a cell's text says that there is no value: nothing, or only a mark (``/``, ``—``)."""
    bare = squeeze(raw)
    return not bare or _MARKS.fullmatch(bare) is not None


def as_number(value: Decimal) -> Number:
    """Return a decimal as int where it is whole, else as float."""
    return int(value) if value == value.to_integral_value() else float(value)


@lru_cache(maxsize=4096)
def parse_value(text: str) -> Value:
    """Return what a cell says.

    Thousands separators, full-width digits, spaces inside a number, a sign or 增/减, a unit and the
    mark of a footnote after the number are understood; ``120 190`` in one line is one number,
    numbers in several lines are none. Money keeps the unit that the cell names: see
    :func:`parse_money`.
    """
    raw = text.strip()
    found = _number(raw)
    if found is None:
        return Value(raw, 0 if squeeze(raw) in _ZEROS else None)
    sign = found["sign"] or ""
    size = Decimal(_SEPARATORS.sub("", found["digits"])) * _SIGNS.get(sign, 1)
    return Value(raw, as_number(size), found["unit"], is_change=sign not in _PLUS)


def _number(raw: str) -> re.Match[str] | None:
    said = _NOTE_MARK.sub("", raw)
    if _RAISED.search(said):
        return None
    plain_ = PINYIN.sub("", simplified(said))
    lines = [line for line in (squeeze(line) for line in plain_.split("\n")) if line]
    if len(lines) > 1 and not (len(lines) == 2 and _UNIT.fullmatch(lines[1])):
        return None
    found = _NUMBER.fullmatch("".join(lines).translate(_MINUS))
    return found if found and len(found["digits"]) <= _LONGEST_NUMBER else None


def parse_count(text: str) -> Value:
    """Return a number of things. An amount of money, a fraction, or a change (增5) in the place of
    a number is not read; a negative number stands as found."""
    value = parse_value(text)
    is_count = isinstance(value.number, int) and not value.is_change
    return value if is_count and value.unit not in _CNY_PER_UNIT else Value(value.raw, None)


def guess_count(text: str) -> int | None:
    """Return the number that a spoilt text may be: its digits stand in several lines, or the letter
    O stands for 0. A guess: only a sum can prove it. None: there is nothing to guess."""
    bare = squeeze(text)
    if bare in _LIKE_ZERO:
        return 0
    digits = "\n" in text.strip() and bare.isascii() and bare.isdigit()
    return int(bare) if digits and len(bare) <= _LONGEST_GUESS else None


def parse_change(text: str) -> Value:
    """Return by how much a number has changed: signed, or with 增 or 减 before it."""
    value = parse_value(text)
    is_change = isinstance(value.number, int) and value.unit not in _CNY_PER_UNIT
    return value if is_change else Value(value.raw, None)


def parse_money(text: str, unit: str = "万元") -> Value:
    """Return an amount in units of 10 000 CNY (万元), exact to the last digit written.

    ``unit`` (元, 万元 or 亿元) is what the column says; a unit in the cell itself goes before it.
    """
    value = parse_value(text)
    factor = _CNY_PER_UNIT.get(value.unit or unit)
    if value.number is None or factor is None or value.is_change:
        return Value(value.raw, None, value.unit)
    ten_thousands = Decimal(str(value.number)) * factor / _CNY_PER_UNIT["万元"]
    return Value(value.raw, as_number(ten_thousands), value.unit)


def unit_in(text: str) -> str | None:
    """Return the unit of money that a header or label names (元, 万元, 亿元), else None."""
    found = re.search("亿元|万元|元", PINYIN.sub("", simplified(squeeze(text))))
    return found[0] if found else None
