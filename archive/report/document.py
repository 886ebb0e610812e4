"""A decoded document, whatever it was, as the lines and facts that are read from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from lxml.html import HtmlElement

from archive.report import page
from archive.report.chrome import (
    broken_words,
    looks_shared,
    shared_name,
    unshared,
    without_chrome,
)
from archive.report.decode import Decoded
from archive.report.lines import Line, mended, plain_lines, render, text_of
from archive.report.nature import is_too_long
from archive.report.sections import all_headings, table_spans
from archive.report.titles import is_report_title, leading_title

# Where a new paragraph begins in text that has lost its line ends.
_PARAGRAPH = re.compile(r"[。;；]\s*(?=[(（][一二三四五六七八九十]{1,2}[)）])")


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds."""

    lines: tuple[Line, ...]
    """The text, without the lines of the page or the site."""
    titles: tuple[tuple[str, str], ...]
    """(source, text) of what may be the title, the likeliest first."""
    tree: HtmlElement | None
    """The container of the article; None: there is no markup."""
    table_text: str
    """The text that the tables are read from: cells and their blanks as they stand."""
    everything: str
    """All text, the page's own lines too."""
    shared: bool
    """It carries the marks of a document-sharing site (文库)."""
    head: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)
    breadcrumb: str = ""
    attachments: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def document_of(decoded: Decoded, url: str | None) -> Document:
    """Return the parts of a decoded document found at ``url``."""
    root = page.parse(decoded.text) if decoded.kind == "html" else None
    lines = [] if root is None else render(root)
    everything = decoded.text if root is None else text_of(lines)
    if is_too_long(everything):
        return Document((), (), None, "", everything, shared=False)
    if root is None:
        return _from_text(decoded.text)
    return _from_page(page.take_apart(root, lines, url))


def _from_page(parts: page.Page) -> Document:
    shared = looks_shared(parts.everything)
    text = text_of(parts.lines)
    if shared:
        text = unshared(text)
    return Document(
        lines=tuple(_tidied(text)) if shared else tuple(_mended(parts.lines)),
        titles=(*_file_titles(parts.everything, shared), *parts.titles),
        tree=parts.article,
        table_text=unshared(parts.standing) if shared else parts.standing,
        everything=parts.everything,
        shared=shared,
        head=parts.head,
        metas=parts.metas,
        breadcrumb=parts.breadcrumb,
        attachments=parts.attachments,
        links=parts.links,
    )


def _from_text(text: str) -> Document:
    shared = looks_shared(text)
    own = unshared(text) if shared else text
    lines = _tidied(own) if shared or broken_words(own) else without_chrome(plain_lines(own))
    return Document(
        lines=tuple(lines),
        titles=_file_titles(text, shared),
        tree=None,
        table_text=own,
        everything=text,
        shared=shared,
        head=text[:1500],
    )


def _file_titles(text: str, shared: bool) -> tuple[tuple[str, str], ...]:
    name = shared_name(text) if shared else None
    return (("file name", name),) if name and is_report_title(name) else ()


def _mended(lines: tuple[Line, ...]) -> list[Line]:
    """Return the lines with words joined where the page's text has blanks inside them."""
    if not broken_words(text_of(lines)):
        return list(lines)
    return [line if line.is_row else Line(mended(line.text)) for line in lines]


def _tidied(text: str) -> list[Line]:
    """Return text taken from a PDF as lines: a heading a line, its broken words joined, flattened
    tables as they are."""
    cuts = {0, len(text)}
    for start, end in all_headings(text):
        cuts |= {start, end}
    tables = table_spans(text)
    for start, end in tables:
        cuts |= {start, end}
    cuts |= {match.end() for match in _PARAGRAPH.finditer(text)}
    if (title := leading_title(text)) is not None:
        cuts.add(title)
    places = sorted(cuts)
    lines: list[Line] = []
    for start, end in pairwise(places):
        piece = text[start:end]
        in_table = any(first <= start < last for first, last in tables)
        lines += plain_lines(piece if in_table else mended(piece))
    return without_chrome(lines)
