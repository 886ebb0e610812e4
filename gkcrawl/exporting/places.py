"""Where an export is written: a folder, a ZIP file, or one file; whole or not at all.

All is written under another name beside the wanted one and renamed at the end.
"""

import hashlib
import os
import shutil
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import IO, Self

MARK = "datapackage.json"
"""A folder with this file in it is an export."""
_DEFLATED = 6
_DAY = (1980, 1, 1, 0, 0, 0)
# What is compressed already.
_PACKED = (".parquet", ".gz")


class Occupied(FileExistsError):
    """Something that is no export stands where one is to be written."""


class Counted:
    """A file that is only written on, and tells its length and digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.length = 0
        self.closed = False

    @property
    def digest(self) -> str:
        """``sha256:`` and hex of what was written."""
        return f"sha256:{self._digest.hexdigest()}"

    def write(self, content: bytes) -> int:
        """Write all of it, and return how many bytes it was."""
        self._digest.update(content)
        size = memoryview(content).nbytes
        self._file.write(content)
        self.length += size
        return size

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self.length

    def flush(self) -> None:
        """Do nothing: who opened the file closes it."""

    def close(self) -> None:
        """Take no more."""
        self.closed = True

    def readable(self) -> bool:
        """Return False."""
        return False

    def writable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return False."""
        return False


class Place(ABC):
    """Files of one export under way."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - a link stays a link
        self.partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for left in self.path.parent.glob(f".{escape(self.path.name)}.*.partial"):
            if not _runs(left.suffixes[-2]):
                _remove(left)
        self.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.end()
            if kind is None:
                self.put()
        finally:
            _remove(self.partial)

    def begin(self) -> None:  # noqa: B027 - a place may have nothing to do
        """Make ready for files."""

    def end(self) -> None:  # noqa: B027
        """Close what is open."""

    def put(self) -> None:
        """Give the finished export its name."""
        self.partial.replace(self.path)

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """Return a new file of this name for writing."""

    @contextmanager
    def file(self, name: str) -> Iterator[Counted]:
        """Give a new file that counts what is written."""
        with self.open(name) as file:
            yield Counted(file)


class Folder(Place):
    """A folder; one that holds an older export is replaced."""

    def __init__(self, path: Path, mark: str = MARK) -> None:
        super().__init__(path)
        self._mark = mark

    def begin(self) -> None:
        """Make the folder; raises Occupied."""
        taken = self.path.exists() and not (self.path / self._mark).is_file()
        if taken and (not self.path.is_dir() or any(self.path.iterdir())):
            raise Occupied(f"{self.path} is there already and is no export: choose another name")
        self.partial.mkdir()

    def open(self, name: str) -> IO[bytes]:
        """Return a new file in the folder."""
        return (self.partial / name).open("wb")

    def put(self) -> None:
        """Take the place of an older export."""
        old = self.path.with_name(f".{self.path.name}.{os.getpid()}.old")
        if self.path.exists():
            self.path.rename(old)
        self.partial.rename(self.path)
        _remove(old)


class Zip(Place):
    """A ZIP file, with the same bytes for the same content."""

    def begin(self) -> None:
        """Begin the file."""
        self._zip = zipfile.ZipFile(self.partial, "w")

    def end(self) -> None:
        """Write its directory."""
        self._zip.close()

    def open(self, name: str) -> IO[bytes]:
        """Return a new member."""
        member = zipfile.ZipInfo(name, _DAY)
        packed = name.endswith(_PACKED)
        member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        member._compresslevel = _DEFLATED  # type: ignore[attr-defined]
        member.external_attr = 0o644 << 16
        return self._zip.open(member, "w", force_zip64=True)


class Single(Place):
    """One file, whatever name it is given."""

    def open(self, name: str) -> IO[bytes]:
        """Return the file."""
        return self.partial.open("wb")


def place(path: Path, endings: tuple[str, ...]) -> Place:
    """Return where an export to ``path`` goes; ``endings`` are those of a single file."""
    if path.name.endswith(endings):
        return Single(path)
    return Zip(path) if path.suffix == ".zip" else Folder(path)


def _runs(number: str) -> bool:
    """Return whether another process of this number (``.123``) is at work: what one that was killed
    left behind is no use to anybody."""
    if not number[1:].isdigit() or int(number[1:]) == os.getpid():
        return False
    try:
        os.kill(int(number[1:]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
