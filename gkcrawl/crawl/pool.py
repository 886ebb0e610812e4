"""The pool of connections, each of which notes what goes over it."""
# Twisted has types in parts only.
# mypy: allow-untyped-calls

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory
from twisted.internet.defer import Deferred
from twisted.web.client import HTTPConnectionPool

from gkcrawl.crawl.wire import RecordedRequest, Terms, Wire, WireProtocol

# Set by the handler just before it asks for a connection, read by the pool in the same call.
current_wires: ContextVar[list[Wire]] = ContextVar("current_wires")


class _WireFactory(_LenientHTTP11ClientFactory):
    terms: Terms

    def buildProtocol(self, addr: Any) -> WireProtocol:
        self.terms.admit(addr.host)
        protocol = WireProtocol(self._quiescentCallback)
        protocol.terms = self.terms
        return protocol


class Handed:
    """A connection as the pool hands it out for one request."""

    def __init__(self, connection: Any, wires: list[Wire]) -> None:
        self._connection = connection
        self._wires = wires

    def request(self, request: Any) -> Deferred[Any]:
        answer: Deferred[Any] = self._connection.request(RecordedRequest(request, self._wires))
        return answer


class WirePool(HTTPConnectionPool):
    """A pool whose connections note each exchange in the ``current_wires`` of its request."""

    def __init__(self, reactor: Any, terms: Terms) -> None:
        super().__init__(reactor, persistent=True)
        self._terms = terms

    def _factory(  # type: ignore[override]
        self, quiescent: Callable[[Any], None], metadata: str
    ) -> _WireFactory:
        factory = _WireFactory(quiescent, metadata)
        factory.terms = self._terms
        return factory

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        wires = current_wires.get()
        for connection in self._connections.get(key, ()):
            if connection.has_unread():
                connection.abort()  # no longer quiescent, so the pool passes over it
        connection_made: Deferred[Any] = super().getConnection(key, endpoint)
        return connection_made.addCallback(Handed, wires)
