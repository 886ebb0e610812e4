"""``/-/metrics``: the state of the archive for Prometheus."""

import sqlite3

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.database import Database
from gkcrawl.monitoring.metrics import MEDIA_TYPE, exposition, measured
from gkcrawl.web.answering import Route
from gkcrawl.web.asking import asked
from gkcrawl.web.views.data import home


async def metrics(request: Request, datasette: Datasette) -> Response:
    """Answer ``/-/metrics`` in the text format that Prometheus scrapes."""
    folder = home(datasette)

    def ask(connection: sqlite3.Connection) -> str:
        return exposition(measured(Database(connection, execute_plugins=False), folder))

    return Response(await asked(datasette, ask), content_type=MEDIA_TYPE)


ROUTES: tuple[Route, ...] = ((r"^/-/metrics$", metrics),)
