"""Downloads that the site offers: exports in ``HOME/exports``, each with a note beside it.

The note tells size, digest and what is in the file; a file without one is not offered.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.records import timestamp
from gkcrawl.exporting.export import Asked, Exported
from gkcrawl.exporting.package import SOFTWARE

FOLDER = "exports"
NAMES = {
    "csv": "annual-reports-csv.zip",
    "parquet": "annual-reports-parquet.zip",
    "jsonl": "annual-reports.jsonl.gz",
}
EXCEL = "annual-reports-excel.zip"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_NOTE = ".offer.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One table in a download."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One file to download."""

    file: str
    format: str
    """``csv``, ``excel``, ``parquet`` or ``jsonl``."""
    bytes: int
    sha256: str
    """Hex, of the file."""
    rows: int
    """Of all its tables together."""
    made_at: str
    as_of: str | None
    """Moment of the newest capture in it; None: it holds no report."""
    where: str | None
    """Condition on the reports in it; None: all."""
    software: str
    parts: tuple[Part, ...]


def default_path(home: Path, asked: Asked) -> Path:
    """Return where an export goes that is to be offered."""
    return home / FOLDER / (EXCEL if asked.excel else NAMES[asked.format])


def is_offered(home: Path, path: Path) -> bool:
    """Return whether the site offers a file of this path, once it has its note."""
    folder = (home / FOLDER).resolve()
    single = path.suffix in (".zip", ".gz", ".csv", ".parquet", ".jsonl")
    return single and path.resolve().parent == folder and bool(_SAFE.fullmatch(path.name))


def withdraw(path: Path) -> None:
    """Offer a file no more, before another takes its place."""
    _note(path).unlink(missing_ok=True)


def offer(asked: Asked, exported: Exported) -> Offer:
    """Write the note of a finished export and return what it says."""
    path = exported.path
    made = Offer(
        file=path.name,
        format="excel" if asked.excel else asked.format,
        bytes=path.stat().st_size,
        sha256=sha256(path),
        rows=sum(file.rows for file in exported.files),
        made_at=timestamp(datetime.now(UTC)),
        as_of=exported.as_of,
        where=asked.where,
        software=SOFTWARE,
        parts=tuple(Part(file.name, file.rows) for file in exported.files),
    )
    partial = path.with_name(f".{path.name}.note.partial")
    partial.write_text(json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n", "utf-8")
    partial.replace(_note(path))
    return made


def offers(home: Path) -> Iterator[Offer]:
    """Yield the downloads that are there, by name."""
    folder = home / FOLDER
    for note in sorted(folder.glob(f"*{_NOTE}")) if folder.is_dir() else ():
        if (found := find(home, note.name.removesuffix(_NOTE))) is not None:
            yield found


def find(home: Path, name: str) -> Offer | None:
    """Return the download of a name; None: there is none, or its file is not the one noted.

    No name leads out of the folder, not by a link either.
    """
    path = home / FOLDER / name
    if not _SAFE.fullmatch(name) or path.is_symlink() or not path.is_file():
        return None
    try:
        told = json.loads(_note(path).read_text("utf-8"))
        parts = tuple(Part(**part) for part in told.pop("parts"))
        found = Offer(**told, parts=parts)
    # A note that another version wrote, or that was spoilt: its file is not offered.
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.file == name and found.bytes == path.stat().st_size else None


def sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(path: Path) -> Path:
    return path.with_name(path.name + _NOTE)
