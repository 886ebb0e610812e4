"""What reviewers say of checks, findings and evaluations: ``verdicts.jsonl`` and its table.

The file beside the catalog is the truth: a JSON object a line, only ever added to, each safe on
the disk before the catalog speaks of it. The table holds the newest verdict on each check and is
filled again whenever a catalog is opened for writing, so verdicts survive every rebuild. A verdict
holds the values that were judged; on others it is outdated.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import chain
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any, Literal, get_args

from archive.catalog.rows import storable
from archive.records import Number

logger = logging.getLogger(__name__)

FILE = "verdicts.jsonl"
Said = Literal["confirmed", "dismissed"]
Wanted = Literal["open", "confirmed", "dismissed"]

FAILS = ("fail", "conflict", "suspicious", "missing")
"""Statuses that somebody should look at, of checks, findings and evaluations."""
HOLDS = ("hold", "agrees")

_WANTED = {
    "open": "(j.verdict is null or j.outdated)",
    "confirmed": "j.verdict = 'confirmed' and not j.outdated",
    "dismissed": "j.verdict = 'dismissed' and not j.outdated",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer said of one check of one report."""

    report_id: str
    check_id: str
    verdict: Said
    at: str
    """ISO 8601, UTC."""
    status: str
    """Of the check when it was judged, as are left and right."""
    left: Number | None
    right: Number | None
    note: str | None = None
    reviewer: str | None = None


_NAMES = [field.name for field in fields(Verdict)]
_INSERT = "insert into verdicts ({}) values ({})".format(
    ", ".join(f'"{name}"' for name in _NAMES), ", ".join(f":{name}" for name in _NAMES)
)
_TEXTS = ("report_id", "check_id", "at", "status")
_OPTIONAL = ("note", "reviewer")
_LARGEST = 1e300


def keep(path: Path, verdict: Verdict) -> None:
    """Add a verdict to the file at ``path``; it is on the disk when this returns.

    What a writer that was killed left of a line is cut off first; it was never told to be kept.
    """
    line = json.dumps(asdict(verdict), ensure_ascii=False).encode() + b"\n"
    is_new = not path.exists()
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        whole, tail = content[: content.rfind(b"\n") + 1], content[content.rfind(b"\n") + 1 :]
        if tail and isinstance(_parsed(tail), str):
            logger.warning("%s ended within a line, which is cut off: %r", path, tail)
            file.truncate(len(whole))
        elif tail:
            line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def read_verdicts(path: Path) -> list[Verdict]:
    """Return the verdicts of a file in its order; none where there is no file.

    A line that is none is logged as an error, with what was expected, and the others count.
    """
    found = []
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    for n, line in enumerate(lines, 1):
        verdict = _parsed(line) if line.strip() else None
        if isinstance(verdict, str):
            logger.error("%s, line %d: %s", path, n, verdict)
        elif verdict is not None:
            found.append(verdict)
    return found


def enter_verdicts(connection: Connection, verdicts: Iterable[Verdict]) -> None:
    """Fill the table with the newest verdict on each check; nothing is written where it has them.

    Runs in the caller's transaction.
    """
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for verdict in sorted(verdicts, key=lambda one: one.at):
        sides = {"left": storable(verdict.left), "right": storable(verdict.right)}
        newest[verdict.report_id, verdict.check_id] = asdict(verdict) | sides
    columns = ", ".join(f'"{name}"' for name in _NAMES)
    standing = connection.execute(f"select {columns} from verdicts").fetchall()
    if set(map(tuple, standing)) == {tuple(row.values()) for row in newest.values()}:
        return
    connection.execute("delete from verdicts")
    connection.executemany(_INSERT, newest.values())


def judgements(
    connection: Connection,
    *,
    statuses: Sequence[str] | None = FAILS,
    check_id: str | None = None,
    report_id: str | None = None,
    source: str | None = None,
    year: int | None = None,
    verdict: Wanted | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Return rows of the view ``judgements`` with issuer, year, title and url of their reports.

    ``statuses``: None for all. ``check_id`` may end in ``*``. ``verdict``: ``open`` are those that
    nobody judged, and those whose values changed since (``outdated``).
    """
    terms: dict[str, Sequence[str | int]] = {}
    if statuses is not None:
        terms[f"j.status in ({', '.join('?' * len(statuses))})"] = statuses
    if check_id is not None:
        terms["j.check_id glob ?"] = [_glob(check_id)]
    if report_id is not None:
        terms["j.report_id = ?"] = [report_id]
    if source is not None:
        terms["j.source = ?"] = [source]
    if year is not None:
        terms["r.year = ?"] = [year]
    if verdict is not None:
        terms[_WANTED[verdict]] = []
    cursor = connection.cursor()
    cursor.row_factory = Row
    rows = cursor.execute(
        f"""select j.report_id as report_id, r.issuer as issuer, r.year as year, r.title as title,
              r.url as url, {_JUDGED}
            from judgements j cross join reports r on r.id = j.report_id
            where {" and ".join(terms) or "true"}
            order by r.year desc, j.report_id, j.source desc, j.check_id limit ?""",
        [*chain(*terms.values()), -1 if limit is None else limit],
    )
    return [dict(row) for row in rows]


def has_report(connection: Connection, report_id: str) -> bool:
    """Return whether the catalog has a report of that id."""
    found = connection.execute("select 1 from reports where id = ?", [report_id])
    return found.fetchone() is not None


def has_check(connection: Connection, check_id: str) -> bool:
    """Return whether any report was held against the check; it may end in ``*``."""
    sql = "select 1 from check_totals where check_id glob ? and check_id not glob 'section.*'"
    return connection.execute(sql, [_glob(check_id)]).fetchone() is not None


def _glob(check_id: str) -> str:
    """Return a pattern in which only ``*`` stands for anything."""
    return check_id.replace("[", "[[]").replace("?", "[?]")


_JUDGED = ", ".join(
    f'j."{name}" as "{name}"'
    for name in (
        *("source", "check_id", "status", "left", "right", "formula", "cells", "message"),
        *("culprit", "verdict", "outdated", "note", "reviewer", "at"),
    )
)


def _parsed(line: bytes) -> Verdict | str:
    """Return the verdict of a line, or what is wrong with it."""
    try:
        said = json.loads(line, parse_constant=_refuse)
        # Half of a surrogate pair, which an escape can hide, is no text.
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        return f"expected a JSON object, not {line[:80]!r} ({error})"
    if not isinstance(said, dict) or set(said) != set(_NAMES):
        return f"expected an object with {', '.join(_NAMES)}"
    if wrong := [name for name in _TEXTS if not isinstance(said[name], str)]:
        return f"{wrong[0]}: expected text, not {said[wrong[0]]!r}"
    if said["verdict"] not in get_args(Said):
        return f"verdict: expected {' or '.join(get_args(Said))}, not {said['verdict']!r}"
    if wrong := [name for name in _OPTIONAL if not isinstance(said[name], str | None)]:
        return f"{wrong[0]}: expected text or null, not {said[wrong[0]]!r}"
    if wrong := [name for name in ("left", "right") if not _is_number(said[name])]:
        return f"{wrong[0]}: expected a number or null, not {said[wrong[0]]!r}"
    return Verdict(**said)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value is None
    return abs(value) < _LARGEST


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")
