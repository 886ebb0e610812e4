"""Whether an archive is whole: every record, every index, every row of the catalog.

No tool that is at hand covers this: the popular checkers pass files with a torn tail
(https://github.com/webrecorder/warcio/issues/138) and know nothing of a catalog.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.records import Capture, Failure
from archive.warc.cdxj import checksum_line, index_line
from archive.warc.checks import Told, faults
from archive.warc.compose import FAILURE
from archive.warc.errors import DamagedRecord
from archive.warc.fields import decode_fields
from archive.warc.names import CDXJ, CHECKSUM, OPEN, WARC, cdxj_path, checksum_path, warc_files
from archive.warc.reader import captured_url, is_capture, payload_digest
from archive.warc.record import Record, bare_id, mapped, next_member, walk
from archive.warc.recover import is_held, whole_length
from archive.warc.runs import run_of

REPAIR = "run: gkcrawl verify --repair"
INDEX = "run: gkcrawl index"
REBUILD = "run: gkcrawl index --rebuild"
IMPORT = "move it out of the folder, then run: gkcrawl import FILE"
RESTORE = "restore the file from a copy; what is lost is fetched again when it is due"

_REFERENCES = ("WARC-Concurrent-To", "WARC-Warcinfo-ID", "WARC-Refers-To")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    file: str
    offset: int | None
    """None: it concerns the whole file."""
    record_id: str | None
    message: str
    remedy: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was met on the way, over all files."""

    ids: dict[str, str] = field(default_factory=dict)
    """Record id -> file."""
    captures: dict[str, tuple[str, int, int, str | None, str]] = field(default_factory=dict)
    """Record id -> file, offset, length, payload digest, URL."""
    failures: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Record id of a metadata that tells of a failure -> file, offset."""
    growing: dict[str, int] = field(default_factory=dict)
    """Name of a file that is being written -> how far it was checked."""
    writing: set[str] = field(default_factory=set)
    """Ids of the runs that write those."""
    references: list[tuple[str, str, int, str, str]] = field(default_factory=list)
    """Id referred to, file, offset, id of the record that refers, field."""


def verify_archive(
    home: Path, captures: Iterable[Capture], failures: Iterable[Failure] = ()
) -> list[Problem]:
    """Return everything that is wrong under ``home/warc`` and between it and the catalog's rows.

    ``captures`` and ``failures`` are all rows that the catalog has. An empty list means: every
    byte is as it was written, and files, indexes and catalog agree. Files that a living process
    is writing are checked as far as their last whole group.
    """
    directory, seen = home / "warc", _Seen()
    problems: list[Problem] = []
    for path in warc_files(directory):
        problems += _verify_file(path, seen)
    problems += _stray_sidecars(directory)
    problems += _unresolved(seen)
    problems += _against_captures(seen, captures)
    problems += _against_failures(seen, failures)
    return problems


def _verify_file(path: Path, seen: _Seen) -> Iterator[Problem]:
    name, growing = path.name.removesuffix(OPEN), path.name.endswith(OPEN)
    if not name.endswith(WARC):
        yield Problem(name, None, None, "is not compressed record by record", IMPORT)
        return
    if growing and not is_held(path):
        yield Problem(path.name, None, None, "was left open by an interrupted run", REPAIR)
    end = whole_length(path) if growing else None
    if end is not None:
        seen.growing[name] = end
    lines: list[str] = []
    previous = ""
    for found in _records(path, end):
        if isinstance(found, Problem):
            yield found
            continue
        record, told = found
        for message in told.problems:
            yield Problem(name, record.offset, record.id, message, RESTORE)
        if record.id in seen.ids:
            message = f"the record id is also in {seen.ids[record.id]}"
            yield Problem(name, record.offset, record.id, message, "remove one of the two files")
        previous = _note(record, name, seen, previous, told.ours)
        if growing and record.type == "warcinfo":
            seen.writing.add(run_of(record).id)
        lines.append(index_line(record, name) or "")
    if not growing:
        yield from _verify_sidecars(path, lines)


def _records(path: Path, end: int | None) -> Iterator[tuple[Record, Told] | Problem]:
    """Yield each record up to ``end`` with what is wrong about it, and where there is none."""
    name = path.name.removesuffix(OPEN)
    with mapped(path) as data:
        size, start, told = len(data) if end is None else end, 0, Told()
        if size == 0:
            yield Problem(name, None, None, "is empty", RESTORE)
        while start < size:
            try:
                record = next(walk(data, start))
            except DamagedRecord as error:
                after = next_member(data, start + 1)
                message = f"{error.message} ({after - start} bytes)"
                yield Problem(name, start, None, message, RESTORE)
                start = after
                continue
            told = faults(record, data[start : start + 10], told)
            yield record, told
            start += record.length


def _note(record: Record, name: str, seen: _Seen, previous: str, ours: bool) -> str:
    """Keep what is needed of a record of a file of ours, or another's; return the last capture."""
    seen.ids[record.id] = name
    for header in _REFERENCES:
        reference = record.get(header)
        # Other people's files may be parts of something larger.
        if reference and ours:
            place = (bare_id(reference), name, record.offset, record.id, header)
            seen.references.append(place)
    if is_capture(record, previous):
        seen.captures[record.id] = (
            name,
            record.offset,
            record.length,
            payload_digest(record),
            captured_url(record),
        )
        return record.id
    if record.type == "metadata":
        told = dict(decode_fields(record.block))
        if told.get("event") == FAILURE or "failure" in told:
            seen.failures[record.id] = (name, record.offset)
    return previous


