"""The download handler that keeps every exchange before anybody else sees it.

It stands below all of Scrapy's middlewares, so that robots.txt, redirects, retries and failures
pass through it too. An exchange is in the archive, and on the disk, before its response goes on.
"""
# Twisted has types in parts only.
# mypy: allow-untyped-calls

import asyncio
import base64
import logging
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from twisted.web._newclient import ResponseNeverReceived

from archive.records import Capture, Exchange
from gkcrawl.crawl import clock, doors, exchanges
from gkcrawl.crawl.pool import WirePool, current_wires
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.tls import old_tls
from gkcrawl.crawl.wire import Terms, Wire

logger = logging.getLogger(__name__)

# Head and framing (chunk sizes) may cost as much again as the largest body that is taken.
FRAMING = 2
# Scrapy tries again what failed or came too late, but not what was cancelled.
GIVEN_UP = {"length": DownloadCancelledError, "time": DownloadTimeoutError}


@dataclass(frozen=True, slots=True)
class Proxy:
    """The forward proxy of ``GKCRAWL_PROXY``."""

    url: str
    """``http://host:port``, without user and password."""
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, text: str) -> "Proxy":
        """Return the proxy that ``http://[user:password@]host:port`` names, else ValueError."""
        parts = urlsplit(text)
        if parts.scheme != "http" or not parts.hostname or parts.port is None:
            raise ValueError("GKCRAWL_PROXY must name a forward proxy as http://host:port")
        place = parts.netloc.rpartition("@")[2]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(f"http://{place}", user, password)

    def apply(self, request: Request) -> None:
        """Send ``request`` through this proxy: absolute-form for http, CONNECT for https."""
        request.meta["proxy"] = self.url
        if self.user:
            secret = base64.b64encode(f"{self.user}:{self.password}".encode())
            request.headers["Proxy-Authorization"] = b"Basic " + secret


class WireHandler(HTTP11DownloadHandler):
    """Fetches as Scrapy does and hands each exchange, as it went over the wire, to the recorder.

    Raises ForbiddenAddressError for what is not on the public internet (doors.py), else what
    Scrapy raises; every failure has been recorded by then. The id of the capture, None where
    nothing was received, is left in ``request.meta["capture_id"]``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        recorder = crawler.get_extension(Recorder)
        if recorder is None:
            raise RuntimeError(
                "nothing is fetched unrecorded: gkcrawl.crawl.recorder.Recorder is missing in "
                "EXTENSIONS"
            )
        self.recorder = recorder
        proxy = crawler.settings["GKCRAWL_PROXY"]
        self.proxy = Proxy.parse(proxy) if proxy else None
        self.guarded = not crawler.settings.getbool("GKCRAWL_ALLOW_PRIVATE")

        from twisted.internet import reactor

        limit = FRAMING * self._default_maxsize
        pool = WirePool(reactor, Terms(self._admit, self._flag, limit, recorder.directory))
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        self._pool = pool
        if not crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            self._contextFactory = old_tls(crawler)

    async def download_request(self, request: Request) -> Response:
        nothing = Wire()
        wires: list[Wire] = []
        proxied = self.proxy is not None
        try:
            response = await self._download(request, wires)
        except (Exception, asyncio.CancelledError) as error:
            self._record_repeated(request, wires)
            wire = wires[-1] if wires else nothing
            self._record(request, exchanges.failed(request, wire, error, proxied=proxied))
            raise
        self._record_repeated(request, wires)
        self._record(request, exchanges.succeeded(request, wires[-1], response, proxied=proxied))
        return response

    async def _download(self, request: Request, wires: list[Wire]) -> Response:
        if self.proxy is not None:
            self.proxy.apply(request)
        await self.check_door(request.url)
        current_wires.set(wires)
        try:
            response = await super().download_request(request)
        except Exception as error:
            self._demand_taken(request, wires, error)
            raise
        self._demand_taken(request, wires)
        return response

    def _demand_taken(
        self, request: Request, wires: list[Wire], error: Exception | None = None
    ) -> None:
        """Raise what came of it where we cut the connection ourselves.

        A body without length is whole for Scrapy even then.
        """
        wire = wires[-1] if wires else Wire()
        if wire.unwritable:
            with self.recorder.writing():
                raise wire.unwritable from error
        if wire.given_up:
            message = f"{request.url}: cut after {len(wire.response)} bytes"
            raise GIVEN_UP[wire.given_up](message) from error

    async def check_door(self, url: str) -> None:
        """Raise ForbiddenAddressError, or CannotResolveHostError, where ``url`` must not lead."""
        if not self.guarded:
            return
        name = doors.check_url(url)
        if name is None or self.proxy is not None:
            return  # a proxy resolves names itself, in a network of its own
        found = await doors.addresses(name)
        if not found:
            raise CannotResolveHostError(f"{name} has no address")
        for address in found:
            doors.check_address(address, url)

    def _admit(self, address: str) -> None:
        # The last look, at the address that was in fact connected to.
        if self.guarded and self.proxy is None:
            doors.check_address(address, "the connection")

    def _flag(self, address: str, data: bytes) -> None:
        self.crawler.stats.inc_value("gk/unasked_bytes", len(data))
        message = "%s sent %d bytes that answer nothing, its connection is dropped: %r"
        logger.warning(message, address, len(data), data[:80])

    def _record_repeated(self, request: Request, wires: list[Wire]) -> None:
        """Record what Twisted sent again by itself because a kept connection was stale."""
        for wire in wires[:-1]:
            error = wire.error or ResponseNeverReceived([])
            proxied = self.proxy is not None
            self._record(request, exchanges.failed(request, wire, error, proxied=proxied))

    def _record(self, request: Request, exchange: Exchange) -> None:
        if step := clock.stepped():
            self.crawler.stats.inc_value("gk/clock_stepped")
            message = "the machine's clock is now %s ahead of the one that this run began with"
            logger.warning(message, step)
        kept = self.recorder.record(exchange)
        # A retry inherits the meta of the try before it, so that None must be said.
        request.meta["capture_id"] = kept.id if isinstance(kept, Capture) else None
