"""The spider of document sites (文库): lists and searches, read by the titles of what they show.

Beside the listing of the fitting category it searches for the titles of reports that the catalog
misses, a bounded number in a run, and none again before a month has gone.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from gkcrawl.crawl.gaps import Gap, gaps
from gkcrawl.crawl.history import asked_lately
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.reports import Found, ReportSpider
from gkcrawl.crawl.responses import is_chosen, page_of, request_meta
from gkcrawl.families import Entry, family
from gkcrawl.families.wenku import QUERY, search_url
from gkcrawl.portals import PortalError, Site


class DocumentSiteSpider(ReportSpider):
    """Visits the document sites of ``config/portals/<name>.yml``.

    Arguments beside those of all spiders: ``searches``, how many missing reports are looked for
    (0: none). What it finds is a copy: the official report stands above it.
    """

    SLOWLY = 10
    """Seconds between two requests: these sites owe us nothing."""
    MOST_PAGES = 5
    """Pages of a list or of a search's results."""
    MOST_SEARCHES = 60
    """Missing reports that are looked for in a run; at ten seconds each, ten minutes."""

    def __init__(self, *args: Any, searches: str | int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.file.sites:
            raise PortalError(f"{self.file.path}: expected at least one site in 'sites'")
        self.sites = [s for s in self.file.sites if is_chosen(self.only, s.url, s.name)]
        if not self.sites:
            known = ", ".join(site.name for site in self.file.sites)
            raise PortalError(f"only={self.only}: no such site in {self.file.path} ({known})")
        if searches is not None and not str(searches).isdigit():
            raise ValueError(f"searches={searches}: expected a number such as 60")
        self.searches = self.MOST_SEARCHES if searches is None else int(searches)
        self.met: set[str] = set()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # "spider" gives way to the command line.
        settings.set("DOWNLOAD_DELAY", cls.SLOWLY, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the seeds, or for the list and the first search results of every site, and then
        for the reports that are missing."""
        for seed in self.seeds:
            for request in self.article(Entry(seed, ""), "", {"family": "wenku"}, ""):
                yield request
        if self.seeds:
            return
        for site in self.sites:
            for request in self._entrances(site):
                yield request
        for request in self._searches():
            yield request

    def parse_listing(
        self, response: Response, *, site: str, number: int, gap: Gap | None = None
    ) -> Iterator[Found]:
        """Yield the documents that a page lists and, while it brings new ones, the next page.

        ``gap``: the page answers the search for this report, and only that one is opened.
        """
        if response.status >= 400:
            self.count("requests_failed")
            self.logger.warning("%s: HTTP %s", response.url, response.status)
            return
        listing = family("wenku").listing(page_of(response))
        fresh = [entry for entry in listing.entries if entry.url not in self.met]
        if gap:
            fresh = [entry for entry in fresh if gap.fits(entry.title)]
        self.met |= {entry.url for entry in fresh}
        for entry in fresh:
            if self.wanted(entry) and self.of_year(entry):
                self.count("found_missing" if gap else "found_listed")
                yield from self.article(entry, site, {"family": "wenku"}, response.url)
        if fresh and number < self.MOST_PAGES and not gap:
            for following in listing.next:
                yield self._listing(following.url, site, number + 1, response.url)

    def _entrances(self, site: Site) -> Iterator[Request]:
        if site.list:
            yield self._listing(site.list, site.name, 1, "")
        if site.search:
            query = f"{self.year}年{QUERY}" if self.year else QUERY
            yield self._listing(search_url(site.search, query, 1), site.name, 1, "")

    def _searches(self) -> Iterator[Request]:
        """Yield searches for what the catalog misses, until the run's share is spent."""
        recorder = self.crawler.get_extension(Recorder)
        missing = gaps(recorder.catalog.db, self.year) if recorder and self.searches else []
        wanted = ((gap, site) for gap in missing for site in self.sites if site.search)
        return islice(self._due_searches(wanted), self.searches)

    def _due_searches(self, wanted: Iterable[tuple[Gap, Site]]) -> Iterator[Request]:
        for gap, site in wanted:
            url = search_url(site.search or "", gap.title, 1)
            if asked_lately(self._history(), url):
                self.count("searches_not_due")
                continue
            self.count("searches")
            yield self._listing(url, site.name, 1, "", gap)

    def _listing(
        self, url: str, site: str, number: int, via: str, gap: Gap | None = None
    ) -> Request:
        return Request(
            url,
            self.parse_listing,
            errback=self.failed,
            cb_kwargs={"site": site, "number": number, "gap": gap},
            meta=request_meta("listing", {"family": "wenku"}, via),
        )
