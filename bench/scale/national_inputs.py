"""What one request, one document, one report cost: measured by real runs on this machine.

Counts of requests, CPU and bytes of a crawl come from the land of ``gkcrawl.demo``, crawled by the
real spider twice, the second time a day later; those of a page of ordinary size (its own are small)
from the benches of archive and reader; those of the catalog from catalogs that are made for it.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.catalog import Catalog
from archive.catalog.statements import insert
from bench import timing
from bench.archive_calls import exchanges, write_ours_without_fsync
from bench.find_again import _let_a_day_pass
from bench.find_crawl import crawl_land
from bench.web_catalog import make_catalog
from gkcrawl.demo.land import Land

PORTALS = ("zunyi", "dali", "suixi", "dingxi")
"""Of the land: four systems, columns that are found by menu, list, service and search."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Costs of one of each, CPU in seconds."""

    finding_per_organ: float
    lists_per_organ: float
    pages_per_report: float
    spider_seconds: float
    """CPU of a spider's process that fetches nothing."""
    exchange_seconds: float
    """CPU of fetching, following and recording one page."""
    read_seconds: float
    """CPU of reading one document."""
    document_bytes: int
    """In the WARC files, of a page of 20 to 60 KB."""
    revisit_bytes: int
    """Of a page that came again as it was."""
    report_bytes: int
    """In the catalog, text, tables and full-text index included."""
    capture_bytes: int
    """In the catalog and the CDXJ indexes, of one more capture of a page that is known."""


SOURCES: Mapping[str, str] = {
    "finding_per_organ": "first crawl of four portals of the land, home pages alone known",
    "lists_per_organ": "the crawl of a day later: all but documents, robots.txt and home pages",
    "pages_per_report": "first crawl: documents and their attachments over reports",
    "spider_seconds": "both crawls: what CPU is left where nothing is fetched",
    "exchange_seconds": "both crawls: CPU without reading over exchanges",
    "read_seconds": "python -m bench.read: read() of pages of 30 to 80 KB",
    "document_bytes": "python -m bench.archive: what our writer writes for pages of 20 to 60 KB",
    "revisit_bytes": "the crawl of a day later: bytes over captures",
    "report_bytes": "python -m bench.web_catalog: two sizes, the difference over the reports",
    "capture_bytes": "rows put into the catalog's captures, and their lines in the index",
}

# python -m bench.scale --only national on two cores (Python 3.11.7, SQLite 3.40.1), November 2026;
# the sample and docs/scale.md reckon with these.
KEPT = Inputs(
    finding_per_organ=2.525,
    lists_per_organ=1.275,
    pages_per_report=1.035,
    spider_seconds=4.61,
    exchange_seconds=0.032,
    read_seconds=0.0267,
    document_bytes=14_970,
    revisit_bytes=2_410,
    report_bytes=63_536,
    capture_bytes=1_211,
)


def measured(folder: Path, *, reports: int = 2_000) -> Inputs:
    """Return what this machine needs; takes some minutes."""
    crawled = _crawled(folder / "land")
    return Inputs(**crawled, **cheap(folder, reports=reports))


