"""WARC records of a web archive, fetched one by one by Range, and taken over byte for byte."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.catalog import Catalog
from archive.index import index_archive
from archive.records import StoredExchange
from archive.warc import WarcError, iter_exchanges
from archive.warc.importing import import_file
from gkcrawl.crawl.cdx import Snapshot


def byte_range(snapshot: Snapshot) -> str:
    """Return the value of a Range header that asks for a capture's record."""
    first = snapshot.offset or 0
    return f"bytes={first}-{first + snapshot.length - 1}"


class Members:
    """Records that wait, each in a file of its own, until the run's own files are written."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="gkcrawl-")
        self._paths: list[Path] = []

    def add(self, snapshot: Snapshot, record: bytes) -> Iterator[StoredExchange]:
        """Keep a record; yield the exchange in it, none where it is no whole WARC record."""
        stem = Path(snapshot.filename).name.removesuffix(".warc.gz")
        path = Path(self._folder.name, f"{stem}-{snapshot.offset}.warc.gz")
        path.write_bytes(record)
        try:
            found = [one for one in iter_exchanges(path) if isinstance(one, StoredExchange)]
        except WarcError:
            # What came instead stands in our own WARC file, as an answer of the archive.
            return
        self._paths.append(path)
        yield from found

    def take_over(self, home: Path, catalog: Catalog) -> int:
        """Import what was added into the archive in ``home`` and read it; return how many files."""
        try:
            warcs = [done.warc for path in self._paths for done in import_file(home, path)]
            if warcs:
                index_archive(home, catalog, warcs=warcs)
            return len(warcs)
        finally:
            self._folder.cleanup()
