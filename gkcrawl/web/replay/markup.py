"""An archived page written anew: what is allowed of its tree, with links led into replay.

The parser here and that of a browser differ on broken markup. That does no harm, since nothing is
passed through as it came: each tag that is sent is one of ``allowed``, text and attributes are
escaped, and the one element whose content a browser takes raw, ``style``, holds no ``<`` that could
begin a tag, wherever a browser may think that it stands.
"""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

import lxml.etree
import lxml.html

from archive.report.article.taming import flattened, without_early_end, without_long_tags
from gkcrawl.web.language import say
from gkcrawl.web.replay.addresses import absolute
from gkcrawl.web.replay.allowed import (
    ATTRIBUTES,
    DROPPED,
    ELEMENTS,
    EMBEDDED,
    INPUTS,
    PREFIXED,
    RENAMED,
)
from gkcrawl.web.replay.css import Lead, Styles
from gkcrawl.web.replay.drawing import keep_drawing
from gkcrawl.web.replay.links import Links
from gkcrawl.web.replay.settable import settable

Element = lxml.html.HtmlElement
Attributes = dict[str, str]

LIMIT = 8 * 1024 * 1024
"""Characters of a page that is written anew; a larger one is no page but a dump."""
_DOCTYPE = re.compile(r"<!doctype\s", re.IGNORECASE)
_PUBLIC_ID = re.compile(r"[\w/. +:-]{1,80}")
_LAZY = ("data-original", "data-src", "data-lazy-src", "original-src")
_STRIPPED: tuple[Any, ...] = (
    lxml.etree.Comment,
    lxml.etree.PI,
    lxml.etree.Entity,
    *(DROPPED - {"meta"}),
)
_STATEFUL = frozenset({"input", "select", "textarea", "button"})


def clean(text: str, links: Links, banner: Element | None = None) -> bytes:
    """Return a page as UTF-8 HTML that neither runs nor sends nor loads from elsewhere.

    Addresses lead where ``links`` says, with the page's own ``<base>``; frames and embedded
    documents become links, forms lose what they do. ``banner`` stands first in the body.
    """
    tree = _parsed(text)
    page = _Page(_with_base(tree, links))
    title = next((" ".join(found.text_content().split()) for found in tree.iter("title")), "")
    lxml.etree.strip_elements(tree, *_STRIPPED, with_tail=False)
    _flatten_choices(tree)
    drawings = list(tree.iter("svg"))
    for drawing in drawings:
        keep_drawing(drawing, page.styles)
    drawn = {element for drawing in drawings for element in drawing.iter()}
    for element in list(tree.iter(lxml.etree.Element)):
        if element not in drawn:
            _rewrite(element, page)
    _frame(tree, title, banner)
    doctype = _doctype(text, tree.getroottree().docinfo)
    return doctype.encode() + lxml.etree.tostring(tree, method="html", encoding="utf-8")


