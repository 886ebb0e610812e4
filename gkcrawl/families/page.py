"""A page as the families see it: bytes, decoded once, and the links in it."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html
from w3lib.url import safe_url_string

from archive.report.article.decode import Decoded, decode_text
from archive.report.article.taming import without_early_end
from gkcrawl.families.addresses import clean

# What is left of a template that was to be filled by script: never a link.
_NO_LINK = re.compile(
    r"^\s*$|^\s*(?:#|https?:/*\s*$|javascript:|mailto:|tel:|data:|about:)|<\?|<%|\{\{|\$\{", re.I
)
# A host's name, in letters of any script, or an IPv6 address.
_HOST = re.compile(r"^(?:[\w-]+\.)*[\w-]+\.?$|^[\da-f:.]*:[\da-f:.]+$", re.I)
# What a click does: location.href='…', window.open('…'), openUrl('财政局', '…').
_CLICK = re.compile(
    r"""(?:location(?:\.href)?\s*=|(?:location\.(?:replace|assign)|\w*open\w*|go\w*|jump\w*|to\w*url)\s*\()"""
    r"""\s*(?:["'][^"'/.]{0,40}["']\s*,\s*){0,2}\\?["'](?P<url>[^"'\\\s<>]*[/.][^"'\\\s<>]*)\\?["']""",
    re.I,
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)\s*日?"
)

_UNSEEN = frozenset({"script", "style", etree.Comment, etree.ProcessingInstruction})
_SEEN = etree.XPath(".//text()[not(ancestor::script or ancestor::style)]")


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor with a usable href."""

    url: str
    """Absolute, ASCII, without fragment and without the number of the visit."""
    fragment: str
    title: str
    """What the anchor is called: its text, or ``@title`` where that says more."""
    element: html.HtmlElement


class Page:
    """A response without its transport: what a family reads."""

    def __init__(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        request_body: bytes = b"",
        known: dict[str, str] | None = None,
    ) -> None:
        """``request_body``: what was sent for it; ``known``: what earlier pages told of the site,
        one mapping for all pages of a visit, which a family may write to."""
        self.url = url
        self.body = body
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.request_body = request_body
        self.known: dict[str, str] = {} if known is None else known

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
    def words(self) -> str:
        """All visible text, blanks squeezed."""
        return content(self.tree)

    @cached_property
    def base_url(self) -> str:
        """What relative links are relative to: ``<base href>``, else the page itself."""
        for href in self.tree.xpath("//base/@href"):
            with suppress(ValueError):  # no address
                if str(href).strip():
                    return urljoin(self.url, str(href).strip())
        return self.url

    @cached_property
    def _origin(self) -> str:
        """Scheme and host of ``base_url``."""
        return urljoin(self.base_url, "/")

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All usable links in document order."""
        return tuple(self.links_in(self.tree))

    def links_in(self, tree: html.HtmlElement) -> Iterator[Link]:
        """Return the usable links of ``tree``; relative ones belong to this page."""
        return filter(None, map(self.link, tree.iter("a", "area")))

    def link(self, anchor: html.HtmlElement) -> Link | None:
        """Return an anchor as a link; None: it leads nowhere."""
        if (target := self._target(anchor)) is None:
            return None
        url, fragment = urldefrag(target)
        return Link(url, fragment, name_of(anchor), anchor)

    def _target(self, element: html.HtmlElement) -> str | None:
        """Return where a click on an anchor leads: by its href, else by what scripts read of it."""
        href = element.get("href") or ""
        if target := self.resolve(href):
            return target
        for value in (element.get("data-url"), element.get("data-href")):
            if value and (target := self.resolve(value)):
                return target
        called = script_target(element.get("onclick") or "") or script_target(href)
        return self.resolve(called) if called else None

    def resolve(self, href: str) -> str | None:
        """Return ``href`` as an absolute ASCII URL; None if it leads nowhere (script, template)."""
        # The menus of a site lead from all of its pages to the same addresses.
        base = self._origin if href[:1] == "/" and href[1:2] not in ("/", "\\") else self.base_url
        return _resolved(base, href, self.decoded.encoding)


@lru_cache(maxsize=8192)
def _resolved(base: str, href: str, encoding: str) -> str | None:
    if _NO_LINK.search(href):
        return None
    href = re.sub(r"[\t\r\n]", "", href).strip().replace("\\", "/")
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not _HOST.match(parts.hostname or ""):
            return None
        return clean(safe_url_string(url, encoding=encoding))
    except ValueError:
        return None


def parse(text: str) -> html.HtmlElement:
    """Return the tree of any text, however broken."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    data = without_early_end(text.replace("\0", "")).encode("utf-8", errors="replace")
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return html.document_fromstring(b"<html></html>")
    return tree


def script_target(script: str) -> str | None:
    """Return the address to which the script of a click leads; None: to none that stands in it."""
    match = _CLICK.search(script)
    return match["url"] if match else None


def squeeze(text: str) -> str:
    """Return the text with every run of blanks as one blank."""
    return " ".join(text.replace("　", " ").replace("\u200b", "").split())


def content(element: html.HtmlElement) -> str:
    """Return the text of an element, blanks squeezed, scripts and comments left out."""
    if not len(element) and element.tag not in _UNSEEN:
        return squeeze(element.text or "")
    return squeeze("".join(map(str, _SEEN(element))))


def find_date(text: str) -> str | None:
    """Return the first calendar date in a text as ISO date; None if there is none."""
    if "20" not in text and "19" not in text:  # of most rows of most menus
        return None
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


def name_of(element: html.HtmlElement) -> str:
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
    if text or title:
        return text or title
    # A picture stands for the words.
    pictures = [element, *element.iter("img")]
    names = (squeeze(one.get("alt") or one.get("title") or "") for one in pictures)
    return next(filter(None, names), "")
