"""A web server that puts exactly the bytes it is told on the socket, and a proxy in front of it.

Both work on raw sockets and keep what they received, so that what a client recorded can be held
against what really went over the wire.
"""

import contextlib
import datetime
import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Answer:
    """What the server does with one request."""

    pieces: Iterable[bytes]
    """Sent one after the other; can be gone through again for the next request."""
    then: str = "keep"
    """``keep`` the connection, ``close`` it, ``reset`` it, or ``hang``."""
    pause: float = 0.02
    """Seconds between pieces, so that each goes in a segment of its own; 0: as fast as it goes."""

    @property
    def sent(self) -> bytes:
        return b"".join(self.pieces)


def answer(*pieces: bytes, then: str = "keep", pause: float = 0.02) -> Answer:
    """Return an answer of these pieces."""
    return Answer(pieces, then, pause)


@dataclass(frozen=True)
class Flood:
    """A beginning and then the same again and again, without being held in memory."""

    first: bytes
    again: bytes
    times: int | None = None
    """None: without end."""

    def __iter__(self) -> Iterator[bytes]:
        yield self.first
        again = itertools.repeat(self.again)
        yield from again if self.times is None else itertools.islice(again, self.times)


def flood(
    first: bytes, again: bytes, times: int | None = None, then: str = "close", pause: float = 0
) -> Answer:
    """Return an answer of ``first`` and then ``again``, ``times`` or without end."""
    return Answer(Flood(first, again, times), then, pause)


@dataclass
class Received:
    """One request as it arrived."""

    path: str
    raw: bytes
    connection: int


@dataclass
class WireServer:
    """Serves ``answers`` by path on a free loopback port; a context manager."""

    answers: Mapping[str, Answer]
    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._released = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._released.set()
        _close_listener(self._listener)
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def requests(self, path: str) -> list[Received]:
        """Return what arrived for ``path``, in order."""
        return [one for one in self.received if one.path == path]

    def _accept(self) -> None:
        for number, connection in enumerate(_connections(self._listener)):
            thread = threading.Thread(target=self._serve, args=(connection, number))
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket, number: int) -> None:
        self._open.add(plain)
        with contextlib.suppress(OSError), plain:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
            self._open.add(link)
            with link:
                while request := read_message(link):
                    path = _path(request)
                    self.received.append(Received(path, request, number))
                    if not self._reply(link, self.answers.get(path, NOT_FOUND)):
                        return

    def _reply(self, link: socket.socket, reply: Answer) -> bool:
        """Send the reply; return whether the connection goes on."""
        for index, piece in enumerate(reply.pieces):
            if index and reply.pause and self._released.wait(reply.pause):
                return False
            link.sendall(piece)
        if reply.then == "hang":
            self._released.wait()
        elif reply.then == "reset":
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif reply.then == "close" and isinstance(link, ssl.SSLSocket):
            link.unwrap()
        return reply.then == "keep"


NOT_FOUND = answer(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


@dataclass
class WireProxy:
    """A forward proxy to one server, whatever host is asked for: absolute-form and CONNECT."""

    http_port: int
    https_port: int
    received: list[bytes] = field(default_factory=list)
    """The heads of requests for the proxy itself, CONNECT included."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    __exit__ = WireServer.__exit__
    _released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        for connection in _connections(self._listener):
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        with contextlib.suppress(OSError), client:
            head = read_message(client)
            if not head:
                return
            self.received.append(head)
            tunnel = head.startswith(b"CONNECT ")
            port = self.https_port if tunnel else self.http_port
            with socket.create_connection(("127.0.0.1", port)) as server:
                self._open.add(server)
                if tunnel:
                    client.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
                else:
                    server.sendall(head)
                back = threading.Thread(target=_pump, args=(server, client))
                back.start()
                _pump(client, server)
                back.join(10)


def certificate(folder: Path) -> ssl.SSLContext:
    """Return a server context with a fresh self-signed certificate, stored in ``folder``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wire.example")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now - datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def read_message(link: socket.socket) -> bytes:
    """Return one request as it arrived, body included; empty at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = link.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        body += link.recv(65536)
    return head + b"\r\n\r\n" + body


def _path(request: bytes) -> str:
    target = request.split(b" ", 2)[1].decode()
    return "/" + target.split("/", 3)[3] if target.startswith("http") else target


def _connections(listener: socket.socket) -> Iterator[socket.socket]:
    while True:
        try:
            yield listener.accept()[0]
        except OSError:
            return


def _close_listener(listener: socket.socket) -> None:
    # Closing alone does not wake a thread that waits in accept().
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for link, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
        with contextlib.suppress(OSError):
            link.shutdown(how)


__all__ = ["Answer", "Received", "WireProxy", "WireServer", "answer", "certificate", "flood"]
