"""Whether values that no sum holds in their places stand as they stood in the table.

An extractor that goes by columns (pdftotext without options, pdfminer) may emit a cell before its
left neighbour; a 0 and another number then change places without breaking a sum. Table III tells
how the text came out: its sums run both ways.
"""

from dataclasses import dataclass

from archive.report.tables.flattened.layer import Layer
from archive.report.tables.readers import Found


@dataclass(frozen=True, slots=True)
class Order:
    """What Table III says of the order of a text."""

    requests: Found | None
    keeps_order: bool
    """Table III came out row after row, or each of its labels before its values."""
    pages: frozenset[int]
    """What a bare number must be to be that of a page."""
    has_lines: bool
    """The text is not one long line."""

    def is_kept(self, layer: Layer, per_line: tuple[tuple[int, ...], ...]) -> bool:
        """Return whether the values of another table stand in the order of its cells.

        ``per_line``: how many values its lines have where lines are rows. Without Table III, a text
        without gaps between its values is believed; one long line is not where Table III could
        not be read in it.
        """
        if layer.per_line in per_line and "\n" in layer.text.strip():
            return True
        if self.requests is None:
            return not layer.has_gaps
        if self.requests.readings == 1 or self.keeps_order:
            return self.keeps_order
        return self.has_lines and not layer.has_gaps
