"""Single documents that somebody has, with the address they came from, as ``resource`` records.

What is known of them is the bytes and the address; no request and no HTTP head is made up. The
date of the record is that of the import; the file's own time stands in the metadata record.
"""

import mimetypes
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.records import Run, RunEnd, timestamp
from archive.warc.cdxj import write_sidecars
from archive.warc.errors import WarcError
from archive.warc.fields import MEDIA_TYPE, encode_fields
from archive.warc.group import Group, Place
from archive.warc.importing.files import IMPORT, Imported, utcnow
from archive.warc.importing.places import importing
from archive.warc.merged import lookup
from archive.warc.names import file_name
from archive.warc.publish import published
from archive.warc.record import Record, digest, pack
from archive.warc.runs import run_end, warcinfo


@dataclass(frozen=True, slots=True)
class LocalDocument:
    """A file and where it came from."""

    file: Path
    url: str
    """ASCII, http or https."""
    media_type: str | None = None
    """None: what the file's name says."""


def import_documents(
    home: Path,
    documents: Iterable[LocalDocument],
    *,
    software: str = "gkcrawl",
    clock: Callable[[], datetime] = utcnow,
) -> list[Imported]:
    """Keep documents in one new WARC file and return what became of each, in their order.

    A document that is there already, the same bytes at the same address, is not kept again. Either
    all of them are on the disk afterwards or none. Raises WarcError for an address that is no
    http(s) URL in printable ASCII, and OSError for a file that cannot be read.
    """
    wanted = list(documents)
    for document in wanted:
        _demand_url(document.url)
    new: dict[tuple[str, str], LocalDocument] = {}
    places: list[tuple[LocalDocument, tuple[str, str], Path | None]] = []
    for document in wanted:
        key = document.url, digest(document.file.read_bytes())
        there = _standing(home, *key)
        places.append((document, key, there))
        if there is None:
            new.setdefault(key, document)
    target = Path()
    if new:
        (home / "warc").mkdir(parents=True, exist_ok=True)
        with importing(home / "warc"):
            target = _write(home / "warc", new.values(), software, clock)
    return [
        Imported(str(document.file), there or target, known=bool(there) or new[key] is not document)
        for document, key, there in places
    ]


def _demand_url(url: str) -> None:
    whole = url.startswith(("http://", "https://")) and url.isascii() and url.isprintable()
    if not whole or " " in url:
        raise WarcError(f"{url!r}: expected an http(s) URL in ASCII; percent-encode the rest")


def _standing(home: Path, url: str, checksum: str) -> Path | None:
    for entry in lookup(home, url):
        if (entry.url, entry.digest) == (url, checksum):
            return home / "warc" / entry.warc
    return None


def _write(
    directory: Path,
    documents: Iterable[LocalDocument],
    software: str,
    clock: Callable[[], datetime],
) -> Path:
    moment = clock()
    date = timestamp(moment)
    run = Run(uuid.uuid4().hex, IMPORT, date, software=software)
    target = directory / file_name(IMPORT, moment, 1, run.id)
    first = warcinfo(run, date, target.name)
    with published(target) as file:
        place = Place(date, first.id, run.id)
        file.write(pack(first))
        count = 0
        for document in documents:
            count += 1
            file.writelines(map(pack, _group(document, place)))
        end = RunEnd(run.id, date, "finished", {"documents": count})
        file.writelines(map(pack, run_end(end, place)))
    write_sidecars(target)
    return target


def _group(document: LocalDocument, place: Place) -> Iterator[Record]:
    content = document.file.read_bytes()
    guessed, _ = mimetypes.guess_type(document.file.name)
    kind = document.media_type or guessed or "application/octet-stream"
    modified = datetime.fromtimestamp(document.file.stat().st_mtime, UTC)
    group = Group(place, document.url)
    group.add("resource", content, kind, main=True, payload=content)
    told = encode_fields(
        [("event", IMPORT), ("file", document.file.name), ("modified", timestamp(modified))]
    )
    group.add("metadata", told, MEDIA_TYPE)
    yield from group.records
