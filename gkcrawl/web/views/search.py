"""``/search``: reports that hold the words, with the place marked, and where and when they are."""

import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from archive.catalog import choices
from archive.catalog.fulltext import TAGS
from archive.catalog.search import ENOUGH, Found, Question, span
from archive.catalog.search import search as find
from archive.catalog.tokens import LONGEST
from gkcrawl.web import asking
from gkcrawl.web.answering import Route, Table, answer, database, formats, number
from gkcrawl.web.labels import WORDS

PAGE = 20
"""Reports on one page."""
_MOST = 1_000
"""Reports in one answer for a program."""
_SEARCH_MS = 4_000
_COLUMNS = (
    *("report_id", "title", "issuer", "issuer_kind", "level", "province", "year", "published"),
    *("form", "trust", "status", "url", "snippet"),
)
# Filters in the order of the form, with what their words are called in labels.py.
_FILTERS: Mapping[str, tuple[str, str]] = {
    "level": ("层级", "level"),
    "kind": ("机关类别", "issuer_kind"),
    "form": ("表式", "form"),
    "trust": ("来源性质", "trust"),
    "status": ("读取状况", "status"),
}
_ALIASES = frozenset({"prefecture", "township"})


async def search(request: Request, datasette: Datasette) -> Response:
    """Answer ``/search?q=&year=2020-2024&province=&level=&kind=&form=&trust=&status=&page=``.

    ``order=newest``: by year. ``count=all`` counts them all. ``size``: rows in JSON and CSV, 1,000
    at most.
    """
    db = database(datasette)
    question = asked(request.args)
    page = max(number(request.args.get("page")) or 1, 1)
    size = PAGE
    if request.url_vars.get("format"):
        size = min(max(number(request.args.get("size")) or _MOST, 1), _MOST)
    enough = None if request.args.get("count") == "all" else ENOUGH
    slow = False
    try:
        found = await _found(db, question, size, page, enough)
    except QueryInterrupted:
        found, slow = Found([]), True
    about: dict[str, Any] = {"query": question.words, "page": page, "size": size}
    about |= {"total": found.total, "more": found.more, "stopped": slow}
    about |= {"by_year": _named(found.by_year), "by_province": _named(found.by_province)}
    table = Table(_COLUMNS, [hit.as_dict() for hit in found.hits], about)
    if request.url_vars.get("format"):
        return await answer(datasette, request, "", table)
    kept = _kept(request.args)
    return await answer(
        datasette,
        request,
        "gk_search.html",
        table,
        question=question,
        found=found,
        page=page,
        slow=slow,
        following=page * PAGE < found.total,
        skipped=(page - 1) * PAGE,
        kept=kept,
        link=lambda **changed: "?" + urlencode({**kept, **changed}),
        filters=_FILTERS,
        options={name: _options(column) for name, (_, column) in _FILTERS.items()},
        narrowed=any(kept.get(name) for name in _FILTERS),
        places=await asking.asked(datasette, choices.provinces),
        years=(
            await asking.asked(datasette, lambda connection: choices.values(connection, "year"))
        )[::-1],
        longest=LONGEST,
    )


def asked(given: Any) -> Question:
    """Return the question that the arguments of an address ask; what is no filter is passed by."""
    first, last = span(given.get("year") or "") or (None, None)
    return Question(
        words=(given.get("q") or "")[:LONGEST],
        first_year=number(given.get("from")) or first,
        last_year=number(given.get("to")) or last,
        order="newest" if given.get("order") == "newest" else "relevance",
        **{name: given.get(name) or None for name in TAGS},
    )


def _kept(given: Any) -> dict[str, str]:
    """Return the arguments that links to other pages of the same question keep."""
    names = ("q", "year", "from", "to", *TAGS, "order", "count")
    return {name: given.get(name) for name in names if given.get(name)}


async def _found(
    db: Database, question: Question, size: int, page: int, enough: int | None
) -> Found:
    def ask(connection: sqlite3.Connection) -> Found:
        with sqlite_timelimit(connection, _SEARCH_MS):
            try:
                offset = (page - 1) * size
                return find(connection, question, size, offset=offset, enough=enough)
            except sqlite3.OperationalError as error:
                if str(error) == "interrupted":
                    raise QueryInterrupted(error, "search", {}) from error
                raise

    found: Found = await db.execute_fn(ask)
    return found


def _named(counts: Mapping[Any, int]) -> dict[str, int]:
    return {"unknown" if key is None else str(key): count for key, count in counts.items()}


def _options(column: str) -> list[str]:
    return [code for code in WORDS[column] if code not in _ALIASES]


ROUTES: tuple[Route, ...] = ((formats("/search"), search),)
