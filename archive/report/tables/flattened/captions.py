"""Where Table II stands in flattened text: the text under each of its captions."""

import re
from dataclasses import dataclass

from archive.records import Form
from archive.report.chars import simplified
from archive.report.tables.cells import plain
from archive.report.tables.flattened.layer import Layer
from archive.report.tables.flattened.marks import variants
from archive.report.tables.flattened.tokens import layer_of, spaced
from archive.report.tables.forms import Forms, Term

_LONGEST = 10_000
_CAPTION = re.compile(r"第\s*(?:\(\s*)?([一五六八九])\s*(?:\)\s*)?项")
_END = re.compile(
    r"三\s*、\s*收\s*到|收\s*到\s*和\s*处\s*理|申\s*请\s*人\s*情\s*况|勾\s*稽|本\s*年\s*新\s*收|。"
)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows under one caption, and the text between it and the next."""

    rows: tuple[Term, ...]
    columns: tuple[str, ...]
    text: str
    layers: tuple[Layer, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rows."""
        return tuple(row.id for row in self.rows)

    @property
    def size(self) -> int:
        """How many cells the block has."""
        return len(self.rows) * len(self.columns)


def form_of_headers(text: str, known: Forms) -> Form | None:
    """Return the form whose headers of Table II stand in ``text``; None: none, or both alike."""
    return form_of_prepared(simplified(plain(text)), known)


def form_of_prepared(text: str, known: Forms) -> Form | None:
    """Return the same as :func:`form_of_headers` for prepared ``text``."""
    bare = "".join(text.split())
    labels = {
        form: {c.label for c in known.active_columns if c.forms == (form,)}
        for form in ("2021", "2019")
    }
    new, old = (sum(label in bare for label in labels[form]) for form in ("2021", "2019"))
    return None if new == old else "2021" if new > old else "2019"


def blocks_of(text: str, form: Form, known: Forms) -> list[Block]:
    """Return the blocks of the table where its captions and its first header stand, else []."""
    rows = known.active_rows_of(form)
    first = rows[0].columns_in(form)[0]
    terms = [term for term in known.active_columns if term.id == first]
    words = "|".join(label for term in terms for label in (term.label, *term.variants))
    anchors = [found.start() for found in spaced(words).finditer(text)]
    if not anchors:
        return []
    anchor = anchors[-1]
    marks = list(_CAPTION.finditer(text, max(0, anchor - _LONGEST), anchor))
    opening = [mark for mark in marks if mark[1] == "一"] or marks
    if not opening:
        return []
    start = opening[-1].start()
    end = _END.search(text, anchor, anchor + _LONGEST)
    stop = end.start() if end else min(len(text), anchor + _LONGEST)
    marks = list(_CAPTION.finditer(text, start, stop))
    stops = [*(mark.start() for mark in marks[1:]), stop]
    parts = {mark[1]: text[mark.end() : to] for mark, to in zip(marks, stops, strict=True)}
    blocks = []
    for item in dict.fromkeys(row.item for row in rows):
        own = tuple(row for row in rows if row.item == item)
        part = parts.get(item, "")
        layers = (layer_of(text, (*rows, *known.active_columns)) for text in variants(part))
        blocks.append(Block(own, own[0].columns_in(form), part, tuple(layers)))
    return blocks
