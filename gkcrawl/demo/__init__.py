"""The embedded world: a small web of portals on loopback, a crawl of them, and what came of it.

For a first run and for tests: everything is real (the spiders, the engine, the recorder, the
reader, the catalog) but the sites, whose pages are served under their real host names by a forward
proxy on this machine. Nothing outside is contacted.
"""

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from gkcrawl.crawl.runner import Summary, crawl
from gkcrawl.demo.proxy import serve_world
from gkcrawl.demo.world import World

SPIDERS = ("yunnan", "guangdong", "shandong", "wenku")

# The world is this machine: there is nobody to be gentle with, and its sites never sleep.
_SETTINGS = {
    # Zero would start all that waits for a host at once (Scrapy 2.19).
    "DOWNLOAD_DELAY": "0.001",
    # What fails in this world fails always, and the truth counts each page once.
    "RETRY_TIMES": "0",
    "DOWNLOAD_TIMEOUT": "20",
}


@dataclass(frozen=True, slots=True)
class DemoRun:
    """A crawl of the embedded world beside what it should have found."""

    summary: Summary
    truth: dict[str, Any]
    proxy: str
    log: Path
    """What the spiders said: the faults of the world are planned and would only alarm."""

    @property
    def planned(self) -> dict[str, str]:
        """The outcome that each article's page must have, by its address."""
        return {page["url"]: page["outcome"] for page in self.truth["pages"]}


def run_demo(home: Path, documents: Path | None = None) -> DemoRun:
    """Serve the world, crawl it into ``home`` and return what came of it.

    ``documents``: a folder with ``000.txt`` … ``004.txt`` whose texts the five main pages shall
    show in place of their own.
    """
    world = World(documents)
    log = home / "logs" / "demo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    settings = {**_SETTINGS, "LOG_FILE": str(log.absolute())}
    # The small world has a few portals of each province; the shipped files have them all.
    with serve_world(world) as proxy, as_file(files(__package__) / "data" / "config") as config:
        environment = {"GKCRAWL_PROXY": proxy, "GKCRAWL_CONFIG": str(config)}
        summary = crawl(SPIDERS, home, settings=settings, environment=environment)
    return DemoRun(summary, world.truth(), proxy, log)
