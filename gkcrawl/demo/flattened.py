"""Text as the extractors of document sites leave it: one long line with the marks of the pages."""

import re
from collections.abc import Sequence

from jinja2 import Environment

from archive.records import Table
from gkcrawl.demo.documents import Report
from gkcrawl.demo.layout import number_text

_PAGE = "¶"
# A line of print; words are cut anywhere, but numbers, Latin words and marks hang on.
_LINE = re.compile(r".{1,28}[0-9A-Za-z.%/:，。、；：）”》]*")
_SEAM = re.compile(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=[\d%])(?=[\u4e00-\u9fff])")


def flattened(report: Report, title: str, templates: Environment) -> str:
    """Return the whole report on one line.

    Broken lines have become blanks, also inside words; page marks (``—1—``, from page 10 on
    ``— 10 —``) stand where the pages ended; tables are runs of numbers, some column by column.
    """
    paragraphs = [_broken(f"{title} {report.introduction[0]}")]
    paragraphs += [_broken(text) for text in report.introduction[1:]]
    for key, heading in report.headings.items():
        paragraphs.append(heading)
        paragraphs += [_broken(text) for text in report.sections.get(key, ())]
        if table := report.figures.get(key):
            template = templates.get_template(f"flat/{key}.txt")
            paragraphs.append(template.render(cells=table, run=_Runs(table), number=number_text))
    return re.sub(r"\s+", " ", _paged(" ".join(paragraphs))).strip()


class _Runs:
    """The numbers of rows as the extractor met them, for the templates."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def rows(self, *names: str) -> str:
        """Return the numbers of the rows, row after row."""
        return " ".join(number_text(v) for name in names for v in self._table[name].values())

    def columns(self, *names: str) -> str:
        """Return the numbers of the rows, column after column."""
        rows: Sequence[Sequence[float | None]] = [list(self._table[n].values()) for n in names]
        return " ".join(number_text(v) for column in zip(*rows, strict=True) for v in column)


def _broken(text: str) -> str:
    """Break a paragraph into lines of print and join them by blanks, as extractors do."""
    return " ".join(_LINE.findall(_SEAM.sub(" ", text)))


def _paged(text: str) -> str:
    pieces = text.split(_PAGE)
    marks = (f" —{n}— " if n < 10 else f" — {n} — " for n in range(1, len(pieces)))
    return "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True))
