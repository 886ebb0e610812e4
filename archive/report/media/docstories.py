"""The stories of a DOC file (text, text boxes, notes) as paragraphs with their properties.

Names as in [MS-DOC]: FIB (2.5.1), sprm (2.6), TDefTableOperand (2.9.318).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.report.media.docbin import (
    Runs,
    hidden_runs,
    paragraph_runs,
    part,
    sprms,
    text_of_pieces,
    u16,
    u32,
)
from archive.report.media.doclists import Styles, read_lists, read_styles
from archive.report.media.limits import Refused
from archive.report.media.markup import Merge
from archive.report.media.numbering import ListCounter
from archive.report.media.ole import Streams

_WORD_97 = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_COUNTS_AT = 0x4C
"""ccpText; the lengths of the other stories follow."""
_STORIES = (
    "text",
    "footnotes",
    "headers",
    "unused",
    "comments",
    "endnotes",
    "boxes",
    "header boxes",
)
_READ = ("text", "boxes", "footnotes", "endnotes")
_STYLES_AT, _CHPX_AT, _PAPX_AT, _CLX_AT = 0xA2, 0xFA, 0x102, 0x1A2
_LISTS_AT, _LIST_USES_AT = 0x2E2, 0x2EA

# Properties (sprm) that matter here.
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_HUGE = (0x6645, 0x6646)
_TABLE, _MERGE, _VERTICAL = 0xD608, 0x5624, 0xD62B
_LIST_LEVEL, _LIST = 0x260A, 0x460B
_CELL_MARK, _ENDS = "\x07", "\r\x07\x0c"
# Characters with a meaning of their own; the other control characters are anchors of objects.
_SHOWN = {"\t": " ", "\x0b": "\n", "\x1e": "-", "\xa0": " "}


@dataclass(frozen=True, slots=True)
class Row:
    """The shape of a table's row."""

    edges: tuple[int, ...] = ()
    """Left edge of each cell and the right edge of the last, in twips; empty: not told."""
    merges: dict[int, Merge] = field(default_factory=dict)
    """Cell -> its part in a vertical merge."""
    joined: frozenset[int] = frozenset()
    """Cells that are one with the cell before."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph and what its mark says."""

    text: str
    depth: int
    """Tables around it."""
    ends_cell: bool
    ends_row: bool
    row: Row


def is_word_97(streams: Streams) -> bool:
    """Whether the document is in the format of Word 97 and later, not in that of Word 6 and 95."""
    return u16(streams.read("WordDocument"), 0) == _WORD_97


def read_stories(streams: Streams) -> list[Iterator[Paragraph]]:
    """Return the paragraphs of the text, of its text boxes and its notes.

    Raises Refused: ``encrypted`` or ``broken``.
    """
    main = streams.read("WordDocument")
    if len(main) < _CLX_AT + 8:
        raise Refused("broken", "the document's stream is cut off")
    flags = u16(main, 0x0A)
    if flags & _ENCRYPTED:
        raise Refused("encrypted", "the document wants a password")
    tables = streams.read("1Table" if flags & _TABLE_1 else "0Table")
    text, places = text_of_pieces(main, part(main, tables, _CLX_AT))
    reader = _Stories(
        text,
        places,
        paragraph_runs(main, part(main, tables, _PAPX_AT)),
        hidden_runs(main, part(main, tables, _CHPX_AT)),
        streams.read("Data"),
        read_styles(part(main, tables, _STYLES_AT)),
        read_lists(tables, u32(main, _LISTS_AT), part(main, tables, _LIST_USES_AT)),
    )
    spans, at = {}, 0
    for i, name in enumerate(_STORIES):
        length = 0 if name == "unused" else u32(main, _COUNTS_AT + 4 * i)
        spans[name] = at, at + length
        at += length
    return [reader.paragraphs(*spans[name]) for name in _READ]


