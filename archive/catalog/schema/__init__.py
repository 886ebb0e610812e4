"""The tables, indexes and views of ``catalog.db``, as data.

What a column means is written in ``docs/data-dictionary.md``, which a test holds against this
package. Foreign keys are declared for readers (Datasette makes links of them) and are not
enforced: a capture may come to the catalog before its run, a report before its division.
"""

from archive.catalog.schema.cells import (
    APPLICANTS,
    CASE_CELLS,
    DISCLOSURE_CELLS,
    PANEL_CELLS,
    REQUEST_CELLS,
    REQUEST_ROWS,
)
from archive.catalog.schema.create import FTS_SQL, FTS_TABLE, VERSION, create_schema
from archive.catalog.schema.spec import TableSpec
from archive.catalog.schema.tables import REPORT_PARTS, TABLES
from archive.catalog.schema.views import VIEWS

__all__ = [
    "APPLICANTS",
    "CASE_CELLS",
    "DISCLOSURE_CELLS",
    "FTS_SQL",
    "FTS_TABLE",
    "PANEL_CELLS",
    "REPORT_PARTS",
    "REQUEST_CELLS",
    "REQUEST_ROWS",
    "TABLES",
    "VERSION",
    "VIEWS",
    "TableSpec",
    "create_schema",
]
