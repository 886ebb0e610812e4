"""How our pages answer: HTML from a template, and the same numbers as JSON and CSV."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from gkcrawl.web.queries import DATABASE

Handler = Callable[..., Awaitable[Response]]
Route = tuple[str, Handler]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a page, as a program takes them."""

    columns: Sequence[str]
    """ASCII names, in the order of the CSV."""
    rows: Sequence[Mapping[str, Any]]
    """One mapping per row; a column that it lacks is null, in the CSV empty."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What else the JSON says, such as the year that was chosen."""


def formats(path: str) -> str:
    """Return the route of a page that can be had as JSON and CSV too: ``/x``, ``/x.json``,
    ``/x.csv``. ``path`` is a regular expression."""
    return rf"^{path}(?:\.(?P<format>json|csv))?$"


async def answer(
    datasette: Datasette, request: Request, template: str, table: Table, **context: Any
) -> Response:
    """Answer in the format that the address asks for (see ``formats``)."""
    wanted = request.url_vars.get("format")
    if wanted == "json":
        rows = [{name: row.get(name) for name in table.columns} for row in table.rows]
        return Response.json({"ok": True, **table.about, "columns": table.columns, "rows": rows})
    if wanted == "csv":
        name = request.path.rpartition("/")[2]
        said = {"content-disposition": f'inline; filename="{name}"'}
        return Response(as_csv(table), headers=said, content_type="text/csv; charset=utf-8")
    return await page(datasette, request, template, **context)


def as_csv(table: Table) -> str:
    """Return the rows as CSV after RFC 4180 with a byte order mark, which Excel needs to see that
    it is UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([row.get(name) for name in table.columns] for row in table.rows)
    return "\ufeff" + written.getvalue()


async def page(
    datasette: Datasette, request: Request, template: str, status: int = 200, **context: Any
) -> Response:
    """Answer with a template filled from ``context``."""
    html = await datasette.render_template(template, {**context, "status": status}, request=request)
    return Response.html(html, status=status)


async def not_found(datasette: Datasette, request: Request, message: str) -> Response:
    """Answer 404 with a message for a person."""
    if request.url_vars.get("format"):
        return Response.json({"ok": False, "error": message}, status=404)
    return await page(datasette, request, "error.html", status=404, error=message)


def database(datasette: Datasette) -> Database:
    """Return the catalog."""
    return datasette.get_database(DATABASE)


def settings(datasette: Datasette) -> Mapping[str, Any]:
    """Return ``home``, the folder of the archive, and ``replay_origin``, where full replay is; each
    only where it is known (a Datasette that others configured may say neither)."""
    ours = getattr(datasette, "gkcrawl", None)
    return ours if ours is not None else datasette.plugin_config("gkcrawl") or {}


def number(text: str | None) -> int | None:
    """Return the digits of an argument as a number; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
