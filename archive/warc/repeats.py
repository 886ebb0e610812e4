"""Whether a response repeats what the archive has: then a revisit record is written for it.

A payload that is stored as a revisit hangs on another record, so that much is asked of that one.
It is looked at, in its file, each time before it is referred to.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from archive.records import Capture, Exchange
from archive.warc.message import Headers, Message, cut, header_values, parse_headers
from archive.warc.names import locate
from archive.warc.originals import Originals, record_at
from archive.warc.record import Record
from archive.warc.revisits import IDENTICAL, NOT_MODIFIED, Original, Repeat, is_fit

LEAST = 1024
"""Bytes of a payload below which a revisit would save nothing."""
# What makes a request conditional, and the header of the answer before that it quotes (RFC 9110).
_CONDITIONS = (("if-none-match", "etag"), ("if-modified-since", "last-modified"))


class Known(Protocol):
    """What a writer is told of the captures that are on the disk and in the catalog.

    Best first; a few are enough. Whether their records are there and fit is the writer's to see.
    """

    def with_payload(self, digest: str) -> Iterable[Capture]:
        """Return captures whose payload has this digest and is in their own record."""

    def at_address(self, url: str) -> Iterable[Capture]:
        """Return captures of a URL, answered 200, revisits too."""


class Repeats:
    """Finds what the responses of one run repeat.

    ``growing``: gives the name that the run's growing file will have. No other growing file is
    referred to: what another living run writes may yet be cut.
    """

    def __init__(self, directory: Path, known: Known, growing: Callable[[], str | None]) -> None:
        self.directory = directory
        self._known = known
        self._growing = growing
        self._originals = Originals()

    def find(self, exchange: Exchange, parts: Message, digest: str) -> Repeat | None:
        """Return what a response repeats; None: it is to be stored in full.

        ``digest``: of its payload.
        """
        if exchange.failure or exchange.truncated or parts.truncated:
            return None
        if not exchange.request.startswith(b"GET "):
            return None
        if parts.status == 304:
            return self._unmodified(exchange)
        if parts.status == 200 and len(parts.body) >= LEAST:
            return self._identical(parts, digest)
        return None

    def _identical(self, parts: Message, digest: str) -> Repeat | None:
        coding = header_values(parts.headers, "content-encoding")
        for original in self._records(self._known.with_payload(digest)):
            # Some tools decode the payload by the head that it was stored with.
            same = header_values(_headers(original.record), "content-encoding") == coding
            if same and is_fit(original.record, digest):
                return Repeat(IDENTICAL, original)
        return None

    def _unmodified(self, exchange: Exchange) -> Repeat | None:
        asked = parse_headers(exchange.request)
        for found in self._records(self._known.at_address(exchange.url)):
            if _is_meant(asked, _headers(found.record)):
                original = self._resolved(found)
                digest = found.record.get("WARC-Payload-Digest")
                if original and digest and is_fit(original.record, digest):
                    return Repeat(NOT_MODIFIED, original)
        return None

    def _records(self, captures: Iterable[Capture]) -> Iterator[Original]:
        """Yield the records of captures, where they are at hand."""
        for capture in captures:
            found = record_at(self.directory, capture.warc, capture.offset)
            if found and found.record.id == capture.id and self._will_stay(found):
                yield found

    def _resolved(self, found: Original) -> Original | None:
        if found.record.type != "revisit":
            return found
        original = self._originals.of(found.record, locate(self.directory, found.warc))
        return original if original and self._will_stay(original) else None

    def _will_stay(self, original: Original) -> bool:
        # First, since a file may get its name in between.
        finished = (self.directory / original.warc).exists()
        return finished or original.warc == self._growing()


def _headers(record: Record) -> Headers:
    parts = cut(record.block)
    return parts.headers if parts else ()


def _is_meant(asked: Headers, answered: Headers) -> bool:
    """Return whether a conditional request quotes this answer."""
    quoted = [
        (header_values(asked, condition), header_values(answered, validator))
        for condition, validator in _CONDITIONS
    ]
    conditions = [pair for pair in quoted if pair[0]]
    return bool(conditions) and all(condition == found for condition, found in conditions)
