"""Documents that are not HTML (PDF, Word, WPS, OFD, …) as HTML, which the reader then reads.

Every format becomes one tree of paragraphs and tables; what they mean is not asked here.
"""

from archive.report.media.convert import to_html
from archive.report.media.kinds import media_kind
from archive.report.media.limits import Unreadable

__all__ = ["Unreadable", "media_kind", "to_html"]
