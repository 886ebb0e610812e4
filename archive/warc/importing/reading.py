"""What an imported file says of itself that is not so; it is kept all the same, as evidence."""

from collections.abc import Iterator
from pathlib import Path

from archive.warc.cdxj import index_line
from archive.warc.checks import digest_faults
from archive.warc.record import Record, mapped, walk

_SAME_ID = "the id is that of an earlier record"


def read(path: Path, ids: set[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the sorted index of a WARC file, and in what its records are doubtful.

    ``ids``: of records that came together with these, which are added to them.
    """
    lines: list[str] = []
    doubts: dict[str, list[int]] = {}
    with mapped(path) as data:
        for record in walk(data):
            if line := index_line(record, path.name):
                lines.append(line)
            for doubt in _doubts(record, ids):
                doubts.setdefault(doubt, []).append(record.offset)
    return sorted(lines), tuple(
        f"{doubt} (records: {len(offsets)}, the first at offset {offsets[0]})"
        for doubt, offsets in doubts.items()
    )


def _doubts(record: Record, ids: set[str]) -> Iterator[str]:
    yield from digest_faults(record)
    if record.id in ids:
        yield _SAME_ID
    ids.add(record.id)
