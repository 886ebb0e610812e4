"""Writing WARC files so that what was confirmed survives a kill and a power cut.

``write`` returns when the bytes are on the disk; the catalog's row is entered after it. A file
grows as ``NAME.warc.gz.open`` under a lock and gets its name when it is whole. It is never
appended to by another process: what a killed run leaves is finished by ``recover``.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from archive.records import (
    Capture,
    Conversion,
    Exchange,
    Failure,
    RenderedPage,
    Run,
    RunEnd,
    timestamp,
)
from archive.warc.compose import exchange_group, rendered_group
from archive.warc.converted import conversion_group
from archive.warc.group import Place
from archive.warc.growing import GrowingFile, TakenError
from archive.warc.names import file_name
from archive.warc.record import Record
from archive.warc.repeats import Known, Repeats
from archive.warc.runs import run_end, warcinfo

logger = logging.getLogger(__name__)


def utcnow() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class WarcWriter:
    """Writes one run's exchanges into WARC files in ``directory``.

    The folder is made and the first file opened at the first write. A file is followed by another
    at the first write after it has ``max_bytes``, or is ``max_age`` seconds old; ``close_idle``
    finishes one to which nothing was written for ``max_idle`` seconds. Before a file gets its name
    ``settled`` is asked whether all that is in it was entered where it belongs; if not, the file is
    let go of as it is (see ``abandon``). ``wire_framing``: chunked bodies are stored as they came.
    A host's certificates are stored with its first exchange and again when they change. ``known``:
    whom to ask for captures with an equal payload, so that it is stored once; None: all is stored
    in full, and so it is with ``wire_framing``. Not for several threads.
    """

    def __init__(
        self,
        directory: Path,
        run: Run,
        *,
        max_bytes: int = 10**9,
        max_age: float = 3600.0,
        max_idle: float = 600.0,
        wire_framing: bool = False,
        clock: Callable[[], datetime] = utcnow,
        monotonic: Callable[[], float] = time.monotonic,
        settled: Callable[[], bool] = lambda: True,
        known: Known | None = None,
    ) -> None:
        self.directory = directory
        self.run = run
        self.max_bytes = max_bytes
        self.max_age = max_age
        self.max_idle = max_idle
        self.wire_framing = wire_framing
        self._chains: dict[str, bytes] = {}
        self._clock = clock
        self._monotonic = monotonic
        self._settled = settled
        self._opened = self._used = 0.0
        self._serial = 0
        self._last_date = ""
        self._file: GrowingFile | None = None
        # Tools that take framed bodies for payloads would find none behind a revisit.
        asked = None if wire_framing else known
        self._find = Repeats(directory, asked, self._growing).find if asked else None

    def write(self, exchange: Exchange) -> Capture | Failure:
        """Keep an exchange; a Failure comes back only when no byte of a response came.

        It is on the disk when this returns. Raises ValueError for a URL that is not printable
        ASCII, and OSError when the disk refuses; nothing of the exchange is then in the file.
        """
        _demand_ascii(exchange.url)
        file, place = self._place(exchange.started_at)
        host, chain = urlsplit(exchange.url).netloc, exchange.certificates
        if self._chains.get(host) == chain:
            exchange = replace(exchange, certificates=None)  # told before
        group, row = exchange_group(
            exchange, place, wire_framing=self.wire_framing, find=self._find
        )
        main = file.append(group.records)
        if chain and exchange.response:
            self._chains[host] = chain
        return row if isinstance(row, Failure) else _placed(row, file, main)

    def write_rendered(self, page: RenderedPage) -> Capture:
        """Keep a page as a browser showed it; durable, and raises, like ``write``."""
        _demand_ascii(page.url)
        file, place = self._place(page.rendered_at)
        group, row = rendered_group(page, place)
        return _placed(row, file, file.append(group.records))

    def write_conversion(self, *conversions: Conversion) -> None:
        """Keep what was read from captures, all or nothing of it; durable, and raises OSError,
        like ``write``."""
        now = self._clock()
        # Dated as the record before them, lest exchanges that began before now are dated later
        # than they began.
        file, place = self._place(None if self._last_date else now)
        groups = (conversion_group(one, place, timestamp(now)) for one in conversions)
        file.append([record for group in groups for record in group.records])

    def write_run_end(self, end: RunEnd) -> None:
        """Keep how the run ended; durable, and raises OSError, like ``write``."""
        file, place = self._place(self._clock())
        file.append(run_end(end, place))

    def close(self) -> None:
        """Finish the file that is open, if any: its name, its index, its checksum.

        One in which nothing was written behind its ``warcinfo`` is removed.
        """
        if self._file is None:
            return
        file, self._file = self._file, None
        if file.bare:
            file.discard()
        elif self._settled():
            file.finish()
        else:
            file.release()

    def close_idle(self) -> bool:
        """Finish the file if nothing was written for ``max_idle`` seconds; return whether."""
        idle = self._file is not None and self._monotonic() - self._used >= self.max_idle
        if idle:
            self.close()
        return idle

    def abandon(self) -> None:
        """Let go of the file that is open, if any, as a killed process does: see ``recover``."""
        if self._file is not None:
            self._file.release()
            self._file = None

    def _place(self, moment: datetime | None) -> tuple[GrowingFile, Place]:
        """Return where and when the next group is written; a new file if the present is full.

        ``moment`` None: when the last one was.
        """
        # Dates in a file never step back: exchanges end in another order than they begin in,
        # and clocks are set.
        date = self._last_date = max(timestamp(moment) if moment else "", self._last_date)
        self._used = self._monotonic()
        if self._file is not None and self._is_due(self._file):
            self.close()
        if self._file is None:
            self._file, self._opened = self._next_file(date), self._used
        return self._file, Place(date, self._file.warcinfo_id, self.run.id)

    def _growing(self) -> str | None:
        """Return the name that the growing file will have; None: there is none."""
        return self._file.finished.name if self._file else None

    def _is_due(self, file: GrowingFile) -> bool:
        return file.size >= self.max_bytes or self._used - self._opened >= self.max_age

    def _next_file(self, date: str) -> GrowingFile:
        self.directory.mkdir(parents=True, exist_ok=True)
        while True:
            self._serial += 1
            name = file_name(self.run.spider, self._clock(), self._serial, self.run.id)
            try:
                return GrowingFile(self.directory / name, warcinfo(self.run, date, name))
            except TakenError:
                logger.info("%s is taken, trying the next name", name)


def _placed(capture: Capture, file: GrowingFile, main: Record) -> Capture:
    return replace(capture, warc=file.finished.name, offset=main.offset, length=main.length)


def _demand_ascii(url: str) -> None:
    if not (url.isascii() and url.isprintable() and url and " " not in url):
        raise ValueError(f"the URL {url!r} is not printable ASCII; percent-encode it first")
