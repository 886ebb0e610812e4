"""``/coverage``: who has published for which year, and why others are not here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog import choices
from archive.catalog.absence import FIELDS, REASONS, missing
from archive.catalog.coverage import CENTRAL, LEVELS, Asked, Row, matrix, tree
from archive.deadlines import complete_year
from gkcrawl.web import asking
from gkcrawl.web.answering import Route, Table, answer, formats, number
from gkcrawl.web.labels import WORDS
from gkcrawl.web.reasons import PLACES, REASON_WORDS
from gkcrawl.web.tiles import heat, percent

PAGE = 100
"""Rows of the list on one page."""
MATRIX = ("province", "code", "year", "organs", "known", "share")
TREE = ("code", "name", "level", "parent", "depth", "organs", "known", "share", "government")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor chose."""

    asked: Asked
    year: int | None
    """None: the catalog has no report of any year."""
    reason: str | None
    page: int


def chosen(request: Request, years: Sequence[int], provinces: Sequence[Row]) -> Choice:
    """Return the choice that an address makes, as far as it makes sense; the year is by default
    the newest whose reports are all due, or the newest that there is."""
    args = request.args
    by_name = {row["province"]: row["code"] for row in provinces}
    place = args.get("division") or args.get("province")
    place = by_name.get(place, place)
    is_code = bool(place) and place.isascii() and place.isdigit() and len(place) in (6, 9)
    level, kind, reason = (args.get(name) for name in ("level", "kind", "reason"))
    return Choice(
        Asked(
            place=place if is_code or place == CENTRAL else None,
            level=level if level in LEVELS else None,
            kind=kind if kind in WORDS["kind"] else None,
        ),
        number(args.get("year")) or default_year(years, date.today()),
        reason if reason in REASONS else None,
        max(number(args.get("page")) or 1, 1),
    )


def default_year(years: Sequence[int], today: date) -> int | None:
    """Return the newest of the catalog's years that is complete; its newest where none is."""
    complete = [year for year in years if year <= complete_year(today)]
    return max(complete or years, default=None)


async def coverage(request: Request, datasette: Datasette) -> Response:
    """Answer ``/coverage?year=&province=&division=&level=&kind=&reason=&page=``."""
    years, provinces, choice = await _choose(request, datasette)
    asked, year = choice.asked, choice.year
    divisions, absent = [], []
    if year and asked.place:
        divisions = await asking.asked(datasette, lambda c: tree(c, year, asked))
        absent = await asking.asked(datasette, lambda c: missing(c, year, date.today(), asked))
    listed = [row for row in absent if choice.reason in (None, row["reason"])]
    start = (choice.page - 1) * PAGE
    return await answer(
        datasette,
        request,
        "gk_coverage.html",
        Table(MATRIX, [*_cells(provinces)], {"level": asked.level, "kind": asked.kind}),
        years=list(reversed(years)),
        provinces=provinces,
        choice=choice,
        province=(asked.place or "")[:2].ljust(6, "0") if asked.place != CENTRAL else CENTRAL,
        path=await asking.asked(datasette, lambda c: above(c, asked.place)),
        divisions=divisions,
        reasons=_reasons(absent),
        absent=len(absent),
        total=len(listed),
        listed=listed[start : start + PAGE],
        more=len(listed) > start + PAGE,
        levels=LEVELS,
        kinds=list(WORDS["kind"]),
        words=REASON_WORDS,
        places=PLACES,
        heat=heat,
        percent=percent,
        spans=spans,
    )


async def absent_organs(request: Request, datasette: Datasette) -> Response:
    """Answer ``/coverage/missing.json`` and ``.csv``: the whole list for a year, of everywhere
    where no place is named."""
    _, _, choice = await _choose(request, datasette)
    year, asked = choice.year, choice.asked
    found: list[Row] = []
    if year:
        found = await asking.asked(datasette, lambda c: missing(c, year, date.today(), asked))
    found = [row for row in found if choice.reason in (None, row["reason"])]
    return await _data(datasette, request, Table(FIELDS, found, _about(choice)))


async def divisions(request: Request, datasette: Datasette) -> Response:
    """Answer ``/coverage/divisions.json`` and ``.csv``: the tree of the chosen place."""
    _, _, choice = await _choose(request, datasette)
    year, asked = choice.year, choice.asked
    found: list[Row] = []
    if year:
        found = await asking.asked(datasette, lambda c: tree(c, year, asked))
    return await _data(datasette, request, Table(TREE, found, _about(choice)))


def above(connection: Any, code: str | None) -> list[Row]:
    """Return code and name of a division and of those that hold it, from the province down."""
    path: list[Row] = []
    while code and len(path) < 5:
        row = connection.execute(
            "select code, name, parent, level from divisions where code = ?", [code]
        ).fetchone()
        if row is None:
            break
        path.insert(0, {"code": row[0], "name": row[1], "level": row[3]})
        code = row[2]
    return path


def spans(years: str) -> str:
    """Return years joined by commas in fewer words: ``2010,2011,2012,2014`` is 2010–2012、2014."""
    known = sorted(map(int, years.split(",")))
    firsts = [year for year in known if year - 1 not in known]
    lasts = [year for year in known if year + 1 not in known]
    pairs = zip(firsts, lasts, strict=True)
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in pairs)


async def _choose(request: Request, datasette: Datasette) -> tuple[list[int], list[Row], Choice]:
    """Return years and rows of the matrix for the level and kind chosen, and the choice."""
    # Level and kind do not depend on the years and provinces that there are.
    wide = chosen(request, (), ()).asked
    asked = Asked(level=wide.level, kind=wide.kind)
    years, provinces = await asking.asked(
        datasette, lambda c: matrix(c, asked, map(int, choices.values(c, "year")))
    )
    return years, provinces, chosen(request, years, provinces)


async def _data(datasette: Datasette, request: Request, table: Table) -> Response:
    if request.url_vars.get("format"):
        return await answer(datasette, request, "", table)
    choice = f"?{request.query_string}" if request.query_string else ""
    return Response.redirect(datasette.urls.path(f"/coverage{choice}"))


def _about(choice: Choice) -> Row:
    asked = choice.asked
    place = {"year": choice.year, "place": asked.place, "level": asked.level, "kind": asked.kind}
    return place | {"reason": choice.reason}


def _cells(provinces: Sequence[Row]) -> list[Row]:
    return [
        {"province": row["province"], "code": row["code"], "year": year} | cell
        for row in provinces
        for year, cell in row["cells"].items()
    ]


def _reasons(absent: Sequence[Row]) -> list[tuple[str, int]]:
    counted = Counter(row["reason"] for row in absent)
    return [(reason, counted[reason]) for reason in REASONS if counted[reason]]


ROUTES: tuple[Route, ...] = (
    (formats("/coverage"), coverage),
    (formats("/coverage/missing"), absent_organs),
    (formats("/coverage/divisions"), divisions),
)
