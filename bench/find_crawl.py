"""One crawl of the land by the real spider, with all that came to its hosts."""

import time
from pathlib import Path
from typing import Any

from gkcrawl.crawl.runner import crawl
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import Exchange, serve_world

SPIDER = "yunnan"
"""Any province's will do: what differs is in the portals file."""
# Nobody in the land is to be spared, but nothing may come twice at once.
SETTINGS = {
    "DOWNLOAD_DELAY": "0.001",
    "DOWNLOAD_TIMEOUT": "30",
    "LOG_LEVEL": "INFO",
}
LATENCY = 0.004


def crawl_land(land: Land, home: Path, portals_file: str) -> tuple[list[Exchange], dict[str, Any]]:
    """Crawl the land into ``home``; return the requests that came, and what the crawl said of
    itself."""
    home.mkdir(parents=True, exist_ok=True)
    portals = home / "portals.yml"
    portals.write_text(portals_file, encoding="utf-8")
    traffic: list[Exchange] = []
    began = time.monotonic()
    with serve_world(land, traffic, LATENCY) as proxy:
        summary = crawl(
            [SPIDER],
            home,
            arguments={"portals": str(portals)},
            settings={**SETTINGS, "LOG_FILE": str(home / "crawl.log")},
            environment={"GKCRAWL_PROXY": proxy},
        )
    told = {
        "exit": dict(summary.spiders),
        "seconds": round(time.monotonic() - began, 1),
        "outcomes": dict(summary.outcomes),
        "log": str(home / "crawl.log"),
    }
    return traffic, told
