"""Which reader opens which kind of document."""

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter

from lxml import etree

from archive.report.article.decode import decode_text
from archive.report.article.sections import count_headings
from archive.report.media import limits
from archive.report.media.doc import doc_to_html
from archive.report.media.docx import docx_to_html, wordml_to_html
from archive.report.media.kinds import media_kind
from archive.report.media.limits import Budget, Refused, Unreadable
from archive.report.media.markup import document, paragraph
from archive.report.media.mime import mhtml_to_html
from archive.report.media.ofd import ofd_to_html
from archive.report.media.office import office_to_html
from archive.report.media.package import Package
from archive.report.media.pdf import pdf_to_html
from archive.report.media.rar import rar_members
from archive.report.media.rtf import rtf_to_html
from archive.report.media.scans import image_to_html
from archive.report.media.sheets import xls_to_html, xlsx_to_html

logger = logging.getLogger(__name__)


def to_html(content: bytes, kind: str) -> str | Unreadable:
    """Return a document of this kind (see :func:`media_kind`) as HTML text, or why it has none.

    The HTML holds paragraphs and tables with their merged cells, in the order of reading; HTML is
    given back as it is. Never raises on bad input: what a library stumbles over is ``broken``.
    """
    return _converted(content, kind, depth=0)


def _converted(content: bytes, kind: str, depth: int) -> str | Unreadable:
    if len(content) > limits.INPUT:
        return Unreadable("too_large", f"larger than {limits.INPUT} bytes")
    try:
        if kind in _ARCHIVES:
            return _best_member(_ARCHIVES[kind](content), depth)
        if kind in _READERS:
            return _bounded(_READERS[kind](content), kind)
        raise Refused(
            *_REFUSED.get(kind, ("unsupported", f"documents of type {kind} are not read"))
        )
    except Refused as refused:
        return refused.unreadable
    except MemoryError:
        return Unreadable("too_large", "needs more memory than it may have")
    except Exception as error:
        # The libraries raise anything on broken input; the type tells what they stumbled over.
        logger.info("a document of type %s is broken", kind, exc_info=True)
        return Unreadable("broken", f"{type(error).__name__}: {error}")


def _gzip_members(content: bytes) -> Iterator[bytes]:
    unpacked = zlib.decompressobj(wbits=31).decompress(content, limits.INPUT + 1)
    if len(unpacked) > limits.INPUT:
        raise Refused("too_large", f"unpacks to more than {limits.INPUT} bytes")
    yield unpacked


def _zip_members(content: bytes) -> Iterator[bytes]:
    package = Package(content)
    return (package.read(name) for name in package.names)


def _best_member(members: Iterable[bytes], depth: int) -> str | Unreadable:
    """Return the document of an archive with the most headings of a report, then the most cells,
    then the most text; where none can be read, why the first cannot."""
    if depth == limits.DEPTH:
        raise Refused("too_large", f"archives in archives, more than {limits.DEPTH} deep")
    budget = Budget()
    best: tuple[tuple[int, int, int], str] = (-1, 0, 0), ""
    failures: list[Unreadable] = []
    for member in members:
        budget.check()
        kind = media_kind(member)
        if kind is None or kind == "image":
            continue
        result = _converted(member, kind, depth + 1)
        if isinstance(result, Unreadable):
            failures.append(result)
        else:
            best = max(best, (_worth(result), result), key=itemgetter(0))
    if best[1]:
        return best[1]
    return failures[0] if failures else Unreadable("empty", "the archive holds no documents")


def _bounded(markup: str, kind: str) -> str:
    if len(markup) > limits.MARKUP and kind != "html":
        raise Refused("too_large", f"becomes more than {limits.MARKUP} characters of HTML")
    return markup


def _worth(page: str) -> tuple[int, int, int]:
    root = etree.HTML(page) if page.strip() else None
    text = "" if root is None else "\n".join(map(str, root.itertext()))
    return count_headings(text), page.count("<td"), len(text)


def _html(content: bytes) -> str:
    return decode_text(content).text


def _text(content: bytes) -> str:
    return document(paragraph(line) for line in decode_text(content).text.splitlines())


_ARCHIVES: dict[str, Callable[[bytes], Iterable[bytes]]] = {
    "gzip": _gzip_members,
    "rar": rar_members,
    "zip": _zip_members,
}
_READERS: dict[str, Callable[[bytes], str]] = {
    "doc": doc_to_html,
    "docx": docx_to_html,
    "html": _html,
    "image": image_to_html,
    "mhtml": mhtml_to_html,
    "odt": office_to_html,
    "ofd": ofd_to_html,
    "pdf": pdf_to_html,
    "rtf": rtf_to_html,
    "text": _text,
    "wordml": wordml_to_html,
    "wps": office_to_html,
    "xls": xls_to_html,
    "xlsx": xlsx_to_html,
}
_REFUSED: dict[str, tuple[limits.Reason, str]] = {
    "encrypted": ("encrypted", "the document wants a password"),
    "ole": ("broken", "an OLE file without the streams of a known program"),
}
