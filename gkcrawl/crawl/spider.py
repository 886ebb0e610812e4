"""The two kinds of spiders: the portals of a province, and document sites (文库)."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.records import PageClass
from gkcrawl.crawl.reports import Found, ReportSpider, is_chosen, page_of, request_meta, why
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Entry, Lead, Listing, Page, drifted, family, recognise
from gkcrawl.families.discovery import COLUMNS
from gkcrawl.families.wenku import QUERY, search_url
from gkcrawl.portals import PortalError, Site

# Columns before the pages that may lead to more of them.
COLUMN_FIRST = 5


class ProvinceSpider(ReportSpider):
    """Visits the portals of ``config/portals/<name>.yml``, each by the family that it runs on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portals = self.file.portals
        if not portals:
            raise PortalError(f"{self.file.path}: expected at least one portal in 'portals'")
        chosen = [p for p in portals if is_chosen(self.only, p.url, p.code, p.name)]
        if not chosen:
            known = ", ".join(f"{portal.code} {portal.name}" for portal in portals)
            raise PortalError(f"only={self.only}: no such portal in {self.file.path} ({known})")
        self.visits = {portal.key: Visit(portal) for portal in chosen}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.try_another_way, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the seeds, or for the first page of every portal."""
        for request in self._seeds() if self.seeds else self._next_way():
            yield request

    def try_another_way(self) -> None:
        """When all is done: where no report was found, look for the columns in another way."""
        requests = [] if self.seeds else list(self._next_way())
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def parse_navigation(
        self, response: Response, *, key: str, lead: Lead, column: str, depth: int
    ) -> Iterator[Found]:
        """Yield the documents that a page lists, its next pages, and where columns may be."""
        visit = self.visits[key]
        if response.status >= 400:
            self._lost(visit, lead, f"HTTP {response.status}")
            return
        page = page_of(response, lead.fragment)
        self._compare(visit, page)
        name, reader = visit.family(page)
        listing = reader.listing(page)
        hints = {"portal": visit.portal.code, "family": name}
        if column and lead.anchor:
            hints["column"] = lead.anchor
        for entry in listing.entries:
            if self.wanted(entry, in_column=bool(column)) and visit.discover(entry, reader):
                self.count(f"portal/{visit.portal.code}/articles")
                if self.of_year(entry):
                    yield from self.article(entry, visit.portal.code, hints, response.url)
        if column:
            yield from self._more(visit, lead, listing, column, depth, response.url)
        inside = lead.kind if depth else None
        for found, deeper in visit.leads(reader.columns(page, inside=inside), depth):
            yield self._navigation(visit, found, deeper, response.url)

    def closed(self, reason: str) -> None:
        """Hold what was found on each portal against what is expected of it."""
        if self.seeds or reason != "finished":
            return
        for visit in self.visits.values():
            portal, found = visit.portal, len(visit.found)
            if found < portal.least_reports:
                self.count("monitors/failed")
                message = "monitor failed: %s %s lists %d reports, expected at least %d"
                self.logger.error(message, portal.code, portal.name, found, portal.least_reports)

    def _seeds(self) -> Iterator[Request]:
        for seed in self.seeds:
            portal = next((v.portal for v in self.visits.values() if v.belongs(seed)), None)
            hints = {"portal": portal.code, "family": portal.family or "static"} if portal else {}
            yield from self.article(Entry(seed, ""), portal.code if portal else "", hints, "")

    def _next_way(self) -> Iterator[Request]:
        """Yield requests for the next untried way of every portal that has shown no report."""
        for visit in self.visits.values():
            if not visit.found and (way := visit.next_way()):
                name, leads = way
                self.count(f"way/{name}")
                for lead in leads:
                    if visit.ask(lead.url):
                        yield self._navigation(visit, lead, 0 if name == "home" else 1, "")

    def _navigation(self, visit: Visit, lead: Lead, depth: int, via: str) -> Request:
        column = lead.url if lead.kind in COLUMNS else ""
        return self._request(visit, lead, column, depth, via, Request(lead.url))

    def _more(
        self, visit: Visit, lead: Lead, listing: Listing, column: str, depth: int, via: str
    ) -> Iterator[Request]:
        """Yield the next pages of a column until one brings nothing new."""
        more = visit.more(column, listing)
        if more and visit.too_long(column):
            self.count("columns_too_long")
            self.logger.error("%s: more pages than annual reports can fill, left off", column)
            return
        for following in more:
            request = Request(
                following.url,
                method=following.method,
                body=following.body,
                headers=dict(following.headers),
            )
            yield self._request(visit, lead, column, depth, via, request, following.page_class)

    def _request(
        self,
        visit: Visit,
        lead: Lead,
        column: str,
        depth: int,
        via: str,
        request: Request,
        page_class: PageClass | None = None,
    ) -> Request:
        """Return a request with what the callback and the recorder are to know of it."""
        hints = {"portal": visit.portal.code}
        if visit.portal.family:
            hints["family"] = visit.portal.family
        meta = request_meta(page_class or lead.page_class, hints, via)
        if visit.portal.render:
            meta["playwright"] = True
            meta["render_reason"] = "render: true in the portals file"
        return request.replace(
            callback=self.parse_navigation,
            errback=self.failed_navigation,
            cb_kwargs={"key": visit.portal.key, "lead": lead, "column": column, "depth": depth},
            meta=meta,
            priority=COLUMN_FIRST if column else 0,
        )

    def failed_navigation(self, failure: Failure) -> None:
        """Count a page that could not be fetched; the other portals go on."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        self._lost(self.visits[kwargs["key"]], kwargs["lead"], why(failure))

    def _lost(self, visit: Visit, lead: Lead, reason: str) -> None:
        code = visit.portal.code
        if visit.is_entrance(lead):
            self.count(f"portal/{code}/failed")
            self.logger.error("%s %s: %s: %s", code, visit.portal.name, lead.url, reason)
        else:
            self.count("requests_failed")
            self.logger.warning("%s: %s", lead.url, reason)

    def _compare(self, visit: Visit, page: Page) -> None:
        """Report a portal that runs another family than its file says (family drift)."""
        declared, shown = visit.portal.family, recognise(page)
        if declared and not visit.drifted and drifted(declared, shown):
            visit.drifted = True
            self.count("family_drift")
            self.logger.warning(
                "%s: %s is said to run %s but shows the marks of %s; please mend %s",
                visit.portal.code,
                page.url,
                declared,
                shown,
                self.file.path,
            )


