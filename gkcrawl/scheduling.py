"""The schedule on the command line: what is due, why, and units that fetch it every night."""

import getpass
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from urllib.parse import urlsplit

import click

from archive.catalog import Catalog
from archive.deadlines import CHINA
from archive.records import timestamp
from gkcrawl.home import home_folder
from gkcrawl.output import as_json, print_json, print_table
from gkcrawl.portals import spider_names
from gkcrawl.schedule import histories, printing
from gkcrawl.schedule.agenda import Turn, agenda, by_spider, turn, units, visits_of
from gkcrawl.schedule.deciding import VISITED, Due, Past, Step, due, steps
from gkcrawl.schedule.rules import Rules, load_rules

_SHOWN = 10
"""Captures that are explained."""


@click.group(invoke_without_command=True)
@click.option("--spider", "spiders", multiple=True, help="Only this spider; may be repeated.")
@click.option("--hosts", is_flag=True, help="A line for each host.")
@as_json
@click.pass_context
def schedule(ctx: click.Context, spiders: tuple[str, ...], hosts: bool, as_json: bool) -> None:
    """Say what is due now, and when the rest will be.

    `gkcrawl crawl --due` fetches it. The rules stand in config/schedule.yml.
    """
    if ctx.invoked_subcommand is not None:
        return
    rules = load_rules()
    with connected(home_folder()) as connection:
        now = datetime.now(UTC) + rules.ahead
        turns = agenda(connection, known(spiders), now, rules)
    if as_json:
        print_json([turn_row(one) for one in turns])
    elif hosts:
        columns = ("spider", "host", "due", "next", "requests", "why")
        print_table([turn_row(one) for one in turns], {name: name for name in columns})
    else:
        columns = ("spider", "hosts", "due", "requests", "next", "why")
        rows = [_spider_row(name, own) for name, own in by_spider(turns).items()]
        print_table(rows, {name: name for name in columns})


@schedule.command()
@click.argument("url")
@as_json
def explain(url: str, as_json: bool) -> None:
    """Say when a page was fetched, when it will be again, and why.

    Of a page that leads to reports it is the visit to its portal that counts; every visit reads it.
    """
    rules, now = load_rules(), datetime.now(UTC)
    with connected(home_folder()) as connection:
        told = explanation(connection, url, now, rules)
    if as_json:
        print_json(told)
    else:
        for line in explained(told):
            click.echo(line)
    if not (told["captures"] or told["visits"]):
        sys.exit(1)


@schedule.command("print")
@click.argument("what", type=click.Choice(["systemd", "cron", "github"]))
@click.option("--spiders", metavar="NAME[,NAME]", help="Only these spiders.")
@click.option(
    "--at",
    type=click.DateTime(["%H:%M"]),
    default="22:30",
    show_default=True,
    help="When, in China's time.",
)
@click.option(
    "-o",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Write the files into this folder.",
)
def print_(what: str, spiders: str | None, at: datetime, folder: Path | None) -> None:
    """Print units that run `gkcrawl crawl --due` every night. Nothing is installed.

    systemd: a service, its timer and its environment; cron: lines of a crontab; github: a workflow.
    """
    named = tuple(name.strip() for name in (spiders or "").split(",") if name.strip())
    if named:
        known(named)
    try:
        files = getattr(printing, what)(_job(named, at.time()))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for name, text in files.items():
        if folder is not None:
            path = folder / name
            # What runs the crawl may hold a password among its variables.
            path.touch(0o600 if name.endswith(".env") else 0o644)
            path.write_text(text, "utf-8")
            click.echo(folder / name)
        else:
            click.echo(text)


def known(spiders: Sequence[str]) -> list[str]:
    """Return the spiders that are named, all if none is; raises UsageError for an unknown one."""
    there = spider_names()
    if unknown := [name for name in spiders if name not in there]:
        raise click.UsageError(f"no spider {unknown[0]!r} (there are: {', '.join(there)})")
    return list(spiders) or there


@contextmanager
def connected(home: Path) -> Iterator[Connection | None]:
    """Give a connection to the catalog for reading; None where there is none yet."""
    path = home / "catalog.db"
    if not path.exists():
        yield None
        return
    with Catalog(path, readonly=True) as catalog:
        yield catalog.db.conn


