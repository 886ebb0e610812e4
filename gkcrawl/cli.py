"""The command line: thin commands over the rooms of the house.

Results go to stdout, progress and remarks to stderr. Exit status: 0 done, 1 failed, 2 usage,
3 done but monitors failed, 130 interrupted. Every reporting command has ``--json``.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import click

import gkcrawl
from archive.catalog import CatalogError
from archive.catalog.coverage import LEVELS, Asked, is_place
from archive.records import FindingStatus, timestamp
from archive.warc import WarcError
from gkcrawl import (
    check,
    differing,
    duecrawl,
    finding,
    foreign,
    harvest,
    judging,
    probing,
    scheduling,
    searching,
    serving,
)
from gkcrawl.crawl.runner import Summary
from gkcrawl.crawl.runner import crawl as run_spiders
from gkcrawl.demo import run_demo
from gkcrawl.doctor import examine
from gkcrawl.documents import NO_FILE, Document, ManifestError, manifest, read_documents
from gkcrawl.home import bring_up, home_folder, open_catalog
from gkcrawl.output import as_json, print_json, print_table
from gkcrawl.portals import (
    PortalError,
    load_portals,
    read_portals,
    spider_names,
)
from gkcrawl.schedule import ScheduleError
from gkcrawl.web.labels import WORDS

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 96}
_WORDS = {
    "captures": "responses kept",
    "reports": "reports",
    "versions": "versions",
    "failures": "failed tries",
}


class _Commands(click.Group):
    """Commands whose foreseeable troubles end with a message, not with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (CatalogError, PortalError, ScheduleError, WarcError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(gkcrawl.__version__, prog_name="gkcrawl")
def main() -> None:
    """Find, keep and read the annual reports on government information disclosure of China.

    The archive lies in the folder that GKCRAWL_HOME names (./data unless set).
    """


@main.command()
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

    With --due only the portals are visited that `gkcrawl schedule` calls due, the longest waiting
    first, within the budget of config/schedule.yml.
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
    if due:
        summary = duecrawl.crawl_due(
            spiders, home, arguments=arguments, settings=pairs, wait=wait, quiet=as_json
        )
    else:
        summary = run_spiders(spiders, home, arguments=arguments, settings=pairs)
    if due and not summary.spiders and not as_json:
        return
    _summarise(summary, home, since, as_json)
    if not as_json:
        click.echo("\nNext: gkcrawl verify, gkcrawl serve")
    sys.exit(summary.exit_code)


def _check_portals(spiders: Sequence[str], portals: Path | None) -> None:
    """Say what is wrong with names and portals files before a spider starts."""
    known = spider_names()
    if unknown := [name for name in spiders if name not in known]:
        raise click.UsageError(f"no spider {unknown[0]!r} (there are: {', '.join(known)})")
    for name in spiders:
        read_portals(portals) if portals else load_portals(name)


def _summarise(summary: Summary, home: Path, since: str, as_json: bool) -> list[harvest.Harvest]:
    """Print what came of a crawl that began at ``since``, and return it host by host."""
    with open_catalog(home) as catalog:
        places = harvest.harvest(catalog, since)
        notices = list(catalog.notices_since(since))
    if as_json:
        hosts = [asdict(place) for place in places]
        print_json(asdict(summary) | {"hosts": hosts, "notices": notices})
        return places
    for line in (*harvest.lines(places), *harvest.told(notices)):
        click.echo(line)
    added = ", ".join(f"{count} {_WORDS[name]}" for name, count in summary.new.items())
    click.echo(f"\nNew: {added}")
    for name, code in summary.spiders.items():
        if code:
            click.echo(f"{name}: failed with exit status {code}", err=True)
    if summary.monitors_failed:
        click.echo(f"{summary.monitors_failed} portals gave fewer reports than expected", err=True)
    return places


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--url", help="Where the document came from.")
@click.option(
    "--manifest",
    "listed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Read the files listed here: a line each of {"file", "url", "media_type"}.',
)
def read(files: tuple[Path, ...], url: str | None, listed: Path | None) -> None:
    """Read documents and print one JSON object each, in the order given.

    HTML pages, plain text, PDF, Word and WPS, Excel, RTF, OFD, MHTML, ZIP with one of them, and
    WARC files (an object for each page in it).
    """
    documents = [Document(file, url) for file in files]
    try:
        if listed is not None:
            documents += manifest(listed)
    except ManifestError as error:
        raise click.ClickException(str(error)) from error
    if not documents:
        raise click.UsageError("name a FILE or a --manifest")
    failed = False
    for found in read_documents(documents):
        failed |= found["reason"] == NO_FILE
        print_json(found)
    sys.exit(1 if failed else 0)


@main.command()
@click.argument(
    "warcs", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[WARC...]"
)
@click.option("--rebuild", is_flag=True, help="Make the catalog anew from the WARC files alone.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True)
@as_json
def index(warcs: tuple[Path, ...], rebuild: bool, jobs: int, as_json: bool) -> None:
    """Read the archive's WARC files into the catalog; doing it twice changes nothing."""
    counts = bring_up(home_folder(), rebuild=rebuild, jobs=jobs, warcs=warcs)
    if as_json:
        print_json(counts)
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))


