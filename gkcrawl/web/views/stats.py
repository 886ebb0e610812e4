"""``/stats``: applications, outcomes, review and litigation over the years."""

import sqlite3
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.stats import BASES, Selection, choices, left_out, medians, sums
from gkcrawl.web.answering import Route, Table, answer, formats
from gkcrawl.web.asking import asked
from gkcrawl.web.views.stats_rows import Row, charts, median_rows, rows, tabled

_COLUMNS = ("chart", "series", "label", "position", "year", "value", "share", "reports")
BASIS_WORDS = {
    "own": "各机关自身的报告",
    "province": "省级汇总报告",
    "city": "市级汇总报告",
    "county": "县级汇总报告",
    "town": "乡级汇总报告",
}


async def stats(request: Request, datasette: Datasette) -> Response:
    """Answer ``/stats?basis=&province=&kind=&all=1``."""
    selection = _selection(request)

    def ask(connection: sqlite3.Connection) -> tuple[Any, ...]:
        return (
            sums(connection, selection),
            medians(connection, selection),
            left_out(connection, selection),
            choices(connection),
        )

    found, middles, without, (provinces, kinds, bases) = await asked(datasette, ask)
    shown = charts()
    by_chart = {chart.key: rows(chart, found) for chart in shown}
    by_chart["median"] = median_rows(middles, found)
    about = {
        "basis": selection.basis,
        "province": selection.province,
        "kind": selection.kind,
        "unproved_counted": selection.unproved,
        "left_out": without,
    }
    return await answer(
        datasette,
        request,
        "gk_stats.html",
        Table(_COLUMNS, [row for made in by_chart.values() for row in made], about=about),
        selection=selection,
        charts={chart.key: chart for chart in shown},
        tables={key: tabled(made) for key, made in by_chart.items()},
        labels=_labels(by_chart),
        left_out=without,
        provinces=provinces,
        kinds=kinds,
        bases=[basis for basis in BASES if basis in bases or basis == selection.basis],
        basis_words=BASIS_WORDS,
    )


ROUTES: tuple[Route, ...] = ((formats("/stats"), stats),)


def _selection(request: Request) -> Selection:
    basis = request.args.get("basis")
    return Selection(
        basis=basis if basis in BASES else "own",
        province=request.args.get("province") or None,
        kind=request.args.get("kind") or None,
        unproved=request.args.get("all") == "1",
    )


def _labels(by_chart: dict[str, list[Row]]) -> dict[str, dict[str, str]]:
    """Return the words for the series of each chart, in the language of the page."""
    return {key: {row["series"]: row["label"] for row in made} for key, made in by_chart.items()}
