"""``/search``: reports that hold the words, with the place marked."""

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response

from gkcrawl.web import queries
from gkcrawl.web.answering import Route, database, number, page


async def search(request: Request, datasette: Datasette) -> Response:
    """Answer ``/search?q=&year=&province=&page=``."""
    db = database(datasette)
    question = queries.Question(
        words=(request.args.get("q") or "")[:200],
        year=number(request.args.get("year")),
        province=request.args.get("province") or None,
        page=max(number(request.args.get("page")) or 1, 1),
    )
    slow = False
    try:
        found, total = await queries.search(db, question)
    except QueryInterrupted:
        found, total, slow = [], 0, True
    years, provinces = await queries.choices(db)
    return await page(
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


ROUTES: tuple[Route, ...] = ((r"^/search$", search),)
