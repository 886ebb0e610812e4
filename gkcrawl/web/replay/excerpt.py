"""The index of what surrounds one capture, as CDXJ: what the viewer needs to show a page whole.

The viewer takes an index for a collection and fetches the records by their place, part by part, so
that of an archive of any size only that is read which a page shows.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.warc import url_key
from archive.warc.merged import REVISIT
from gkcrawl.web.replay.addresses import stamp

BESIDE = 5000
"""Captures before and behind it in its file: what a page loads is fetched soon after it."""
_ROWS = """
with here as (select warc, offset from captures where id = :id),
near as (
  select * from (select c.* from captures c join here on c.warc = here.warc
    and c.offset <= here.offset order by c.offset desc limit :beside)
  union all
  select * from (select c.* from captures c join here on c.warc = here.warc
    and c.offset > here.offset order by c.offset limit :beside)
)
select * from near union select o.* from near join captures o on o.id = near.refers_to
"""


def rows(catalog: Path, capture_id: str) -> list[dict[str, Any]]:
    """Return the captures around one, with the originals of those that repeat; empty: no such."""
    connection = sqlite3.connect(f"{catalog.resolve().as_uri()}?mode=ro", uri=True)
    with closing(connection):
        connection.row_factory = sqlite3.Row
        found = connection.execute(_ROWS, {"id": capture_id, "beside": BESIDE})
        return [dict(row) for row in found]


def lines(captures: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the sorted lines of an index over ``captures``, of those that a tool can show."""
    yield from sorted(_line(row) for row in captures if _is_shown(row))


def _is_shown(row: dict[str, Any]) -> bool:
    # An answer that a page was not modified would be shown as a blank page.
    return row["status"] is not None and row["status"] != 304


def _line(row: dict[str, Any]) -> str:
    told = {
        "url": row["url"],
        "mime": REVISIT if row["refers_to"] else row["media_type"],
        "status": str(row["status"]),
        "digest": row["payload_digest"],
        "length": str(row["length"]),
        "offset": str(row["offset"]),
        "filename": row["warc"],
    }
    key = url_key(row["url"])
    return f"{key} {stamp(row['captured_at'])} {json.dumps(told, ensure_ascii=False)}\n"
