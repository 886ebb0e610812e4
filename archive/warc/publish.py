"""Files that appear under their name all at once, and only when they are on the disk."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.warc.names import sync_directory

UNFINISHED = ".tmp"


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
