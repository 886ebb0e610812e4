"""Writing a WACZ file: whole WARC files, never parts of them."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from archive.warc.errors import WarcError
from archive.warc.merged import REVISIT, merge_index, merge_sorted, parse_line
from archive.warc.names import WARC, cdxj_path, checksum_path, warc_files
from archive.warc.originals import Originals
from archive.warc.publish import published
from archive.warc.record import mapped, walk
from archive.warc.revisits import place_of
from archive.warc.wacz.container import Container, Resource, pieces
from archive.warc.wacz.signing import KEY, signed_data, signing_key
from archive.warc.wacz.zipnum import ZipNum

TITLE = "政府信息公开工作年度报告"
PAGES, INDEX, LISTING = "pages/pages.jsonl", "indexes/index.cdx.gz", "indexes/index.idx"
MANIFEST = "manifest/manifest-sha256.txt"
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
_PAGES_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": TITLE}


@dataclass(frozen=True, slots=True)
class Page:
    """One page that a reader of the WACZ file is shown in the list."""

    id: str
    url: str
    timestamp: str
    """When it was captured, ISO 8601; with the URL it names the record."""
    warc: str
    """Name of the file that holds it."""
    title: str | None = None
    text: str | None = None
    """For the viewer's search; None: it finds titles and URLs only."""


@dataclass(frozen=True, slots=True)
class WaczWritten:
    """What went into a WACZ file."""

    warcs: tuple[str, ...]
    pages: int
    left_out: tuple[str, ...]
    """URLs of pages whose file is still growing or is not here."""


def write_wacz(
    home: Path,
    out: Path,
    pages: Iterable[Page],
    *,
    whole: bool = True,
    key: Path | None = None,
    created: datetime | None = None,
    software: str = "gkcrawl",
) -> WaczWritten:
    """Write a WACZ file with ``pages`` to ``out`` and say what is in it.

    ``whole``: all finished WARC files; else those that hold ``pages``, whole, and those that hold
    the originals of their revisits. ``key``: of the signature, ``home/keys/wacz.pem`` if None, made
    if there is none. ``created``: now if None. The file gets its name when it is whole; the merged
    index is brought up to date.

    Raises WarcError where an index is missing or a WARC file is not what its checksum says.
    """
    created = (created or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    signing = signing_key(key or home / KEY)
    merge_index(home)
    there = {path.name: path for path in warc_files(home / "warc") if path.name.endswith(WARC)}
    out.parent.mkdir(parents=True, exist_ok=True)
    with published(out) as file, ZipFile(file, "w") as archive:
        package = Container(archive, created)
        listed = _Listed(there.keys())
        package.add(PAGES, listed.lines(pages), stored=False)
        names = there.keys() if whole else _with_originals(listed.warcs, there)
        warcs = [there[name] for name in sorted(names)]
        _add_index(package, warcs)
        for path in warcs:
            _add_warc(package, path)
        for log in sorted((home / "logs").glob("*")):
            if log.is_file():
                _add_file(package, f"logs/{log.name}", log)
        package.add(MANIFEST, _manifest(package.resources), stored=False)
        _seal(package, signing, software)
    return WaczWritten(tuple(path.name for path in warcs), listed.count, tuple(listed.left_out))


class _Listed:
    """The pages as lines, and what was learnt while they went by."""

    def __init__(self, there: Collection[str]) -> None:
        self._there = there
        self.warcs: set[str] = set()
        self.count = 0
        self.left_out: list[str] = []

    def lines(self, pages: Iterable[Page]) -> Iterator[bytes]:
        yield _line(_PAGES_HEADER)
        for page in pages:
            if page.warc not in self._there:
                self.left_out.append(page.url)
                continue
            self.warcs.add(page.warc)
            self.count += 1
            told = {"id": page.id, "url": page.url, "ts": page.timestamp}
            told |= {"title": page.title} if page.title else {}
            yield _line(told | ({"text": page.text} if page.text else {}))


def _line(value: dict[str, str]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _add_index(package: Container, warcs: Iterable[Path]) -> None:
    indexes = [cdxj_path(warc) for warc in warcs]
    if missing := [path.name for path in indexes if not path.exists()]:
        raise WarcError(f"{missing[0]} is missing; run: gkcrawl verify --repair")
    zipnum = ZipNum(Path(INDEX).name)
    with TemporaryDirectory() as folder:
        merged = Path(folder, "index.cdxj")
        merge_sorted(indexes, merged)
        with merged.open("rb") as lines:
            package.add(INDEX, zipnum.members(lines), stored=True, size=merged.stat().st_size)
    package.add(LISTING, zipnum.listing(), stored=False)


def _add_warc(package: Container, path: Path) -> None:
    added = _add_file(package, f"archive/{path.name}", path, stored=True)
    checksum = checksum_path(path)
    if checksum.exists() and checksum.read_text("utf-8").split()[0] != added.sha256:
        raise WarcError(f"{path.name} is not what {checksum.name} says; run: gkcrawl verify")


def _add_file(package: Container, name: str, path: Path, *, stored: bool = False) -> Resource:
    with path.open("rb") as file:
        return package.add(name, pieces(file), stored=stored, size=path.stat().st_size)


def _manifest(resources: Iterable[Resource]) -> list[bytes]:
    return [f"{resource.sha256}  {resource.path}\n".encode() for resource in resources]


def _seal(package: Container, signing: EllipticCurvePrivateKey, software: str) -> None:
    """Add what the package is, and the signature of that."""
    created = f"{package.created:%Y-%m-%dT%H:%M:%SZ}"
    about = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": TITLE,
        "created": created,
        "modified": created,
        "software": software,
        "resources": package.listed(),
    }
    digest = "sha256:" + package.add_json(PACKAGE, about).sha256
    signed = signed_data(signing, digest, created=created, software=software)
    package.add_json(DIGEST, {"path": PACKAGE, "hash": digest, "signedData": signed})


def _with_originals(names: Iterable[str], there: dict[str, Path]) -> set[str]:
    """Return ``names`` and the files that hold what the revisits in these refer to.

    A revisit has no payload of its own: without its original it cannot be replayed.
    """
    wanted = set(names)
    todo = list(wanted)
    while todo:
        more = {name for name in _originals(there[todo.pop()], wanted) if name in there} - wanted
        wanted |= more
        todo += more
    return wanted


def _originals(warc: Path, wanted: Collection[str]) -> Iterator[str]:
    """Yield the names of the files with the originals of a file's revisits.

    Those that say themselves that theirs are in ``wanted`` are passed over.
    """
    originals = Originals()
    with cdxj_path(warc).open("rb") as lines, mapped(warc) as data:
        for entry in map(parse_line, lines):
            if entry.mime == REVISIT:
                record = next(walk(data, entry.offset))
                told = place_of(record)
                if told is None or told[0] not in wanted:
                    original = originals.of(record, warc)
                    if original is not None:
                        yield original.warc
