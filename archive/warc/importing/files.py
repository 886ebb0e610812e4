"""Laying a WARC or WACZ file into an archive: kept as it is, or compressed record by record."""

import gzip
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from zipfile import BadZipFile, ZipFile

from archive.records import timestamp
from archive.warc.cdxj import index_lines, write_sidecars
from archive.warc.digests import checksum_of
from archive.warc.errors import DamagedRecord, WarcError
from archive.warc.fields import MEDIA_TYPE, encode_fields
from archive.warc.group import make_record
from archive.warc.importing.foreign import Form, form_of, is_recordwise, records
from archive.warc.importing.places import free_path, importing, marked_path, standing
from archive.warc.importing.twins import twin
from archive.warc.publish import published, unpacking
from archive.warc.record import pack
from archive.warc.recover import recover
from archive.warc.wacz.check import package_of
from archive.warc.wacz.write import PACKAGE

IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one WARC file."""

    source: str
    """The file, with its name in the WACZ file that it was in."""
    warc: Path
    """Where it lies now."""
    known: bool = False
    """Whether its records were there already."""
    rewritten: bool = False
    """Whether a new one was compressed anew; else it is what it was, byte for byte."""
    damage: tuple[str, ...] = ()
    """What could not be taken over; the original has it."""


def utcnow() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def import_file(
    home: Path, path: Path, *, clock: Callable[[], datetime] = utcnow
) -> Iterator[Imported]:
    """Lay the WARC files that ``path`` is or holds into ``home/warc``; yield what became of each.

    Each has its index and checksum when it is yielded; the catalog still has to read it. A WACZ
    file may hold others. Raises UnknownFormat where it is no archive file, and DamagedRecord where
    there is not one whole record in it.
    """
    form = form_of(path)
    (home / "warc").mkdir(parents=True, exist_ok=True)
    # Gives files that an import was killed over their index and checksum, by which it is known.
    recover(home)
    if form != "wacz":
        yield _import_warc(home, _Source(path, form, path.name, str(path)), clock)
        return
    try:
        with ZipFile(path) as archive:
            yield from _import_wacz(home, archive, str(path), clock)
    except BadZipFile as error:
        raise WarcError(f"{path}: {error}") from error


def _import_wacz(
    home: Path, archive: ZipFile, source: str, clock: Callable[[], datetime]
) -> Iterator[Imported]:
    stated = _stated(archive)
    for info in archive.infolist():
        name = PurePosixPath(info.filename).name
        if not name.endswith((".warc", ".warc.gz", ".wacz")):
            continue
        # Under a name of ours: theirs may be anything.
        with unpacking(home) as copy:
            with archive.open(info) as packed, copy.open("wb") as file:
                copyfileobj(packed, file)
            inside = f"{source}, {info.filename}"
            if name.endswith(".wacz"):
                with ZipFile(copy) as inner:
                    yield from _import_wacz(home, inner, inside, clock)
            else:
                member = _Source(copy, form_of(copy), name, inside, stated.get(info.filename))
                yield _import_warc(home, member, clock)


def _stated(archive: ZipFile) -> dict[str, str]:
    """Return the checksums that a WACZ file gives its files (``algorithm:hex``)."""
    package = package_of(archive) or {}
    resources = package.get("resources")
    return {
        entry["path"]: entry["hash"]
        for entry in (resources if isinstance(resources, list) else ())
        if isinstance(entry, dict) and {"path", "hash"} <= entry.keys()
    }


@dataclass(frozen=True, slots=True)
class _Source:
    """One WARC file to be taken over."""

    path: Path
    form: Form
    name: str
    """Its own; ``path`` may be that of a copy."""
    told: str
    """How it is called to the user."""
    stated: str | None = None
    """The checksum that goes with it; None: none does."""


def _import_warc(home: Path, source: _Source, clock: Callable[[], datetime]) -> Imported:
    checksum = checksum_of(source.path)
    damage: tuple[str, ...] = ()
    if source.stated not in (None, f"sha256:{checksum}"):
        damage = (f"is not what {PACKAGE} says ({source.stated})",)
    with importing(home / "warc"):
        if there := standing(home / "warc", checksum):
            return Imported(source.told, there, known=True, damage=damage)
        kept = source.form == "zipped by record" and is_recordwise(source.path)
        if kept:
            target = free_path(home / "warc", source.name, checksum)
            with published(target) as file, source.path.open("rb") as original:
                copyfileobj(original, file)
        else:
            target = marked_path(home / "warc", source.name, checksum)
            damage += _rewrite(source, checksum, target, clock)
        lines = index_lines(target)
        if there := twin(home, target, lines):
            target.unlink()
            return Imported(source.told, there, known=True, damage=damage)
        write_sidecars(target, lines)
    return Imported(source.told, target, rewritten=not kept, damage=damage)


def _rewrite(
    source: _Source, checksum: str, target: Path, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    """Write the records of a file into ``target``, a gzip member each; return the damage met."""
    damage: list[str] = []
    count = 0
    with published(target) as file:
        for found in records(source.path, source.form):
            if isinstance(found, DamagedRecord):
                damage.append(f"offset {found.offset}: {found.message}")
                continue
            count += 1
            file.write(gzip.compress(found + b"\r\n\r\n", mtime=0))
        if not count:
            message = damage[0] if damage else "there is no record in it"
            raise DamagedRecord(message, 0, Path(source.told))
        file.write(_told(source, checksum, damage, timestamp(clock())))
    return tuple(damage)


def _told(source: _Source, checksum: str, damage: list[str], date: str) -> bytes:
    """Return the record that says what a file was made from."""
    block = encode_fields(
        [
            ("event", IMPORT),
            ("original", source.name),
            ("original-sha256", checksum),
            ("original-length", str(source.path.stat().st_size)),
            *(("damage", message) for message in damage),
        ]
    )
    return pack(make_record("metadata", str(uuid.uuid4()), date, None, block, MEDIA_TYPE))
