"""Tables drawn without table elements (rows of div, p or li) as rows of cells.

A row is an element whose children are short texts of which one is a label of the form, or, where
all cells stand in one element (CSS grid), the children from one label to the next. Prose never
becomes a row: its texts are long, and no elements part them.
"""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from archive.report.article.lines import CELLS, cell_text
from archive.report.tables.forms import Forms
from archive.report.tables.grid import Cell, Row, Slot
from archive.report.tables.labels import LONGEST_CELL, kind_of
from archive.report.tables.piped import rows_of
from archive.report.tables.readers.sheet import is_number, is_words

_OF_TABLES = frozenset(("table", "thead", "tbody", "tfoot", "tr"))
_MOST_CELLS = 2000
"""Children of one element; the three tables have 400 cells."""
_KINDS = 2
"""Kinds of labels (header, row) that only several rows have."""
_LINE = 5
"""Cells that make a row of headers or numbers; what one cell is cut into is less."""
_LARGEST_CELL = 12
"""Elements inside one cell."""


def div_tables(tree: etree._Element, known: Forms) -> list[list[Row]]:
    """Return the rows outside tables as one table; none where no row has a label of the form."""
    rows: list[Row] = []
    for texts in _lines(tree, known):
        if _is_one_row(texts, known):
            rows.append(tuple(Slot(Cell(text)) for text in texts))
        else:
            rows += rows_of([*texts, None], lambda text: kind_of(known, text))
    return [rows] if rows else []


def _is_one_row(texts: list[str], known: Forms) -> bool:
    """Whether cells are one row: no label comes after a number, or is of another kind."""
    numbers = [n for n, text in enumerate(texts) if is_number(text)]
    named = [(n, kind) for n, text in enumerate(texts) if (kind := kind_of(known, text))]
    after = any(numbers and n > numbers[0] for n, _ in named)
    return not after and len({kind for _, kind in named}) < _KINDS


def _lines(tree: etree._Element, known: Forms) -> Iterator[list[str]]:
    """Yield the cells of every row, or of a grid that has no elements for its rows."""
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element.tag in _OF_TABLES:
            continue
        if not len(element):
            text = element.text or ""
            if "第" in text and element.tag not in CELLS and kind_of(known, text) == "caption":
                yield [text]
        elif (texts := _row(element, known)) and not any(
            _is_whole(_row(child, known)) for child in element
        ):
            walk.skip_subtree()
            yield texts


def _row(element: etree._Element, known: Forms) -> list[str]:
    """Return the texts of the children where these are the cells of a row; else nothing.

    A row has a label, or is a line of numbers and blanks alone.
    """
    texts = _texts(element) if len(element) > 1 else []
    numbers = len(texts) >= _LINE and not any(map(is_words, texts))
    return texts if numbers or any(kind_of(known, text) for text in texts) else []


def _is_whole(texts: list[str]) -> bool:
    """Whether texts are a row of its own, not the parts of one cell."""
    return len(texts) >= _LINE or (bool(texts) and not all(map(is_words, texts)))


def _texts(element: etree._Element) -> list[str]:
    """Return the texts of the children where these are short and all that stands there."""
    children = [child for child in element if isinstance(child.tag, str)]
    between = (element.text, *(child.tail for child in element))
    if len(children) > _MOST_CELLS or any(text and text.strip() for text in between):
        return []
    texts = []
    for child in children:
        small = sum(1 for _ in islice(child.iter(), _LARGEST_CELL + 1)) <= _LARGEST_CELL
        if not small or child.tag in ("br", "table", "tr"):
            return []
        texts.append(cell_text(child))
        if len(texts[-1]) > LONGEST_CELL or "。" in texts[-1]:
            return []
    return texts
