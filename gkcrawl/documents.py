"""Local documents and other people's WARCs through the one reader: ``gkcrawl read``."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archive.reading import read_content
from archive.records import READ_CLASSES, NotAReport, Report, StoredExchange
from archive.warc import iter_exchanges
from archive.worker import ContentReader, OutOfBounds
from gkcrawl.output import print_json

NO_FILE = "no_file"
"""The reason given for a file that cannot be opened."""
_WARC_ENDINGS = (".warc", ".warc.gz", ".warc.gz.open")


class ManifestError(ValueError):
    """A manifest's line is not ``{"file": …, "url": …, "media_type": …}``."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to read: a file and what is known of where it came from."""

    file: Path
    url: str | None = None
    media_type: str | None = None


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--url", help="Where the document came from.")
@click.option(
    "--manifest",
    "listed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Read the files listed here: a line each of {"file", "url", "media_type"}.',
)
def read(files: tuple[Path, ...], url: str | None, listed: Path | None) -> None:
    """Read documents and print one JSON object each, in the order given.

    HTML pages, plain text, PDF, Word and WPS, Excel, RTF, OFD, MHTML, ZIP with one of them, and
    WARC files (an object for each page in it).
    """
    documents = [Document(file, url) for file in files]
    try:
        if listed is not None:
            documents += manifest(listed)
    except ManifestError as error:
        raise click.ClickException(str(error)) from error
    if not documents:
        raise click.UsageError("name a FILE or a --manifest")
    failed = False
    for found in read_documents(documents):
        failed |= found["reason"] == NO_FILE
        print_json(found)
    sys.exit(1 if failed else 0)


def manifest(path: Path) -> Iterator[Document]:
    """Yield the documents that a manifest lists, one JSON object a line, blank lines skipped.

    Raises ManifestError with file, line and what was expected.
    """
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            yield Document(Path(entry["file"]), entry.get("url"), entry.get("media_type"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wanted = '{"file": …, "url": …, "media_type": …}'
            raise ManifestError(f"{path}, line {number}: expected {wanted} ({error!r})") from error


def read_documents(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """Yield the JSON object of each document in order; a WARC gives one for each page in it.

    A child process with limits opens them, as in a crawl: one that breaks a limit is
    ``unreadable``, and the others are read all the same.
    """
    reader = ContentReader()
    try:
        for document in documents:
            name = str(document.file)
            yield from ({"file": name, **found} for found in _read(document, reader))
    finally:
        reader.close()


def _read(document: Document, reader: ContentReader) -> Iterator[dict[str, Any]]:
    try:
        if document.file.name.endswith(_WARC_ENDINGS):
            yield from _read_warc(document.file, reader)
            return
        content = document.file.read_bytes()
    except OSError as error:
        yield NotAReport(NO_FILE, str(error), document.url).as_dict()
        return
    found = reader.read(content, url=document.url, media_type=document.media_type)
    yield found.as_dict()


def _read_warc(path: Path, reader: ContentReader) -> Iterator[dict[str, Any]]:
    for stored in iter_exchanges(path):
        if not isinstance(stored, StoredExchange):
            continue
        capture = stored.capture
        if capture.kind in (*READ_CLASSES, "rendered") and capture.status == 200:
            yield {"offset": capture.offset, **_read_stored(stored, reader).as_dict()}


def _read_stored(stored: StoredExchange, reader: ContentReader) -> Report | NotAReport:
    try:
        return reader.run(read_content, stored)
    except (OutOfBounds, MemoryError) as error:
        return NotAReport("unreadable", str(error), stored.capture.url)
