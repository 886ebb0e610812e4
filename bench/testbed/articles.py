"""Articles: a report as HTML without the page round it, and as plain reference text."""

import html
import itertools
import random

from bench.testbed import forms, grids
from bench.testbed.markup import Quirks, TableWriter
from bench.testbed.model import Document
from bench.testbed.samples import Sample

_INDENT = "　　"


def in_pieces(rng: random.Random, text: str, cuts: int) -> list[str]:
    """Return the text cut at up to ``cuts`` random places, as editors cut it into spans."""
    places = sorted(rng.sample(range(1, len(text)), min(cuts, len(text) - 1))) if text else []
    return [text[a:b] for a, b in itertools.pairwise([0, *places, len(text)])]


class Prose:
    """Writes paragraphs in the manner of one page."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._kind = rng.choice(("p", "p", "p", "word", "div", "br"))

    def paragraph(self, text: str) -> str:
        """Return a paragraph; Word's spans cut it anywhere."""
        rng = self._rng
        inner = html.escape(text, quote=False)
        if self._kind == "word":
            style = "font-family:仿宋_GB2312;font-size:16.0pt"
            parts = [html.escape(part, quote=False) for part in in_pieces(rng, text, 3)]
            inner = "".join(f"<span style='{style}'>{part}</span>" for part in parts)
            return f'<p class="MsoNormal" style="text-indent:32.0pt">{inner}</p>'
        if self._kind == "div":
            return f"<div>{_INDENT}{inner}</div>"
        if self._kind == "br":
            return f"{_INDENT}{inner}<br />\n"
        return f"<p>{_INDENT}{inner}</p>"

    def heading(self, text: str) -> str:
        """Return a heading of a section."""
        kind = self._rng.choice(
            (
                "<p><strong>{}</strong></p>",
                "<p><span style='font-family:黑体'>{}</span></p>",
                "<div><strong>{}</strong></div>",
                "<h3>{}</h3>",
                "<p>　　{}</p>",
            )
        )
        return kind.format(text)

    def title(self, text: str) -> str:
        """Return the title on top of the article; long ones run over several lines."""
        if len(text) > 24 and self._rng.random() < 0.3:
            at = self._rng.randint(8, len(text) - 8)
            text = f"{text[:at]}<br>{text[at:]}"
        return f'<p style="text-align: center;"><strong>{text}</strong></p>'


def tables_of(
    doc: Document, rng: random.Random, how: Quirks, *, split: bool = False
) -> dict[str, str]:
    """Return the three tables as HTML; ``split``: Table III over two by a page break."""
    writer = TableWriter(rng, how)
    clauses = grids.active(doc)
    one = rng.random() < 0.7
    active = writer.table(*clauses) if one else "".join(writer.table(g) for g in clauses)
    third = grids.requests(doc)
    if split:
        first, second = grids.cut(third, rng.randint(8, len(third) - 4))
        repeated = third[:3] if rng.random() < 0.6 else []
        between = rng.choice(("", "<p>&nbsp;</p>", "<p>— 7 —</p>", "<br/>"))
        requests = writer.table(first) + between + writer.table([*repeated, *second])
        if rng.random() < 0.3:
            requests = writer.table([*first, *second])
    else:
        requests = writer.table(third)
    fourth = writer.table(grids.review(doc))
    return {"active_disclosure": active, "requests": requests, "review_litigation": fourth}


def body_of(doc: Document, rng: random.Random, tables: dict[str, str]) -> str:
    """Return the article: title, introduction, sections with their tables."""
    prose = Prose(rng)
    out = [prose.title(doc.title)] if doc.titled else []
    out += [prose.paragraph(p) for p in doc.introduction]
    inline = rng.random() < 0.06
    for key, paragraphs in doc.sections.items():
        if inline and paragraphs:
            first, *rest = paragraphs
            out.append(prose.paragraph(f"{doc.headings[key].rstrip('：')}。{first}"))
            out += [prose.paragraph(p) for p in rest]
        else:
            out.append(prose.heading(doc.headings[key]))
            out += [prose.paragraph(p) for p in paragraphs]
        if key in tables:
            out.append(tables[key])
    if rng.random() < 0.05:
        out.insert(rng.randrange(len(out)), "</span></div></p>")
    return "\n".join(out)


def reference(doc: Document) -> str:
    """Return the text of the article, a line for each paragraph and each row of a table."""
    out = [doc.title, *doc.introduction]
    for key, paragraphs in doc.sections.items():
        out += [doc.headings[key], *paragraphs]
        if doc.figures is not None and key in forms.TABLES:
            out += [" ".join(c.text for c in row) for row in _grid(doc, key)]
    out += [" ".join(row) for row in doc.indicators]
    return "\n".join(out)


def _grid(doc: Document, key: str) -> grids.Grid:
    if key == "active_disclosure":
        return [row for grid in grids.active(doc) for row in grid]
    return grids.requests(doc) if key == "requests" else grids.review(doc)


def text_sample(
    rendering: str, seed: int, doc: Document, text: str, codec: str, *, flattened: bool = False
) -> Sample:
    """Return a report as a plain text file of unknown origin."""
    return Sample(
        rendering=rendering,
        seed=seed,
        content=text.encode(codec),
        url=None,
        doc=doc,
        media_type="text/plain",
        codec=codec,
        suffix=".txt",
        sentences=doc.paragraphs(),
        reference=reference(doc) if doc.titled else None,
        flattened=flattened,
        titled=doc.titled,
    )
