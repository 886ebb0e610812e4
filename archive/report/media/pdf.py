"""PDF, opened by PDFium: its pages, and which of them are pictures.

PDFium opens what other readers call broken, is ten times as fast as a reader in Python, and says
where each character stands.
"""

import re
import zlib
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as raw

from archive.report.media import limits
from archive.report.media.flow import flow_to_html
from archive.report.media.layout import Grid, Sheet
from archive.report.media.limits import Budget, Refused
from archive.report.media.pdfpage import sheet_of
from archive.report.media.scans import MOST_PIXELS, demand, is_installed, recognised

if TYPE_CHECKING:
    from archive.report.media.ruling import Picture

_STREAM = re.compile(rb"stream\r?\n")
_LARGE_IN_EARNEST = re.compile(rb"/Image|/Length1|/FontFile|/Subtype\s*/(?:CIDFontType0C|OpenType)")
_LARGEST_DRAWING = 8 * 1024 * 1024
_FEW = 20
"""Characters; what has fewer on a page with a picture is a scan."""
_LOST = 0.3
"""Part of the characters that may have no meaning (no ToUnicode) before the text counts as lost."""
_PIXELS_WIDE = 1400
"""To which a page is drawn that is to be recognised."""
_PRIVATE = range(0xE000, 0xF900)


def pdf_to_html(content: bytes) -> str:
    """Return a PDF as HTML; raises Refused."""
    start = content.find(b"%PDF-", 0, 1100)
    _demand_no_bomb(content)
    pdf = _opened(content[start:] if start > 0 else content)
    try:
        if len(pdf) > limits.PAGES:
            raise Refused("too_large", f"{len(pdf)} pages, more than {limits.PAGES}")
        return _read(pdf)
    finally:
        pdf.close()


def _demand_no_bomb(content: bytes) -> None:
    """Raise Refused where a page's drawing unpacks to more than any page has: PDFium would hold
    all of it. Pictures and fonts are large in earnest and unpacked only when they are shown."""
    for match in _STREAM.finditer(content):
        about = content[max(0, match.start() - 500) : match.start()].rpartition(b" obj")[2]
        if b"Flate" not in about or _LARGE_IN_EARNEST.search(about):
            continue
        try:
            unpacked = zlib.decompressobj().decompress(
                memoryview(content)[match.end() :], _LARGEST_DRAWING
            )
        except zlib.error:
            continue
        if len(unpacked) == _LARGEST_DRAWING:
            raise Refused("too_large", f"a drawing of more than {_LARGEST_DRAWING} bytes")


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
    scanned: list[int] = []
    for number in range(len(pdf)):
        budget.check()
        page = _page(pdf, number)
        try:
            sheets.append(sheet_of(page, budget))
            if _size(sheets[-1:]) < _FEW and _has_picture(page):
                scanned.append(number)
        finally:
            page.close()
    if _is_meaningless(sheets):
        scanned = list(range(len(sheets)))
        why = "the text layer has characters without a meaning"
    else:
        why = f"{len(scanned)} of {len(sheets)} pages are pictures without a text layer"
    if not scanned:
        if not _size(sheets):
            raise Refused("empty", f"{len(sheets)} pages without text")
        return flow_to_html(sheets)
    return _with_pictures(pdf, sheets, scanned, why)


def _with_pictures(
    pdf: pypdfium2.PdfDocument, sheets: list[Sheet], scanned: list[int], why: str
) -> str:
    """Return the pages as HTML, those that are pictures recognised where that is possible."""
    if not is_installed() and _size(sheets) >= _FEW * len(sheets) and len(scanned) < len(sheets):
        return flow_to_html(sheets, [f"{why}, which were not read"])
    demand("scan")
    found, notes = recognised(partial(_picture, pdf, number) for number in scanned)
    pages: list[Sheet | None] = [*sheets]
    for number, sheet in zip(scanned, found, strict=True):
        pages[number] = sheet
    read = [sheet for sheet in pages if sheet is not None]
    if not _size(read):
        raise Refused("scan", f"{why}, in which no writing was found")
    return flow_to_html(read, [*notes, f"ocr: {why}"])


def _page(pdf: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    try:
        return pdf[number]
    except pypdfium2.PdfiumError as error:
        raise Refused("broken", f"page {number + 1}: {error}") from error


def _picture(pdf: pypdfium2.PdfDocument, number: int) -> "Picture":
    """Return a page as a grey picture, as it is printed."""
    page = _page(pdf, number)
    try:
        width, height = page.get_size()
        scale = min(_PIXELS_WIDE / max(width, 1), (MOST_PIXELS / max(width * height, 1)) ** 0.5)
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            across, down = item.get_px_size()
            if across * down > MOST_PIXELS:
                raise Refused("too_large", f"a picture of {across} x {down} pixels")
        bitmap = page.render(scale=scale, grayscale=True, draw_annots=False)
        grey: Picture = bitmap.to_numpy()
        return grey.reshape(grey.shape[:2]).copy()
    finally:
        page.close()


def _is_meaningless(sheets: list[Sheet]) -> bool:
    """Whether so many characters have no known meaning that the text layer is lost."""
    text = "".join(_texts(sheets))
    lost = sum(char == "\ufffd" or ord(char) in _PRIVATE for char in text)
    return lost > _LOST * len(text)


def _size(sheets: list[Sheet]) -> int:
    """Return how many characters are written on the pages."""
    return sum(len("".join(text.split())) for text in _texts(sheets))


def _texts(sheets: list[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        for item in sheet.items:
            if isinstance(item, Grid):
                yield from (cell.text for cell in item.cells)
            else:
                yield item.text


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))
