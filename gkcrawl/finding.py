"""Where the reports of a province are listed: what crawls found out, shown and written down."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from archive.catalog import Catalog
from gkcrawl.families.discovery import COLUMNS
from gkcrawl.home import open_catalog
from gkcrawl.output import as_json, print_json
from gkcrawl.portals import Portal, PortalFile, load_portals, read_portals
from gkcrawl.portals.writing import with_columns

Row = dict[str, Any]

_GONE = frozenset({"not_found", "soft_404"})


@click.command()
@click.argument("spider")
@click.option("--only", metavar="CODE_OR_HOST", help="Only this portal.")
@click.option(
    "--portals",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another portals file.",
)
@click.option("--write", is_flag=True, help="Write the columns into the portals file.")
@as_json
def columns(
    spider: str, only: str | None, portals: Path | None, write: bool, as_json: bool
) -> None:
    """Show the columns of annual reports that crawls found, and how they were found.

    With --write the portals file names them, so that the next crawl goes straight to them and to
    nothing else; comments and all other lines of the file stay. Portals whose search was not
    finished are left as they are.
    """
    file = read_portals(portals) if portals else load_portals(spider)
    with open_catalog() as catalog:
        rows = [row for portal in file.portals for row in portal_rows(catalog, portal)]
    if only is not None:
        rows = [row for row in rows if only in (row["portal"], row["name"]) or only in row["home"]]
    if write:
        click.echo(f"{file.path}: columns of {written(file, rows)} portals written", err=True)
    if as_json:
        print_json(rows)
        return
    home = None
    for row in rows:
        if row["home"] != home:
            home = row["home"]
            click.echo(f"{row['portal']}  {row['name']}  {home}")
        click.echo(f"  {row['entries']:>4}  {row['url']}" + ("  (gone)" if row["gone"] else ""))
        click.echo(f"        {' › '.join(row['path'])}  [{row['way']}]")
    if not rows:
        click.echo("no column is known: crawl first", err=True)
        sys.exit(1)


def portal_rows(catalog: Catalog, portal: Portal) -> Iterator[Row]:
    """Yield a row for each column that crawls found on a portal.

    ``portal`` (code), ``name``, ``home``, ``url``, ``path`` (anchors from the home page), ``way``
    (yaml, links, sitemap, guess, search), ``family``, ``entries`` (documents fetched from there),
    ``first_seen`` and ``last_seen`` (ISO 8601, UTC), ``gone``, ``settled`` (a finished crawl saw
    it).
    """
    for row in catalog.columns(portal.url):
        if not row["entries"] and (row["kind"] not in COLUMNS or row["way"] == "guess"):
            continue
        anchors = [anchor for anchor, _ in row["trail"]]
        yield {
            "portal": portal.code,
            "name": portal.name,
            "home": portal.url,
            "url": row["url"],
            "path": [name for name in (*anchors, row["anchor"]) if name],
            "way": row["way"],
            "family": row["family"],
            "entries": row["entries"],
            "first_seen": row["first_seen"],
            "last_seen": row["last_seen"],
            "gone": bool(row["gone"]) or row["outcome"] in _GONE,
            "settled": bool(row["settled"]),
        }


def written(file: PortalFile, rows: list[Row]) -> int:
    """Write the columns that list reports into a portals file; return how many portals changed."""
    text = file.path.read_text("utf-8")
    changed = 0
    for portal in file.portals:
        own = [row for row in rows if row["home"] == portal.url and row["portal"] == portal.code]
        alive = [row["url"] for row in own if row["entries"] and not row["gone"]]
        if not alive or not all(row["settled"] for row in own) or alive == list(portal.columns):
            continue
        text = with_columns(text, portal.code, portal.url, alive)
        changed += 1
    if changed:
        file.path.write_text(text, "utf-8")
    return changed
