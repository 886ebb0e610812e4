"""``gkcrawl status``: what ran, what is missing, what is broken, what to do next, in one screen."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.catalog import overview
from archive.catalog.coverage import Row
from gkcrawl.home import home_folder, open_catalog
from gkcrawl.monitoring import verified
from gkcrawl.monitoring.report import remedy
from gkcrawl.output import as_json, print_json

_RUNS, _TROUBLES, _STEPS, _NAMES = 5, 5, 5, 3
"""Lines of each kind, names in a line."""
_GIB = 2**30
_STALE = 30
"""Days after which an archive is to be verified again."""


@click.command()
@click.option("--year", type=click.IntRange(1, 9998), help="Reports for this year are missed.")
@click.option("--province", metavar="NAME", help="Only 云南省, 530000 or the spider yunnan.")
@click.option("--counts", is_flag=True, help="What the catalog holds, counted.")
@click.option("--prometheus", is_flag=True, help="The same as text for Prometheus.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --prometheus: into this file, at once, for node_exporter.",
)
@as_json
def status(
    year: int | None,
    province: str | None,
    counts: bool,
    prometheus: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Say what ran, what is missing, what is broken, and what to do next.

    The year is the one whose reports are looked for now, unless --year names another.
    """
    if output and not prometheus:
        raise click.UsageError("--output goes with --prometheus")
    home = home_folder()
    if prometheus:
        _prometheus(home, output)
        return
    with open_catalog(home) as catalog:
        code = _province(catalog.db.conn, province) if province else None
        wanted = year or overview.due_year(date.today())
        state = catalog.status()
        state |= overview.overview(catalog.db, wanted, province=code, recent=_RUNS)
    checked = verified.last(home)
    state["verified"] = checked and {name: getattr(checked, name) for name in _VERIFIED}
    state["disk_free"] = shutil.disk_usage(home).free
    state["next"] = list(next_steps(state, datetime.now(UTC)))
    if as_json:
        print_json(state)
    elif counts:
        _print_counts(state)
    else:
        _print(lines(state, home))


_VERIFIED = ("at", "problems", "whole")


def _prometheus(home: Path, output: Path | None) -> None:
    from gkcrawl.monitoring.metrics import exposition, measured

    with open_catalog(home) as catalog:
        text = exposition(measured(catalog.db, home))
    if output is None:
        click.echo(text, nl=False)
        return
    made = output.with_name(f".{output.name}.new")
    made.write_text(text, "utf-8")
    made.replace(output)


def _province(connection: Any, name: str) -> str:
    """Return the code of a province by code, name or spider; ClickException for anything else."""
    found = connection.execute(
        """select code from divisions where level = 'province' and :name in (code, name)
           union select province from portals where spider = :name and province is not null""",
        {"name": name},
    ).fetchone()
    if found is None:
        raise click.ClickException(f"{name!r} is no province that the catalog knows")
    return str(found[0])


def lines(state: Mapping[str, Any], home: Path) -> Iterator[str]:
    """Yield the screen; lines that end with a colon are headings."""
    captures, reports = sum(state["captures"].values()), state["reports"]["total"]
    free = state["disk_free"] / _GIB
    yield f"{home}: {captures:,} captures, {reports:,} reports, {free:,.1f} GiB free"
    yield "What ran:"
    yield from _runs(state["recent"])
    yield f"What is missing of {state['year']}:"
    yield from _missing(state)
    yield "What is broken:"
    yield from list(_broken(state)) or ["  nothing that is known"]
    yield "What to do next:"
    yield from (f"  {step}" for step in state["next"])


def _runs(runs: Sequence[Row]) -> Iterator[str]:
    if not runs:
        yield "  nothing yet"
    for run in runs:
        counts = run["counts"]
        pages, reports = counts.get("gk/exchanges", 0), counts.get("gk/outcome/report", 0)
        judged = f"{run['failed']} monitors failed" if run["failed"] else "monitors well"
        yield "  ".join(
            (
                f"  {run['started_at'][:16].replace('T', ' ')}Z  {run['spider']:<11}",
                f"{run['reason'] or 'not ended':<12}{pages:>7,} pages {reports:>6,} reports",
                judged if run["judged"] else "not judged",
            )
        )


def _missing(state: Mapping[str, Any]) -> Iterator[str]:
    found = state["coverage"]
    share = f" ({found['share']:.0%})" if found["share"] is not None else ""
    yield f"  {found['organs']:,} of {found['known']:,} known organs have a report{share}"
    behind = [row for row in found["provinces"] if row["known"] > row["organs"]]
    behind.sort(key=lambda row: row["organs"] - row["known"])
    if behind:
        told = (f"{row['province'] or '中央'} {row['organs']}/{row['known']}" for row in behind)
        yield "  most in: " + _few(list(told))
    if silent := state["portals"]["silent"]:
        names = _few([portal["name"] for portal in silent])
        yield f"  {len(silent):,} of {state['portals']['total']:,} portals gave none: {names}"


def _broken(state: Mapping[str, Any]) -> Iterator[str]:
    failed = state["monitors"]
    for one in failed[:_TROUBLES]:
        about = " ".join(part for part in (one["spider"], one["name"], one["portal"]) if part)
        seen = one["message"] or f"{one['measured']}"
        yield f"  {about}: {seen}, expected {one['expected']}"
    if len(failed) > _TROUBLES:
        yield f"  … and {len(failed) - _TROUBLES} more failed monitors"
    if outages := state["outages"]:
        hosts = _few([f"{one['host']} since {one['since'][:10]}" for one in outages])
        yield f"  {len(outages)} hosts do not answer: {hosts}"
    if pending := state["captures"].get("pending"):
        yield f"  {pending:,} captures are not read"
    checked = state["verified"]
    if checked and checked["problems"]:
        yield f"  verify found {checked['problems']:,} problems on {checked['at'][:10]}"


def next_steps(state: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """Yield what a person may do now, commands first, the most urgent at the top."""
    if not state["recent"]:
        yield "gkcrawl crawl SPIDER (gkcrawl doctor looks at this machine)"
        return
    steps = []
    if state["captures"].get("pending"):
        steps.append("gkcrawl index")
    checked = state["verified"]
    if checked and checked["problems"]:
        steps.append("gkcrawl verify --repair")
    for name in dict.fromkeys(one["name"] for one in state["monitors"]):
        steps.append(f"{name}: {remedy(name)}")
    steps = steps[: _STEPS - 1]
    if state["coverage"]["known"] > state["coverage"]["organs"]:
        steps.append(f"gkcrawl missing --year {state['year']}")
    steps.append("gkcrawl schedule")
    if checked is None or (now - datetime.fromisoformat(checked["at"])).days >= _STALE:
        steps.append("gkcrawl verify")
    yield from list(dict.fromkeys(steps))[:_STEPS]


def _few(names: Sequence[str]) -> str:
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _print(said: Iterator[str]) -> None:
    """Print lines, on a terminal cut to its width and with headings in bold."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for line in said:
            click.echo(line)
        return
    for line in said:
        style = "bold" if line.endswith(":") and not line.startswith(" ") else ""
        console.print(Text(line, style=style), no_wrap=True, overflow="ellipsis", crop=True)


def _print_counts(state: Mapping[str, Any]) -> None:
    for title, values in (
        ("captures by outcome", state["captures"]),
        ("reports by province", state["reports"]["by_province"]),
        ("reports by year", state["reports"]["by_year"]),
        ("checks by status", state["checks"]),
        ("findings by status", state["findings"]),
    ):
        click.echo(title)
        for name, count in values.items():
            click.echo(f"  {count:>7}  {name}")
