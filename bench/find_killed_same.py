"""Whether two archives of the same land say the same, and whether each agrees with itself."""

import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from archive.catalog import Catalog
from archive.catalog.schema.tables import TABLES
from archive.verifying import problems_of

# What tells of the crawl, not of what was published.
_OF_CRAWLS = frozenset({"runs", "failures", "monitors", "readings", "touched"})
# When and where a thing was had, and numbers that are drawn.
_OF_MOMENTS = frozenset(
    {
        *("id", "n", "docid", "run_id", "capture_id", "capture_before", "refers_to"),
        *("warc", "offset", "length", "payload_digest"),
        *("captured_at", "seen_at", "first_seen", "last_seen", "since", "checked_at"),
        *("confirmed_at", "ended_at"),
    }
)
# In how many runs a host was out.
_TOLD_OF_RUNS = frozenset({("events", "message")})
# Faults of servers that passed: a kill may swallow the answer, and the next one is another.
_BUT = {
    "captures": """where status < 500 or status is null or url not in
      (select url from captures where status < 400)"""
}
_SESSION = re.compile(r";jsessionid=\w+")

Rows = Mapping[str, frozenset[tuple[str, ...]]]
"""Table -> its rows."""


def dump(home: Path) -> Rows:
    """Return what a catalog says, without what differs from crawl to crawl."""
    with sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True) as db:
        return {name: _rows(db, name) for name in TABLES.keys() - _OF_CRAWLS}


def differences(one: Rows, other: Rows) -> list[str]:
    """Return the rows that are in one of two dumps only, the table before each."""
    return sorted(
        f"{sign}{name}: {' | '.join(cell[:80] for cell in row)}"
        for name in one
        for sign, rows in (("-", one[name] - other[name]), ("+", other[name] - one[name]))
        for row in rows
    )


def problems(home: Path) -> list[str]:
    """Return what ``gkcrawl verify`` finds in an archive."""
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        found = problems_of(home, catalog)
    return [str(problem) for problem in found]


def _rows(db: sqlite3.Connection, name: str) -> frozenset[tuple[str, ...]]:
    names = [
        column
        for column in TABLES[name].columns
        if column not in _OF_MOMENTS and (name, column) not in _TOLD_OF_RUNS
    ]
    told = ", ".join(f'"{column}"' for column in names)
    rows = db.execute(f'select {told} from "{name}" {_BUT.get(name, "")}')
    return frozenset(tuple(_SESSION.sub("", str(value)) for value in row) for row in rows)
