"""``/changes``: new reports and changed ones by day, as a page, JSON, CSV and an Atom feed."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any, cast, get_args
from urllib.parse import quote, urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog import choices
from archive.catalog.changes import Kind, Position, Wanted, days, entries
from gkcrawl.web.answering import Route, Table, answer, formats
from gkcrawl.web.asking import asked
from gkcrawl.web.atom import MEDIA_TYPE, Entry, Feed, as_xml, tag
from gkcrawl.web.labels import moment
from gkcrawl.web.language import current, say

Row = dict[str, Any]

PAGE = 50
KINDS: dict[str, str] = {
    "new": "新收录",
    "changed": "内容有改动",
    "numbers": "表中数字有改动",
    "text": "只有文字改动",
}
_COLUMNS = (
    *("seen_at", "kind", "report_id", "n", "title", "issuer", "year", "province", "trust"),
    *("cells_changed", "silent", "characters_added", "characters_removed", "url", "capture_id"),
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOTHING_YET = "1970-01-01T00:00:00Z"


async def changes(request: Request, datasette: Datasette) -> Response:
    """Answer ``/changes?kind=&province=&day=&before=``."""
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
        Table(_COLUMNS, rows, about=given | {"before": position}),
        by_day=[(day, list(of_day)) for day, of_day in groupby(rows, key=_day)],
        given=given,
        kinds=KINDS,
        what_changed=what_changed,
        older=f"?{urlencode(given | {'before': position})}" if position else None,
        days=newest_days,
        provinces=provinces,
        feed=_feed_path(given),
        first=wanted.before is None,
    )


async def feed(request: Request, datasette: Datasette) -> Response:
    """Answer ``/changes.atom?kind=&province=``: the newest entries of that choice."""
    # A feed has no end: what belongs to one day or page makes none.
    wanted = replace(_wanted(request), day=None, before=None)
    given = _given(wanted)

    def ask(connection: sqlite3.Connection) -> list[Row]:
        return entries(connection, wanted, PAGE)

    rows = await asked(datasette, ask)
    host = _host(request)

    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    title = [say("政府信息公开年报库：变动"), *_choice_words(given)]
    made = Feed(
        id=tag(host, quote(_feed_path(given).lstrip("/"), safe="/?=&%")),
        title=" · ".join(title),
        updated=rows[0]["seen_at"] if rows else _NOTHING_YET,
        page=absolute("/changes" + _query(given)),
        address=absolute(_feed_path(given)),
        author=say("政府信息公开年报库"),
        language=current(),
        entries=[
            Entry(
                id=tag(host, quote(f"r/{row['report_id']}/v/{row['n']}")),
                title=f"{say(KINDS[row['kind']])}：{_title(row)}",
                updated=row["seen_at"],
                link=absolute(_address(row)),
                summary=what_changed(row),
                author=row["issuer"] or say("发布机关不详"),
                category=(row["kind"], say(KINDS[row["kind"]])),
            )
            for row in rows
        ],
    )
    return Response(as_xml(made), content_type=MEDIA_TYPE)


def what_changed(row: Row) -> str:
    """Return in a sentence what is new about an entry."""
    if row["kind"] == "new":
        place = row["province"] or say("地区不明")
        return say("{place}，{time} 首次采集。", place=place, time=moment(row["seen_at"]))
    said = [say("第 {n} 版", n=row["n"])]
    if row["cells_changed"] is None:
        return say("{version}：旧版已无法读取。", version=said[0])
    if row["cells_changed"]:
        said.append(say("{n} 格数字不同", n=row["cells_changed"]))
    elif row["kind"] == "numbers":
        said.append(say("表格有增减"))
    if row["characters_added"] or row["characters_removed"]:
        said.append(
            say(
                "增 {added} 字，删 {removed} 字",
                added=row["characters_added"],
                removed=row["characters_removed"],
            )
        )
    if row["silent"]:
        said.append(say("文中没有说明更正"))
    return say("；").join(said) + say("。")


ROUTES: tuple[Route, ...] = ((r"^/changes\.atom$", feed), (formats("/changes"), changes))


def _wanted(request: Request) -> Wanted:
    kind, day = request.args.get("kind"), request.args.get("day") or ""
    return Wanted(
        kind=cast(Kind, kind) if kind in get_args(Kind) else None,
        province=request.args.get("province") or None,
        day=day if _DAY.fullmatch(day) else None,
        before=Position.parse(request.args.get("before")),
    )


def _given(wanted: Wanted) -> dict[str, str]:
    asked = {"kind": wanted.kind, "province": wanted.province, "day": wanted.day}
    return {name: value for name, value in asked.items() if value is not None}


def _choice_words(given: dict[str, str]) -> Iterable[str]:
    return (say(KINDS[value]) if name == "kind" else value for name, value in given.items())


def _query(given: dict[str, str]) -> str:
    return f"?{urlencode(given)}" if given else ""


def _feed_path(given: dict[str, str]) -> str:
    return "/changes.atom" + _query({name: given[name] for name in given if name != "day"})


def _address(row: Row) -> str:
    """Return where an entry is shown: its report, or what differs from the version before."""
    report = f"/r/{quote(row['report_id'])}"
    return report if row["n"] == 1 else f"{report}/diff/{row['n'] - 1}..{row['n']}"


def _title(row: Row) -> str:
    return row["title"] or " ".join(
        str(part) for part in (row["issuer"] or say("发布机关不详"), row["year"]) if part
    )


def _after(row: Row) -> str:
    return str(Position(row["seen_at"], row["report_id"], row["n"]))


def _day(row: Row) -> str:
    return str(row["seen_at"][:10])


def _host(request: Request) -> str:
    """Return the host that was asked, without port; a name is all that a tag may hold."""
    return request.host.rsplit(":", 1)[0] if "]" not in request.host else "localhost"
