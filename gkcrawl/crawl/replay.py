"""A crawl again, answered from an archive: ``-s GKCRAWL_REPLAY=PATH``. Nothing leaves the machine.

PATH is the home of an archive, a folder of ``.warc.gz`` files, or one of them. What was received
goes through the same client once more, byte for byte; what failed fails again, by class. The
tries for one address are given in the order in which they were recorded, the last one again and
again. What the archive does not have fails with NotInArchiveError.
"""
# Twisted has types in parts only.
# mypy: allow-untyped-calls

import builtins
from collections import deque
from contextvars import ContextVar
from typing import Any
from urllib.parse import urldefrag

import scrapy.exceptions
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from twisted.internet import error as internet_errors
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web import _newclient
from twisted.web.client import HTTPConnectionPool

from archive.warc.tries import Key, Try, key_of, tries_of
from gkcrawl.crawl import doors, exchanges
from gkcrawl.crawl.handler import WireHandler
from gkcrawl.crawl.pool import Handed, current_wires
from gkcrawl.crawl.wire import Wire, WireProtocol

_PIECE = 64 * 1024
_REPEATED = ("ResponseNeverReceived", "RequestTransmissionFailed", "RequestNotSent")
_KNOWN = (scrapy.exceptions, doors, internet_errors, _newclient, builtins)


class NotInArchiveError(Exception):
    """The archive that is replayed holds no answer to this request."""


class ReplayHandler(WireHandler):
    """Gives the answers of an archive to the client that would ask the network, and records them.

    Raises NotInArchiveError where there is none; else what Scrapy raised in the first place, or
    an exception of the same name.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.path = crawler.settings["GKCRAWL_REPLAY"]
        self.proxy = None
        self._pool = _ReplayPool()
        self._tries: dict[Key, deque[Try]] = {}
        for key, one in tries_of(self.path):
            self._tries.setdefault(key, deque()).append(one)

    async def check_door(self, url: str) -> None:
        """Let everything pass: it was checked when it was fetched, and nothing is asked now."""

    async def download_request(self, request: Request) -> Response:
        if request.meta.get("playwright"):
            return self._render(request)
        return await super().download_request(request)

    async def _download(self, request: Request, wires: list[Wire]) -> Response:
        url = urldefrag(request.url)[0]
        key = key_of(request.method, url, request.body)
        one = self._next(key, url)
        while _was_repeated(one) and self._tries[key][0] is not one:
            wires.append(_failed_wire(one))
            one = self._next(key, url)
        if one.failure is not None:
            wires.append(_failed_wire(one))
            raise error_of(one.failure)
        current_try.set(one)
        response = await super()._download(request, wires)
        wires[-1].ip_address = one.ip_address
        return response

    def _next(self, key: Key, url: str) -> Try:
        tries = self._tries.get(key)
        if not tries:
            raise NotInArchiveError(f"{url} is not in {self.path}")
        return tries.popleft() if len(tries) > 1 else tries[0]

    def _render(self, request: Request) -> Response:
        url = urldefrag(request.url)[0]
        try:
            one = self._next(("rendered", url, ""), url)
            if one.failure is not None:
                raise error_of(one.failure)
        except Exception as error:
            self._record(request, exchanges.not_rendered(request, error, proxied=False))
            raise
        html, status = one.read().decode(), one.status or 200
        page = exchanges.rendered(request, one.url, html, status)
        request.meta["capture_id"] = self.recorder.record_rendered(page).id
        return HtmlResponse(page.url, page.status, body=html, encoding="utf-8", request=request)


def error_of(failure: str) -> Exception:
    """Return an exception of the class that ``Class: message`` names, or a new one of that name."""
    name, _, message = failure.partition(": ")
    found = next((getattr(module, name) for module in _KNOWN if hasattr(module, name)), Exception)
    told = {"__init__": lambda self: None, "__str__": lambda self: message, "reasons": []}
    error: Exception = type(name, (found,), told)()
    return error


def _was_repeated(one: Try) -> bool:
    """Return whether Twisted sent the request again by itself: Scrapy gives no such names."""
    return (one.failure or "").partition(":")[0] in _REPEATED


def _failed_wire(one: Try) -> Wire:
    wire = Wire(one.ip_address, given_up=one.truncated)
    wire.request += one.request
    wire.error = error_of(one.failure or "")
    if one.received:
        wire.response.write(one.read())
    return wire


# Set by the handler just before it asks for a connection, read by the pool in the same call.
current_try: ContextVar[Try] = ContextVar("current_try")


class _ReplayPool(HTTPConnectionPool):
    """Hands out connections to the archive instead of to a server."""

    def __init__(self) -> None:
        from twisted.internet import reactor

        super().__init__(reactor, persistent=False)

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        return succeed(Handed(_ReplayProtocol(current_try.get()), current_wires.get()))


class _ReplayProtocol(WireProtocol):
    """A client connection that receives what an archive has."""

    def __init__(self, answer: Try) -> None:
        super().__init__(lambda protocol: None)
        self._answer = answer
        peer = IPv4Address("TCP", answer.ip_address or "127.0.0.1", 80)
        self.makeConnection(StringTransport(peerAddress=peer))

    def connectionMade(self) -> None:
        """There is no socket to look at."""

    def request(self, request: Any) -> Deferred[Any]:
        from twisted.internet import reactor

        answer: Deferred[Any] = super().request(request)
        reactor.callLater(0, self._feed)  # type: ignore[arg-type]
        return answer

    def _feed(self) -> None:
        data = self._answer.read()
        for start in range(0, len(data), _PIECE):
            if self._parser is None:
                return
            self.dataReceived(data[start : start + _PIECE])
        if self._parser is not None:
            lost = self._answer.truncated == "disconnect"
            self.connectionLost(Failure(ConnectionLost() if lost else ConnectionDone()))
