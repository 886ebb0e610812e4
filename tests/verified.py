"""An archive held against all that its catalog tells of records."""

from pathlib import Path

from archive.catalog import Catalog
from archive.verifying import problems_of
from archive.warc import Problem


def problems(home: Path) -> list[Problem]:
    """Return what a verification of the whole archive finds."""
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return problems_of(home, catalog)
