"""What came of a crawl of the land, held against its truth; and how the crawl behaved."""

import ipaddress
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from protego import Protego

from gkcrawl.demo.land import Land
from gkcrawl.demo.land.traps import RETRY_AFTER
from gkcrawl.demo.proxy import Exchange

AGENT = "gkcrawl"
# What the clock of a busy machine may take from a pause.
_TOLERANCE = 0.8


@dataclass(slots=True)
class Score:
    """One crawl beside the truth: of a portal, a family or the whole land."""

    wanted: int = 0
    found: int = 0
    in_catalog: int = 0
    false: int = 0
    requests: int = 0

    def told(self) -> dict[str, Any]:
        """Return the figures with recall, precision and requests a found report."""
        return {
            "reports": self.wanted,
            "found": self.found,
            "recall": _share(self.found, self.wanted),
            "precision": _share(self.in_catalog - self.false, self.in_catalog),
            "false": self.false,
            "requests": self.requests,
            "requests_per_report": round(self.requests / self.found, 3) if self.found else None,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one crawl found, missed, made up, and asked."""

    scores: Mapping[str, Score]
    """By portal; ``""`` is the whole land."""
    families: Mapping[str, Score]
    missed: Sequence[Mapping[str, Any]]
    false: Sequence[Mapping[str, Any]]
    violations: Mapping[str, Sequence[str]]
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Hosts that the land does not have -> requests."""


def score(land: Land, home: Path, traffic: Sequence[Exchange]) -> Outcome:
    """Return how the archive in ``home`` compares with the land's truth."""
    truth = land.truth()
    asked = Counter(plain(exchange.url) for exchange in traffic)
    rows = catalog(home)
    matched, missed = _match(truth["reports"], rows, asked)
    decoys = {plain(decoy["url"]): decoy["label"] for decoy in truth["decoys"]}
    portals = {host: p.spec.key for p in land.portals.values() for host in p.systems}
    scores: defaultdict[str, Score] = defaultdict(Score)
    families: defaultdict[str, Score] = defaultdict(Score)
    family = {key: portal.spec.system for key, portal in land.portals.items()}

    def add(portal: str, name: str, count: int = 1) -> None:
        for one in (scores[""], scores[portal], families[family.get(portal, "elsewhere")]):
            setattr(one, name, getattr(one, name) + count)

    for report in truth["reports"]:
        if not report["hidden"]:
            add(report["portal"], "wanted")
            if report["urls"][0] in matched:
                add(report["portal"], "found")
    false = []
    taken = set(matched.values())
    for row in rows.values():
        portal = portals.get(urlsplit(row["url"]).hostname or "", "elsewhere")
        add(portal, "in_catalog")
        if row["id"] not in taken:
            add(portal, "false")
            label = decoys.get(plain(row["url"]), "no document of the land")
            false.append({**row, "urls": sorted(row["urls"]), "why": label})
    elsewhere: Counter[str] = Counter()
    for exchange in traffic:
        host = urlsplit(exchange.url).hostname or ""
        add(portals.get(host, "elsewhere"), "requests")
        if host not in portals:
            elsewhere[host] += 1
    return Outcome(scores, families, missed, false, violations(land, traffic), elsewhere)


def fetched(traffic: Iterable[Exchange]) -> set[str]:
    """Return the addresses that were answered with 200."""
    return {plain(exchange.url) for exchange in traffic if exchange.status == 200}


def score_fetched(land: Land, urls: Collection[str]) -> dict[str, Any]:
    """Return how many of the land's reports are among the addresses that a peer took for reports.

    What it took and what is none is counted as false.
    """
    free = [report for report in land.truth()["reports"] if not report["hidden"]]
    addresses = [{plain(url) for url in report["urls"]} for report in free]
    found = sum(not known.isdisjoint(urls) for known in addresses)
    known_urls = set().union(*addresses)
    return {
        "reports": len(free),
        "found": found,
        "recall": _share(found, len(free)),
        "taken": len(urls),
        "false": sum(url not in known_urls for url in urls),
    }


def violations(land: Land, traffic: Sequence[Exchange]) -> dict[str, list[str]]:
    """Return what a guest should not have done: kind -> the requests, or pairs of them."""
    kinds = ("robots", "private", "concurrent", "pace", "retry_after")
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    hosts: defaultdict[str, list[Exchange]] = defaultdict(list)
    for exchange in traffic:
        host = urlsplit(exchange.url).hostname or ""
        hosts[host].append(exchange)
        if _is_private(host):
            found["private"].append(exchange.url)
    for portal in land.portals.values():
        rules = Protego.parse(portal.spec.robots)
        pause = rules.crawl_delay(AGENT) or 0.0
        for host in portal.systems:
            found["robots"] += _forbidden(hosts[host], rules)
            found["concurrent"] += _pairs(hosts[host], lambda a, b: a.gone > b.came)
            if "flaky" in portal.spec.traps:
                found["retry_after"] += _pairs(hosts[host], _is_impatient)
            if pause:
                found["pace"] += _pairs(
                    hosts[host], lambda a, b, p=pause: b.came - a.came < p * _TOLERANCE
                )
    return found


def _is_impatient(a: Exchange, b: Exchange) -> bool:
    """Tell whether a host that had asked for a pause, its ``Retry-After``, was asked before."""
    return a.status == 503 and b.came - a.gone < RETRY_AFTER * _TOLERANCE


def _forbidden(exchanges: Iterable[Exchange], rules: Protego) -> list[str]:
    """Return what robots.txt forbids, and what was asked before robots.txt was."""
    wrong, heard = [], False
    for exchange in exchanges:
        if urlsplit(exchange.url).path == "/robots.txt":
            heard = True
        elif not heard or not rules.can_fetch(exchange.url, AGENT):
            wrong.append(exchange.url)
    return wrong


def _pairs(exchanges: Sequence[Exchange], wrong: Any) -> list[str]:
    """Return the second of neighbours that should not have been; robots.txt has no pace yet."""
    asked = [e for e in exchanges if urlsplit(e.url).path != "/robots.txt"]
    return [b.url for a, b in pairwise(asked) if wrong(a, b)]


def _match(
    reports: Sequence[Mapping[str, Any]], rows: Mapping[str, dict[str, Any]], asked: Counter[str]
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return report -> row of the catalog, each row for one report, and the reports without."""
    by_url: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows.values():
        for url in row["urls"]:
            by_url[url].append(row["id"])
    matched: dict[str, str] = {}
    taken: set[str] = set()
    missed = []
    for report in reports:
        urls = [plain(url) for url in report["urls"]]
        candidates = [n for url in urls for n in by_url[url]]
        fitting = [n for n in candidates if rows[n]["year"] == report["year"] and n not in taken]
        if fitting:
            matched[report["urls"][0]] = fitting[0]
            taken.add(fitting[0])
        elif not report["hidden"]:
            why = "never asked for"
            if any(asked[url] for url in urls):
                why = "fetched, but no report in the catalog"
            if candidates:
                years = {rows[n]["year"] for n in candidates}
                why = f"in the catalog as {years}, or another report's"
            missed.append({**report, "why": why})
    return matched, missed


def catalog(home: Path) -> dict[str, dict[str, Any]]:
    """Return the reports of a catalog by id, each with all addresses of its sources."""
    db = sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True)
    try:
        columns = ("id", "url", "title", "issuer", "year")
        rows = {
            values[0]: {**dict(zip(columns, values, strict=True)), "urls": {plain(values[1])}}
            for values in db.execute(f"select {', '.join(columns)} from reports")
        }
        for report_id, url in db.execute("select report_id, url from sources"):
            if report_id in rows:
                rows[report_id]["urls"].add(plain(url))
        return rows
    finally:
        db.close()


def plain(url: str) -> str:
    """Return an address without what changes at every visit."""
    return url.partition("#")[0].split(";jsessionid=")[0]


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
