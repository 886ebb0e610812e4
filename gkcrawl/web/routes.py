"""The addresses of our pages, before those of Datasette itself."""

from gkcrawl.web.answering import Route
from gkcrawl.web.views import home, replay, report, search

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *search.ROUTES,
    *report.ROUTES,
    *replay.ROUTES,
)
