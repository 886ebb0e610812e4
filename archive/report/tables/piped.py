"""Text in which ``|`` (or tabs) still separate the cells of a table, made into rows of cells.

Two ways of writing are met, and mixed: one row per line (``a | b | c |``), where merged cells
leave empty cells at the end, and one cell per line, where a line that holds only ``|`` closes the
cell above it or, after another such line, is a blank cell; several ``|`` on one line end a row.
A label may run over several lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archive.report.chars import HAN
from archive.report.tables.grid import Cell, Row, Slot
from archive.report.tables.labels import LONGEST_LABEL

WIDEST_ROW = 200
"""Cells; pages laid out as one table have hundreds more, all of them empty."""
_MOST_LINES = 5000
"""With one cell to a line, the three tables have 1000; of a text with more, nothing is read."""
_HAN = re.compile(rf"[{HAN}]")
_NUMBERING = re.compile(r"[(（][一二三四五六七\d][)）]?|[一二三四\d][、.．]")
_WALL = re.compile(rf"\|(?:[ \t]?\|){{{WIDEST_ROW},}}")
_ONLY_PIPES = re.compile(r"\s*\|[\s|]*")
_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*")
"""A line that rules off the header in Markdown: ``|---|:-:|``."""


@dataclass(frozen=True, slots=True)
class _Walls:
    """What a pipe at either end of a line is: the wall of its first or last cell, or the border of
    a blank one."""

    opens: bool
    closes: bool


def piped_rows(text: str, kind_of: Callable[[str], str | None]) -> Iterator[Row]:
    """Yield the rows of the piped lines of ``text``; nothing where no line has a pipe.

    ``kind_of`` is as in :func:`rows_of`.
    """
    piped = list(_piped(text.splitlines()))
    if len(piped) > _MOST_LINES or not any("|" in line for line in piped):
        return iter(())
    lines = _whole_lines(piped, kind_of)
    walls = _Walls(_opens_with_pipes(lines, kind_of), _ends_with_pipes(lines, kind_of))
    return rows_of(_cells(lines, walls), kind_of)


def rows_of(cells: Iterable[str | None], kind_of: Callable[[str], str | None]) -> Iterator[Row]:
    """Yield the rows that ``cells`` make; None ends a row.

    ``kind_of`` gives the kind of a label, None for a value: where no end of a row is marked, a
    label begins another that follows a value or a label of another kind.
    """
    row: list[str] = []
    kinds: set[str | None] = set()
    for cell in cells:
        kind = kind_of(cell) if cell else None
        if cell is None or (kind and kinds - {kind}):
            yield from _row(row)
            row, kinds = [], set()
        if cell is not None and len(row) < WIDEST_ROW:
            row.append(cell)
            kinds.add(kind)
    yield from _row(row)


def _piped(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that are not empty, with ``|`` where tabs or wide bars separate cells."""
    for found in lines:
        line = found.replace("\t", "|") if _is_tabbed(found) else found.replace("｜", "|")
        line = _WALL.sub("|" * WIDEST_ROW, line)
        if line.strip() and not _RULE.fullmatch(line):
            yield line.strip()


def _is_tabbed(line: str) -> bool:
    """Whether tabs separate the cells, as converters of .doc files write them; a tab at the
    beginning only indents."""
    return "|" not in line and "\t" in line.lstrip()


def _whole_lines(lines: Iterable[str], kind_of: Callable[[str], str | None]) -> list[str]:
    """Return the lines with labels joined that were broken: ``（四）无`` and ``法提供 | 0 |``."""
    whole: list[str] = []
    for line in lines:
        first = line.partition("|")[0].strip()
        before = whole[-1].rpartition("|")[2].strip() if whole else ""
        if 0 < len(before) <= LONGEST_LABEL and 0 < len(first) <= LONGEST_LABEL:
            words = _HAN.search(before) and _HAN.search(first) and kind_of(first) is None
            whole_label = kind_of(before + first) in ("row", "caption")
            if whole_label and (words or _NUMBERING.fullmatch(before)):
                whole[-1] += line
                continue
        whole.append(line)
    return whole


def _ends_with_pipes(lines: Iterable[str], kind_of: Callable[[str], str | None]) -> bool:
    """Whether a pipe closes the last cell of a row; else it opens a blank one. Headers, which are
    never blank, tell."""
    votes = 0
    for line in lines:
        *others, last = line.removesuffix("|").split("|")
        if others and kind_of(last.strip()) == "header":
            votes += 1 if line.endswith("|") else -1
    return votes >= 0


def _opens_with_pipes(lines: Iterable[str], kind_of: Callable[[str], str | None]) -> bool:
    """Whether a pipe opens the first cell of a row; else it closes a blank one. Rows that begin
    with a label tell."""
    votes = 0
    for line in lines:
        first, *others = line.removeprefix("|").split("|")
        if others and kind_of(first.strip()) is not None:
            votes += 1 if line.startswith("|") else -1
    return votes >= 0


def _row(cells: list[str]) -> Iterator[Row]:
    if any(cells) or len(cells) > 1:
        yield tuple(Slot(Cell(text)) for text in cells)


def _cells(lines: Iterable[str], walls: _Walls) -> Iterator[str | None]:
    """Yield the text of each cell, "" for a blank one and None where a row ends."""
    waiting: str | None = None  # a line without a pipe: a cell, if a pipe follows
    for line in lines:
        if "|" not in line:
            if waiting is not None:
                yield None
            waiting = line
        elif _ONLY_PIPES.fullmatch(line):
            yield from _closing(waiting, line.count("|"))
            waiting = None
        else:
            if waiting is not None:
                yield None
            waiting = None
            yield from _inline(line, walls)
    yield None


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


def _inline(line: str, walls: _Walls) -> Iterator[str | None]:
    opened = walls.opens and line.startswith("|")
    inner = line.removesuffix("|") if walls.closes or opened else line
    cells = [cell.strip() for cell in (inner.removeprefix("|") if opened else inner).split("|")]
    if len(cells) == 1 and not line.startswith("|"):
        yield cells[0]
        return
    yield None
    yield from cells
    yield None
