"""Documents that are not HTML (PDF, Word, WPS, OFD, …) as HTML, which the reader then reads.

Every format becomes one tree of paragraphs and tables; what they mean is not asked here.
"""

from archive.report.media.kinds import media_kind
from archive.report.media.limits import Unreadable
from archive.report.media.markup import notes_of
from archive.report.media.proof import is_recognised, proved

__all__ = ["Unreadable", "is_recognised", "media_kind", "notes_of", "proved", "to_html"]


def to_html(content: bytes, kind: str) -> str | Unreadable:
    """Return a document of this kind as HTML: see :func:`archive.report.media.convert.to_html`."""
    # Not above: the libraries of all formats take as long to import as a page to read.
    from archive.report.media import convert

    return convert.to_html(content, kind)
