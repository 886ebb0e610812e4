"""The text of a table cell made into a value.

A blank stays apart from a zero and from a mark that says "does not apply" (``/``, ``-``, ``—``):
the first and the last have no value, and the text as found is always kept beside the value.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from archive.records import Number
from archive.report.chars import visible

_MARKS = re.compile(r"[-—–―−‐‑─_/\\*.…·、,]+|无")
_LONGEST_NUMBER = 20
_MINUS = str.maketrans("−‐‑–—－﹣", "-------")
_NUMBER = re.compile(
    r"(?P<sign>[+-]|增加?|减少?)?"
    r"(?P<digits>(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?)"
    r"\(?(?P<unit>亿元|万元?|元|[件宗份起条项个次])?\)?"
)
_UNIT = re.compile(r"\(?(?:亿元|万元?|元|[件宗份起条项个次])\)?")
_SIGNS = {"-": -1, "减": -1, "减少": -1}
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


def parse_value(text: str) -> Value:
    """Return what a cell says.

    Thousands separators, full-width digits, spaces inside a number, a sign or 增/减 and a unit
    are understood; ``120 190`` in one line is one number, numbers in several lines are none.
    Money keeps the unit that the cell names: see :func:`parse_money`.
    """
    raw = text.strip()
    lines = [line for line in (squeeze(line) for line in raw.split("\n")) if line]
    if len(lines) > 1 and not (len(lines) == 2 and _UNIT.fullmatch(lines[1])):
        return Value(raw, None)
    found = _NUMBER.fullmatch("".join(lines).translate(_MINUS))
    if found is None or len(found["digits"]) > _LONGEST_NUMBER:
        return Value(raw, None)
    size = Decimal(found["digits"].replace(",", "")) * _SIGNS.get(found["sign"] or "", 1)
    return Value(raw, as_number(size), found["unit"])


def parse_count(text: str) -> Value:
    """Return a number of things; an amount of money in the place of a number is not read."""
    value = parse_value(text)
    return Value(value.raw, None) if value.unit in _CNY_PER_UNIT else value


def parse_money(text: str, unit: str = "万元") -> Value:
    """Return an amount in units of 10 000 CNY (万元), exact to the last digit written.

    ``unit`` (元 or 万元) is what the column says; a unit in the cell itself goes before it.
    """
    value = parse_value(text)
    factor = _CNY_PER_UNIT.get(value.unit or unit)
    if value.number is None or factor is None:
        return Value(value.raw, None, value.unit)
    ten_thousands = Decimal(str(value.number)) * factor / _CNY_PER_UNIT["万元"]
    return Value(value.raw, as_number(ten_thousands), value.unit)
