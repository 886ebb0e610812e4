"""Which of several sources speaks for a report, and which captures are versions of it. Pure.

Both depend on the set of readings only, never on the order in which they came: a crawl and a
rebuild give the same catalog.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Reading = Mapping[str, Any]
"""A row of ``readings`` (its document is not needed)."""

Content = tuple[str | None, str | None]
"""Digests of the text and of the cells."""
TRUST = {"official": 3, "document_site": 2, "untrusted": 1, None: 0}
"""The higher, the more a source is believed; None: of unknown origin."""


def newest_by_url(readings: Iterable[Reading]) -> list[Reading]:
    """Return the latest reading of each URL, best first: the sources of one report."""
    latest = {reading["url"]: reading for reading in sorted(readings, key=_age)}
    return sorted(latest.values(), key=_rank, reverse=True)


def versions(readings: Iterable[Reading], url: str) -> Iterator[Reading]:
    """Yield, oldest first, the readings of ``url``, and of the addresses at which the report stood
    before it, whose text or cells are new."""
    before: Content | None = None
    for reading in _lineage(readings, url):
        if _content(reading) != before:
            yield reading
        before = _content(reading)


def is_same_place(url: str, other: str) -> bool:
    """Whether two addresses differ in scheme and host alone, as when a host is renamed or a site
    goes over to https."""
    places = {(parts.path, parts.query) for parts in map(urlsplit, (url, other))}
    return len(places) == 1 and not places & {("", ""), ("/", "")}


def _lineage(readings: Iterable[Reading], url: str) -> list[Reading]:
    """Return the readings of an address, oldest first, after those of the addresses before it.

    An address is before another where nothing was read there any more on the day on which the
    other was first read; and it is the same place, or what was last read at the one is what was
    first read at the other.
    """
    by_url: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=_age):
        by_url.setdefault(reading["url"], []).append(reading)
    found = by_url.pop(url, [])
    while found:
        earlier = [known for known in by_url.values() if _leads_to(known[-1], found[0])]
        if not earlier:
            break
        last = max(earlier, key=lambda known: _age(known[-1]))
        found = by_url.pop(last[0]["url"]) + found
    return found


def _leads_to(last: Reading, first: Reading) -> bool:
    return (
        last["captured_at"][:10] < first["captured_at"][:10]
        and last["trust"] == first["trust"]
        and (is_same_place(last["url"], first["url"]) or _content(last) == _content(first))
    )


def _content(reading: Reading) -> Content:
    return reading["text_digest"], reading["cells_digest"]


def _age(reading: Reading) -> tuple[str, str]:
    return reading["captured_at"], reading["capture_id"]


def _rank(reading: Reading) -> tuple[int, int, int, str, str]:
    """Return the order of belief: trust, proved tables, tables with values, age; the id last."""
    return (
        TRUST[reading["trust"]],
        reading["tables_read"],
        reading["tables_inconsistent"],
        *_age(reading),
    )
