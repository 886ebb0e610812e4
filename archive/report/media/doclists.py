"""The lists of a DOC file: numbers that Word counts itself (自动编号) are not in its text.

Names as in [MS-DOC]: PlfLst (2.9.181), LVL (2.9.150), PlfLfo (2.9.180), STSH (2.9.271).
"""

import struct
from dataclasses import dataclass, field, replace

from archive.report.media.numbering import Level, ListCounter

# MSONFC ([MS-OSHARED] 2.2.1.3) -> the name that DOCX has for it.
_FORMS = {
    **dict.fromkeys((0, 14, 15, 22), "decimal"),
    **dict.fromkeys((10, 11, 33, 35, 37, 39), "chineseCounting"),
}
_LEVELS = 9
_LSTF, _LVLF, _LFO, _LFOLVL = 28, 28, 16, 8
_PARAGRAPH_STYLE = 1
_MOST = 4096
"""Lists, uses and styles in one document."""


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style."""

    base: int
    """The style that it is based on; 0xFFF: none."""
    properties: bytes


@dataclass(slots=True)
class Styles:
    """The paragraph styles by their number."""

    known: dict[int, Style] = field(default_factory=dict)

    def properties(self, style: int) -> list[bytes]:
        """Return the lists of properties that a style means, its bases first."""
        found: list[bytes] = []
        seen = set[int]()
        while style in self.known and style not in seen:
            seen.add(style)
            found.insert(0, self.known[style].properties)
            style = self.known[style].base
        return found


def read_styles(stsh: bytes) -> Styles:
    """Return the paragraph styles of a style sheet (STSH); one that is cut off ends there."""
    found = Styles()
    if len(stsh) < 6:
        return found
    head, count, base_size = struct.unpack_from("<3H", stsh)
    at = 2 + head
    for number in range(min(count, _MOST)):
        if at + 2 > len(stsh):
            break
        size = int.from_bytes(stsh[at : at + 2], "little")
        if (style := _style(stsh[at + 2 : at + 2 + size], base_size)) is not None:
            found.known[number] = style
        at += 2 + size
    return found


def _style(std: bytes, base_size: int) -> Style | None:
    if len(std) < base_size + 2 or len(std) < 6:
        return None
    kind = int.from_bytes(std[2:4], "little")
    if kind & 0xF != _PARAGRAPH_STYLE:
        return None
    name = int.from_bytes(std[base_size : base_size + 2], "little")
    at = base_size + 2 + 2 * name + 2
    size = int.from_bytes(std[at : at + 2], "little")
    return Style(kind >> 4, std[at + 4 : at + 2 + size])


def read_lists(tables: bytes, lists_at: int, uses: bytes) -> ListCounter:
    """Return the counter of the lists at ``lists_at`` in the table stream; ``uses`` is the PlfLfo.

    The uses are called by their number from 1, as paragraphs do.
    """
    counter = ListCounter()
    levels = _lists(tables, lists_at)
    count = min(int.from_bytes(uses[:4], "little"), _MOST)
    at = 4 + _LFO * count
    for i in range(count):
        entry = uses[4 + _LFO * i : 4 + _LFO * (i + 1)]
        if len(entry) < _LFO:
            break
        source = int.from_bytes(entry[:4], "little")
        own, at = _overrides(uses, at + 4, entry[12], levels.get(source, {}))
        counter.levels[str(i + 1)] = levels.get(source, {}) | own
        counter.lists[str(i + 1)] = f"{i + 1}*" if own else f"list {source}"
    return counter


def _lists(tables: bytes, at: int) -> dict[int, dict[int, Level]]:
    """Return list -> level -> how it is written."""
    count = min(int.from_bytes(tables[at : at + 2], "little"), _MOST)
    heads = [tables[at + 2 + _LSTF * i : at + 2 + _LSTF * (i + 1)] for i in range(count)]
    at += 2 + _LSTF * count
    found: dict[int, dict[int, Level]] = {}
    for head in heads:
        if len(head) < _LSTF:
            break
        levels: dict[int, Level] = {}
        for depth in range(1 if head[26] & 1 else _LEVELS):
            level, at = _level(tables, at)
            if level is not None:
                levels[depth] = level
        found[int.from_bytes(head[:4], "little")] = levels
    return found


def _level(data: bytes, at: int) -> tuple[Level | None, int]:
    """Return the level (LVL) at a place, None where it is cut off, and the place behind it."""
    head = data[at : at + _LVLF]
    if len(head) < _LVLF:
        return None, len(data)
    at += _LVLF + head[24] + head[25]
    length = int.from_bytes(data[at : at + 2], "little")
    raw = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < _LEVELS else char for char in raw)
    start = int.from_bytes(head[:4], "little", signed=True)
    return Level(_FORMS.get(head[4], ""), text, start), at + 2 + 2 * length


def _overrides(
    uses: bytes, at: int, count: int, levels: dict[int, Level]
) -> tuple[dict[int, Level], int]:
    """Return the levels that one use of a list writes differently or begins anew."""
    found: dict[int, Level] = {}
    for _ in range(count):
        if at + _LFOLVL > len(uses):
            break
        start, flags = struct.unpack_from("<iI", uses, at)
        at += _LFOLVL
        depth = flags & 0xF
        if flags & 0x20:
            level, at = _level(uses, at)
            if level is not None:
                found[depth] = level
        elif flags & 0x10 and depth in levels:
            found[depth] = replace(levels[depth], start=start)
    return found, at
