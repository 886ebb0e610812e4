"""``/r/<id>`` and ``/r/<id>/v/<n>``: one report with its checks, sections, tables, sources and
versions, now or as a version told it; the same as JSON, its cells as CSV."""

import sqlite3
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.rows import document
from gkcrawl.web.answering import Route, Table, as_csv, not_found, number, page, settings
from gkcrawl.web.asking import asked
from gkcrawl.web.language import say
from gkcrawl.web.pages import cell_rows, report_page
from gkcrawl.web.replay.whole import link as full_replay
from gkcrawl.web.views import report_rows

Row = dict[str, Any]

CELL_COLUMNS = ("table", "row", "column", "row_label", "column_label", "value", "raw")
_KEPT = ("id", "agency_id", "status", "capture")


async def report(request: Request, datasette: Datasette) -> Response:
    """Answer ``/r/<id>``; ``?view=side`` lays the archived original beside it."""
    report_id = request.url_vars["id"]
    wanted = request.url_vars.get("format")

    def ask(connection: sqlite3.Connection) -> tuple[Row | None, bytes | None]:
        found = report_rows.report(connection, report_id)
        stored = None
        if found and wanted == "json":
            stored = report_rows.document(connection, found["capture_id"])
        return found, stored

    found, stored = await asked(datasette, ask)
    if found is None:
        return await not_found(datasette, request, say("没有这个编号的报告。"))
    return await _answer(datasette, request, found, stored)


async def version(request: Request, datasette: Datasette) -> Response:
    """Answer ``/r/<id>/v/<n>``."""
    report_id, n = request.url_vars["id"], number(request.url_vars["n"]) or 0

    def ask(connection: sqlite3.Connection) -> tuple[Row | None, bytes | None]:
        found = report_rows.report_as_of(connection, report_id, n)
        stored = report_rows.document(connection, found["capture_id"]) if found else None
        return found, stored

    found, stored = await asked(datasette, ask)
    if found is None:
        return await not_found(datasette, request, say("没有这个版本。"))
    return await _answer(datasette, request, found, stored)


async def _answer(
    datasette: Datasette, request: Request, found: Row, stored: bytes | None
) -> Response:
    wanted = request.url_vars.get("format")
    if wanted == "json":
        return Response.json(_as_json(found, stored))
    if wanted == "csv":
        name = f"{found['id']}{'-v' + str(found['version']) if 'version' in found else ''}.csv"
        said = {"content-disposition": f'inline; filename="{name}"'}
        table = Table(CELL_COLUMNS, cell_rows(found))
        return Response(as_csv(table), headers=said, content_type="text/csv; charset=utf-8")
    capture = found["capture"]
    origin = settings(datasette).get("replay_origin")
    return await page(
        datasette,
        request,
        "gk_report.html",
        report=report_page(found),
        side=request.args.get("view") == "side" and capture is not None,
        full_replay=full_replay(origin, capture) if origin and capture else None,
    )


def _as_json(found: Row, stored: bytes | None) -> Row:
    """Return the report as it was read (the shape of ``gkcrawl read``), and where it is kept."""
    kept = {name: found[name] for name in _KEPT}
    kept |= {name: found[name] for name in ("sources", "versions")}
    if "version" in found:
        kept["version"] = found["version"]
    else:
        kept["judgements"] = found["judgements"]
    return {"ok": True, **kept, "report": document(stored) if stored else None}


ROUTES: tuple[Route, ...] = (
    (r"^/r/(?P<id>[\w.-]+)/v/(?P<n>[^/]+?)(?:\.(?P<format>json|csv))?$", version),
    (r"^/r/(?P<id>[\w.-]+?)(?:\.(?P<format>json|csv))?$", report),
)
