"""One WARC file from its first byte to its last, with its index and its checksum."""

from collections.abc import Callable, Iterator
from pathlib import Path

from archive.warc.cdxj import checksum_line, index_line
from archive.warc.checks import Told, faults
from archive.warc.digests import checksum_of
from archive.warc.errors import DamagedRecord
from archive.warc.names import OPEN, WARC, cdxj_path, checksum_path
from archive.warc.record import Record, mapped, next_member, walk
from archive.warc.recover import is_abandoned, whole_length
from archive.warc.runs import run_of
from archive.warc.verify.facts import Facts
from archive.warc.verify.growing import Growing
from archive.warc.verify.notes import Notes
from archive.warc.verify.problems import IMPORT, REPAIR, RESTORE, Problem

Advance = Callable[[int], object]
"""Is told of bytes that are done."""


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
    facts = Facts(notes, path)
    for found in check_records(path, end):
        if isinstance(found, Problem):
            facts.skip_damage()
            yield found
            continue
        record, told = found
        for message in told.problems:
            yield Problem(name, record.offset, record.id, message, RESTORE)
        facts.take(record, told.ours)
        if is_growing and record.type == "warcinfo":
            growing.runs.add(run_of(record).id)
        if line := index_line(record, name):
            lines.append(line)
        advance(record.length)
    facts.close()
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
