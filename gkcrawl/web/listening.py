"""Listening: sockets, one application for several of them, and a quiet end."""

import errno
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from gkcrawl.web.replay.ranges import encoded

Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Any, Any], Awaitable[None]]

_BACKLOG = 2048


class PortTaken(OSError):
    """Another program listens there."""


def by_port(catalog: AsgiApp, replay: AsgiApp, replay_port: int, replay_host: str) -> AsgiApp:
    """Return one application for the listeners of both, told apart by port.

    The catalog does not answer to the name of the replay host.
    """

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await catalog(scope, receive, send)
        elif scope["server"][1] == replay_port:
            await replay(scope, receive, send)
        elif _name(scope) == _bare(replay_host):
            # Cookies that the catalog set under this name would be open to archived scripts.
            await _misdirected(send)
        else:
            await catalog(scope, receive, send)

    return app


def _name(scope: Message) -> str:
    """Return the name that a request calls us by, without port."""
    return _bare(dict(scope["headers"]).get(b"host", b"").decode("latin-1"))


def _bare(host: str) -> str:
    return host.lower().rpartition(":")[0] if ":" in host.rpartition("]")[2] else host.lower()


async def _misdirected(send: Any) -> None:
    headers = encoded([("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff")])
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": b"The catalog has another name.\n"})


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises PortTaken, and OSError for a host that is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} on {host} is taken by another program: choose one with --port"
            raise PortTaken(message) from error
        raise


class Server(uvicorn.Server):
    """Says when it answers, and ends on a signal without raising it again."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = started
        self.ended_by: int | None = None
        """The signal that did; None: none."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._told()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self.ended_by = self._captured_signals[0] if self._captured_signals else None
