"""What is due of every host, by the catalog: the longest waiting first, lists before documents.

The unit is a host of a spider: its portals are visited together, since they share its patience.
Document sites and web archives are asked for what the catalog misses, so their unit is the spider.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Literal
from urllib.parse import urlsplit

from gkcrawl.portals import Portal, load_portals
from gkcrawl.schedule import histories
from gkcrawl.schedule.deciding import STOPPED, Due, Past, Seen, due
from gkcrawl.schedule.rules import ELSEWHERE, Rules

UNKNOWN_REQUESTS = 60
"""What a first visit is reckoned with: that many pages are asked while nothing is found."""

_RESUMED = timedelta(days=1)
"""How long a run may use the pages of one that was stopped (gkcrawl.crawl.resume)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is visited together: the portals of one spider on one host."""

    spider: str
    host: str
    """Empty: the spider as a whole."""
    portals: tuple[Portal, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """When a unit is visited next, and for what."""

    unit: Unit
    due: Due
    last: datetime | None
    """The last visit, whatever came of it; None: there was none."""
    kind: Literal["lists", "documents"]
    """``documents``: the lists are not due, but documents that they name."""
    requests: int
    """How many the largest of the last three visits took; UNKNOWN_REQUESTS before the first."""

    @property
    def waiting_since(self) -> datetime:
        """The moment that puts it in order: what was never visited waits the longest."""
        return self.due.next if self.last else datetime.min.replace(tzinfo=UTC)


def units(spiders: Iterable[str]) -> Iterator[Unit]:
    """Yield what the spiders visit, as their portals files say; raises PortalError."""
    for spider in spiders:
        by_host: dict[str, list[Portal]] = {}
        for portal in load_portals(spider).portals:
            by_host.setdefault(urlsplit(portal.url).netloc, []).append(portal)
        for host, portals in by_host.items():
            yield Unit(spider, host, tuple(portals))
        if not by_host:
            yield Unit(spider, "")


def agenda(
    connection: sqlite3.Connection | None, spiders: Iterable[str], now: datetime, rules: Rules
) -> list[Turn]:
    """Return the turns of all units, those that come first first.

    ``now`` (aware) decides what is due. ``connection``: to the catalog; None: there is none yet.
    """
    found = [turn(connection, unit, now, rules) for unit in units(spiders)]
    return sorted(found, key=lambda one: (not one.due, one.kind == "documents", one.waiting_since))


def turn(connection: sqlite3.Connection | None, unit: Unit, now: datetime, rules: Rules) -> Turn:
    """Return when a unit is visited next."""
    page_class = "listing" if unit.host else ELSEWHERE
    stays = histories.at_host(connection, unit.spider, unit.host) if connection else []
    visits = _visits_of(connection, unit, stays, rules) if connection else []
    answer = due(Past(page_class, visits), now, rules)
    if not visits or connection is None:
        first = replace(answer, why="never visited")
        return Turn(unit, first, None, "lists", UNKNOWN_REQUESTS)
    last = visits[-1].at
    requests = max([stay.captures for stay in stays[-3:]], default=UNKNOWN_REQUESTS)
    if not answer.due and (page := _first_page(connection, unit, last, now, rules)):
        url, early = page
        if early.next < answer.next:
            told = replace(early, why=f"{url}: {early.why}")
            return Turn(unit, told, last, "documents", requests)
    return Turn(unit, answer, last, "lists", requests)


def visits_of(connection: sqlite3.Connection, unit: Unit, rules: Rules) -> list[Seen]:
    """Return the visits to a unit by runs of its spider, the oldest first.

    A visit failed where all its pages did; what it brought is how many documents were ever listed
    by then.
    """
    stays = histories.at_host(connection, unit.spider, unit.host)
    return _visits_of(connection, unit, stays, rules)


def _visits_of(
    connection: sqlite3.Connection, unit: Unit, stays: Sequence[histories.Stay], rules: Rules
) -> list[Seen]:
    if not unit.host:
        return [Seen(_aware(one.at), _ended(one.reason)) for one in stays]
    columns = histories.columns_of(connection, [portal.url for portal in unit.portals])
    written = [url for portal in unit.portals for url in portal.columns]
    pages = [portal.url for portal in unit.portals] + columns + written
    robots = {f"{urlsplit(portal.url).scheme}://{unit.host}/robots.txt" for portal in unit.portals}
    asked = histories.asked(connection, unit.spider, {_bare(url) for url in pages} | robots)
    listed = histories.first_listed(connection, columns)
    spent = {stay.run_id for stay in stays if stay.captures >= rules.requests_per_host}
    found = dict(_visits(asked, robots, spent, listed, rules))
    return _with_resumed(found, stays, listed)


def _visits(
    asked: Sequence[histories.Asked],
    robots: Set[str],
    spent: Set[str],
    listed: Sequence[str],
    rules: Rules,
) -> Iterator[tuple[str, Seen]]:
    """Yield the run of each visit in which a page was asked for that leads to reports; ``spent``
    are the runs that had the host's budget of requests."""
    for run_id, group in groupby(sorted(asked, key=lambda one: one.run_id), lambda one: one.run_id):
        tries = sorted(group, key=lambda one: one.at)
        # robots.txt alone: the portal was not to be asked. Else it says nothing of the visit.
        told = [one for one in tries if one.url not in robots] or tries
        good = [one for one in told if one.outcome not in rules.waits]
        last = told[-1]
        if _ended(last.reason) == STOPPED or run_id in spent:
            yield run_id, Seen(_aware(last.at), STOPPED)
            continue
        known = _known(listed, last.ended_at or last.at)
        outcome = (good or told)[-1].outcome
        yield run_id, Seen(_aware(last.at), outcome, known if good else None)


