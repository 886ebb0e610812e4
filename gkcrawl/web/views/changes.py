"""``/changes``: new reports and what happened to known ones, as a page, JSON, CSV and Atom feed."""

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any, cast
from urllib.parse import quote, urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog import choices
from archive.catalog.changes import Kind, Position, Wanted, days, entries
from gkcrawl.web.answering import Route, Table, answer, formats
from gkcrawl.web.asking import asked
from gkcrawl.web.atom import MEDIA_TYPE, Entry, Feed, as_xml, tag
from gkcrawl.web.eventwords import KINDS, heading, what_happened
from gkcrawl.web.feeds import NOTHING_YET, absolute, host_of
from gkcrawl.web.language import current, say

Row = dict[str, Any]

PAGE = 50
_COLUMNS = (
    *("at", "kind", "id", "report_id", "title", "issuer", "year", "province", "trust", "host"),
    *("url", "target", "first_seen", "ended_at", "cells_changed", "cells", "silent"),
    *("characters_added", "characters_removed", "pages", "versions", "message"),
    *("capture_id", "capture_before"),
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


async def changes(request: Request, datasette: Datasette) -> Response:
    """Answer ``/changes?kind=&province=&host=&silent=&day=&before=``."""
    wanted = _wanted(request)

    def ask(connection: sqlite3.Connection) -> tuple[list[Row], list[Row], list[str]]:
        found = entries(connection, wanted, PAGE + 1)
        return found, days(connection), choices.provinces(connection)

    found, newest_days, provinces = await asked(datasette, ask)
    rows, more = found[:PAGE], len(found) > PAGE
    given = _given(wanted)
    position = _after(rows[-1]) if more else None
    return await answer(
        datasette,
        request,
        "gk_changes.html",
        Table(_COLUMNS, [_flat(row) for row in rows], about=given | {"before": position}),
        by_day=[(day, list(of_day)) for day, of_day in groupby(rows, key=_day)],
        given=given,
        kinds=KINDS,
        what_happened=what_happened,
        heading=heading,
        address=_address,
        older=f"?{urlencode(given | {'before': position})}" if position else None,
        days=newest_days,
        provinces=provinces,
        feed=_feed_path(given),
        first=wanted.before is None,
    )


async def feed(request: Request, datasette: Datasette) -> Response:
    """Answer ``/changes.atom?kind=&province=&host=&silent=``: the newest entries of that choice."""
    # A feed has no end: what belongs to one day or page makes none.
    wanted = replace(_wanted(request), day=None, before=None)
    given = _given(wanted)

    def ask(connection: sqlite3.Connection) -> list[Row]:
        return entries(connection, wanted, PAGE)

    rows = await asked(datasette, ask)
    host, address = host_of(request), absolute(datasette, request)

    title = [say("政府信息公开年报库：变动"), *_choice_words(given)]
    made = Feed(
        id=tag(host, quote(_feed_path(given).lstrip("/"), safe="/?=&%")),
        title=" · ".join(title),
        updated=rows[0]["at"] if rows else NOTHING_YET,
        page=address("/changes" + _query(given)),
        address=address(_feed_path(given)),
        author=say("政府信息公开年报库"),
        language=current(),
        entries=[
            Entry(
                id=tag(host, _name(row)),
                title=f"{say(KINDS[row['kind']])}：{heading(row)}",
                updated=row["at"],
                link=address(_address(row)),
                summary=what_happened(row),
                author=row["issuer"] or say("发布机关不详"),
                category=(row["kind"], say(KINDS[row["kind"]])),
            )
            for row in rows
        ],
    )
    return Response(as_xml(made), content_type=MEDIA_TYPE)


ROUTES: tuple[Route, ...] = ((r"^/changes\.atom$", feed), (formats("/changes"), changes))


def _wanted(request: Request) -> Wanted:
    kind, day = request.args.get("kind"), request.args.get("day") or ""
    return Wanted(
        kind=cast(Kind, kind) if kind in KINDS else None,
        province=request.args.get("province") or None,
        host=request.args.get("host") or None,
        silent=request.args.get("silent") == "1",
        day=day if _DAY.fullmatch(day) else None,
        before=Position.parse(request.args.get("before")),
    )


def _given(wanted: Wanted) -> dict[str, str]:
    asked = {"kind": wanted.kind, "province": wanted.province, "host": wanted.host}
    asked |= {"silent": "1" if wanted.silent else None, "day": wanted.day}
    return {name: value for name, value in asked.items() if value is not None}


def _choice_words(given: dict[str, str]) -> Iterable[str]:
    words = {"kind": say(KINDS[given.get("kind", "new")]), "silent": say("没有说明")}
    return (words.get(name, value) for name, value in given.items())


def _query(given: dict[str, str]) -> str:
    return f"?{urlencode(given)}" if given else ""


def _feed_path(given: dict[str, str]) -> str:
    return "/changes.atom" + _query({name: given[name] for name in given if name != "day"})


def _address(row: Row) -> str:
    """Return where an entry is shown: what differs, its report, or what its site did."""
    if row["report_id"] is None:
        return f"/changes?{urlencode({'host': row['host']})}"
    report = f"/r/{quote(row['report_id'])}"
    if versions := row.get("versions"):
        return f"{report}/diff/{versions[0]}..{versions[1]}"
    return report


def _name(row: Row) -> str:
    """Return what names an entry in the feed, for good."""
    return quote(f"r/{row['id']}/v/1") if row["kind"] == "new" else f"event/{row['id']}"


def _flat(row: Row) -> Row:
    """Return an entry as JSON and CSV have it: one value in each column."""
    if row["kind"] == "new":
        return row
    versions = row["versions"]
    return row | {
        "cells_changed": len(row["cells"]),
        "cells": json.dumps(row["cells"], ensure_ascii=False) if row["cells"] else None,
        "versions": f"{versions[0]}..{versions[1]}" if versions else None,
    }


def _after(row: Row) -> str:
    return str(Position(row["at"], row["id"]))


def _day(row: Row) -> str:
    return str(row["at"][:10])
