"""The catalog of what was found: one SQLite file, derived from the WARCs, made again at will."""

from archive.catalog.derived import Difference, differences
from archive.catalog.mending import mend
from archive.catalog.opening import CatalogError, is_whole
from archive.catalog.search import Found, Hit, Question
from archive.catalog.store import Catalog
from archive.catalog.tokens import fts_query

__all__ = [
    "Catalog",
    "CatalogError",
    "Difference",
    "Found",
    "Hit",
    "Question",
    "differences",
    "fts_query",
    "is_whole",
    "mend",
]
