"""What all spiders of gkcrawl have in common: arguments, articles, and when to fetch them.

A spider asks three kinds of pages: navigation (home, column, listing), which says what there is and
is fetched on every run; articles and their attachments, which are fetched when they are due. What
a page looks like the families know; when a URL is due the schedule knows.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.records import PageClass
from gkcrawl.crawl.history import ArchiveHistory, History
from gkcrawl.crawl.items import FoundArticle
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.families import Entry, Page, family, may_be_report, report_year
from gkcrawl.portals import PortalFile, load_portals, read_portals
from gkcrawl.schedule import due

Found = Request | FoundArticle
# Documents before lists: a killed crawl should leave no article whose files were not asked for.
ARTICLE_FIRST, ATTACHMENT_FIRST = 10, 20


class ReportSpider(Spider):
    """Fetches documents that may be annual reports.

    Arguments: ``portals`` (another portals file), ``year`` (only reports on that year, as far as
    titles tell), ``only`` (a portal's code, name or host), ``seeds`` (URLs, comma separated, which
    are fetched as articles; the portals are then left alone). ValueError for a wrong argument.
    """

    history: History | None = None
    """None: the archive of the Recorder."""

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
        """Yield the requests for a document and the files that its listing names, where due."""
        told = {"anchor": entry.title, "listed_date": entry.date}
        hints = {**hints, **{name: value for name, value in told.items() if value}}
        request = Request(
            entry.url,
            self.parse_article,
            errback=self.failed,
            cb_kwargs={"portal": portal, "entry": entry},
            meta=request_meta("article", hints, via),
            priority=ARTICLE_FIRST,
        )
        if self.is_due(request):
            yield request
        else:
            yield from self._recall(request.url, entry, portal, hints)
        for url in entry.attachments:
            yield from self.attachment(url, entry, portal, hints, via)

    def attachment(
        self, url: str, entry: Entry, portal: str, hints: dict[str, str], via: str
    ) -> Iterator[Request]:
        """Yield the request for a file of an article, where it is due."""
        request = Request(
            url,
            self.parse_attachment,
            errback=self.failed,
            cb_kwargs={"portal": portal, "entry": entry},
            meta=request_meta("attachment", hints, via),
            priority=ATTACHMENT_FIRST,
        )
        if self.is_due(request):
            yield request

    def parse_article(self, response: Response, *, portal: str, entry: Entry) -> Iterator[Found]:
        """Yield the article that was captured and requests for what belongs to it."""
        yield from self.parse_attachment(response, portal=portal, entry=entry)
        if response.status < 400:
            hints = dict(response.meta["hints"])
            yield from self._belongings(page_of(response), entry, portal, hints)

    def parse_attachment(self, response: Response, *, portal: str, entry: Entry) -> Iterator[Found]:
        """Yield the document that was captured; a refusal is counted, its capture says it all."""
        if response.status >= 400:
            self.count("articles_refused")
        elif capture_id := response.meta.get("capture_id"):
            yield FoundArticle(response.url, capture_id, portal, entry.title)

    def is_due(self, request: Request) -> bool:
        """Tell whether a document is to be fetched in this run."""
        last = self._history().last_capture(request.url)
        answer = due(request.meta["page_class"], last, datetime.now(UTC))
        if not answer:
            self.count("not_due")
            self.logger.debug("not due: %s (%s)", request.url, answer.reason)
        return bool(answer)

    def failed(self, failure: Failure) -> None:
        """Count a page that could not be fetched; the crawl goes on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.count("requests_failed")
        self.logger.warning("%s: %s", request.url, why(failure))

    def count(self, name: str) -> None:
        """Add one to the statistic ``gk/<name>`` of the run."""
        self.crawler.stats.inc_value(f"gk/{name}")

    def _belongings(
        self, page: Page, entry: Entry, portal: str, hints: dict[str, str]
    ) -> Iterator[Request]:
        """Yield the requests for the files of an article, or for the page that it points to."""
        article = family(hints.get("family", "static")).article(page)
        if article.moved_to is not None:
            yield from self._moved(article.moved_to, entry, portal, hints, page.url)
        for url in article.attachments:
            yield from self.attachment(url, entry, portal, hints, page.url)

    def _recall(
        self, url: str, entry: Entry, portal: str, hints: dict[str, str]
    ) -> Iterator[Request]:
        """Yield what belongs to an article by its capture: a killed crawl may have left it out."""
        stored = self._history().stored(url)
        if stored is None or url in self.recalled:
            return
        self.recalled.add(url)
        headers = {name.lower(): value for name, value in stored.headers}
        page = Page(url, stored.content, headers)
        if 300 <= (stored.capture.status or 0) < 400:
            if target := page.resolve(headers.get("location", "")):
                yield from self._moved(target, entry, portal, hints, url)
        else:
            yield from self._belongings(page, entry, portal, hints)

    def _moved(
        self, url: str, entry: Entry, portal: str, hints: dict[str, str], via: str
    ) -> Iterator[Request]:
        """Yield the request for the page to which another one points."""
        yield from self.article(Entry(url, entry.title, entry.date), portal, hints, via)

    def _history(self) -> History:
        if self.history is None:
            recorder = self.crawler.get_extension(Recorder)
            if recorder is None:
                raise RuntimeError("the spider needs the Recorder: see EXTENSIONS in the settings")
            self.history = ArchiveHistory(recorder.catalog, recorder.home / "warc")
        return self.history


def why(failure: Failure) -> str:
    """Return what went wrong with a request in a few words."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def request_meta(page_class: PageClass, hints: dict[str, str], via: str) -> dict[str, Any]:
    """Return what a request says of itself to the recorder; an empty ``via`` is none."""
    return {"page_class": page_class, "hints": hints, "via": via or None}


def page_of(response: Response, fragment: str = "") -> Page:
    """Return a response as the families see it; ``fragment`` is the one that its link had."""
    url = response.url.partition("#")[0] + (f"#{fragment}" if fragment else "")
    headers = {str(k): str(v) for k, v in response.headers.to_unicode_dict().items()}
    return Page(url, response.body, headers)


def is_chosen(only: str | None, url: str, *names: str) -> bool:
    """Tell whether ``only`` (None: everything) is one of the names, or the host of the URL."""
    return only is None or only in names or only == urlsplit(url).hostname
