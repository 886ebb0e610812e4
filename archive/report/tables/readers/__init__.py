"""Rows of cells read as the three standard tables.

It does not matter where the rows come from (a grid of HTML, piped text, rows of divs). Each reader
takes the tables of a document as sheets (see :mod:`archive.report.tables.readers.sheet`) and
returns what it found, or None.
"""

from archive.report.tables.readers.active import read_active
from archive.report.tables.readers.found import CHANGE, MONEY, Found, Raw
from archive.report.tables.readers.requests import read_requests, requests_form
from archive.report.tables.readers.review import read_review
from archive.report.tables.readers.sheet import sheets_of

__all__ = [
    "CHANGE",
    "MONEY",
    "Found",
    "Raw",
    "read_active",
    "read_requests",
    "read_review",
    "requests_form",
    "sheets_of",
]
