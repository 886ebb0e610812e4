"""``gkcrawl demo``: the embedded world crawled, and what came of it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.records import timestamp
from gkcrawl.crawling import summarise
from gkcrawl.demo import run_demo
from gkcrawl.home import home_folder
from gkcrawl.output import as_json


@click.command()
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Show the texts 000.txt … 004.txt of this folder in the five main pages.",
)
@as_json
def demo(documents: Path | None, as_json: bool) -> None:
    """Crawl a small web of portals that gkcrawl brings along, on this machine only.

    The archive goes to ./demo-data unless GKCRAWL_HOME is set.
    """
    home, since = home_folder("demo-data"), timestamp(datetime.now(UTC))
    click.echo(f"crawling the embedded portals into {home} …", err=True)
    done = run_demo(home, documents)
    places = summarise(done.summary, home, since, as_json)
    # What comes of somebody's own documents, nobody can plan.
    surprises = [
        trouble.url
        for place in places
        for trouble in place.troubles
        if documents is None and done.planned.get(trouble.url) != trouble.outcome
    ]
    for url in surprises:
        click.echo(f"not as planned: {url}", err=True)
    if not as_json:
        command = f"GKCRAWL_HOME={home} {sys.argv[0]}"
        if not surprises and any(place.troubles for place in places):
            click.echo("\nWhat gave nothing was made so, to show how it is told.")
        click.echo(f"Log:     {done.log}")
        click.echo(f"Verify:  {command} verify")
        click.echo(f"Browse:  {command} serve      then open http://127.0.0.1:8001/")
    sys.exit(done.summary.exit_code or bool(surprises))
