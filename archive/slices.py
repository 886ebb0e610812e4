"""A stretch of a WARC file, read in one go: the unit of work that many share.

A file is cut by its bytes alone, before anybody has read it, so the cuts are guesses: a stretch
begins with its first capture and ends before the first capture behind its end. Whoever puts the
stretches together (``archive.index``) sees by where one ends whether the next began rightly, and
has it read again where it did not. What comes out is what one who reads the file from end to end
finds, in the same order.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from archive.reading import read_stored
from archive.records import Failure, Reading, Run, RunEnd, StoredExchange
from archive.warc import DamagedRecord, iter_exchanges
from archive.warc.record import mapped, next_member
from archive.warc.rows import NO_RUN
from archive.warc.runs import run_of
from archive.warc.scan import records

STEP = 512 * 1024
"""Bytes of a stretch, as they lie in the file: some fifty pages, about a second of reading."""
PATIENCE = 10.0
"""Seconds after which no further document is begun: what is left is another stretch."""

Item = Run | RunEnd | Failure | StoredExchange | Reading
"""What a stretch tells: of captures that are known already the exchange, of others the reading."""
Read = Callable[[StoredExchange, Run], Reading]


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of a WARC file."""

    path: Path
    start: int = 0
    """Offset in bytes."""
    end: int | None = None
    """Where the next begins; None: the file's end."""
    run: Run | None = None
    """To which the record at ``start``, a capture's, belongs. None: ``start`` is the file's begin,
    or a guess: what stands before the first capture is left to the stretch before."""
    known: frozenset[int] = frozenset()
    """Offsets of captures that need not be read."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What a stretch told. No content of documents is in it."""

    items: tuple[Item, ...]
    """In the order of the file."""
    start: int | None
    """Where it began; None: nothing begins in it."""
    run: Run
    """To which its first capture belongs, as far as it knows."""
    next: int | None = None
    """Where the first capture stands that is left to the next stretch; None: there is none."""
    next_run: Run = NO_RUN
    """To which that capture belongs."""
    damage: DamagedRecord | None = None
    """Where the file is damaged: what stands behind is not in it, nor in any other."""

    @property
    def readings(self) -> list[Reading]:
        """What was read in it."""
        return [item for item in self.items if isinstance(item, Reading)]


def cuts(path: Path, step: int = STEP) -> list[Slice]:
    """Return a WARC file as stretches of about ``step`` bytes; one where it is not compressed."""
    with mapped(path) as data:
        starts = [0]
        while (start := starts[-1] + step) < len(data) and (
            start := next_member(data, start)
        ) < len(data):
            starts.append(start)
    return [Slice(path, start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]


def read_here(stored: StoredExchange, run: Run) -> Reading:
    """Return what a capture is, without its content; ``run``: to which it belongs.

    In other people's archives, where hardly any page is a report, most are not read.
    """
    reading = read_stored(stored, sifted=not run.spider)
    return replace(reading, stored=_bare(stored))


def read_slice(part: Slice, read: Read = read_here, patience: float = PATIENCE) -> Portion:
    """Return what a stretch tells, its captures read by ``read``; raises what that raises."""
    begun = part.start if part.run is not None or part.start == 0 else None
    run = first = _run_at(part)
    items: list[Item] = []
    deadline = time.monotonic() + patience
    try:
        for item in iter_exchanges(part.path, part.start, first):
            if isinstance(item, StoredExchange):
                offset = item.capture.offset
                late = bool(items) and time.monotonic() > deadline
                if late or (part.end is not None and offset >= part.end):
                    return Portion(tuple(items), begun, first, offset, run)
                if begun is None:
                    begun, first = offset, run
                items.append(_bare(item) if offset in part.known else read(item, run))
                continue
            if isinstance(item, Run):
                run = item
            if begun is not None:
                items.append(item)
    except DamagedRecord as error:
        return Portion(tuple(items), begun, first, damage=error)
    return Portion(tuple(items), begun, first)


def alone(part: Slice, stored: StoredExchange, run: Run) -> Slice:
    """Return the stretch that holds nothing but one capture of ``part``."""
    offset = stored.capture.offset
    return Slice(part.path, offset, offset + 1, run)


def _run_at(part: Slice) -> Run:
    """Return the run to which a stretch belongs: where it is not told, the one named first."""
    if part.run is not None or part.start == 0:
        return part.run or NO_RUN
    found = (run_of(record) for record in records(part.path) if record.type == "warcinfo")
    return next(found, NO_RUN)


def _bare(stored: StoredExchange) -> StoredExchange:
    return replace(stored, content=b"")
