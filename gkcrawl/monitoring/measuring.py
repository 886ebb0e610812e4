"""The numbers of a run that the rules are about. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from gkcrawl.monitoring.facts import Facts, Visited, host_of
from gkcrawl.monitoring.kinds import Measured

# Outcomes of pages (docs/outcomes.md) that are the network's or the server's trouble.
ERRORS = frozenset({"failed", "http_error", "truncated"})
_MIB = 2**20
_FEW = 3
"""Names in a message."""

# Kinds of notices that are rules of the same name.
_NOTICED = ("family_drift", "portal_moved", "hijacked", "needs_browser")


def measure(facts: Facts) -> Iterator[Measured]:
    """Yield what was measured of a run: of the run as a whole, then of its portals.

    Portals are measured where the run came to its end by itself: of one that was stopped nobody
    knows what they would have listed.
    """
    yield from _of_archive(facts)
    yield from _of_disk(facts)
    yield from _of_pages(facts)
    yield from _of_reports(facts)
    yield from _of_notices(facts)
    for portal in facts.visited if facts.reason == "finished" else ():
        yield from _of_portal(facts, portal)


def _of_archive(facts: Facts) -> Iterator[Measured]:
    counts = facts.counts
    refused = counts.get("gk/unwritable", 0) + counts.get("gk/ended_for_want_of_room", 0)
    yield Measured(
        "unwritable", refused, said="the disk or the catalog took no more" * (refused > 0)
    )
    began = _few(facts.killed)
    yield Measured("unfinished", len(facts.killed), said=f"began {began}" if began else "")
    # Of this run's own repairs too: of a run whose every byte was torn nobody knows.
    torn = max(counts.get("gk/torn_bytes", 0), sum(facts.torn.values()))
    said = f"{torn} torn bytes" if torn else ""
    yield Measured("torn_files", max(counts.get("gk/torn_files", 0), len(facts.torn)), said=said)
    yield Measured("catalog_behind", len(facts.strangers), said=_few(facts.strangers))
    unread = sorted(url for url, outcome in facts.pages.items() if outcome == "pending")
    yield Measured("unread", len(unread), said=_few(unread))
    yield Measured("clock_step", counts.get("gk/clock_stepped", 0))
    behind = (facts.newest - facts.now).total_seconds() / 3600 if facts.newest else 0.0
    said = f"an earlier run tells of {facts.newest:%F %T}Z" if behind > 0 else ""
    yield Measured("clock_behind", round(max(behind, 0.0), 2), said=said)


def _of_disk(facts: Facts) -> Iterator[Measured]:
    sizes = (facts.counts, *(run.counts for run in facts.earlier[:_FEW]))
    before = tuple(counts.get("gk/bytes", 0) / _MIB for counts in sizes)
    said = f"{facts.free // _MIB} MiB are free"
    yield Measured(
        "disk_left", facts.free // _MIB, before=before, limit=facts.room // _MIB, said=said
    )


def _of_pages(facts: Facts) -> Iterator[Measured]:
    """Yield what came of the pages; nothing where none was asked."""
    if not facts.pages:
        return
    came = Counter(facts.pages.values())
    errors = sum(came[outcome] for outcome in ERRORS)
    total, blocked = len(facts.pages), came["blocked"]
    yield Measured("nothing_answered", total - errors - blocked, said=f"of {total} pages")
    told = ", ".join(f"{came[name]} {name}" for name in sorted(ERRORS) if came[name])
    yield _share(facts, "error_rate", errors, total, told)
    yield _share(facts, "refusals", blocked, total, _few(_hosts(facts, {"blocked"})))
    hosts = {host_of(url) for url in facts.pages}
    yield _share(facts, "hosts_resting", len(facts.rested), len(hosts), _few(sorted(facts.rested)))
    silent = [portal.name for portal in facts.visited if _is_silent(facts.counts, portal.code)]
    yield _share(facts, "portals_failed", len(silent), len(facts.visited), _few(silent))


def _of_reports(facts: Facts) -> Iterator[Measured]:
    read = facts.read
    for rule, value, of in (
        ("parse_rate", read.with_tables, read.with_form),
        ("filled_year", read.with_year, read.reports),
        ("filled_issuer", read.with_issuer, read.reports),
        ("filled_published", read.with_published, read.reports),
    ):
        yield _share(facts, rule, value, of, f"{value} of {of} reports")


def _of_notices(facts: Facts) -> Iterator[Measured]:
    """Yield what a person should see to, portal by portal; a column found elsewhere is none."""
    kinds = {kind: [one for one in facts.notices if one.kind == kind] for kind in _NOTICED}
    found = {one.portal for one in facts.notices if one.kind == "column_found"}
    kinds["column_gone"] = [
        one for one in facts.notices if one.kind == "column_gone" and one.portal not in found
    ]
    for kind, notices in kinds.items():
        for portal, count in Counter(one.portal for one in notices).items():
            first = next(one for one in notices if one.portal == portal)
            yield Measured(kind, count, portal, said=f"{first.url}: {first.message}")


def _of_portal(facts: Facts, portal: Visited) -> Iterator[Measured]:
    code, name = portal.code, f"{portal.name} ({portal.host})"
    said = f"{name} lists {portal.listed} reports"
    yield Measured("least_reports", portal.listed, code, limit=portal.least, said=said)
    visits = [run.counts for run in facts.earlier if f"gk/portal/{code}/requests" in run.counts]
    listed = facts.counts.get(f"gk/portal/{code}/articles", 0)
    before = tuple(float(counts.get(f"gk/portal/{code}/articles", 0)) for counts in visits)
    yield Measured("fewer_reports", listed, code, before=before, said=f"{name} lists {listed}")
    in_a_row = sum(
        1 for _ in takewhile(lambda counts: _is_silent(counts, code), (facts.counts, *visits))
    )
    yield Measured("portal_silent", in_a_row, code, said=f"{name} gave nothing")
    own = [outcome for url, outcome in facts.pages.items() if host_of(url) == portal.host]
    refused = own.count("blocked")
    said = f"{name} refused {refused} of {len(own)} pages"
    yield Measured("portal_refuses", refused, code, of=len(own), said=said)


def _is_silent(counts: Mapping[str, int], code: str) -> bool:
    """Return whether a visit to a portal gave nothing, and not because nothing is there."""
    failed = counts.get(f"gk/portal/{code}/failed", 0)
    return bool(failed and not counts.get(f"gk/portal/{code}/articles", 0))


def _share(facts: Facts, rule: str, value: int, of: int, said: str) -> Measured:
    before = (run.measured.get((rule, "")) for run in facts.earlier)
    known = tuple(one for one in before if one is not None)[:5]
    return Measured(rule, value, of=of, before=known, said=said)


def _hosts(facts: Facts, outcomes: set[str]) -> list[str]:
    """Return the hosts with most pages of these outcomes, the worst first."""
    counted = Counter(host_of(url) for url, outcome in facts.pages.items() if outcome in outcomes)
    return [host for host, _ in counted.most_common()]


def _few(names: Sequence[str]) -> str:
    """Return the first names, and how many there are besides."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")
