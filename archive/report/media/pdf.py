"""PDF: the characters and strokes of its pages, read by PDFium.

PDFium opens what other readers call broken, is ten times as fast as a reader in Python, and says
where each character stands.
"""

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as raw

from archive.report.media import limits
from archive.report.media.flow import flow_to_html
from archive.report.media.layout import Char, Grid, Sheet, lay_out
from archive.report.media.limits import Budget, Refused
from archive.report.media.rules import Box

_MOST_CHARS = 100_000
"""Characters of one page."""
_MOST_STROKES = 50_000
"""Strokes of one page; a page with more holds a drawing, whose strokes are not read."""
_FEW = 20
"""Characters; what has fewer on a page with a picture is a scan."""
_LOST = 0.3
"""Part of the characters that may have no meaning (no ToUnicode) before the text counts as lost."""
_PRIVATE = range(0xE000, 0xF900)

Matrix = tuple[float, float, float, float, float, float]


def pdf_to_html(content: bytes) -> str:
    """Return a PDF as HTML; raises Refused."""
    start = content.find(b"%PDF-", 0, 1100)
    pdf = _opened(content[start:] if start > 0 else content)
    try:
        if len(pdf) > limits.PAGES:
            raise Refused("too_large", f"{len(pdf)} pages, more than {limits.PAGES}")
        return _read(pdf)
    finally:
        pdf.close()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Refused("encrypted", "the PDF wants a password") from error
        raise Refused("broken", f"no PDF that can be opened: {error}") from error


def _read(pdf: pypdfium2.PdfDocument) -> str:
    budget = Budget()
    sheets: list[Sheet] = []
    pictures = False
    for number in range(len(pdf)):
        budget.check()
        try:
            page = pdf[number]
        except pypdfium2.PdfiumError as error:
            raise Refused("broken", f"page {number + 1}: {error}") from error
        try:
            sheets.append(_sheet(page, budget))
            pictures = pictures or _has_picture(page)
        finally:
            page.close()
    text = "".join(_texts(sheets))
    lost = sum(char == "\ufffd" or ord(char) in _PRIVATE for char in text)
    if lost > _LOST * len(text):
        raise Refused("scan", "the text layer has characters without a meaning")
    if len("".join(text.split())) < _FEW * (len(sheets) if pictures else 0) or not text.strip():
        raise Refused("scan" if pictures else "empty", f"{len(sheets)} pages without a text layer")
    return flow_to_html(sheets)


def _texts(sheets: list[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        for item in sheet.items:
            if isinstance(item, Grid):
                yield from (cell.text for cell in item.cells)
            else:
                yield item.text


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _sheet(page: pypdfium2.PdfPage, budget: Budget) -> Sheet:
    turned = _Turn(page)
    chars = list(_chars(page, turned, budget))
    strokes = [turned.box(*stroke) for stroke in _strokes(page, budget)]
    return lay_out(chars, strokes, turned.width, turned.height)


class _Turn:
    """From PDF coordinates (up from the lower left corner) to those of the page as it is shown."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation()
        size = self._right - self._left, self._top - self._bottom
        self.width, self.height = size if self._rotation % 180 == 0 else size[::-1]

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return a box as the page shows it."""
        (ax, ay), (bx, by) = self._point(x0, y0), self._point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        match self._rotation:
            case 90:
                return y - self._bottom, x - self._left
            case 180:
                return self._right - x, y - self._bottom
            case 270:
                return self._top - y, self._right - x
            case _:
                return x - self._left, self._top - y


def _chars(page: pypdfium2.PdfPage, turned: _Turn, budget: Budget) -> Iterator[Char]:
    """Yield the characters that are written on the page, not the blanks that PDFium puts in.

    Slanted text is a watermark (水印) and left out.
    """
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > _MOST_CHARS:
            raise Refused("too_large", f"a page with {count} characters")
        box = raw.FS_RECTF()
        for i in range(count):
            if not i % 5000:
                budget.check()
            code = raw.FPDFText_GetUnicode(text, i)
            if raw.FPDFText_IsGenerated(text, i) == 1 or chr(code).isspace() or code < 32:
                continue
            if _is_slanted(raw.FPDFText_GetCharAngle(text, i)):
                continue
            if raw.FPDFText_GetLooseCharBox(text, i, box):
                shown = turned.box(box.left, box.bottom, box.right, box.top)
                lost = raw.FPDFText_HasUnicodeMapError(text, i) == 1
                yield Char("\ufffd" if lost else chr(code), *shown)
    finally:
        text.close()


def _is_slanted(radians: float) -> bool:
    quarters = radians / (3.141592653589793 / 2)
    return radians > 0 and abs(quarters - round(quarters)) > 0.05


def _strokes(page: pypdfium2.PdfPage, budget: Budget) -> Iterator[Box]:
    """Yield the straight sides of all paths, in PDF coordinates."""
    count = 0
    for i, path in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4)):
        if not i % 500:
            budget.check()
        matrix = _matrix(path)
        count += (segments := raw.FPDFPath_CountSegments(path))
        if count > _MOST_STROKES:
            return
        yield from _sides(path, segments, matrix)


def _matrix(item: pypdfium2.PdfObject) -> Matrix:
    """Return the matrix that brings a path to the page, through the forms it stands in."""
    a, b, c, d, e, f = item.get_matrix().get()
    outer = item.container
    while outer is not None:
        oa, ob, oc, od, oe, of = outer.get_matrix().get()
        a, b, c, d, e, f = (
            a * oa + b * oc,
            a * ob + b * od,
            c * oa + d * oc,
            c * ob + d * od,
            e * oa + f * oc + oe,
            e * ob + f * od + of,
        )
        outer = outer.container
    return a, b, c, d, e, f


def _sides(path: pypdfium2.PdfObject, segments: int, matrix: Matrix) -> Iterator[Box]:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for i in range(segments):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield (*last, *point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield (*last, *start)
            last = start
