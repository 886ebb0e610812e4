"""What lies about in an archive's folders: parts of something that is gone, or unfinished."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from archive.warc.names import CDXJ, CHECKSUM, OPEN, WARC
from archive.warc.publish import UNFINISHED, abandoned
from archive.warc.verify.problems import AWAY, REPAIR, RESTORE, Problem

# What an archive is made of; other people's WARC files may not be compressed.
_KNOWN = (WARC, WARC + OPEN, CDXJ, CDXJ + OPEN, CHECKSUM, ".warc", ".warc" + OPEN)


def leftovers(home: Path) -> Iterator[Problem]:
    """Yield what is left over in ``home/warc``, and of killed imports."""
    for path in abandoned(home):
        yield Problem(path.name, None, None, "is left from an interrupted import", REPAIR)
    directory = home / "warc"
    if not directory.is_dir():
        return
    names = {path.name for path in directory.iterdir()}
    unfinished = {path.name for path in unfinished_files(directory)}
    for name in sorted(names):
        if name in unfinished:
            yield Problem(name, None, None, "was not finished by whoever wrote it", REPAIR)
        elif not name.endswith((*_KNOWN, UNFINISHED)) and name[0] != ".":
            yield Problem(name, None, None, "is no part of an archive", AWAY)
        yield from _left(name, names)


def unfinished_files(directory: Path) -> list[Path]:
    """Return the files in ``directory`` that were to get their name when whole, and never will."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return [path for path in sorted(directory.glob("*" + UNFINISHED)) if not _is_due(path)]
    except BlockingIOError:
        return []  # an import is at work
    finally:
        os.close(handle)


def _is_due(path: Path) -> bool:
    """Return whether an index or a checksum is of a file that somebody is finishing."""
    finished = path.with_name(path.name.removesuffix(UNFINISHED))
    return not finished.name.endswith(WARC) and any(
        finished.with_name(finished.name.removesuffix(suffix) + WARC + OPEN).exists()
        for suffix in (CDXJ, CHECKSUM)
    )


def _left(name: str, names: set[str]) -> Iterator[Problem]:
    growing = name.removesuffix(CDXJ + OPEN) + WARC + OPEN
    if name.endswith(CDXJ + OPEN) and growing not in names:
        yield Problem(name, None, None, "is left from an interrupted run", REPAIR)
    for suffix in (CDXJ, CHECKSUM):
        stem = name.removesuffix(suffix)
        whole = {stem + WARC, stem + WARC + OPEN, stem + ".warc"}
        if name.endswith(suffix) and not whole & names:
            yield Problem(name, None, None, f"{stem + WARC} is gone", RESTORE)
