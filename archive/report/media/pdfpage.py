"""One page of a PDF: its characters and strokes, read by PDFium, laid out as they are shown."""

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as raw

from archive.report.media.layout import Char, Sheet, lay_out
from archive.report.media.limits import Budget, Refused
from archive.report.media.rules import Box
from archive.report.media.struck import without_struck
from archive.report.media.unruled import unruled

_MOST_CHARS = 100_000
"""Characters of one page."""
_MOST_STROKES = 50_000
"""Strokes of one page; a page with more holds a drawing, whose strokes are not read."""
_THICKEST = 3.0
"""Points; a bar that is thicker is a shaded cell, no line."""

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


def sheet_of(page: pypdfium2.PdfPage, budget: Budget) -> Sheet:
    """Return a page with its lines of text and its ruled tables; raises Refused."""
    turned = _Turn(page)
    chars = list(_chars(page, turned, budget))
    strokes = [turned.box(*stroke) for stroke in _strokes(page, budget)]
    kept = without_struck(chars, strokes)
    return lay_out(kept, strokes, turned.width, turned.height, unruled)


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
                yield Char("\ufffd" if lost else chr(code), *shown, _run(text, i))
    finally:
        text.close()


def _run(text: pypdfium2.PdfTextPage, i: int) -> int:
    """Return a number for the text object that a character stands in; 0: not known."""
    found = raw.FPDFText_GetTextObject(text, i)
    return ctypes.addressof(found.contents) if found else 0


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
    """Yield the straight sides of one path; a thin bar (how many programs draw lines and dashes)
    counts as the one line through its middle."""
    for points, sides in _outlines(path, segments, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if len(points) > 2 and min(x1 - x0, y1 - y0) <= _THICKEST:
            level = x1 - x0 >= y1 - y0
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            yield (x0, y, x1, y) if level else (x, y0, x, y1)
        else:
            yield from sides


def _outlines(
    path: pypdfium2.PdfObject, segments: int, matrix: Matrix
) -> Iterator[tuple[list[Point], list[Box]]]:
    """Yield each outline of a path: its points, and those of its sides that are straight."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    sides: list[Box] = []
    for i in range(segments):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO and points:
            yield points, sides
            points, sides = [], []
        elif kind == raw.FPDF_SEGMENT_LINETO and points:
            sides.append((*points[-1], *point))
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            sides.append((*point, *points[0]))
    if points:
        yield points, sides
