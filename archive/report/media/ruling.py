"""The ruling lines of a table in a picture: found, given as strokes, and painted over.

Needs the extra ``ocr`` (numpy, OpenCV). Lengths are in pixels of the picture.
"""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.report.media.rules import Box

Picture = NDArray[np.uint8]
"""Grey, one byte a pixel, 0 is black."""

_TURNS = np.arange(-3.0, 3.01, 0.25)
"""Degrees by which a sheet lies askew on a scanner."""
_SMALL = 800
"""Width at which the turn is looked for."""
_THICKEST = 12


def straightened(picture: Picture) -> Picture:
    """Return the picture turned so that its lines are level; most scans lie a little askew."""
    width = min(_SMALL, picture.shape[1])
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    small = _ink(np.asarray(cv2.resize(picture, (width, height)), np.uint8))
    best = max(_TURNS, key=lambda turn: _levelness(small, turn))
    best = max(np.arange(best - 0.2, best + 0.21, 0.1), key=lambda turn: _levelness(small, turn))
    return picture if abs(best) < 0.1 else _turned(picture, best, 255)


def _levelness(ink: Picture, degrees: float) -> float:
    """Return how sharply rows with ink and rows without follow one another."""
    rows = _turned(ink, degrees, 0).sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum()) * (1.001 if degrees == 0 else 1.0)


def _turned(picture: Picture, degrees: float, paper: int) -> Picture:
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(degrees), 1.0)
    turned = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(paper,)
    )
    return np.asarray(turned, np.uint8)


def _ink(picture: Picture) -> Picture:
    """Return 255 where the picture is darker than what is around, also on grey paper."""
    return np.asarray(
        cv2.adaptiveThreshold(
            picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15
        ),
        np.uint8,
    )


def strokes(picture: Picture) -> list[Box]:
    """Return the long level and upright lines; the parts of a character are no lines.

    An upright counts where it meets a level line: no part of a character is as long as one.
    """
    ink = _ink(picture)
    width = picture.shape[1]
    level = [_middle(box) for box in _long(ink, (max(40, width // 25), 1))]
    upright = [_middle(box) for box in _long(ink, (1, max(26, width // 44)))]
    return [*level, *(line for line in upright if any(_meet(line, other) for other in level))]


def _long(ink: Picture, kernel: tuple[int, int]) -> Iterator[Box]:
    """Yield what is as long as the kernel and thin, gaps of two pixels closed."""
    gaps = cv2.getStructuringElement(cv2.MORPH_RECT, (min(kernel[0], 3), min(kernel[1], 3)))
    length = cv2.getStructuringElement(cv2.MORPH_RECT, kernel)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gaps)
    lines = cv2.morphologyEx(closed, cv2.MORPH_OPEN, length)
    contours, _ = cv2.findContours(lines, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        x, y, width, height = cv2.boundingRect(contour)
        if min(width, height) <= _THICKEST < max(width, height):
            yield x, y, x + width, y + height


def _middle(box: Box) -> Box:
    x0, top, x1, bottom = box
    if x1 - x0 >= bottom - top:
        return x0, (top + bottom) / 2, x1, (top + bottom) / 2
    return (x0 + x1) / 2, top, (x0 + x1) / 2, bottom


def _meet(upright: Box, level: Box) -> bool:
    near = _THICKEST / 2
    return (
        level[0] - near <= upright[0] <= level[2] + near
        and upright[1] - near <= level[1] <= upright[3] + near
    )


def without_lines(picture: Picture, boxes: Iterable[Box]) -> Picture:
    """Return the picture with the sides of the boxes painted white."""
    clean = picture.copy()
    for x0, top, x1, bottom in boxes:
        corners = (round(x0), round(top)), (round(x1), round(bottom))
        cv2.rectangle(clean, *corners, (255,), 7)
    return clean


def ink_box(picture: Picture, box: Box) -> Box | None:
    """Return the box around what is written inside a cell; None: the cell is blank."""
    x0, top, x1, bottom = (round(side) for side in box)
    inside = picture[top + 4 : bottom - 4, x0 + 4 : x1 - 4]
    if inside.size == 0:
        return None
    dark = inside < min(160, int(np.median(inside)) - 60)
    if dark.sum() < 8:
        return None
    ys, xs = np.nonzero(dark)
    left, upper = x0 + 4 + int(xs.min()), top + 4 + int(ys.min())
    return left, upper, left + int(np.ptp(xs)) + 1, upper + int(np.ptp(ys)) + 1
