"""A picture of a page as characters and ruling lines, by way of RapidOCR.

Needs the extra ``ocr``. Its models come with it and run here, on one thread. The cells of ruled
tables are found first and each piece of writing is recognised in its own cell, so that what stands
in one column is never read as part of the next.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr

from archive.report.media.layout import Char, Sheet, lay_out
from archive.report.media.limits import make_room
from archive.report.media.rules import Box, ruled
from archive.report.media.ruling import Picture, ink_box, straightened, strokes, without_lines

_WIDTH = 1400
"""Pixels that a page is brought to: type of 9 points is then 21 pixels high."""
_PAGE = 595.0
"""Points; the width of A4."""
_COARSE = 0.7
"""Part of its size at which writing is looked for: half of the work, and nothing is missed."""
_TILE = 2600
"""Pixels; RapidOCR shrinks what is higher than 2000, which this is not at the coarse size."""
_SURE, _SURE_OF_NOUGHT, _SURE_OF_FIGURES = 0.5, 0.4, 0.9
"""Below these the recogniser guesses, and the piece counts as not read; see :func:`_needed`."""
_MARGIN = 3
UNREAD = "〓"
"""Stands for a character that cannot be read, as printers set it for a type they lack."""
# What is taken for a figure where nothing but figures can stand.
_FIGURES = str.maketrans("OoQ〇○Il|丨", "000001111")
_FIGURE = re.compile(r"[0-9OoQ〇○Il|丨]+")


def recognised(picture: Picture, is_over: Callable[[], bool]) -> Sheet:
    """Return the page that a picture shows; characters that cannot be read are :data:`UNREAD`.

    Once ``is_over`` says that the time is used up, what is left of the picture is left out.
    """
    landscape = picture.shape[1] > picture.shape[0]
    picture = straightened(_sized(picture, round(_WIDTH * 1.4) if landscape else _WIDTH))
    unit = picture.shape[1] / (_PAGE * 1.414 if landscape else _PAGE)
    lines = [_times(line, 1 / unit) for line in strokes(picture)]
    cells = [_times(box, unit) for table in ruled(lines) for box in table]
    clean = without_lines(picture, cells)
    lines_of_text = takewhile(lambda _: not is_over(), _lines(clean))
    pieces = list(_pieces(clean, lines_of_text, cells))
    chars = [
        Char(char, *_times(box, 1 / unit))
        for piece in takewhile(lambda _: not is_over(), pieces)
        for char, box in _spread(_text(clean, piece), piece)
    ]
    height, width = picture.shape
    return lay_out(chars, lines, width / unit, height / unit)


def _sized(picture: Picture, width: int) -> Picture:
    scale = width / picture.shape[1]
    if 0.95 < scale < 1.05:
        return picture
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = width, max(1, round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)


def _times(box: Box, factor: float) -> Box:
    x0, top, x1, bottom = box
    return x0 * factor, top * factor, x1 * factor, bottom * factor


def _pieces(picture: Picture, lines: Iterable[Box], cells: list[Box]) -> Iterator[Box]:
    """Yield the boxes of writing: lines, cut at the sides of cells, and cells without a line."""
    missed = dict.fromkeys(cells)
    for line in lines:
        inside = [(cell, cut) for cell in cells if (cut := _common(line, cell)) is not None]
        for cell, _ in inside:
            missed.pop(cell, None)
        if len(inside) > 1:
            yield from (tight for _, cut in inside if (tight := _tight(picture, cut)))
        else:
            yield line
    yield from (tight for cell in missed if (tight := _tight(picture, cell)))


def _common(line: Box, cell: Box) -> Box | None:
    """Return the part of a line that stands in a cell; None: none that could be a character."""
    x0, x1 = max(line[0], cell[0]), min(line[2], cell[2])
    top, bottom = max(line[1], cell[1]), min(line[3], cell[3])
    height = line[3] - line[1]
    if bottom - top < 0.5 * height or x1 - x0 < 0.4 * height:
        return None
    return x0, line[1], x1, line[3]


def _tight(picture: Picture, box: Box) -> Box | None:
    found = ink_box(picture, box)
    if found is None:
        return None
    x0, top, x1, bottom = found
    return x0 - _MARGIN, top - _MARGIN, x1 + _MARGIN, bottom + _MARGIN


def _lines(picture: Picture) -> Iterator[Box]:
    """Yield the lines of writing that the detector finds, tile by tile."""
    width = round(picture.shape[1] * _COARSE)
    for top, bottom in _tiles(picture):
        size = width, max(1, round((bottom - top) * _COARSE))
        tile = cv2.resize(picture[top:bottom], size, interpolation=cv2.INTER_AREA)
        tile = cv2.cvtColor(tile, cv2.COLOR_GRAY2BGR)
        found = _engine()(tile, use_det=True, use_cls=False, use_rec=False).boxes
        for corners in () if found is None else found:
            x0, y0, x1, y1 = _times((*corners.min(axis=0), *corners.max(axis=0)), 1 / _COARSE)
            yield x0, y0 + top, x1, y1 + top


def _tiles(picture: Picture) -> Iterator[tuple[int, int]]:
    """Yield the heights between which a long picture is cut, where least is written."""
    height = picture.shape[0]
    top = 0
    while height - top > _TILE:
        near = picture[top + _TILE // 2 : top + _TILE]
        dark = (near < 128).sum(axis=1)
        cut = top + _TILE // 2 + int(len(dark) - 1 - np.argmin(dark[::-1]))
        yield top, cut
        top = max(cut, top + 1)
    yield top, height


def _text(picture: Picture, piece: Box) -> str:
    """Return what is written in a piece; :data:`UNREAD` for each character if that is not sure."""
    x0, top, x1, bottom = (max(0, round(side)) for side in piece)
    crop = picture[top:bottom, x0:x1]
    text = ""
    for above in (2, 8) if crop.size else ():
        text, score = _guess(crop, above)
        if text and score >= _needed(text):
            return text.translate(_FIGURES) if _FIGURE.fullmatch(text) else text
    return UNREAD * max(1, len(text))


def _guess(crop: Picture, above: int) -> tuple[str, float]:
    """Return a text and how sure it is, 0 to 1; set on more paper, or single figures are missed."""
    height, width = crop.shape
    beside = max(_MARGIN, (round(1.6 * height) - width) // 2)
    paper = float(np.percentile(crop, 90))
    crop = cv2.copyMakeBorder(  # type: ignore[assignment]
        crop, above, above, beside, beside, cv2.BORDER_CONSTANT, value=(paper,)
    )
    found = _engine()(
        cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False, use_rec=True
    )
    return (found.txts[0].strip(), float(found.scores[0])) if found.txts else ("", 0.0)


def _needed(text: str) -> float:
    """Return how sure a text must be. A figure that is taken for another one every time is taken
    for it in its sums too, which then prove nothing; a nought is only taken for the letter."""
    if not _FIGURE.fullmatch(text):
        return _SURE
    return _SURE_OF_NOUGHT if text.translate(_FIGURES) == "0" else _SURE_OF_FIGURES


def _spread(text: str, box: Box) -> Iterator[tuple[str, Box]]:
    """Yield the characters of a line, each in its part of the line's box."""
    text = text.strip()
    widths = [1.0 if char.isascii() else 2.0 for char in text]
    x0, top, x1, bottom = box
    step = (x1 - x0) / max(sum(widths), 1.0)
    for char, width in zip(text, widths, strict=True):
        if not char.isspace():
            yield char, (x0, top, x0 + step * width, bottom)
        x0 += step * width


@cache
def _engine() -> Any:
    """Return the recogniser, loaded once for each process; it may load nothing from elsewhere."""
    make_room()
    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
            "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
            "Rec.rec_img_shape": [3, 48, 48],
        }
    )
