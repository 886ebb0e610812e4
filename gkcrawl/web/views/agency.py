"""``/agency/<id>``: an organ, its years with the missing ones marked, and its place."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.coverage import Row
from gkcrawl.web.answering import Route, Table, answer, formats, not_found
from gkcrawl.web.asking import asked
from gkcrawl.web.bars import Plot, plot
from gkcrawl.web.language import say
from gkcrawl.web.reasons import REASON_WORDS
from gkcrawl.web.views import agency_rows
from gkcrawl.web.views.coverage import above

OUTCOME_WORDS = {
    "granted": "予以公开",
    "partially_granted": "部分公开",
    "denied": "不予公开",
    "unavailable": "无法提供",
    "rejected": "不予处理",
    "other": "其他处理",
}


async def agency(request: Request, datasette: Datasette) -> Response:
    """Answer ``/agency/<id>``."""
    wanted = request.url_vars["id"]
    found = await asked(datasette, lambda c: _gather(c, wanted))
    if found is None:
        return await not_found(datasette, request, say("没有这个编号的机关。"))
    organ, years = found["organ"], found["years"]
    about = {name: organ[name] for name in ("id", "name", "kind", "scope", "level")}
    about |= {name: organ[name] for name in ("division_code", "township_code", "province")}
    return await answer(
        datasette,
        request,
        "gk_agency.html",
        Table(agency_rows.FIELDS, years, about),
        **found,
        received=received(years),
        outcomes=outcomes(years),
        outcome_words=OUTCOME_WORDS,
        words=REASON_WORDS,
        has=sum(1 for row in years if row["report_id"]),
    )


def received(years: Sequence[Row]) -> Plot | None:
    """Return the applications that came in by year; None where no report says."""
    return _plot(years, {"new_requests": say("本年新收")})


def outcomes(years: Sequence[Row]) -> Plot | None:
    """Return what became of the applications by year, as shares; None where no report says."""
    return _plot(years, {name: say(words) for name, words in OUTCOME_WORDS.items()}, share=True)


def _plot(years: Sequence[Row], names: Mapping[str, str], *, share: bool = False) -> Plot | None:
    """Return a plot from the first year on that has any of the figures ``names``."""
    told = [row["year"] for row in years if any(row[name] for name in names)]
    if not told:
        return None
    series = {name: {row["year"]: row[name] for row in years} for name in names}
    shown = sorted(row["year"] for row in years if row["year"] >= min(told))
    return plot(series, names, shown, share=share)


def _gather(connection: sqlite3.Connection, wanted: str) -> Row | None:
    organ = agency_rows.organ(connection, wanted)
    if organ is None:
        return None
    neighbours, count = agency_rows.neighbours(connection, organ)
    return {
        "organ": organ,
        "years": agency_rows.years(connection, organ, date.today()),
        "columns": agency_rows.columns(connection, wanted),
        "neighbours": neighbours,
        "neighbours_count": count,
        "path": above(connection, organ["township_code"] or organ["division_code"]),
    }


ROUTES: tuple[Route, ...] = ((formats(r"/agency/(?P<id>[\w-]+)"), agency),)
