"""Where an imported file goes, and whether it is there already."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.warc.names import CHECKSUM, OPEN, WARC, cdxj_path, checksum_path, open_path, stem
from archive.warc.publish import UNFINISHED, alone

_MARK = 16
"""Hex digits of an original's checksum that make a name its own."""


def standing(directory: Path, checksum: str) -> Path | None:
    """Return the file that is, or was made from, the one with this checksum; None: there is none.

    Asked of the checksums beside the files, and of the names that carry an original's.
    """
    for sidecar in sorted(directory.glob("*" + CHECKSUM)):
        stated, _, name = sidecar.read_text("utf-8").strip().partition("  ")
        if stated == checksum and (directory / name).is_file():
            return directory / name
    return next(iter(sorted(directory.glob(f"*-{checksum[:_MARK]}{WARC}"))), None)


def free_path(directory: Path, name: str, checksum: str) -> Path:
    """Return the path for a file that is kept as it is: its own name where that is free."""
    target = directory / (_plain_stem(name) + WARC)
    taken = (target, target.with_suffix(""), open_path(target), cdxj_path(target))
    if any(path.exists() for path in (*taken, checksum_path(target))):
        return marked_path(directory, name, checksum)
    return target


def marked_path(directory: Path, name: str, checksum: str) -> Path:
    """Return the path for what is made from the file with this checksum."""
    return directory / f"{_plain_stem(name)}-{checksum[:_MARK]}{WARC}"


@contextmanager
def importing(directory: Path) -> Iterator[None]:
    """Let one import at a time choose names and lay down files; removes what killed ones left."""
    with alone(directory):
        for path in directory.glob("*" + WARC + UNFINISHED):
            path.unlink()
        yield


def _plain_stem(name: str) -> str:
    """Return the name without endings and without what a file system or a shell may mistake."""
    bare = stem(Path(name.removesuffix(OPEN)))
    plain = re.sub(r"[^\w.()+-]+", "_", bare).lstrip(".-")
    return plain.encode()[:150].decode(errors="ignore") or "imported"
