"""``/r/<id>``: one report with its checks, sections, tables, sources and versions."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.rows import document
from gkcrawl.web import queries
from gkcrawl.web.answering import Route, database, not_found, page
from gkcrawl.web.pages import report_page


async def report(request: Request, datasette: Datasette) -> Response:
    """Answer ``/r/<id>``."""
    found = await queries.report(database(datasette), request.url_vars["id"])
    if found is None:
        return await not_found(datasette, request, "没有这个编号的报告。")
    return await page(datasette, request, "gk_report.html", report=report_page(found))


async def report_json(request: Request, datasette: Datasette) -> Response:
    """``/r/<id>.json``: the report as it was read, and where it is kept."""
    db = database(datasette)
    found = await queries.report(db, request.url_vars["id"])
    if found is None:
        return Response.json({"ok": False, "error": "no report of this id"}, status=404)
    stored = await queries.document(db, found["capture_id"])
    kept = {name: found[name] for name in ("id", "agency_id", "status", "capture")}
    kept |= {name: found[name] for name in ("sources", "versions")}
    return Response.json(kept | {"report": document(stored) if stored else None})


ROUTES: tuple[Route, ...] = (
    (r"^/r/(?P<id>[\w.-]+?)\.json$", report_json),
    (r"^/r/(?P<id>[\w.-]+)$", report),
)
