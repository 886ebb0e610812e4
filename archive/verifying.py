"""An archive held against all that its catalog tells of records."""

from pathlib import Path
from typing import Any

from archive.catalog import Catalog
from archive.warc import Problem, verify_archive


def problems_of(home: Path, catalog: Catalog, **how: Any) -> list[Problem]:
    """Return what is wrong with the files of an archive, and between them and the catalog's rows.

    ``how``: ``notes``, ``resume`` and ``advance`` of ``verify_archive``, which raises the same.
    """
    return verify_archive(
        home,
        catalog.captures(),
        catalog.failures(),
        runs=catalog.runs(),
        notices=catalog.notices(),
        monitors=catalog.monitors(),
        **how,
    )
