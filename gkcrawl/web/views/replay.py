"""The archived documents, script-free."""

import asyncio
from pathlib import Path
from urllib.parse import quote, unquote

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.warc import locate, read_exchange
from gkcrawl.web import queries
from gkcrawl.web.answering import Route, database, not_found
from gkcrawl.web.original import View, view
from gkcrawl.web.security import ARCHIVED_HEADERS


async def report_original(request: Request, datasette: Datasette) -> Response:
    """``/r/<id>/original``: the archived document behind a report."""
    db = database(datasette)
    found = await queries.rows(
        db, "select capture_id from reports where id = :id", id=request.url_vars["id"]
    )
    if not found:
        return await not_found(datasette, request, "没有这个编号的报告。")
    return await _archived(request, datasette, found[0]["capture_id"])


async def capture_original(request: Request, datasette: Datasette) -> Response:
    """``/capture/<id>/original``: any archived document."""
    return await _archived(request, datasette, request.url_vars["id"])


ROUTES: tuple[Route, ...] = (
    (r"^/r/(?P<id>[\w.-]+)/original$", report_original),
    (r"^/capture/(?P<id>[\w-]+)/original$", capture_original),
)


async def _archived(request: Request, datasette: Datasette, capture_id: str | None) -> Response:
    db = database(datasette)
    row = await queries.capture(db, capture_id)
    if row is None:
        return await not_found(datasette, request, "目录里没有这次采集。")
    config = datasette.plugin_config("gkcrawl") or {}
    warc = Path(config.get("home") or Path(db.path).parent) / "warc"
    try:
        shown = await asyncio.to_thread(_read, warc, row)
    except FileNotFoundError:
        return await not_found(datasette, request, f"存档文件 {row['warc']} 不在这台机器上。")
    headers = dict(ARCHIVED_HEADERS)
    if shown.attachment is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(shown.attachment)}"
    return Response(shown.body, headers=headers, content_type=shown.content_type)


def _read(warc: Path, row: queries.Row) -> View:
    stored = read_exchange(locate(warc, row["warc"]), row["offset"])
    return view(stored)


def _quoted(name: str) -> str:
    return quote(unquote(name)[-120:], safe="")
