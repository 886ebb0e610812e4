"""A tree as it reads: its lines of text, one for each block, one for each row of a table.

The tree is walked once; what is asked later (the text of an element, its size, how much of it is
links) is a slice of the lines. Layout tables (版面表格) are read as blocks: a row counts as a row
of data only where its table holds no other table and its cells are short. Nothing recurses, so
that deep nesting does no harm.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from archive.report.chars import joined, squeeze

_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"),
        *("div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ucapcontent", "ul"),
    ]
)
SILENT = (
    *("script", "style", "noscript", "head", "template", "select", "button", "input", "textarea"),
    *("iframe", "object", "embed", "svg", "audio", "video", "map"),
)
"""Elements that show no text of the page."""
_SILENT = frozenset(SILENT)
CELLS = ("td", "th")
_LONG_CELL = 120
"""Characters; a cell of data is shorter (the longest label of the form has 40)."""
_WIDEST = 20
"""Bars in a row of the form, with those of merged cells; more are a wall."""
_BARS = re.compile(r"\|[|\s]*")
_WALL = re.compile(rf"\s*(?:\|\s*){{{_WIDEST},}}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document."""

    text: str
    is_row: bool = False
    """It is a row of a table; its cells stand between `` | ``."""
    linked: int = field(default=0, compare=False)
    """How many of its characters stand in links."""


def text_of(lines: Iterable[Line]) -> str:
    """Return the lines as one text, without the walls of bars that saved layout tables leave."""
    text = "\n".join([line.text for line in lines])
    return _WALL.sub("\n", text).strip("\n") if _WALL.search(text) else text


def plain_lines(text: str) -> list[Line]:
    """Return the lines of a plain text without empty ones; lines with ``|`` are rows."""
    lines = []
    for raw in text.split("\n"):
        is_row = "|" in raw
        cells = [cell for cell in map(squeeze, _BARS.split(raw)) if cell]
        content = " | ".join(cells)
        # A saved layout table leaves a wall of bars around one cell.
        wall = len(cells) == 1 and raw.count("|") > _WIDEST
        prose = is_row and (len(content) > _LONG_CELL or "。" in content or wall)
        if content:
            lines.append(Line(content, is_row and not prose))
    return lines


class Flow:
    """The lines below an element, and which of them stand in each of its blocks."""

    __slots__ = ("_linked", "_sizes", "lines", "root", "rows", "spans")

    def __init__(
        self,
        root: etree._Element,
        lines: list[Line],
        spans: dict[etree._Element, tuple[int, int]],
        rows: set[etree._Element],
    ) -> None:
        self.root = root
        self.lines = lines
        self.spans = spans
        """Block -> (its first line, the line after its last)."""
        self.rows = rows
        """The ``tr`` that are rows of data."""
        self._sizes = [0, *accumulate(len(x.text) - x.text.count(" ") for x in lines)]
        self._linked = [0, *accumulate(x.linked for x in lines)]

    def within(self, element: etree._Element) -> list[Line]:
        """Return the lines of a block."""
        return self.lines[slice(*self.spans.get(element, (0, 0)))]

    def size(self, element: etree._Element) -> int:
        """Return how many characters a block holds, without white space."""
        start, end = self.spans.get(element, (0, 0))
        return self._sizes[end] - self._sizes[start]

    def linked(self, element: etree._Element) -> int:
        """Return how many characters of a block stand in links."""
        start, end = self.spans.get(element, (0, 0))
        return self._linked[end] - self._linked[start]


def flow_of(root: etree._Element) -> Flow:
    """Return the visible text below ``root``, line by line, without empty lines."""
    lines: list[Line] = []
    parts: list[str] = []
    starts: list[int] = []
    spans: dict[etree._Element, tuple[int, int]] = {}
    rows = _Rows(root)
    in_link = linked = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag
        is_block = tag in _BLOCKS or element is root
        if is_block and parts:
            if text := squeeze("".join(parts)):
                lines.append(Line(text, linked=min(linked, len(text))))
            parts.clear()
            linked = 0
        if event == "start":
            if is_block:
                starts.append(len(lines))
            elif tag == "a":
                in_link += 1
            if tag in _SILENT:
                walk.skip_subtree()
            elif tag == "tr" and (row := rows.line(element)) is not None:
                walk.skip_subtree()
                if row.text:
                    lines.append(row)
            elif element.text:
                parts.append(element.text)
                linked += len(element.text.strip()) if in_link else 0
            continue
        if event == "end":
            if is_block:
                spans[element] = (starts.pop(), len(lines))
            elif tag == "a":
                in_link -= 1
        if (tail := element.tail) and element is not root:
            parts.append(tail)
            linked += len(tail.strip()) if in_link else 0
    return Flow(root, lines, spans, rows.found)


def render(root: etree._Element) -> list[Line]:
    """Return the lines below ``root``."""
    return flow_of(root).lines


class _Rows:
    """Tells the rows of data below an element from those of a layout."""

    def __init__(self, root: etree._Element) -> None:
        self.found: set[etree._Element] = set()
        self._layout = _rows_with_tables(root)
        self._several: dict[etree._Element | None, bool] = {}

    def line(self, row: etree._Element) -> Line | None:
        """Return the line of ``row``; None: it lays out the page."""
        if row in self._layout:
            return None
        cells = [child for child in row if child.tag in CELLS]
        if not cells:
            return None
        texts = [joined(squeeze(cell_text(cell))) for cell in cells]
        if any(len(text) > _LONG_CELL or "。" in text for text in texts):
            return None
        # One cell alone is a row only among rows of several, as 第二十条第（一）项 in Table II.
        if len(cells) == 1 and (len(texts[0]) > 60 or not self._has_several(row.getparent())):
            return None
        self.found.add(row)
        links = sum(len(squeeze("".join(a.itertext()))) for a in row.iter("a"))
        return Line(" | ".join([text for text in texts if text]), is_row=True, linked=links)

    def _has_several(self, table: etree._Element | None) -> bool:
        """Whether any row of ``table`` has several cells."""
        if table not in self._several:
            self._several[table] = table is not None and any(
                sum(1 for cell in row if cell.tag in CELLS) > 1 for row in table
            )
        return self._several[table]


def _rows_with_tables(root: etree._Element) -> set[etree._Element]:
    """Return the rows that hold a table."""
    found: set[etree._Element] = set()
    for table in root.iter("table"):
        for outer in table.iterancestors("tr"):
            if outer in found:
                break
            found.add(outer)
    return found


def cell_text(cell: etree._Element) -> str:
    """Return the text of a table's cell, text nodes joined as they stand, blocks on own lines.

    Numbers and labels are often cut into several spans, so nothing is put between text nodes.
    """
    if not len(cell):
        return squeeze(cell.text or "")
    texts = [text for text in cell.itertext() if not text.isspace()]
    if len(texts) < 2:
        return squeeze("".join(texts))
    parts = [_on_one_line(cell.text)]
    walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if element is cell:
            continue
        if element.tag in _BLOCKS:
            parts.append("\n")
        if event == "start":
            if element.tag in _SILENT:
                walk.skip_subtree()
            else:
                parts.append(_on_one_line(element.text))
        else:
            parts.append(_on_one_line(element.tail))
    lines = (squeeze(line) for line in "".join(parts).split("\n"))
    return "\n".join([line for line in lines if line])


def _on_one_line(text: str | None) -> str:
    return " ".join(text.splitlines()) if text else ""
