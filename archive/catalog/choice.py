"""Which of several sources speaks for a report, and which captures are versions of it. Pure.

Both depend on the set of readings only, never on the order in which they came: a crawl and a
rebuild give the same catalog.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Reading = Mapping[str, Any]
"""A row of ``readings`` (its document is not needed)."""

TRUST = {"official": 3, "document_site": 2, "untrusted": 1, None: 0}
"""The higher, the more a source is believed; None: of unknown origin."""


def newest_by_url(readings: Iterable[Reading]) -> list[Reading]:
    """Return the latest reading of each URL, best first: the sources of one report."""
    latest = {reading["url"]: reading for reading in sorted(readings, key=_age)}
    return sorted(latest.values(), key=_rank, reverse=True)


def versions(readings: Iterable[Reading], url: str) -> Iterator[Reading]:
    """Yield, oldest first, the readings of ``url`` whose text or cells are new."""
    before: Sequence[str | None] | None = None
    for reading in sorted((r for r in readings if r["url"] == url), key=_age):
        content = (reading["text_digest"], reading["cells_digest"])
        if content != before:
            yield reading
        before = content


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
