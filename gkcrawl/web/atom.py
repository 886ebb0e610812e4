"""An Atom feed (RFC 4287). Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

MEDIA_TYPE = "application/atom+xml; charset=utf-8"

_NAMESPACE = "http://www.w3.org/2005/Atom"
# What no XML document may hold (XML 1.0, 2.2), however it is written.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; addresses are absolute, times RFC 3339."""

    id: str
    title: str
    updated: str
    link: str
    summary: str
    author: str
    category: tuple[str, str]
    """Term and label."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its entries, newest first."""

    id: str
    title: str
    updated: str
    page: str
    """The page that shows the same."""
    address: str
    """Of the feed itself."""
    author: str
    language: str
    entries: Iterable[Entry]


def tag(host: str, path: str) -> str:
    """Return a tag URI (RFC 4151) that stays the same while the site keeps its name."""
    return f"tag:{host},2026:{path}"


def as_xml(feed: Feed) -> bytes:
    """Return the feed as an XML document in UTF-8."""
    root = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": feed.language})
    _say(root, id=feed.id, title=feed.title, updated=feed.updated)
    _link(root, "alternate", "text/html", feed.page)
    _link(root, "self", "application/atom+xml", feed.address)
    _author(root, feed.author)
    for entry in feed.entries:
        element = ElementTree.SubElement(root, "entry")
        _say(element, id=entry.id, title=entry.title, updated=entry.updated)
        _link(element, "alternate", "text/html", entry.link)
        _author(element, entry.author)
        term, label = entry.category
        ElementTree.SubElement(element, "category", {"term": term, "label": _clean(label)})
        _say(element, summary=entry.summary)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _say(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = _clean(text)


def _link(parent: ElementTree.Element, relation: str, media_type: str, address: str) -> None:
    ElementTree.SubElement(
        parent, "link", {"rel": relation, "type": media_type, "href": _clean(address)}
    )


def _author(parent: ElementTree.Element, name: str) -> None:
    _say(ElementTree.SubElement(parent, "author"), name=name)


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