def turn_row(one: Turn) -> dict[str, Any]:
    """Return a turn as it is printed: times as ISO 8601 in UTC."""
    return {
        "spider": one.unit.spider,
        "host": one.unit.host or None,
        "portals": [portal.code for portal in one.unit.portals],
        "due": one.due.due,
        "next": timestamp(one.due.next),
        "why": one.due.why,
        "for": one.kind,
        "last": timestamp(one.last) if one.last else None,
        "requests": one.requests,
    }


def _spider_row(name: str, turns: Sequence[Turn]) -> dict[str, Any]:
    waiting = [one for one in turns if one.due]
    first = min(turns, key=lambda one: (not one.due, one.waiting_since))
    return {
        "spider": name,
        "hosts": len(turns),
        "due": len(waiting),
        "requests": sum(one.requests for one in waiting),
        "next": "now" if waiting else in_china(first.due.next),
        "why": f"{first.unit.host}: {first.due.why}".removeprefix(": "),
    }


def explanation(
    connection: Connection | None, url: str, now: datetime, rules: Rules
) -> dict[str, Any]:
    """Return what is known of a page: ``captures`` and ``visits`` (to its portals) with what each
    did to the span, and ``due``, ``next`` and ``why``, which are None where nothing asks for it."""
    past = histories.page(connection, url) if connection else None
    host = urlsplit(url).netloc
    visits = []
    for unit in units(spider_names()) if host else ():
        if unit.host != host:
            continue
        found = visits_of(connection, unit, rules) if connection else []
        row = turn_row(turn(connection, unit, now + rules.ahead, rules))
        visits.append(row | {"visits": _step_rows(steps(Past("listing", found), rules))})
    answer: Due | None = None
    if past and past.page_class not in VISITED:
        answer = due(past, now, rules)
    return {
        "url": url,
        "class": past.page_class if past else None,
        "captures": _step_rows(steps(past, rules)) if past else [],
        "due": answer.due if answer else None,
        "next": timestamp(answer.next) if answer else None,
        "why": answer.why if answer else None,
        "visits": visits,
    }


def _step_rows(history: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "at": timestamp(step.seen.at),
            "outcome": step.seen.outcome,
            "effect": step.effect,
            "span_days": round(step.span.total_seconds() / 86400, 2),
        }
        for step in history
    ]


def explained(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield an explanation in words."""
    yield f"{told['url']}  ({told['class'] or 'never captured'})"
    yield from _history_lines(told["captures"])
    if told["why"]:
        yield f"  {_answer(told)}"
    for visit in told["visits"]:
        yield f"{visit['spider']}, {visit['host']}: {_answer(visit)}"
        yield from _history_lines(visit["visits"])
    if not told["visits"]:
        yield "No portal of config/portals/ is on this host."


def _answer(told: Mapping[str, Any]) -> str:
    when = in_china(datetime.fromisoformat(told["next"]))
    return f"due: {told['why']}" if told["due"] else f"not due until {when}: {told['why']}"


def _history_lines(history: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if len(history) > _SHOWN:
        yield f"  … {len(history) - _SHOWN} earlier ones"
    for step in history[-_SHOWN:]:
        at = in_china(datetime.fromisoformat(step["at"]))
        span = f"{step['span_days']:g}"
        yield f"  {at}  {step['outcome'] or 'captured'}: {step['effect']}, span {span} days"


def in_china(moment: datetime) -> str:
    """Return a moment as people in China write it."""
    return f"{moment.astimezone(CHINA):%F %H:%M} (UTC+8)"


def _job(spiders: Sequence[str], at: time) -> printing.Job:
    beside = Path(sys.executable).with_name("gkcrawl")
    own = {name: value for name, value in sorted(os.environ.items()) if value}
    return printing.Job(
        program=beside if beside.exists() else Path(sys.argv[0]).absolute(),
        home=home_folder().absolute(),
        folder=Path.cwd(),
        user=getpass.getuser(),
        at=at,
        spiders=spiders,
        environment={
            name: value
            for name, value in own.items()
            if name.startswith("GKCRAWL_") and name != "GKCRAWL_HOME"
        },
    )
