"""The documents that hang on a page: links and embedded viewers."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from archive.report.article.lines import Flow
from archive.report.chars import fold

_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|et|xlsx?|ofd|rtf|zip|rar)$", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"/downfile\.jsp\?|/download\.jsp\?|downloadattach|/virtual_attach_file\.vsb\?",
    re.IGNORECASE,
)
# What an address must hold to be one of these, so that the many others need not be resolved.
_POSSIBLE = re.compile(
    r"\.(?:pdf|doc|wps|et|xls|ofd|rtf|zip|rar|jsp|vsb|html)|download", re.IGNORECASE
)
_VIEWER = re.compile(r"viewer\.html\?(?:.*&)?file=([^&#]+)")
_LINKED = ("href", "data-pdf")
_EMBEDDED = (*_LINKED, "src", "data")
_EMBEDDING = frozenset(["iframe", "embed", "object"])
_SMALL = 600
"""Characters; a block beside the article with more is no list of attachments."""


def attachments_of(
    root: etree._Element, article: etree._Element, flow: Flow, url: str | None
) -> tuple[str, ...]:
    """Return the addresses of the documents that ``article`` (of the page ``root``, found at
    ``url``) links or embeds, absolute where ``url`` is known, each once."""
    base = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    try:
        place = urljoin(url or "", base) if base else url
    except ValueError:
        place = url
    found = (_document(target, place) for target in _targets(article, flow))
    return tuple(dict.fromkeys(address for address in found if address))


def _targets(article: etree._Element, flow: Flow) -> Iterator[str]:
    """Yield the addresses that the article and the small blocks beside it lead to."""
    # Systems put the list of attachments beside the article, in the same block.
    beside = (e for e in article.itersiblings() if isinstance(e.tag, str) and flow.size(e) < _SMALL)
    for block in (article, *beside):
        for element in block.iter("*"):
            names = _EMBEDDED if element.tag in _EMBEDDING else _LINKED
            yield from (target for name in names if (target := element.get(name)))


def _document(target: str, place: str | None) -> str | None:
    """Return the absolute address of a document; None: the link leads to no document."""
    target = target.strip()
    if not _POSSIBLE.search(target):
        return None
    viewer = _VIEWER.search(target)
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
