"""One printed document with what is true of it."""

import re
import unicodedata
from dataclasses import dataclass, field

from bench.testbed import figures as fig
from bench.testbed import forms
from bench.testbed.model import Document

Numbers = dict[str, dict[str, dict[str, int | float | None]]]


@dataclass
class Sample:
    """Bytes as a crawl would hand them over, and the truth."""

    rendering: str
    seed: int
    content: bytes
    url: str | None
    doc: Document | None
    """None: it is no annual report."""
    media_type: str | None = None
    suffix: str = ".html"
    codec: str = "utf-8"
    """Of a text or page: what its bytes really are."""
    chrome: list[str] = field(default_factory=list)
    """Strings round the article that must not stand in its text."""
    sentences: list[str] | None = None
    """Paragraphs that must stand in the text; None: not scored."""
    reference: str | None = None
    """The whole text of the article, tables included; None: not scored."""
    tables: tuple[str, ...] = forms.TABLES
    """Tables that stand in the document; the others must be absent."""
    flattened: bool = False
    """The grid is lost: ``ambiguous`` is an honest answer."""
    kind: str = ""
    """Of a negative: what it is."""
    sections: bool = True
    """Whether headings survived, so that sections can be scored."""
    titled: bool = True
    """Whether the title is printed somewhere."""

    @property
    def name(self) -> str:
        """Return how the case is called on the command line."""
        return f"{self.rendering}:{self.seed}"

    def numbers(self) -> Numbers:
        """Return the true values of the tables that stand in the document."""
        assert self.doc is not None
        if self.doc.figures is None:
            return {}
        return {
            name: {
                row: {column: fig.number(value) for column, value in cells.items()}
                for row, cells in self.doc.figures.table(name).items()
            }
            for name in self.tables
        }

    def broken(self) -> list[tuple[str, float, float]]:
        """Return the identities that fail in the document: id, left, right."""
        if self.doc is None or self.doc.figures is None:
            return []
        wanted = {"cases": "review_litigation"}
        return [
            item
            for item in fig.broken(self.doc.figures)
            if wanted.get(item[0].split(".")[0], "requests") in self.tables
        ]


def norm(text: str | None) -> str:
    """Return a text without blanks, bars and differences of width."""
    return re.sub(r"[\s|\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text or ""))