def cheap(folder: Path, *, reports: int) -> dict[str, Any]:
    """Return what takes seconds to measure."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "read_seconds": timing.measure(8, 1, rounds=1)["read_cpu_ms"] / 1000,
        "document_bytes": _written(folder / "warc"),
        "report_bytes": _per_report(folder, reports),
        "capture_bytes": _per_capture(folder / "captures.db"),
    }


def _crawled(home: Path) -> dict[str, Any]:
    """Return what two crawls of some portals of the land cost, a day apart."""
    today, tomorrow = Land(PORTALS), Land(PORTALS, later=True)
    file = today.portals_file(given=False, family=True)
    read = timing.measure(8, 1, rounds=1)["read_cpu_ms"] / 1000
    first = _crawl(today, home, file)
    _let_a_day_pass(home)
    second = _crawl(tomorrow, home, file)
    organs = len({one["organ"] for one in today.truth()["reports"]})
    documents = first["article"] + first["attachment"]
    entrances = first["home"] + first["robots"]
    new = second["article"] + second["attachment"]
    lists = second["captures"] - new - second["home"] - second["robots"]
    # Two crawls, two unknowns: what a process costs, and what a page does.
    cpu = [one["cpu"] - read * one["article"] for one in (first, second)]
    page = (cpu[0] - cpu[1]) / (first["captures"] - second["captures"])
    return {
        "finding_per_organ": round((first["captures"] - documents - entrances) / organs, 3),
        "lists_per_organ": round(lists / organs, 3),
        "pages_per_report": round(documents / first["article"], 3),
        "spider_seconds": round(cpu[1] - page * second["captures"], 2),
        "exchange_seconds": round(page, 4),
        "revisit_bytes": round(second["bytes"] / second["captures"]),
    }


def _crawl(land: Land, home: Path, file: str) -> dict[str, float]:
    """Return CPU seconds, bytes and captures by class that one crawl adds."""
    before, began = _counted(home), os.times()
    crawl_land(land, home, file)
    ended, after = os.times(), _counted(home)
    cpu = ended.children_user + ended.children_system - began.children_user - began.children_system
    return {name: after[name] - before[name] for name in after} | {"cpu": cpu}


def _counted(home: Path) -> dict[str, float]:
    kinds = dict.fromkeys(("home", "robots", "article", "attachment"), 0.0)
    found = {"captures": 0.0, "bytes": 0.0} | kinds
    if (path := home / "catalog.db").exists():
        connection = sqlite3.connect(path)
        rows = connection.execute("select kind, count(*) from captures group by kind").fetchall()
        connection.close()
        found["captures"] = sum(count for _, count in rows)
        found |= {kind: count for kind, count in rows if kind in kinds}
        found["bytes"] = sum(one.stat().st_size for one in (home / "warc").glob("*.warc.gz"))
    return found


def _written(folder: Path, pages: int = 60) -> int:
    write_ours_without_fsync(exchanges(pages), folder)
    return round(sum(path.stat().st_size for path in folder.rglob("*.warc.gz")) / pages)


def _per_report(folder: Path, reports: int) -> int:
    sizes = []
    for count in (reports // 4, reports):
        path = folder / f"{count}.db"
        make_catalog(path, count)
        sizes.append(path.stat().st_size)
    return round((sizes[1] - sizes[0]) / (reports - reports // 4))


def _per_capture(path: Path, count: int = 20_000) -> int:
    """Return the bytes of a capture's row and of its line in the index."""
    with Catalog(path) as catalog:
        before = _pages_used(catalog)
        rows = [_row(number) for number in range(count)]
        with catalog.batch():
            insert(catalog.db, "runs", [{"id": f"{0:032x}", "spider": "yunnan"}])
            insert(catalog.db, "captures", rows)
        return round((_pages_used(catalog) - before) / count) + _INDEX_LINE


_INDEX_LINE = 450
"""Bytes of a line of CDXJ, which stands in the file's index and in the merged one."""


def _pages_used(catalog: Catalog) -> int:
    pages, free, size = (
        catalog.db.execute(f"pragma {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _row(number: int) -> dict[str, Any]:
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(1_767_000_000 + number))
    return {
        "id": f"{number * 7919:032x}",
        "url": f"https://www.portal-{number % 900}.gov.cn/zwgk/zfxxgk/gknb/organ-{number % 90}/",
        "captured_at": at,
        "status": 200,
        "media_type": "text/html",
        "payload_digest": f"sha256:{number % 1_000:064x}",
        "warc": f"yunnan-20260101143000000-{number // 5_000:05}-4ff1105d-machine.warc.gz",
        "offset": number * 2_900,
        "length": 2_900,
        "kind": "listing",
        "outcome": "navigation",
        "run_id": f"{0:032x}",
    }


def told(inputs: Inputs) -> dict[str, Any]:
    """Return the inputs with where each comes from."""
    return {
        name: {"value": value, "source": SOURCES[name]} for name, value in asdict(inputs).items()
    }


def on_this_machine() -> Inputs:
    """Return what was measured now, in a folder that is removed again."""
    with tempfile.TemporaryDirectory(prefix="gkcrawl-national-") as name:
        return measured(Path(name))
