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
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import BODY

from archive.records import Truncation
from gkcrawl.crawl import clock
from gkcrawl.crawl.spool import Spool
from gkcrawl.crawl.tls import Tls, tls_of

# A head that is longer than this is no head; Twisted itself bounds only the single line.
HEAD_LIMIT = 2**20
# Bytes a second and seconds: a response that has begun must come faster than this.
LEAST_RATE = 1024
RATE_PERIOD = 30.0
# Where tcpi_bytes_acked stands in struct tcp_info (linux/tcp.h, since Linux 4.1), a u64.
_BYTES_ACKED = 120


@dataclass(slots=True)
class Wire:
    """One try on one connection, while it runs and when it is over."""

    ip_address: str | None = None
    """Of the other end, which behind a proxy is the proxy; None: no connection came about."""
    started_at: datetime = field(default_factory=clock.now)
    started: float = field(default_factory=time.monotonic)
    request: bytearray = field(default_factory=bytearray)
    response: Spool = field(default_factory=Spool)
    tls: Tls | None = None
    """None: no TLS, or no answer."""
    error: BaseException | None = None
    """What Twisted said of this try; None: it was answered, or is still running."""
    given_up: Truncation | None = None
    """We cut the connection: more came than is taken, or it came too slowly."""
    unwritable: OSError | None = None
    """What the disk said when it did not take the response."""
    reset: bool = False
    """The connection was broken off rather than closed (only known without TLS)."""


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


class RecordedRequest:
    """A Twisted request that starts a ``Wire`` for each connection it is handed to."""

    def __init__(self, request: Any, wires: list[Wire]) -> None:
        self._request = request
        self._wires = wires

    def begin(self, ip_address: str, spool: Spool) -> Wire:
        self._wires.append(Wire(ip_address, response=spool))
        return self._wires[-1]

    def writeTo(self, transport: Any) -> Deferred[None]:
        written: Deferred[None] = self._request.writeTo(_Tee(transport, self._wires[-1].request))
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


@dataclass(frozen=True, slots=True)
class Terms:
    """What all connections of a crawl have in common."""

    admit: Callable[[str], None] = lambda address: None
    """Called with the IP address of a new connection before a byte is sent, TLS included; raises
    where it must not be used."""
    unasked: Callable[[str, bytes], None] = lambda address, data: None
    """Called with address and bytes where those came that are no answer to any request."""
    limit: int = 0
    """The most bytes taken for one response, framing included; 0: no limit."""
    spool_directory: Path | None = None
    """Where large responses are spooled; None: nowhere."""


class WireProtocol(_LenientHTTP11ClientProtocol):
    """An HTTP/1.1 client connection that keeps a copy of what it sends and receives.

    Bytes must not be taken for the answer to a request that they do not answer. A connection is
    given up when bytes come that nobody asked for, and after a message whose end can be disputed.
    """

    transport: Any
    terms = Terms()
    _wire: Wire | None = None
    _socket: socket.socket | None = None
    _mark, _marked = 0, False
    """What was acknowledged when the request was made, and whether this system counts that."""
    _tls: Tls | None = None
    _watch: Any = None

    def connectionMade(self) -> None:
        super().connectionMade()
        transport = self.transport
        while not hasattr(transport, "socket"):
            transport = transport.transport  # TLS has the TCP connection inside
        self._socket = transport.socket

    def request(self, request: Any) -> Deferred[Any]:
        spool = Spool(self.terms.spool_directory)
        before, self._mark = self._mark, acknowledged(self._socket)
        # What a server says unasked on a new connection is an answer.
        self._marked = self._wire is not None and self._mark > before
        wire = self._wire = request.begin(self.transport.getPeer().host, spool)
        self._watch_rate(wire)

        def note(failure: Failure) -> Failure:
            wire.error = failure.value
            return failure

        return super().request(request).addErrback(note)

    def dataReceived(self, data: bytes) -> None:
        wire = self._wire
        if wire is None or self._parser is None or self._is_early(wire):
            # Twisted asks again, over another connection, if a request is under way.
            self.terms.unasked(self.transport.getPeer().host, data)
            self.transport.abortConnection()
            return
        try:
            wire.response.write(data)
        except OSError as error:
            wire.unwritable = error
            self._giveUp(Failure(error))
            return
        if self._tls is None and ISSLTransport.providedBy(self.transport):
            self._tls = tls_of(self.transport.getHandle())
        wire.tls = self._tls
        super().dataReceived(data)
        if self._parser is None:
            return
        bound = self.terms.limit if self._parser.state == BODY else HEAD_LIMIT
        if bound and len(wire.response) > bound:
            self._cut(wire, "length", f"more than {bound} bytes came")

    def _is_early(self, wire: Wire) -> bool:
        """Return whether what comes now was sent before any byte of the request had arrived."""
        begins = self._marked and not wire.response
        return begins and acknowledged(self._socket) == self._mark

    def _cut(self, wire: Wire, why: Truncation, message: str) -> None:
        wire.given_up = why
        self._giveUp(Failure(ConnectionAbortedError(message)))

    def _watch_rate(self, wire: Wire, seen: int = 0) -> None:
        """Cut a response that has begun and then comes too slowly."""
        from twisted.internet import reactor

        if wire is not self._wire or (seen and self._parser is None):
            return  # it is over
        came = len(wire.response)
        if seen and came - seen < LEAST_RATE * RATE_PERIOD:
            self._cut(wire, "time", f"{came - seen} bytes in {RATE_PERIOD} s")
            return
        self._watch = reactor.callLater(RATE_PERIOD, self._watch_rate, wire, came)  # type: ignore[arg-type]

    def _stop_watch(self) -> None:
        if self._watch is not None and self._watch.active():
            self._watch.cancel()

    def _finishResponse(self, rest: bytes) -> None:
        if self._currentRequest is not None and (rest or _is_disputable(self._parser)):
            # The bytes stay in the record: a wrong length may have cut off half of a page. But
            # who sends more than was announced is not trusted with another request.
            self._currentRequest.persistent = False
        self._stop_watch()
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._wire is not None and self._parser is not None:
            # TLS servers often close without saying so, which Twisted reports as a loss too.
            plain = not ISSLTransport.providedBy(self.transport)
            self._wire.reset = plain and bool(reason.check(ConnectionLost))
        self._stop_watch()
        super().connectionLost(reason)

    def has_unread(self) -> bool:
        """Return whether bytes (or the end of the stream) wait in the socket unread."""
        if self._socket is None or self._socket.fileno() < 0:
            return True  # closed, which is an end too
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))


def acknowledged(link: socket.socket | None) -> int:
    """Return how many bytes sent over ``link`` the other end's system has acknowledged.

    0 where this system does not count them.
    """
    if sys.platform != "linux" or link is None or link.fileno() < 0:
        return 0
    told = link.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES_ACKED + 8)
    return int.from_bytes(told[_BYTES_ACKED:], sys.byteorder)


def _is_disputable(parser: Any) -> bool:
    """Return whether a message says in two ways where it ends (RFC 9112, section 6.3)."""
    lengths = parser.connHeaders.getRawHeaders(b"Content-Length", ())
    codings = parser.connHeaders.getRawHeaders(b"Transfer-Encoding", ())
    return len(lengths) + len(codings) > 1 or any(b"," in length for length in lengths)
