"""What other tools find in the land with as many requests as our spider needed.

A breadth-first ``CrawlSpider`` that takes what its link's text calls a report, and ``wget
--mirror``. Neither asks by POST, reads lists in scripts or JSON, or knows what a column is.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import find_follow
from bench.find_scoring import fetched, score_fetched
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import Exchange, serve_world

LATENCY = 0.001


def breadth_first(land: Land, budget: int, folder: Path) -> dict[str, Any]:
    """Return what a ``CrawlSpider`` finds that follows every link of the portals' hosts."""
    homes = [portal.spec.entrance for portal in land.portals.values()]
    told = folder / "links.json"
    task = {"homes": homes, "hosts": list(land.hosts()), "budget": budget, "output": str(told)}
    command = [sys.executable, find_follow.__file__, json.dumps(task)]
    traffic = _served(land, lambda proxy, _: _crawl(command, proxy))
    urls = json.loads(told.read_text("utf-8"))
    found = score_fetched(land, {url for url in urls if url in fetched(traffic)})
    return {**found, "requests": len(traffic)}


def mirror(land: Land, budget: int, folder: Path) -> dict[str, Any]:
    """Return what ``wget --mirror`` has fetched when the budget is spent; RuntimeError: no wget."""
    wget = shutil.which("wget")
    if wget is None:
        raise RuntimeError("wget is not installed")
    homes = [portal.spec.entrance for portal in land.portals.values()]
    command = [
        wget,
        "--mirror",
        "--quiet",
        "--no-config",
        "--no-check-certificate",
        "--delete-after",
    ]
    command += ["--span-hosts", f"--domains={','.join(land.hosts())}", "--tries=1"]
    command += ["--delete-after", *homes]
    traffic = _served(land, lambda proxy, seen: _stopped(command, proxy, seen, budget, folder))
    found = score_fetched(land, fetched(traffic[:budget]))
    # It calls nothing a report, so nothing is false.
    return {
        "reports": found["reports"],
        "found": found["found"],
        "recall": found["recall"],
        "requests": len(traffic[:budget]),
    }


PEERS: Mapping[str, Callable[[Land, int, Path], dict[str, Any]]] = {
    "scrapy_breadth_first": breadth_first,
    "wget_mirror": mirror,
}


def compare(land: Land, budget: int, folder: Path) -> dict[str, Any]:
    """Return what every peer finds with ``budget`` requests, or why it could not."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {"budget": budget}
    for name, peer in PEERS.items():
        try:
            found[name] = peer(land, budget, folder)
        except (RuntimeError, OSError) as error:
            found[name] = {"skipped": str(error)}
    return found


def _served(land: Land, use: Callable[[str, Sequence[Exchange]], None]) -> list[Exchange]:
    traffic: list[Exchange] = []
    with serve_world(land, traffic, LATENCY) as proxy:
        use(proxy, traffic)
    return traffic


def _crawl(command: Sequence[str], proxy: str) -> None:
    done = subprocess.run(
        command, env=_environment(proxy), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["failed without a word"])[-1])


def _stopped(
    command: Sequence[str], proxy: str, seen: Sequence[Exchange], budget: int, folder: Path
) -> None:
    """Run a command until it has made as many requests as it may."""
    with subprocess.Popen(command, env=_environment(proxy), cwd=folder) as process:
        while process.poll() is None and len(seen) < budget:
            time.sleep(0.05)
        process.terminate()


def _environment(proxy: str) -> dict[str, str]:
    proxies = dict.fromkeys(("http_proxy", "https_proxy"), proxy)
    kept = {k: v for k, v in os.environ.items() if "GKCRAWL" not in k and k != "no_proxy"}
    # The script's own folder has modules that are called like parts of the standard library.
    return {**kept, **proxies, "PYTHONSAFEPATH": "1"}
