"""The line in which captures wait to be read, in the order in which they stand in the archive."""

import asyncio

from archive.records import Capture

TOGETHER = 32
"""Captures that are read, and then entered, at once where many wait: the catalog is locked for some
0.1 s."""
MOST_WAITING = 100
"""Captures that wait to be read, from which on nothing more is asked for; an article that waits
takes 20 kB, with its request and its response."""


class Line:
    """Captures that wait; others may wait until the line is short."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Capture | None] = asyncio.Queue()
        self._short = asyncio.Event()
        self._short.set()

    def __len__(self) -> int:
        """Return how many wait."""
        return self._queue.qsize()

    def put(self, capture: Capture) -> None:
        """Put a capture in line."""
        self._queue.put_nowait(capture)
        if len(self) > MOST_WAITING:
            self._short.clear()

    def end(self) -> None:
        """Say that no more will come."""
        self._queue.put_nowait(None)

    async def next(self) -> list[Capture]:
        """Return what is in line, up to ``TOGETHER``, waiting for the first; nothing: it ended."""
        captures: list[Capture] = []
        while len(captures) < TOGETHER and not (captures and self._queue.empty()):
            capture = await self._queue.get()
            if capture is None:
                self.end()  # for the next call
                break
            captures.append(capture)
        if len(self) < MOST_WAITING:
            self._short.set()
        return captures

    async def is_short(self) -> None:
        """Wait until fewer than ``MOST_WAITING`` wait, or nobody takes from the line any more."""
        await self._short.wait()

    def let_go(self) -> None:
        """Let all go on who wait for a short line: nobody takes from it any more."""
        self._short.set()
