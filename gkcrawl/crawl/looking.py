"""What a navigation page shows: reports that it lists, where it sends, what ails it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Entry, Family, Lead, Listing, Page, may_be_report
from gkcrawl.families.addresses import is_government, is_home, key
from gkcrawl.families.condition import ailment, needs_browser, shows_report
from gkcrawl.families.hidden import hidden_links
from gkcrawl.families.paths import looks_like_column

FEWEST_LISTED = 3
"""Reports on a page that was no column by its name, which make it one."""
# Ways by which a page is only tried: that it is not there is no failure.
TRIED = frozenset({"guess", "sitemap"})
NEVER_FETCHED = frozenset({"mp.weixin.qq.com"})
"""Hosts whose pages are noted, not fetched."""
GONE = frozenset({"soft_404", "login", "home", "elsewhere", "HTTP 404", "HTTP 410"})
"""Troubles after which a column is looked for elsewhere; the others may pass."""


class Wanted(Protocol):
    """Tells whether a listed document may be a report; in a column less needs to be said."""

    def __call__(self, entry: Entry, *, in_column: bool = False) -> bool:
        """Return whether it is to be fetched."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows, as far as it matters."""

    listing: Listing
    wanted: tuple[Entry, ...]
    """Rows that may be reports and may be fetched."""
    off_site: tuple[Entry, ...]
    """Rows that may be reports and stand on hosts that are not asked."""
    leads: tuple[Lead, ...]

    def is_column(self, step: Step) -> bool:
        """Tell whether the page lists reports, by its name or by what it lists."""
        if step.in_column:
            return bool(self.wanted)
        return step.way != "home" and len(self.wanted) >= FEWEST_LISTED

    def is_all_reports(self, step: Step) -> bool:
        """Tell whether the page is a column whatever it is called: most of what it lists are
        reports."""
        return self.is_column(step) and 2 * len(self.wanted) >= len(self.listing.entries)

    def goes_on(self, step: Step) -> bool:
        """Tell whether the page lists all that an organ publishes, reports among it, and goes
        on."""
        leads_to_organ = step.lead.kind in ("parent", "organ") and step.way != "home"
        return bool(leads_to_organ and self.wanted and self.listing.next)

    def needs_browser(self, page: Page, step: Step) -> bool:
        """Tell whether a column's list exists only after its scripts ran."""
        return not self.wanted and step.way not in TRIED and needs_browser(page, self.listing)

    def shows_report(self, page: Page, own: str, reader: Family) -> bool:
        """Tell whether the page, whose identity is ``own``, is a report besides, or instead."""
        if any(reader.identity(entry.url) == own for entry in self.wanted):
            return True
        return not self.wanted and page.data is None and shows_report(page)


def look(
    page: Page,
    step: Step,
    visit: Visit,
    reader: Family,
    is_wanted: Wanted,
    *,
    further: bool = False,
) -> Seen:
    """Return what a page shows; ``further``: it continues a list, and its leads are known."""
    listing = reader.listing(page)
    if step.mixed:
        listing = replace(listing, mixed=True)
    in_column = step.in_column and not listing.mixed
    entries = [entry for entry in listing.entries if is_wanted(entry, in_column=in_column)]
    if not entries and in_column and not further:
        entries = list(_hidden_entries(page))
        listing = replace(listing, entries=(*listing.entries, *entries))
    wanted, off_site = [], []
    for entry in entries:
        if urlsplit(entry.url).hostname in NEVER_FETCHED:
            off_site.append(entry)
        elif visit.belongs(entry.url):
            wanted.append(entry)
        elif may_be_report(entry.title):
            (wanted if is_government(entry.url) else off_site).append(entry)
    inside = None if step.way == "home" else step.lead.kind
    leads = () if further else reader.columns(page, inside=inside)
    listed = {reader.identity(entry.url) for entry in wanted}
    leads = tuple(lead for lead in leads if reader.identity(lead.url) not in listed)
    return Seen(listing, tuple(wanted), tuple(off_site), leads)


def trouble(page: Page, status: int, step: Step, visit: Visit) -> str | None:
    """Return what is wrong with the answer to a step; None: nothing.

    ``HTTP 404`` and the like, ``blocked``, ``soft_404``, ``hijacked``, ``login``, ``home`` (sent to
    the home page instead), ``elsewhere`` (sent to a host that is neither the portal's nor a
    government's).
    """
    if status >= 400:
        return f"HTTP {status}"
    if ill := ailment(page):
        return ill
    if visit.belongs(page.url):
        sent_home = is_home(page.url) and not is_home(step.lead.url)
        return "home" if sent_home and key(page.url) != key(step.lead.url) else None
    if is_government(page.url) or not is_government(visit.portal.url):
        return None
    return "elsewhere"


def _hidden_entries(page: Page) -> Iterator[Entry]:
    """Yield the reports that only a script of the page names."""
    for link in hidden_links(page):
        if may_be_report(link.title) and not looks_like_column(link.url):
            yield Entry(link.url, link.title)
