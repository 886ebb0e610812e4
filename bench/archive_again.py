"""What a second crawl of the embedded world adds to its archive: with revisits, and in full."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from gkcrawl.crawl.runner import crawl
from gkcrawl.demo.proxy import serve_world
from gkcrawl.demo.world import World

SPIDERS = ("yunnan", "guangdong", "shandong")
_SETTINGS = {"DOWNLOAD_DELAY": "0.001", "RETRY_TIMES": "0", "LOG_LEVEL": "ERROR"}
_CONFIG = files("gkcrawl.demo") / "data" / "config"


def measure(folder: Path) -> dict[str, Any]:
    """Return bytes and records that a second crawl adds, and what of that revisits save.

    ``in_full``: the same crawl, where a run must not refer to the files of another.
    """
    first, in_full = folder / "first", folder / "in-full"
    with serve_world(World()) as proxy, as_file(_CONFIG) as config:
        environment = {"GKCRAWL_PROXY": proxy, "GKCRAWL_CONFIG": str(config)}
        _crawl(first, environment)
        once = _held(first)
        shutil.copytree(first, in_full)
        _crawl(first, environment)
        _crawl(in_full, environment | {"GKCRAWL_SELF_CONTAINED": "1"})
    added, full = _difference(_held(first), once), _difference(_held(in_full), once)
    return {
        "first": once,
        "with_revisits": added,
        "in_full": full,
        "bytes_saved": round(1 - added["bytes"] / full["bytes"], 3),
    }


def _crawl(home: Path, environment: dict[str, str]) -> None:
    done = crawl(SPIDERS, home, settings=_SETTINGS, environment=environment)
    if done.exit_code:
        raise RuntimeError(f"the world cannot be crawled: {done.spiders}")


def _held(home: Path) -> dict[str, int]:
    """Return bytes and kinds of records of an archive."""
    held = {"bytes": 0, "response": 0, "revisit": 0}
    for path in (home / "warc").glob("*.warc.gz"):
        held["bytes"] += path.stat().st_size
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                if record.rec_type in held:
                    held[record.rec_type] += 1
    return held


def _difference(more: dict[str, int], less: dict[str, int]) -> dict[str, int]:
    return {name: count - less[name] for name, count in more.items()}
