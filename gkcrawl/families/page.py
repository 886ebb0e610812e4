"""A page as the families see it: bytes, decoded once, and the links in it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html
from w3lib.url import safe_url_string

from archive.report.article.decode import Decoded, decode_text

# What is left of a template that was to be filled by script: never a link.
_NO_LINK = re.compile(
    r"^\s*$|^\s*(?:#|https?:/*\s*$|javascript:|mailto:|tel:|data:|about:)|<\?|<%|\{\{|\$\{", re.I
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)\s*日?"
)


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor with a usable href."""

    url: str
    """Absolute, ASCII, without fragment."""
    fragment: str
    title: str
    """What the anchor is called: its text, or ``@title`` where that says more."""
    element: html.HtmlElement


class Page:
    """A response without its transport: what a family reads."""

    def __init__(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.body = body
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}

    @cached_property
    def decoded(self) -> Decoded:
        """The body as text, with its encoding; bytes that no charset explains become U+FFFD."""
        return decode_text(self.body, headers=self.headers)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.decoded.text

    @cached_property
    def data(self) -> Any:
        """What a JSON answer holds; None: the body is no JSON."""
        return json.loads(self.text) if self.decoded.kind == "json" else None

    @cached_property
    def tree(self) -> html.HtmlElement:
        """The document; an empty one where the body holds no markup."""
        return parse(self.text)

    @cached_property
    def base_url(self) -> str:
        """What relative links are relative to: ``<base href>``, else the page itself."""
        for href in self.tree.xpath("//base/@href"):
            if str(href).strip():
                return urljoin(self.url, str(href).strip())
        return self.url

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All usable links in document order."""
        return tuple(self.links_in(self.tree))

    def links_in(self, tree: html.HtmlElement) -> Iterator[Link]:
        """Yield the usable links of ``tree``; relative ones belong to this page."""
        for element in tree.iter("a", "area"):
            target = self.resolve(element.get("href") or element.get("data-url") or "")
            if target is None and element.get("data-url"):
                target = self.resolve(element.get("data-url") or "")
            if target is not None:
                url, fragment = urldefrag(target)
                yield Link(url, fragment, _name(element), element)

    def resolve(self, href: str) -> str | None:
        """Return ``href`` as an absolute ASCII URL; None if it leads nowhere (script, template)."""
        if _NO_LINK.search(href):
            return None
        href = re.sub(r"[\t\r\n]", "", href).strip().replace("\\", "/")
        try:
            url = urljoin(self.base_url, href)
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                return None
            return safe_url_string(url, encoding=self.decoded.encoding)
        except ValueError:
            return None


def parse(text: str) -> html.HtmlElement:
    """Return the tree of any text, however broken."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    data = text.replace("\0", "").encode("utf-8", errors="replace")
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return html.document_fromstring(b"<html></html>")
    return tree


def squeeze(text: str) -> str:
    """Return the text with every run of blanks as one blank."""
    return " ".join(text.replace("　", " ").replace("\u200b", "").split())


def content(element: html.HtmlElement) -> str:
    """Return the text of an element, blanks squeezed, scripts and comments left out."""
    parts = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return squeeze("".join(str(part) for part in parts))


def find_date(text: str) -> str | None:
    """Return the first calendar date in a text as ISO date; None if there is none."""
    for match in _DATE.finditer(text):
        if found := iso_date(*match.groups()):
            return found
    return None


def iso_date(year: str, month: str, day: str) -> str | None:
    """Return an ISO date, None for what is no day of the calendar."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _name(element: html.HtmlElement) -> str:
    """Return what an anchor is called.

    Listings cut long texts with an ellipsis and keep the whole in ``@title``; a date often stands
    inside the anchor.
    """
    text = content(element)
    while (match := _DATE.search(text)) and (match.start() <= 1 or match.end() >= len(text) - 6):
        rest = squeeze((text[: match.start()] + " " + text[match.end() :]).strip(" []()（）【】:"))
        if not rest:
            break
        text = rest
    title = squeeze(element.get("title") or "")
    if title and (len(title) > len(text) or re.search(r"(?:…|\.{2,})$", text)):
        return title
    return text or squeeze(element.get("alt") or "")
