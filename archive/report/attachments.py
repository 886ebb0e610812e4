"""The documents that hang on a page: links and embedded viewers."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from archive.report.chars import fold, tight

_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|et|xlsx?|ofd|rtf|zip|rar)$", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"/downfile\.jsp\?|/download\.jsp\?|downloadattach|/virtual_attach_file\.vsb\?",
    re.IGNORECASE,
)

# What an address must hold to be one of these, so that the many others need not be resolved.
_POSSIBLE = re.compile(
    r"\.(?:pdf|doc|wps|et|xls|ofd|rtf|zip|rar|jsp|vsb|html)|download", re.IGNORECASE
)


def attachments_of(root: HtmlElement, article: HtmlElement, url: str | None) -> tuple[str, ...]:
    """Return the addresses of the documents that ``article`` (of the page ``root``, found at
    ``url``) links or embeds, absolute where ``url`` is known, each once."""
    return tuple(dict.fromkeys(_attachments(root, article, url)))


def _attachments(root: HtmlElement, article: HtmlElement, url: str | None) -> Iterator[str]:
    """Yield the addresses of the documents that the article links or embeds."""
    base = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    try:
        place = urljoin(url or "", base) if base else url
    except ValueError:
        place = url
    places = [article]
    # Systems put the list of attachments beside the article, in the same block.
    for element in article.itersiblings():
        if isinstance(element.tag, str) and len(tight(element.text_content())) < 600:
            places.append(element)
    for element in (e for block in places for e in block.iter()):
        if not isinstance(element.tag, str):
            continue
        for name in ("href", "src", "data", "data-pdf"):
            target = (element.get(name) or "").strip()
            if target and name != "href" and element.tag not in ("iframe", "embed", "object"):
                target = target if name == "data-pdf" else ""
            if target and (found := _document(target, place)):
                yield found


def _document(target: str, place: str | None) -> str | None:
    """Return the absolute address of a document; None: the link leads to no document."""
    if not _POSSIBLE.search(target):
        return None
    viewer = re.search(r"viewer\.html\?(?:.*&)?file=([^&#]+)", target)
    try:
        address = urljoin(place or "", unquote(viewer[1]) if viewer else target)
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "") or (place and not parts.scheme):
        return None
    plain = fold(address)
    is_document = _DOCUMENT.search(parts.path) or _DOWNLOAD.search(plain)
    return address if is_document or _DOCUMENT.search(parts.query) else None
