"""What the files of an archive are called and how they are found.

The names follow the pattern that the WARC standard recommends (ISO 28500, annex C),
``Prefix-Timestamp-Serial-Crawlhost``, with the run before the host, so that the files of many
machines can be copied into one folder.
"""

import os
import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

WARC = ".warc.gz"
OPEN = ".open"
CDXJ = ".cdxj"
CHECKSUM = ".sha256"
QUARANTINE = "quarantine"
"""The folder of a home that has what was cut off torn files."""

# Other people's archives may lie in the same folder, compressed or not.
_FINISHED = re.compile(r".+\.warc(?:\.gz)?")
_TIMESTAMP = re.compile(r"-(\d{17})-(\d{5})-")
_RUN = re.compile(_TIMESTAMP.pattern + r"([0-9a-f]{8})-")


def file_name(spider: str, created: datetime, serial: int, run_id: str) -> str:
    """Return the name of a finished file, e.g. ``yunnan-20261122002034123-00001-1f3a….warc.gz``."""
    moment = created.astimezone(UTC)
    stamp = f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"
    parts = (_plain(spider), stamp, f"{serial:05}", _plain(run_mark(run_id)), _plain(host_name()))
    return "-".join(parts) + WARC


def run_mark(run_id: str) -> str:
    """Return the beginning of a run's id, by which the names of its files tell of it."""
    return run_id[:8]


def run_mark_in(name: str) -> str | None:
    """Return the mark of the run that wrote a file; None: its name is none of ours."""
    found = _RUN.search(name)
    return found[3] if found else None


def host_name() -> str:
    """Return this machine's name without its domain."""
    return socket.gethostname().partition(".")[0] or "localhost"


def stem(path: Path) -> str:
    """Return the name that a WARC file shares with its index and checksum."""
    return path.name.removesuffix(OPEN).removesuffix(".gz").removesuffix(".warc")


def cdxj_path(warc: Path) -> Path:
    """Return where the sorted index of ``warc`` (finished or open) belongs."""
    return warc.with_name(stem(warc) + CDXJ)


def checksum_path(warc: Path) -> Path:
    """Return where the checksum of ``warc`` (finished or open) belongs."""
    return warc.with_name(stem(warc) + CHECKSUM)


def open_path(finished: Path) -> Path:
    """Return what ``finished`` (a WARC or an index) is called while it grows."""
    return finished.with_name(finished.name + OPEN)


def locate(directory: Path, name: str) -> Path:
    """Return the file ``name`` in ``directory``, finished or still growing.

    Raises FileNotFoundError when there is neither.
    """
    finished = directory / name
    growing = open_path(finished)
    # Growing is asked first: a file that is finished in between is then found under its name.
    for path in (growing, finished):
        if path.is_file():
            return path
    raise FileNotFoundError(f"{finished} is not there, nor is {growing.name}")


def opened(path: Path) -> BinaryIO:
    """Return the WARC file ``path`` opened for reading; a growing one may have got its name since.

    Raises FileNotFoundError when it is there under neither.
    """
    try:
        return path.open("rb")
    except FileNotFoundError:
        if not path.name.endswith(OPEN):
            raise
        return path.with_name(path.name.removesuffix(OPEN)).open("rb")


def warc_files(directory: Path) -> list[Path]:
    """Return the WARC files of ``directory``, finished and growing, in order of time.

    The time is the one in the name; files that carry none come first, sorted by name.
    A folder that does not exist has no files.
    """
    if not directory.is_dir():
        return []
    found = [
        path
        for path in directory.iterdir()
        if _FINISHED.fullmatch(path.name.removesuffix(OPEN)) and path.is_file()
    ]
    return sorted(found, key=_order)


def sync_directory(directory: Path) -> None:
    """Make the names in ``directory`` durable (creations, renames and removals)."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _order(path: Path) -> tuple[tuple[str, ...], str]:
    stamp = _TIMESTAMP.search(path.name)
    return (stamp.groups() if stamp else (), path.name)


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.]+", "_", text) or "_"
