"""Pieces of one WARC file: from a capture to the next, held against index and catalog."""

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.records import Capture
from archive.warc.cdxj import index_line
from archive.warc.checks import Told, faults
from archive.warc.compose import FAILURE
from archive.warc.errors import DamagedRecord
from archive.warc.fields import decode_fields
from archive.warc.merged import first_not_less, parse_line
from archive.warc.names import OPEN, cdxj_path
from archive.warc.reader import captured_url, is_capture, payload_digest, refers_to
from archive.warc.record import Record, bare_id, mapped, walk
from archive.warc.verify.problems import INDEX, REBUILD, REPAIR, RESTORE, Problem

Data = bytes | mmap.mmap


@dataclass(slots=True)
class Excerpts:
    """What the pieces have brought so far, of all files."""

    problems: list[Problem] = field(default_factory=list)
    size: int = 0
    """Bytes that were read."""
    references: list[tuple[str, Record]] = field(default_factory=list)
    """File and record (without its block) of each that names another (``WARC-Refers-To``)."""
    failures: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Id -> file, offset of the records that tell of a failure."""


def check_excerpts(
    path: Path, rows: Mapping[int, Capture], chosen: set[int], found: Excerpts
) -> None:
    """Check the pieces of a file that begin at the ``chosen`` offsets, and what its index lists.

    ``rows``: all captures that the catalog has of this file, by offset.
    """
    growing = path.name.endswith(OPEN)
    with mapped(path) as data:
        index = cdxj_path(path)
        lines = None if growing or not index.exists() else index
        if lines is not None:
            found.problems += _unknown(path, data, lines, rows)
        before = _opening(path, data, found)
        for offset in sorted(chosen):
            _check_piece(path, data, rows[offset], before, lines, found)


def _opening(path: Path, data: Data, found: Excerpts) -> Told:
    """Check the first record; return what those behind it are held against."""
    try:
        first = next(walk(data))
    except DamagedRecord as error:
        found.problems.append(Problem(_name(path), 0, None, error.message, RESTORE))
        return Told()
    told = faults(first, data[:10], Told())
    found.problems += _told(path, first, told)
    found.size += first.length
    return told


def _check_piece(
    path: Path, data: Data, row: Capture, told: Told, lines: Path | None, found: Excerpts
) -> None:
    ids = {told.warcinfo}
    previous = ""
    try:
        for record in walk(data, row.offset):
            begins = is_capture(record, previous)
            if record.offset > row.offset and (begins or record.type == "warcinfo"):
                return
            told = faults(record, data[record.offset : record.offset + 10], told)
            found.problems += _told(path, record, told)
            found.size += record.length
            ids.add(record.id)
            if record.offset == row.offset:
                previous = record.id
                found.problems += _against(path, record, begins, row)
            if lines is not None:
                found.problems += _against_index(path, record, lines)
            if told.ours:
                found.problems += _refer(path, record, ids, found)
            _note_failure(path, record, found)
    except DamagedRecord as error:
        if error.offset == row.offset or not path.name.endswith(OPEN):
            told_where = (_name(path), error.offset, None)
            found.problems.append(Problem(*told_where, error.message, RESTORE))


def _against(path: Path, record: Record, is_one: bool, row: Capture) -> Iterator[Problem]:
    said = (row.id, row.length, row.payload_digest, row.url, row.refers_to)
    there = (
        record.id,
        record.length,
        payload_digest(record),
        captured_url(record),
        refers_to(record),
    )
    if not is_one or said != there:
        message = f"the catalog says {said}, the file {there}"
        yield Problem(_name(path), row.offset, row.id, message, REBUILD)


def _against_index(path: Path, record: Record, index: Path) -> Iterator[Problem]:
    line = (index_line(record, _name(path)) or "").encode()
    if not line:
        return
    with mapped(index) as lines:
        start = first_not_less(lines, line)
        if lines[start : start + len(line)] != line:
            yield Problem(
                index.name, record.offset, record.id, "does not agree with the record", REPAIR
            )


def _unknown(path: Path, data: Data, index: Path, rows: Mapping[int, Capture]) -> Iterator[Problem]:
    """Yield the captures that the index has and the catalog has not."""
    with index.open("rb") as lines:
        for line in lines:
            try:
                entry = parse_line(line)
            except (ValueError, KeyError):
                yield Problem(index.name, None, None, "is no index of this file", REPAIR)
                return
            if entry.offset in rows or not entry.url.startswith(("http:", "https:")):
                continue
            try:
                record = next(walk(data, entry.offset), None)
            except DamagedRecord as error:
                yield Problem(_name(path), entry.offset, None, error.message, RESTORE)
                continue
            # One that names another may be a part of that one's group.
            if record is not None and not record.get("WARC-Concurrent-To"):
                message = "the capture has no row in the catalog"
                yield Problem(_name(path), entry.offset, record.id, message, INDEX)


def _refer(path: Path, record: Record, ids: set[str], found: Excerpts) -> Iterator[Problem]:
    if record.get("WARC-Refers-To"):
        bare = Record(record.type, record.headers, offset=record.offset)
        found.references.append((_name(path), bare))
    named = bare_id(record.get("WARC-Concurrent-To") or "")
    # Where no answer came the request stands before the record that it names.
    if named and named not in ids and record.type != "request":
        message = f"WARC-Concurrent-To names {named}, which is not in its group"
        yield Problem(_name(path), record.offset, record.id, message, RESTORE)


def _note_failure(path: Path, record: Record, found: Excerpts) -> None:
    if record.type == "metadata":
        told = dict(decode_fields(record.block))
        if told.get("event") == FAILURE or "failure" in told:
            found.failures[record.id] = (_name(path), record.offset)


def _told(path: Path, record: Record, told: Told) -> Iterator[Problem]:
    for message in told.problems:
        yield Problem(_name(path), record.offset, record.id, message, RESTORE)


def _name(path: Path) -> str:
    return path.name.removesuffix(OPEN)
