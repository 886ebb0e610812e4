"""Text that is struck through: what Word prints of deleted words while it shows changes."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from archive.report.media.layout import Char
from archive.report.media.rules import Box

_NEAR = 1.5
"""Points by which a stroke may be longer or shorter than the words it strikes."""
_TALLEST = 40.0
"""Points; half of it is how far a stroke through a character may be from its top."""


def without_struck(chars: Sequence[Char], strokes: Iterable[Box]) -> list[Char]:
    """Return the characters that no stroke of just their length runs through.

    The lines of a table are longer than the words beside them and do not touch their middle.
    """
    kept = sorted(chars, key=lambda char: char.top)
    tops = [char.top for char in kept]
    struck: set[int] = set()
    for x0, top, x1, bottom in strokes:
        if bottom - top > 1 or x1 - x0 < 2:
            continue
        near = range(bisect_left(tops, top - _TALLEST / 2), bisect_left(tops, top))
        through = [i for i in near if _runs_through(kept[i], x0, top, x1)]
        if through and _is_as_long(kept, through, x0, x1):
            struck.update(through)
    gone = {id(kept[i]) for i in struck}
    return [char for char in chars if id(char) not in gone]


def _runs_through(char: Char, x0: float, y: float, x1: float) -> bool:
    return (
        x0 - _NEAR <= char.x0
        and char.x1 <= x1 + _NEAR
        and 0.3 < (y - char.top) / max(char.size, 0.01) < 0.75
    )


def _is_as_long(chars: Sequence[Char], through: list[int], x0: float, x1: float) -> bool:
    left = min(chars[i].x0 for i in through)
    right = max(chars[i].x1 for i in through)
    return abs(left - x0) <= _NEAR and abs(right - x1) <= _NEAR
