"""``gkcrawl backup``: a copy of the archive, made while crawls go on."""

import os
from dataclasses import asdict
from pathlib import Path

import click

from archive.backup import BackupError, back_up
from gkcrawl.home import home_folder
from gkcrawl.output import as_json, print_json
from gkcrawl.progress import progress


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@as_json
def backup(folder: Path, as_json: bool) -> None:
    """Copy the archive to FOLDER, or bring the copy there up to it.

    Crawls may go on meanwhile. Finished files are copied once; so the second backup takes as long
    as what is new. With the archive go what reviewers said and, where GKCRAWL_CONFIG names one, the
    folder of configuration. The copy is an archive: GKCRAWL_HOME=FOLDER opens it.
    """
    config = os.environ.get("GKCRAWL_CONFIG")
    try:
        with progress("backup", None, size=True) as advance:
            copied = back_up(home_folder(), folder, Path(config) if config else None, advance)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(asdict(copied))
    else:
        click.echo(f"{copied.files} files copied, {copied.bytes} bytes; {copied.same} stood there")