class _Stories:
    """The text of all stories with the properties of its characters and paragraphs."""

    def __init__(
        self,
        text: str,
        places: list[int],
        papx: Runs,
        gone: Runs,
        data: bytes,
        styles: Styles,
        lists: ListCounter,
    ) -> None:
        self._text, self._places = text, places
        self._papx, self._gone, self._data = papx, gone, data
        self._styles, self._lists = styles, lists

    def paragraphs(self, start: int, end: int) -> Iterator[Paragraph]:
        """Yield the paragraphs of the story between two places of the text."""
        begin = start
        fields: list[bool] = []
        for i in range(start, min(end, len(self._text))):
            if self._text[i] in _ENDS:
                yield self._paragraph(self._shown(begin, i, fields), i)
                begin = i + 1
        end = min(end, len(self._text))
        if begin < end:
            yield self._paragraph(self._shown(begin, end, fields), end - 1)

    def _shown(self, start: int, end: int, fields: list[bool]) -> str:
        """Return the text that Word shows: results of fields (True in ``fields``), not codes."""
        shown = []
        for i in range(start, end):
            char = self._text[i]
            if char == "\x13":
                fields.append(False)
            elif char == "\x14" and fields:
                fields[-1] = True
            elif char == "\x15" and fields:
                fields.pop()
            elif all(fields) and (char >= " " or char in _SHOWN) and not self._is_gone(i):
                shown.append(_SHOWN.get(char, char))
        return _whole("".join(shown))

    def _is_gone(self, i: int) -> bool:
        return bool(self._gone.starts and self._gone.at(self._places[i]))

    def _paragraph(self, text: str, mark: int) -> Paragraph:
        known: dict[int, bytes] = {}
        vertical: list[bytes] = []
        joined: list[bytes] = []
        for code, value in self._properties(self._places[mark]):
            known[code] = value
            if code == _VERTICAL:
                vertical.append(value)
            elif code == _MERGE:
                joined.append(value)
        depth = int.from_bytes(known.get(_DEPTH, b""), "little", signed=True)
        depth = max(depth, int(any(known.get(_IN_TABLE, b""))))
        inner = any(known.get(_INNER_ROW_END, b""))
        ends_row = inner if depth > 1 else any(known.get(_ROW_END, b""))
        if text.strip():
            use = int.from_bytes(known.get(_LIST, b""), "little")
            text = self._lists.next(str(use), sum(known.get(_LIST_LEVEL, b""))) + text
        return Paragraph(
            text,
            depth,
            self._text[mark] == _CELL_MARK if depth == 1 else any(known.get(_INNER_CELL, b"")),
            ends_row,
            _row(known.get(_TABLE, b""), vertical, joined) if ends_row else Row(),
        )

    def _properties(self, place: int) -> Iterator[tuple[int, bytes]]:
        """Yield the properties of the paragraph, those of its style first.

        A list too long for its page stands in the Data stream.
        """
        own = self._papx.at(place)
        for data in (*self._styles.properties(u16(own, 0)), own[2:]):
            for code, value in sprms(data):
                if code in _HUGE:
                    at = u32(value, 0)
                    yield from sprms(self._data[at + 2 : at + 2 + u16(self._data, at)])
                else:
                    yield code, value


def _whole(text: str) -> str:
    """Return UTF-16 units as characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _row(definition: bytes, vertical: list[bytes], merged: list[bytes]) -> Row:
    """Return the shape told by sprmTDefTable, sprmTVertMerge and sprmTMerge."""
    count = definition[0] if definition else 0
    if len(definition) < 1 + 2 * (count + 1):
        return Row()
    edges = struct.unpack_from(f"<{count + 1}h", definition, 1)
    cells = definition[1 + 2 * (count + 1) :]
    merges: dict[int, Merge] = {}
    joined = set()
    for i in range(min(count, len(cells) // 20)):
        flags = u16(cells, 20 * i)
        if flags & 0x02 and not flags & 0x01:
            joined.add(i)
        if flags & 0x60:
            merges[i] = "start" if flags & 0x40 else "on"
    for value in vertical:
        if len(value) >= 2 and value[1]:
            merges[value[0]] = "start" if value[1] & 2 else "on"
    for value in merged:
        if len(value) >= 2:
            joined |= set(range(value[0] + 1, value[1]))
    return Row(edges, merges, frozenset(joined))
