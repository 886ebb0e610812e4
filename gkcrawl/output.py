"""How the commands print what they found: JSON for programs, tables for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_table(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, nothing: str | None = None
) -> None:
    """Print rows as a table; ``columns`` maps keys to headings. Nothing is cut off in a pipe.

    ``nothing``: what is said on stderr where there are no rows, in place of the headings alone.
    """
    if nothing and not rows:
        click.echo(nothing, err=True)
        return
    table = Table(*columns.values(), box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*("" if row[key] is None else str(row[key]) for key in columns))
    width = None if sys.stdout.isatty() else 10_000
    Console(width=width, highlight=False).print(table)
