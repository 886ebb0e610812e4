"""Text in which ``|`` (or tabs) still separate the cells of a table, made into rows of cells.

Two ways of writing are met, and mixed: one row per line (``a | b | c |``), where merged cells
leave empty cells at the end, and one cell per line, where a line that holds only ``|`` closes the
cell above it or, after another such line, is a blank cell; several ``|`` on one line end a row.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from archive.report.grid import Cell, Row, Slot

WIDEST_ROW = 200
"""Cells; pages laid out as one table have hundreds more, all of them empty."""
_ONLY_PIPES = re.compile(r"\s*\|[\s|]*")
_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*")
"""A line that rules off the header in Markdown: ``|---|:-:|``."""


def piped_rows(text: str, kind_of: Callable[[str], str | None]) -> Iterator[Row]:
    """Yield the rows of the piped lines of ``text``; nothing where no line has a pipe.

    ``kind_of`` gives the kind of a label, None for a value: where no line end marks the end of a
    row, a label does that follows a value or a label of another kind.
    """
    row: list[str] = []
    kinds: set[str | None] = set()
    for cell in _cells(text.splitlines()):
        kind = kind_of(cell) if cell else None
        if cell is None or (kind and kinds - {kind}):
            yield from _row(row)
            row, kinds = [], set()
        if cell is not None and len(row) < WIDEST_ROW:
            row.append(cell)
            kinds.add(kind)
    yield from _row(row)


def _row(cells: list[str]) -> Iterator[Row]:
    if any(cells) or len(cells) > 1:
        yield tuple(Slot(Cell(text)) for text in cells)


def _cells(lines: Iterable[str]) -> Iterator[str | None]:
    """Yield the text of each cell, "" for a blank one and None where a row ends."""
    waiting: str | None = None  # a line without a pipe: a cell, if a pipe follows
    for found in lines:
        line = found.replace("\t", "|") if _is_tabbed(found) else found.replace("｜", "|")
        if not line.strip() or _RULE.fullmatch(line):
            continue
        if "|" not in line:
            if waiting is not None:
                yield None
            waiting = line.strip()
        elif _ONLY_PIPES.fullmatch(line):
            yield from _closing(waiting, line.count("|"))
            waiting = None
        else:
            if waiting is not None:
                yield None
            waiting = None
            yield from _inline(line.strip())
    yield None


def _is_tabbed(line: str) -> bool:
    """Whether tabs separate the cells, as converters of .doc files write them."""
    return "|" not in line and line.strip().count("\t") > 1


def _closing(waiting: str | None, pipes: int) -> Iterator[str | None]:
    if waiting is not None:
        yield waiting
        pipes -= 1
    elif pipes == 1:
        yield ""
        return
    yield from [""] * pipes
    if pipes:
        yield None


def _inline(line: str) -> Iterator[str | None]:
    cells = [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    if len(cells) == 1 and not line.startswith("|"):
        yield cells[0]
        return
    yield None
    yield from cells
    yield None
