"""The download handler: asks a host when it holds the host's lease.

Scrapy's own slots go on holding each process to one request at a time; the lease holds all of them
to it, and hands on the pause that the host asks for.
"""

import time
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from gkcrawl.crawl import rendered
from gkcrawl.crawl.keeping import Keeper


class Handler(rendered.Handler):
    """Fetches as ``rendered.Handler`` does, and raises HostRestingError besides, where the host is
    to be left in peace. The setting ``HOST_KEEPER`` names what returns the crawler's keeper."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._keeper: Keeper | None = None
        self._tokens: dict[Request, str] = {}

    async def download_request(self, request: Request) -> Response:
        keeper = self._keeper or self._begin()
        host, machine = _place(request)
        with self.recorder.writing():
            self._tokens[request] = await keeper.lease(host, machine)
        if slot := self._slot(machine):
            # It counts its pause from now on, not from when the waiting began.
            slot.lastseen = time.monotonic()
        try:
            return await super().download_request(request)
        except BaseException:
            self._give_back(request)
            raise

    def _begin(self) -> Keeper:
        """Hear of answers after all others, who say how long the host is to be left alone."""
        self.crawler.signals.connect(self._hear_answer, signals.response_downloaded)
        keeper: Keeper = load_object(self.crawler.settings["HOST_KEEPER"])(self.crawler)
        self._keeper = keeper
        return keeper

    def _hear_answer(self, request: Request) -> None:
        if request in self._tokens:  # http and https have a handler each
            self._give_back(request)

    def _give_back(self, request: Request) -> None:
        assert self._keeper is not None, "it gave the lease"
        host, machine = _place(request)
        slot = self._slot(machine)
        pause = slot.lastseen + slot.delay - time.monotonic() if slot else 0.0
        self._keeper.give_back(host, machine, self._tokens.pop(request), pause)

    def _slot(self, machine: str) -> Any:
        return self.crawler.engine.downloader.slots.get(machine)


def _place(request: Request) -> tuple[str, str]:
    """Return the host and its machine, after which Manners named the request's slot."""
    host = urlparse_cached(request).hostname or ""
    return host, request.meta.get("download_slot", host)
