"""Pieces of one WARC file: from a capture to the next, held against index and catalog."""

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.records import Capture, Failure, Run
from archive.warc.cdxj import index_line
from archive.warc.checks import Told, faults
from archive.warc.errors import DamagedRecord
from archive.warc.merged import first_not_less, parse_line
from archive.warc.names import OPEN, cdxj_path
from archive.warc.record import Record, bare_id, mapped, walk
from archive.warc.rows import NO_RUN, Assembler, Fetched, Found, failure_of, is_capture
from archive.warc.runs import run_of
from archive.warc.verify.facts import capture_at
from archive.warc.verify.problems import INDEX, REBUILD, REPAIR, RESTORE, Problem
from archive.warc.verify.rows import CAPTURES, differences, values_of

Data = bytes | mmap.mmap


@dataclass(slots=True)
class Excerpts:
    """What the pieces have brought so far, of all files."""

    problems: list[Problem] = field(default_factory=list)
    size: int = 0
    """Bytes that were read."""
    references: list[tuple[str, Record]] = field(default_factory=list)
    """File and record (without its block) of each that names another (``WARC-Refers-To``)."""
    failures: dict[str, tuple[str, int, Failure]] = field(default_factory=dict)
    """Id -> file and offset of the record that tells of a failure, and its row."""


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
        start = _opening(path, data, found)
        for offset in sorted(chosen):
            _check_piece(path, data, rows[offset], start, lines, found)


@dataclass(frozen=True, slots=True)
class _Start:
    """What the first record of a file tells of those behind it."""

    told: Told = field(default_factory=Told)
    run: Run = NO_RUN


def _opening(path: Path, data: Data, found: Excerpts) -> _Start:
    """Check the first record; return what those behind it are held against."""
    try:
        first = next(walk(data))
    except DamagedRecord as error:
        found.problems.append(Problem(_name(path), 0, None, error.message, RESTORE))
        return _Start()
    told = faults(first, data[:10], Told())
    found.problems += _told(path, first, told)
    found.size += first.length
    return _Start(told, run_of(first) if first.type == "warcinfo" else NO_RUN)


def _check_piece(
    path: Path, data: Data, row: Capture, start: _Start, lines: Path | None, found: Excerpts
) -> None:
    told, ids = start.told, {start.told.warcinfo}
    assembler = Assembler(start.run)
    is_cut = False
    assembled: list[tuple[Record, Found]] = []
    try:
        for record in _piece(data, row.offset):
            told = faults(record, data[record.offset : record.offset + 10], told)
            found.problems += _told(path, record, told)
            found.size += record.length
            ids.add(record.id)
            assembled += assembler.take(record)
            if lines is not None:
                found.problems += _against_index(path, record, lines)
            if told.ours:
                found.problems += _refer(path, record, ids, found)
    except DamagedRecord as error:
        is_cut = True
        if error.offset == row.offset or not path.name.endswith(OPEN):
            told_where = (_name(path), error.offset, None)
            found.problems.append(Problem(*told_where, error.message, RESTORE))
            if error.offset == row.offset:
                return
    captures = [one for _, one in (*assembled, *assembler.rest()) if isinstance(one, Fetched)]
    found.problems += _against(path, captures, row, ours=told.ours, is_cut=is_cut)
    for record, one in assembled:
        _note_failure(path, record, one, found)


def _piece(data: Data, start: int) -> Iterator[Record]:
    """Yield the records from a capture's own to the next capture or file."""
    previous = ""
    for record in walk(data, start):
        if record.offset > start and (record.type == "warcinfo" or is_capture(record, previous)):
            return
        previous = previous or record.id
        yield record


def _against(
    path: Path, captures: list[Fetched], row: Capture, *, ours: bool, is_cut: bool
) -> Iterator[Problem]:
    there = capture_at(captures[0], path) if captures else None
    if there is None or there.offset != row.offset:
        message = "the catalog has this capture, the file has not"
        yield Problem(_name(path), row.offset, row.id, message, f"{RESTORE}; else {REBUILD}")
        return
    if not ours:  # other people's files may be joined of several runs'
        there = replace(there, run_id=row.run_id)
    if message := differences(CAPTURES, values_of(row), values_of(there), is_cut=is_cut):
        yield Problem(_name(path), row.offset, there.id, message, REPAIR)


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


def _note_failure(path: Path, record: Record, one: Found, found: Excerpts) -> None:
    failure = failure_of(one) if isinstance(one, Fetched) else one
    record = (one.told or record) if isinstance(one, Fetched) else record
    if isinstance(failure, Failure):
        found.failures[failure.id] = (_name(path), record.offset, failure)


def _told(path: Path, record: Record, told: Told) -> Iterator[Problem]:
    for message in told.problems:
        yield Problem(_name(path), record.offset, record.id, message, RESTORE)


def _name(path: Path) -> str:
    return path.name.removesuffix(OPEN)
