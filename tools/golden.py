"""Keeps a small archive as this version makes it, for the tests of the versions to come.

    python tools/golden.py            # or: make golden

writes ``tests/golden/<version of the catalog>/``: the WARC files, their indexes and checksums, and
the catalog (xz), of a crawl of one province of the embedded world. To be run once for each version
of the catalog, by the release that brings it; what stands there is never written again.
"""

import lzma
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import click

import gkcrawl.demo
from archive.catalog.schema import VERSION

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"
SPIDER = "shandong"
"""The smallest of the embedded world: reports of both forms, a refusal, a page that is gone."""


def make(folder: Path) -> None:
    """Crawl the province and keep the archive in ``folder``, which must not be there yet."""
    setattr(gkcrawl.demo, "SPIDERS", (SPIDER,))  # noqa: B010 (its type is longer)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        gkcrawl.demo.run_demo(home)
        keep(home, folder)


def keep(home: Path, folder: Path) -> None:
    """Copy an archive into ``folder``, its catalog without the divisions, which are config."""
    shutil.copytree(home / "warc", folder / "warc")
    small = home / "small.db"
    with closing(sqlite3.connect(home / "catalog.db")) as catalog:
        catalog.execute("vacuum into ?", [str(small)])
    with closing(sqlite3.connect(small, isolation_level=None)) as catalog:
        catalog.execute("delete from divisions")
        catalog.execute("vacuum")
    (folder / "catalog.db.xz").write_bytes(lzma.compress(small.read_bytes(), preset=9))


if __name__ == "__main__":
    place = GOLDEN / str(VERSION)
    if place.exists():
        click.echo(f"{place} is there already: a version that was released does not change")
        sys.exit(1)
    make(place)
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    click.echo(f"{place}: {size:,} bytes")
