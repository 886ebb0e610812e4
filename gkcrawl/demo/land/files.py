"""Reports as files: a Word document and a PDF, no more in them than a report needs."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape

from gkcrawl.demo.documents import Report
from gkcrawl.demo.layout import Cell, Grid, grids

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = (
    f'<Types xmlns="{_PARTS}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PARTS}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
# A4 in points, and the lines that fit on it.
_WIDTH, _HEIGHT, _MARGIN, _LINE = 595, 842, 50, 16
_LETTERS = 34

Blocks = Iterator[str | Grid]


def docx(title: str, report: Report) -> tuple[bytes, str]:
    """Return a report as a Word document, with its media type."""
    body = "".join(_word(block) for block in _blocks(title, report))
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            # A fixed date: the same report is the same file.
            archive.writestr(zipfile.ZipInfo(name), '<?xml version="1.0"?>' + text)
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return buffer.getvalue(), media_type


def pdf(title: str, report: Report) -> tuple[bytes, str]:
    """Return a report as a PDF whose font is not in it, with its media type."""
    pages: list[list[str]] = [[]]
    for block in _blocks(title, report):
        lines = _wrapped(block) if isinstance(block, str) else _ruled(block)
        for line in lines:
            if len(pages[-1]) >= (_HEIGHT - 2 * _MARGIN) // _LINE:
                pages.append([])
            pages[-1].append(line)
    return _pdf_file(pages), "application/pdf"


MAKERS: Mapping[str, Callable[[str, Report], tuple[bytes, str]]] = {"docx": docx, "pdf": pdf}
"""Ending -> how a file of that kind is made."""


def _blocks(title: str, report: Report) -> Blocks:
    yield title
    yield from report.introduction
    tables = grids(report.form, report.figures, {}) if report.figures else {}
    for key, heading in report.headings.items():
        yield heading
        yield from report.sections.get(key, ())
        if key in tables:
            yield tables[key]


def _word(block: str | Grid) -> str:
    if isinstance(block, str):
        return _paragraph(block)
    rows = "".join(f"<w:tr>{cells}</w:tr>" for cells in _word_rows(block))
    return f"<w:tbl><w:tblPr/>{rows}</w:tbl>{_paragraph('')}"


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _word_rows(grid: Grid) -> Iterator[str]:
    """Yield the cells of each row; a cell that reaches down is continued in the rows below it."""
    width = sum(cell.colspan for cell in grid[0])
    reaching: dict[int, tuple[int, int]] = {}
    for row in grid:
        waiting = iter(row)
        cells, at = [], 0
        while at < width:
            if at in reaching:
                span, rows = reaching.pop(at)
                cells.append(_word_cell("", span, '<w:vMerge w:val="continue"/>'))
                if rows > 1:
                    reaching[at] = (span, rows - 1)
            else:
                cell = next(waiting, Cell(""))
                span = cell.colspan
                merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
                cells.append(_word_cell(cell.text, span, merge))
                if cell.rowspan > 1:
                    reaching[at] = (span, cell.rowspan - 1)
            at += span
        yield "".join(cells)


def _word_cell(text: str, span: int, merge: str) -> str:
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f"<w:tc><w:tcPr>{wide}{merge}</w:tcPr>{_paragraph(text)}</w:tc>"


def _wrapped(text: str) -> list[str]:
    """Return the drawing of a paragraph, line by line."""
    pieces = [text[at : at + _LETTERS] for at in range(0, len(text), _LETTERS)] or [""]
    return [_shown(piece, _MARGIN, 14) for piece in pieces]


def _ruled(grid: Grid) -> list[str]:
    """Return the drawing of a table, row by row: boxes with small letters in them.

    A cell that reaches down is drawn in its first row and stays open in the others.
    """
    width = sum(cell.colspan for cell in grid[0])
    step = (_WIDTH - 2 * _MARGIN) / width
    reaching: dict[int, tuple[int, int]] = {}
    drawn = []
    for row in grid:
        waiting, parts, at = iter(row), [], 0
        while at < width:
            if at in reaching:
                span, rows = reaching.pop(at)
                cell, above = Cell("", span), True
                if rows > 1:
                    reaching[at] = (span, rows - 1)
            else:
                cell, above = next(waiting, Cell("")), False
                span = cell.colspan
                if cell.rowspan > 1:
                    reaching[at] = (span, cell.rowspan - 1)
            left, right = _MARGIN + at * step, _MARGIN + (at + span) * step
            parts.append(_box(left, right, top=not above, bottom=at not in reaching))
            size = min(6.0, (right - left - 2) / max(1, len(cell.text)))
            parts.append(_shown(cell.text, left + 1, size))
            at += span
        drawn.append("\n".join(parts))
    return drawn


def _box(left: float, right: float, *, top: bool, bottom: bool) -> str:
    """Return the lines round a cell; ``{y}`` is filled in where the line of the page is known."""
    lines = [f"{x:.1f} {{low}} m {x:.1f} {{high}} l S" for x in (left, right)]
    lines += [f"{left:.1f} {{high}} m {right:.1f} {{high}} l S"] if top else []
    lines += [f"{left:.1f} {{low}} m {right:.1f} {{low}} l S"] if bottom else []
    return "\n".join(lines)


def _shown(text: str, x: float, size: float) -> str:
    if not text:
        return ""
    code = text.encode("utf-16-be").hex()
    return f"BT /F1 {size:.1f} Tf {x:.1f} {{base}} Td <{code}> Tj ET"


def _pdf_file(pages: list[list[str]]) -> bytes:
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        "/DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    kids = []
    for page in pages:
        drawing = "0.5 w\n" + "\n".join(_placed(line, n) for n, line in enumerate(page))
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _numbered(objects)


def _placed(line: str, number: int) -> str:
    high = _HEIGHT - _MARGIN - number * _LINE
    for name, value in (("high", high), ("low", high - _LINE), ("base", high - _LINE + 4)):
        line = line.replace(f"{{{name}}}", str(value))
    return line


def _numbered(objects: list[str]) -> bytes:
    """Return objects as a file with its table of cross references (ISO 32000-1, section 7.5)."""
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")
