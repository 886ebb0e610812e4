"""DOC (Word 97 to 2003, and WPS Writer, which writes the same): text and tables as HTML.

Source: [MS-DOC], https://learn.microsoft.com/openspecs/office_file_formats/ms-doc. The text is a
list of pieces; a table is paragraphs that end in cell marks, and each row's last paragraph says in
its properties where the edges of the row's cells are and which cells are merged.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.report.media import docstories
from archive.report.media.docstories import Paragraph, Row
from archive.report.media.limits import Refused
from archive.report.media.markup import Cell, document, escaped, table
from archive.report.media.office import office_to_html
from archive.report.media.ole import Streams

_TOLERANCE = 60
"""Twips (1/20 point) by which the edges of one column differ between rows."""
_DEEPEST = 20
"""Tables in tables."""
_PICTURE = 10_000
"""Bytes of the Data stream; what is larger holds a picture."""


def doc_to_html(content: bytes) -> str:
    """Return a DOC document as HTML; raises Refused. That of Word 6 and 95 LibreOffice opens."""
    streams = Streams(content)
    if not docstories.is_word_97(streams):
        return office_to_html(content)
    stories = docstories.read_stories(streams)
    blocks = [block for story in stories for block in _blocks(story)]
    if not any(blocks):
        pictures = len(streams.read("Data")) > _PICTURE
        raise Refused("scan" if pictures else "empty", "the document has no text")
    return document(blocks)


@dataclass(slots=True)
class _Level:
    """The body, or a table that is open: its rows, and the cells of the row being read."""

    blocks: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


def _blocks(paragraphs: Iterator[Paragraph]) -> list[str]:
    """Return the paragraphs of one story as HTML, those in tables as tables."""
    levels = [_Level()]
    for paragraph in paragraphs:
        depth = min(paragraph.depth, _DEEPEST)
        while len(levels) - 1 > depth:
            _close(levels)
        while len(levels) - 1 < depth:
            levels.append(_Level())
        level = levels[-1]
        if paragraph.ends_row and depth:
            level.rows.append(_row(level.cells, paragraph.row))
            level.blocks, level.cells = [], []
            continue
        if paragraph.text.strip():
            level.blocks.append(f"<p>{escaped(paragraph.text)}</p>")
        if paragraph.ends_cell and depth:
            level.cells.append("".join(level.blocks))
            level.blocks = []
    while len(levels) > 1:
        _close(levels)
    return levels[0].blocks


def _close(levels: list[_Level]) -> None:
    """Put the innermost table into the cell or body that holds it; a last row cut off counts."""
    level = levels.pop()
    if level.cells:
        level.rows.append(_row(level.cells, Row()))
    levels[-1].blocks += [table(level.rows, _TOLERANCE), *level.blocks]


def _row(texts: list[str], row: Row) -> list[Cell]:
    """Return a row's cells at the edges that its properties give, else side by side."""
    cells: list[Cell] = []
    edges = list(row.edges)
    while len(edges) <= len(texts):
        edges.append((edges[-1] if edges else 0) + 1000)
    for i, text in enumerate(texts):
        left, right = edges[i], edges[i + 1]
        if i in row.joined and cells:
            first = cells.pop()
            cells.append(Cell(first.html + text, first.left, right, first.merge))
        else:
            cells.append(Cell(text, left, right, row.merges.get(i)))
    return cells
