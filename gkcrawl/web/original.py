"""An archived document made safe to look at: no scripts, nothing loaded, links as they were.

What is stored stays as it is; this is a view of it. The answer's headers (``security``) would stop
scripts and loads even if something got past the cleaning here.
"""

import html
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html
from lxml_html_clean import Cleaner

from archive.records import StoredExchange
from archive.report.article.decode import TEXT_KINDS, decode_text
from archive.report.media import media_kind
from gkcrawl.web.labels import moment

_CLEANER = Cleaner(
    # Word's markup carries its meaning in styles; the policy keeps them from loading anything.
    style=False,
    inline_style=False,
    links=True,
    meta=True,
    page_structure=False,
    safe_attrs_only=False,
    remove_unknown_tags=False,
    annoying_tags=False,
    kill_tags=("base",),
)
# Attributes that load or send something.
_LOADING = (
    "src", "srcset", "background", "poster", "data", "action", "formaction", "ping", "integrity",
    "autofocus", "target", "manifest", "xlink:href",
)  # fmt: skip
_BANNER = (
    "position:static;all:initial;display:block;box-sizing:border-box;width:100%;"
    "padding:8px 14px;border-bottom:2px solid #14507f;background:#f3f5f8;color:#1c2430;"
    "font:14px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Zen Hei',"
    "sans-serif"
)


@dataclass(frozen=True, slots=True)
class View:
    """What is sent for an archived document."""

    body: bytes
    content_type: str
    attachment: str | None = None
    """A file name where the browser is to save it rather than show it."""


def view(stored: StoredExchange) -> View:
    """Return how an archived document is shown.

    HTML is cleaned, plain text stays text, a PDF is sent as it is (the browser's own viewer opens
    it without a script of ours), all else is a file to save.
    """
    if stored.missing:
        text = "原始记录所在的存档文件不在这台机器上。"
        return View(text.encode(), "text/plain; charset=utf-8")
    capture = stored.capture
    kind = media_kind(stored.content, capture.media_type)
    if kind == "pdf":
        return View(stored.content, "application/pdf")
    if kind in TEXT_KINDS:
        decoded = decode_text(stored.content, capture.media_type, dict(stored.headers))
        if decoded.kind == "html":
            page = clean(decoded.text, capture.url, capture.captured_at)
            return View(page, "text/html; charset=utf-8")
        return View(decoded.text.encode("utf-8", "replace"), "text/plain; charset=utf-8")
    name = urlsplit(capture.url).path.rpartition("/")[2] or "document"
    return View(stored.content, "application/octet-stream", attachment=name)


def clean(text: str, url: str, captured_at: str) -> bytes:
    """Return an archived page as UTF-8 HTML without scripts, frames, forms and loads."""
    try:
        tree = lxml.html.document_fromstring(_without_declaration(text) or "<p></p>")
    except (lxml.etree.ParserError, ValueError):
        # Nothing in it that could be a document: show what there is as text.
        said = "".join(c for c in text if c.isprintable() or c in "\n\t")
        tree = lxml.html.document_fromstring(f"<pre>{html.escape(said)}</pre>")
    _CLEANER(tree)
    for element in tree.iter(lxml.etree.Element):
        _disarm(element, url)
    body = tree.find("body")
    if body is not None:
        body.insert(0, _banner(url, captured_at))
    head = tree.find("head")
    if head is None:
        head = lxml.html.Element("head")
        tree.insert(0, head)
    head.insert(0, lxml.html.Element("meta", charset="utf-8"))
    return b"<!DOCTYPE html>\n" + lxml.etree.tostring(tree, method="html", encoding="utf-8")


def _disarm(element: lxml.html.HtmlElement, url: str) -> None:
    if element.tag == "img" and element.get("src"):
        # A picture is part of the evidence: say that one stands here.
        name = element.get("alt") or urlsplit(element.get("src", "")).path.rpartition("/")[2]
        element.set("alt", f"［图片：{name}］")
    for name in _LOADING:
        element.attrib.pop(name, None)
    if "href" in element.attrib:
        href = _absolute(url, element.get("href", ""))
        if href is None:
            del element.attrib["href"]
        else:
            element.set("href", href)
            element.set("rel", "noreferrer noopener nofollow")


def _absolute(base: str, href: str) -> str | None:
    """Return a link as an absolute http(s) address or a fragment; None for all else."""
    href = href.strip()
    if not href or href.startswith("#"):
        return href or None
    try:
        joined = urljoin(base, href)
        scheme = urlsplit(joined).scheme
    except ValueError:  # such as an unfinished IPv6 address
        return None
    return joined if scheme in {"http", "https"} else None


def _banner(url: str, captured_at: str) -> lxml.html.HtmlElement:
    banner = lxml.html.Element("div", style=_BANNER, lang="zh-CN")
    banner.text = f"存档副本：采集于 {moment(captured_at)}，原址 {url}。脚本与图片未载入。"
    return banner


def _without_declaration(text: str) -> str:
    """Return the text without an XML declaration, which lxml refuses in decoded text."""
    text = text.lstrip("\ufeff \t\r\n").replace("\x00", "")
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    return text