@main.command()
@as_json
def status(as_json: bool) -> None:
    """Say what the catalog holds and how the last runs went."""
    state = open_catalog().status()
    if as_json:
        print_json(state)
        return
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
    if last := state["last_run"]:
        ended = f"ended {last['ended_at']} ({last['reason']})" if last["ended_at"] else "not ended"
        click.echo(f"last run: {last['spider']}, started {last['started_at']}, {ended}")


@main.command()
@click.option(
    "--year", type=click.IntRange(1, 9998), required=True, help="The year that the reports are for."
)
@click.option("--place", metavar="CODE", help="A division and all beneath it, e.g. 530000.")
@click.option("--level", type=click.Choice(LEVELS), help="Only organs of this level.")
@click.option("--kind", type=click.Choice([*WORDS["kind"]]), help="Only organs of this kind.")
@as_json
def missing(
    year: int, place: str | None, level: str | None, kind: str | None, as_json: bool
) -> None:
    """List organs and portals of which no report for a year is known, and why."""
    catalog = open_catalog()
    if place is not None and not is_place(catalog.db.conn, place):
        raise click.ClickException(f"no division, organ or portal is known of the place {place!r}")
    rows = catalog.missing(year, Asked(place=place, level=level, kind=kind))
    if as_json:
        print_json(rows)
    else:
        columns = {"division_code": "code", "name": "name", "reason": "why"}
        columns |= {"years": "years there are"}
        print_table(rows, columns, nothing="nothing that is known is missing")


@main.command()
@click.option(
    "--status",
    "wanted",
    type=click.Choice([*get_args(FindingStatus), "all"]),
    default="conflict",
    show_default=True,
)
@click.option("--year", type=int, help="The year that the reports are for.")
@as_json
def findings(wanted: str, year: int | None, as_json: bool) -> None:
    """List reports whose text and tables differ (文表不符), or that lack or doubt something."""
    rows = open_catalog().findings(None if wanted == "all" else wanted, year=year)
    if as_json:
        print_json(rows)
    else:
        columns = ("report_id", "finding_id", "status", "left", "right", "message")
        print_table(rows, {name: name for name in columns}, nothing=f"nothing found: {wanted}")


@main.command()
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Show the texts 000.txt … 004.txt of this folder in the five main pages.",
)
@as_json
def demo(documents: Path | None, as_json: bool) -> None:
    """Crawl a small web of portals that gkcrawl brings along, on this machine only.

    The archive goes to ./demo-data unless GKCRAWL_HOME is set.
    """
    home, since = home_folder("demo-data"), timestamp(datetime.now(UTC))
    click.echo(f"crawling the embedded portals into {home} …", err=True)
    done = run_demo(home, documents)
    places = _summarise(done.summary, home, since, as_json)
    # What comes of somebody's own documents, nobody can plan.
    surprises = [
        trouble.url
        for place in places
        for trouble in place.troubles
        if documents is None and done.planned.get(trouble.url) != trouble.outcome
    ]
    for url in surprises:
        click.echo(f"not as planned: {url}", err=True)
    if not as_json:
        command = f"GKCRAWL_HOME={home} {sys.argv[0]}"
        if not surprises and any(place.troubles for place in places):
            click.echo("\nWhat gave nothing was made so, to show how it is told.")
        click.echo(f"Log:     {done.log}")
        click.echo(f"Verify:  {command} verify")
        click.echo(f"Browse:  {command} serve      then open http://127.0.0.1:8001/")
    sys.exit(done.summary.exit_code or bool(surprises))


@main.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say whether this machine is fit to crawl, and what to do where it is not."""
    findings = list(examine(home_folder()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        print_table(
            [asdict(f) for f in findings], {k: k for k in ("name", "level", "message", "remedy")}
        )
    sys.exit(1 if any(finding.level == "error" for finding in findings) else 0)


main.add_command(check.verify)
main.add_command(differing.diff)
main.add_command(finding.columns)
main.add_command(foreign.import_)
main.add_command(foreign.export)
main.add_command(judging.checks)
main.add_command(judging.verdict)
main.add_command(probing.probe)
main.add_command(probing.new_portal)
main.add_command(probing.new_province)
main.add_command(scheduling.schedule)
main.add_command(searching.search)
main.add_command(serving.replay)
main.add_command(serving.serve)


if __name__ == "__main__":
    main()
