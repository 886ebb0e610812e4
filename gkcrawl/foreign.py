"""To and from other archives: ``gkcrawl import`` and ``gkcrawl export``."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

import gkcrawl
from archive.warc import WarcError, recover
from archive.warc.importing import Imported, LocalDocument, import_documents, import_file
from archive.warc.wacz import Page, write_wacz
from gkcrawl.exporting.commands import COMMANDS
from gkcrawl.exporting.source import BadCondition, check
from gkcrawl.home import bring_up, home_folder, open_catalog
from gkcrawl.output import as_json, print_json
from gkcrawl.progress import progress

SOFTWARE = f"gkcrawl/{gkcrawl.__version__}"
_PAGES = """
    select r.id, c.url, c.captured_at, c.warc, r.title, r.text
    from (select * from reports where (
{where}
    )) r join captures c on c.id = r.capture_id
    order by r.id"""


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE...",
)
@click.option("--url", help="FILE is a document, which came from here.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True)
@as_json
def import_(files: tuple[Path, ...], url: str | None, jobs: int, as_json: bool) -> None:
    """Take in what others archived: WARC files of any make, WACZ files, or a document with --url.

    The reports in them are read into the catalog. Importing twice changes nothing. Exit status 1
    where a file was damaged, not what its checksum or its digests say, or none: what is whole in it
    is taken in all the same.
    """
    if url is not None and len(files) > 1:
        raise click.UsageError("--url is of one FILE")
    home = home_folder()
    if url is not None:
        document = LocalDocument(files[0], url)
        taken, failed = list(import_documents(home, [document], software=SOFTWARE)), False
    else:
        taken, failed = _taken(home, files)
    counts = bring_up(home, jobs=jobs, warcs=[done.warc for done in taken]) if taken else {}
    if as_json:
        told = [asdict(done) | {"warc": done.warc.name} for done in taken]
        print_json(counts | {"files": told})
    else:
        for done in taken:
            known = "there already, in " if done.known else ""
            click.echo(f"{done.source}: {known}{done.warc.name}")
            for message in done.damage:
                click.echo(f"  left out: {message}", err=True)
            for message in done.doubts:
                click.echo(f"  taken in, but: {message}", err=True)
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    sys.exit(1 if failed else 0)


def _taken(home: Path, files: tuple[Path, ...]) -> tuple[list[Imported], bool]:
    """Return what was taken in of the files, and whether anything of them was not."""
    taken: list[Imported] = []
    failed = False
    with progress("import", sum(file.stat().st_size for file in files), size=True) as advance:
        for file in files:
            try:
                for done in import_file(home, file):
                    taken.append(done)
                    failed |= bool(done.damage or done.doubts)
            except WarcError as error:
                failed = True
                click.echo(str(error), err=True)
            advance(file.stat().st_size)
    return taken, failed


@click.group()
def export() -> None:
    """Write the archive, or a part of it, in a form that other tools open."""


for command in COMMANDS:
    export.add_command(command)


@export.command()
@click.option("--where", metavar="SQL", help="Only these reports, e.g. year = 2024.")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
def wacz(where: str | None, out: Path) -> None:
    """Write a signed WACZ file, which ReplayWeb.page and pywb show.

    It holds whole WARC files: with --where those in which the chosen reports stand.
    """
    home = home_folder()
    recover(home)
    with open_catalog(home) as catalog:
        try:
            if where is not None:
                check(catalog.db.conn, where)
            rows = catalog.db.execute(_PAGES.format(where=where or "1")).fetchall()
        except BadCondition as error:
            raise click.UsageError(str(error)) from error
    pages = (Page(*row) for row in rows)
    written = write_wacz(home, out, pages, whole=where is None, software=SOFTWARE)
    click.echo(f"{out}: {written.pages} pages, {len(written.warcs)} WARC files", err=True)
    for url in written.left_out:
        click.echo(f"left out, its file is still being written: {url}", err=True)
