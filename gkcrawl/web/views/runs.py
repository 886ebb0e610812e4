"""``/runs``: the runs and what they were held against, as pages, JSON, CSV and an Atom feed."""

import sqlite3
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog import monitors
from archive.catalog.database import Database
from gkcrawl.web.answering import Route, Table, answer, formats, not_found
from gkcrawl.web.asking import asked
from gkcrawl.web.atom import MEDIA_TYPE, Entry, Feed, as_xml, tag
from gkcrawl.web.feeds import NOTHING_YET, absolute, host_of
from gkcrawl.web.language import current, say
from gkcrawl.web.monitored import remedy, rule_name

Row = dict[str, Any]

PAGE = 50
_NEWEST, _MOST = 50, 2000
"""Entries of the feed, and failed monitors of which they are made."""
# Statistics of a run -> column.
_COUNTS: Mapping[str, str] = {
    "gk/exchanges": "exchanges",
    "gk/bytes": "bytes",
    "gk/failures": "failures",
    "gk/outcome/report": "reports",
    "gk/outcome/blocked": "refusals",
}
_RUN = ("id", "spider", "started_at", "ended_at", "reason", *_COUNTS.values(), "judged", "failed")
_MONITOR = ("n", "name", "portal", "status", "measured", "expected", "message")


async def runs(request: Request, datasette: Datasette) -> Response:
    """Answer ``/runs?spider=&before=``."""
    spider, before = request.args.get("spider"), request.args.get("before")

    def ask(connection: sqlite3.Connection) -> tuple[list[Row], list[str]]:
        db = _database(connection)
        chosen = [spider] if spider else None
        known = [run["spider"] for run in monitors.last_runs(db)]
        return monitors.runs(db, PAGE + 1, spiders=chosen, before=before or None), known

    found, spiders = await asked(datasette, ask)
    rows, more = [_counted(run) for run in found[:PAGE]], len(found) > PAGE
    given = {"spider": spider} if spider else {}
    older = rows[-1]["started_at"] if more else None
    return await answer(
        datasette,
        request,
        "gk_runs.html",
        Table(_RUN, rows, about=given | {"before": older}),
        runs=rows,
        spiders=spiders,
        given=given,
        first=not before,
        older=f"?{urlencode(given | {'before': older})}" if older else None,
    )


async def run(request: Request, datasette: Datasette) -> Response:
    """Answer ``/runs/<id>``: one run, its monitors and what it noticed."""
    run_id = request.url_vars["run"]

    def ask(connection: sqlite3.Connection) -> tuple[Row | None, list[Row], list[Row]]:
        db = _database(connection)
        return (
            monitors.one_run(db, run_id),
            monitors.of_run(db, run_id),
            monitors.noticed(db, run_id),
        )

    found, judged, notices = await asked(datasette, ask)
    if found is None:
        return await not_found(datasette, request, say("没有这次运行。"))
    judged.sort(key=lambda one: (one["status"] != "failed", one["n"]))
    counted = _counted(found)
    return await answer(
        datasette,
        request,
        "gk_run.html",
        Table(_MONITOR, judged, about={"run": {name: counted[name] for name in _RUN}}),
        run=counted,
        monitors=judged,
        notices=notices,
        rule_name=rule_name,
        remedy=remedy,
    )


async def feed(request: Request, datasette: Datasette) -> Response:
    """Answer ``/runs.atom``: what failed, an entry for each rule and run."""

    def ask(connection: sqlite3.Connection) -> list[Row]:
        return monitors.failed(_database(connection), _MOST)

    failed = await asked(datasette, ask)
    host, address = host_of(request), absolute(datasette, request)

    # Rows of a run stand together, those of a rule within it do not.
    failed.sort(key=lambda one: one["name"])
    failed.sort(key=lambda one: (one["ended_at"] or "", one["run_id"]), reverse=True)
    groups = [list(of) for _, of in groupby(failed, key=lambda one: (one["run_id"], one["name"]))]
    title = say("政府信息公开年报库：运行中的问题")
    made = Feed(
        id=tag(host, "runs.atom"),
        title=title,
        updated=groups[0][0]["ended_at"] if groups else NOTHING_YET,
        page=address("/runs"),
        address=address("/runs.atom"),
        author=say("政府信息公开年报库"),
        language=current(),
        entries=[_entry(rows, host, address) for rows in groups[:_NEWEST]],
    )
    return Response(as_xml(made), content_type=MEDIA_TYPE)


def _entry(rows: list[Row], host: str, address: Callable[[str], str]) -> Entry:
    first = rows[0]
    name = rule_name(first["name"])
    said = [_seen(one) for one in rows[:10]]
    return Entry(
        id=tag(host, quote(f"runs/{first['run_id']}/{first['name']}")),
        title=f"{first['spider']}: {name}" + (f" ({len(rows)})" if len(rows) > 1 else ""),
        updated=first["ended_at"],
        link=address(f"/runs/{first['run_id']}"),
        summary="\n".join([*said, remedy(first["name"])]),
        author=first["spider"],
        category=(first["name"], name),
    )


def _seen(one: Row) -> str:
    about = " ".join(part for part in (one["portal"], one["message"]) if part)
    return f"{about}: {one['measured']} ({one['expected']})".removeprefix(": ")


def _counted(run: Row) -> Row:
    return run | {name: run["counts"].get(count, 0) for count, name in _COUNTS.items()}


def _database(connection: sqlite3.Connection) -> Database:
    return Database(connection, execute_plugins=False)


ROUTES: tuple[Route, ...] = (
    (r"^/runs\.atom$", feed),
    (formats("/runs"), runs),
    (formats("/runs/(?P<run>[0-9a-f]{32})"), run),
)
