"""What does not hold in the reports, and what reviewers say of it: ``checks`` and ``verdict``."""

from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Any, get_args

import click

from archive.catalog import Catalog
from archive.catalog.verdicts import (
    FAILS,
    HOLDS,
    Said,
    Verdict,
    Wanted,
    has_check,
    has_report,
    judgements,
)
from archive.records import CheckStatus, FindingStatus, timestamp
from gkcrawl.home import home_folder, open_catalog
from gkcrawl.output import as_json, print_json, print_table

_STATUSES = {"fail": FAILS, "hold": HOLDS, "all": None}
_CHOICES = dict.fromkeys((*_STATUSES, *get_args(CheckStatus), *get_args(FindingStatus)))
_COLUMNS = ("report_id", "check_id", "status", "left", "right", "culprit", "verdict", "message")


@click.command()
@click.option(
    "--status",
    "wanted",
    type=click.Choice([*_CHOICES]),
    default="fail",
    show_default=True,
    help="fail and hold: findings of that sense too.",
)
@click.option("--rule", metavar="ID", help="Only this check; * stands for anything: chain.*")
@click.option(
    "--source",
    type=click.Choice(("identity", "finding", "evaluation")),
    help="Only sums of the form, only findings, or only evaluations.",
)
@click.option("--report", metavar="ID", help="Only this report.")
@click.option("--year", type=int, help="The year that the reports are for.")
@click.option(
    "--verdict",
    type=click.Choice(("open", "confirmed", "dismissed")),
    help="open: nobody judged it, or the values have changed since.",
)
@click.option("--limit", type=click.IntRange(min=1), help="So many at most.")
@as_json
def checks(
    wanted: str,
    rule: str | None,
    source: str | None,
    report: str | None,
    year: int | None,
    verdict: Wanted | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """List what does not hold in the reports, with what reviewers said of it.

    The identities of the form (勾稽关系), text against tables, the day of publication, sections,
    last year's figures and text, the sum of a place's organs. See docs/checks.md.
    """
    with open_catalog() as catalog:
        _refuse_unknown(catalog.db.conn, report, rule)
        rows = judgements(
            catalog.db.conn,
            statuses=_STATUSES.get(wanted, (wanted,)),
            check_id=rule,
            source=source,
            report_id=report,
            year=year,
            verdict=verdict,
            limit=limit,
        )
    if as_json:
        print_json(rows)
        return
    marked = (row | {"verdict": _marked(row)} for row in rows)
    nothing = "nothing fails" if wanted == "fail" else f"nothing found with the status {wanted}"
    print_table(list(marked), {name: name for name in _COLUMNS}, nothing=nothing)


def _refuse_unknown(connection: Connection, report: str | None, rule: str | None) -> None:
    """Say so where the catalog does not know a report or a check: that is no empty list."""
    if report is not None and not has_report(connection, report):
        raise click.ClickException(f"the catalog has no report {report!r}")
    if rule is not None and not has_check(connection, rule):
        raise click.ClickException(f"no report was held against a check {rule!r}")


def _marked(row: dict[str, Any]) -> str | None:
    return f"{row['verdict']} (outdated)" if row["outdated"] else row["verdict"]


@click.command()
@click.argument("report_id", metavar="REPORT")
@click.argument("check_id", metavar="CHECK")
@click.argument("said", type=click.Choice(("confirmed", "dismissed")), metavar="VERDICT")
@click.option("--note", help="Why, in a few words.")
@click.option("--by", metavar="NAME", help="Who says so.")
@as_json
def verdict(
    report_id: str, check_id: str, said: Said, note: str | None, by: str | None, as_json: bool
) -> None:
    """Confirm or dismiss what a check says of a report.

    VERDICT is confirmed (it is so) or dismissed (it is not, or does not matter). It is kept in
    verdicts.jsonl beside the catalog, with the values as they stand now; the newest verdict on a
    check counts. It is shown as outdated when the report is read with other values.
    """
    home = home_folder()
    open_catalog(home).close()
    with Catalog(home / "catalog.db") as catalog:
        found = judgements(catalog.db.conn, statuses=None, report_id=report_id)
        row = next((row for row in found if row["check_id"] == check_id), None)
        if row is None:
            raise click.ClickException(_unknown(report_id, check_id, found))
        values = {name: row[name] for name in ("status", "left", "right")}
        now = timestamp(datetime.now(UTC))
        catalog.add_verdict(
            Verdict(report_id, check_id, said, now, **values, note=note, reviewer=by)
        )
        (judged,) = judgements(
            catalog.db.conn, statuses=None, report_id=report_id, check_id=check_id
        )
    if as_json:
        print_json(judged)
    else:
        click.echo(f"{report_id} {check_id} ({judged['status']}): {judged['verdict']}")


def _unknown(report_id: str, check_id: str, found: list[dict[str, Any]]) -> str:
    if not found:
        return f"the catalog has no report {report_id!r} with checks (find ids: gkcrawl checks)"
    failed = [row["check_id"] for row in found if row["status"] in FAILS]
    told = f"; what fails there: {', '.join(failed)}" if failed else ""
    return f"report {report_id} has no check {check_id!r}{told}"
