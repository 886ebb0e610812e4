"""Pictures of pages (scans, 图片版) read by character recognition, where the extra is installed.

What is read so carries a note that begins with ``ocr:``; whoever takes figures from it must prove
them (see :mod:`archive.report.media.proof`).
"""

import importlib.util
import io
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from archive.report.media.flow import flow_to_html
from archive.report.media.layout import Sheet
from archive.report.media.limits import Reason, Refused

if TYPE_CHECKING:
    from archive.report.media.ruling import Picture

SECONDS = 12.0
"""CPU seconds for all pictures of one document; a full page takes about two."""
MOST_PAGES = 30
MOST_PIXELS = 40_000_000
"""Of one picture; A4 at 600 dpi has 35 million."""
_SMALLEST = 100
"""Pixels; smaller pictures are seals, rules and buttons."""
_EXTRA = "the extra ocr (pip install 'gkcrawl[ocr]') reads pictures"

Taken = Callable[[], "Picture"]
"""Makes the picture of one page, when its turn has come."""


def is_installed() -> bool:
    """Whether pictures can be read here."""
    return importlib.util.find_spec("rapidocr") is not None


def image_to_html(content: bytes) -> str:
    """Return a picture, or the pages of a TIFF, as HTML; raises Refused."""
    return pictures_to_html([content], "image")


def pictures_to_html(contents: Iterable[bytes], refusal: Reason) -> str:
    """Return picture files in their order as one HTML document; raises Refused.

    ``refusal`` is the reason where the extra is not installed or nothing is written in them.
    """
    demand(refusal)
    sheets, notes = recognised(taken for content in contents for taken in _frames(content))
    read = [sheet for sheet in sheets if sheet is not None]
    if not any(sheet.items for sheet in read):
        raise Refused(refusal, "a picture in which no writing was found")
    return flow_to_html(read, notes)


def demand(refusal: Reason) -> None:
    """Raise Refused, with this reason, where the extra is not installed."""
    if not is_installed():
        raise Refused(refusal, f"a picture is not read: {_EXTRA}")


def recognised(pictures: Iterable[Taken]) -> tuple[list[Sheet | None], list[str]]:
    """Return the pages that the pictures show, and notes on how they were read.

    None stands for a page that was left out, since the time was used up or there are too many.
    """
    from archive.report.media import ocr  # takes a second and the extra

    end = time.process_time() + SECONDS
    sheets: list[Sheet | None] = []
    for number, taken in enumerate(pictures):
        late = number >= MOST_PAGES or time.process_time() > end
        sheets.append(None if late else ocr.recognised(taken(), lambda: time.process_time() > end))
    unread = sheets.count(None)
    notes = [f"ocr: {len(sheets) - unread} pages were read from pictures"]
    if time.process_time() > end:
        notes.append(f"ocr: stopped after {SECONDS:g} s; the last page may lack text")
    if unread:
        notes.append(f"ocr: {unread} pages were not read")
    return sheets, notes


def _frames(content: bytes) -> Iterator[Taken]:
    """Yield what makes the pictures of a file: one, of TIFF one for each page."""
    with warnings.catch_warnings():
        # Pillow warns of large pictures; they are measured here.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(content))
        except Image.DecompressionBombError as error:
            raise Refused("too_large", str(error)) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise Refused("broken", f"no picture that can be opened: {error}") from error
    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    for number in range(min(count, MOST_PAGES)):
        yield lambda number=number: _grey(image, number)  # type: ignore[misc]


def _grey(image: Image.Image, number: int) -> "Picture":
    import numpy as np  # comes with the extra

    image.seek(number)
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Refused("too_large", f"a picture of {width} x {height} pixels")
    if min(width, height) < _SMALLEST:
        raise Refused("image", f"a picture of {width} x {height} pixels")
    shown = ImageOps.exif_transpose(image)
    if shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info:
        shown = shown.convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        shown = Image.alpha_composite(paper, shown)
    return np.asarray(shown.convert("L"), np.uint8)
