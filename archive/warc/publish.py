"""Files that appear under their name all at once, and only when they are on the disk.

Also files that are unpacked for a while: what a killed process left of these can be told from what
a living one needs, by a lock on their folder.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from archive.warc.names import sync_directory

UNFINISHED = ".tmp"
_WORK, _MEMBER = "import-", "member"


@contextmanager
def published(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes the name ``path`` when all went well, else leaves nothing.

    Whatever had the name is replaced by one rename, after the bytes are on the disk.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with unfinished.open("wb+") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_directory(path.parent)


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Wait until no other process is in here for ``directory``, and keep them out meanwhile."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def publish(path: Path, pieces: Iterable[bytes]) -> None:
    """Write ``pieces`` into the file ``path`` as ``published`` does."""
    with published(path) as file:
        file.writelines(pieces)


@contextmanager
def unpacking(home: Path) -> Iterator[Path]:
    """Give the path of a file to unpack something into; it is gone afterwards."""
    folder, handle = _locked_folder(home)
    try:
        yield folder / _MEMBER
    finally:
        _remove(folder)
        os.close(handle)


def abandoned(home: Path) -> list[Path]:
    """Return the folders that killed processes left of ``unpacking``."""
    return [path for path in _workspaces(home) if _is_free(path)]


def remove_abandoned(home: Path) -> list[Path]:
    """Remove the folders that killed processes left of ``unpacking``; return which."""
    return [path for path in _workspaces(home) if _is_free(path, _remove)]


def _locked_folder(home: Path) -> tuple[Path, int]:
    while True:
        folder = Path(mkdtemp(dir=home, prefix=_WORK))
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # Between creation and lock another process may have taken it for a dead one's.
        if folder.exists():
            return folder, handle
        os.close(handle)


def _workspaces(home: Path) -> list[Path]:
    """Return folders that look like ours, and hold nothing else: a user's own is never touched."""
    if not home.is_dir():
        return []
    folders = sorted(path for path in home.glob(_WORK + "*") if path.is_dir())
    return [path for path in folders if {one.name for one in path.iterdir()} <= {_MEMBER}]


def _is_free(folder: Path, act: Callable[[Path], None] = lambda folder: None) -> bool:
    """Return whether no living process has the folder; ``act`` is called while nobody can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        act(folder)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _remove(folder: Path) -> None:
    (folder / _MEMBER).unlink(missing_ok=True)
    folder.rmdir()
