"""A part of a text as values and labels, and where they stand in its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
LAST_PAGE = 999


@dataclass(frozen=True, slots=True)
class Value:
    """A number or a mark (``/``, ``—``) and where it stands."""

    raw: str
    start: int


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a row or column and where it begins."""

    id: str
    start: int


@dataclass(frozen=True, slots=True)
class Run:
    """Labels that stand together, and the values between them and the next label."""

    labels: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Layer:
    """A part of the text as values and labels."""

    text: str
    values: tuple[Value, ...]
    labels: tuple[Label, ...]

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The first run has no labels where values stand before all of them."""
        runs: list[tuple[list[str], list[Value]]] = [([], [])]
        items: list[Label | Value] = [*self.labels, *self.values]
        for item in sorted(items, key=lambda item: item.start):
            if isinstance(item, Value):
                runs[-1][1].append(item)
                continue
            if runs[-1][1]:
                runs.append(([], []))
            runs[-1][0].append(item.id)
        return tuple(Run(tuple(labels), tuple(values)) for labels, values in runs)

    @cached_property
    def segments(self) -> tuple[tuple[Value, ...], ...]:
        """The values before the first label, then those after each label up to the next."""
        starts = [label.start for label in self.labels]
        parts: list[list[Value]] = [[] for _ in range(len(starts) + 1)]
        place = 0
        for value in self.values:
            while place < len(starts) and starts[place] < value.start:
                place += 1
            parts[place].append(value)
        return tuple(map(tuple, parts))

    @cached_property
    def has_gaps(self) -> bool:
        """Whether empty lines stand between the values."""
        first, last = self.values[0].start, self.values[-1].start
        return _EMPTY_LINE.search(self.text, first, last) is not None

    def is_ordered(self, rows: Sequence[str]) -> bool:
        """Whether the labels stand in the order of ``rows``, which name them all."""
        places = [rows.index(label.id) for label in self.labels]
        return places == sorted(places)

    @cached_property
    def per_line(self) -> tuple[int, ...]:
        """How many values stand on each line that has any."""
        counts: dict[int, int] = {}
        for value in self.values:
            line = self.text.rfind("\n", 0, value.start)
            counts[line] = counts.get(line, 0) + 1
        return tuple(counts.values())

    def can_be_page(self, value: Value) -> bool:
        """Whether a value can be the number of a page.

        In a text whose lines hold several values, such a number is the last of its line, or alone.
        """
        if not value.raw.isdecimal() or not 1 <= int(value.raw[:4]) <= LAST_PAGE:
            return False
        if value.raw[0] == "0":
            return False
        return not self.has_rows or self._is_last(value)

    @property
    def has_rows(self) -> bool:
        """Whether most values share their line with others, but not all the same line."""
        shared = sum(count for count in self.per_line if count > 1)
        return len(self.per_line) > 1 and 2 * shared >= len(self.values)

    def without(self, values: Sequence[Value]) -> "Layer":
        """Return the layer without some of its values."""
        starts = {value.start for value in values}
        left = tuple(value for value in self.values if value.start not in starts)
        return replace(self, values=left)

    def _is_last(self, value: Value) -> bool:
        stop = self.text.find("\n", value.start)
        rest = self.text[value.start + len(value.raw) : None if stop < 0 else stop]
        return not rest.strip()

    def is_alone(self, value: Value) -> bool:
        """Whether nothing else stands on the line of a value."""
        start = self.text.rfind("\n", 0, value.start) + 1
        stop = self.text.find("\n", value.start)
        return self.text[start : None if stop < 0 else stop].strip() == value.raw


def with_empty_lines(layer: Layer) -> Layer:
    """Return the layer with a blank value for each empty line after the first label, where every
    value has a line of its own: a cell that is blank may be such a line."""
    if not layer.labels or any(not layer.is_alone(value) for value in layer.values):
        return layer
    values = list(layer.values)
    place = layer.labels[0].start
    for line in layer.text[place:].split("\n")[:-1]:
        if not line.strip():
            values.append(Value("", place))
        place += len(line) + 1
    return replace(layer, values=tuple(sorted(values, key=lambda value: value.start)))
