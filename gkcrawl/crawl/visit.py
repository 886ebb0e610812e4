"""What is known of one portal while a crawl visits it, and where to look next."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag

from gkcrawl.crawl.frontier import Frontier
from gkcrawl.crawl.marks import Marks
from gkcrawl.crawl.pages import Column
from gkcrawl.crawl.spellings import Spellings
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.ways import Known, all_ways
from gkcrawl.families import Entry, Family, Lead, Listing, Next, Page, family
from gkcrawl.families.addresses import (
    folder,
    host_of,
    is_government,
    is_home,
    key,
    registrable,
    same_site,
)
from gkcrawl.families.discovery import COLUMNS, sitemap
from gkcrawl.families.sitesearch import offered
from gkcrawl.families.titles import is_organ_name, is_year
from gkcrawl.portals import Portal

HOSTS_AT_ONCE = 4
"""Hosts of one portal that are asked at the same time, one request each."""
ENOUGH_REFUSALS = 3
"""Pages in a row that a host refuses, with whatever status, after which it is left alone."""


@dataclass(slots=True)
class Visit:
    """A portal with what was seen on it in this run, so that nothing is asked for twice."""

    portal: Portal
    memory: tuple[Known, ...] = ()
    """Columns that earlier crawls found."""
    look_anew: bool = False
    """The columns are looked for although they are known: it is long since that was done."""
    others: frozenset[str] = frozenset()
    """Hosts of the other portals in the file."""
    frontier: Frontier = field(default_factory=Frontier)
    recognised: str | None = None
    """By the first page that showed the marks of a family."""
    drifted: bool = False
    hijacked: bool = False
    known: dict[str, str] = field(default_factory=dict)
    """What pages told of the site, for its family."""
    homes: list[str] = field(default_factory=list)
    """Addresses whose hosts are the portal's own."""
    spellings: Spellings = field(default_factory=Spellings)
    platforms: list[str] = field(default_factory=list)
    """Folders on other hosts where its columns are."""
    failed: bool = False
    """The home page could not be had, or is in strange hands."""
    sitemap: str | None = None
    searches: list[Next] = field(default_factory=list)
    """Searches that the portal offers."""
    section: str = ""
    """The first page on disclosure that was seen."""
    found: set[str] = field(default_factory=set)
    """Identities of the documents that may be reports."""
    lost: list[Step] = field(default_factory=list)
    """Known columns that are gone."""
    columns: dict[str, Column] = field(default_factory=dict)
    linked: Marks = field(default_factory=Marks)
    """Keys of what pages of this run name as a column or a part of one."""
    refusals: Counter[str] = field(default_factory=Counter)
    """Host -> pages in a row that it refused."""
    _lists: Marks = field(default_factory=Marks)
    """What columns list on their first pages."""
    _busy: Counter[str] = field(default_factory=Counter)
    _ways: Iterator[None] | None = None

    def __post_init__(self) -> None:
        self.homes = [self.portal.url, *self.portal.columns]

    @property
    def code(self) -> str:
        """The portal's code."""
        return self.portal.code

    @property
    def discovers(self) -> bool:
        """Whether columns are being looked for, not only read."""
        return self.look_anew or not (self.portal.columns or self.memory) or bool(self.lost)

    def runs(self, shown: str) -> str:
        """Return the name of the family that reads a page: what it shows, else what the portal is
        said to run, or has shown before."""
        if shown == "static":
            return self.portal.family or self.recognised or shown
        self.recognised = self.recognised or shown
        return shown

    def next_steps(self) -> Iterator[Step]:
        """Yield what to ask now: the best leads, one a host; when all is done, in another way.

        Each is to be held before the next is taken.
        """
        while sum(self._busy.values()) < HOSTS_AT_ONCE:
            shut = {host for host, count in self.refusals.items() if count >= ENOUGH_REFUSALS}
            step = self.frontier.pop({*self._busy, *shut})
            if step is None and not self._busy and not self._another_way():
                return
            if step is None and self._busy:
                return
            if step is not None:
                yield step

    def hold(self, url: str) -> None:
        """Note that a host is being asked."""
        self._busy[host_of(url)] += 1

    def release(self, url: str) -> None:
        """Note that a host has answered, or will not."""
        host = host_of(url)
        self._busy[host] -= 1
        if self._busy[host] <= 0:
            del self._busy[host]

    def release_all(self) -> None:
        """Note that nothing is on its way any more."""
        self._busy.clear()

    def push(self, step: Step, leads: Sequence[Lead], wanted: int) -> int:
        """Take in the leads of a step's page, which lists ``wanted`` reports; return how many are
        parts of its column."""
        parts, here = 0, step.place
        for lead in leads:
            if step.way == "guess" and not wanted and not is_year(lead.anchor):
                continue
            # Where a column stood that is gone, only the new one is looked for.
            if step.way == "again" and lead.kind not in COLUMNS:
                continue
            placed = self._placed(lead, step)
            if placed is None or not (self.discovers or placed.kind == "branch"):
                continue
            if placed.kind in COLUMNS and placed.page_class == "column":
                name = self.portal.family or self.recognised or "static"
                placed = replace(placed, page_class=family(name).page_class(placed.url))
            placed = replace(placed, url=self.spellings.of(placed.url))
            self.frontier.push(step.follow(placed, here))
            if lead.kind in COLUMNS or placed.kind in COLUMNS:
                self.linked.add(key(placed.url))
            parts += lead.kind == "branch" and step.in_column
        return parts

    def succeeded(self, step: Step, wanted: Sequence[Entry], *, whole: bool = True) -> None:
        """Note that the page of a step lists reports; ``whole`` as of ``Frontier.succeeded``.

        Under however many addresses a portal shows the column of an organ, it lists the same.
        """
        organ = step.into.lead.anchor if step.into else ""
        rows = sorted(f"{entry.url.rpartition('/')[2]} {entry.title}" for entry in wanted)
        listed = "\n".join((organ, *rows))
        self.frontier.succeeded(step, whole=whole, new=listed not in self._lists)
        self._lists.add(listed)

    def belongs(self, url: str) -> bool:
        """Tell whether an address is on the portal, or where its columns are."""
        return self._is_own(url) or any(folder(url).startswith(place) for place in self.platforms)

    def more(self, step: Step, listing: Listing, wanted: int) -> tuple[Next, ...]:
        """Return the next pages of a column, of which this one lists ``wanted`` reports."""
        more = self.column(step).more(listing, wanted)
        return tuple(request for request in more if self._first_time(request))

    def column(self, step: Step) -> Column:
        """Return how far the list of a step's column is read."""
        return self.columns.setdefault(key(step.lead.url), Column())

    def close(self, step: Step) -> None:
        """Forget how far a page is read that was no part of a list."""
        column = self.column(step)
        if not (column.pages or column.open or column.told):
            del self.columns[key(step.lead.url)]

    def unlisted(self, column: Column, known: Sequence[str]) -> Iterator[str]:
        """Yield those of the known documents of a column that it does not list any more."""
        reader = family(self.portal.family or self.recognised or "static")
        rows = {reader.identity(url) for url in column.rows}
        return (url for url in known if reader.identity(url) not in rows)

    def note(self, step: Step, page: Page) -> None:
        """Keep what a page tells of the ways that are left where no link leads to a column."""
        if step.way == "home":
            self.sitemap = sitemap(page)
        elif step.lead.kind == "parent":
            self.section = self.section or page.url
        if step.lead.kind == "parent" and not self.searches and self.discovers:
            self.searches += offered(page)
        if not self.belongs(page.url) and not is_home(page.url):
            self.platforms.append(folder(page.url))

    def may_ask(self, url: str) -> bool:
        """Tell whether a page may send on to an address."""
        return self.belongs(url) or is_government(url)

    def discover(self, entry: Entry, reader: Family) -> bool:
        """Tell whether a document is met for the first time, and note it."""
        name = reader.identity(entry.url)
        if name in self.found:
            return False
        self.found.add(name)
        return True

    @property
    def lost_some(self) -> bool:
        """Whether some columns are gone while others are alive."""
        return bool(self.lost) and self.frontier.good > 0

    @property
    def is_wanting(self) -> bool:
        """Whether the portal's own column is still unknown, though the portal is well."""
        return not self.failed and "" not in self.frontier.satisfied and not self.lost_some

    def is_entrance(self, lead: Lead) -> bool:
        """Tell whether a page is one that the portals file names."""
        known = (self.portal.url, *self.portal.columns)
        return any(lead.url == urldefrag(url).url for url in known)

    def _is_own(self, url: str) -> bool:
        """Tell whether a host is one of the portal's own."""
        own = next((home for home in self.homes if same_site(url, home)), None)
        if own is None:
            return False
        # A county below its prefecture's domain has an entry, and a visit, of its own.
        below = (other for other in self.others if other.endswith("." + host_of(own)))
        return not any(same_site(url, f"//{other}/") for other in below)

    def _placed(self, lead: Lead, step: Step) -> Lead | None:
        """Return the lead as far as it is the portal's, or likely to be; None: somebody else's."""
        if lead.kind == "parent" and is_organ_name(lead.anchor):
            lead = replace(lead, kind="organ")
        belongs = self.belongs(lead.url)
        if step.in_column and not self._is_own(step.lead.url):
            # From a column that another portal keeps for this one nothing leads on but its parts.
            return lead if belongs and lead.kind == "branch" else None
        if belongs:
            return lead
        # Columns on the host of an upper portal: only by name, and after the portal's own.
        near = registrable(host_of(lead.url)) == registrable(host_of(self.portal.url))
        if lead.doubt or lead.kind not in ("column", "parent"):
            return None
        if not near and not is_government(lead.url):
            return None
        return replace(lead, doubt=2)

    def _another_way(self) -> bool:
        """Begin the next way to find columns; False: all were tried."""
        if self._ways is None:
            self._ways = all_ways(self)
        return next(self._ways, False) is None

    def _first_time(self, request: Next) -> bool:
        if request.method != "GET":
            return True
        name = key(request.url)
        if name in self.frontier.asked:
            return False
        self.frontier.asked.add(name)
        return True
