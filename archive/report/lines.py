"""An HTML tree as lines of text: one for each block, one for each row of a table.

Layout tables (版面表格) are read as blocks: a row counts as a row of data only where its table
holds no other table and its cells are short. Nothing recurses, so that deep nesting does no harm.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from archive.report.chars import HAN

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ucapcontent",
        "ul",
    ]
)
SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "head",
        "template",
        "select",
        "button",
        "input",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "audio",
        "video",
        "map",
    ]
)
_LONG_CELL = 120
"""Characters; a cell of data is shorter (the longest label of the form has 40)."""
_WIDEST = 20
"""Bars in a row of the form, with those of merged cells; more are a wall."""
_WORD = rf"[{HAN}、，。；：（）“”《》〈〉]"
_UNITS = "年月日件条个号项名次期万元份宗起页%"
# Blanks that cut words, and those around the figures of a sentence; figures keep their distance.
_BLANK_IN_WORDS = re.compile(
    rf"(?<={_WORD}) +(?={_WORD})|(?<={_WORD}) +(?=[(),;:])|(?<=[(),;:]) +(?={_WORD})"
)
_BLANK_AT_FIGURES = re.compile(
    rf"(?<=\d) +(?=[{_UNITS}])|(?<=[{HAN}(,;:，；：、]) +(?=\d[\d.]* ?[{_UNITS}])"
    r"|(?<=年) +(?=\d{1,2} ?月)|(?<=月) +(?=\d)"
)
_BARS = re.compile(r"\|[|\s]*")
_BLANKS = re.compile(r"[ \t\f\v\u00a0\u2000-\u200a\u202f\u3000]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document."""

    text: str
    is_row: bool = False
    """It is a row of a table; its cells stand between `` | ``."""


def text_of(lines: Iterable[Line]) -> str:
    """Return the lines as one text."""
    return "\n".join(line.text for line in lines)


def squeeze(text: str) -> str:
    """Return ``text`` with every run of white space as one blank."""
    return _BLANKS.sub(" ", text.replace("\n", " ")).strip()


def render(root: HtmlElement) -> list[Line]:
    """Return the visible text below ``root``, line by line, without empty lines."""
    return [line for line, _ in placed_lines(root)]


def placed_lines(root: HtmlElement) -> list[tuple[Line, HtmlElement]]:
    """Return the lines below ``root``, each with the element in which it begins."""
    lines: list[tuple[Line, HtmlElement]] = []
    parts: list[str] = []
    place = root
    several: dict[HtmlElement | None, bool] = {}
    for piece, element in _pieces(root, lambda row: row_cells(row, several)):
        if isinstance(piece, str):
            place = place if parts else element
            parts.append(piece)
            continue
        if text := squeeze("".join(parts)):
            lines.append((Line(text), place))
        parts.clear()
        if piece and (row := " | ".join(cell for cell in piece if cell)):
            lines.append((Line(row, is_row=True), element))
    return lines


def _pieces(
    root: HtmlElement, cells_of: Callable[[HtmlElement], list[str] | None] = lambda row: None
) -> Iterator[tuple[str | list[str] | None, HtmlElement]]:
    """Yield (text node, its element), (None, block) where a block begins or ends, and
    (its cells, row) for a row to which ``cells_of`` gives any."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in SILENT:
                walk.skip_subtree()
                continue
            cells = cells_of(element) if tag == "tr" else None
            if cells is not None or tag in _BLOCKS:
                yield cells, element
            if cells is not None:
                walk.skip_subtree()
            elif element.text:
                yield element.text, element
            continue
        if tag in _BLOCKS:
            yield None, element
        if element is not root and element.tail:
            outer = element.getparent()
            yield element.tail, root if outer is None else outer
    yield None, root


def row_cells(
    row: HtmlElement, several: dict[HtmlElement | None, bool] | None = None
) -> list[str] | None:
    """Return the texts of the cells where ``row`` is a row of data; None: of a layout.

    ``several`` keeps what is known of the tables of other rows between calls.
    """
    cells = [child for child in row if child.tag in ("td", "th")]
    if not cells or row.find(".//table") is not None:
        return None
    texts = [joined(squeeze(cell_text(cell))) for cell in cells]
    if any(len(text) > _LONG_CELL or "。" in text for text in texts):
        return None
    if len(cells) > 1:
        return texts
    # One cell alone is a row only among rows of several, as 第二十条第（一）项 stands in Table II.
    known = {} if several is None else several
    table = row.getparent()
    if table not in known:
        known[table] = table is not None and any(
            sum(1 for cell in other if cell.tag in ("td", "th")) > 1 for other in table
        )
    return texts if known[table] and len(texts[0]) <= 60 else None


def cell_text(cell: HtmlElement) -> str:
    """Return the text of a table's cell, text nodes joined as they stand, blocks on own lines.

    Numbers and labels are often cut into several spans, so nothing is put between text nodes.
    """
    if not len(cell):
        return " ".join((cell.text or "").split())
    pieces = (
        "\n" if not isinstance(piece, str) else " ".join(piece.splitlines())
        for piece, _ in _pieces(cell)
    )
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def joined(text: str) -> str:
    """Return ``text`` without the blanks inside Chinese words (``中华人民共和 国``)."""
    return _BLANK_IN_WORDS.sub("", text)


def mended(text: str) -> str:
    """Return ``text`` as ``joined``, and its figures joined to their units (``2021 年``)."""
    return _BLANK_AT_FIGURES.sub("", joined(text))


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
