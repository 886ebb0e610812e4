"""Whether a WACZ file is whole, ours or another maker's: files, checksums, index, pages, signature.

``wacz validate`` passes files without pages or index
(https://github.com/webrecorder/py-wacz/issues/46); this does not.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from archive.warc.cdxj import index_lines
from archive.warc.errors import DamagedRecord
from archive.warc.merged import IndexEntry, parse_line
from archive.warc.wacz.signing import is_signed
from archive.warc.wacz.write import DIGEST, PACKAGE, PAGES

_UNLISTED = frozenset({PACKAGE, DIGEST})
_PLAIN_INDEXES = ("indexes/index.cdxj", "indexes/index.cdx")
_PACKED_INDEXES = ("indexes/index.cdx.gz", "indexes/index.cdxj.gz")


def check_wacz(path: Path) -> list[str]:
    """Return everything that is wrong with a WACZ file, in English; nothing: it is whole.

    The index is held against one that is made of the WARC files anew, one file at a time in a
    temporary folder.
    """
    try:
        with ZipFile(path) as archive:
            return [problem for check in _CHECKS for problem in check(archive)]
    except BadZipFile as error:
        return [f"is no ZIP file, or a damaged one: {error}"]


def package_of(archive: ZipFile) -> dict[str, Any] | None:
    """Return the content of datapackage.json; None: there is none, or it is no JSON object."""
    try:
        told = json.loads(archive.read(PACKAGE))
    except (KeyError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _files(archive: ZipFile) -> Iterator[str]:
    """Every file is listed once with its size and checksum, and the other way round."""
    package = package_of(archive)
    if package is None:
        yield f"{PACKAGE} is missing, or no JSON object"
        return
    listed = {entry.get("path"): entry for entry in package.get("resources", ())}
    there = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    if len(there) < sum(not info.is_dir() for info in archive.infolist()):
        yield "a file is there twice under one name"
    for name in sorted(listed.keys() - there.keys(), key=str):
        yield f"{name} is listed and not there"
    for name, info in there.items():
        if name not in _UNLISTED and name not in listed:
            yield f"{name} is not listed in {PACKAGE}"
        elif name in listed:
            with archive.open(info) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            stated = listed[name].get("hash")
            if (stated, listed[name].get("bytes")) != (f"sha256:{digest}", info.file_size):
                yield f"{name} is not what {PACKAGE} says"
        if name.endswith(".gz") and info.compress_type != ZIP_STORED:
            yield f"{name} is compressed twice: replay tools cannot read parts of it"


def _signature(archive: ZipFile) -> Iterator[str]:
    if DIGEST not in archive.namelist() or package_of(archive) is None:
        yield (
            f"{DIGEST} is missing" if DIGEST not in archive.namelist() else f"{PACKAGE}: see above"
        )
        return
    digest = "sha256:" + hashlib.sha256(archive.read(PACKAGE)).hexdigest()
    try:
        told = json.loads(archive.read(DIGEST))
        if told["hash"] != digest:
            yield f"{PACKAGE} is not what {DIGEST} says"
        if "signedData" in told and not is_signed(told["signedData"], digest):
            yield "the signature is not that of this package"
    except (ValueError, KeyError, TypeError) as error:
        yield f"{DIGEST} makes no sense: {error!r}"


def _index(archive: ZipFile) -> Iterator[str]:
    """The index has a line for each capture in the WARC files, and no others."""
    stated = {(entry.warc, entry.offset, entry.length) for entry in _entries(archive)}
    if not stated:
        yield "there is no index, or nothing in it"
    found: set[tuple[str, int, int]] = set()
    known: set[tuple[str, int, int]] = set()
    for name in archive.namelist():
        if name.startswith("archive/") and name.endswith(".warc.gz"):
            try:
                must, may = _captures(archive, name)
                found |= must
                known |= may
            except DamagedRecord as error:
                yield f"{name}, offset {error.offset}: {error.message}"
    for warc, offset, _ in sorted(found - stated):
        yield f"archive/{warc}, offset {offset}: is not in the index"
    for warc, offset, _ in sorted(stated - known):
        yield f"the index has a record in {warc}, offset {offset}, which is not there"


def _pages(archive: ZipFile) -> Iterator[str]:
    """There is a list of pages, and each of them is in the index."""
    try:
        header, *lines = archive.read(PAGES).splitlines()
    except (KeyError, ValueError):
        yield f"{PAGES} is missing or empty"
        return
    if json.loads(header).get("format") != "json-pages-1.0":
        yield f"{PAGES} does not begin with its header"
    urls = {entry.url for entry in _entries(archive)}
    for line in lines:
        page = json.loads(line)
        if page["url"] not in urls:
            yield f"the page {page['url']} is not in the index"


def _entries(archive: ZipFile) -> Iterator[IndexEntry]:
    names = archive.namelist()
    for name in _PLAIN_INDEXES:
        if name in names:
            with archive.open(name) as lines:
                yield from map(parse_line, lines)
    for name in _PACKED_INDEXES:
        if name in names:
            with archive.open(name) as packed, gzip.open(packed) as lines:
                yield from map(parse_line, lines)


def _captures(archive: ZipFile, name: str) -> tuple[set[tuple[str, int, int]], ...]:
    """Return what must be in the index of a WARC file, and what may be (answers 304)."""
    with TemporaryDirectory() as folder:
        path = Path(folder, Path(name).name)
        with archive.open(name) as source, path.open("wb") as target:
            copyfileobj(source, target)
        lines = (index_lines(path), index_lines(path, whole=True))
    entries = ((parse_line(line.encode()) for line in some) for some in lines)
    return tuple({(one.warc, one.offset, one.length) for one in some} for some in entries)


_CHECKS: tuple[Callable[[ZipFile], Iterator[str]], ...] = (_files, _signature, _index, _pages)
