"""Laying a WARC or WACZ file into an archive: kept as it is, or compressed record by record."""

import gzip
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from zipfile import BadZipFile, ZipFile, ZipInfo

from archive.records import timestamp
from archive.warc.cdxj import write_sidecars
from archive.warc.digests import checksum_of
from archive.warc.errors import DamagedRecord, WarcError
from archive.warc.fields import MEDIA_TYPE, encode_fields
from archive.warc.group import make_record
from archive.warc.importing.foreign import Form, form_of, is_recordwise, records
from archive.warc.importing.places import free_path, importing, marked_path, standing
from archive.warc.importing.reading import read
from archive.warc.importing.twins import twin
from archive.warc.publish import published, unpacking
from archive.warc.record import pack
from archive.warc.recover import recover
from archive.warc.wacz.check import package_of
from archive.warc.wacz.write import PACKAGE

IMPORT = "import"
# What ``zipfile`` raises of a file in it: damage, encryption, a compression that it does not know.
_UNREADABLE = (BadZipFile, zlib.error, EOFError, RuntimeError)
_WANTED = (".warc", ".warc.gz", ".wacz")
_NOT_COMPARED = f"{PACKAGE} is missing, or makes no sense: no checksum was compared"


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
    doubts: tuple[str, ...] = ()
    """What was taken over and is not as it says that it is."""


def utcnow() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def import_file(
    home: Path, path: Path, *, clock: Callable[[], datetime] = utcnow
) -> Iterator[Imported]:
    """Lay the WARC files that ``path`` is or holds into ``home/warc``; yield what became of each.

    Each has its index and checksum when it is yielded; the catalog still has to read it. A WACZ
    file may hold others. Raises UnknownFormat where it is no archive file, DamagedRecord where
    there is not one whole record in it, and, after all that can be taken in of a WACZ file,
    WarcError that names what could not.
    """
    form = form_of(path)
    (home / "warc").mkdir(parents=True, exist_ok=True)
    # Gives files that an import was killed over their index and checksum, by which it is known.
    recover(home)
    if form != "wacz":
        yield _import_warc(home, _Source(path, form, path.name, str(path)), clock)
        return
    package = _Package(home, clock)
    yield from package.take(path, str(path))
    if package.refused:
        raise WarcError("\n".join(package.refused))


@dataclass(frozen=True, slots=True)
class _Package:
    """A WACZ file with all that is in it, other WACZ files too."""

    home: Path
    clock: Callable[[], datetime]
    ids: set[str] = field(default_factory=set)
    """Of the records in it."""
    refused: list[str] = field(default_factory=list)
    """What could not be taken in, each in a line."""

    def take(self, path: Path, told: str) -> Iterator[Imported]:
        """Take in what is in a WACZ file; ``told``: how that is called to the user."""
        try:
            with ZipFile(path) as archive:
                stated = _stated(archive)
                wanted = [one for one in archive.infolist() if one.filename.endswith(_WANTED)]
                if not wanted:
                    self.refused.append(f"{told}: there is no WARC file in it")
                for info in wanted:
                    checksum = None if stated is None else stated.get(info.filename, "")
                    yield from self._take_member(archive, info, told, checksum)
        except BadZipFile as error:
            self.refused.append(f"{told}: {error}")

    def _take_member(
        self, archive: ZipFile, info: ZipInfo, package: str, checksum: str | None
    ) -> Iterator[Imported]:
        told = f"{package}, {info.filename}"
        with unpacking(self.home) as copy:  # theirs may have any name
            try:
                with archive.open(info) as packed, copy.open("wb") as file:
                    copyfileobj(packed, file)
            except _UNREADABLE as error:
                self.refused.append(f"{told}: {error}")
                return
            try:
                if (form := form_of(copy, told)) != "wacz":
                    name = PurePosixPath(info.filename).name
                    source = _Source(copy, form, name, told, checksum, self.ids)
                    yield _import_warc(self.home, source, self.clock)
                    return
            except WarcError as error:
                message = str(error)
                self.refused.append(message if told in message else f"{told}: {message}")
                return
            yield from self.take(copy, told)


def _stated(archive: ZipFile) -> dict[str, str] | None:
    """Return the checksums that a WACZ file gives its files (``algorithm:hex``); None: it gives
    none at all."""
    try:
        resources = (package_of(archive) or {}).get("resources")
    except _UNREADABLE:
        return None
    if not isinstance(resources, list):
        return None
    return {
        entry["path"]: str(entry["hash"])
        for entry in resources
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
    stated: str | None = ""
    """The checksum that goes with it; empty: none does, None: it is in a package without any."""
    ids: set[str] = field(default_factory=set)
    """Of the records that came with it."""


def _import_warc(home: Path, source: _Source, clock: Callable[[], datetime]) -> Imported:
    checksum = checksum_of(source.path)
    damage: tuple[str, ...] = ()
    doubts = tuple(_against_package(source, checksum))
    with importing(home / "warc"):
        if there := standing(home / "warc", checksum):
            return Imported(source.told, there, known=True, doubts=doubts)
        kept = source.form == "zipped by record" and is_recordwise(source.path)
        if kept:
            target = free_path(home / "warc", source.name, checksum)
            with published(target) as file, source.path.open("rb") as original:
                copyfileobj(original, file)
        else:
            target = marked_path(home / "warc", source.name, checksum)
            damage = _rewrite(source, checksum, target, clock)
        lines, found = read(target, source.ids)
        if there := twin(home, target, lines):
            target.unlink()
            return Imported(source.told, there, known=True, damage=damage, doubts=doubts)
        write_sidecars(target, lines)
    doubts += found
    return Imported(source.told, target, rewritten=not kept, damage=damage, doubts=doubts)


def _against_package(source: _Source, checksum: str) -> Iterator[str]:
    if source.stated is None:
        yield _NOT_COMPARED
    elif source.stated and source.stated != f"sha256:{checksum}":
        yield f"is not what {PACKAGE} says ({source.stated})"


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
