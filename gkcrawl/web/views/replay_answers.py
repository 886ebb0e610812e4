"""The answers of replay: a capture, where a captured redirect led, the captures of an address."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.records import StoredExchange
from archive.warc import DamagedRecord
from gkcrawl.web.answering import database, not_found, page, settings
from gkcrawl.web.asking import asked
from gkcrawl.web.language import say
from gkcrawl.web.replay import memento, reading
from gkcrawl.web.replay.addresses import (
    BYTES,
    RESOURCE,
    STYLE,
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
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def shown(request: Request, datasette: Datasette, row: Capture, modifier: str) -> Response:
    """Answer with a capture; a redirect is one in replay too."""
    stored = await read_capture(request, datasette, row, reading.read)
    if isinstance(stored, Response):
        return stored
    if stored.missing:
        message = say("此次采集的内容与先前一次相同，而先前那一次不在这台机器上。")
        return await list_captures(request, datasette, row["url"], status=404, message=message)
    around = await asked(datasette, partial(neighbours, shown=row))
    headers = guarded(request) | memento.headers(row, around, absolute_in(request, datasette))
    target = reading.redirect_of(stored)
    if target is not None and modifier != BYTES:
        return await _redirected(request, datasette, row, target, modifier, headers)
    links = Links(row["url"], stamp(row["captured_at"]), _prefixed(datasette))
    made = await asyncio.to_thread(_view, stored, links, modifier)
    if made.withheld and not modifier:
        saved = replay_path(row["url"], exact_stamp(row["captured_at"]), BYTES)
        told = {"path": saved, "name": made.attachment, "size": len(made.body)}
        return await page(datasette, request, "gk_withheld.html", file=told)
    if made.attachment is not None:
        headers["Content-Disposition"] = disposition(made.attachment)
    if modifier in (RESOURCE, STYLE):
        headers["Cache-Control"] = "max-age=3600"
    return Response(made.body, status=_status(row), headers=headers, content_type=made.content_type)


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
    found = await asked(datasette, partial(find, url=target))
    message = say("此网址当时转到 {url}，那里没有存档。", url=target)
    if found is not None and not await _is_ring(datasette, row, found):
        where = replay_path(found["url"], stamp(found["captured_at"]), modifier)
        headers["Location"] = str(datasette.urls.path(where))
        return Response.text("", status=302, headers=headers)
    if found is not None:
        message = say("此网址当时转到 {url}，又转了回来。", url=target)
    return await list_captures(request, datasette, row["url"], status=404, message=message)


async def _is_ring(datasette: Datasette, first: Capture, second: Capture) -> bool:
    """Return whether captured redirects lead back to one that was passed, or on and on."""
    passed, row = {first["id"]}, second
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
        if target is None:
            return False
        found = await asked(datasette, partial(closest, url=target, wanted=moment))
        if found is None:
            return False
        row = found
    return True


async def list_captures(
    request: Request, datasette: Datasette, url: str, *, status: int = 200, message: str = ""
) -> Response:
    """Answer with all captures of an address; 404, and so said, where there are none."""
    found: Sequence[Capture] = await asked(datasette, partial(captures_of, url=url))
    if not found:
        status, message = 404, message or say("这个网址没有存档。")
    context = listed(url, found, message, _full_replay(datasette))
    return await page(datasette, request, "gk_replay.html", status=status, **context)


async def read_capture(
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
    config = settings(datasette)
    return Path(config.get("home") or Path(database(datasette).path).parent) / "warc"


def _full_replay(datasette: Datasette) -> FullReplay | None:
    """Return what gives the address of a capture's full replay; None: there is none here."""
    origin = settings(datasette).get("replay_origin")
    return partial(link, origin) if origin else None


def guarded(request: Request) -> dict[str, str]:
    """Return the headers of an archived document for who asks."""
    return archived_headers(request.headers.get("host", ""))


def absolute_in(request: Request, datasette: Datasette) -> Callable[[str], str]:
    """Return what makes a path of ours an address with scheme, host and prefix."""
    return lambda path: str(datasette.absolute_url(request, str(datasette.urls.path(path))))


def _prefixed(datasette: Datasette) -> Callable[[str], str]:
    return lambda path: str(datasette.urls.path(path))


def plain(request: Request, text: str, status: int) -> Response:
    """Answer with a line of text, guarded like what is archived."""
    return Response.text(text, status=status, headers=guarded(request))
