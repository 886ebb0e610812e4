"""``/data``: downloads with size, rows and SHA-256, what their columns mean, how to load them."""

import asyncio
from dataclasses import asdict
from pathlib import Path

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from gkcrawl.exporting import offers
from gkcrawl.exporting.dictionary import described
from gkcrawl.exporting.package import LICENCE, MEDIA_TYPES
from gkcrawl.exporting.resources import RESOURCES
from gkcrawl.web.answering import Route, Table, answer, database, formats, not_found, settings
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
        tables=list(RESOURCES.values()),
        words=described(),
    )


async def columns(request: Request, datasette: Datasette) -> Response:
    """Answer ``/data/columns.json`` and ``.csv``: the data dictionary of what is exported."""
    rows = [
        {
            "table": table.name,
            "column": one.name,
            "type": one.kind,
            "unit": one.unit,
            "chinese": one.title,
            "english": one.description,
        }
        for table in RESOURCES.values()
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
    config = settings(datasette)
    return Path(config.get("home") or Path(str(database(datasette).path)).parent)


def size(count: int) -> str:
    """Return a number of bytes as a person reads it: ``3.2 MB`` (powers of 1000)."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 999.95 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} B" if units[0] == "B" else f"{size:.1f} {units[0]}"


ROUTES: tuple[Route, ...] = (
    (formats("/data"), data),
    (formats("/data/columns"), columns),
    (r"^/data/files/(?P<name>[^/]+)$", file),
)
