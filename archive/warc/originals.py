"""Finding the record whose payload a revisit repeats, with nothing but the files of an archive.

First where the revisit says that it stands, then by the indexes beside the files, which is how
replay tools find it; in a file that has no index, in that file. The catalog is not asked: it is
made from what is found here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.warc.errors import DamagedRecord
from archive.warc.merged import REVISIT, lookup
from archive.warc.names import OPEN, cdxj_path, locate, open_path
from archive.warc.record import Record
from archive.warc.revisits import Original, claim_of, is_original_of, place_of, second
from archive.warc.scan import records

# The closest captures of an address that are looked at; of others it would be a strange archive.
_MOST = 20


class Originals:
    """Finds the originals of revisits, in the folder of the file that these stand in."""

    def __init__(self) -> None:
        self._contents: dict[Path, _Contents] = {}

    def of(self, revisit: Record, path: Path) -> Original | None:
        """Return the original of a revisit that stands in ``path``; None: it is not at hand."""
        for name, offset in self._places(revisit, path):
            original = record_at(path.parent, name, offset)
            if original is not None and is_original_of(revisit, original.record):
                return original
        return None

    def _places(self, revisit: Record, path: Path) -> Iterator[tuple[str, int]]:
        claim = claim_of(revisit)
        if claim is None:
            return
        if told := place_of(revisit):
            yield told
        url = claim.url or revisit.get("WARC-Target-URI") or ""
        if _has_index(path):
            date = second(claim.date) or second(revisit.get("WARC-Date"))
            for entry in lookup(path.parent.parent, url, date, limit=_MOST):
                if entry.mime != REVISIT:
                    yield entry.warc, entry.offset
            return
        if path not in self._contents:
            self._contents[path] = _contents_of(path)
        for offset in self._contents[path].places(claim.id, url):
            yield path.name.removesuffix(OPEN), offset


def record_at(directory: Path, name: str, offset: int) -> Original | None:
    """Return the record at ``offset`` of the file ``name``; None where it cannot be had."""
    try:
        record = next(records(locate(directory, name), offset), None)
    except (FileNotFoundError, DamagedRecord):
        return None  # ``verify`` tells of it
    return None if record is None or record.offset != offset else Original(record, name)


@dataclass(slots=True)
class _Contents:
    """Where the records of a file without an index stand."""

    ids: dict[str, int] = field(default_factory=dict)
    urls: dict[str, list[int]] = field(default_factory=dict)

    def places(self, record_id: str, url: str) -> Iterator[int]:
        if record_id in self.ids:
            yield self.ids[record_id]
        yield from reversed(self.urls.get(url, ())[-_MOST:])


def _contents_of(path: Path) -> _Contents:
    """Return what stands where in a file, as far as it is whole."""
    contents = _Contents()
    try:
        for record in records(path):
            contents.ids[record.id] = record.offset
            url = record.get("WARC-Target-URI") or ""
            if record.type != "revisit":
                contents.urls.setdefault(url, []).append(record.offset)
    except DamagedRecord:
        pass  # who reads the file meets it too
    return contents


def _has_index(path: Path) -> bool:
    index = cdxj_path(path)
    return path.parent.name == "warc" and (index.exists() or open_path(index).exists())
