"""What the catalog lacks and doubts: ``gkcrawl missing`` and ``gkcrawl findings``."""

from typing import get_args

import click

from archive.catalog.coverage import LEVELS, Asked, is_place
from archive.records import FindingStatus
from gkcrawl.home import open_catalog
from gkcrawl.output import as_json, print_json, print_table
from gkcrawl.web.labels import WORDS


@click.command()
@click.option(
    "--year", type=click.IntRange(1, 9998), required=True, help="The year that the reports are for."
)
@click.option("--place", metavar="CODE", help="A division and all beneath it, e.g. 530000.")
@click.option("--level", type=click.Choice(LEVELS), help="Only organs of this level.")
@click.option("--kind", type=click.Choice([*WORDS["kind"]]), help="Only organs of this kind.")
@as_json
def missing(
    year: int, place: str | None, level: str | None, kind: str | None, as_json: bool
) -> None:
    """List organs and portals of which no report for a year is known, and why."""
    catalog = open_catalog()
    if place is not None and not is_place(catalog.db.conn, place):
        raise click.ClickException(f"no division, organ or portal is known of the place {place!r}")
    rows = catalog.missing(year, Asked(place=place, level=level, kind=kind))
    if as_json:
        print_json(rows)
    else:
        columns = {"division_code": "code", "name": "name", "reason": "why"}
        columns |= {"years": "years there are"}
        print_table(rows, columns, nothing="nothing that is known is missing")


@click.command()
@click.option(
    "--status",
    "wanted",
    type=click.Choice([*get_args(FindingStatus), "all"]),
    default="conflict",
    show_default=True,
)
@click.option("--year", type=int, help="The year that the reports are for.")
@as_json
def findings(wanted: str, year: int | None, as_json: bool) -> None:
    """List reports whose text and tables differ (文表不符), or that lack or doubt something."""
    rows = open_catalog().findings(None if wanted == "all" else wanted, year=year)
    if as_json:
        print_json(rows)
    else:
        columns = ("report_id", "finding_id", "status", "left", "right", "message")
        print_table(rows, {name: name for name in columns}, nothing=f"nothing found: {wanted}")
