"""An archive held against all that its catalog tells of records."""

from pathlib import Path

from archive.catalog import Catalog
from archive.warc import Problem, verify_archive


def problems(home: Path) -> list[Problem]:
    """Return what a verification of the whole archive finds."""
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        return verify_archive(
            home,
            catalog.captures(),
            catalog.failures(),
            runs=catalog.runs(),
            notices=catalog.notices(),
            monitors=catalog.monitors(),
        )
