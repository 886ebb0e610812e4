"""The ways to find the columns of a portal, each where those before it were not enough.

What is known; what links lead to; and only where those lead nowhere: the site's maps, for people
and for machines, the paths where columns often are, the portal's own search.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from gkcrawl.crawl.places import place_at
from gkcrawl.crawl.steps import Step
from gkcrawl.families import Lead, family
from gkcrawl.families.addresses import key

if TYPE_CHECKING:
    from gkcrawl.crawl.visit import Visit

MOST_GUESSES = 6
"""Paths that are tried on a host where no link leads to a column."""
SEARCH = "站内搜索"
"""What the answer of a portal's search is called, in place of a link's words."""
MOST_SEARCHES = 2
"""Searches of a portal, where neither links nor paths lead to a column."""


@dataclass(frozen=True, slots=True)
class Known:
    """A column that the portals file names, or an earlier crawl found."""

    url: str
    anchor: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    way: str = "yaml"
    shows_report: bool = False
    """Its page was read as a report, the newest one."""


def all_ways(visit: "Visit") -> Iterator[None]:
    """Push the leads of one way after the other into the visit's frontier."""
    known = (*map(Known, visit.portal.columns), *visit.memory)
    for column in known:
        visit.frontier.push(_known_step(column, visit.portal.family or "static"))
    if known:
        yield
    if any(step.came for step in visit.lost):
        _back_to_sections(visit)
        yield
    found_again = visit.lost and all(s.scope in visit.frontier.satisfied for s in visit.lost)
    if not visit.discovers or (found_again and not visit.look_anew):
        return
    if visit.lost_some:
        visit.frontier.look_again(len(visit.lost))
    home = Lead(visit.portal.url, "", "parent", page_class="home")
    visit.frontier.push(Step(home, way="home"))
    yield
    if visit.frontier.reconsider():
        yield
    yield from _last_ways(visit)


def _back_to_sections(visit: "Visit") -> None:
    """Push the pages that led to the columns that are gone: what is new often stands there."""
    visit.frontier.look_again(len(visit.lost))
    for step in visit.lost:
        if above := step.came:
            section = Lead(above.url, above.anchor, "parent")
            visit.frontier.push(Step(section, 2, step.scope, came=above.before, way="again"))


def _last_ways(visit: "Visit") -> Iterator[None]:
    """Push, one by one, what may help where no link leads to the portal's own column."""
    steps = [
        *_sitemap(visit),
        *_guesses(visit),
        *(replace(_search(ask.url), ask=ask) for ask in visit.searches[:MOST_SEARCHES]),
    ]
    for step in steps:
        if visit.is_wanting and visit.frontier.push(step):
            yield


def _sitemap(visit: "Visit") -> Iterator[Step]:
    if visit.sitemap:
        yield Step(Lead(visit.sitemap, "网站地图", "directory"), way="sitemap")
    url = urljoin(visit.portal.url, "/sitemap.xml")
    yield Step(Lead(url, "sitemap.xml", "directory"), way="sitemap", reader="sitemap")


def _guesses(visit: "Visit") -> list[Step]:
    near = [urljoin(visit.section, "zfxxgknb/")] if visit.section.endswith("/") else []
    paths = family(visit.portal.family or visit.recognised or "static").guesses
    urls = dict.fromkeys(urljoin(visit.portal.url, path) for path in (*near, *paths))
    return [
        Step(Lead(url, "", "column"), column=url, way="guess") for url in list(urls)[:MOST_GUESSES]
    ]


def _search(url: str) -> Step:
    """Return the step to a search: its answer is no list that anything could be missing from."""
    return Step(Lead(url, SEARCH, "column"), way="search", reader="search", mixed=True)


def _known_step(known: Known, name: str) -> Step:
    if known.anchor == SEARCH:
        return replace(_search(known.url), scope=key(known.url), column=known.url, known=True)
    url, fragment = urldefrag(known.url)
    reader = family(name)
    page_class = "other" if known.shows_report else reader.page_class(url)
    lead = Lead(reader.entrance(url), known.anchor, "column", fragment, page_class)
    scope = key(known.url)
    came = place_at(known.trail)
    return Step(lead, scope=scope, came=came, column=known.url, way=known.way, known=True)
