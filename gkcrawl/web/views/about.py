"""``/about``: how the collection is made, what its marks mean, how to cite it, whom to ask."""

import os
import platform
import re
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from gkcrawl import __version__
from gkcrawl.web.answering import Route, database, page

_PAGE = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The reports stand as they were found until then.
_AS_OF = "select max(captured_at) from captures where outcome = 'report'"


async def about(request: Request, datasette: Datasette) -> Response:
    """Answer ``/about``."""
    contact = os.environ.get("GKCRAWL_CONTACT", "").strip()
    as_of = (await database(datasette).execute(_AS_OF)).single_value()
    return await page(
        datasette,
        request,
        "gk_about.html",
        contact=contact,
        contact_address=contact_address(contact),
        home=datasette.absolute_url(request, datasette.urls.path("/")),
        as_of=(as_of or "")[:10],
        today=datetime.now(UTC).date().isoformat(),
        software=software(),
    )


def contact_address(contact: str) -> str | None:
    """Return where a link to a contact leads; None: it is neither an address of the web nor of a
    mailbox."""
    if _PAGE.fullmatch(contact):
        return contact
    return f"mailto:{contact}" if _MAILBOX.fullmatch(contact) else None


def software() -> list[tuple[str, str]]:
    """Return what this site runs on: name and version."""
    return [
        ("gkcrawl", __version__),
        ("Datasette", version("datasette")),
        ("SQLite", sqlite3.sqlite_version),
        ("Python", platform.python_version()),
    ]


ROUTES: tuple[Route, ...] = ((r"^/about$", about),)
