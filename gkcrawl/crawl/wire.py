"""What goes over a connection, byte for byte: the tap on Scrapy's HTTP/1.1 client.

Scrapy's ``Response`` is not what the server sent (names and order of headers, reason phrase,
chunk framing and 1xx heads are gone), so the bytes are taken where they leave and enter the
connection, after TLS and below every middleware. Each request that is handed to a connection
gets a ``Wire`` of its own: several run over one kept connection, and a connection that turned
out to be stale is followed by a second one for the same Scrapy request.

The hooks are private names of Scrapy 2.19 and Twisted; tests compare every byte with a raw
socket server, so that a change there is noticed at once.
"""
# Twisted has types in parts only.
# mypy: allow-untyped-calls

import select
import socket
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import BODY
from twisted.web.client import HTTPConnectionPool

# A head that is longer than this is no head; Twisted itself bounds only the single line.
HEAD_LIMIT = 2**20


@dataclass(slots=True)
class Wire:
    """One try on one connection, while it runs and when it is over."""

    ip_address: str | None = None
    """Of the other end, which behind a proxy is the proxy; None: no connection came about."""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.monotonic)
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    error: BaseException | None = None
    """What Twisted said of this try; None: it was answered, or is still running."""
    overflow: bool = False
    """More came than is taken; the connection was cut."""
    reset: bool = False
    """The connection was broken off rather than closed (only known without TLS)."""


# Set by the handler just before it asks for a connection, read by the pool in the same call.
current_wires: ContextVar[list[Wire]] = ContextVar("current_wires")


class _Tee:
    """A transport that also notes what is written to it."""

    def __init__(self, transport: Any, copy: bytearray) -> None:
        self._transport = transport
        self._copy = copy

    def write(self, data: bytes) -> None:
        self._copy += data
        self._transport.write(data)

    def writeSequence(self, data: list[bytes]) -> None:
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _RecordedRequest:
    """A Twisted request that starts a ``Wire`` for each connection it is handed to."""

    def __init__(self, request: Any, wires: list[Wire]) -> None:
        self._request = request
        self._wires = wires

    def begin(self, ip_address: str) -> Wire:
        self._wires.append(Wire(ip_address))
        return self._wires[-1]

    def writeTo(self, transport: Any) -> Deferred[None]:
        written: Deferred[None] = self._request.writeTo(_Tee(transport, self._wires[-1].request))
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


class WireProtocol(_LenientHTTP11ClientProtocol):
    """An HTTP/1.1 client connection that keeps a copy of what it sends and receives."""

    transport: Any
    _wire: Wire | None = None
    limit = 0
    """The most bytes taken for one response, framing included; 0: no limit."""

    def connectionMade(self) -> None:
        super().connectionMade()
        transport = self.transport
        while not hasattr(transport, "socket"):
            transport = transport.transport  # TLS has the TCP connection inside
        self._socket: socket.socket = transport.socket

    def request(self, request: Any) -> Deferred[Any]:
        wire = self._wire = request.begin(self.transport.getPeer().host)

        def note(failure: Failure) -> Failure:
            wire.error = failure.value
            return failure

        return super().request(request).addErrback(note)

    def dataReceived(self, data: bytes) -> None:
        wire = self._wire
        if wire is None or self._parser is None:
            # Nobody asked: these bytes must not be taken for the answer to the next request.
            self.transport.abortConnection()
            return
        wire.response += data
        super().dataReceived(data)
        if self._parser is None:
            return
        bound = self.limit if self._parser.state == BODY else HEAD_LIMIT
        if bound and len(wire.response) > bound:
            wire.overflow = True
            self._giveUp(Failure(ConnectionAbortedError(f"more than {bound} bytes came")))

    def _finishResponse(self, rest: bytes) -> None:
        if rest and self._currentRequest is not None:
            # Who sends more than was announced is not trusted with another request. The bytes
            # stay in the record: a wrong length may have cut off half of a page.
            self._currentRequest.persistent = False
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._wire is not None and self._parser is not None:
            # TLS servers often close without saying so, which Twisted reports as a loss too.
            plain = not ISSLTransport.providedBy(self.transport)
            self._wire.reset = plain and bool(reason.check(ConnectionLost))
        super().connectionLost(reason)

    def has_unread(self) -> bool:
        """Return whether bytes (or the end of the stream) wait in the socket unread."""
        if self._socket.fileno() < 0:
            return True  # closed, which is an end too
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))


class _WireFactory(_LenientHTTP11ClientFactory):
    admit: Callable[[str], None]
    limit: int

    def buildProtocol(self, addr: Any) -> WireProtocol:
        self.admit(addr.host)
        protocol = WireProtocol(self._quiescentCallback)
        protocol.limit = self.limit
        return protocol


class _Handed:
    """A connection as the pool hands it out for one request."""

    def __init__(self, connection: Any, wires: list[Wire]) -> None:
        self._connection = connection
        self._wires = wires

    def request(self, request: Any) -> Deferred[Any]:
        answer: Deferred[Any] = self._connection.request(_RecordedRequest(request, self._wires))
        return answer


class WirePool(HTTPConnectionPool):
    """A pool whose connections note each exchange in the ``current_wires`` of its request.

    ``admit`` is called with the IP address of every new connection before a byte is sent
    (TLS included) and raises where it must not be used; ``limit`` is in bytes, 0 for none.
    """

    def __init__(self, reactor: Any, *, admit: Callable[[str], None], limit: int) -> None:
        super().__init__(reactor, persistent=True)
        self._admit = admit
        self._limit = limit

    def _factory(  # type: ignore[override]
        self, quiescent: Callable[[Any], None], metadata: str
    ) -> _WireFactory:
        factory = _WireFactory(quiescent, metadata)
        factory.admit = self._admit
        factory.limit = self._limit
        return factory

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        wires = current_wires.get()
        for connection in self._connections.get(key, ()):
            if connection.has_unread():
                connection.abort()  # no longer quiescent, so the pool passes over it
        connection_made: Deferred[Any] = super().getConnection(key, endpoint)
        return connection_made.addCallback(_Handed, wires)
