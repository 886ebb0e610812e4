"""``/r/<id>/diff/<a>..<b>``: what an office changed in a report after it was published."""

import asyncio
import re
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.celldiff import CellState
from archive.catalog.versions import Comparison, compare
from gkcrawl.web.answering import Route, Table, as_csv, not_found, page
from gkcrawl.web.asking import asked
from gkcrawl.web.difference import diff_page
from gkcrawl.web.language import say
from gkcrawl.web.views import report_rows

CHANGED_COLUMNS = (
    *("table", "row", "column", "kind"),
    *("value_before", "value_after", "step", "raw_before", "raw_after"),
)
_PAIR = re.compile(r"([1-9][0-9]{0,5})\.\.([1-9][0-9]{0,5})")


async def diff(request: Request, datasette: Datasette) -> Response:
    """Answer with the difference as a page, as JSON, or its changed cells as CSV."""
    report_id = request.url_vars["id"]
    pair = _PAIR.fullmatch(request.url_vars["pair"])
    if pair is None:
        return await not_found(datasette, request, say("没有这两个版本可比。"))
    a, b = int(pair[1]), int(pair[2])
    if a > b:
        return Response.redirect(_address(datasette, request, report_id, b, a))
    versions = await asked(datasette, lambda c: report_rows.two_versions(c, report_id, a, b))
    if versions is None or a == b:
        return await not_found(datasette, request, say("没有这两个版本可比。"))
    # A long text costs a moment: not on the loop, nor on a thread that holds a connection.
    found = await asyncio.to_thread(compare, *versions)
    wanted = request.url_vars.get("format")
    if wanted == "json":
        return Response.json({"ok": True, **found.as_dict()})
    if wanted == "csv":
        return _csv(found)
    return await page(datasette, request, "gk_diff.html", change=diff_page(found))


def _address(datasette: Datasette, request: Request, report_id: str, a: int, b: int) -> str:
    ending = f".{wanted}" if (wanted := request.url_vars.get("format")) else ""
    return str(datasette.urls.path(f"/r/{report_id}/diff/{a}..{b}{ending}"))


def _csv(found: Comparison) -> Response:
    name = f"{found.newer.row['report_id']}-{found.older.n}-{found.newer.n}.csv"
    rows = [
        {"table": cell.table, "row": cell.row, "column": cell.column, "kind": cell.kind}
        | {"step": cell.step, **_side("before", cell.before), **_side("after", cell.after)}
        for cell in found.difference.cells
    ]
    said = {"content-disposition": f'inline; filename="{name}"'}
    body = as_csv(Table(CHANGED_COLUMNS, rows))
    return Response(body, headers=said, content_type="text/csv; charset=utf-8")


def _side(name: str, state: CellState | None) -> dict[str, Any]:
    return {f"value_{name}": state and state.value, f"raw_{name}": state and state.raw}


ROUTES: tuple[Route, ...] = (
    (r"^/r/(?P<id>[\w.-]+)/diff/(?P<pair>[^/]+?)(?:\.(?P<format>json|csv))?$", diff),
)
