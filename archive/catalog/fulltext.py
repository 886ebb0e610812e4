"""Writes the full-text index: contentless, so that a report's text stands in ``reports`` alone.

A report's address in it (``docid``) is made of its year and its place, then a number: the order of
addresses is the order in which people want to see them, the newest year first and in it the
provinces in their official order, and SQLite gives it without sorting.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from archive.catalog.schema import FTS_TABLE
from archive.catalog.tokens import name_tokens, tags, text_tokens

Row = Mapping[str, Any]

TAGS = {
    "province": "province",
    "level": "level",
    "kind": "issuer_kind",
    "scope": "scope",
    "form": "form",
    "trust": "trust",
    "status": "status",
}
"""What can be asked for beside words: the name of the filter, the column of ``reports``."""

_ENTER = f"insert into {FTS_TABLE} (rowid, text, names, tags) values (?, ?, ?, ?)"
# A contentless index forgets a row when it is told what the row was made of.
_FORGET = (
    f"insert into {FTS_TABLE} ({FTS_TABLE}, rowid, text, names, tags) values ('delete', ?, ?, ?, ?)"
)
_LAST = "select max(docid) from reports where docid >= ? and docid < ?"
# Few bits: the index holds the difference of one address to the next, in as few bytes as it needs.
_PLACE_BITS, _NUMBER_BITS = 8, 20
_CENTRAL = 100
# In the order of GB/T 2260, the first highest; it may not change while there are catalogs.
PROVINCES = (
    *("北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省"),
    *("上海市", "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省"),
    *("湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省"),
    *("西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区"),
    *("台湾省", "香港特别行政区", "澳门特别行政区"),
)
_PLACES = {name: _CENTRAL - n for n, name in enumerate(PROVINCES, 1)}
_NAMES = {place: name for name, place in _PLACES.items()}
_LAST_YEAR = 9999


def enter(connection: sqlite3.Connection, reports: Iterable[Row]) -> None:
    """Enter rows of ``reports`` into the index."""
    connection.executemany(_ENTER, map(_values, reports))


def forget(connection: sqlite3.Connection, reports: Iterable[Row]) -> None:
    """Take rows of ``reports``, as they were entered, out of the index."""
    connection.executemany(_FORGET, map(_values, reports))


def forget_all(connection: sqlite3.Connection) -> None:
    """Take everything out of the index."""
    connection.execute(f"insert into {FTS_TABLE} ({FTS_TABLE}) values ('delete-all')")


def optimise(connection: sqlite3.Connection) -> None:
    """Merge what was written bit by bit into one sorted piece, which answers faster."""
    connection.execute(f"insert into {FTS_TABLE} ({FTS_TABLE}) values ('optimize')")


class Addresses:
    """Gives addresses to rows of ``reports`` that are written together, before they are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._free: dict[int, int] = {}

    def of(self, report: Row, standing: int | None = None) -> int:
        """Return the ``docid`` for a row of ``reports``: ``standing``, its address so far, if year
        and place are the same, else one that is free."""
        first = first_address(report)
        behind = first + (1 << _NUMBER_BITS)
        if standing is not None and first <= standing < behind:
            return standing
        free = self._free.get(first)
        if free is None:
            (last,) = self._connection.execute(_LAST, [first, behind]).fetchone()
            free = first if last is None else int(last) + 1
        if free == behind:
            raise OverflowError(f"more than {1 << _NUMBER_BITS:,} reports of one year and province")
        self._free[first] = free + 1
        return free


def first_address(report: Row) -> int:
    """Return the lowest address of the year and the place of a row of ``reports``."""
    is_central = report["issuer_kind"] == "central_body"
    place = _CENTRAL if is_central else _PLACES.get(report["province"], 0)
    year = min(max(report["year"] or 0, 0), _LAST_YEAR)
    return (year << _PLACE_BITS | place) << _NUMBER_BITS


def year_of(docid: int) -> int | None:
    """Return the year that an address tells; None: unknown."""
    return docid >> _PLACE_BITS + _NUMBER_BITS or None


def province_of(docid: int) -> str | None:
    """Return the name of the province that an address tells; None: central, or unknown."""
    return _NAMES.get(docid >> _NUMBER_BITS & (1 << _PLACE_BITS) - 1)


def addresses(first: int | None, last: int | None) -> tuple[int, int]:
    """Return the lowest and highest address of the years from ``first`` to ``last`` (None: open;
    both: unknown years too)."""
    shift = _PLACE_BITS + _NUMBER_BITS
    low = 0 if first is None and last is None else min(max(first or 1, 1), _LAST_YEAR) << shift
    high = (min(max(last, 0), _LAST_YEAR) if last is not None else _LAST_YEAR) + 1 << shift
    return low, high - 1


def _values(report: Row) -> tuple[int, str, str, str]:
    names = (report["title"], report["issuer"])
    return (
        report["docid"],
        text_tokens((*names, report["text"])),
        name_tokens(names),
        tags({name: report[column] for name, column in TAGS.items()}),
    )
