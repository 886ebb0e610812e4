"""OFD (开放版式文档, GB/T 33190-2016): the characters and strokes of its pages.

A ZIP with XML in millimetres. Text is laid out by the producer, so that lines and tables are found
as in a PDF.
"""

import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from archive.report.media import limits
from archive.report.media.flow import flow_to_html
from archive.report.media.layout import Char, Grid, Sheet, lay_out
from archive.report.media.limits import Budget, Refused, attribute, local
from archive.report.media.package import Package, resolved
from archive.report.media.rules import Box

_POINTS = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TOKEN = re.compile(rf"[A-Za-z]|{_NUMBER.pattern}")
_ARGUMENTS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MOST_CHARS = 100_000
"""Characters, and strokes, of one page."""

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class _Content:
    """What was found on one page."""

    chars: list[Char]
    strokes: list[Box]
    pictures: int = 0


def ofd_to_html(content: bytes) -> str:
    """Return an OFD document as HTML; raises Refused."""
    package = Package(content)
    if any(posixpath.basename(name).lower() == "encryptions.xml" for name in package.names):
        raise Refused("encrypted", "parts of the OFD are encrypted")
    budget = Budget()
    sheets: list[Sheet] = []
    pictures = 0
    for body in package.xml("OFD.xml").iter():
        if local(body) == "DocRoot" and body.text:
            root = resolved("", body.text.strip())
            for sheet, seen in _sheets(package, root, budget):
                pictures += seen
                sheets.append(sheet)
                if len(sheets) > limits.PAGES:
                    raise Refused("too_large", f"more than {limits.PAGES} pages")
    if not any(_has_text(sheet) for sheet in sheets):
        raise Refused("scan" if pictures else "empty", f"{len(sheets)} pages without text")
    return flow_to_html(sheets)


def _has_text(sheet: Sheet) -> bool:
    return any(isinstance(item, Grid) or item.text.strip() for item in sheet.items)


def _sheets(package: Package, part: str, budget: Budget) -> Iterator[tuple[Sheet, int]]:
    """Yield the pages of one document and how many pictures each holds."""
    root = package.xml(part)
    folder = posixpath.dirname(part)
    box = next(_boxes(root), _A4)
    templates = {
        attribute(node, "ID"): resolved(folder, attribute(node, "BaseLoc") or "")
        for node in root.iter()
        if local(node) == "TemplatePage"
    }
    for node in root.iter():
        if local(node) != "Page" or not (place := attribute(node, "BaseLoc")):
            continue
        budget.check()
        page = package.xml(resolved(folder, place))
        left, top, width, height = next(_boxes(page), box)
        found = _Content([], [])
        for used in page:
            name = templates.get(attribute(used, "TemplateID"))
            if local(used) == "Template" and name is not None and name in package:
                _collect(package.xml(name), found, budget)
        _collect(page, found, budget)
        yield (
            lay_out(
                [_moved(char, left, top) for char in found.chars],
                [
                    (
                        x0 - left * _POINTS,
                        y0 - top * _POINTS,
                        x1 - left * _POINTS,
                        y1 - top * _POINTS,
                    )
                    for x0, y0, x1, y1 in found.strokes
                ],
                width * _POINTS,
                height * _POINTS,
            ),
            found.pictures,
        )


def _moved(char: Char, left: float, top: float) -> Char:
    dx, dy = left * _POINTS, top * _POINTS
    return Char(char.text, char.x0 - dx, char.top - dy, char.x1 - dx, char.bottom - dy)


def _boxes(root: etree._Element) -> Iterator[Box]:
    """Yield (left, top, width, height) of the physical boxes told, in millimetres."""
    for node in root.iter():
        if local(node) == "PhysicalBox" and len(values := _numbers(node.text)) == 4:
            yield values[0], values[1], values[2], values[3]


def _numbers(text: str | None) -> list[float]:
    found = [float(value) for value in _NUMBER.findall(text or "")]
    return [value for value in found if math.isfinite(value)]


