"""Where the archive lies and how the commands open it."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from archive.catalog import Catalog
from archive.index import index_archive
from archive.warc import recover
from archive.warc.merged import merge_index
from gkcrawl.portals import all_portal_rows


def home_folder(default: str = "data") -> Path:
    """Return the folder of the archive: GKCRAWL_HOME, else ``default``."""
    return Path(os.environ.get("GKCRAWL_HOME") or default)


def open_catalog(home: Path | None = None) -> Catalog:
    """Return the catalog for reading; raises ClickException, with what to do, if there is none."""
    path = (home or home_folder()) / "catalog.db"
    if not path.exists():
        raise click.ClickException(
            f"there is no catalog at {path}; crawl first (gkcrawl crawl SPIDER), "
            "or set GKCRAWL_HOME to the folder that holds one"
        )
    return Catalog(path, readonly=True)


def bring_up(
    home: Path, *, rebuild: bool = False, jobs: int = 1, warcs: Sequence[Path] = ()
) -> dict[str, int]:
    """Finish what killed runs left, bring catalog and merged index up to the WARC files.

    Returns the counts of ``archive.index.index_archive``.
    """
    recover(home)
    try:
        with Catalog(home / "catalog.db") as catalog:
            return index_archive(
                home, catalog, rebuild=rebuild, jobs=jobs, warcs=warcs, portals=all_portal_rows()
            )
    finally:
        merge_index(home)
