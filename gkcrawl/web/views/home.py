"""``/``: what this is, a search box, how much there is, and the latest reports."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from gkcrawl.web import queries
from gkcrawl.web.answering import Route, database, page


async def home(request: Request, datasette: Datasette) -> Response:
    """Answer ``/``."""
    db = database(datasette)
    years, provinces = await queries.by_province_and_year(db)
    return await page(
        datasette,
        request,
        "gk_home.html",
        figures=await queries.figures(db),
        years=years,
        provinces=provinces,
        latest=await queries.latest(db),
    )


ROUTES: tuple[Route, ...] = ((r"^/$", home),)
