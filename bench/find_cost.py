"""What a fetched page costs our crawl in CPU time, beside bare Scrapy fetching the same pages.

The land is served by this process; every crawl is one of its own, by turns, the order reversed
every other round. Ours is the real one with its settings, without what ``read()`` takes; bare
Scrapy gets the requests that ours made, redirects and robots.txt too, and does nothing with the
answers.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import find_cost_crawl
from bench.archive_calls import ratio
from bench.find_cost_world import NotingLand
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import serve_world

ROOT = Path(__file__).parent.parent
LATENCY = 0.004
COMMON = {
    "DOWNLOAD_DELAY": 0.001,
    "DOWNLOAD_TIMEOUT": 30,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "LOG_LEVEL": "INFO",
}
"""What both are told."""
BARE = {
    **COMMON,
    "COOKIES_ENABLED": False,
    "DOWNLOAD_DELAY_JITTER": 0.0,
    "DOWNLOAD_VERIFY_CERTIFICATES": False,
    "HTTPERROR_ALLOW_ALL": True,
    "HTTPPROXY_ENABLED": True,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "RETRY_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
}
"""So that each of the given requests is made once; all else is Scrapy's default."""
WAYS = {
    "all_but_read": (False, 0),
    "unread": (True, 0),
    "unread_large": (True, 40),
}
"""Whether ``read()`` says at once of every document that it is no report, so that none is entered;
kilobytes of menus, styles and scripts that are added to each page of the land, whose own are
small."""
PART = 4
_PYTHON = {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": ""}
"""Modules are compiled once, as those of an installed gkcrawl are."""


def crawl(land: NotingLand, how: str, home: Path, **more: Any) -> dict[str, Any]:
    """Return what a crawl in a process of its own says of its costs; RuntimeError: it failed."""
    home.mkdir(parents=True)
    settings = {**(BARE if how == "bare" else COMMON), "LOG_FILE": str(home / "crawl.log")}
    with serve_world(land, latency=LATENCY) as proxy:
        own = {"SCRAPY_SETTINGS_MODULE": "gkcrawl.settings", "GKCRAWL_HOME": str(home)}
        environment = {"http_proxy": proxy, "https_proxy": proxy} if how == "bare" else own
        task = {"how": how, "home": str(home), "settings": settings, **more}
        task["environment"] = environment | ({} if how == "bare" else {"GKCRAWL_PROXY": proxy})
        kept = {k: v for k, v in os.environ.items() if "GKCRAWL" not in k and k != "no_proxy"}
        done = subprocess.run(
            [sys.executable, find_cost_crawl.__file__, json.dumps(task)],
            cwd=ROOT,
            env=kept | _PYTHON | {"PYTHONPYCACHEPREFIX": str(home.parent / "pycache")},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["failed without a word"])[-1])
    told: dict[str, Any] = json.loads((home / "told.json").read_text("utf-8"))
    return told


def measure(
    keys: Sequence[str], folder: Path, *, rounds: int = 2, small: bool = False
) -> dict[str, Any]:
    """Return what a page costs in each of ``WAYS``, on every fourth of these portals."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, (unread, kilobytes) in WAYS.items():
        land = NotingLand(static(keys)[::PART], small=small, kilobytes=kilobytes)
        portals = folder / f"{name}.yml"
        portals.write_text(land.portals_file(given=True, family=True), "utf-8")
        found[name] = way(land, portals, folder / name, rounds, unread=unread)
    return found


def way(
    land: NotingLand, portals: Path, folder: Path, rounds: int, *, unread: bool
) -> dict[str, Any]:
    """Return CPU milliseconds a page of both crawls, their ratio, and what ours spends where."""
    own: dict[str, Any] = {"portals": str(portals), "unread": unread}
    land.asked, land.bytes = [], 0
    # Its requests are what bare Scrapy is given; its stages are looked at, not its sum.
    profiled = crawl(land, "profiled", folder / "profiled", **own)
    pages, sent = len(land.asked), land.bytes
    requests = folder / "requests.json"
    requests.write_text(json.dumps(land.asked), "utf-8")
    parties: dict[str, dict[str, Any]] = {"ours": own, "bare": {"requests": str(requests)}}
    found: dict[str, list[dict[str, Any]]] = {how: [] for how in parties}
    for turn in range(rounds):
        for how in sorted(parties, reverse=bool(turn % 2)):
            found[how].append(crawl(land, how, folder / f"{how}-{turn}", **parties[how]))
    ours = [all_but_read(one) / one["pages"] for one in found["ours"]]
    bare = [one["crawling"] / one["pages"] for one in found["bare"]]
    return {
        "ratio": ratio(ours, bare),
        "ratios": [round(a / b, 3) for a, b in zip(ours, bare, strict=True)],
        "cpu_ms_a_page": {"ours": _ms(ours), "bare": _ms(bare)},
        "pages": {"asked": pages} | {how: [one["pages"] for one in found[how]] for how in found},
        "mean_bytes": round(sent / pages),
        "processes_ms_a_page": [_processes(one) for one in found["ours"]],
        "crawl_process_ms_a_page_by_stage": {
            stage: round(1000 * share * profiled["crawling"] / profiled["pages"], 3)
            for stage, share in profiled["stages"].items()
        },
    }


def all_but_read(told: dict[str, Any]) -> float:
    """Return the CPU seconds of a crawl of ours without those of ``read()``."""
    return float(told["crawling"] + told["reading_process"] - told["read"])


def static(keys: Sequence[str]) -> list[str]:
    """Return the portals whose pages need no browser, which bare Scrapy does not have."""
    return [key for key, p in Land(keys).portals.items() if not p.spec.option.get("render")]


def _processes(one: dict[str, Any]) -> dict[str, float]:
    """Return what a crawl and its reading process spent, with ``read()`` and the process's start
    apart."""
    names = ("crawling", "reading_process", "read", "start")
    return {name: round(1000 * one[name] / one["pages"], 3) for name in names}


def _ms(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.median(seconds), 3)
