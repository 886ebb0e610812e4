"""What a stored response is: an outcome and, where it is one, the report.

The one call behind the crawl, ``gkcrawl index`` and the tests; it knows nothing of the catalog.
"""

import logging
from dataclasses import replace
from pathlib import Path

from archive import report
from archive.prefilter import may_be_report
from archive.records import READ_CLASSES, REFUSALS, NotAReport, Reading, Report, StoredExchange
from archive.warc import read_exchange

logger = logging.getLogger(__name__)

# HTTP status -> outcome.
_STATUS = dict.fromkeys((404, 410), "not_found") | dict.fromkeys(REFUSALS, "blocked")
_NO_HTTP = "no HTTP message"
_MISSING = "a revisit; the record that holds its payload is in none of the files here"
_SEGMENTED = "WARC-Segment-Number: the rest stands in other records, which are not joined"
_SIFTED = "words that every report has are missing"
# What a page that only leads on may still turn out to be.
_NOT_NAVIGATION = frozenset({"blocked", "soft_404"})


def read_stored(stored: StoredExchange, *, sifted: bool = False) -> Reading:
    """Return what a stored response is. Pure; a fault of the reader becomes ``failed``, a document
    for which the memory is not enough ``unreadable``. ``sifted``: what cannot be a report is not
    read, and ``unrelated``.

    Outcomes, in this order: ``failed`` (no HTTP message), ``not_modified`` (304), ``redirect``, by
    status ``not_found``, ``blocked`` or ``http_error``, then ``original_missing`` (a revisit whose
    payload is not at hand), ``segmented`` (cut into several records) and ``truncated``;
    ``navigation`` for pages that only lead on; else
    ``report`` or the reason why it is none.
    """
    outcome, message = _transport_outcome(stored)
    if outcome:
        return Reading(stored, outcome, message=message)
    capture = stored.capture
    if sifted and not may_be_report(stored.content, capture.media_type, dict(stored.headers)):
        return Reading(stored, "unrelated", message=_SIFTED)
    try:
        found = read_content(stored)
    except MemoryError:
        return Reading(stored, "unreadable", message="needs more memory than it may have")
    except Exception as error:
        # One document must not stop the work on all others; it is counted and shown as failed.
        logger.exception("reading capture %s of %s", stored.capture.id, stored.capture.url)
        return Reading(stored, "failed", message=f"{type(error).__name__}: {error}")
    if _page_class(stored) not in READ_CLASSES:
        if not found.is_report and found.reason in _NOT_NAVIGATION:
            return Reading(stored, found.reason, message=found.message)
        return Reading(stored, "navigation")
    if found.is_report:
        return Reading(stored, "report", found)
    return Reading(stored, found.reason, message=found.message)


def read_content(stored: StoredExchange) -> Report | NotAReport:
    """Return what the reader says of a stored response's content.

    The hint ``archived_url`` is the address of the page that a web archive showed; documents found
    by the family ``wenku`` are of a document site, and their dates those of uploads.
    """
    hints = stored.hints
    found = report.read(
        stored.content,
        url=stored.address,
        media_type=stored.capture.media_type,
        headers=dict(stored.headers),
        hints=hints,
    )
    if found.is_report and found.trust == "untrusted" and hints.get("family") == "wenku":
        return replace(found, trust="document_site", published=None, published_source=None)
    return found


def read_at(path: Path, offset: int) -> Reading:
    """Return what the response at ``offset`` of a WARC file is, for another process to ask.

    The content is left out of the answer: the catalog has no use for it.
    """
    reading = read_stored(read_exchange(path, offset))
    return replace(reading, stored=replace(reading.stored, content=b""))


def _transport_outcome(stored: StoredExchange) -> tuple[str, str]:
    """Return (outcome, message) where the exchange alone tells it, else two empty texts."""
    status = stored.capture.status
    failure = stored.failure
    reason = f"{failure.error}: {failure.message}" if failure else ""
    if status is None:
        return ("original_missing", _MISSING) if stored.missing else ("failed", reason or _NO_HTTP)
    if status == 304 or stored.revisit == "server-not-modified":
        return "not_modified", ""
    if 300 <= status < 400:
        return "redirect", _header(stored, "location")
    if status >= 400:
        return _STATUS.get(status, "http_error"), f"HTTP {status}"
    if stored.missing:
        return "original_missing", _MISSING
    if stored.segmented:
        return "segmented", _SEGMENTED
    if stored.truncated:
        return "truncated", stored.truncated
    return ("failed", reason) if failure else ("", "")


def _header(stored: StoredExchange, name: str) -> str:
    return next((value for key, value in stored.headers if key.lower() == name), "")


def _page_class(stored: StoredExchange) -> str:
    """Return what the page was fetched as; a rendered page says so in its hints."""
    kind = stored.capture.kind
    return stored.hints.get("page_class", "other") if kind == "rendered" else kind
