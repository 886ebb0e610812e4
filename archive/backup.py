"""Copies an archive while crawls go on, so that the copy can be opened, verified and crawled on.

The catalog is copied first and the WARC files after it, since bytes are safe in them before the
catalog speaks of them: the copy of the catalog names nothing that the copies of the files lack, and
what they hold beyond it ``gkcrawl index`` takes in. Files that were finished are copied once; of
one that grows the bytes that are there, of which the copy's next crawl, index or verify keeps what
is whole.
"""

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.records import timestamp
from archive.warc.names import OPEN, sync_directory

CATALOG = "catalog.db"
NOTE = "backup.json"
"""In the copy: when it was made, and of what."""
_PART = ".part"
# Made anew, or of no use elsewhere: the merged index, notes of a verification, locks, what an
# import unpacks, what is half written.
_LEFT_OUT = ("index", "locks", "verify.db", CATALOG)
_UNPACKED = "import-"
_HALF = (_PART, ".new", "-wal", "-shm", "-journal", ".rebuild")


class BackupError(Exception):
    """The archive cannot be copied there; the message says why."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup did."""

    files: int
    """That were copied, or copied again since they had changed."""
    bytes: int
    same: int
    """Files that stood in the copy already."""


def back_up(
    home: Path,
    copy: Path,
    config: Path | None = None,
    advance: Callable[[int], object] = lambda size: None,
) -> Copied:
    """Bring ``copy`` up to the archive ``home``; return what was done.

    ``config``: a folder of configuration to be kept with it, as ``config``. ``advance`` is told of
    bytes that are done. What stands in the copy is replaced only by what is whole, so that a backup
    that is killed leaves the files of the one before, and the next one goes on. Raises BackupError
    where ``copy`` is no place for it, OSError where it cannot be written.
    """
    _demand_place(home, copy)
    copy.mkdir(parents=True, exist_ok=True)
    _note(home, copy, None)
    if (home / CATALOG).exists():
        _copy_catalog(home / CATALOG, copy / CATALOG)
    done: set[Path] = set()
    copied = size = 0
    # Crawls finish files meanwhile, which then have another name, and begin new ones.
    while new := [name for name in _files(home) if name not in done]:
        for name in new:
            done.add(name)
            if (bytes_ := _copy(home / name, copy / name)) is not None:
                copied, size = copied + 1, size + bytes_
                advance(bytes_)
    if config:
        for name in _files(config):
            _copy(config / name, copy / "config" / name)
    _drop_grown(copy)
    _note(home, copy, timestamp(datetime.now(UTC)))
    return Copied(copied, size, len(done) - copied)


def _note(home: Path, copy: Path, at: str | None) -> None:
    """Note of what this is a copy, and when it was whole; None: not yet."""
    said = {"at": at, "of": str(home.resolve())}
    (copy / NOTE).write_text(json.dumps(said) + "\n", "utf-8")


def _demand_place(home: Path, copy: Path) -> None:
    if not home.is_dir():
        raise BackupError(f"there is no archive at {home}")
    if home.resolve() in (copy.resolve(), *copy.resolve().parents):
        raise BackupError(f"{copy} lies in the archive itself")
    # Written over, another archive would be lost.
    if copy.exists() and any(copy.iterdir()) and not _is_ours(home, copy):
        raise BackupError(f"{copy} is not empty, and holds no backup of {home}")


def _is_ours(home: Path, copy: Path) -> bool:
    try:
        said = json.loads((copy / NOTE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return bool(said["of"] == str(home.resolve()))


def _copy_catalog(catalog: Path, copy: Path) -> None:
    """Copy the catalog as of one moment; who writes it meanwhile need not wait."""
    part = copy.with_name(copy.name + _PART)
    part.unlink(missing_ok=True)
    uri = f"{catalog.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=30)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        source.backup(target)
        target.execute("pragma journal_mode = delete")
    for suffix in ("-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    _put(part, copy)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files to be copied, relative to the folder, those of ``warc`` in order of time."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        top = name.parts[0]
        if top in _LEFT_OUT or top.startswith(_UNPACKED) or path.name.endswith(_HALF):
            continue
        if path.is_file():
            yield name


def _copy(path: Path, copy: Path) -> int | None:
    """Copy a file unless it stands there; return its bytes, None: it does, or is gone meanwhile."""
    part = copy.with_name(copy.name + _PART)
    try:
        with path.open("rb") as source:
            told = os.fstat(source.fileno())
            if _stands(copy, told):
                return None
            copy.parent.mkdir(parents=True, exist_ok=True)
            # A key that only its owner may read is not open to others half a moment.
            made = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IMODE(told.st_mode))
            with os.fdopen(made, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
                size = target.tell()
    except FileNotFoundError:
        return None
    # A file that grew meanwhile has another size the next time, and is copied again.
    os.utime(part, ns=(told.st_atime_ns, told.st_mtime_ns))
    _put(part, copy)
    return size


def _stands(copy: Path, told: os.stat_result) -> bool:
    if not copy.exists():
        return False
    there = copy.stat()
    return (there.st_size, there.st_mtime_ns) == (told.st_size, told.st_mtime_ns)


def _put(part: Path, copy: Path) -> None:
    """Give what was copied its name, durably."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(copy)
    sync_directory(copy.parent)


def _drop_grown(copy: Path) -> None:
    """Remove the copies of growing files that were finished since."""
    for path in copy.rglob(f"*{OPEN}"):
        if path.with_name(path.name.removesuffix(OPEN)).exists():
            path.unlink()
