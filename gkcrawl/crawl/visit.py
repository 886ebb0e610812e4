"""What is known of one portal while a crawl visits it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from w3lib.url import canonicalize_url

from gkcrawl.families import Entry, Family, Lead, Listing, Next, Page, family, recognise
from gkcrawl.families.discovery import COLUMNS, same_site
from gkcrawl.portals import Portal

DEEPEST = 4
"""Clicks from the home page to a column; 部门 › organ › 信息公开 › 年报 are four."""
MOST_NAVIGATION = 200
"""Pages that are asked where the columns are, a portal and a run."""
MOST_COLUMNS = 400
"""Columns and parts of columns, a portal and a run."""
LONGEST_COLUMN = 200
"""Pages of one column: annual reports are few, so more means a pager that runs in a circle."""


@dataclass(slots=True)
class Visit:
    """A portal with what was seen on it in this run, so that nothing is asked for twice."""

    portal: Portal
    recognised: str | None = None
    """By the first page that showed the marks of a family."""
    drifted: bool = False
    navigation: int = 0
    columns: int = 0
    tried: int = 0
    """How many of the ways to find its columns were tried."""
    asked: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    """Identities of the documents that may be reports."""
    rows: dict[str, set[str]] = field(default_factory=dict)
    """Column -> rows seen in it."""
    pages: dict[str, int] = field(default_factory=dict)

    def family(self, page: Page) -> tuple[str, Family]:
        """Return the family that reads this page: what it shows, else what the portal is said."""
        shown = recognise(page)
        if shown == "static":
            shown = self.portal.family or self.recognised or shown
        else:
            self.recognised = self.recognised or shown
        return shown, family(shown)

    def ask(self, url: str) -> bool:
        """Tell whether a navigation page is asked for the first time, and note that it is."""
        name = canonicalize_url(url)
        if name in self.asked:
            return False
        self.asked.add(name)
        return True

    def leads(self, leads: tuple[Lead, ...], depth: int) -> Iterator[tuple[Lead, int]]:
        """Yield the leads that are worth a request, with the depth of the page they lead to."""
        for lead in leads:
            in_column = lead.kind in COLUMNS
            deeper = depth if lead.kind == "branch" else depth + 1
            spent, limit = (
                (self.columns, MOST_COLUMNS) if in_column else (self.navigation, MOST_NAVIGATION)
            )
            if deeper > DEEPEST or spent >= limit or not self.belongs(lead.url):
                continue
            if not self.ask(lead.url):
                continue
            if in_column:
                self.columns += 1
            else:
                self.navigation += 1
            yield lead, deeper

    def more(self, column: str, listing: Listing) -> tuple[Next, ...]:
        """Return the next pages of a column; none when this one brought nothing new."""
        seen = self.rows.setdefault(column, set())
        fresh = {entry.url for entry in listing.entries} - seen
        # A first page may be a frame whose rows all come by request.
        is_first = column not in self.pages
        self.pages[column] = self.pages.get(column, 0) + 1
        seen |= fresh
        if not fresh and not is_first:
            return ()
        return tuple(request for request in listing.next if self._first_time(request))

    def too_long(self, column: str) -> bool:
        """Tell whether a column has had more pages than annual reports can fill."""
        return self.pages.get(column, 0) >= LONGEST_COLUMN

    def discover(self, entry: Entry, reader: Family) -> bool:
        """Tell whether a document is met for the first time, and note it."""
        name = reader.identity(entry.url)
        if name in self.found:
            return False
        self.found.add(name)
        return True

    def next_way(self) -> tuple[str, tuple[Lead, ...]] | None:
        """Return name and first pages of the next way to find reports; None: all were tried."""
        ways = tuple(way for way in self._ways() if way[1])
        if self.tried >= len(ways):
            return None
        self.tried += 1
        return ways[self.tried - 1]

    def is_entrance(self, lead: Lead) -> bool:
        """Tell whether a page is one that the portals file names."""
        known = (self.portal.url, *self.portal.columns)
        return any(lead.url == urldefrag(url).url for url in known)

    def belongs(self, url: str) -> bool:
        """Tell whether an address is on the portal, or where its columns are."""
        return any(same_site(url, home) for home in (self.portal.url, *self.portal.columns))

    def _ways(self) -> Iterator[tuple[str, tuple[Lead, ...]]]:
        portal = self.portal
        columns = (urldefrag(url) for url in portal.columns)
        yield "columns", tuple(Lead(url, "", "column", fragment) for url, fragment in columns)
        yield "home", (Lead(portal.url, "", "parent", page_class="home"),)
        paths = family(portal.family or self.recognised or "static").guesses
        yield "guess", tuple(Lead(urljoin(portal.url, path), "", "column") for path in paths)

    def _first_time(self, request: Next) -> bool:
        return request.method != "GET" or self.ask(request.url)
