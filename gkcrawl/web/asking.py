"""Asks the catalog several things at once, and not for longer than a visitor may wait."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.views.base import DatasetteError

from gkcrawl.web.answering import database
from gkcrawl.web.language import say

_MOST_MS = 4000

Answer = TypeVar("Answer")


async def asked(datasette: Datasette, ask: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Return what ``ask`` makes of the catalog, in a thread with a connection of its own.

    Raises DatasetteError, which becomes an answer of status 503, when a query takes too long.
    """

    def within_time(connection: sqlite3.Connection) -> Answer:
        with sqlite_timelimit(connection, _MOST_MS):
            return ask(connection)

    try:
        found: Answer = await database(datasette).execute_fn(within_time)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        message = say("查询用时过长，已中止。请限定年度、省份或机关类别。")
        raise DatasetteError(message, status=503) from error
    return found
