"""The stretches of many WARC files, read ahead by whoever can, handed out in the files' order.

Each is handed out once it is certain that it begins where the one before it ended.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from archive.records import Run
from archive.slices import Portion, Slice

Result = Callable[[], Portion]
"""Waits for a stretch and returns it; raises what kept it from being read."""


class Reader(Protocol):
    """Who reads stretches, many at a time."""

    @property
    def ahead(self) -> int:
        """How many stretches are worth being asked for before the first is there."""

    def submit(self, part: Slice) -> Result:
        """Begin to read a stretch, or put it in line."""


@dataclass(frozen=True, slots=True)
class _Expected:
    """Where the next stretch of a file has to begin."""

    start: int
    run: Run


def portions(parts: Iterable[Slice], reader: Reader) -> Iterator[tuple[Slice, Portion]]:
    """Yield what the stretches tell, file by file and in the order of each file.

    ``parts``: those of a file one after the other (``archive.slices.cuts``). Every capture comes
    once, wherever the files were cut; behind damage comes nothing more of a file.
    """
    line = _Line(iter(parts), reader)
    expected: _Expected | None = None
    while (found := line.take()) is not None:
        part, result = found
        portion = result()
        if expected is not None and (portion.start, portion.run) != (expected.start, expected.run):
            exact = replace(part, start=expected.start, run=expected.run)
            portion = reader.submit(exact)()
        yield part, portion
        expected = None
        if portion.next is not None:
            expected = _Expected(portion.next, portion.next_run)
        line.follow(part, expected)


class _Line:
    """Stretches that wait for their turn, the first of them asked for already."""

    def __init__(self, parts: Iterator[Slice], reader: Reader) -> None:
        self._parts = parts
        self._reader = reader
        self._asked: deque[tuple[Slice, Result]] = deque()

    def take(self) -> tuple[Slice, Result] | None:
        """Return the next stretch; None: there is none."""
        self._ask(max(self._reader.ahead, 1))
        return self._asked.popleft() if self._asked else None

    def follow(self, part: Slice, expected: _Expected | None) -> None:
        """Make the next stretch one that can follow ``part``; ``expected`` None: none can."""
        while (after := self._of_file(part)) is not None and (
            expected is None or (after.end is not None and after.end <= expected.start)
        ):
            self._asked.popleft()
        if expected is not None and (after is None or expected.start < after.start):
            end = None if after is None else after.start
            exact = replace(part, start=expected.start, end=end, run=expected.run)
            self._asked.appendleft((exact, self._reader.submit(exact)))

    def _of_file(self, part: Slice) -> Slice | None:
        """Return the stretch that is next in line, if it is of the same file."""
        self._ask(1)
        first = self._asked[0][0] if self._asked else None
        return first if first and first.path == part.path else None

    def _ask(self, count: int) -> None:
        while len(self._asked) < count and (part := next(self._parts, None)):
            self._asked.append((part, self._reader.submit(part)))
