"""The catalog of what was found: one SQLite file, derived from the WARCs, made again at will."""

from archive.catalog.opening import CatalogError, is_whole
from archive.catalog.search import Hit, fts_query
from archive.catalog.store import Catalog

__all__ = ["Catalog", "CatalogError", "Hit", "fts_query", "is_whole"]
