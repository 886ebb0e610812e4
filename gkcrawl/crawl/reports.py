"""What all spiders of gkcrawl have in common: arguments, articles, and when to fetch them.

A spider asks three kinds of pages: navigation (home, column, listing), which says what there is and
is fetched on every run; articles and their attachments, which are fetched when they are due. What
a page looks like the families know; when a URL is due the schedule knows.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response

from gkcrawl.crawl import clock
from gkcrawl.crawl.documents import DocumentSpider
from gkcrawl.crawl.items import FoundArticle
from gkcrawl.crawl.responses import holds_all, is_file, is_whole, page_of, request_meta
from gkcrawl.crawl.resume import VALID
from gkcrawl.families import Entry, Page, family, may_be_report, report_year
from gkcrawl.portals import PortalFile, load_portals, read_portals

Found = Request | FoundArticle
# Documents before lists: a killed crawl should leave no article whose files were not asked for.
ARTICLE_FIRST, ATTACHMENT_FIRST = 10, 20
MOST_FILES = 6
"""Files of one page; a report has one or two."""
# What a page without a report may be that leads to some.
MAY_LIST = frozenset({"listing", "unrelated", "empty"})


class ReportSpider(DocumentSpider):
    """Fetches documents that may be annual reports.

    Arguments: ``portals`` (another portals file), ``year`` (only reports on that year, as far as
    titles tell), ``only`` (a portal's code, name or host), ``seeds`` (URLs, comma separated, which
    are fetched as articles; the portals are then left alone). ValueError for a wrong argument.
    """

    def __init__(
        self,
        portals: str | None = None,
        year: str | int | None = None,
        only: str | None = None,
        seeds: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.file: PortalFile = read_portals(Path(portals)) if portals else load_portals(self.name)
        if year is not None and not str(year).isdigit():
            raise ValueError(f"year={year}: expected a year such as 2024")
        self.year = int(year) if year is not None else None
        self.only = only
        self.recalled: set[str] = set()
        self.seeds = [seed.strip() for seed in (seeds or "").split(",") if seed.strip()]

    def wanted(self, entry: Entry, *, in_column: bool = False) -> bool:
        """Tell whether a listed document may be a report; a province may know better."""
        return may_be_report(entry.title, in_column=in_column)

    def of_year(self, entry: Entry) -> bool:
        """Tell whether a document may report on the year that was asked for."""
        return self.year is None or report_year(entry.title) in (None, self.year)

    def article(
        self, entry: Entry, portal: str, hints: dict[str, str], via: str
    ) -> Iterator[Request]:
        """Yield the request for a document where it is due, else for what it may have left out."""
        request = self.document(entry, portal, hints, via)
        if self.is_due(request):
            self.count_request(portal)
            yield request
        else:
            yield from self._recall(request.url, entry, portal, request.meta["hints"])

    def document(self, entry: Entry, portal: str, hints: dict[str, str], via: str) -> Request:
        """Return the request for a document, due or not."""
        told = {"anchor": entry.title, "listed_date": entry.date, "listed_url": entry.url}
        hints = {**hints, **{name: value for name, value in told.items() if value}}
        return Request(
            entry.url,
            self.parse_article,
            errback=self.failed,
            cb_kwargs={"portal": portal, "entry": entry},
            meta=request_meta("article", hints, via),
            priority=ARTICLE_FIRST,
        )

    def attachment(
        self, url: str, entry: Entry, portal: str, hints: dict[str, str], via: str
    ) -> Iterator[Request]:
        """Yield the request for a file of an article, where it is due."""
        request = Request(
            url,
            self.parse_file,
            errback=self.failed,
            cb_kwargs={"portal": portal, "entry": entry},
            meta=request_meta("attachment", hints, via),
            priority=ATTACHMENT_FIRST,
        )
        if self.is_due(request):
            self.count_request(portal)
            yield request

    async def parse_article(
        self, response: Response, *, portal: str, entry: Entry
    ) -> AsyncIterator[Found]:
        """Yield the article that was captured and requests for what belongs to it.

        Files are asked for only where the page itself does not hold the whole report, so what the
        page was read as is waited for.
        """
        read = await self._read_as(response)
        for found in self.parse_attachment(response, portal=portal, entry=entry):
            yield found
        hints = dict(response.meta["hints"])
        if read is not None:
            self.judge(read.outcome, portal, hints)
        if response.status >= 400 or is_file(response):
            for url in entry.attachments if response.status >= 400 else ():
                for request in self.attachment(url, entry, portal, hints, response.url):
                    yield request
            return
        if read and read.report and is_whole(read.report):
            return
        page = page_of(response)
        files, moved = self._around(page, entry, portal, hints)
        for request in moved:
            yield request
        if read is None or not (files or self.may_list(entry)):
            return
        for request in self._files(files, entry, portal, hints, page.url):
            yield request
        if read.outcome in MAY_LIST and self.may_list(entry):
            for request in self.listed_by(page, portal, hints):
                yield request

    async def parse_file(
        self, response: Response, *, portal: str, entry: Entry
    ) -> AsyncIterator[Found]:
        """Yield the file of an article that was captured."""
        await self._read_as(response)
        for found in self.parse_attachment(response, portal=portal, entry=entry):
            yield found

    def parse_attachment(self, response: Response, *, portal: str, entry: Entry) -> Iterator[Found]:
        """Yield the document that was captured; a refusal is counted, its capture says it all."""
        if response.status >= 400:
            self.count("articles_refused")
        elif capture_id := response.meta.get("capture_id"):
            yield FoundArticle(response.url, capture_id, portal, entry.title)

    def judge(self, outcome: str, portal: str, hints: Mapping[str, str]) -> None:
        """Note what a document was read as, for the column that named it."""

    def may_list(self, entry: Entry) -> bool:
        """Tell whether what was listed as a document may be a list: its title is no report's."""
        return False

    def listed_by(self, page: Page, portal: str, hints: dict[str, str]) -> Iterator[Request]:
        """Yield requests for the documents that a page lists which was thought to be one itself."""
        return iter(())

    def _around(
        self, page: Page, entry: Entry, portal: str, hints: dict[str, str]
    ) -> tuple[list[str], list[Request]]:
        """Return the files of an article and requests for the page that it points to."""
        article = family(hints.get("family", "static")).article(page)
        moved = []
        if article.moved_to is not None:
            moved = list(self._moved(article.moved_to, entry, portal, hints, page.url))
        return list(dict.fromkeys([*entry.attachments, *article.attachments])), moved

    def _files(
        self,
        files: Iterable[str],
        entry: Entry,
        portal: str,
        hints: dict[str, str],
        via: str,
    ) -> Iterator[Request]:
        """Yield the requests for the files of a page that does not hold the whole report."""
        for url in islice(files, MOST_FILES):
            yield from self.attachment(url, entry, portal, hints, via)

    def _recall(
        self, url: str, entry: Entry, portal: str, hints: dict[str, str]
    ) -> Iterator[Request]:
        """Yield what belongs to an article by its capture: a killed crawl may have left it out."""
        if url in self.recalled:
            return
        self.recalled.add(url)
        report = self._history().report_at(url)
        if report and holds_all(report["year"], report["tables_status"], report["text"]):
            return
        stored = self._history().stored(url)
        if stored is None:
            return
        headers = {name.lower(): value for name, value in stored.headers}
        page = Page(url, stored.content, headers)
        if 300 <= (stored.capture.status or 0) < 400:
            if target := page.resolve(headers.get("location", "")):
                yield from self._moved(target, entry, portal, hints, url)
            return
        files, moved = self._around(page, entry, portal, hints)
        yield from moved
        yield from self._files(files, entry, portal, hints, url)
        last = self._history().past(url, "article").captures[-1]
        # What it lists was not asked for, if the run was stopped that took it for a document.
        if last.outcome in MAY_LIST and clock.now() - last.at < VALID and self.may_list(entry):
            yield from self.listed_by(page, portal, hints)

    def _moved(
        self, url: str, entry: Entry, portal: str, hints: dict[str, str], via: str
    ) -> Iterator[Request]:
        """Yield the request for the page to which another one points."""
        for request in self.article(Entry(url, entry.title, entry.date), portal, hints, via):
            # The list names the page that points.
            request.meta["hints"]["listed_url"] = hints.get("listed_url", via)
            yield request
