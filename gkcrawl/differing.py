"""``gkcrawl diff``: what an office changed in a report after it was published, for the terminal."""

import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.catalog.celldiff import CellState, ChangedCell
from archive.catalog.diff import ChangedSum, Difference, Sum
from archive.catalog.textdiff import Paragraph
from archive.catalog.versions import Comparison, compare, read_version, version_rows
from archive.records import Number
from gkcrawl.home import open_catalog
from gkcrawl.output import as_json, print_json
from gkcrawl.web.formlabels import cell_name

_RANGE = re.compile(r"([1-9]\d{0,5})\.\.([1-9]\d{0,5})")
# What a terminal would take for a command stands in no text that an office means.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTEXT = 24
"""Characters of what is the same that are shown on either side of a change."""


@click.command()
@click.argument("report")
@click.argument("versions", required=False, metavar="[A..B]")
@as_json
def diff(report: str, versions: str | None, as_json: bool) -> None:
    """Show what changed between two versions of a report: numbers, sums, dates, text.

    The last two versions unless A..B names others. What was taken out stands in [-…-], what was
    put in in {+…+}.
    """
    wanted = _wanted(versions)
    with open_catalog() as catalog:
        found = _compared(catalog.db.conn, report, wanted)
    if as_json:
        print_json(found.as_dict())
    else:
        _print(found)


def _wanted(versions: str | None) -> tuple[int, int] | None:
    if versions is None:
        return None
    match = _RANGE.fullmatch(versions)
    if match is None or int(match[1]) >= int(match[2]):
        raise click.UsageError(f"{versions}: expected A..B, two versions, the older first: 1..2")
    return int(match[1]), int(match[2])


def _compared(
    connection: sqlite3.Connection, report: str, wanted: tuple[int, int] | None
) -> Comparison:
    """Return two versions compared; raises ClickException where there are none such."""
    rows = {row["n"]: row for row in version_rows(connection, report)}
    if not rows:
        raise click.ClickException(f"there is no report {report} in the catalog")
    if len(rows) == 1:
        raise click.ClickException(f"only one version of {report} has been seen")
    chosen = wanted or tuple(sorted(rows)[-2:])
    if absent := [n for n in chosen if n not in rows]:
        raise click.ClickException(
            f"{report} has no version {absent[0]} (there are: 1 to {max(rows)})"
        )
    try:
        older, newer = (read_version(connection, rows[n]) for n in chosen)
    except LookupError as error:
        raise click.ClickException(f"{error}; run gkcrawl verify --repair") from error
    return compare(older, newer)


def _print(found: Comparison) -> None:
    console = Console(width=None if sys.stdout.isatty() else 10_000, highlight=False)
    for part in _parts(found):
        console.print(part)


def _parts(found: Comparison) -> Iterator[Text | Table]:
    changed = found.difference
    title = found.newer.document["title"] or "（原文无标题）"
    yield _plain(f"{found.newer.row['report_id']}  {title}", "bold")
    for version in (found.older, found.newer):
        yield _plain(f"  version {version.n}  seen {version.row['seen_at']}  {version.row['url']}")
    yield _verdict(found)
    if changed.cells:
        yield _table(("cell", "before", "after", "by"), map(_cell, changed.cells))
    if changed.sums:
        yield _table(("sum", "before", "after", ""), map(_sum, changed.sums))
    if rows := list(_facts(changed)):
        yield _table(("fact", "before", "after"), rows)
    if not changed.same_text:
        removed, added = changed.characters_removed, changed.characters_added
        yield _plain(f"\ntext: {removed} characters taken out, {added} put in", "bold")
        yield from map(_paragraph, (one for one in changed.paragraphs if one.kind != "same"))


def _verdict(found: Comparison) -> Text:
    changed = found.difference
    if changed.silent:
        said = f"NUMBERS CHANGED SILENTLY: {len(changed.numbers)}, and the text says nothing of it"
        return _plain(said, "bold red")
    if changed.numbers:
        told = changed.announced[0][:120]
        return _plain(f"numbers changed: {len(changed.numbers)}, as the text says: {told}", "bold")
    if changed.same:
        how = "bytes are the same" if found.same_bytes else "bytes differ, what they say does not"
        return _plain(f"nothing changed: {how}")
    return _plain("no number of a table changed")


def _cell(cell: ChangedCell) -> tuple[str, str, str, str]:
    step = "" if not cell.step else f"{cell.step:+}"
    row, column = cell_name(cell.table, cell.row, cell.column)
    return f"{row} · {column}", _state(cell.before), _state(cell.after), step


def _state(state: CellState | None) -> str:
    if state is None:
        return "no such cell"
    value = "blank" if state.value is None else str(state.value)
    return f"{value} ({state.raw})" if state.raw not in (None, "", value) else value


def _sum(one: ChangedSum) -> tuple[str, str, str, str]:
    return one.id, _sides(one.before), _sides(one.after), one.kind.replace("other", "")


def _sides(one: Sum | None) -> str:
    return "" if one is None else f"{one.status} ({_side(one.left)} | {_side(one.right)})"


def _side(value: Number | None) -> str:
    return "blank" if value is None else str(value)


def _facts(changed: Difference) -> Iterator[tuple[str, str, str]]:
    for field in changed.fields:
        yield field.name, str(field.before or "none"), str(field.after or "none")
    yield from (("attachment", url, "gone") for url in changed.attachments_gone)
    yield from (("attachment", "none", url) for url in changed.attachments_new)


def _paragraph(paragraph: Paragraph) -> Text:
    shown = Text()
    last = len(paragraph.pieces) - 1
    for n, piece in enumerate(paragraph.pieces):
        text = " ".join(_safe(piece.text).split())
        if piece.kind == "removed":
            shown.append(f"[-{text}-]", "red strike")
        elif piece.kind == "added":
            shown.append(f"{{+{text}+}}", "green underline")
        else:
            shown.append(_shortened(text, first=n == 0, last=n == last))
    return shown


def _shortened(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * _CONTEXT:
        return text
    head, tail = text[:_CONTEXT], text[-_CONTEXT:]
    return f"…{tail}" if first else f"{head}…" if last else f"{head}…{tail}"


def _table(
    columns: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]
) -> Table:
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(_plain, row))
    return table


def _plain(text: str, style: str = "") -> Text:
    return Text(_safe(text), style)


def _safe(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)
