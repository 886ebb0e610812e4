"""What a document may cost, and how one that cannot be read says so.

The limits keep out bombs (a small archive that unpacks to gigabytes, a page that never ends); the
largest report seen is far below each of them.
"""

import resource
import time
from dataclasses import dataclass
from typing import Literal

from lxml import etree

INPUT = 64 * 1024 * 1024
"""Bytes of a document."""
UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts of a package together."""
MEMBERS = 10_000
"""Parts of a package."""
RATIO = 200
"""Times that a part may grow in unpacking."""
PAGES = 300
"""Of a PDF or OFD."""
SECONDS = 12.0
"""CPU seconds to open one document; what comes out is still to be read."""
MARKUP = 2 * 1024 * 1024
"""Characters of HTML that a document may become."""
DEPTH = 3
"""Packages within packages."""

Reason = Literal[
    "broken",
    "empty",
    "encrypted",
    "image",
    "needs_libreoffice",
    "scan",
    "too_large",
    "unsupported",
]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a document cannot be made HTML."""

    reason: Reason
    """broken: damaged or not what it begins as; empty: no text in it; encrypted: it wants a
    password; image: a picture; needs_libreoffice: only LibreOffice opens it and is not there;
    scan: pages are pictures without a usable text layer; too_large: beyond a limit of this module;
    unsupported: a type that is not read."""
    message: str


class Refused(Exception):
    """A document cannot be read; carries what :func:`archive.report.media.to_html` returns."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.unreadable = Unreadable(reason, message)


class Budget:
    """The CPU time of one document."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._end = time.process_time() + seconds
        self._seconds = seconds

    def check(self) -> None:
        """Raise :class:`Refused` once the time is used up; call it between pages."""
        if time.process_time() > self._end:
            raise Refused("too_large", f"takes more than {self._seconds:g} s of CPU time")


def make_room() -> None:
    """Let this process fill as much memory as it may at all: recognising writing takes more than
    reading. Whoever confines it sets the soft limit (RLIMIT_DATA) for the one, the hard limit for
    the other."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root of an XML part; no entity is resolved, nothing is fetched.

    Raises Refused where it is not well formed or declares a document type: none of the formats
    read here has one (ECMA-376 part 2 forbids it), and entities are declared nowhere else.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("broken", f"{name}: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise Refused("broken", f"{name}: declares a document type")
    return root


def local(element: etree._Element) -> str:
    """Return the tag without its namespace, empty for comments and instructions.

    The namespaces differ between editions of a format (transitional, strict, 2003); the names do
    not.
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return the attribute called ``name`` in any namespace; None: there is none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None
