"""DOCX (Office Open XML, ECMA-376): word/document.xml as HTML.

What Word shows is read: deleted and hidden text is not, a merged cell is one cell, a text box
stands after the paragraph that anchors it, footnotes after the text. Names are compared without
their namespace, so that the strict edition and Word 2003 XML are read too.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from archive.report.media.limits import Refused, attribute, local, parse_xml
from archive.report.media.markup import Cell, document, escaped, table
from archive.report.media.numbering import Numbering, child, value, whole
from archive.report.media.package import Package
from archive.report.media.scans import pictures_to_html

_MAIN = "word/document.xml"
# What holds properties, and what Word does not show.
_SKIPPED = frozenset(
    (
        *("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"),
        *("del", "delText", "moveFrom", "instrText", "rt", "annotation", "comment", "binData"),
    )
)
_TEXT = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off", "none")
_LITTLE = 600
"""Characters of HTML; a document with less, no table and pictures is a set of scans (图片版)."""
_WIDEST = 1000
"""Columns that one cell may span."""


def docx_to_html(content: bytes) -> str:
    """Return a DOCX document as HTML; raises Refused."""
    package = Package(content)
    main = next(
        (target for kind, target in package.relations("").values() if kind == "officeDocument"),
        _MAIN,
    )
    main = main if main in package else _MAIN
    root = package.xml(main)
    related = dict(package.relations(main).values())
    reader = _Reader(
        Numbering(
            package.optional_xml(related.get("numbering", "word/numbering.xml")),
            package.optional_xml(related.get("styles", "word/styles.xml")),
        )
    )
    blocks = [*reader.body(root)]
    for name in ("footnotes", "endnotes"):
        notes = package.optional_xml(related.get(name, f"word/{name}.xml"))
        blocks += [] if notes is None else reader.notes(notes)
    if len("".join(blocks)) < _LITTLE and "<table" not in "".join(blocks):
        if pictures := _pictures(root, package, package.relations(main)):
            return pictures_to_html(pictures, "scan")
        if "image" in related and not any(blocks):
            raise Refused("scan", "the document holds pictures and no text")
    return _finished(blocks)


def wordml_to_html(content: bytes) -> str:
    """Return a Word 2003 XML document, or a DOCX as one XML file, as HTML; raises Refused."""
    root = parse_xml(content, "the document")
    styles = next((node for node in root.iter() if local(node) == "styles"), None)
    numbering = next((node for node in root.iter() if local(node) in ("numbering", "lists")), None)
    return _finished([*_Reader(Numbering(numbering, styles)).body(root)])


def _finished(blocks: list[str]) -> str:
    if not any(blocks):
        raise Refused("empty", "the document has no text")
    return document(blocks)


def _pictures(
    root: etree._Element, package: Package, related: Mapping[str, tuple[str, str]]
) -> list[bytes]:
    """Return the files of the pictures in the text (图片版), in its order."""
    names = (
        related.get(attribute(node, "embed") or attribute(node, "id") or "", ("", ""))[1]
        for node in root.iter()
        if local(node) in ("blip", "imagedata")
    )
    return [package.read(name) for name in dict.fromkeys(names) if name in package]


class _Reader:
    """Reads the parts of one document in order; the order counts its numbered paragraphs."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering

    def body(self, root: etree._Element) -> Iterator[str]:
        body = next((node for node in root.iter() if local(node) == "body"), None)
        if body is None:
            raise Refused("broken", "the document has no body")
        yield from self._blocks(body)

    def notes(self, root: etree._Element) -> Iterator[str]:
        """Yield the footnotes or endnotes that people wrote, not the lines between them."""
        for note in root:
            if attribute(note, "type") in (None, "normal"):
                yield from self._blocks(note)

    def _blocks(self, parent: etree._Element) -> Iterator[str]:
        """Yield paragraphs and tables below ``parent``, whatever they are wrapped in."""
        for node in parent:
            match local(node):
                case "p":
                    yield from self._paragraph(node)
                case "tbl":
                    yield self._table(node)
                case "AlternateContent":
                    yield from self._blocks(_chosen(node))
                case name if name not in _SKIPPED:
                    yield from self._blocks(node)

    def _paragraph(self, node: etree._Element) -> Iterator[str]:
        boxes: list[etree._Element] = []
        text = "".join(_runs(node, boxes))
        if text.strip():
            number = self._numbering.number(child(node, "pPr"))
            yield f"<p>{escaped(number + text)}</p>"
        for box in boxes:
            yield from self._blocks(box)

    def _table(self, node: etree._Element) -> str:
        rows = []
        for tr in _below(node, "tr"):
            properties = child(tr, "trPr")
            if child(properties, "del") is not None:
                continue
            at = whole(value(properties, "gridBefore"), 0)
            row: list[Cell] = []
            for tc in _below(tr, "tc"):
                cell = self._cell(tc, at)
                at = int(cell.right)
                if row and value(child(tc, "tcPr"), "hMerge") == "continue":
                    first = row.pop()
                    cell = Cell(first.html, first.left, cell.right, first.merge)
                row.append(cell)
            rows.append(row)
        return table(rows)

    def _cell(self, tc: etree._Element, left: int) -> Cell:
        properties = child(tc, "tcPr")
        width = min(max(whole(value(properties, "gridSpan"), 1), 1), _WIDEST)
        merged = next(
            (
                node
                for node in (() if properties is None else properties)
                if local(node).lower() == "vmerge"
            ),
            None,
        )
        inside = "".join(self._blocks(tc))
        if merged is None:
            return Cell(inside, left, left + width)
        start = attribute(merged, "val") == "restart"
        return Cell(inside, left, left + width, "start" if start else "on")


def _below(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children called ``name``, also those in content controls and revisions."""
    for node in parent:
        if local(node) == name:
            yield node
        elif local(node) in ("sdt", "sdtContent", "customXml", "ins", "smartTag", "moveTo"):
            yield from _below(node, name)


def _chosen(node: etree._Element) -> etree._Element:
    """Return the one alternative of an AlternateContent to read: both say the same."""
    return next((inner for inner in node if len(inner)), node)


def _runs(parent: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """Yield the texts of a paragraph in order; its text boxes are put into ``boxes``."""
    for node in parent:
        name = local(node)
        if name in _SKIPPED or (name == "r" and _is_hidden(node)):
            continue
        if name == "txbxContent":
            boxes.append(node)
        elif name == "AlternateContent":
            yield from _runs(_chosen(node), boxes)
        elif name == "t":
            yield node.text or ""
        elif name in _TEXT:
            paged = name == "br" and attribute(node, "type") in ("page", "column")
            yield "" if paged else _TEXT[name]
        else:
            yield from _runs(node, boxes)


def _is_hidden(run: etree._Element) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in _OFF
