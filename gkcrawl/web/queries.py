"""What several pages ask of the catalog; each page's own SQL stands beside its view.

``db`` is a Datasette ``Database``; every query is bounded in time and rows, so that a page stays
quick however large the catalog grows.
"""

from typing import Any

from datasette.database import Database, QueryInterrupted

Row = dict[str, Any]

DATABASE = "catalog"
"""What Datasette calls the catalog: its file's name without ending."""


async def rows(db: Database, sql: str, **params: object) -> list[Row]:
    """Return the rows of one query as dicts."""
    return [dict(row) for row in await db.execute(sql, params)]


async def count(db: Database, sql: str, **params: object) -> int | None:
    """Return the number that ``sql`` gives; None where counting takes longer than a page may."""
    try:
        return int((await db.execute(sql, params, log_sql_errors=False)).single_value() or 0)
    except QueryInterrupted:
        return None


async def capture(db: Database, capture_id: str | None) -> Row | None:
    """Return the row of a capture; None where there is none of this id."""
    found = await rows(db, "select * from captures where id = :id", id=capture_id)
    return found[0] if found else None
