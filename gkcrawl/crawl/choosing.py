"""Which portals of a file a run visits."""

from gkcrawl.crawl.marks import Marks
from gkcrawl.crawl.responses import is_chosen
from gkcrawl.crawl.visit import Visit
from gkcrawl.families.addresses import host_of
from gkcrawl.portals import PortalError, PortalFile

MOST_NAMED = 10
"""Portals that are named where none has the name that was asked for."""


def visits_of(file: PortalFile, only: str | None) -> dict[str, Visit]:
    """Return a visit by the key of its portal; ``only``: a portal's code, name or host; None: all.

    No address is asked twice in a run, whichever visit comes to it first. Raises PortalError where
    the file has no portals, or none of that name.
    """
    portals = file.portals
    if not portals:
        raise PortalError(f"{file.path}: expected at least one portal in 'portals'")
    chosen = [one for one in portals if is_chosen(only, one.url, one.code, one.name)]
    if not chosen:
        known = ", ".join(f"{portal.code} {portal.name}" for portal in portals[:MOST_NAMED])
        more = f" and {len(portals) - MOST_NAMED} more" if portals[MOST_NAMED:] else ""
        raise PortalError(f"only={only}: no such portal in {file.path} ({known}{more})")
    hosts = frozenset(host_of(portal.url) for portal in portals)
    visits = {portal.key: Visit(portal, others=hosts) for portal in chosen}
    asked = Marks()
    for visit in visits.values():
        visit.frontier.asked = asked
    return visits
