"""The addresses of our pages, before those of Datasette itself."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted
from datasette.utils.asgi import Request, Response

from archive.catalog.rows import document
from archive.warc import locate, read_exchange
from gkcrawl.web import queries
from gkcrawl.web.original import View, view
from gkcrawl.web.pages import report_page
from gkcrawl.web.queries import DATABASE
from gkcrawl.web.security import ARCHIVED_HEADERS

Handler = Callable[..., Awaitable[Response]]


async def home(request: Request, datasette: Datasette) -> Response:
    """``/``: what this is, a search box, how much there is, and the latest reports."""
    db = _db(datasette)
    years, provinces = await queries.by_province_and_year(db)
    return await _page(
        datasette,
        request,
        "gk_home.html",
        figures=await queries.figures(db),
        years=years,
        provinces=provinces,
        latest=await queries.latest(db),
    )


async def search(request: Request, datasette: Datasette) -> Response:
    """``/search?q=&year=&province=&page=``: reports that hold the words, with the place marked."""
    db = _db(datasette)
    question = queries.Question(
        words=(request.args.get("q") or "")[:200],
        year=_number(request.args.get("year")),
        province=request.args.get("province") or None,
        page=max(_number(request.args.get("page")) or 1, 1),
    )
    slow = False
    try:
        found, total = await queries.search(db, question)
    except QueryInterrupted:
        found, total, slow = [], 0, True
    years, provinces = await queries.choices(db)
    return await _page(
        datasette,
        request,
        "gk_search.html",
        question=question,
        hits=found,
        total=total,
        slow=slow,
        more=total is None or total > question.skipped + len(found),
        years=years,
        provinces=provinces,
    )


async def report(request: Request, datasette: Datasette) -> Response:
    """``/r/<id>``: one report with its checks, sections, tables, sources and versions."""
    found = await queries.report(_db(datasette), request.url_vars["id"])
    if found is None:
        return await _not_found(datasette, request, "没有这个编号的报告。")
    return await _page(datasette, request, "gk_report.html", report=report_page(found))


async def report_json(request: Request, datasette: Datasette) -> Response:
    """``/r/<id>.json``: the report as it was read, and where it is kept."""
    db = _db(datasette)
    found = await queries.report(db, request.url_vars["id"])
    if found is None:
        return Response.json({"ok": False, "error": "no report of this id"}, status=404)
    stored = await queries.document(db, found["capture_id"])
    kept = {name: found[name] for name in ("id", "agency_id", "status", "capture")}
    kept |= {name: found[name] for name in ("sources", "versions")}
    return Response.json(kept | {"report": document(stored) if stored else None})


async def report_original(request: Request, datasette: Datasette) -> Response:
    """``/r/<id>/original``: the archived document behind a report, script-free."""
    db = _db(datasette)
    found = await queries.rows(
        db, "select capture_id from reports where id = :id", id=request.url_vars["id"]
    )
    if not found:
        return await _not_found(datasette, request, "没有这个编号的报告。")
    return await _archived(request, datasette, found[0]["capture_id"])


async def capture_original(request: Request, datasette: Datasette) -> Response:
    """``/capture/<id>/original``: any archived document, script-free."""
    return await _archived(request, datasette, request.url_vars["id"])


ROUTES: tuple[tuple[str, Handler], ...] = (
    (r"^/$", home),
    (r"^/search$", search),
    (r"^/r/(?P<id>[\w.-]+?)\.json$", report_json),
    (r"^/r/(?P<id>[\w.-]+)/original$", report_original),
    (r"^/r/(?P<id>[\w.-]+)$", report),
    (r"^/capture/(?P<id>[\w-]+)/original$", capture_original),
)


async def _archived(request: Request, datasette: Datasette, capture_id: str | None) -> Response:
    row = await queries.capture(_db(datasette), capture_id)
    if row is None:
        return await _not_found(datasette, request, "目录里没有这次采集。")
    config = datasette.plugin_config("gkcrawl") or {}
    warc = Path(config.get("home") or Path(_db(datasette).path).parent) / "warc"
    try:
        shown = await asyncio.to_thread(_read, warc, row)
    except FileNotFoundError:
        return await _not_found(datasette, request, f"存档文件 {row['warc']} 不在这台机器上。")
    headers = dict(ARCHIVED_HEADERS)
    if shown.attachment is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(shown.attachment)}"
    return Response(shown.body, headers=headers, content_type=shown.content_type)


def _read(warc: Path, row: queries.Row) -> View:
    stored = read_exchange(locate(warc, row["warc"]), row["offset"])
    return view(stored)


def _quoted(name: str) -> str:
    return quote(unquote(name)[-120:], safe="")


def _db(datasette: Datasette) -> Database:
    return datasette.get_database(DATABASE)


def _number(text: str | None) -> int | None:
    """Return the digits of an argument as a number; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


async def _page(
    datasette: Datasette, request: Request, template: str, status: int = 200, **context: Any
) -> Response:
    html = await datasette.render_template(template, {**context, "status": status}, request=request)
    return Response.html(html, status=status)


async def _not_found(datasette: Datasette, request: Request, message: str) -> Response:
    return await _page(datasette, request, "error.html", status=404, error=message)
