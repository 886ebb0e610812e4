"""An archived document as it is sent to a browser."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

import lxml.html

from archive.records import StoredExchange
from archive.report.article.decode import decode_text
from gkcrawl.web.replay.css import Styles
from gkcrawl.web.replay.drawing import clean_drawing
from gkcrawl.web.replay.inert import is_inert
from gkcrawl.web.replay.kinds import DRAWING, HTML, PDF, STYLE, TEXT, kind_of
from gkcrawl.web.replay.links import Links
from gkcrawl.web.replay.markup import LIMIT, clean

_SAVED = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class View:
    """What is sent for an archived document."""

    body: bytes
    content_type: str
    attachment: str | None = None
    """A file name where the browser is to save it rather than show it."""
    withheld: bool = False
    """It is of a kind that is shown, but what it holds could run: a visitor is told so."""


def view(
    stored: StoredExchange,
    links: Links,
    banner: lxml.html.HtmlElement | None = None,
    *,
    as_style: bool = False,
) -> View:
    """Return how an archived document is shown.

    Pages, style sheets and drawings are written anew; pictures, fonts, sound, film and PDF are sent
    as they are, PDF only where nothing in it acts of itself; text stays text; all else, and what is
    too large to be written anew, is a file to save. ``as_style``: a page loads it as a style sheet.
    """
    capture = stored.capture
    if capture.status is None:  # bytes that were no HTTP message
        return as_file(stored)
    kind = kind_of(stored.content, capture.media_type, capture.url, as_style=as_style)
    if kind is None or (kind in (HTML, STYLE, DRAWING) and len(stored.content) > LIMIT):
        return as_file(stored)
    if kind == DRAWING:
        drawn = clean_drawing(stored.content, Styles(links.resource, links.style))
        return as_file(stored) if drawn is None else View(drawn, "image/svg+xml")
    if kind == PDF and not is_inert(stored.content):
        return replace(as_file(stored), withheld=True)
    if kind not in (HTML, STYLE, TEXT):
        return View(stored.content, kind)
    decoded = decode_text(stored.content, capture.media_type, dict(stored.headers))
    links = replace(links, encoding=decoded.encoding)
    if kind == HTML:
        return View(clean(decoded.text, links, banner), "text/html; charset=utf-8")
    if kind == STYLE:
        led = Styles(links.resource, links.style).sheet(decoded.text)
        return View(led.encode("utf-8", "replace"), "text/css; charset=utf-8")
    return View(decoded.text.encode("utf-8", "replace"), "text/plain; charset=utf-8")


def as_file(stored: StoredExchange) -> View:
    """Return a document as received (content coding undone), to be saved under its own name."""
    name = unquote(urlsplit(stored.capture.url).path.rpartition("/")[2])[-120:]
    plain = re.sub(r"[\x00-\x1f\x7f/\\]", "_", name).strip(". ")
    return View(stored.content, _SAVED, attachment=plain or "document")


def disposition(name: str) -> str:
    """Return the Content-Disposition for a file to save (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
