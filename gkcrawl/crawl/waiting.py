"""The leads of a portal that wait, and whose turn it is. Pure."""

import heapq
from collections.abc import Callable, Collection, Iterator
from itertools import count, islice

from gkcrawl.crawl.steps import Step
from gkcrawl.families.addresses import host_of

MOST_WAITING = 4000
"""Leads that wait, the best ones, where a portal has no end; up to twice as many until the others
are forgotten."""
Turn = tuple[int, int, int]
"""The smaller, the sooner."""


class Waiting:
    """Steps in the order in which they are to be taken, apart for each host.

    ``turn`` says when it is a step's turn. While it waits that may become later; that it becomes
    sooner is not noticed, unless it is pushed again.
    """

    def __init__(self, turn: Callable[[Step], Turn]) -> None:
        self._turn = turn
        self._order = count()
        self._heaps: dict[str, list[tuple[Turn, int, Step]]] = {}
        self._entries = 0
        """In the heaps, with those in whose place others have come."""
        self._steps: dict[str, Step] = {}

    def __len__(self) -> int:
        return len(self._steps)

    def push(self, step: Step) -> bool:
        """Take in a step; False: one that asks for the same waits, and its turn is no later."""
        other = self._steps.get(name := step.name)
        turn = self._turn(step)
        if other is not None and self._turn(other) <= turn:
            return False
        self._steps[name] = step
        self._wait((turn, next(self._order), step))
        return True

    def who(self, name: str) -> Step | None:
        """Return the step of a name that waits; None: there is none."""
        return self._steps.get(name)

    def drop(self, name: str) -> None:
        """Forget the step of a name."""
        del self._steps[name]

    def pop(self, busy: Collection[str] = ()) -> Step | None:
        """Take out and return the step whose turn it is, to a host that is not ``busy``; None:
        there is none."""
        while heap := min(
            (heap for host, heap in self._heaps.items() if heap and host not in busy),
            key=lambda heap: heap[0][:2],
            default=None,
        ):
            was, number, step = heapq.heappop(heap)
            self._entries -= 1
            name = step.name
            if self._steps.get(name) is not step:
                continue
            if (turn := self._turn(step)) > was:
                self._wait((turn, number, step))
                continue
            del self._steps[name]
            return step
        return None

    def forget_worst(self) -> Iterator[Step]:
        """Yield those that are forgotten where too many wait; they may come again."""
        if self._entries <= 2 * MOST_WAITING:
            return
        known = (
            (self._turn(step), number, step)
            for heap in self._heaps.values()
            for _, number, step in heap
            if self._steps.get(step.name) is step
        )
        ordered = iter(sorted(known, key=lambda one: one[:2]))
        best = list(islice(ordered, MOST_WAITING))
        self._heaps.clear()
        self._entries = 0
        for one in best:
            self._wait(one)
        for _, _, step in ordered:
            del self._steps[step.name]
            yield step

    def _wait(self, one: tuple[Turn, int, Step]) -> None:
        self._entries += 1
        heapq.heappush(self._heaps.setdefault(host_of(one[2].lead.url), []), one)
