"""The archived documents, script-free: by address and time, by capture, by report."""

import asyncio
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.records import StoredExchange
from archive.warc import DamagedRecord
from gkcrawl.web import queries
from gkcrawl.web.answering import Route, Table, as_csv, database, not_found, page
from gkcrawl.web.language import say
from gkcrawl.web.replay import memento, reading
from gkcrawl.web.replay.addresses import (
    BYTES,
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
from gkcrawl.web.replay.banner import banner
from gkcrawl.web.replay.captures import Capture, captures_of, closest, neighbours
from gkcrawl.web.replay.documents import View, as_file, disposition, view
from gkcrawl.web.replay.links import Links
from gkcrawl.web.replay.listing import FullReplay, listed
from gkcrawl.web.replay.whole import link
from gkcrawl.web.security import archived_headers

Found = TypeVar("Found")

_AT_ONCE = 4
"""Documents that are read at a time: each may take as much memory as it is long, several times."""
_HOPS = 10
_COLUMNS = ("captured_at", "url", "status", "media_type", "kind", "payload_digest", "id", "replay")
_LANGUAGE = re.compile(r"(?:^|&)lang=(?:en|zh)$")
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


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
    row = await database(datasette).execute_fn(find)
    if row is None and loaded:
        return _plain(request, say("没有存档"), 404)
    if row is None:
        return await _listing(request, datasette, url, status=404)
    if not loaded and not exact_stamp(row["captured_at"]).startswith(asked.ljust(14, "x")):
        where = replay_path(row["url"], stamp(row["captured_at"]), modifier)
        return Response.redirect(datasette.urls.path(where))
    return await _shown(request, datasette, row, modifier)


async def newest(request: Request, datasette: Datasette) -> Response:
    """``/-/replay/<url>``: to the newest capture, or to the one closest to ``Accept-Datetime``
    (the TimeGate of RFC 7089)."""
    url = asked_url(request.url_vars["url"], request.query_string)
    if url is None:
        return await not_found(datasette, request, say("这不是一个存档网址。"))
    moment = memento.accepted(request.headers.get("accept-datetime"))
    row = await database(datasette).execute_fn(partial(closest, url=url, wanted=moment))
    if row is None:
        return await _listing(request, datasette, url, status=404)
    where = datasette.urls.path(replay_path(row["url"], stamp(row["captured_at"])))
    headers = {"Location": where, "Vary": "accept-datetime"}
    headers["Link"] = memento.headers(row, {}, _absolute(request, datasette))["Link"]
    return Response.text("", status=302, headers=headers)


async def listing(request: Request, datasette: Datasette) -> Response:
    """``/-/replay/*/<url>``: all captures of an address."""
    # The switch of language is no part of the address.
    query = _LANGUAGE.sub("", request.query_string)
    url = asked_url(request.url_vars["url"], query)
    if url is None:
        return await not_found(datasette, request, say("这不是一个存档网址。"))
    return await _listing(request, datasette, url)


async def timemap(request: Request, datasette: Datasette) -> Response:
    """``/-/timemap/<link|json|csv>/<url>``: all captures of an address, for programs."""
    url = asked_url(request.url_vars["url"], request.query_string)
    if url is None:
        return Response.json({"ok": False, "error": "no archived address"}, status=404)
    found = await database(datasette).execute_fn(partial(captures_of, url=url))
    absolute = _absolute(request, datasette)
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
    found = await _read(request, datasette, row, reading.screenshot)
    if isinstance(found, Response):
        return found
    if found is None:
        return await not_found(datasette, request, say("没有这次采集的截图。"))
    return Response(found, headers=_headers(request), content_type="image/png")


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
    return await _shown(request, datasette, row, "")


async def _shown(request: Request, datasette: Datasette, row: Capture, modifier: str) -> Response:
    """Answer with a capture; a redirect is one in replay too."""
    stored = await _read(request, datasette, row, reading.read)
    if isinstance(stored, Response):
        return stored
    if stored.missing:
        message = say("此次采集的内容与先前一次相同，而先前那一次不在这台机器上。")
        return await _listing(request, datasette, row["url"], status=404, message=message)
    around = await database(datasette).execute_fn(partial(neighbours, shown=row))
    headers = _headers(request) | memento.headers(row, around, _absolute(request, datasette))
    target = reading.redirect_of(stored)
    if target is not None and modifier != BYTES:
        return await _redirected(request, datasette, row, target, modifier, headers)
    links = Links(row["url"], stamp(row["captured_at"]), _prefixed(datasette))
    shown = await asyncio.to_thread(_view, stored, links, modifier)
    if shown.attachment is not None:
        headers["Content-Disposition"] = disposition(shown.attachment)
    if modifier in (RESOURCE, STYLE):
        headers["Cache-Control"] = "max-age=3600"
    return Response(
        shown.body, status=_status(row), headers=headers, content_type=shown.content_type
    )


def _view(stored: StoredExchange, links: Links, modifier: str) -> View:
    if modifier == BYTES:
        return as_file(stored)
    above = None if modifier in (RESOURCE, STYLE) else banner(stored, links)
    return view(stored, links, above, as_style=modifier == STYLE)


async def _redirected(
    request: Request,
    datasette: Datasette,
    row: Capture,
    target: str,
    modifier: str,
    headers: dict[str, str],
) -> Response:
    """Lead on to where a captured redirect led, if that was captured and is not a ring."""
    moment = wanted(exact_stamp(row["captured_at"]))
    find = partial(closest, wanted=moment)
    found = await database(datasette).execute_fn(partial(find, url=target))
    message = say("此网址当时转到 {url}，那里没有存档。", url=target)
    if found is not None and not await _is_ring(datasette, row, found):
        where = replay_path(found["url"], stamp(found["captured_at"]), modifier)
        headers["Location"] = str(datasette.urls.path(where))
        return Response.text("", status=302, headers=headers)
    if found is not None:
        message = say("此网址当时转到 {url}，又转了回来。", url=target)
    return await _listing(request, datasette, row["url"], status=404, message=message)


async def _is_ring(datasette: Datasette, first: Capture, second: Capture) -> bool:
    """Return whether captured redirects lead back to one that was passed, or on and on."""
    passed, row = {first["id"]}, second
    db = database(datasette)
    for _ in range(_HOPS):
        if row["id"] in passed:
            return True
        passed.add(row["id"])
        if row["status"] not in reading.REDIRECTS:
            return False
        try:
            stored = await asyncio.to_thread(reading.read, _folder(datasette), row)
        except (DamagedRecord, FileNotFoundError, reading.TooLarge):
            return False  # said when the visitor comes there
        target = reading.redirect_of(stored)
        moment = wanted(exact_stamp(row["captured_at"]))
        found = target and await db.execute_fn(partial(closest, url=target, wanted=moment))
        if not found:
            return False
        row = found
    return True


async def _listing(
    request: Request, datasette: Datasette, url: str, *, status: int = 200, message: str = ""
) -> Response:
    found: Sequence[Capture] = await database(datasette).execute_fn(partial(captures_of, url=url))
    if not found:
        status, message = 404, message or say("这个网址没有存档。")
    context = listed(url, found, message, _full_replay(datasette))
    return await page(datasette, request, "gk_replay.html", status=status, **context)


async def _read(
    request: Request, datasette: Datasette, row: Capture, how: Callable[[Path, Capture], Found]
) -> Found | Response:
    """Return what ``how`` reads of a capture, or the answer that says why it cannot be read."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    try:
        async with turn:
            return await asyncio.to_thread(how, _folder(datasette), row)
    except FileNotFoundError:
        message = say("存档文件 {name} 不在这台机器上。", name=row["warc"])
    except DamagedRecord as error:
        message = say("存档记录已损坏：{error}", error=error)
    except reading.TooLarge as error:
        message = say("这份文件太大，不在网页上显示。它在 {place}。", place=error)
    return await not_found(datasette, request, message)


def _status(row: Capture) -> int:
    """Return the status of a memento: that of the original, where it is one of a whole answer."""
    found = row["status"]
    return found if isinstance(found, int) and (found == 200 or 400 <= found < 600) else 200


def _folder(datasette: Datasette) -> Path:
    config = datasette.plugin_config("gkcrawl") or {}
    return Path(config.get("home") or Path(database(datasette).path).parent) / "warc"


def _full_replay(datasette: Datasette) -> FullReplay | None:
    """Return what gives the address of a capture's full replay; None: there is none here."""
    origin = (datasette.plugin_config("gkcrawl") or {}).get("replay_origin")
    return partial(link, origin) if origin else None


def _headers(request: Request) -> dict[str, str]:
    return archived_headers(request.headers.get("host", ""))


def _absolute(request: Request, datasette: Datasette) -> Callable[[str], str]:
    return lambda path: str(datasette.absolute_url(request, str(datasette.urls.path(path))))


def _prefixed(datasette: Datasette) -> Callable[[str], str]:
    return lambda path: str(datasette.urls.path(path))


def _plain(request: Request, text: str, status: int) -> Response:
    return Response.text(text, status=status, headers=_headers(request))
