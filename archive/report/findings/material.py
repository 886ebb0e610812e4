"""What the checks of one report look at, and sums of its cells."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from archive.records import Form, Issuer, Number, Table, Tables
from archive.report.chars import fold, tight
from archive.report.tables.cells import as_number

READ = frozenset({"read", "recovered", "inconsistent"})


@dataclass(frozen=True, slots=True)
class Material:
    """A report as far as it is read, without what a check has no use for."""

    sections: Mapping[str, str]
    """Key -> prose without tables; see ``archive.report.article.sections``."""
    tables: Tables
    form: Form | None
    year: int | None
    issuer: Issuer
    title: str | None = None

    def table(self, name: str) -> Table | None:
        """Return a standard table; None where it was not read."""
        found: Table | None = getattr(self.tables, name)
        return found if self.tables.status.get(name, "read") in READ else None

    def names(self) -> str:
        """Return the issuer's name, its path and the title in comparable form, for subjects."""
        names = (self.issuer.name, self.title, "".join(self.issuer.path))
        return "\n".join(plain_name(name) for name in names if name)


@dataclass(frozen=True, slots=True)
class Sum:
    """Totals of rows of one table that a figure of the text may stand for, added up."""

    table: str
    rows: tuple[str, ...]
    minus: tuple[str, ...] = ()
    column: str = "total"

    def cells(self) -> tuple[str, ...]:
        """Return the names of the cells, ``table.row.column``."""
        return tuple(f"{self.table}.{row}.{self.column}" for row in (*self.rows, *self.minus))

    def values(self, material: Material) -> tuple[Number, ...]:
        """Return what the sum can be; empty where a cell is not known.

        Where a row's own total and its parts differ, or the total is blank, its parts speak too:
        which of the two is wrong is not known here.
        """
        table = material.table(self.table)
        if table is None:
            return ()
        totals: list[Decimal] = [Decimal()]
        for sign, rows in ((1, self.rows), (-1, self.minus)):
            for row in rows:
                known = _row_values(table.get(row, {}), self.column)
                totals = [total + sign * value for total in totals for value in known]
        return tuple(dict.fromkeys(as_number(total) for total in totals[:_MOST]))


_MOST = 64
"""Of the readings of one sum; a row has two at most."""


def _row_values(cells: Mapping[str, Number | None], column: str) -> list[Decimal]:
    """Return the value of a cell and, for a total, the sum of the row's other cells."""
    value = cells.get(column)
    found = [] if value is None else [_decimal(value)]
    parts = [_decimal(v) for c, v in cells.items() if c != column and v is not None]
    if column == "total" and parts and sum(parts) not in found:
        found.append(sum(parts, Decimal()))
    return found


def _decimal(value: Number) -> Decimal:
    return Decimal(str(value))


def plain_name(name: str) -> str:
    """Return a name in comparable form: 人民政府 and 政府 are the same."""
    return re.sub(r"[()\"“”]", "", tight(fold(name))).replace("人民政府", "政府")


def present(table: Table | None, rows: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``rows`` that the table has; all of them where there is no table."""
    return tuple(row for row in rows if table is None or row in table)
