"""Reports as text with ``|``: what extractors make of tables that they keep."""

import random

from bench.testbed import forms, grids
from bench.testbed.articles import text_sample
from bench.testbed.model import Document, document
from bench.testbed.samples import Sample


def _row(cells: list[str], pads: int, style: str) -> str:
    if style == "cells":
        lines = [line for cell in cells for line in ([cell, "|"] if cell else ["|"])]
        return "\n".join([*lines[:-1], "|" * (pads + 1)])
    if style == "lead":
        return "| " + " | ".join(cells) + " | " + "|" * max(pads - 1, 0)
    return " | ".join(cells) + " | " + "|" * pads


def _grid(grid: grids.Grid, rng: random.Random, style: str) -> str:
    width = max(sum(c.colspan for c in row) for row in grid)
    lines = []
    for row in grid:
        pads = width - len(row)
        if style == "ragged":
            pads = max(0, pads + rng.choice((-1, 0, 0, 1)))
        line = _row([c.text for c in row], pads, style)
        lines.append(line.rstrip())
    return "\n".join(lines)


def _text(doc: Document, rng: random.Random, style: str) -> str:
    tables = {
        "active_disclosure": [row for g in grids.active(doc) for row in g],
        "requests": grids.requests(doc),
        "review_litigation": grids.review(doc),
    }
    out = [doc.title] if doc.titled else []
    out += doc.introduction
    for key, paragraphs in doc.sections.items():
        out += [doc.headings[key], *paragraphs]
        if key in forms.TABLES:
            out.append(_grid(tables[key], rng, style))
    return "\n".join(out)


def _build(name: str, seed: int, styles: tuple[str, ...]) -> Sample:
    rng = random.Random(f"{name} {seed}")
    doc = document(seed, salt=name)
    text = _text(doc, rng, rng.choice(styles))
    codec = rng.choice(("utf-8", "gb18030"))
    return text_sample(name, seed, doc, text, codec)


def piped(seed: int) -> Sample:
    """Return a text with a table row a line."""
    return _build("piped", seed, ("tail", "lead", "ragged"))


def piped_cells(seed: int) -> Sample:
    """Return a text with a cell a line and lines of bars."""
    return _build("piped-cells", seed, ("cells",))
