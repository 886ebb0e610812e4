"""Portals on loopback, each at an address of its own, that put any bytes on the wire.

A portal answers as it should but where it is told to do otherwise: with a fault for one page, or
for all of them, or not at all (nobody listens any more). A fault is what a server did in real life,
as bytes; see ``faults_wire``.
"""

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_PATIENCE = 300.0
"""Seconds after which a hanging answer is given up, should the client never do so."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire for one request."""

    pieces: Iterable[bytes]
    """Can be gone through again."""
    then: str = "keep"
    """``keep`` the connection, ``close`` it, ``reset`` it, or ``hang``."""
    pause: float = 0.0
    """Seconds between pieces."""


def page(
    body: bytes, media_type: str = "text/html; charset=utf-8", status: str = "200 OK"
) -> Reply:
    """Return a whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Reply((head.encode() + body,))


def redirect(place: str) -> Reply:
    """Return an answer that sends on."""
    head = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
    return Reply((head.encode(),))


NOT_FOUND = page(b"<h1>404</h1>", status="404 Not Found")


@dataclass
class Portal:
    """One site: ``with Portal(...)`` serves it."""

    address: str
    """127.0.0.N."""
    code: str
    name: str
    port: int
    pages: dict[str, Reply] = field(default_factory=dict)
    everywhere: Reply | None = None
    """What it says to whatever is asked; None: what belongs there."""
    tls: ssl.SSLContext | None = None
    asked: set[str] = field(default_factory=set)
    """Paths that were answered with what belongs there."""

    def __post_init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self._released = threading.Event()

    @property
    def url(self) -> str:
        """Its home page."""
        return f"{'https' if self.tls else 'http'}://{self.address}:{self.port}/"

    def __enter__(self) -> "Portal":
        self.listen()
        return self

    def __exit__(self, *exc: object) -> None:
        self.fall_silent()

    def listen(self) -> None:
        """Be there."""
        if self._listener is None:
            self._released.clear()
            self._listener = socket.create_server((self.address, self.port))
            self._start(self._accept, self._listener)

    def fall_silent(self) -> None:
        """Be gone: whoever knocks is refused."""
        listener, self._listener = self._listener, None
        self._released.set()
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._threads.clear()

    def _start(self, task: object, *arguments: object) -> None:
        thread = threading.Thread(target=task, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, plain: socket.socket) -> None:
        self._open.add(plain)
        # A client that leaves in the middle has done nothing wrong, nor has one that wants no TLS.
        with contextlib.suppress(OSError), plain:
            link = self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
            self._open.add(link)
            with link:
                for path in _paths(link):
                    reply = self.everywhere or self.pages.get(path, NOT_FOUND)
                    self.asked |= {path} if reply is not self.everywhere else set()
                    if not self._answer(link, reply):
                        return

    def _answer(self, link: socket.socket, reply: Reply) -> bool:
        for index, piece in enumerate(reply.pieces):
            if index and reply.pause:
                time.sleep(reply.pause)
            link.sendall(piece)
        if reply.then == "hang":
            self._released.wait(_PATIENCE)
        elif reply.then == "reset":
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return reply.then == "keep"


def _paths(link: socket.socket) -> Iterator[str]:
    """Yield the path of each request (RFC 9112, section 3.2.1)."""
    data = b""
    while more := link.recv(65536):
        data += more
        while b"\r\n\r\n" in data:
            head, _, data = data.partition(b"\r\n\r\n")
            yield head.split(b" ", 2)[1].decode("latin-1")


def free_port(addresses: Iterable[str]) -> int:
    """Return a port that is free on all these addresses."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = int(first.getsockname()[1])
        with contextlib.ExitStack() as stack:
            try:
                for address in addresses:
                    stack.enter_context(socket.create_server((address, port)))
            except OSError:
                continue
            return port
