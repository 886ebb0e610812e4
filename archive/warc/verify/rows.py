"""The rows of the catalog that come from WARC files, column by column, and how they are told of.

Each is noted as the files have it, and then held against the catalog. What the reader made of a
page (``outcome``, the reports) is not among them: that is read again by a rebuild.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from typing import Any

from archive.records import Capture, Failure, Run, RunEnd
from archive.warc.record import Record
from archive.warc.rows import Found

Row = tuple[Any, ...]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind."""

    name: str
    """Of the table of notes."""
    what: str
    """What one row is, in messages."""
    columns: tuple[str, ...]
    """What is compared; the first one identifies a row."""
    run: str = "run_id"
    """The column that names the run."""
    beside: tuple[str, ...] = ()
    """What else is noted of the record."""


def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


CAPTURES = Table("captures", "capture", _names(Capture), beside=("is_cut", "type", "date"))
FAILURES = Table("failures", "failure", _names(Failure))
RUNS = Table(
    "runs",
    "run",
    ("id", "spider", "started_at", "software", "user_agent", "contact", "settings"),
    run="id",
)
ENDS = Table("ends", "end of a run", ("id", "ended_at", "reason", "counts"), run="id")
NOTICES = Table("notices", "notice", ("id", "run_id", "kind", "portal", "url", "message"))
MONITORS = Table(
    "monitors",
    "monitor",
    ("id", "run_id", "name", "portal", "status", "measured", "expected", "message"),
)
TABLES = (CAPTURES, FAILURES, RUNS, ENDS, NOTICES, MONITORS)

# Quicker than astuple, which copies.
_values = {Capture: attrgetter(*CAPTURES.columns), Failure: attrgetter(*FAILURES.columns)}
# Of a capture whose metadata are damaged they are not known.
_OF_METADATA = frozenset({"status", "kind"})


def values_of(row: Capture | Failure) -> Row:
    """Return what is compared of a capture or a failure."""
    values: Row = _values[type(row)](row)
    return values


def differences(table: Table, said: Row, found: Row, *, is_cut: bool = False) -> str:
    """Return in which columns a row of the catalog is not what the record tells; empty: in none."""
    return "; ".join(
        f"{name}: the catalog says {stated!r}, the record {told!r}"
        for name, stated, told in zip(table.columns, said, found, strict=True)
        if stated != told and not (is_cut and name in _OF_METADATA)
    )


def told_rows(record: Record, found: Found) -> Iterator[tuple[Table, Row]]:
    """Yield the rows that a record tells beside captures: runs, their ends, notices, monitors,
    failures."""
    match found:
        case Failure():
            yield FAILURES, values_of(found)
        case Run():
            yield RUNS, _of_run(found)
        case RunEnd():
            yield ENDS, (found.run_id, found.ended_at, found.reason, _canonical(found.counts))
            for n, notice in enumerate(found.notices, 1):
                yield NOTICES, (f"{found.run_id} {n}", found.run_id, *astuple(notice))
            for n, monitor in enumerate(found.monitors, 1):
                yield MONITORS, (f"{found.run_id} {n}", found.run_id, *astuple(monitor))


def run_row(row: Values) -> Row:
    """Return what is compared of a row of the catalog's ``runs``."""
    *plain, settings = (row[name] for name in RUNS.columns)
    return (*plain, _reformed(settings))


def end_row(row: Values) -> Row | None:
    """Return what is compared of a row of ``runs`` about its end; None: it says nothing of one."""
    *plain, counts = (row[name] for name in ENDS.columns)
    told = (*plain, _reformed(counts))
    return told if any(value is not None for value in told[1:]) else None


def numbered_row(table: Table, row: Values) -> Row:
    """Return what is compared of a row of the catalog's ``notices`` or ``monitors``."""
    plain = (row[name] for name in table.columns[1:])
    return (f"{row['run_id']} {row['n']}", *plain)


def _of_run(run: Run) -> Row:
    plain = (getattr(run, name) for name in RUNS.columns[:-1])
    return (*plain, _canonical(run.settings))


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _reformed(text: str | None) -> str | None:
    """Return JSON in the form that it is compared in; what is no JSON as it is."""
    try:
        return None if text is None else _canonical(json.loads(text))
    except ValueError:
        return text
