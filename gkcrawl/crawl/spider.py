"""The spider of a province: visits its portals, each by the family that it runs on."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotSupported
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import PageClass
from gkcrawl.crawl import clock, noticing
from gkcrawl.crawl.asking import hints_of, navigation, request_of
from gkcrawl.crawl.choosing import visits_of
from gkcrawl.crawl.concluding import PortalSpider
from gkcrawl.crawl.looking import TRIED, Seen, look, trouble
from gkcrawl.crawl.memory import remembered
from gkcrawl.crawl.reports import Found
from gkcrawl.crawl.responses import is_rendered, page_of, why
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Entry, Family, Lead, Page, family, recognise
from gkcrawl.families.addresses import as_on
from gkcrawl.families.article import moved_to
from gkcrawl.families.titles import is_column_name, may_be_report
from gkcrawl.monitoring.facts import Visited

MOST_HOPS = 3
"""Pages in a row that only send on by script."""


class ProvinceSpider(PortalSpider):
    """Visits the portals of ``config/portals/<name>.yml``, each by its family."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visits = visits_of(self.file, self.only)
        self._untold = list(self.visits.values())

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.go_on_with_all, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the seeds, or for the columns or the first page of every portal."""
        if self.seeds:
            for request in self._seeds():
                yield request
            return
        for visit in self.visits.values():
            for request in self.begin(visit):
                yield request

    def begin(self, visit: Visit) -> Iterator[Request]:
        """Yield the requests with which a visit begins."""
        visit.memory, visit.look_anew = remembered(self.recorder.catalog, visit.portal, clock.now())
        yield from self._go_on(visit)

    def go_on_with_all(self) -> None:
        """When nothing is on its way any more, go on where something was left."""
        requests: list[Request] = []
        for visit in [] if self.seeds else self.visits.values():
            requests += self.go_on(visit)
        while self._untold and not (self.seeds or requests):
            requests += self.conclude(self._untold.pop())
        requests = requests or list(self.last_requests())
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def go_on(self, visit: Visit) -> Iterator[Request]:
        """Yield what is left to ask for on a visit of which nothing is on its way any more."""
        visit.release_all()
        yield from self._go_on(visit)

    def parse_navigation(
        self, response: Response, *, portal: str, step: Step, further: str = "", hops: int = 0
    ) -> Iterator[Found]:
        """Yield the documents that a page lists, its next pages, and where columns may be.

        ``further``: the family whose request for more of a list this answers; ``hops``: pages that
        have sent on.
        """
        visit = self.visits[portal]
        visit.release(step.lead.url)
        visit.column(step).open -= 1
        visit.spellings.learn(response.meta.get("redirect_urls", [response.url])[0], response.url)
        page = page_of(response, step.lead.fragment, visit.known)
        if reason := trouble(page, response.status, step, visit):
            self._lost(visit, step, reason, page.url)
        elif (target := moved_to(page)) and hops < MOST_HOPS:
            if visit.may_ask(target):
                yield self._request(visit, step, Request(target), hops=hops + 1)
        else:
            yield from self._read(visit, step, page, response, further)
        if step.in_column and not visit.column(step).open:
            known = self.recorder.catalog.listed(hints_of(visit, step)["column_url"])
            self._tell(noticing.column_read(visit, step, known))
        visit.close(step)
        yield from self._go_on(visit)

    def failed_navigation(self, failure: Failure) -> Iterator[Request]:
        """Note a page that could not be fetched; the rest goes on."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        visit, step = self.visits[kwargs["portal"]], kwargs["step"]
        visit.release(step.lead.url)
        column = visit.column(step)
        column.open -= 1
        column.broken = True
        if isinstance(failure.value, NotSupported):
            self.notice("needs_browser", visit.code, step.lead.url, str(failure.value))
        self._lost(visit, step, why(failure), step.lead.url)
        visit.close(step)
        yield from self._go_on(visit)

    def visited(self) -> Iterator[Visited]:
        """Yield the portals of which anything was asked; none where only seeds were."""
        stats = self.crawler.stats
        for visit in [] if self.seeds else self.visits.values():
            if stats.get_value(f"gk/portal/{visit.code}/requests"):
                portal = visit.portal
                found = len(visit.found)
                yield Visited(portal.code, portal.name, portal.url, found, portal.least_reports)

    def may_list(self, entry: Entry) -> bool:
        """Tell whether what was listed as a document may be a list: its title is no report's."""
        if self.seeds:
            return False  # nothing else was asked for
        return is_column_name(entry.title) or not may_be_report(entry.title)

    def listed_by(self, page: Page, portal: str, hints: dict[str, str]) -> Iterator[Request]:
        """Yield the request for a list that was thought to be a document, now as what it is."""
        visit = next((v for v in self.visits.values() if v.belongs(page.url)), None)
        if visit is not None and visit.frontier.spend_detour():
            lead = Lead(page.url, hints.get("anchor", ""), "column")
            visit.frontier.push(Step(lead, column=page.url))
            yield from self._go_on(visit)

    def _seeds(self) -> Iterator[Request]:
        for seed in self.seeds:
            portal = next((v.portal for v in self.visits.values() if v.belongs(seed)), None)
            hints = {"portal": portal.code, "family": portal.family or "static"} if portal else {}
            yield from self.article(Entry(seed, ""), portal.code if portal else "", hints, "")

    def _go_on(self, visit: Visit) -> Iterator[Request]:
        """Yield requests for what is best to ask next on a portal."""
        for step in visit.next_steps():
            yield self._request(visit, step, request_of(step.ask) if step.ask else None)

    def _read(
        self, visit: Visit, step: Step, page: Page, response: Response, further: str
    ) -> Iterator[Found]:
        """Yield what follows from a page that is as it should be."""
        known = further or step.reader
        shown = "" if known else recognise(page)
        self._tell(noticing.seen(visit, step, page, shown, str(self.file.path)))
        name = known or visit.runs(shown)
        reader = family(name)
        seen = look(page, step, visit, reader, self.wanted, further=bool(further))
        visit.note(step, page)
        if not step.in_column and seen.is_all_reports(step):
            step = step.as_column()
        goes_on = seen.goes_on(step)
        if seen.is_column(step):
            self._tell(noticing.found(visit, step))
            visit.succeeded(step, seen.wanted, whole=not goes_on)
            if not (step.ask or further):
                visit.frontier.stands_at(page.url)
        for entry in seen.off_site:
            if visit.discover(entry, reader):
                self.notice("off_site", visit.code, entry.url, f"not fetched: {entry.title}")
        own = reader.identity(page.url)
        for entry in seen.wanted:
            if reader.identity(entry.url) != own:
                yield from self._article(visit, step, entry, reader, name, response.url)
        if seen.shows_report(page, own, reader) and visit.discover(Entry(page.url, ""), reader):
            yield from self._own_report(visit, step, page)
        parts = visit.push(step, seen.leads, len(seen.wanted))
        visit.column(step).parts += parts
        if goes_on:
            visit.frontier.push(step.rest(seen.listing.next[0]))
        if step.in_column:
            yield from self._more(visit, step, seen, name)
            is_first = visit.column(step).pages <= 1 and not parts
            if is_first and not is_rendered(response) and seen.needs_browser(page, step):
                yield self._request(visit, step, render="the static page lists nothing")

    def _article(
        self, visit: Visit, step: Step, entry: Entry, reader: Family, name: str, via: str
    ) -> Iterator[Request]:
        if not visit.discover(entry, reader):
            return
        self.count(f"portal/{visit.code}/articles")
        if self.of_year(entry):
            hints = hints_of(visit, step) | {"family": name}
            entry = replace(entry, url=visit.spellings.of(as_on(via, entry.url)))
            yield from self.article(entry, visit.code, hints, via)

    def _own_report(self, visit: Visit, step: Step, page: Page) -> Iterator[Request]:
        """Yield the request for a list's page as a report, unless it was fetched as one already."""
        self.count(f"portal/{visit.code}/articles")
        if step.lead.page_class != "other":
            entry = Entry(page.url, step.lead.anchor)
            for request in self.article(entry, visit.code, hints_of(visit, step), ""):
                yield request.replace(dont_filter=True)

    def _more(self, visit: Visit, step: Step, seen: Seen, name: str) -> Iterator[Request]:
        """Yield the next pages of a column until one brings nothing new."""
        for following in visit.more(step, seen.listing, len(seen.wanted)):
            request = request_of(following)
            # Services give their lists to those who come from the column's page only.
            request.headers.setdefault("Referer", step.lead.url)
            yield self._request(visit, step, request, following.page_class, further=name)
        if visit.column(step).too_long:
            self.count("columns_too_long")
            self.logger.error("%s: more pages than annual reports can fill", step.lead.url)

    def _request(
        self,
        visit: Visit,
        step: Step,
        request: Request | None = None,
        page_class: PageClass | None = None,
        *,
        further: str = "",
        hops: int = 0,
        render: str = "",
    ) -> Request:
        """Return a request with what callback and recorder are to know of it."""
        visit.hold(step.lead.url)
        visit.column(step).open += 1
        self.count_request(visit.code)
        asked = navigation(
            visit, step, request, page_class, is_further=bool(further), render=render
        )
        told = {"portal": visit.portal.key, "step": step, "further": further, "hops": hops}
        return asked.replace(
            callback=self.parse_navigation, errback=self.failed_navigation, cb_kwargs=told
        )

    def _lost(self, visit: Visit, step: Step, reason: str, url: str) -> None:
        """Note a page that gave nothing: where it was a known column, it is looked for again."""
        if visit.is_entrance(step.lead):
            self.count(f"portal/{visit.code}/failed")
            name = visit.portal.name
            self.logger.error("%s %s: %s: %s", visit.code, name, step.lead.url, reason)
        elif step.way not in TRIED:
            self.count("requests_failed")
            self.logger.warning("%s: %s", step.lead.url, reason)
        self._tell(noticing.lost(visit, step, reason, url))
