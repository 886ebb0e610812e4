"""The machine of the day of faults: starts the real commands at a made-up time, and does harm.

The clock is that of faketime (Debian package), which shifts the time that a process is told;
waits last as long as ever.
"""

import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SPIDER = "yunnan"
_PROGRAM = "from gkcrawl.cli import main; main()"
QUICK = {
    "DOWNLOAD_DELAY": "0.001",
    "AUTOTHROTTLE_ENABLED": "0",
    "RETRY_ENABLED": "0",
    "DOWNLOAD_TIMEOUT": "5",
    "DOWNLOAD_MAXSIZE": str(2**18),
}
"""Everything that costs time and shows no more."""
DONE = (0, 3)
"""Exit statuses of a crawl that came to its end; 3: monitors failed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    status: int
    stdout: str
    said: str
    """Both streams."""


@dataclass
class Machine:
    """A home, its configuration, and a clock that can be set."""

    home: Path
    config: Path
    now: datetime
    """What the clock says, but for the seconds that pass."""
    environment: dict[str, str] = field(init=False)
    _left: list[Path] = field(default_factory=list)
    """Files that killed crawls left before the last one was started."""

    def __post_init__(self) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if "GKCRAWL" not in name},
            "GKCRAWL_HOME": str(self.home),
            "GKCRAWL_CONFIG": str(self.config),
            "GKCRAWL_ALLOW_PRIVATE": "1",
            "GKCRAWL_MIN_FREE": "0",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def crawl(self, *options: str, **more: Any) -> Ran:
        """Return how a crawl ended."""
        return self.finish(self.start(*options, **more))

    def start(
        self, *options: str, limit: int = 0, settings: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start a crawl in a session of its own; ``limit``: bytes that a file may have."""
        pairs = [f"-s{name}={value}" for name, value in {**QUICK, **(settings or {})}.items()]

        self._left = self.growing()

        def no_file_may_grow() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return self._popen(["crawl", *options, SPIDER, *pairs], no_file_may_grow if limit else None)

    def command(self, *arguments: str) -> Ran:
        """Return how another command of gkcrawl ended."""
        return self.finish(self._popen(arguments))

    def finish(self, process: subprocess.Popen[str]) -> Ran:
        """Wait for a command."""
        out, err = process.communicate()
        return Ran(process.returncode, out, out + err)

    def _popen(
        self, arguments: Sequence[str], before: Any = None, *, faked: bool = True
    ) -> subprocess.Popen[str]:
        ahead = round((self.now - datetime.now(UTC)).total_seconds())
        faketime = ["faketime", "-f", f"{ahead:+d}s"] if faked else []
        return subprocess.Popen(
            [*faketime, sys.executable, "-c", _PROGRAM, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=before,
        )

    def start_beside(self) -> subprocess.Popen[str]:
        """Start a second crawl while one runs; it is refused before it asks for the time.

        Without faketime, under which a refusal cannot sleep (clock_nanosleep of Debian's 0.9.10).
        """
        return self._popen(["crawl", SPIDER], faked=False)

    def await_bytes(self, process: subprocess.Popen[str], size: int) -> bool:
        """Wait until the file that a crawl writes has so many bytes; False: the crawl has ended."""
        while process.poll() is None:
            if max(self._sizes_of_new(), default=0) >= size:
                return True
            time.sleep(0.002)
        return False

    def _sizes_of_new(self) -> Iterator[int]:
        for path in self.growing():
            if path not in self._left:
                # The crawl may finish it at this moment.
                with suppress(FileNotFoundError):
                    yield path.stat().st_size

    def signal(self, process: subprocess.Popen[str], number: int) -> Ran:
        """Send a signal to a command and all that it has started."""
        os.killpg(process.pid, number)
        return self.finish(process)

    def growing(self) -> list[Path]:
        """Return the files that are being written, or were when a crawl was killed."""
        return sorted(self.home.glob("warc/*.open"))

    def finished(self) -> list[Path]:
        """Return the finished WARC files."""
        return sorted(self.home.glob("warc/*.warc.gz"))

    @contextmanager
    def locked_catalog(self) -> Iterator[None]:
        """Keep the catalog locked for writing, as a forgotten program would."""
        connection = sqlite3.connect(self.home / "catalog.db", isolation_level=None)
        try:
            connection.execute("begin immediate")
            yield
        finally:
            connection.close()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return rows of the catalog; none where it cannot be read."""
        path = self.home / "catalog.db"
        if not path.exists():
            return []
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()
