"""``gkcrawl export csv``, ``parquet``, ``jsonl`` and ``site``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from gkcrawl.exporting import offers
from gkcrawl.exporting.export import Asked, BadRequest, Progress, export
from gkcrawl.exporting.formats import NoParquet
from gkcrawl.exporting.resources import RESOURCES
from gkcrawl.exporting.source import BadCondition
from gkcrawl.home import home_folder, open_catalog
from gkcrawl.output import as_json, print_json
from gkcrawl.progress import progress

_where = click.option("--where", metavar="SQL", help="Only these reports, e.g. year = 2024.")
_table = click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    type=click.Choice(list(RESOURCES)),
    help="Only this table; may be repeated.  [default: what panels are made of]",
)


def _output(endings: str) -> Callable[[Any], Any]:
    return click.option(
        "-o",
        "--output",
        "out",
        type=click.Path(path_type=Path),
        help=f"A folder, or a file ending in {endings}.  [default: where /data offers it]",
    )


@click.command()
@_table
@_where
@click.option("--excel", is_flag=True, help="For spreadsheets: byte order mark, no formulas.")
@_output(".zip or, of one table, .csv")
@as_json
def csv(
    tables: tuple[str, ...], where: str | None, excel: bool, out: Path | None, as_json: bool
) -> None:
    """Write tables as CSV, described by a datapackage.json."""
    _export(Asked("csv", tables, where, excel), out, as_json)


@click.command()
@_table
@_where
@_output(".zip or, of one table, .parquet")
@as_json
def parquet(tables: tuple[str, ...], where: str | None, out: Path | None, as_json: bool) -> None:
    """Write tables as Parquet, described by a datapackage.json; needs gkcrawl[parquet]."""
    _export(Asked("parquet", tables, where), out, as_json)


@click.command()
@_where
@_output(".zip, .jsonl or .jsonl.gz")
@as_json
def jsonl(where: str | None, out: Path | None, as_json: bool) -> None:
    """Write whole reports, a JSON object a line, as `gkcrawl read` prints them."""
    _export(Asked("jsonl", (), where), out, as_json)


@click.command()
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write.",
)
def site(out: Path) -> None:
    """Write a copy of the catalog to publish: compact, unchanging, with downloads.

    It is served by `gkcrawl serve` with GKCRAWL_HOME naming it, or by `datasette serve
    --immutable`; what to do stands in its README. Archived pages (warc/) are not in it.
    """
    from gkcrawl.exporting.site import write_site  # It needs Datasette's settings, slow to import.

    home = home_folder()
    open_catalog(home).close()
    with _plainly(), _told() as told:
        write_site(home / "catalog.db", out, told)
    click.echo(f"{out}: GKCRAWL_HOME={out} gkcrawl serve", err=True)


COMMANDS = (csv, parquet, jsonl, site)


def _export(asked: Asked, out: Path | None, as_json: bool) -> None:
    home = home_folder()
    open_catalog(home).close()
    path = out or offers.default_path(home, asked)
    offered = offers.is_offered(home, path)
    with _plainly(), _told() as told:
        if offered:
            offers.withdraw(path)
        exported = export(home / "catalog.db", asked, path, told)
        if offered:
            offers.offer(asked, exported)
    if as_json:
        names = ("name", "path", "format", "rows", "bytes", "digest")
        files = [{name: getattr(file, name) for name in names} for file in exported.files]
        print_json({"path": str(path), "as_of": exported.as_of, "files": files})
    else:
        rows = sum(file.rows for file in exported.files)
        click.echo(f"{path}: {rows:,} rows in {len(exported.files)} files", err=True)


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what a person asked wrongly into a message."""
    try:
        yield
    except (BadCondition, BadRequest) as error:
        raise click.UsageError(str(error)) from error
    except NoParquet as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _told() -> Iterator[Progress]:
    """Give what tells how many rows of an export are written."""
    with progress("export", None) as advance:
        yield lambda _, rows: advance(rows)
