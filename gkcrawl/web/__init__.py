"""The catalog's pages: a Datasette plugin (entry point ``gkcrawl``) and the server that shows it.

Our routes stand before Datasette's own pages; the stock tables beneath them speak Chinese through
the templates here and ``config/datasette.yml``. Nothing needs JavaScript or another host.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from pluggy import HookimplMarker

from archive.catalog.tokens import fts_query
from gkcrawl.web import labels, language, navigation, remarks
from gkcrawl.web.language import say, with_language
from gkcrawl.web.paths import without_prefix
from gkcrawl.web.security import closed, with_security_headers

# Datasette's own hookimpl is the same marker without types.
hookimpl = HookimplMarker("datasette")

_LONGEST = 64 * 1024 * 1024
"""Bytes of the longest value that a query may make."""


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    """Return our routes; none for a Datasette that shows something else than a catalog."""
    # Here, not above: Datasette loads plugins for every command, the routes read documents.
    from gkcrawl.web.queries import DATABASE
    from gkcrawl.web.routes import ROUTES

    return list(ROUTES) if DATABASE in datasette.databases else []


# Datasette registers its own escape_fts for every connection; the last one registered counts.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Let the search box of the stock tables ask our full-text index, and bound what a visitor's
    query can make: SQLite would give ``zeroblob(1000000000)`` a gigabyte."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    conn.create_function("escape_fts", 1, fts_query, deterministic=True)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give the templates words: ``_`` for their own texts, filters for codes."""
    env.globals["_"] = say
    env.globals["language"] = language.current
    env.globals["navigation"] = navigation.entries
    env.globals["other_language"] = navigation.other_language
    env.filters["word"] = lambda code, column: say(labels.word(column, code))
    env.filters["facet_word"] = lambda value, table, column: say(
        labels.cell_word(table, column, value) or ("" if value is None else str(value))
    )
    env.filters["error_words"] = labels.error_words
    env.filters["date_source"] = labels.date_source
    env.filters["lookup_word"] = lambda text: say(labels.LOOKUPS.get(text, text))
    env.filters["moment"] = labels.moment
    env.filters["remark"] = remarks.remark
    env.filters["remark_language"] = remarks.language_of


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Link reports to their page and captures to the archived original; put words to codes."""
    if table == "reports" and column == "title":
        # The id itself links to the row; a report without a title needs a way to its page too.
        return _link(datasette.urls.path(f"/r/{row['id']}"), value or say("（原文无标题）"))
    if value is None:
        return None
    if column == "report_id" or (table == "reports" and column == "id"):
        return _link(datasette.urls.path(f"/r/{value}"), value)
    if column == "capture_id" or (table == "captures" and column == "id"):
        return _link(datasette.urls.path(f"/capture/{value}/original"), value)
    said = labels.cell_word(table, column, value)
    return None if said is None else Markup("{} <small>{}</small>").format(say(said), value)


@hookimpl
def startup() -> None:
    """Keep Datasette from printing the locals of every frame for each page that is not found.

    For an address of no route it even fails over that, and answers 500.
    """
    # Here, not above: Datasette loads this module while it is itself half loaded.
    from datasette import handle_exception

    handle_exception.rich = None


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Return the wrapper that settles address and language and adds the security headers."""
    prefix = datasette.setting("base_url")
    return lambda app: with_language(with_security_headers(without_prefix(closed(app), prefix)))


def _link(address: str, text: object) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)
