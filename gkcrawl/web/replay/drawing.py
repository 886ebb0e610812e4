"""SVG made harmless, in a page or as a file: what draws is kept, and nothing else."""

import re

import lxml.etree

from gkcrawl.web.replay.allowed import DRAWING, DRAWING_ATTRIBUTES
from gkcrawl.web.replay.css import Styles
from gkcrawl.web.replay.settable import settable

SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}"
_FRAGMENT = re.compile(r"#[\w.:-]+")


def is_drawing(content: bytes) -> bool:
    """Return whether bytes begin like an SVG file."""
    return re.search(rb"<(?:\w+:)?svg[\s>]", content[:4096]) is not None and not re.search(
        rb"<(?:html|body)[\s>]", content[:4096], re.IGNORECASE
    )


def clean_drawing(content: bytes, styles: Styles) -> bytes | None:
    """Return an SVG file as UTF-8 without all that could run or load; None: it is none.

    Neither a doctype nor the entities that it declares are kept.
    """
    parser = lxml.etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = lxml.etree.fromstring(content, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None
    if lxml.etree.QName(root).localname.lower() != "svg":
        return None
    lxml.etree.strip_elements(root, lxml.etree.Entity, with_tail=False)
    made = lxml.etree.Element("svg", nsmap={None: SVG})
    _copy(root, made, styles)
    return bytes(lxml.etree.tostring(made, encoding="utf-8", xml_declaration=True))


def _copy(source: lxml.etree._Element, target: lxml.etree._Element, styles: Styles) -> None:
    """Copy what is allowed of an XML tree, without recursion; namespaces fall away."""
    waiting = [(source, target)]
    while waiting:
        old, new = waiting.pop()
        new.text = old.text
        for name, value in _kept(old, styles).items():
            new.set(name, value)
        for child in old:
            if isinstance(child.tag, str):
                name = lxml.etree.QName(child).localname
                if name.lower() in DRAWING:
                    made = lxml.etree.SubElement(new, name)
                    made.tail = child.tail
                    waiting.append((child, made))


def keep_drawing(svg: lxml.etree._Element, styles: Styles) -> None:
    """Leave of an ``svg`` in a page what draws, in place.

    Its text stands in drawn ``text`` only: of elements that parsers of HTML see as markup or as
    text, depending on where they think that they are, none is left.
    """
    for element in list(svg.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag.lower() not in DRAWING:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    for element in svg.iter():
        kept = _kept(element, styles)
        element.attrib.clear()
        element.attrib.update(kept)


def _kept(element: lxml.etree._Element, styles: Styles) -> dict[str, str]:
    kept = {}
    for name, value in element.attrib.items():
        plain = str(name).removeprefix(_XLINK).lower().removeprefix("xlink:")
        if plain == "href" and _FRAGMENT.fullmatch(value.strip()):
            kept["href"] = settable(value.strip())
        elif plain in DRAWING_ATTRIBUTES and "{" not in str(name):
            # Presentation attributes are values of CSS and may hold a url().
            kept[str(name)] = settable(styles.value(value))
    return kept
