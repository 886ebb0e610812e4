"""Showing the archive: ``gkcrawl serve`` and ``gkcrawl replay install``."""

import signal
import sys
import webbrowser
from typing import TYPE_CHECKING

import click

from gkcrawl.exits import INTERRUPTED
from gkcrawl.home import home_folder, open_catalog

if TYPE_CHECKING:
    from gkcrawl.web.replay.whole import Whole


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option(
    "--replay-port", type=click.IntRange(1, 65535), help="Of full replay.  [default: port + 1]"
)
@click.option(
    "--base-url",
    default="/",
    show_default=True,
    help="Path prefix behind a proxy, or the whole public address.",
)
@click.option("--replay-url", help="Public address of full replay, a host of its own.")
@click.option("--open", "opening", is_flag=True, help="Open a browser.")
def serve(
    host: str,
    port: int,
    replay_port: int | None,
    base_url: str,
    replay_url: str | None,
    opening: bool,
) -> None:
    """Browse the catalog: Datasette with gkcrawl's pages, and replay of what is archived.

    Ctrl-C ends it. Full replay, with the scripts of the pages, has a port and a host name of its
    own and is there once `gkcrawl replay install` was run.
    """
    from gkcrawl.web.serve import Place, full_replay  # Datasette is slow to import.
    from gkcrawl.web.serve import serve as run

    home = home_folder()
    open_catalog(home).close()
    place = Place(host, port, replay_port or port + 1, base_url, replay_url)
    try:
        full_replay(home, place)
    except ValueError as error:
        raise click.UsageError(str(error)) from error

    def started(address: str, full: "Whole | None") -> None:
        click.echo(f"Catalog: {address}", err=True)
        click.echo(f"Full replay: {full.origin if full else _why_not(replay_url)}", err=True)
        click.echo("Ctrl-C ends it.", err=True)
        if opening:
            webbrowser.open(address)

    if run(home, place, started=started) == signal.SIGINT:
        sys.exit(INTERRUPTED)


def _why_not(replay_url: str | None) -> str:
    from gkcrawl.web.replay.viewer import installed

    if installed(home_folder()) is None:
        return "not installed (gkcrawl replay install); pages are shown without their scripts"
    return f"off: it needs a host name of its own (--replay-url), not {replay_url or 'this one'}"


@click.group()
def replay() -> None:
    """Set up full replay of archived pages."""


@replay.command()
@click.option("--from", "source", help="Address or file of the package, such as one of a mirror.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def install(source: str | None, yes: bool) -> None:
    """Fetch ReplayWeb.page, which shows archived pages with their scripts, into the archive.

    It is the work of others under the AGPL-3.0-or-later, no part of gkcrawl, and is asked from the
    npm registry in the one version that is known by its SHA-256.
    """
    from gkcrawl.web.replay import viewer

    where = source or viewer.ADDRESS
    click.echo(
        f"ReplayWeb.page {viewer.VERSION} by Webrecorder, from {where}\n"
        "Licence: GNU Affero General Public License 3.0 or later. Whoever lets others use it over\n"
        "a network has to offer them its source: https://github.com/webrecorder/replayweb.page",
        err=True,
    )
    if not yes:
        click.confirm("Install it?", abort=True, err=True)
    click.echo(str(viewer.install(home_folder(), where)))
