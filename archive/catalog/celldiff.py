"""Which cells of the tables differ between two versions of a report. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from archive.catalog.rows import CELL_TABLES
from archive.records import Number

Row = Mapping[str, Any]

INDICATORS = "indicators"
"""Stands for a table's name where a line of the statistics of before 2019 changed."""


@dataclass(frozen=True, slots=True)
class CellState:
    """One cell of one version."""

    value: Number | None
    """None: blank, or text that is no number."""
    raw: str | None
    """The text as found; None: not kept."""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that is not the same in both versions."""

    table: str
    row: str
    column: str
    before: CellState | None
    """None: the version has no such cell."""
    after: CellState | None

    @property
    def kind(self) -> Literal["number", "spelling", "gone", "new"]:
        """Return what happened to it: number (blanks count as such), spelling (the same number,
        written otherwise), gone, new."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        return "spelling" if self.before.value == self.after.value else "number"

    @property
    def step(self) -> Number | None:
        """Return by how much the number grew; None where a side has none."""
        old, new = (side.value if side else None for side in (self.before, self.after))
        return None if old is None or new is None else new - old


def changed_cells(before: Row, after: Row) -> tuple[ChangedCell, ...]:
    """Return the cells that differ, in the order of the tables: quick, and enough to say
    whether numbers changed."""
    old, new = dict(_cells(before)), dict(_cells(after))
    return tuple(
        ChangedCell(*address, old.get(address), new.get(address))
        for address in dict.fromkeys([*old, *new])
        if old.get(address) != new.get(address)
    )


def _cells(document: Row) -> Iterator[tuple[tuple[str, str, str], CellState]]:
    """Yield every cell of the tables that were read, its address first; then the lines of the
    statistics of before 2019, each a row of one cell."""
    for table in CELL_TABLES:
        values = document["tables"][table]
        if values is None:
            continue
        raw = document["tables"]["raw"].get(table, {})
        for row in dict.fromkeys([*values, *raw]):
            found, texts = values.get(row, {}), raw.get(row, {})
            for column in dict.fromkeys([*found, *texts]):
                yield (table, row, column), CellState(found.get(column), texts.get(column))
    seen: Counter[str] = Counter()
    for line in document["indicators"]:
        label = row = " > ".join(line["label"])
        while seen[row]:
            seen[label] += 1
            row = f"{label} ({seen[label]})"
        seen[row] += 1
        yield (INDICATORS, row, "value"), CellState(line["value"], line["raw"])
