"""The catalog on the web: Datasette with our pages over ``HOME/catalog.db``."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import rich
import uvicorn
import yaml
from datasette.app import Datasette

from archive.config import config_path
from gkcrawl.web.queries import DATABASE

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Any, Any], Awaitable[None]]

SETTINGS: dict[str, Any] = {
    # The catalog is derived; whoever wants all of it takes `gkcrawl export`.
    "allow_download": False,
    # A visitor's query may not hold up the others.
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 500,
    "max_returned_rows": 2000,
    "default_page_size": 50,
    "default_facet_size": 40,
    "truncate_cells_html": 80,
    # The catalog grows while a crawl runs: pages are not to be kept by browsers.
    "default_cache_ttl": 0,
    # Facets that fit are named in config/datasette.yml; guessing more costs time on every page.
    "suggest_facets": False,
}


class NoCatalog(FileNotFoundError):
    """There is no catalog to show yet."""


def build_datasette(home: Path, *, base_url: str = "/") -> Datasette:
    """Return the Datasette that shows the catalog in ``home``; ``base_url`` is a path prefix.

    Raises NoCatalog when nothing has been crawled, imported or indexed there yet.
    """
    catalog = home / f"{DATABASE}.db"
    if not catalog.is_file():
        raise NoCatalog(
            f"there is no catalog at {catalog} yet: crawl first (scrapy crawl yunnan), "
            "build one from WARC files (gkcrawl index), or try gkcrawl demo"
        )
    metadata = yaml.safe_load(config_path("datasette.yml").read_text("utf-8"))
    metadata.setdefault("plugins", {})["gkcrawl"] = {"home": str(home.resolve())}
    return Datasette(
        files=[str(catalog.resolve())],
        metadata=metadata,
        settings={**SETTINGS, "base_url": f"/{base_url.strip('/')}/".replace("//", "/")},
    )


def build_app(home: Path, *, base_url: str = "/") -> AsgiApp:
    """Return the ASGI application of :func:`build_datasette`.

    It is built anew when another file takes the catalog's place (``gkcrawl index --rebuild`` swaps
    one in): Datasette keeps its connections and would go on to show the file that is gone.
    """
    catalog = home / f"{DATABASE}.db"
    current = build_datasette(home, base_url=base_url).app()
    shown = catalog.stat().st_ino

    async def app(scope: Message, receive: Any, send: Any) -> None:
        nonlocal current, shown
        if catalog.is_file() and (found := catalog.stat().st_ino) != shown:
            logger.info("the catalog was replaced and is opened anew: %s", catalog)
            current, shown = build_datasette(home, base_url=base_url).app(), found
        await current(scope, receive, send)

    return app


def serve(home: Path, host: str = "127.0.0.1", port: int = 8001, *, base_url: str = "/") -> None:
    """Serve the catalog in ``home`` until interrupted; raises NoCatalog as above."""
    # Datasette prints the locals of every frame for each page that is not found.
    rich.get_console().quiet = True
    uvicorn.run(
        build_app(home, base_url=base_url),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        lifespan="on",
    )
