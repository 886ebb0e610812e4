"""What is being written while an archive is verified."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.warc.errors import DamagedRecord
from archive.warc.names import open_path, warc_files
from archive.warc.record import mapped, walk
from archive.warc.runs import run_of


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

    def writing(self, home: Path) -> set[str]:
        """Return the ids of the runs that write, also of those that began to since."""
        for path in warc_files(home / "warc"):
            if self.is_new(path):
                self.runs.update(_runs_of(path))
        return self.runs


def _runs_of(path: Path) -> Iterator[str]:
    """Yield the ids of the runs that a file tells of; nothing where it cannot be read."""
    try:
        with mapped(path) as data:
            first = next(walk(data), None)
    except (DamagedRecord, FileNotFoundError):
        return  # it is new: the next verification tells of it
    if first is not None and first.type == "warcinfo":
        yield run_of(first).id
