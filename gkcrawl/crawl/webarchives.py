"""The spider of web archives: captures of reports that their portals no longer have.

It asks the CDX services of ``config/portals/web_archive.yml`` for what the catalog misses (see
`gkcrawl.crawl.lost`). From a Wayback-style archive a page is fetched as it was received (``id_``)
and recorded as what it is, an answer of that archive; the hints ``archived_url``, ``archived_at``
and ``archived_by`` say what page it shows. From a Common-Crawl-style one the WARC record itself is
fetched and taken over byte for byte, under its own address and date.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings

from archive.records import PageClass
from gkcrawl.crawl.cdx import Snapshot, best, cdx_url, snapshots
from gkcrawl.crawl.history import asked_lately
from gkcrawl.crawl.items import FoundArticle
from gkcrawl.crawl.lost import Lost, lost
from gkcrawl.crawl.members import Members, byte_range
from gkcrawl.crawl.reports import Found, ReportSpider
from gkcrawl.crawl.responses import headers_of, is_chosen, is_whole, outcome_of, request_meta
from gkcrawl.families import Page, family, recognise
from gkcrawl.families.paths import looks_like_article
from gkcrawl.portals import Api, PortalError

_NOTHING = (404, 410)
"""How some services say that they have no capture."""


class SnapshotSpider(ReportSpider):
    """Asks the web archives of ``config/portals/<name>.yml`` for what the portals lost.

    Arguments beside those of all spiders: ``queries`` and ``pages``, how many questions and pages
    a run may cost; ``seeds`` are original addresses here.
    """

    SLOWLY = 5
    """Seconds between two requests to one archive."""
    MOST_QUERIES = 100
    MOST_PAGES = 200

    def __init__(
        self,
        *args: Any,
        queries: str | int | None = None,
        pages: str | int | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.apis = [api for api in self.file.apis if is_chosen(self.only, api.cdx, api.name)]
        if not self.apis:
            raise PortalError(f"{self.file.path}: expected at least one API in 'apis'")
        self.queries_left = _whole(queries, self.MOST_QUERIES, "queries")
        self.pages_left = _whole(pages, self.MOST_PAGES, "pages")
        self.asked: set[str] = set()
        self.members = Members()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # "spider" gives way to the command line.
        settings.set("DOWNLOAD_DELAY", cls.SLOWLY, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the seeds, or for what the catalog misses."""
        self.recorder.before_close.append(self._take_over)
        seeds = [Lost(seed, "document") for seed in self.seeds]
        for one in seeds or lost(self.recorder.catalog.db):
            for request in self._query(one, self.apis):
                yield request
            if not self.queries_left:
                return

    def parse_cdx(
        self, response: Response, *, wanted: Lost, apis: Sequence[Api]
    ) -> Iterator[Request]:
        """Yield requests for the captures that an archive lists, or ask the next archive."""
        is_text = isinstance(response, TextResponse) and response.status not in _NOTHING
        found = snapshots(response.text) if is_text else ()
        chosen = [one for one in best(found) if self._is_worth(one, wanted, apis[0])]
        self.count("archived_found" if chosen else "archived_not_found")
        for snapshot in chosen:
            yield from self._fetch(apis[0], snapshot, wanted, response.url)
        if not chosen and apis[1:]:
            yield from self._query(wanted, apis[1:])

    async def parse_replay(
        self, response: Response, *, snapshot: Snapshot, wanted: Lost
    ) -> AsyncIterator[Found]:
        """Yield the document that an archive showed, or questions for what its listing names."""
        if response.status >= 400:
            self.count("articles_refused")
            return
        page = Page(snapshot.url, response.body, headers_of(response))
        if _page_class(wanted) == "listing":
            for request in self._listed(page, wanted):
                yield request
        elif capture_id := response.meta.get("capture_id"):
            reading = self._reading(response)
            yield FoundArticle(snapshot.url, capture_id, wanted.portal, "")
            read = await outcome_of(reading) if reading else None
            if read is None or not read.report or not is_whole(read.report):
                for request in self._attached(page, wanted):
                    yield request

    def parse_member(
        self, response: Response, *, snapshot: Snapshot, wanted: Lost
    ) -> Iterator[Request]:
        """Keep a WARC record for taking over; yield questions for what its listing names."""
        if response.status >= 400:
            self.count("articles_refused")
            return
        for stored in self.members.add(snapshot, response.body):
            page = Page(stored.capture.url, stored.content, dict(stored.headers))
            if _page_class(wanted) == "listing":
                yield from self._listed(page, wanted)

    def _query(self, wanted: Lost, apis: Sequence[Api]) -> Iterator[Request]:
        """Yield the question to the first of the archives, if the run may still ask one."""
        url = cdx_url(apis[0].cdx, wanted.url)
        if url in self.asked or not self.queries_left:
            return
        self.asked.add(url)
        if asked_lately(self._history(), url):
            self.count("queries_not_due")
            if apis[1:]:
                yield from self._query(wanted, apis[1:])
            return
        self.queries_left -= 1
        self.count("queries")
        meta = request_meta("listing", self._hints(wanted), "")
        yield Request(
            url,
            self.parse_cdx,
            errback=self.failed,
            cb_kwargs={"wanted": wanted, "apis": apis},
            meta=meta | {"handle_httpstatus_list": list(_NOTHING)},
        )

    def _fetch(self, api: Api, snapshot: Snapshot, wanted: Lost, via: str) -> Iterator[Request]:
        """Yield the request for a capture, where it is due and the run may still fetch one."""
        hints = self._hints(wanted) | {
            "archived_url": snapshot.url,
            "archived_at": snapshot.taken_at,
            "archived_by": api.name,
        }
        told = {"snapshot": snapshot, "wanted": wanted}
        if api.data:
            request = Request(
                api.data.replace("{filename}", snapshot.filename),
                self.parse_member,
                headers={"Range": byte_range(snapshot)},
                cb_kwargs=told,
                meta=request_meta("listing", hints, via),
                # One file, many records.
                dont_filter=True,
            )
        else:
            url = (api.replay or "").replace("{timestamp}", snapshot.timestamp)
            request = Request(
                url.replace("{url}", snapshot.url),
                self.parse_replay,
                cb_kwargs=told,
                meta=request_meta(_page_class(wanted), hints, via),
            )
        if self.pages_left and (api.data or self.is_due(request)):
            self.pages_left -= 1
            yield request.replace(errback=self.failed)

    def _listed(self, page: Page, wanted: Lost) -> Iterator[Request]:
        """Yield questions for the documents that an archived listing names."""
        shown = recognise(page)
        name = wanted.family if shown == "static" else shown
        for entry in family(name).listing(page).entries:
            may_be_one = self.wanted(entry, in_column=True) and self.of_year(entry)
            if may_be_one and not self._is_known(entry.url):
                document = Lost(entry.url, "document", wanted.portal, name)
                yield from self._query(document, self.apis)

    def _attached(self, page: Page, wanted: Lost) -> Iterator[Request]:
        """Yield questions for the files of an archived page."""
        for url in family(wanted.family).article(page).attachments:
            yield from self._query(Lost(url, "document", wanted.portal, wanted.family), self.apis)

    def _is_worth(self, snapshot: Snapshot, wanted: Lost, api: Api) -> bool:
        """Tell whether a listed capture may be what was asked for."""
        if wanted.what == "folder" and not looks_like_article(snapshot.url):
            return False
        if api.data and not (snapshot.filename and snapshot.length):
            return False
        return wanted.what == "listing" or not self._is_known(snapshot.url)

    def _is_known(self, url: str) -> bool:
        """Tell whether the catalog has read a report from this address."""
        sql = "select 1 from readings where url = ?"
        return self.recorder.catalog.db.execute(sql, [url]).fetchone() is not None

    def _hints(self, wanted: Lost) -> dict[str, str]:
        """Return what is known of the page: by its portal, or by its last capture."""
        is_told = wanted.portal or wanted.what == "folder"
        stored = None if is_told else self._history().stored(wanted.url)
        if stored is not None:
            names = ("portal", "family", "anchor", "listed_date", "column")
            return {name: stored.hints[name] for name in names if name in stored.hints}
        return {"portal": wanted.portal, "family": wanted.family} if wanted.portal else {}

    async def _take_over(self) -> None:
        """Import the WARC records that were fetched, and read them."""
        taken = self.members.take_over(self.recorder.home, self.recorder.catalog)
        self.crawler.stats.inc_value("gk/archived_taken_over", taken)


def _page_class(wanted: Lost) -> PageClass:
    return "listing" if wanted.what == "listing" else "article"


def _whole(value: str | int | None, default: int, name: str) -> int:
    if value is not None and not str(value).isdigit():
        raise ValueError(f"{name}={value}: expected a number such as {default}")
    return default if value is None else int(value)
