"""Where the archive lies and how the commands open it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.catalog import Catalog
from gkcrawl.progress import progress

if TYPE_CHECKING:
    from archive.sequence import Reader


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
    home: Path,
    *,
    rebuild: bool = False,
    jobs: int = 1,
    warcs: Sequence[Path] = (),
    dask: str | None = None,
) -> dict[str, int]:
    """Finish what killed runs left, bring catalog and merged index up to the WARC files.

    ``dask``: the address of the scheduler of a cluster that reads. Returns the counts of
    ``archive.index.index_archive``, and shows a bar on a terminal. Raises ClickException where the
    cluster cannot be used.
    """
    # The reader comes with them, which takes a second that other commands need not wait.
    from archive.index import index_archive, size_of
    from archive.warc import recover, warc_files
    from archive.warc.merged import merge_index
    from gkcrawl.portals import all_portal_rows

    readers = None if dask is None else _cluster(dask)
    recover(home)
    paths = warcs or warc_files(home / "warc")
    size = sum(map(size_of, paths))
    try:
        with Catalog(home / "catalog.db") as catalog, progress("index", size, size=True) as advance:
            return index_archive(
                home,
                catalog,
                rebuild=rebuild,
                jobs=jobs,
                warcs=paths,
                portals=all_portal_rows(),
                readers=readers,
                advance=advance,
            )
    finally:
        merge_index(home)


@contextmanager
def _cluster(address: str) -> "Iterator[Reader]":
    """Give the reader that a Dask cluster is."""
    try:
        from archive.cluster import ClusterError, cluster_reader
    except ImportError as error:
        raise click.ClickException(
            f"--dask needs the package distributed ({error.name} is missing): "
            "pip install 'gkcrawl[dask]'"
        ) from error
    try:
        with cluster_reader(address) as reader:
            yield reader
    except ClusterError as error:
        raise click.ClickException(str(error)) from error
