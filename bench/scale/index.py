"""How many documents a second of CPU the index reads, beside trafilatura over the same WARC files.

Ours goes all the way: records, documents, sections, tables, checks, catalog with its full-text
index. The peer takes the responses out with warcio and their text with ``trafilatura.extract``.
"""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import trafilatura
from warcio.archiveiterator import ArchiveIterator

from archive.catalog import Catalog
from archive.index import index_archive, load_divisions
from archive.warc import warc_files
from bench.scale.index_pages import portal_page, web_page, write_crawl, write_foreign

FASTER, MUCH_FASTER = 1.5, 20
"""Than trafilatura: documents of a crawl, and pages of the web that are no reports."""


def measure(*, sample: bool, seed: int) -> dict[str, Any]:
    """Return CPU milliseconds a document, the factors, and what of the promise is kept."""
    portals, web, rounds = (20, 150, 1) if sample else (400, 1500, 5)
    with TemporaryDirectory(prefix="bench-index-") as folder:
        ours, theirs = Path(folder, "portals"), Path(folder, "web")
        documents = [portal_page(seed * 100_000 + n) for n in range(portals)]
        pages = [web_page(seed * 100_000 + n) for n in range(web)]
        write_crawl(ours, iter(documents), files=2)
        write_foreign(theirs / "warc" / "web.warc.gz", iter(pages))
        crawl = _compared(ours, rounds)
        foreign = _compared(theirs, rounds)
    return {
        "crawl": crawl | {"mix": _mix(documents), "kilobytes": _sizes(documents)},
        "web": foreign | {"mix": _mix(pages), "kilobytes": _sizes(pages)},
        "kept": {
            "index_1.5_times_trafilatura": crawl["factor"] >= FASTER,
            "non_reports_20_times_trafilatura": foreign["factor"] >= MUCH_FASTER,
        },
    }


def _compared(home: Path, rounds: int) -> dict[str, Any]:
    """Return what both parties need, who take turns; the factor is the median of the rounds', so
    that it stands on a machine that has other things to do."""
    _index(home)  # what both load on first use is no page's cost
    _extract(home, 2)
    ours, theirs = [], []
    counts: dict[str, int] = {}
    for _ in range(rounds):
        cpu, counts = _index(home)
        ours.append(cpu * 1000 / counts["captures"])
        theirs.append(_cpu(lambda: _extract(home)) * 1000 / counts["captures"])
    factors = [peer / own for own, peer in zip(ours, theirs, strict=True)]
    return {
        "documents": counts["captures"],
        "reports": counts["reports"],
        "rounds": rounds,
        "index_cpu_ms": round(median(ours), 3),
        "trafilatura_cpu_ms": round(median(theirs), 2),
        "factor": round(median(factors), 2),
        "factors": {
            "min": round(min(factors), 2),
            "median": round(median(factors), 2),
            "max": round(max(factors), 2),
        },
    }


def _index(home: Path) -> tuple[float, dict[str, int]]:
    """Index an archive into a catalog that has its divisions; return CPU seconds and counts.

    What it costs to look whether the divisions are those of the configuration is left out, at its
    least.
    """
    with (
        TemporaryDirectory(prefix="bench-catalog-") as folder,
        Catalog(Path(folder, "catalog.db")) as catalog,
    ):
        load_divisions(catalog)
        start = min(_cpu(lambda: load_divisions(catalog)) for _ in range(3))
        counts: dict[str, int] = {}
        cpu = _cpu(lambda: counts.update(index_archive(home, catalog, jobs=0)))
        return cpu - start, counts


def _extract(home: Path, most: int = 1_000_000) -> None:
    for path in warc_files(home / "warc"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and (most := most - 1) >= 0:
                    trafilatura.extract(record.content_stream().read())


def _cpu(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


def _mix(pages: list[Any]) -> dict[str, int]:
    return dict(Counter(page.kind for page in pages))


def _sizes(pages: list[Any]) -> list[int]:
    """Return the least, the median and the greatest size in kB."""
    sizes = sorted(len(page.content) // 1000 for page in pages)
    return [sizes[0], sizes[len(sizes) // 2], sizes[-1]]
