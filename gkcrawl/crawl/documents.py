"""A spider's documents: whether they are due, what they are read as, and which to ask for again."""

from asyncio import Future
from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Reading
from gkcrawl.crawl import clock
from gkcrawl.crawl.again import Again
from gkcrawl.crawl.history import ArchiveHistory, History
from gkcrawl.crawl.indexing import Indexer
from gkcrawl.crawl.responses import outcome_of, why
from gkcrawl.crawl.resume import Resume
from gkcrawl.crawl.telling import TellingSpider
from gkcrawl.schedule import due, load_rules


class DocumentSpider(TellingSpider):
    """A spider that asks for documents when they are due, and once more where they changed."""

    history: History | None = None
    """None: the archive of the Recorder."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.again = Again()
        self._first: set[str] = set()
        """Addresses that are asked for and have no capture yet: they cannot have changed."""

    def is_due(self, request: Request) -> bool:
        """Tell whether a document is to be fetched in this run."""
        rules = load_rules()
        past = self._history().past(request.url, request.meta["page_class"])
        if past.captures:
            self._first.discard(request.url)
        else:
            self._first.add(request.url)
        answer = due(past, clock.now() + rules.ahead, rules)
        if answer or self._is_cut(request.url):
            return True
        self.count("not_due")
        self.logger.debug("not due: %s (%s)", request.url, answer.why)
        return False

    def seen_lately(self, request: Request) -> bool:
        """Tell whether a document was captured so lately that not even one that seems to be gone is
        asked for again."""
        rules = load_rules()
        captures = self._history().past(request.url, request.meta["page_class"]).captures
        early = clock.now() + rules.ahead - rules.vanished.every
        return bool(captures) and captures[-1].at > early

    def failed(self, failure: Failure) -> None:
        """Count a page that could not be fetched; the crawl goes on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.count("requests_failed")
        self.logger.warning("%s: %s", request.url, why(failure))

    def parse_again(self, response: Response) -> None:
        """Count a document that was asked for twice; its capture says it all."""
        self.count("confirmed")

    def last_requests(self) -> Iterator[Request]:
        """Yield once more the requests for documents whose content has changed: one look may
        deceive, by half a page or an old copy of a cache."""
        for request in self.again.taken():
            yield request.replace(
                callback=self.parse_again, cb_kwargs={}, dont_filter=True, priority=0
            )

    def _is_cut(self, url: str) -> bool:
        """Tell whether a run that was stopped would have tried a document once more."""
        resume = self.crawler.get_downloader_middleware(Resume)
        return resume is not None and resume.is_cut(url)

    async def _read_as(self, response: Response) -> Reading | None:
        """Return what came of a capture of this run, when that is known; None: it is not read."""
        reading = self._reading(response)
        if reading is None:
            return None
        read = await outcome_of(reading)
        asked = response.request.url if response.request else ""
        if asked in self._first:
            self._first.discard(asked)
        else:
            self.again.note(response, self._history())
        return read

    def _reading(self, response: Response) -> Future[Reading] | None:
        """Return what will come of a capture of this run; None: it is not read."""
        indexer = self.crawler.get_extension(Indexer)
        capture_id = response.meta.get("capture_id")
        return indexer.expected(capture_id) if indexer and capture_id else None

    def _history(self) -> History:
        if self.history is None:
            recorder = self.recorder
            self.history = ArchiveHistory(recorder.catalog, recorder.home / "warc")
        return self.history
