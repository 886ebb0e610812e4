"""Reports as Word files (DOCX), the tables merged, split and nested as offices do."""

import io
import random
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from bench.testbed import grids
from bench.testbed.articles import in_pieces, reference
from bench.testbed.model import Document, document
from bench.testbed.samples import Sample

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_WIDTH = 8400
"""Of a table, in twentieths of a point: the text column of A4."""


class WordWriter:
    """Writes one report; what is printed is the same for DOCX and for the PDF made of it."""

    def __init__(self, doc: Document, rng: random.Random, *, ruled: bool = True) -> None:
        self._doc = doc
        self._rng = rng
        self._ruled = ruled
        self._split_runs = rng.random() < 0.5
        self._file = docx.Document()

    def write(self) -> bytes:
        """Return the file."""
        doc, file = self._doc, self._file
        self._footer()
        if doc.titled:
            title = file.add_paragraph()
            title.alignment = WD_ALIGN_PARAGRAPH.CENTER
            title.add_run(doc.title).bold = True
        for text in doc.introduction:
            self._paragraph(text)
        tables = {
            "active_disclosure": self._active,
            "requests": lambda: self._table(grids.requests(doc), nested=self._rng.random() < 0.1),
            "review_litigation": lambda: self._table(grids.review(doc)),
        }
        for key, paragraphs in doc.sections.items():
            self._heading(doc.headings[key])
            for text in paragraphs:
                self._paragraph(text)
            if key in tables:
                if self._rng.random() < 0.15:
                    file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
                tables[key]()
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()

    def _footer(self) -> None:
        mark = self._rng.choice(("— {} —", "- {} -", "{}", "第{}页"))
        before, after = mark.split("{}")
        paragraph = self._file.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(before)
        field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        paragraph._p.append(parse_xml(field))
        paragraph.add_run(after)

    def _heading(self, text: str) -> None:
        if self._rng.random() < 0.3:
            self._file.add_heading(text, level=2)
        else:
            self._file.add_paragraph().add_run(text).bold = True

    def _paragraph(self, text: str) -> None:
        paragraph = self._file.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(24)
        for part in self._runs(text):
            paragraph.add_run(part)

    def _runs(self, text: str) -> list[str]:
        if not self._split_runs or len(text) < 2:
            return [text]
        return in_pieces(self._rng, text, self._rng.randint(1, 4))

    def _active(self) -> None:
        clauses = grids.active(self._doc)
        if self._rng.random() < 0.75:
            self._table([row for grid in clauses for row in grid])
            return
        for grid in clauses:
            self._table(grid)
            self._file.add_paragraph()

    def _table(self, grid: grids.Grid, *, nested: bool = False) -> None:
        xml = self._xml(grid)
        if nested:
            xml = (
                f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/></w:tblPr>'
                f'<w:tblGrid><w:gridCol w:w="{_WIDTH}"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW '
                f'w:w="{_WIDTH}" w:type="dxa"/></w:tcPr>{xml}<w:p/></w:tc></w:tr></w:tbl>'
            )
        element = parse_xml(xml)
        self._file.element.body.insert(len(self._file.element.body) - 1, element)
        self._file.add_paragraph()

    def _xml(self, grid: grids.Grid) -> str:
        columns = sum(cell.colspan for cell in grid[0])
        narrow = columns >= 10
        widths = [_WIDTH // columns] * columns
        if columns == 10:
            widths = [900, 900, 2000] + [(_WIDTH - 3800) // 7] * 7
        borders = f"<w:tblBorders>{_BORDERS}</w:tblBorders>" if self._ruled else ""
        out = [
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/>{borders}'
            '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>',
            *(f'<w:gridCol w:w="{w}"/>' for w in widths),
            "</w:tblGrid>",
        ]
        pending: dict[int, tuple[int, int]] = {}
        repeat = self._rng.random() < 0.4
        for y, row in enumerate(grid):
            header = "<w:trPr><w:tblHeader/></w:trPr>" if repeat and narrow and y < 3 else ""
            out.append(f"<w:tr>{header}{self._cells(row, columns, widths, pending)}</w:tr>")
        return "".join(out) + "</w:tbl>"

    def _cells(
        self,
        row: list[grids.Cell],
        columns: int,
        widths: list[int],
        pending: dict[int, tuple[int, int]],
    ) -> str:
        """Return a row; ``pending``: column -> (rows left, colspan) of cells merged downwards."""
        out, x, cells = [], 0, iter(row)
        while x < columns:
            if x in pending:
                left, span = pending.pop(x)
                if left > 1:
                    pending[x] = (left - 1, span)
                out.append(self._cell("", sum(widths[x : x + span]), span, "<w:vMerge/>"))
                x += span
                continue
            cell = next(cells, None)
            if cell is None:
                break
            merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
            if cell.rowspan > 1:
                pending[x] = (cell.rowspan - 1, cell.colspan)
            width = sum(widths[x : x + cell.colspan])
            out.append(self._cell(cell.text, width, cell.colspan, merge))
            x += cell.colspan
        return "".join(out)

    def _cell(self, text: str, width: int, span: int, merge: str) -> str:
        across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        runs = "".join(
            '<w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            for part in (self._runs(text) if text else [])
        )
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{merge}<w:vAlign '
            f'w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc '
            f'w:val="center"/></w:pPr>{runs}</w:p></w:tc>'
        )


def word(
    seed: int, name: str = "docx", *, ruled: bool = True, broken: bool | None = None
) -> Sample:
    """Return a report as a Word file."""
    rng = random.Random(f"{name} {seed}")
    doc = document(seed, salt=name, broken=broken)
    return Sample(
        rendering=name,
        seed=seed,
        content=WordWriter(doc, rng, ruled=ruled).write(),
        url=None,
        doc=doc,
        media_type=MEDIA_TYPE,
        suffix=".docx",
        sentences=doc.paragraphs(),
        reference=reference(doc) if doc.titled else None,
        titled=doc.titled,
    )


def word_broken(seed: int) -> Sample:
    """Return a Word file whose office broke identities."""
    return word(seed, "docx-broken", broken=True)
