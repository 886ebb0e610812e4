"""The binary structures of a DOC file: pieces of text and runs of properties.

Names as in [MS-DOC]: Clx (2.9.38), PlcBtePapx (2.8.6), PapxFkp (2.9.174), ChpxFkp (2.9.33), Prl and
sprm (2.6).
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from archive.report.media.limits import Refused

_PAGE = 512
_MOST_CHARS = 5_000_000
"""Of one document; a report has a hundredth of it."""
_TABS = 0xC615
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_DELETED, _HIDDEN = 0x0800, 0x083C
_LONG = (0xD606, 0xD608)
"""The sprms whose operand tells its size in two bytes."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Properties by place in the WordDocument stream."""

    starts: list[int]
    runs: list[tuple[int, bytes]]
    """(end, properties) of the run that begins at the same place of ``starts``; those of a
    paragraph begin with the two bytes of its style."""

    def at(self, place: int) -> bytes:
        """Return the properties that hold at a place, empty where none do."""
        i = bisect_right(self.starts, place) - 1
        return self.runs[i][1] if i >= 0 and place < self.runs[i][0] else b""


def u16(data: bytes, at: int) -> int:
    """Return the number in two bytes, little end first; bytes missing count as nothing."""
    return int.from_bytes(data[at : at + 2], "little")


def u32(data: bytes, at: int) -> int:
    """Return the number in four bytes."""
    return int.from_bytes(data[at : at + 4], "little")


def part(main: bytes, tables: bytes, at: int) -> bytes:
    """Return the structure whose place (fc, lcb) stands at ``at`` in the FIB."""
    start, length = u32(main, at), u32(main, at + 4)
    return tables[start : start + length]


def text_of_pieces(main: bytes, clx: bytes) -> tuple[str, list[int]]:
    """Return the text, a character for each UTF-16 unit, and each one's place in the stream."""
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + u16(clx, at + 1)
    if at + 5 > len(clx) or clx[at] != 2:
        raise Refused("broken", "the document's list of pieces is missing")
    plc = clx[at + 5 : at + 5 + u32(clx, at + 1)]
    count = max(len(plc) - 4, 0) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc) if count else (0,)
    if ends[-1] > _MOST_CHARS or list(ends) != sorted(ends):
        raise Refused("broken", "the document's list of pieces is damaged")
    pieces: list[str] = []
    places: list[int] = []
    for i in range(count):
        length = ends[i + 1] - ends[i]
        fc = u32(plc, 4 * (count + 1) + 8 * i + 2)
        narrow = bool(fc & 0x40000000)
        start = (fc & 0x3FFFFFFF) // 2 if narrow else fc & 0x3FFFFFFF
        width = 1 if narrow else 2
        raw = main[start : start + width * length]
        if len(raw) < width * length:
            raise Refused("broken", "a piece of the document's text is cut off")
        pieces.append(
            raw.decode("cp1252", "replace")
            if narrow
            else "".join(map(chr, struct.unpack(f"<{length}H", raw)))
        )
        places += range(start, start + width * length, width)
    return "".join(pieces), places


def _pages(main: bytes, plc: bytes) -> Iterator[bytes]:
    """Yield the pages of properties (FKP) that a PlcBte lists."""
    count = max(len(plc) - 4, 0) // 8
    for i in range(count):
        number = u32(plc, 4 * (count + 1) + 4 * i) & 0x3FFFFF
        page = main[number * _PAGE : (number + 1) * _PAGE]
        if len(page) == _PAGE:
            yield page


def paragraph_runs(main: bytes, plc: bytes) -> Runs:
    """Return the properties of paragraphs (PAPX)."""
    found = []
    for page in _pages(main, plc):
        count = page[-1]
        for i in range(count):
            at = 2 * page[(4 * (count + 1) + 13 * i) % _PAGE]
            size = 2 * page[at] - 1 if page[at] else 2 * page[(at + 1) % _PAGE]
            begin = at + 1 if page[at] else at + 2
            found.append((u32(page, 4 * i), u32(page, 4 * i + 4), page[begin : begin + size]))
    return _sorted(found)


def hidden_runs(main: bytes, plc: bytes) -> Runs:
    """Return the runs of text that Word does not show: deleted in a revision, or hidden."""
    found = []
    for page in _pages(main, plc):
        count = page[-1]
        for i in range(count):
            at = 2 * page[(4 * (count + 1) + i) % _PAGE]
            data = page[at + 1 : at + 1 + page[at]] if at else b""
            if any(code in (_DELETED, _HIDDEN) and on == b"\x01" for code, on in sprms(data)):
                found.append((u32(page, 4 * i), u32(page, 4 * i + 4), b"gone"))
    return _sorted(found)


def _sorted(found: list[tuple[int, int, bytes]]) -> Runs:
    found.sort(key=lambda run: run[0])
    return Runs([start for start, _, _ in found], [(end, data) for _, end, data in found])


def sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (sprm, operand) of a list of properties; a list cut off ends there."""
    at = 0
    while at + 2 < len(data):
        code = u16(data, at)
        at += 2
        size = _SIZES.get(code >> 13)
        if code in _LONG:
            size, at = max(u16(data, at) - 1, 0), at + 2
        elif size is None:
            size, at = data[at], at + 1
            if code == _TABS and size == 255:
                return
        yield code, data[at : at + size]
        at += size