class _Page:
    """What leads the addresses of one page."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.styles = Styles(links.resource, links.style)


def _parsed(text: str) -> Element:
    """Return the tree of a page, flattened where it lies deeper than the parser goes."""
    tame = without_early_end(without_long_tags(settable(text)))
    for markup in (tame, *islice(flattened(tame), 2)):
        parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
        try:
            tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
        except (lxml.etree.ParserError, ValueError):
            break
        if not any("depth" in error.message for error in parser.error_log):
            return tree
    # Nothing in it that could be a document: show what there is as text.
    return lxml.html.document_fromstring(f"<pre>{html.escape(settable(text))}</pre>")


def _with_base(tree: Element, links: Links) -> Links:
    stated = next((found.get("href") for found in tree.iter("base") if found.get("href")), None)
    base = absolute(links.base, stated) if stated else None
    return replace(links, base=base) if base else links


def _flatten_choices(tree: Element) -> None:
    """Leave only options and text in ``select``: browsers differ on what else may stand there."""
    for select in tree.iter("select"):
        for inner in list(select.iterdescendants()):
            if inner.tag in ("style", "textarea", "svg"):
                inner.drop_tree()
            elif inner.tag not in ("option", "optgroup"):
                inner.drop_tag()


def _rewrite(element: Element, page: _Page) -> None:
    """Keep of an element what is allowed; ``_SPECIAL`` says what is special about some."""
    tag = str(element.tag)
    if tag in EMBEDDED:
        _stand_in(element, element.get(EMBEDDED[tag]), page.links)
        return
    given = dict(element.attrib)
    kept = {name: value for name, value in given.items() if _is_allowed(name)}
    if "style" in given:
        kept["style"] = page.styles.value(given["style"])
    kept |= _one("background", given, page.links.resource)
    if tag in _SPECIAL:
        made = _SPECIAL[tag](element, given, kept, page)
        if made is None:
            element.drop_tree()
            return
        kept = made
    elif tag not in ELEMENTS:
        element.tag = RENAMED.get(tag, "span")
    if tag in _STATEFUL:
        kept["disabled"] = "disabled"
    element.attrib.clear()
    element.attrib.update({name: settable(value) for name, value in kept.items()})


def _is_allowed(name: str) -> bool:
    return name in ATTRIBUTES or PREFIXED.fullmatch(name) is not None


def _one(name: str, given: Attributes, lead: Lead) -> Attributes:
    """Return the attribute ``name`` led; nothing where it is not there or leads nowhere."""
    led = lead(given[name]) if name in given else None
    return {} if led is None else {name: led}


def _link(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes:
    return kept | _one("href", given, page.links.page) | {"rel": "noreferrer noopener nofollow"}


def _picture(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes:
    source = given.get("src", "")
    if not source or source.startswith("data:"):
        # A script would have put the picture there when it came into sight.
        source = next((given[name] for name in _LAZY if given.get(name)), source)
    # A picture is part of the evidence: where it is not archived, say that one stands here.
    name = given.get("alt") or source.partition("?")[0].rpartition("/")[2][:80]
    kept["alt"] = say("［图片：{name}］", name=name)
    return kept | _one("src", {"src": source}, page.links.resource) | _choices(given, page)


def _choices(given: Attributes, page: _Page) -> Attributes:
    found = page.links.choices(given["srcset"]) if "srcset" in given else ""
    return {"srcset": found} if found else {}


def _media(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes:
    lead = page.links.resource
    kept |= _one("src", given, lead) | _one("poster", given, lead)
    playing = {"controls": "controls", "preload": "none"} if element.tag != "source" else {}
    return kept | playing | _choices(given, page)


def _sheet_link(
    element: Element, given: Attributes, kept: Attributes, page: _Page
) -> Attributes | None:
    relations = given.get("rel", "").lower().split()
    href = page.links.style(given.get("href", ""))
    if "stylesheet" not in relations or "alternate" in relations or href is None:
        return None
    media = {"media": given["media"]} if "media" in given else {}
    return {"rel": "stylesheet", "href": href} | media


def _sheet(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes:
    written = page.styles.sheet(element.text_content())
    for inner in list(element):
        element.remove(inner)
    element.text = settable(written)
    return {"media": given["media"]} if "media" in given else {}


def _meta(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes | None:
    if given.get("name", "").lower() != "viewport":
        return None
    return {"name": "viewport", "content": given.get("content", "")}


def _input(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes:
    asked = given.get("type", "text").strip().lower()
    return kept | {"type": asked if asked in INPUTS else "text"}


def _typed(element: Element, given: Attributes, kept: Attributes, page: _Page) -> Attributes:
    text = element.text_content()
    for inner in list(element):
        element.remove(inner)
    element.text = settable(text)
    return kept


def _stand_in(element: Element, address: str | None, links: Links) -> None:
    """Put a link where another document was embedded; nothing where that had no address."""
    href = links.page(address) if address else None
    if address is None or href is None or href.startswith("#"):
        element.drop_tree()
        return
    for inner in list(element):
        element.remove(inner)
    element.attrib.clear()
    element.tag, element.text = "span", None
    told = {"href": settable(href), "rel": "noreferrer noopener nofollow"}
    link = lxml.etree.SubElement(element, "a", told)
    link.text = settable(say("［内嵌页面：{url}］", url=address.strip()[:200]))


def _frame(tree: Element, title: str, banner: Element | None) -> None:
    """Give the page head and body, one of each, and what stands first in them."""
    body = tree.find("body")
    if body is None:
        body = lxml.etree.SubElement(tree, "body")
        for stray in tree.xpath("./*[not(self::head or self::body)]"):
            body.append(stray)
    head = tree.find("head")
    if head is None:
        head = lxml.html.Element("head")
        tree.insert(0, head)
    named = lxml.html.Element("title")
    named.text = settable(title)
    head.insert(0, named)
    head.insert(0, lxml.html.Element("meta", charset="utf-8"))
    if banner is not None:
        banner.tail, body.text = settable(body.text or ""), None
        body.insert(0, banner)


def _doctype(text: str, docinfo: lxml.etree.DocInfo) -> str:
    """Return the doctype of a page that has one: by it browsers choose the older ways of layout
    that old pages were made for."""
    if not _DOCTYPE.search(text, 0, 2000):
        return ""  # the parser makes one up
    public, system = docinfo.public_id or "", docinfo.system_url or ""
    if not _PUBLIC_ID.fullmatch(public):
        return "<!DOCTYPE html>\n"
    quoted = f' "{system}"' if _PUBLIC_ID.fullmatch(system) else ""
    return f'<!DOCTYPE html PUBLIC "{public}"{quoted}>\n'


_SPECIAL: dict[str, Callable[[Element, Attributes, Attributes, _Page], Attributes | None]] = {
    "a": _link,
    "area": _link,
    "img": _picture,
    "image": _picture,
    "audio": _media,
    "video": _media,
    "source": _media,
    "track": _media,
    "link": _sheet_link,
    "style": _sheet,
    "meta": _meta,
    "input": _input,
    "textarea": _typed,
}
