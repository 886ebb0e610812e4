"""What a series of crawls brought, host by host, and what went wrong where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.catalog import Catalog

# Outcomes that a person may want to look at; the others are as they should be.
TROUBLES: Mapping[str, str] = {
    "failed": "no usable answer",
    "truncated": "broke off in the middle",
    "segmented": "stored in several records, which are not joined",
    "blocked": "refused",
    "http_error": "the server's error",
    "not_found": "no longer there",
    "soft_404": "says it is not there",
    "empty": "no content",
    "unreadable": "not decodable",
    "unsupported": "of a type that is not read yet",
}

# Kinds of notices, in the words of the summary.
NOTICES: Mapping[str, str] = {
    "family_drift": "Portals that run another system than their file says",
    "column_gone": "Columns that are gone",
    "column_found": "Columns found in place of those",
    "portal_moved": "Portals that moved to another host",
    "hijacked": "Portals in strange hands",
    "needs_browser": "Pages that need a browser, which is not there",
    "off_site": "Reports on hosts that are not asked",
    "unlisted": "Reports that their column does not list any more",
    "host_resting": "Hosts that were left in peace for a while",
}
MOST_TOLD = 20
"""Notices of one kind in the summary."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One page that gave nothing."""

    url: str
    outcome: str
    detail: str
    """HTTP status or the failure's class; empty: neither."""


@dataclass(slots=True)
class Harvest:
    """What one spider got from one host."""

    spider: str
    host: str
    name: str
    """Of the portal; empty where the host is no portal's own."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """How many responses had each outcome."""
    troubles: list[Trouble] = field(default_factory=list)


def harvest(catalog: Catalog, since: str) -> list[Harvest]:
    """Return what the runs that started at ``since`` (ISO 8601, UTC) or later got, in their order.

    A capture that was not read yet counts as ``pending``.
    """
    names = {_host(url): name for url, name in catalog.portal_names().items()}
    found: dict[tuple[str, str], Harvest] = {}
    for spider, url, outcome, detail in _tries(catalog, since):
        host = _host(url)
        place = found.setdefault((spider, host), Harvest(spider, host, names.get(host, "")))
        place.outcomes[outcome] = place.outcomes.get(outcome, 0) + 1
        if outcome in TROUBLES:
            place.troubles.append(Trouble(url, outcome, detail))
    return list(found.values())


def _tries(catalog: Catalog, since: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield spider, address, outcome and detail of every capture, then of every failure."""
    for row in catalog.captures_since(since):
        status = row["status"]
        detail = f"HTTP {status}" if status and status >= 400 else ""
        yield row["spider"], row["url"], row["outcome"] or "pending", detail
    for row in catalog.failures_since(since):
        yield row["spider"], row["url"], "failed", row["error"]


def lines(places: Iterable[Harvest]) -> Iterator[str]:
    """Yield the harvest as lines for a person: the hosts with their counts, then the troubles."""
    places = list(places)
    spider = ""
    for place in places:
        if place.spider != spider:
            spider = place.spider
            yield spider
        pages = sum(place.outcomes.values())
        yield f"  {place.outcomes.get('report', 0):>5} reports on {pages:>5} pages  {_title(place)}"
    if troubles := [trouble for place in places for trouble in place.troubles]:
        yield ""
        yield f"Gave nothing, and is tried again when due: {len(troubles)}"
        for trouble in troubles:
            said = f"{TROUBLES[trouble.outcome]}{trouble.detail and f', {trouble.detail}'}"
            yield f"  {trouble.outcome:<11} {trouble.url}  ({said})"


def told(notices: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield what a person should know of the portals as lines, kind by kind; of each the first."""
    kinds: dict[str, list[Mapping[str, str]]] = {}
    for notice in notices:
        kinds.setdefault(notice["kind"], []).append(notice)
    for kind, of_kind in kinds.items():
        yield ""
        yield f"{NOTICES.get(kind, kind)}: {len(of_kind)}"
        for notice in of_kind[:MOST_TOLD]:
            yield f"  {notice['portal']:<8} {notice['url']}  ({notice['message']})"
        if len(of_kind) > MOST_TOLD:
            yield f"  … and {len(of_kind) - MOST_TOLD} more: table notices of the catalog"


def _title(place: Harvest) -> str:
    return f"{place.host}  {place.name}".rstrip()


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
