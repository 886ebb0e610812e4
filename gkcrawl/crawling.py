"""``gkcrawl crawl``: spiders one after the other, or side by side, and what came of it."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.records import timestamp
from gkcrawl import duecrawl, harvest
from gkcrawl.crawl.runner import Summary
from gkcrawl.crawl.runner import crawl as run_spiders
from gkcrawl.home import home_folder, open_catalog
from gkcrawl.monitoring.report import lines_of
from gkcrawl.notifying import told_of
from gkcrawl.output import as_json, print_json
from gkcrawl.portals import load_portals, read_portals, spider_names

_WORDS = {
    "captures": "responses kept",
    "reports": "reports",
    "versions": "versions",
    "failures": "failed tries",
}


@click.command()
@click.argument("spiders", nargs=-1, metavar="[SPIDER...]")
@click.option("--due", is_flag=True, help="Only portals that have anything due; of all spiders.")
@click.option("--wait", is_flag=True, help="With --due: wait for a crawl that runs already.")
@click.option("--year", type=int, help="Only reports for this year.")
@click.option("--only", metavar="CODE_OR_HOST", help="Only this portal.")
@click.option(
    "--portals",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another portals file.",
)
@click.option("--seeds", metavar="URL[,URL]", help="Fetch these pages instead of looking for any.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting.")
@as_json
def crawl(
    spiders: tuple[str, ...],
    due: bool,
    wait: bool,
    year: int | None,
    only: str | None,
    portals: Path | None,
    seeds: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Crawl provinces, one after the other, and say what came of it.

    The same as `scrapy crawl SPIDER` for each. What was captured before and is not due again is
    left alone, so a crawl that was stopped goes on when it is started again.

    With --due only the portals are visited that `gkcrawl schedule` calls due, within the budget of
    config/schedule.yml, and as many spiders at a time as that says.
    """
    if not (spiders or due):
        raise click.UsageError("name a SPIDER, or give --due")
    if due and (only or portals or seeds):
        raise click.UsageError("--due chooses the portals: give no --only, --portals or --seeds")
    _check_portals(spiders, portals)
    wanted = {"year": year, "only": only, "portals": portals, "seeds": seeds}
    arguments = {name: str(value) for name, value in wanted.items() if value is not None}
    if wrong := [pair for pair in settings if "=" not in pair]:
        raise click.UsageError(f"-s {wrong[0]}: expected NAME=VALUE")
    pairs = dict(pair.split("=", 1) for pair in settings)
    home, since = home_folder(), timestamp(datetime.now(UTC))
    with told_of(home) as come:
        if due:
            # Nobody looks on: what it says belongs to the archive.
            pairs = {"GKCRAWL_LOGS": str(home.absolute() / "logs")} | pairs
            summary = duecrawl.crawl_due(
                spiders, home, arguments=arguments, settings=pairs, wait=wait, quiet=as_json
            )
        else:
            summary = run_spiders(spiders, home, arguments=arguments, settings=pairs)
        come(summary)
    if due and not summary.spiders and not as_json:
        return
    summarise(summary, home, since, as_json)
    if not as_json:
        click.echo("\nNext: gkcrawl status, gkcrawl verify, gkcrawl serve")
    sys.exit(summary.exit_code)


def _check_portals(spiders: Sequence[str], portals: Path | None) -> None:
    """Say what is wrong with names and portals files before a spider starts."""
    known = spider_names()
    if unknown := [name for name in spiders if name not in known]:
        raise click.UsageError(f"no spider {unknown[0]!r} (there are: {', '.join(known)})")
    for name in spiders:
        read_portals(portals) if portals else load_portals(name)


def summarise(summary: Summary, home: Path, since: str, as_json: bool) -> list[harvest.Harvest]:
    """Print what came of a crawl that began at ``since``, and return it host by host."""
    with open_catalog(home) as catalog:
        places = harvest.harvest(catalog, since)
        notices = list(catalog.notices_since(since))
    if as_json:
        hosts = [asdict(place) for place in places]
        failed = {"monitors_failed": summary.monitors_failed}
        print_json(asdict(summary) | failed | {"hosts": hosts, "notices": notices})
        return places
    for line in (*harvest.lines(places), *harvest.told(notices)):
        click.echo(line)
    added = ", ".join(f"{count} {_WORDS[name]}" for name, count in summary.new.items())
    click.echo(f"\nNew: {added}")
    for name, code in summary.spiders.items():
        if code:
            click.echo(f"{name}: failed with exit status {code}", err=True)
    for line in lines_of(summary.monitors):
        click.echo(line, err=True)
    return places
