"""Which slots of a row are its values, where the row has more or fewer than the table's columns.

Labels merged over several columns leave copies or padding behind, on the left or on the right.
"""

from collections.abc import Sequence

from archive.report.grid import Slot


def place(rows: Sequence[Sequence[Slot]], width: int) -> list[list[Slot] | None]:
    """Return for each row the slots that are its values; None where that cannot be told.

    Where a row has more slots than values (merged labels, padding), rows of the same length
    share one offset.
    """
    offsets: dict[int, set[int]] = {}
    for row in rows:
        if spread(row, width) is None:
            fits = _offsets(row, width)
            offsets[len(row)] = offsets.get(len(row), fits) & fits or offsets.get(len(row), fits)
    return [
        spread(row, width) or window(row, width, min(offsets.get(len(row), ()), default=0))
        for row in rows
    ]


def spread(slots: Sequence[Slot], width: int) -> list[Slot] | None:
    """Return the values where the cells, or else the slots, are as many as the columns.

    A text merged over several slots belongs to none of them, so such slots are not values.
    """
    cells = [slot for slot in slots if slot.first]
    if len(cells) == width:
        return cells
    if len(slots) == width and not any(slot.text for slot in slots if not slot.first):
        return list(slots)
    return None


def _offsets(slots: Sequence[Slot], width: int) -> set[int]:
    """Return where ``width`` slots can begin so that no text is left outside them."""
    filled = [n for n, slot in enumerate(slots) if slot.text]
    first, last = (filled[0], filled[-1]) if filled else (len(slots), -1)
    return {n for n in range(len(slots) - width + 1) if n <= first and last < n + width}


def window(slots: Sequence[Slot], width: int, prefer: int = 0) -> list[Slot] | None:
    """Return ``width`` slots with no text outside them, from ``prefer`` on where that is possible.

    None where there are too few slots, texts further apart, or a text merged over several slots.
    """
    fits = _offsets(slots, width)
    if not fits or any(slot.text for slot in slots if not slot.first):
        return None
    start = prefer if prefer in fits else min(fits)
    return list(slots[start : start + width])
