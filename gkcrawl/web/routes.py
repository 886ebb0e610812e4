"""The addresses of our pages, before those of Datasette itself."""

from gkcrawl.web.answering import Route
from gkcrawl.web.views import (
    about,
    agency,
    changes,
    checks,
    cite,
    coverage,
    data,
    diff,
    division,
    home,
    metrics,
    replay,
    report,
    runs,
    search,
    stats,
)

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *division.ROUTES,
    *agency.ROUTES,
    *coverage.ROUTES,
    *search.ROUTES,
    *checks.ROUTES,
    *changes.ROUTES,
    *stats.ROUTES,
    *cite.ROUTES,
    *diff.ROUTES,
    *report.ROUTES,
    *data.ROUTES,
    *about.ROUTES,
    *runs.ROUTES,
    *metrics.ROUTES,
    *replay.ROUTES,
)
