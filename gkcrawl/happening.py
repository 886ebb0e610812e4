"""``gkcrawl changes``: what happened to reports and sites, for the terminal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from archive.catalog.events import Wanted, events
from archive.watching.events import EVENT_KINDS, EventKind
from gkcrawl.home import open_catalog
from gkcrawl.output import as_json, print_json, print_table

_COLUMNS = {
    "confirmed_at": "certain since",
    "kind": "what",
    "report_id": "report",
    "url": "where",
    "message": "how",
}


@click.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only what was confirmed on this day (UTC) or later.",
)
@click.option("--kind", type=click.Choice(EVENT_KINDS), help="Only events of this kind.")
@click.option("--host", help="Only events of this host, e.g. www.yn.gov.cn.")
@click.option("--silent", is_flag=True, help="Only numbers changed without a word on it.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@as_json
def changes(
    since: datetime | None,
    kind: EventKind | None,
    host: str | None,
    silent: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List what happened to reports after they were first seen, newest first.

    Changed numbers and texts, removals, returns, moves; of whole sites moves, swaps of the
    template, outages. Only what was confirmed: a change by a second fetch, a removal by several
    tries over two weeks.
    """
    wanted = Wanted(
        kinds=(kind,) if kind else EVENT_KINDS,
        host=host,
        silent=silent,
        since=since.date().isoformat() if since else None,
    )
    rows = events(open_catalog().db.conn, wanted, limit)
    if as_json:
        print_json(rows)
    else:
        print_table([_line(row) for row in rows], _COLUMNS, nothing="nothing happened")


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as a line: the day and minute are enough for a person."""
    return {**row, "confirmed_at": row["confirmed_at"][:16].replace("T", " ")}
