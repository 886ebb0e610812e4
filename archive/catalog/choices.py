"""The values that a column of ``reports`` has, for the choices of a form."""

from sqlite3 import Connection
from typing import Literal

Column = Literal["year", "province", "issuer_kind"]


def values(connection: Connection, column: Column) -> list[str | int]:
    """Return the distinct values of an indexed column, ascending, null left out.

    Each step is one look-up in the index: quick however many reports there are.
    """
    found = connection.execute(
        f"""with recursive found(value) as (
              select min({column}) from reports
              union all
              select (select min({column}) from reports where {column} > value)
              from found where value is not null
            )
            select value from found where value is not null"""
    )
    return [value for (value,) in found]


def provinces(connection: Connection) -> list[str]:
    """Return the provinces that have reports, in the order of their codes (GB/T 2260)."""
    codes = dict(connection.execute("select name, code from divisions where level = 'province'"))
    names = [str(name) for name in values(connection, "province")]
    return sorted(names, key=lambda name: (codes.get(name, "9"), name))
