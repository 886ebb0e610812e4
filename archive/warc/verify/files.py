"""One WARC file from its first byte to its last, with its index and its checksum."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.warc.cdxj import checksum_line, index_line
from archive.warc.checks import Told, faults
from archive.warc.compose import FAILURE
from archive.warc.digests import checksum_of
from archive.warc.errors import DamagedRecord
from archive.warc.fields import decode_fields
from archive.warc.names import OPEN, WARC, cdxj_path, checksum_path, open_path
from archive.warc.reader import captured_url, is_capture, payload_digest, refers_to
from archive.warc.record import Record, bare_id, mapped, next_member, walk
from archive.warc.recover import is_abandoned, whole_length
from archive.warc.revisits import claim_of, target_of
from archive.warc.runs import run_of
from archive.warc.verify.notes import Notes
from archive.warc.verify.problems import IMPORT, REPAIR, RESTORE, Problem

Advance = Callable[[int], object]
"""Is told of bytes that are done."""

REFERS_TO = "WARC-Refers-To"
_WITHIN = ("WARC-Concurrent-To", "WARC-Warcinfo-ID")


@dataclass(slots=True)
class Growing:
    """What is being written while it is verified."""

    seen: set[str] = field(default_factory=set)
    """Names of the files that were looked at."""
    ends: dict[str, int] = field(default_factory=dict)
    """Name of a file, as it will be called -> how far it was checked."""
    runs: set[str] = field(default_factory=set)
    """Ids of the runs that write."""

    def is_new(self, path: Path) -> bool:
        """Return whether a file was not looked at, nor while it grew."""
        return not {path.name, open_path(path).name} & self.seen


def check_file(path: Path, notes: Notes, growing: Growing, advance: Advance) -> Iterator[Problem]:
    """Yield what is wrong with a file by itself; what else must be held against it is noted."""
    name, is_growing = path.name.removesuffix(OPEN), path.name.endswith(OPEN)
    if not name.endswith(WARC):
        yield Problem(name, None, None, "is not compressed record by record", IMPORT)
        return
    if is_growing and is_abandoned(path):
        yield Problem(path.name, None, None, "was left open by an interrupted run", REPAIR)
    end = whole_length(path) if is_growing else None
    if end is not None:
        growing.ends[name] = end
    lines: list[str] = []
    noted = _Noted(notes)
    for found in check_records(path, end):
        if isinstance(found, Problem):
            yield found
            continue
        record, told = found
        for message in told.problems:
            yield Problem(name, record.offset, record.id, message, RESTORE)
        noted.take(record, told.ours)
        if is_growing and record.type == "warcinfo":
            growing.runs.add(run_of(record).id)
        if line := index_line(record, name):
            lines.append(line)
        advance(record.length)
    noted.close()
    if not is_growing:
        checksum = checksum_of(path)
        notes.checksum(checksum)
        yield from check_sidecars(path, lines, checksum)


def check_records(path: Path, end: int | None = None) -> Iterator[tuple[Record, Told] | Problem]:
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


def check_sidecars(
    path: Path, lines: list[str], checksum: str, *, needed: bool = True
) -> Iterator[Problem]:
    """Yield what is wrong with index and checksum; ``needed``: they have to be there."""
    # Of a file that is not what its checksum says, neither may be made anew: both are evidence.
    wanted = (
        (cdxj_path(path), "".join(sorted(lines)), REPAIR),
        (checksum_path(path), checksum_line(path, checksum), RESTORE),
    )
    for sidecar, text, remedy in wanted:
        if not sidecar.exists():
            if needed:
                yield Problem(sidecar.name, None, None, "is missing", REPAIR)
        elif sidecar.read_bytes() != text.encode():
            message = f"does not agree with {path.name}"
            yield Problem(sidecar.name, None, None, message, remedy)


class _Noted:
    """Notes what is needed of the records of one file.

    Most references stay within their group: these are resolved here, group by group.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._previous = ""
        """Id of the last capture."""
        self._warcinfo = ""
        self._ids: set[str] = set()
        """Of the group."""
        self._claims: list[tuple[str, int, str, str]] = []
        """Id referred to, offset, id of the record that refers, field."""

    def take(self, record: Record, ours: bool) -> None:
        record_id = record.id
        self._notes.add("records", record_id, record.offset)
        self._ids.add(record_id)
        if ours:  # other people's files may be parts of something larger
            self._refer(record, record_id)
        if is_capture(record, self._previous):
            self._previous = record_id
            target = target_of(record)
            self._notes.add(
                "captures",
                record_id,
                record.offset,
                record.length,
                payload_digest(record),
                captured_url(record),
                refers_to(record),
                target.type,
                target.date,
            )
        elif record.type == "metadata":
            told = dict(decode_fields(record.block))
            if told.get("event") == FAILURE or "failure" in told:
                self._notes.add("failures", record_id, record.offset)
        if record.type == "warcinfo":
            self._warcinfo = record_id
        if record.type in ("warcinfo", "metadata"):
            self.close()

    def close(self) -> None:
        """Note what the group refers to outside of itself."""
        for target, *rest in self._claims:
            if target not in self._ids and target != self._warcinfo:
                self._notes.add("claims", target, *rest, None, None, None, None)
        self._ids.clear()
        self._claims.clear()

    def _refer(self, record: Record, record_id: str) -> None:
        for header in _WITHIN:
            if reference := record.get(header):
                self._claims.append((bare_id(reference), record.offset, record_id, header))
        if reference := record.get(REFERS_TO):
            _, *stated = claim_of(record) or (None,) * 4
            self._notes.add(
                "claims",
                bare_id(reference),
                record.offset,
                record_id,
                REFERS_TO,
                record.type,
                *stated,
            )
