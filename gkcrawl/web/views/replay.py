"""The archived documents, script-free: by address and time, by capture, by report."""

import re
from functools import partial

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from gkcrawl.web import asking, queries
from gkcrawl.web.answering import Route, Table, as_csv, database, not_found
from gkcrawl.web.language import say
from gkcrawl.web.replay import memento, reading
from gkcrawl.web.replay.addresses import (
    REPLAY,
    RESOURCE,
    STYLE,
    TIMEMAP,
    asked_url,
    exact_stamp,
    replay_path,
    stamp,
    wanted,
)
from gkcrawl.web.replay.captures import captures_of, closest
from gkcrawl.web.views.replay_answers import (
    absolute_in,
    guarded,
    list_captures,
    plain,
    read_capture,
    shown,
)

_COLUMNS = ("captured_at", "url", "status", "media_type", "kind", "payload_digest", "id", "replay")
_LANGUAGE = re.compile(r"(?:^|&)lang=(?:en|zh)$")


async def replay(request: Request, datasette: Datasette) -> Response:
    """``/-/replay/<timestamp>[mp_|rs_|cs_|id_]/<url>``: the capture closest to a moment.

    A page is redirected to the moment of its capture; what a page loads is answered at once.
    """
    url = asked_url(request.url_vars["url"], request.query_string)
    asked = request.url_vars["timestamp"]
    modifier = request.url_vars["modifier"] or ""
    moment = wanted(asked)
    if url is None or moment is None:
        return await not_found(datasette, request, say("这不是一个存档网址。"))
    loaded = modifier in (RESOURCE, STYLE)
    find = partial(closest, url=url, wanted=moment, whole=loaded)
    row = await asking.asked(datasette, find)
    if row is None and loaded:
        return plain(request, say("没有存档"), 404)
    if row is None:
        return await list_captures(request, datasette, url, status=404)
    if not loaded and not exact_stamp(row["captured_at"]).startswith(asked.ljust(14, "x")):
        where = replay_path(row["url"], stamp(row["captured_at"]), modifier)
        return Response.redirect(datasette.urls.path(where))
    return await shown(request, datasette, row, modifier)


async def newest(request: Request, datasette: Datasette) -> Response:
    """``/-/replay/<url>``: to the newest capture, or to the one closest to ``Accept-Datetime``
    (the TimeGate of RFC 7089)."""
    url = asked_url(request.url_vars["url"], request.query_string)
    if url is None:
        return await not_found(datasette, request, say("这不是一个存档网址。"))
    moment = memento.accepted(request.headers.get("accept-datetime"))
    row = await asking.asked(datasette, partial(closest, url=url, wanted=moment))
    if row is None:
        return await list_captures(request, datasette, url, status=404)
    where = datasette.urls.path(replay_path(row["url"], stamp(row["captured_at"])))
    headers = {"Location": where, "Vary": "accept-datetime"}
    headers["Link"] = memento.headers(row, {}, absolute_in(request, datasette))["Link"]
    return Response.text("", status=302, headers=headers)


async def listing(request: Request, datasette: Datasette) -> Response:
    """``/-/replay/*/<url>``: all captures of an address."""
    # The switch of language is no part of the address.
    query = _LANGUAGE.sub("", request.query_string)
    url = asked_url(request.url_vars["url"], query)
    if url is None:
        return await not_found(datasette, request, say("这不是一个存档网址。"))
    return await list_captures(request, datasette, url)


async def timemap(request: Request, datasette: Datasette) -> Response:
    """``/-/timemap/<link|json|csv>/<url>``: all captures of an address, for programs."""
    url = asked_url(request.url_vars["url"], request.query_string)
    if url is None:
        return Response.json({"ok": False, "error": "no archived address"}, status=404)
    found = await asking.asked(datasette, partial(captures_of, url=url))
    absolute = absolute_in(request, datasette)
    wanted_format = request.url_vars["wanted"]
    status = 200 if found else 404
    if wanted_format == "link":
        body = memento.timemap(url, found, absolute)
        return Response(body, status=status, content_type=memento.LINK_FORMAT)
    paths = map(absolute, memento.addresses(found))
    rows = [{**row, "replay": path} for row, path in zip(found, paths, strict=True)]
    table = Table(_COLUMNS, [{name: row[name] for name in _COLUMNS} for row in rows])
    if wanted_format == "csv":
        return Response(as_csv(table), status=status, content_type="text/csv; charset=utf-8")
    said = {"ok": bool(found), "url": url, "columns": table.columns, "rows": table.rows}
    return Response.json(said, status=status)


async def report_original(request: Request, datasette: Datasette) -> Response:
    """``/r/<id>/original``: the archived document behind a report."""
    db = database(datasette)
    found = await queries.rows(
        db, "select capture_id from reports where id = :id", id=request.url_vars["id"]
    )
    if not found:
        return await not_found(datasette, request, say("没有这个编号的报告。"))
    return await _of_capture(request, datasette, found[0]["capture_id"])


async def capture_original(request: Request, datasette: Datasette) -> Response:
    """``/capture/<id>/original``: exactly this capture."""
    return await _of_capture(request, datasette, request.url_vars["id"])


async def capture_screenshot(request: Request, datasette: Datasette) -> Response:
    """``/capture/<id>/screenshot``: the picture that the browser took of a rendered page."""
    row = await queries.capture(database(datasette), request.url_vars["id"])
    if row is None or row["kind"] != "rendered":
        return await not_found(datasette, request, say("没有这次采集的截图。"))
    found = await read_capture(request, datasette, row, reading.screenshot)
    if isinstance(found, Response):
        return found
    if found is None:
        return await not_found(datasette, request, say("没有这次采集的截图。"))
    return Response(found, headers=guarded(request), content_type="image/png")


_URL = r"(?P<url>.+)$"
ROUTES: tuple[Route, ...] = (
    (r"^/r/(?P<id>[\w.-]+)/original$", report_original),
    (r"^/capture/(?P<id>[\w-]+)/original$", capture_original),
    (r"^/capture/(?P<id>[\w-]+)/screenshot$", capture_screenshot),
    (rf"^{REPLAY}(?P<timestamp>[0-9]{{4,20}})(?P<modifier>mp_|rs_|cs_|id_)?/{_URL}", replay),
    (rf"^{REPLAY}(?:\*|%2[Aa])/{_URL}", listing),
    (rf"^{REPLAY}(?P<url>[Hh][Tt][Tt][Pp][Ss]?:.+)$", newest),
    (rf"^{TIMEMAP}(?P<wanted>link|json|csv)/{_URL}", timemap),
)


async def _of_capture(request: Request, datasette: Datasette, capture_id: str | None) -> Response:
    row = await queries.capture(database(datasette), capture_id)
    if row is None:
        return await not_found(datasette, request, say("目录里没有这次采集。"))
    return await shown(request, datasette, row, "")
