"""What earlier runs, and this one so far, know of a URL or of a payload."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from archive.catalog import Catalog
from archive.records import Capture, StoredExchange
from archive.warc import WarcError, locate, read_exchange
from gkcrawl.crawl import clock
from gkcrawl.schedule import ELSEWHERE, Past, histories, load_rules


class History(Protocol):
    """What a spider asks before it asks the web."""

    def last_capture(self, url: str) -> tuple[str, str | None] | None:
        """Return time and outcome of the newest capture of a URL, None if there is none."""

    def past(self, url: str, page_class: str) -> Past:
        """Return all that is known of a document; ``page_class``: as what it is asked for now."""

    def stored(self, url: str) -> StoredExchange | None:
        """Return the newest capture of a URL from the archive, None if it is not at hand."""

    def report_at(self, url: str) -> Mapping[str, Any] | None:
        """Return the fields of the report that was last read at a URL, None if none was."""


class ArchiveHistory:
    """The catalog and the WARC files of this machine."""

    def __init__(self, catalog: Catalog, warcs: Path) -> None:
        self.catalog = catalog
        self.warcs = warcs

    def last_capture(self, url: str) -> tuple[str, str | None] | None:
        """Return time and outcome of the newest capture of a URL, None if there is none."""
        return self.catalog.last_capture(url)

    def past(self, url: str, page_class: str) -> Past:
        """Return all that is known of a document; ``page_class``: as what it is asked for now."""
        known = histories.page(self.catalog.db.conn, url)
        return replace(known, page_class=page_class) if known else Past(page_class)

    def stored(self, url: str) -> StoredExchange | None:
        """Return the newest capture of a URL; None if its file is elsewhere or damaged.

        Where the newest says that nothing was modified, it is the page that was not.
        """
        capture = self.catalog.newest(url)
        if capture is not None and capture.status == 304:
            return self.settled(url)
        return self.read(capture) if capture else None

    def report_at(self, url: str) -> Mapping[str, Any] | None:
        """Return the fields of the report that was last read at a URL, None if none was."""
        return self.catalog.report_at(url)

    def settled(self, url: str) -> StoredExchange | None:
        """Return the newest whole answer 200 for a URL; None if there is none at hand, or one that
        is to be asked for again soon."""
        capture = next(iter(self.catalog.answered(url)), None)
        outcome = self.catalog.outcome(capture.id) if capture else None
        if capture is None or outcome is None or outcome in load_rules().waits:
            return None
        stored = self.read(capture)
        return stored if stored and not (stored.missing or stored.failure) else None

    def read(self, capture: Capture) -> StoredExchange | None:
        """Return a capture from its file; None if that is elsewhere or damaged."""
        try:
            return read_exchange(locate(self.warcs, capture.warc), capture.offset)
        except (FileNotFoundError, WarcError):
            return None


class KnownCaptures:
    """What the catalog tells the WARC writer: captures that a response may repeat.

    ``run_id``: only of this run, whose files must be complete without others'; None: of all.
    """

    def __init__(self, catalog: Catalog, run_id: str | None = None) -> None:
        self._catalog = catalog
        self._run_id = run_id

    def with_payload(self, digest: str) -> Sequence[Capture]:
        """Return captures whose own record holds the payload of this digest."""
        return self._catalog.with_payload(digest, run_id=self._run_id)

    def at_address(self, url: str) -> Sequence[Capture]:
        """Return the newest captures of a URL that were answered 200."""
        return () if self._run_id else self._catalog.answered(url, limit=3)


def asked_lately(history: History, url: str) -> bool:
    """Tell whether a question was put to a document site or a web archive so lately that it is not
    to be repeated."""
    last = history.last_capture(url)
    span = load_rules().classes[ELSEWHERE].first
    return last is not None and clock.now() - datetime.fromisoformat(last[0]) < span
