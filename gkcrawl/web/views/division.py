"""``/division/<code>``: a place, what is within it, its organs, reports and portals."""

import sqlite3
from datetime import date

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.coverage import Asked, Row, matrix, tree
from gkcrawl.web.answering import Route, Table, answer, formats, not_found
from gkcrawl.web.asking import asked
from gkcrawl.web.language import say
from gkcrawl.web.tiles import heat, percent
from gkcrawl.web.views import division_rows
from gkcrawl.web.views.coverage import TREE, above, default_year

NOTICE_WORDS = {
    "family_drift": "发布系统变了",
    "column_gone": "栏目不在了",
    "column_found": "找到新栏目",
    "portal_moved": "网站迁移",
    "hijacked": "域名已不属政府",
    "needs_browser": "需要浏览器",
    "off_site": "报告在别的网站",
    "unlisted": "报告已不再列出",
    "host_resting": "暂停访问",
}


async def divisions(request: Request, datasette: Datasette) -> Response:
    """Answer ``/division``: the provinces."""
    found = await asked(datasette, _provinces)
    return await answer(
        datasette,
        request,
        "gk_divisions.html",
        Table(TREE, found["rows"], {"year": found["year"]}),
        **found,
        heat=heat,
        percent=percent,
    )


async def division(request: Request, datasette: Datasette) -> Response:
    """Answer ``/division/<code>``."""
    code = request.url_vars["code"]
    found = await asked(datasette, lambda c: _gather(c, code))
    if found is None:
        return await not_found(datasette, request, say("没有这个代码的行政区划。"))
    place = found["place"]
    about = {name: place[name] for name in ("code", "name", "level", "parent", "start", "end")}
    about |= {"year": found["year"], "successors": [heir["code"] for heir in place["heirs"]]}
    return await answer(
        datasette,
        request,
        "gk_division.html",
        Table(TREE, found["tree"], about),
        **found,
        notice_words=NOTICE_WORDS,
        heat=heat,
        percent=percent,
    )


async def years(request: Request, datasette: Datasette) -> Response:
    """Answer ``/division/<code>/years.json`` and ``.csv``: its organs' reports by year."""
    code = request.url_vars["code"]
    known, provinces = await asked(datasette, lambda c: matrix(c, Asked(place=code)))
    found = [{"year": year} | provinces[-1]["cells"][year] for year in known] if provinces else []
    table = Table(("year", "organs", "known", "share"), found, {"code": code})
    return await answer(datasette, request, "", table)


async def province(request: Request, datasette: Datasette) -> Response:
    """Answer ``/province/<code>``, of two digits or six: it is a division too."""
    code = request.url_vars["code"].ljust(6, "0")
    return Response.redirect(datasette.urls.path(f"/division/{code}"))


def _provinces(connection: sqlite3.Connection) -> Row:
    known, _ = matrix(connection, Asked())
    year = default_year(known, date.today())
    return {"year": year, "rows": tree(connection, year or date.today().year, Asked(), levels=0)}


def _gather(connection: sqlite3.Connection, code: str) -> Row | None:
    place = division_rows.division(connection, code)
    if place is None:
        return None
    known, provinces = matrix(connection, Asked(place=code))
    year = default_year(known, date.today()) or date.today().year
    # A place that is no more is shown as it was last.
    year = min(year, place["end"] or year)
    return {
        "place": place,
        "year": year,
        "years": [(y, provinces[-1]["cells"][y]) for y in reversed(known)],
        "tree": tree(connection, max(year, place["start"] or year), Asked(place=code), levels=1),
        "path": above(connection, code),
        "forerunners": division_rows.forerunners(connection, code),
        "organs": division_rows.organs(connection, code),
        "portals": division_rows.portals(connection, code),
        "notices": division_rows.notices(connection, code),
    }


ROUTES: tuple[Route, ...] = (
    (formats("/division"), divisions),
    (r"^/division/(?P<code>\d{6}|\d{9})/years\.(?P<format>json|csv)$", years),
    (formats(r"/division/(?P<code>\d{6}|\d{9})"), division),
    (r"^/province/(?P<code>\d{2}|\d{6})$", province),
)
