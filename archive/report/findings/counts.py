"""Figures in running text: how many of what, in digits or Chinese numerals (十二件, 两宗, 零起).

A sentence is rewritten so that rules can match its words: each exact count becomes ``#``, each
amount of money ``$``, a share ``%``, and what is only about a number (近百件, 30余件, 83.2万件)
``~``, which no rule takes for a value. The values stand beside it in their order.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from archive.records import Number
from archive.report.tables.cells import as_number

COUNT, MONEY, SHARE, ABOUT = "#", "$", "%", "~"
MARKS = COUNT + MONEY + SHARE + ABOUT

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_CHINESE = "零〇一二两三四五六七八九十百千万"
_FIGURE = re.compile(
    r"(?P<before>近|约|逾|超过?|不足|将近|第|[上数几](?=[十百千万]))?"
    rf"(?P<number>(?<![\d.,/\-])\d{{1,3}}(?:,\d{{3}})+(?!\d)|(?<![\d./\-])\d+(?:\.\d+)?"
    rf"|(?<![{_CHINESE}])[{_CHINESE}]+)"
    r"(?P<more>余|多|几)?"
    r"(?:(?P<scale>百|千|万|亿)(?=[多余]?[件条次]))?"
    r"(?P<unit>亿元|万元|元|%|[件宗份起条例部项个](?!性|月|体|别|人|案例)次?|次(?!性|数))"
)
_CNY_10K = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}
_LONGEST = 15
"""Digits; a longer run is no count."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of 10 000 CNY (万元)."""

    value: Number
    precision: Number
    """One unit of the last digit that is told, in 万元: 2.02万元 has 0.01."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with marks in place of its figures."""

    text: str
    values: tuple[int | Money, ...]
    """What the marks ``#`` and ``$`` stand for, in their order."""


def chinese_number(text: str) -> int | None:
    """Return what a Chinese numeral says (十二, 一百零三, 两, 二〇); None where it is none.

    >>> chinese_number("一千二百"), chinese_number("十万零五")
    (1200, 100005)
    """
    if not text or any(c not in _CHINESE for c in text):
        return None
    if not any(c in _TENS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = part = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c == "万":
            total, part, digit = (total + part + digit) * _TENS[c], 0, 0
        else:
            part, digit = part + (digit or 1) * _TENS[c], 0
    return total + part + digit


def mark(sentence: str) -> Marked:
    """Return ``sentence`` (folded, without white space) with marks in place of its figures."""
    values: list[int | Money] = []

    def marked(match: re.Match[str]) -> str:
        value = _value(match)
        if value is None:
            return SHARE if match["unit"] == "%" else ABOUT
        values.append(value)
        return MONEY if isinstance(value, Money) else COUNT

    return Marked(_FIGURE.sub(marked, _unmarked(sentence)), tuple(values))


def _unmarked(sentence: str) -> str:
    """Return ``sentence`` without characters that would look like marks; ``%`` belongs to one."""
    return re.sub(rf"[{COUNT}{MONEY}{ABOUT}]", "", sentence)


def _value(match: re.Match[str]) -> int | Money | None:
    """Return the count or amount; None: a share, or not exact."""
    number = match["number"].replace(",", "")
    if match["unit"] == "%" or match["before"] or match["more"] or len(number) > _LONGEST:
        return None
    if match["unit"] in _CNY_10K:
        return _money(number, _CNY_10K[match["unit"]])
    if match["scale"] or "." in number:
        return None
    return int(number) if number.isdigit() and number.isascii() else chinese_number(number)


def _money(number: str, factor: Decimal) -> Money | None:
    chinese = chinese_number(number)
    amount = Decimal(number if chinese is None else chinese)
    step = Decimal(1).scaleb(int(amount.as_tuple().exponent))
    return Money(as_number(amount * factor), float(step * factor))
