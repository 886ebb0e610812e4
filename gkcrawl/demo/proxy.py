"""A forward proxy on loopback behind which the embedded world stands under its real host names.

``http`` comes in absolute form, ``https`` by CONNECT; the proxy then ends the TLS itself with a
certificate that it signed for the host a moment ago. Nothing is ever passed on: a host that is
not of the world gets 502.
"""

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, runtime_checkable
from urllib.parse import urlsplit

from gkcrawl.demo.certificates import self_signed
from gkcrawl.demo.wire import Page, Response, encode


class Web(Protocol):
    """What can stand behind the proxy."""

    def hosts(self) -> tuple[str, ...]:
        """Return the names of the hosts that answer."""

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        """Return the answer to one request; header names are in lower case."""


@runtime_checkable
class ReadingWeb(Protocol):
    """A web that also reads what a request brings along."""

    def respond_to(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Return the answer to one request; header names are in lower case."""


@dataclass(slots=True)
class Exchange:
    """One request that came to the proxy, and what it got."""

    method: str
    url: str
    headers: Mapping[str, str]
    """Names in lower case."""
    came: float
    """Seconds of the monotonic clock."""
    gone: float = 0.0
    """When the answer was sent; 0: not yet."""
    status: int = 0
    """502: the host is not of the web."""


class ForwardProxy:
    """Serves a web on 127.0.0.1, on a free port: ``async with ForwardProxy(world) as proxy``.

    ``traffic``: a list to which every request is appended. ``latency``: seconds that every answer
    waits, so that requests which come at the same time can be seen to do so.
    """

    def __init__(
        self, world: Web, traffic: list[Exchange] | None = None, latency: float = 0.0
    ) -> None:
        self._world = world
        self._traffic = traffic
        self._latency = latency
        self._contexts = {host: self_signed(host) for host in world.hosts()}
        self._connections: set[asyncio.Task[None]] = set()
        self.url = ""
        """``http://127.0.0.1:port`` once it serves."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served by a task")
        self._connections.add(task)
        try:
            # A client that leaves in the middle has done nothing wrong.
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await self._converse(reader, writer)
        except asyncio.CancelledError:
            # Only the end of the proxy cancels; asyncio's streams would log it as an error.
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side has enough."""
        origin = ""
        while True:
            method, target, headers, body = await _request(reader)
            if method == "CONNECT":
                host = target.rsplit(":", 1)[0]
                if host not in self._contexts:
                    self._noted(method, f"https://{target}/", headers, status=502)
                    await _send(writer, _bad_gateway(host))
                    return
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.start_tls(self._contexts[host])
                origin = f"https://{host}"
                continue
            exchange = self._noted(method, origin + target, headers)
            if self._latency:
                await asyncio.sleep(self._latency)
            response = self._answer(method, origin + target, headers, body)
            exchange.status, exchange.gone = response.status, time.monotonic()
            await _send(writer, response)
            if response.ending == "reset":
                writer.transport.abort()
            said = headers.get("connection", headers.get("proxy-connection", ""))
            if response.ending != "keep" or said.lower() == "close":
                return

    def _noted(
        self, method: str, url: str, headers: Mapping[str, str], status: int = 0
    ) -> Exchange:
        exchange = Exchange(method, url, headers, time.monotonic(), status=status)
        if self._traffic is not None:
            self._traffic.append(exchange)
        return exchange

    def _answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        host = urlsplit(url).hostname or ""
        if host not in self._contexts:
            return _bad_gateway(host)
        if isinstance(self._world, ReadingWeb):
            return self._world.respond_to(method, url, headers, body)
        return self._world.respond(method, url, headers)


@contextlib.contextmanager
def serve_world(
    world: Web, traffic: list[Exchange] | None = None, latency: float = 0.0
) -> Iterator[str]:
    """Serve ``world`` from a thread of its own and give the URL of the proxy.

    ``traffic`` and ``latency`` as `ForwardProxy` takes them.
    """
    started = threading.Event()
    failures: list[BaseException] = []
    urls: list[str] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with ForwardProxy(world, traffic, latency) as proxy:
            urls.append(proxy.url)
            started.set()
            await stop.wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:
            failures.append(error)
        finally:
            started.set()
            loop.close()

    thread = threading.Thread(target=run, name="embedded world", daemon=True)
    thread.start()
    started.wait()
    if failures:
        raise failures[0]
    try:
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], bytes]:
    """Return method, target, headers and body of the next request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.rstrip("\r\n").split("\r\n")
    method, target, _version = line.split(" ", 2)
    pairs = (text.partition(":") for text in fields)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return method, target, headers, body


async def _send(writer: asyncio.StreamWriter, response: Response) -> None:
    writer.write(response.raw())
    await writer.drain()


def _bad_gateway(host: str) -> Response:
    text = f"The embedded world has no host {host!r}; nothing outside of it is contacted.\n"
    return encode(Page(text, status=502, media_type="text/plain"))
