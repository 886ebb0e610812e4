"""Brings a catalog that an older version made up to this one, where it lies.

The form of the tables is compared and changed by ``archive.catalog.reform``; here stands what else
a version brought. All of it is one transaction: whoever reads meanwhile sees the old catalog, and a
crash leaves it. What is derived is derived anew from the readings that the catalog keeps; WARC
files are not opened here. Where a later reader finds more in a document than that version's did,
captures are marked as unread: ``gkcrawl index`` or the next crawl reads them again.
"""

import json
import logging
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from archive.catalog.database import Database
from archive.catalog.reform import reform
from archive.catalog.rows import content_digest, document
from archive.catalog.schema import FTS_TABLE, REPORT_PARTS, VERSION
from archive.catalog.settle import settle_all
from archive.catalog.states import rewatch

logger = logging.getLogger(__name__)

_ROOM = 2
"""How many times the catalog's size must be free: the transaction stands in the write-ahead log
until it is whole, then once more in the file."""
_DERIVED = frozenset(
    {"reports", "sources", "versions", "agencies", "evaluations", *REPORT_PARTS}
    | {"totals", "spread", "check_totals", FTS_TABLE}
)


class NoRoom(Exception):
    """The disk has too little room to bring the catalog up; the message says how much it takes."""


@dataclass(frozen=True, slots=True)
class Step:
    """What leads from one version to the next, beside the form of the tables."""

    brings: str
    """In a few words, for the log."""
    kept: Callable[[Connection], None] | None = None
    """Changes rows that follow from no others."""
    derives: bool = False
    """Whether what is derived from readings must be made anew though its tables look the same."""
    reads_again: bool = False
    """Whether this step's reader finds more in a document than the one before."""


def _tell_of_findings(connection: Connection) -> None:
    """Give documents the two lists that reports have since then; of older ones they are empty."""
    rows = connection.execute("select capture_id from readings").fetchall()
    for (capture_id,) in rows:
        (stored,) = connection.execute(
            "select document from readings where capture_id = ?", [capture_id]
        ).fetchone()
        fields: dict[str, Any] = {"findings": [], "indicators": []} | document(stored)
        content = json.dumps(fields, ensure_ascii=False).encode()
        connection.execute(
            "update readings set document = ?, digest = ? where capture_id = ?",
            [zlib.compress(content), content_digest(content), capture_id],
        )


STEPS: dict[int, Step] = {
    1: Step("findings and indicators", kept=_tell_of_findings, reads_again=True),
    2: Step("columns, notices and payloads kept once", reads_again=True),
    3: Step("evaluations, sums and search by pairs of characters", reads_again=True),
    4: Step("states, events and monitors"),
}
"""By the version that a step starts from. A release that changes a table, or whose reader finds
more, counts ``VERSION`` on and adds its step here and its archive to ``tests/golden``."""


def migrate(db: Database, path: Path, version: int) -> None:
    """Bring the catalog from ``version`` to ``VERSION``; part of the caller's transaction.

    Raises NoRoom before anything is changed.
    """
    _demand_room(path)
    steps = [STEPS[number] for number in range(version, VERSION)]
    for number, step in enumerate(steps, version + 1):
        logger.warning("%s is brought to version %d: %s", path, number, step.brings)
    connection = db.conn
    changed = reform(connection)
    for step in steps:
        if step.kept:
            step.kept(connection)
    if changed & _DERIVED or any(step.derives for step in steps):
        settle_all(db, _tell)
    rewatch(connection)
    if any(step.reads_again for step in steps):
        _unread(connection)
    connection.execute(f"pragma user_version = {VERSION}")


def _tell(done: int, total: int) -> None:
    logger.warning("%d of %d reports are entered anew", done, total)


def _unread(connection: Connection) -> None:
    """Mark every capture as not read, so that it is read again; until then its reading stands."""
    (number,) = connection.execute("select count(*) from captures").fetchone()
    connection.execute("update captures set outcome = null, message = null")
    logger.warning("%d captures are to be read again: gkcrawl index does it", number)


def _demand_room(path: Path) -> None:
    needed = _ROOM * path.stat().st_size
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise NoRoom(
            f"to bring {path} up to version {VERSION} takes {needed >> 20} MiB, and {free >> 20} "
            "MiB are free: make room"
        )
