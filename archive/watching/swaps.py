"""Swaps of a site's template: all its pages look otherwise from one day on, and say the same. Pure.

A swap shows in pairs of captures of one page, of which the older is from before and the newer from
after it: nearly all of them differ in bytes, none in numbers, and what differs in their texts is
the same on all of them. Pages whose bytes differ each time anyway tell nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.watching.material import Differ, Read, Try, read_of

FEWEST_PAGES = 3
_LOOKED_AT = 6
"""Pages fetched first after the supposed swap, at the least, if so many were."""
_MOST = 0.8
"""Share of them that must have changed."""
_OWN_CHARACTERS = 6
"""What a page's text may have changed in beside."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readings of one page, one after the other."""

    before: Try
    after: Try

    @property
    def same_bytes(self) -> bool:
        """Return whether the server sent the same bytes."""
        return self.before.payload == self.after.payload

    @property
    def same_text(self) -> bool:
        """Return whether both say the same."""
        before, after = self._sides
        return before.text == after.text

    @property
    def same_numbers(self) -> bool:
        """Return whether the tables say the same, or were not read in both."""
        cells = {side.cells for side in self._sides}
        return len(cells) == 1 or None in cells

    @property
    def _sides(self) -> tuple[Read, Read]:
        return read_of(self.before), read_of(self.after)


@dataclass(frozen=True, slots=True)
class Swap:
    """A swap of a site's template."""

    first: Try
    """The first capture of the new one."""
    confirmed_at: str
    pairs: tuple[Pair, ...]
    """Of each page that shows it, before and after."""


def pairs_of(pages: Iterable[Sequence[Try]]) -> list[Pair]:
    """Return the pairs of readings of pages, but for those whose bytes are never the same twice.

    ``pages``: the tries at each, oldest first.
    """
    found: list[Pair] = []
    for tries in pages:
        read = [one for one in tries if one.read and one.payload and not one.rendered]
        pairs = [Pair(*two) for two in pairwise(_settled(read))]
        if len(pairs) < 2 or any(pair.same_bytes for pair in pairs):
            found += pairs
    return found


def _settled(tries: Sequence[Try]) -> list[Try]:
    """Return the tries without those that showed what was there neither before nor after: half a
    page, another one's."""
    said = [(read_of(one).text, read_of(one).cells) for one in tries]
    return [
        one
        for n, one in enumerate(tries)
        if n in (0, len(tries) - 1) or said[n] in (said[n - 1], said[n + 1])
    ]


def swaps(pairs: Sequence[Pair], differ: Differ) -> list[Swap]:
    """Return the swaps that pairs of readings of one site's pages show, oldest first."""
    found: list[Swap] = []
    left = sorted(pairs, key=_when)
    changed = [pair for pair in left if pair.same_numbers and not pair.same_bytes]
    taken: set[Pair] = set()
    for pair in changed:
        # A quick look first, for most changes are those of one page.
        beside = sum(_crosses(one, pair.after) for one in changed if one not in taken)
        if pair in taken or beside < FEWEST_PAGES:
            continue
        if swap := _swap_at(pair, left, differ):
            found.append(swap)
            # What one swap explains is no sign of another.
            taken |= set(swap.pairs)
            left = [one for one in left if one not in taken]
    return found


def _swap_at(start: Pair, pairs: Sequence[Pair], differ: Differ) -> Swap | None:
    """Return the swap that a page was the first to show; None: it shows none. ``pairs``: in the
    order of time."""
    first = start.after
    across = [pair for pair in pairs if _crosses(pair, first)]
    of_run = sum(pair.after.run_id == first.run_id for pair in across)
    looked_at = [pair for pair in across[: max(of_run, _LOOKED_AT)] if pair.same_numbers]
    changed = [pair for pair in looked_at if not pair.same_bytes]
    if len(changed) < max(FEWEST_PAGES, _MOST * len(looked_at)):
        return None
    others = [pair for pair in pairs if not _crosses(pair, first)]
    calm = [pair for pair in others if pair.same_bytes]
    again = [pair.after.at for pair in calm if pair.before.at >= first.at]
    # Bytes that are never the same twice, or have not been fetched again yet, prove nothing.
    if not again or 2 * len(calm) < len(others):
        return None
    shown = [pair for pair in across if not pair.same_bytes and pair.same_numbers]
    alike = _alike(shown, differ)
    if start not in alike or len(alike) < max(FEWEST_PAGES, _MOST * len(looked_at)):
        return None
    third = alike[FEWEST_PAGES - 1].after.at
    return Swap(first, max(third, min(again)), tuple(alike))


def _alike(pairs: Sequence[Pair], differ: Differ) -> list[Pair]:
    """Return the pairs whose texts are the same, or differ in what most of the others differ in."""
    told: Mapping[str, frozenset[str]] = {
        pair.after.id: found.pieces
        for pair in pairs
        if not pair.same_text and (found := differ(pair.before.id, pair.after.id))
    }
    counts = Counter(piece for pieces in told.values() for piece in pieces)
    common = {piece for piece, n in counts.items() if n >= FEWEST_PAGES}

    def is_alike(pair: Pair) -> bool:
        if pair.same_text:
            return True
        own = told.get(pair.after.id)
        return (
            own is not None
            and sum(map(len, own - common)) <= _OWN_CHARACTERS
            and bool(own & common)
        )

    return [pair for pair in pairs if is_alike(pair)]


def _crosses(pair: Pair, first: Try) -> bool:
    """Return whether a page was read before the run of a capture, and next in it or later."""
    before = pair.before
    return before.at < first.at <= pair.after.at and before.run_id != first.run_id


def _when(pair: Pair) -> tuple[str, str]:
    return pair.after.at, pair.after.id
