"""The catalog on the web: Datasette with our pages over ``HOME/catalog.db``, and full replay."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
import yaml
from datasette.app import Datasette
from datasette.version import __version__

from archive.config import config_path
from gkcrawl.web.listening import AsgiApp, Message, Server, by_port, listening
from gkcrawl.web.queries import DATABASE
from gkcrawl.web.replay import viewer, whole

logger = logging.getLogger(__name__)

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
_NESTED = frozenset({"databases", "tables"})
_TEXTS = frozenset(
    {"title", "description", "description_html", "columns", "units"}
    | {"license", "license_url", "source", "source_url", "about", "about_url"}
)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Browsers lead every name below localhost to this machine (RFC 6761 §6.3). Two names of one site:
# cookies and pages of the one are closed to the other, and frames are not third parties.
CATALOG_NAME, REPLAY_NAME = "catalog.gk.localhost", "replay.gk.localhost"
_GRACE = 5
"""Seconds that answers under way have to end."""
_KEPT = 60.0
"""Seconds after which a catalog that was replaced is closed; queries end long before."""


class NoCatalog(FileNotFoundError):
    """There is no catalog to show yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the catalog and full replay are served, and how visitors name them."""

    host: str = "127.0.0.1"
    port: int = 8001
    replay_port: int = 8002
    base_url: str = "/"
    """Path prefix behind a proxy, or the whole public address: then every link that needs host and
    scheme has those, whatever the proxy says."""
    replay_url: str | None = None
    """Public address of full replay, a host of its own; None: this machine's, for itself."""

    @property
    def prefix(self) -> str:
        """The path below which the catalog is, with slashes at both ends."""
        return f"/{urlsplit(self.base_url).path.strip('/')}/".replace("//", "/")

    @property
    def origin(self) -> str | None:
        """Scheme and host that visitors use, where ``base_url`` says so."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def build_datasette(
    home: Path, *, base_url: str = "/", replay_origin: str | None = None
) -> Datasette:
    """Return the Datasette that shows the catalog in ``home``; ``base_url`` is a path prefix.

    ``replay_origin``: where full replay is; None: there is none. Raises NoCatalog when nothing has
    been crawled, imported or indexed there yet.
    """
    catalog = home / f"{DATABASE}.db"
    if not catalog.is_file():
        raise NoCatalog(
            f"there is no catalog at {catalog} yet: crawl first (scrapy crawl yunnan), "
            "build one from WARC files (gkcrawl index), or try gkcrawl demo"
        )
    metadata = yaml.safe_load(config_path("datasette.yml").read_text("utf-8"))
    made = Datasette(
        files=[str(catalog.resolve())],
        **_configured(metadata),
        settings={**SETTINGS, "base_url": Place(base_url=base_url).prefix},
    )
    # Not in the configuration, which Datasette shows to every visitor.
    made.gkcrawl = {"home": str(home.resolve()), "replay_origin": replay_origin}
    return made


def split(metadata: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the texts and the configuration of Datasette 1.0, which are one thing in 0.65.

    Texts are what people read (titles, descriptions, columns); everything else configures.
    """
    texts: dict[str, Any] = {}
    config: dict[str, Any] = {}
    for name, value in metadata.items():
        if name in _NESTED:
            texts[name], config[name] = {}, {}
            for inner, found in value.items():
                texts[name][inner], config[name][inner] = split(found)
        else:
            (texts if name in _TEXTS else config)[name] = value
    return texts, config


def _configured(metadata: Mapping[str, Any]) -> dict[str, Any]:
    if __version__.startswith("0."):
        return {"metadata": metadata}
    texts, config = split(metadata)
    return {"metadata": texts, "config": config}


def build_app(home: Path, *, base_url: str = "/", replay_origin: str | None = None) -> AsgiApp:
    """Return the ASGI application of :func:`build_datasette`.

    It is built anew when another file takes the catalog's place (``gkcrawl index --rebuild`` swaps
    one in): Datasette keeps its connections and would go on to show the file that is gone.
    A ``base_url`` with a host is how every request is taken to have been addressed.
    """
    catalog = home / f"{DATABASE}.db"
    place = Place(base_url=base_url)

    def opened() -> tuple[Datasette, AsgiApp, int]:
        shown = catalog.stat().st_ino if catalog.is_file() else 0
        datasette = build_datasette(home, base_url=base_url, replay_origin=replay_origin)
        return datasette, datasette.app(), shown

    datasette, current, shown = opened()

    async def app(scope: Message, receive: Any, send: Any) -> None:
        nonlocal datasette, current, shown
        if catalog.is_file() and catalog.stat().st_ino != shown:
            logger.info("the catalog was replaced and is opened anew: %s", catalog)
            # Its file takes up the disk until it is closed.
            asyncio.get_running_loop().call_later(_KEPT, _close, datasette)
            datasette, current, shown = opened()
        await current(_addressed(scope, place), receive, send)

    return app


def _close(datasette: Datasette) -> None:
    for database in datasette.databases.values():
        database.close()


def _addressed(scope: Message, place: Place) -> Message:
    """Return a request as one to the public address, where that is known."""
    if place.origin is None or scope["type"] != "http":
        return scope
    parts = urlsplit(place.origin)
    headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
    headers.append((b"host", parts.netloc.encode("ascii")))
    return {**scope, "scheme": parts.scheme, "headers": headers}


def full_replay(home: Path, place: Place) -> whole.Whole | None:
    """Return where full replay is served; None: its viewer is not installed, or it would have no
    host name of its own."""
    folder = viewer.installed(home)
    if folder is None or (place.replay_url is None and place.host not in _LOOPBACK):
        return None
    origin = place.replay_url or f"http://{REPLAY_NAME}:{place.replay_port}"
    parts = urlsplit(origin)
    catalog = place.origin or f"http://{CATALOG_NAME}:{place.port}"
    if not parts.netloc or parts.path.strip("/") or parts.netloc == urlsplit(catalog).netloc:
        raise ValueError(f"{origin} is no host of its own for full replay, like https://replay.x/")
    return whole.Whole(f"{parts.scheme}://{parts.netloc}", catalog, folder, home)


def serve(
    home: Path, place: Place, *, started: Callable[[str, whole.Whole | None], None]
) -> int | None:
    """Serve the catalog in ``home`` until interrupted; return the signal that ended it.

    ``started`` is told, once requests are answered, the address of the catalog and where full
    replay is. Raises NoCatalog as above, and PortTaken.
    """
    full = full_replay(home, place)
    app = build_app(home, base_url=place.base_url, replay_origin=full.origin if full else None)
    sockets = [listening(place.host, place.port)]
    if full:
        sockets.append(listening(place.host, place.replay_port))
        app = by_port(app, whole.build(full), place.replay_port, full.host)
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_GRACE,
    )
    named = CATALOG_NAME if full and place.host in _LOOPBACK else place.host
    address = place.origin or f"http://{named}:{place.port}"
    server = Server(config, lambda: started(address + place.prefix, full))
    server.run(sockets=sockets)
    return server.ended_by
