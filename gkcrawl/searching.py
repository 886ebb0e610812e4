"""The command that searches the catalog."""

from typing import Any

import click

from archive.catalog.coverage import LEVELS
from archive.catalog.fulltext import PROVINCES
from archive.catalog.search import Found, Order, Question, span
from archive.catalog.snippet import mark
from gkcrawl.home import open_catalog
from gkcrawl.output import as_json, print_json
from gkcrawl.web.labels import WORDS

Span = tuple[int | None, int | None]


def _years(_: click.Context, __: click.Parameter, text: str | None) -> Span:
    found = span(text or "")
    if found is None:
        raise click.BadParameter(f"{text!r} is no year: expected 2024, 2020-2024, 2020- or -2024")
    return found


@click.command()
@click.argument("query", default="")
@click.option("--province", type=click.Choice(PROVINCES), metavar="NAME", help="In full: 云南省.")
@click.option("--year", "years", callback=_years, metavar="YEARS", help="2024, 2020-2024, 2020-.")
@click.option("--level", type=click.Choice(LEVELS), help="Only organs of this level.")
@click.option("--kind", type=click.Choice([*WORDS["kind"]]), help="Only organs of this kind.")
@click.option("--form", type=click.Choice([*WORDS["form"]]), help="The form it is written in.")
@click.option("--trust", type=click.Choice([*WORDS["trust"]]), help="Where the copy is from.")
@click.option("--status", type=click.Choice([*WORDS["status"]]), help="How far it is read.")
@click.option("--newest", is_flag=True, help="By year, not by relevance.")
@click.option("--count", is_flag=True, help="Only say how many there are, by year and province.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@as_json
def search(
    query: str,
    years: Span,
    newest: bool,
    count: bool,
    limit: int,
    as_json: bool,
    **filters: Any,
) -> None:
    """Search titles, issuers and texts: words in Chinese of any length, all of which must occur.

    Blanks part words, quotation marks keep them together. Traditional characters, full-width forms
    and capitals make no difference. Without a QUERY the options alone decide.
    """
    first, last = years
    order: Order = "newest" if newest else "relevance"
    question = Question(query, first_year=first, last_year=last, order=order, **filters)
    with open_catalog() as catalog:
        # What is beyond the rows that are asked for needs to be counted only on request.
        found = catalog.search(question, limit, enough=None if count else max(limit, 5_000))
    if count:
        _print_counts(found, as_json)
    elif as_json:
        print_json([hit.as_dict() for hit in found.hits])
    else:
        _print_hits(found, query)


def _print_hits(found: Found, query: str) -> None:
    # On a terminal what was found shows by its weight; click takes that out of a pipe.
    before, after = (click.style("", bold=True, reset=False), click.style(""))
    for hit in found.hits:
        title = mark(hit.marked_title, before, after) if hit.title else hit.issuer or ""
        click.echo(f"{hit.report_id}  {title}")
        if hit.snippet:
            click.echo(f"    {mark(hit.snippet, before, after)}")
    if not found.hits:
        click.echo(f"nothing found for {query}" if query else "nothing found", err=True)
    elif len(found.hits) < found.total:
        more = "more than " if found.more else ""
        click.echo(f"{len(found.hits)} of {more}{found.total:,}: see --limit, --count", err=True)


def _print_counts(found: Found, as_json: bool) -> None:
    by_year = {str(year or "unknown"): n for year, n in found.by_year.items()}
    by_province = {code or "unknown": n for code, n in found.by_province.items()}
    if as_json:
        print_json({"total": found.total, "by_year": by_year, "by_province": by_province})
        return
    click.echo(f"{found.total:,} reports")
    for counts in (by_year, by_province):
        for name, n in counts.items():
            click.echo(f"{n:>9,}  {name}")