class DocumentSiteSpider(ReportSpider):
    """Visits the document sites of ``config/portals/<name>.yml``: lists and searches, by titles."""

    SLOWLY = 10
    """Seconds between two requests: these sites owe us nothing."""
    MOST_PAGES = 5
    """Pages of a list or of a search's results."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.file.sites:
            raise PortalError(f"{self.file.path}: expected at least one site in 'sites'")
        self.sites = [s for s in self.file.sites if is_chosen(self.only, s.url, s.name)]
        if not self.sites:
            known = ", ".join(site.name for site in self.file.sites)
            raise PortalError(f"only={self.only}: no such site in {self.file.path} ({known})")
        self.met: set[str] = set()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # "spider" gives way to the command line.
        settings.set("DOWNLOAD_DELAY", cls.SLOWLY, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the seeds, or for the list and the first search results of every site."""
        for seed in self.seeds:
            for request in self.article(Entry(seed, ""), "", {"family": "wenku"}, ""):
                yield request
        for site in [] if self.seeds else self.sites:
            for request in self._entrances(site):
                yield request

    def parse_listing(self, response: Response, *, site: str, number: int) -> Iterator[Found]:
        """Yield the documents that a page lists and, while it brings new ones, the next page."""
        if response.status >= 400:
            self.count("requests_failed")
            self.logger.warning("%s: HTTP %s", response.url, response.status)
            return
        listing = family("wenku").listing(page_of(response))
        fresh = [entry for entry in listing.entries if entry.url not in self.met]
        self.met |= {entry.url for entry in fresh}
        for entry in fresh:
            if self.wanted(entry) and self.of_year(entry):
                yield from self.article(entry, site, {"family": "wenku"}, response.url)
        if fresh and number < self.MOST_PAGES:
            for following in listing.next:
                yield self._listing(following.url, site, number + 1, response.url)

    def _entrances(self, site: Site) -> Iterator[Request]:
        if site.list:
            yield self._listing(site.list, site.name, 1, "")
        if site.search:
            query = f"{self.year}年{QUERY}" if self.year else QUERY
            yield self._listing(search_url(site.search, query, 1), site.name, 1, "")

    def _listing(self, url: str, site: str, number: int, via: str) -> Request:
        return Request(
            url,
            self.parse_listing,
            errback=self.failed,
            cb_kwargs={"site": site, "number": number},
            meta=request_meta("listing", {"family": "wenku"}, via),
        )
