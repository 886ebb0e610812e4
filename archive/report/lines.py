"""An HTML tree as lines of text: one for each block, one for each row of a table.

Layout tables (版面表格) are read as blocks: a row counts as a row of data only where its table
holds no other table and its cells are short. Nothing recurses, so that deep nesting does no harm.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from archive.report.chars import HAN, fold

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
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
    return [line for line in _render(root) if line.text]


def _render(root: HtmlElement) -> Iterator[Line]:
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in SILENT:
                walk.skip_subtree()
                continue
            if tag == "tr" and (cells := row_cells(element)) is not None:
                yield Line(squeeze("".join(parts)))
                parts.clear()
                yield Line(" | ".join(cell for cell in cells if cell), is_row=True)
                walk.skip_subtree()
                continue
            if tag in _BLOCKS or tag == "br":
                yield Line(squeeze("".join(parts)))
                parts.clear()
            if element.text:
                parts.append(element.text)
            continue
        if tag in _BLOCKS:
            yield Line(squeeze("".join(parts)))
            parts.clear()
        if element is not root and element.tail:
            parts.append(element.tail)
    yield Line(squeeze("".join(parts)))


def row_cells(row: HtmlElement) -> list[str] | None:
    """Return the texts of the cells where ``row`` is a row of data; None: of a layout."""
    cells = [child for child in row if child.tag in ("td", "th")]
    if not cells or row.find(".//table") is not None:
        return None
    texts = [joined(cell_text(cell)) for cell in cells]
    if any(len(text) > _LONG_CELL or "。" in text for text in texts):
        return None
    if len(cells) > 1:
        return texts
    # One cell alone is a row only among rows of several, as 第二十条第（一）项 stands in Table II.
    siblings = row.getparent()
    several = siblings is not None and any(
        sum(1 for cell in other if cell.tag in ("td", "th")) > 1 for other in siblings
    )
    return texts if several and len(texts[0]) <= 60 else None


def cell_text(cell: HtmlElement) -> str:
    """Return the text of a table's cell; its paragraphs and breaks count as blanks."""
    parts: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in SILENT:
                walk.skip_subtree()
                continue
            if tag in _BLOCKS or tag == "br":
                parts.append(" ")
            if element.text:
                parts.append(element.text)
            continue
        if tag in _BLOCKS:
            parts.append(" ")
        if element is not cell and element.tail:
            parts.append(element.tail)
    return squeeze("".join(parts))


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
        cells = [squeeze(cell) for cell in raw.split("|")] if is_row else [squeeze(raw)]
        content = " | ".join(cell for cell in cells if cell)
        # A saved layout table leaves a wall of bars around one cell with whole sentences.
        prose = is_row and (len(content) > _LONG_CELL or "。" in content)
        if content:
            lines.append(Line(content, is_row and not prose))
    return lines


def folded(lines: Iterable[Line]) -> str:
    """Return the lines as one folded text for matching."""
    return fold(text_of(lines))