def _with_resumed(
    visits: Mapping[str, Seen], stays: Sequence[histories.Stay], listed: Sequence[str]
) -> list[Seen]:
    """Return visits with those that went on where one was stopped: their lists are that one's."""
    found = list(visits.values())
    for stay in stays:
        at = _aware(stay.at)
        before = max((one for one in found if one.at < at), key=lambda one: one.at, default=None)
        if stay.run_id in visits or before is None or before.outcome != STOPPED:
            continue
        if at - before.at < _RESUMED and _ended(stay.reason) is None:
            found.append(Seen(at, "navigation", _known(listed, stay.ended_at or stay.at)))
    return sorted(found, key=lambda one: one.at)


def _known(listed: Sequence[str], at: str) -> str:
    return str(bisect_right(listed, at))


def _ended(reason: str | None) -> str | None:
    """Return STOPPED unless a run came to its end."""
    return None if reason == "finished" else STOPPED


def _first_page(
    connection: sqlite3.Connection, unit: Unit, last: datetime, now: datetime, rules: Rules
) -> tuple[str, Due] | None:
    """Return the document that is due first and cannot wait for the lists; None: there is none.

    What was due when the portal was last visited and was not fetched then is listed no more.
    """
    columns = histories.columns_of(connection, [portal.url for portal in unit.portals])
    found = ((url, due(past, now, rules)) for url, past in histories.listed(connection, columns))
    later = [one for one in found if one[1].next > last and not one[1].patient]
    return min(later, key=lambda one: one[1].next, default=None)


def plan(turns: Sequence[Turn], requests: int) -> tuple[list[Turn], list[Turn]]:
    """Return the due turns that fit into a budget of requests, and those that are left over.

    One is taken in any case, so that the largest host has its turn too.
    """
    taken: list[Turn] = []
    left: list[Turn] = []
    for one in turns:
        if not one.due:
            continue
        if taken and (left or one.requests > requests):
            left.append(one)
            continue
        taken.append(one)
        requests -= one.requests
    return taken, left


def by_spider(turns: Sequence[Turn]) -> Mapping[str, list[Turn]]:
    """Return turns by their spider; the spider of the first one first."""
    order = {spider: n for n, spider in enumerate(dict.fromkeys(one.unit.spider for one in turns))}
    ordered = sorted(turns, key=lambda one: order[one.unit.spider])
    return {name: list(own) for name, own in groupby(ordered, lambda one: one.unit.spider)}


def _bare(url: str) -> str:
    return url.partition("#")[0]


def _aware(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC)
