"""``/data``: downloads with size, rows and SHA-256, what their columns mean, how to load them."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog.schema import TABLES, VIEWS
from gkcrawl.exporting import offers
from gkcrawl.exporting.dictionary import Column, column, described
from gkcrawl.exporting.package import LICENCE, MEDIA_TYPES
from gkcrawl.exporting.resources import RESOURCES, Resource
from gkcrawl.web.answering import Route, Table, answer, database, formats, not_found
from gkcrawl.web.language import say
from gkcrawl.web.sending import FileAnswer

_FILES = (
    *("file", "format", "bytes", "rows", "sha256", "as_of", "made_at", "where", "software"),
    "tables",
)
_COLUMNS = ("table", "column", "type", "unit", "chinese", "english")
_PACKED = {".zip": "application/zip", ".gz": "application/gzip"}
_FORMATS = {
    "csv": "CSV（UTF-8），一表一文件",
    "excel": "CSV，供电子表格打开",
    "parquet": "Parquet，类型齐全",
    "jsonl": "JSON Lines，一份报告一行，含全文",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A table that can be exported, with its columns."""

    resource: Resource
    columns: Sequence[Column]


async def data(request: Request, datasette: Datasette) -> Response:
    """Answer ``/data``."""
    found = await asyncio.to_thread(lambda: list(offers.offers(home(datasette))))
    rows = [
        asdict(offer) | {"tables": " ".join(f"{part.name}:{part.rows}" for part in offer.parts)}
        for offer in found
    ]
    return await answer(
        datasette,
        request,
        "gk_data.html",
        Table(_FILES, rows, {"licence": LICENCE["title"]}),
        offers=found,
        format_words=_FORMATS,
        size=size,
        licence=LICENCE["title"],
        tables=await _described(datasette),
        words=described(),
    )


async def columns(request: Request, datasette: Datasette) -> Response:
    """Answer ``/data/columns.json`` and ``.csv``: the data dictionary of what is exported."""
    rows = [
        {
            "table": table.resource.name,
            "column": one.name,
            "type": one.kind,
            "unit": one.unit,
            "chinese": one.title,
            "english": one.description,
        }
        for table in await _described(datasette)
        for one in table.columns
    ]
    if not request.url_vars["format"]:
        return Response.redirect(datasette.urls.path("/data") + "#columns")
    return await answer(datasette, request, "gk_data.html", Table(_COLUMNS, rows))


async def file(request: Request, datasette: Datasette) -> Response | FileAnswer:
    """Answer ``/data/files/<name>``: a download, or a part of it."""
    name = request.url_vars["name"]
    folder = home(datasette)
    offer = await asyncio.to_thread(offers.find, folder, name)
    if offer is None:
        return await not_found(datasette, request, say("没有这个文件。"))
    path = folder / offers.FOLDER / name
    kind = _PACKED.get(path.suffix) or MEDIA_TYPES.get(path.suffix[1:], "application/octet-stream")
    return FileAnswer(path, kind, f'"{offer.sha256}"', request)


def home(datasette: Datasette) -> Path:
    """Return the folder of the archive that is shown."""
    config = datasette.plugin_config("gkcrawl") or {}
    return Path(config.get("home") or Path(str(database(datasette).path)).parent)


def size(count: int) -> str:
    """Return a number of bytes as a person reads it: ``3.2 MB`` (powers of 1000)."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 999.95 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} B" if units[0] == "B" else f"{size:.1f} {units[0]}"


async def _described(datasette: Datasette) -> list[Described]:
    db = database(datasette)

    def names(connection: Any) -> list[Described]:
        found = []
        for name, resource in RESOURCES.items():
            if name not in TABLES and name not in VIEWS:
                continue
            said = connection.execute(f'select * from "{name}" limit 0').description
            kept = [one for one, *_ in said if one not in resource.without]
            found.append(Described(resource, [column(name, one) for one in kept]))
        return found

    result: list[Described] = await db.execute_fn(names)
    return result


ROUTES: tuple[Route, ...] = (
    (formats("/data"), data),
    (formats("/data/columns"), columns),
    (r"^/data/files/(?P<name>[^/]+)$", file),
)
