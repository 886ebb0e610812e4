"""RTF (Rich Text Format 1.9.1): text and tables as HTML.

A row is told before its cells: ``\\trowd``, then for each cell ``\\cellx`` with its right edge, and
``\\clvmgf``/``\\clvmrg`` where it is merged with the one above. Text is in the code page of the
document or, where its font says so, of the font; ``\\u`` gives any character.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from archive.report.media.limits import Budget, Refused
from archive.report.media.markup import Cell, Merge, document, escaped, table

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
# Groups that hold no text of the document.
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl"
    b" footerr footerf listtable listoverridetable revtbl rsidtbl generator fldinst xmlnstbl"
    b" themedata colorschememapping datastore latentstyles annotation atnid atnauthor filetbl"
    b" nonesttables listtext2 bkmkstart bkmkend pgptbl mmathPr".split()
)
_WORDS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SIGNS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
# \fcharset of fonts whose text is not in the document's code page.
_CHARSETS = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 0: "cp1252"}
_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8"}
_TOLERANCE = 60
"""Twips (1/20 point)."""


@dataclass(slots=True)
class _State:
    """What holds inside a group."""

    silent: bool = False
    hidden: bool = False
    fallback: int = 1
    """Characters after a ``\\u`` that say the same for old readers."""
    codec: str = ""
    in_table: bool = False


@dataclass(slots=True)
class _Table:
    """The rows of an open table, and the row being read."""

    rows: list[list[Cell]] = field(default_factory=list)
    edges: list[tuple[int, Merge | None, bool]] = field(default_factory=list)
    """Right edge, vertical merge, joined to the cell before."""
    cells: list[str] = field(default_factory=list)
    merge: Merge | None = None
    joined: bool = False
    left: int = 0


def rtf_to_html(content: bytes) -> str:
    """Return an RTF document as HTML; raises Refused."""
    blocks = _Reader(content).blocks()
    if not any(blocks):
        raise Refused("scan" if b"\\pict" in content else "empty", "the document has no text")
    return document(blocks)


class _Reader:
    """Reads one document from its first token to its last."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._state = _State(codec="gb18030")
        self._default = "gb18030"
        self._stack: list[_State] = []
        self._bytes = bytearray()
        self._text: list[str] = []
        self._blocks: list[str] = []
        self._inside: list[str] = []
        """Paragraphs of the cell being read."""
        self._table = _Table()
        self._skip = 0
        self._fresh = False
        """The group has just begun: a word now says what it is."""

    def blocks(self) -> list[str]:
        """Return the document's paragraphs and tables."""
        budget = Budget()
        for i, token in enumerate(_TOKEN.finditer(self._content)):
            if not i % 20_000:
                budget.check()
            self._take(token)
        self._end_paragraph()
        self._close_table()
        return self._blocks

    def _take(self, token: re.Match[bytes]) -> None:
        fresh, self._fresh = self._fresh, False
        if (brace := token["brace"]) is not None:
            self._flush()
            self._group(brace == b"{")
        elif (word := token["word"]) is not None:
            self._word(word, int(token["number"]) if token["number"] else None, fresh)
        elif token["hex"] is not None:
            self._put_bytes(bytes.fromhex(token["hex"].decode("ascii")))
        elif (sign := token["sign"]) is not None:
            if sign == b"*" and not self._state.silent:
                self._fresh = True
                self._state.silent = True
            elif sign in (b"\n", b"\r") and not self._state.silent:
                self._end_paragraph()
            elif sign in _SIGNS:
                self._put(_SIGNS[sign])
        elif (text := token["text"]) is not None:
            self._put_bytes(text)

    def _group(self, opens: bool) -> None:
        self._skip = 0
        if opens:
            self._stack.append(self._state)
            old = self._state
            self._state = _State(old.silent, old.hidden, old.fallback, old.codec, old.in_table)
            self._fresh = True
        elif self._stack:
            self._state = self._stack.pop()

    def _word(self, word: bytes, number: int | None, fresh: bool) -> None:
        state = self._state
        self._flush()
        if word in _SILENT:
            # \fonttbl and its like only begin a group.
            state.silent = True
        elif fresh and word == b"shptxt":
            state.silent = False
        if word == b"u" and number is not None:
            self._put(chr(number % 0x10000))
            self._skip = state.fallback
        elif word in _WORDS:
            self._put(_WORDS[word])
        elif word in _ACTIONS and (not state.silent or word in _OF_FONTS):
            _ACTIONS[word](self, 1 if number is None else number)

    def _put_bytes(self, raw: bytes) -> None:
        if self._skip:
            taken = min(self._skip, len(raw))
            self._skip -= taken
            raw = raw[taken:]
        if not self._state.silent and not self._state.hidden:
            self._bytes += raw

    def _put(self, text: str) -> None:
        self._flush()
        if self._skip:
            self._skip -= 1
        elif not self._state.silent and not self._state.hidden:
            self._text.append(text)

    def _flush(self) -> None:
        """Decode the bytes met: a character's two bytes may stand in two tokens."""
        if self._bytes:
            self._text.append(self._bytes.decode(self._state.codec, "replace"))
            self._bytes.clear()

    def _end_paragraph(self) -> None:
        self._flush()
        text = (
            "".join(self._text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        )
        self._text.clear()
        if text.strip():
            if self._state.in_table:
                self._inside.append(f"<p>{escaped(text)}</p>")
            else:
                self._close_table()
                self._blocks.append(f"<p>{escaped(text)}</p>")

    def _end_cell(self) -> None:
        self._state.in_table = True
        self._end_paragraph()
        self._table.cells.append("".join(self._inside))
        self._inside.clear()

    def _end_row(self) -> None:
        own = self._table
        row: list[Cell] = []
        left = own.left
        for i, text in enumerate(own.cells):
            right, merge, joined = (
                own.edges[i] if i < len(own.edges) else (left + 1000, None, False)
            )
            if joined and row:
                first = row.pop()
                row.append(Cell(first.html + text, first.left, right, first.merge))
            else:
                row.append(Cell(text, left, right, merge))
            left = right
        own.rows.append(row)
        own.cells = []

    def _close_table(self) -> None:
        if self._table.cells:
            self._end_row()
        if self._table.rows:
            self._blocks.append(table(self._table.rows, _TOLERANCE))
        self._table = _Table()

    def _begin_row(self) -> None:
        self._table.edges = []
        self._table.merge, self._table.joined, self._table.left = None, False, 0

    def _cell_edge(self, right: int) -> None:
        own = self._table
        own.edges.append((right, own.merge, own.joined))
        own.merge, own.joined = None, False

    def _code_page(self, page: int) -> None:
        self._default = self._state.codec = _PAGES.get(page, _codec(f"cp{page}"))

    def _choose_font(self, font: int) -> None:
        self._font = font
        self._state.codec = self._fonts.get(font, self._default)

    def _font_charset(self, charset: int) -> None:
        if charset in _CHARSETS and charset:
            self._fonts[self._font] = _CHARSETS[charset]

    def _hide(self, on: int) -> None:
        self._state.hidden = bool(on)

    def _plain(self) -> None:
        self._state.hidden = False
        self._choose_font(0)

    def _in_table(self, inside: bool) -> None:
        self._state.in_table = inside

    def _length_of_fallback(self, count: int) -> None:
        self._state.fallback = max(count, 0)

    def _mark_merge(self, merge: Merge) -> None:
        self._table.merge = merge

    def _mark_joined(self) -> None:
        self._table.joined = True

    def _indent_row(self, left: int) -> None:
        self._table.left = left


def _codec(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        return "gb18030"
    return name


_ACTIONS: dict[bytes, Callable[[_Reader, int], None]] = {
    b"ansicpg": _Reader._code_page,
    b"f": _Reader._choose_font,
    b"fcharset": _Reader._font_charset,
    b"uc": _Reader._length_of_fallback,
    b"v": _Reader._hide,
    b"deleted": _Reader._hide,
    b"plain": lambda reader, _: reader._plain(),
    b"pard": lambda reader, _: reader._in_table(False),
    b"intbl": lambda reader, _: reader._in_table(True),
    b"par": lambda reader, _: reader._end_paragraph(),
    b"sect": lambda reader, _: reader._end_paragraph(),
    b"page": lambda reader, _: reader._end_paragraph(),
    # A table in a cell is read as the lines of the cell.
    b"nestcell": lambda reader, _: reader._end_paragraph(),
    b"nestrow": lambda reader, _: reader._end_paragraph(),
    b"cell": lambda reader, _: reader._end_cell(),
    b"row": lambda reader, _: reader._end_row(),
    b"trowd": lambda reader, _: reader._begin_row(),
    b"trleft": _Reader._indent_row,
    b"cellx": _Reader._cell_edge,
    b"clvmgf": lambda reader, _: reader._mark_merge("start"),
    b"clvmrg": lambda reader, _: reader._mark_merge("on"),
    b"clmrg": lambda reader, _: reader._mark_joined(),
}
_OF_FONTS = frozenset((b"f", b"fcharset", b"ansicpg", b"uc"))