def _collect(page: etree._Element, found: _Content, budget: Budget) -> None:
    """Put the objects of a page or template into ``found``."""
    for i, node in enumerate(page.iter()):
        if not i % 1000:
            budget.check()
        match local(node):
            case "TextObject":
                found.chars += _chars(node)
            case "PathObject":
                found.strokes += _strokes(node)
            case "ImageObject":
                found.pictures += 1
        if max(len(found.chars), len(found.strokes)) > _MOST_CHARS:
            raise Refused("too_large", f"a page with more than {_MOST_CHARS} objects")


def _placement(node: etree._Element) -> Matrix:
    """Return the matrix from an object's own coordinates to the page, in points."""
    x, y = (*_numbers(attribute(node, "Boundary")), 0.0, 0.0)[:2]
    own = _numbers(attribute(node, "CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else _SAME
    return (
        a * _POINTS,
        b * _POINTS,
        c * _POINTS,
        d * _POINTS,
        (e + x) * _POINTS,
        (f + y) * _POINTS,
    )


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _chars(node: etree._Element) -> Iterator[Char]:
    """Yield the characters of a text object; slanted text is a watermark (水印) and left out."""
    matrix = _placement(node)
    if abs(matrix[1]) > 0.1 * abs(matrix[0]) and abs(matrix[0]) > 0.1 * abs(matrix[1]):
        return
    size = next(iter(_numbers(attribute(node, "Size"))), 0.0) or 3.5
    wide = size * next(iter(_numbers(attribute(node, "HScale"))), 1.0)
    x = y = 0.0
    for code in node:
        if local(code) != "TextCode":
            continue
        x = next(iter(_numbers(attribute(code, "X"))), x)
        y = next(iter(_numbers(attribute(code, "Y"))), y)
        text = (code.text or "").strip("\r\n")
        across = _deltas(attribute(code, "DeltaX"), len(text))
        down = _deltas(attribute(code, "DeltaY"), len(text))
        at_x, at_y = x, y
        for i, char in enumerate(text):
            width = wide if ord(char) > 0x2E7F else wide / 2
            step = across[i] if i < len(across) else None
            if not char.isspace():
                ax, ay = _at(matrix, at_x, at_y - 0.88 * size)
                bx, by = _at(matrix, at_x + width, at_y + 0.12 * size)
                yield Char(char, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            at_x += step if step is not None else 0.0 if down else width
            at_y += down[i] if i < len(down) else 0.0


def _deltas(text: str | None, most: int) -> list[float]:
    """Return the steps between characters; ``g 5 3.5`` stands for five steps of 3.5."""
    tokens = (text or "").split()
    found: list[float] = []
    i = 0
    while i < len(tokens) and len(found) < most:
        if tokens[i] == "g" and i + 2 < len(tokens):
            count = _numbers(tokens[i + 1])[:1]
            found += _numbers(tokens[i + 2])[:1] * min(int(count[0]) if count else 0, most)
            i += 3
        else:
            found += _numbers(tokens[i])[:1]
            i += 1
    return found[:most]


def _strokes(node: etree._Element) -> Iterator[Box]:
    """Yield the straight sides of a path."""
    matrix = _placement(node)
    data = next((child.text for child in node if local(child) == "AbbreviatedData"), None)
    tokens = _TOKEN.findall(data or "")
    start = last = (0.0, 0.0)
    i = 0
    while i < len(tokens):
        word = tokens[i]
        count = _ARGUMENTS.get(word, 0)
        values = _numbers(" ".join(tokens[i + 1 : i + 1 + count]))
        i += 1 + count
        if word not in _ARGUMENTS or len(values) != count:
            continue
        point = start if word == "C" else (values[-2], values[-1])
        if word in ("L", "C"):
            yield _box(_at(matrix, *last), _at(matrix, *point))
        if word in ("M", "S"):
            start = point
        last = point


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[0], other[0]),
        max(one[1], other[1]),
    )
