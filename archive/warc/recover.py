"""Finishing what a killed run left behind, so that the archive is whole again.

A growing file that no living process has locked is cut after its last whole group, since only
whole groups were ever confirmed. The bytes cut off are kept in ``HOME/quarantine``. The file then
gets its index, its checksum and its name. What was not confirmed is fetched again, because the
catalog has no row for it.
"""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.warc.cdxj import checksum_line, index_lines, write_index, write_sidecars
from archive.warc.digests import checksum_of
from archive.warc.errors import DamagedRecord
from archive.warc.names import (
    CDXJ,
    OPEN,
    QUARANTINE,
    WARC,
    cdxj_path,
    checksum_path,
    open_path,
    sync_directory,
    warc_files,
)
from archive.warc.publish import remove_abandoned
from archive.warc.record import mapped, walk

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done to one file."""

    file: str
    """Its name when finished."""
    kept: int
    """Bytes that stayed; 0: the whole file is in quarantine."""
    torn: int
    """Bytes that were cut off."""
    quarantined: Path | None
    """Where those are; None: nothing was cut off."""


def recover(home: Path) -> list[Recovery]:
    """Finish the files under ``home/warc`` that nobody is writing; say what was done to each.

    Also makes indexes and checksums that are missing beside finished files of ours, and removes
    what a killed import had unpacked. Safe to call at any time and by several processes at once; a
    second call finds nothing to do.
    """
    directory = home / "warc"
    done = []
    for path in warc_files(directory):
        if path.name.endswith(OPEN):
            with _locked(path) as free:
                if free:
                    done.append(_finish(path, home / QUARANTINE))
        elif path.name.endswith(WARC) and not _has_sidecars(path):
            _write_missing(path)
    _remove_leftovers(directory)
    for folder in remove_abandoned(home):
        logger.warning("%s: removed, an interrupted import had left it", folder.name)
    for recovery in done:
        logger.warning(
            "%s: finished after an interrupted run, %d bytes kept, %d torn bytes in %s",
            recovery.file,
            recovery.kept,
            recovery.torn,
            recovery.quarantined,
        )
    return done


def renew_indexes(directory: Path) -> list[str]:
    """Write anew the indexes that do not agree with their files; return the names of these.

    Only where the checksum beside a file says that it is as it was written: of one that is damaged
    the index is evidence.
    """
    renewed = []
    for path in warc_files(directory):
        if not path.name.endswith(WARC) or not _has_sidecars(path) or not _is_as_written(path):
            continue
        try:
            lines = index_lines(path)
        except DamagedRecord as error:
            logger.error("%s: no index can be made: %s", path.name, error)
            continue
        if cdxj_path(path).read_bytes() != "".join(lines).encode():
            write_index(path, lines)
            sync_directory(directory)
            renewed.append(path.name)
    return renewed


def is_abandoned(path: Path) -> bool:
    """Return whether the growing file ``path`` is there and no living process writes it."""
    with _locked(path) as free:
        return free


def whole_length(path: Path) -> int:
    """Return the length of a file up to the end of its last whole group.

    Every group ends with its metadata; the ``warcinfo`` at the beginning stands alone.
    """
    end = 0
    with mapped(path) as data:
        try:
            for record in walk(data):
                if record.type in ("warcinfo", "metadata"):
                    end = record.offset + record.length
        except DamagedRecord:
            pass  # what follows is what is to be cut off
    return end


def _finish(path: Path, quarantine: Path) -> Recovery:
    finished = path.with_name(path.name.removesuffix(OPEN))
    size, end = path.stat().st_size, whole_length(path)
    torn = _quarantine(path, end, quarantine) if end < size or not size else None
    if end:
        os.truncate(path, end)
        _sync(path)
        write_sidecars(path)
        path.rename(finished)
    else:
        path.unlink()
    open_path(cdxj_path(path)).unlink(missing_ok=True)
    sync_directory(path.parent)
    return Recovery(finished.name, end, size - end, torn)


def _quarantine(path: Path, start: int, quarantine: Path) -> Path:
    """Copy the bytes from ``start`` on, durably, to a name that says where they come from."""
    quarantine.mkdir(parents=True, exist_ok=True)
    name = path.name.removesuffix(OPEN)
    copy = quarantine / f"{name}.torn-at-{start}"
    with path.open("rb") as source, copy.open("wb") as target:
        source.seek(start)
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    sync_directory(quarantine)
    return copy


def _write_missing(path: Path) -> None:
    try:
        write_sidecars(path)
    except DamagedRecord as error:
        # Not ours to repair: ``verify`` names the damage and what can be done.
        logger.error("%s: no index can be made: %s", path.name, error)


def _is_as_written(path: Path) -> bool:
    return checksum_path(path).read_bytes() == checksum_line(path, checksum_of(path)).encode()


def _has_sidecars(path: Path) -> bool:
    return cdxj_path(path).exists() and checksum_path(path).exists()


def _remove_leftovers(directory: Path) -> None:
    """Remove indexes in the making whose file is finished or gone."""
    for path in directory.glob("*" + CDXJ + OPEN):
        if not open_path(path.with_name(path.name.removesuffix(CDXJ + OPEN) + WARC)).exists():
            path.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold the lock of a growing file; gives False where another has it or the file is gone."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        # Another recovery may have finished the file between opening and locking it.
        yield path.exists() and os.path.samestat(path.stat(), os.fstat(handle))
    finally:
        os.close(handle)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