def _verify_sidecars(path: Path, lines: list[str]) -> Iterator[Problem]:
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    wanted = {
        cdxj_path(path): "".join(sorted(lines)),
        checksum_path(path): checksum_line(path, checksum),
    }
    for sidecar, text in wanted.items():
        if not sidecar.exists():
            yield Problem(sidecar.name, None, None, "is missing", REPAIR)
        elif sidecar.read_bytes() != text.encode():
            message = f"does not agree with {path.name}"
            yield Problem(sidecar.name, None, None, message, f"{RESTORE}; else {REPAIR}")


def _stray_sidecars(directory: Path) -> Iterator[Problem]:
    if not directory.is_dir():
        return
    names = {path.name for path in directory.iterdir()}
    for name in sorted(names):
        for suffix in (CDXJ, CHECKSUM):
            stem = name.removesuffix(suffix)
            whole = {stem + WARC, stem + WARC + OPEN, stem + ".warc"}
            if name.endswith(suffix) and not whole & names:
                yield Problem(name, None, None, f"{stem + WARC} is gone", RESTORE)
        if name.endswith(CDXJ + OPEN) and name.removesuffix(CDXJ + OPEN) + WARC + OPEN not in names:
            yield Problem(name, None, None, "is left from an interrupted run", REPAIR)


def _unresolved(seen: _Seen) -> Iterator[Problem]:
    for wanted, name, offset, record_id, header in seen.references:
        if wanted not in seen.ids:
            message = f"{header} names {wanted}, which is in no file"
            yield Problem(name, offset, record_id, message, RESTORE)


def _against_captures(seen: _Seen, captures: Iterable[Capture]) -> Iterator[Problem]:
    rows = set()
    for row in captures:
        rows.add(row.id)
        stored = seen.captures.get(row.id)
        stated = (row.warc, row.offset, row.length, row.payload_digest, row.url)
        if row.offset >= seen.growing.get(row.warc, row.offset + 1):
            continue  # written since that file was checked
        if stored is None:
            message = "the catalog has this capture, the file has not"
            yield Problem(row.warc, row.offset, row.id, message, f"{RESTORE}; else {REBUILD}")
        elif stored != stated:
            message = f"the catalog says {stated}, the file {stored}"
            yield Problem(row.warc, row.offset, row.id, message, REBUILD)
    for record_id, stored in seen.captures.items():
        if record_id not in rows:
            message = "the capture has no row in the catalog"
            yield Problem(stored[0], stored[1], record_id, message, INDEX)


def _against_failures(seen: _Seen, failures: Iterable[Failure]) -> Iterator[Problem]:
    rows = set()
    for row in failures:
        rows.add(row.id)
        if row.id not in seen.failures and row.run_id not in seen.writing:
            message = f"the catalog has this failure of {row.url}, no file has"
            yield Problem("", None, row.id, message, f"{RESTORE}; else {REBUILD}")
    for record_id, (name, offset) in seen.failures.items():
        if record_id not in rows:
            message = "the failure has no row in the catalog"
            yield Problem(name, offset, record_id, message, INDEX)
