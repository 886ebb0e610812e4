"""The versions of a report and what was read of each: the rows that a comparison begins with."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from archive.catalog.diff import Difference, difference
from archive.catalog.rows import document

Row = dict[str, Any]

_VERSIONS = """
  select v.report_id, v.n, v.capture_id, v.seen_at, v.text_digest, v.cells_digest,
    coalesce(r.url, c.url) as url, c.payload_digest, c.warc, c.offset, c.length
  from versions v left join captures c on c.id = v.capture_id
  left join readings r on r.capture_id = v.capture_id
  where v.report_id = ? order by v.n"""


@dataclass(frozen=True, slots=True)
class Version:
    """One version with what was read of it."""

    row: Row
    """Of ``versions``, with ``url`` (where a visitor finds it), and of its capture the
    ``payload_digest`` and the place in the archive."""
    document: Row
    """The JSON of the report as read."""

    @property
    def n(self) -> int:
        """Return its number, from 1 for the oldest."""
        return int(self.row["n"])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a report and what differs."""

    older: Version
    newer: Version
    difference: Difference

    @property
    def same_bytes(self) -> bool:
        """Whether the server sent the same bytes both times; False where that is not known."""
        digests = {version.row["payload_digest"] for version in (self.older, self.newer)}
        return len(digests) == 1 and None not in digests

    def as_dict(self) -> Row:
        """Return it for JSON: the report's id, the rows of both versions, the difference."""
        older, newer = (
            {name: value for name, value in version.row.items() if name != "report_id"}
            for version in (self.older, self.newer)
        )
        return {
            "report_id": self.newer.row["report_id"],
            "a": older,
            "b": newer,
            "same_bytes": self.same_bytes,
            **self.difference.as_dict(),
        }


def version_rows(connection: sqlite3.Connection, report_id: str) -> list[Row]:
    """Return the versions of a report, oldest first, as ``Version.row`` has them."""
    cursor = connection.execute(_VERSIONS, [report_id])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_version(connection: sqlite3.Connection, row: Row) -> Version:
    """Return a version of which :func:`version_rows` gave the row.

    Raises LookupError where the catalog does not hold what was read of it.
    """
    found = connection.execute(
        "select document from readings where capture_id = ?", [row["capture_id"]]
    ).fetchone()
    if found is None:
        raise LookupError(f"{row['report_id']} v{row['n']}: nothing read of {row['capture_id']}")
    return Version(row, document(found[0]))


def compare(older: Version, newer: Version) -> Comparison:
    """Return two versions with what differs."""
    return Comparison(older, newer, difference(older.document, newer.document))
