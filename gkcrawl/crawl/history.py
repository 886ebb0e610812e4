"""What earlier runs, and this one so far, know of a URL."""

from pathlib import Path
from typing import Protocol

from archive.catalog import Catalog
from archive.records import StoredExchange
from archive.warc import WarcError, locate, read_exchange


class History(Protocol):
    """What a spider asks before it asks the web."""

    def last_capture(self, url: str) -> tuple[str, str | None] | None:
        """Return time and outcome of the newest capture of a URL, None if there is none."""

    def stored(self, url: str) -> StoredExchange | None:
        """Return the newest capture of a URL from the archive, None if it is not at hand."""


class ArchiveHistory:
    """The catalog and the WARC files of this machine."""

    def __init__(self, catalog: Catalog, warcs: Path) -> None:
        self.catalog = catalog
        self.warcs = warcs

    def last_capture(self, url: str) -> tuple[str, str | None] | None:
        """Return time and outcome of the newest capture of a URL, None if there is none."""
        return self.catalog.last_capture(url)

    def stored(self, url: str) -> StoredExchange | None:
        """Return the newest capture of a URL; None if its file is elsewhere or damaged."""
        capture = self.catalog.newest(url)
        if capture is None:
            return None
        try:
            return read_exchange(locate(self.warcs, capture.warc), capture.offset)
        except (FileNotFoundError, WarcError):
            return None
