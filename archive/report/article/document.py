"""A decoded document, whatever it was, as the lines and facts that are read from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from archive.report.article import page
from archive.report.article.chrome import without_chrome
from archive.report.article.decode import Decoded
from archive.report.article.lines import Line, text_of
from archive.report.article.sharing import looks_shared, shared_name, unshared
from archive.report.article.textlayer import broken_words, tidied, without_page_marks
from archive.report.chars import mended
from archive.report.identity.nature import is_too_long
from archive.report.identity.titles import is_report_title
from archive.report.identity.trust import trust_of


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds."""

    lines: tuple[Line, ...]
    """The text, without the lines of the page or the site."""
    titles: tuple[tuple[str, str], ...]
    """(source, text) of what may be the title, the likeliest first."""
    tree: etree._Element | None
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
    if root is None:
        text = decoded.text
        return _closed(text) if is_too_long(text) else _from_text(text, url)
    opened = page.opened(root, decoded.text)
    everything = text_of(opened.flow.lines)
    return _closed(everything) if is_too_long(everything) else _from_page(opened, everything, url)


def _closed(everything: str) -> Document:
    """Return a document of which nothing but its length was looked at."""
    return Document((), (), None, "", everything, shared=False)


def _from_page(opened: page.Opened, everything: str, url: str | None) -> Document:
    parts = page.take_apart(opened, url)
    shared = _is_shared(everything, url)
    standing = text_of(parts.standing)
    return Document(
        lines=_of_layer(unshared(text_of(parts.lines))) if shared else _mended(parts.lines),
        titles=(*_file_titles(everything, shared), *opened.titles),
        tree=parts.article,
        table_text=unshared(standing) if shared else standing,
        everything=everything,
        shared=shared,
        head=parts.head,
        metas=opened.metas,
        breadcrumb=parts.breadcrumb,
        attachments=parts.attachments,
        links=parts.links,
    )


def _from_text(text: str, url: str | None) -> Document:
    shared = _is_shared(text, url)
    own = unshared(text) if shared else text
    lines = _of_layer(own)
    return Document(
        lines=lines,
        titles=_file_titles(text, shared),
        tree=None,
        table_text=own,
        everything=text,
        shared=shared,
        head=text[:1500],
    )


def _is_shared(text: str, url: str | None) -> bool:
    """Whether a document comes from a document-sharing site, by its address or its text."""
    return trust_of(url) == "document_site" or looks_shared(text)


def _of_layer(text: str) -> tuple[Line, ...]:
    """Return the lines of a text that was taken from a page or a PDF."""
    return tuple(without_chrome(tidied(text)))


def _file_titles(text: str, shared: bool) -> tuple[tuple[str, str], ...]:
    name = shared_name(text) if shared else None
    return (("file name", name),) if name and is_report_title(name) else ()


def _mended(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines of a page without marks of pages in them, and with words joined where the
    text has blanks inside them."""
    text = text_of(lines)
    broken = broken_words(text)
    if not broken and without_page_marks(text) == text:
        return lines
    return tuple(x if x.is_row else _line_mended(x, broken) for x in lines)


def _line_mended(line: Line, broken: bool) -> Line:
    text = without_page_marks(line.text)
    return Line(mended(text) if broken else text)
