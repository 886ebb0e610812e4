"""``gkcrawl index``: the archive's WARC files read into the catalog."""

from pathlib import Path

import click

from gkcrawl.home import bring_up, home_folder
from gkcrawl.output import as_json, print_json


@click.command()
@click.argument(
    "warcs", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[WARC...]"
)
@click.option("--rebuild", is_flag=True, help="Make the catalog anew from the WARC files alone.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--dask", metavar="ADDRESS", help="Let a Dask cluster read: tcp://HOST:8786.")
@as_json
def index(
    warcs: tuple[Path, ...], rebuild: bool, jobs: int, dask: str | None, as_json: bool
) -> None:
    """Read the archive's WARC files into the catalog; doing it twice changes nothing.

    With --dask the workers of a cluster read, which find the files under the same paths; the
    catalog is written here, and is the same.
    """
    counts = bring_up(home_folder(), rebuild=rebuild, jobs=jobs, warcs=warcs, dask=dask)
    if as_json:
        print_json(counts)
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
