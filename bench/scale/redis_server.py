"""A Redis of our own: a real server on a free port, which keeps nothing on the disk."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis

SECRET = "geheim-4711"
"""Its password, which must turn up nowhere."""


@dataclass(slots=True)
class Server:
    """A Redis that runs; it can be stopped and started again, and then knows nothing any more."""

    port: int
    folder: str
    client: Any
    """One of our own."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address with the password."""
        return f"redis://:{SECRET}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": self.folder,
            "save": "",
            "appendonly": "no",
            "requirepass": SECRET,
        }
        command = ["redis-server", *(part for n, v in options.items() for part in (f"--{n}", v))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while True:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                if self.process.poll() is not None:
                    raise RuntimeError("redis-server does not start") from None
                time.sleep(0.02)

    def stop(self) -> None:
        """Kill it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def traffic(self) -> dict[str, int]:
        """Return the commands and bytes that it has been sent so far."""
        told = self.client.info("stats")
        names = ("total_commands_processed", "total_net_input_bytes", "total_net_output_bytes")
        return {name: told[name] for name in names}


def is_installed() -> bool:
    """Tell whether there is a redis-server on this machine."""
    return shutil.which("redis-server") is not None


@contextmanager
def redis_server() -> Iterator[Server]:
    """Give a server that runs; it is stopped afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        tempfile.TemporaryDirectory(prefix="redis-") as folder,
        redis.Redis(port=port, password=SECRET, decode_responses=True) as client,
    ):
        server = Server(port, folder, client)
        server.start()
        try:
            yield server
        finally:
            server.stop()
