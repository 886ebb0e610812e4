"""All tables. Parents stand before the tables that refer to them."""

from archive.catalog.schema import crawls, judged, parts, places, reports, watched
from archive.catalog.schema.spec import TableSpec

TABLES: dict[str, TableSpec] = {
    **places.TABLES,
    **crawls.TABLES,
    **reports.TABLES,
    **parts.TABLES,
    **judged.TABLES,
    **watched.TABLES,
}

REPORT_PARTS = tuple(parts.TABLES)
"""Tables that hold what was read of a report's chosen source: written and deleted with it."""
