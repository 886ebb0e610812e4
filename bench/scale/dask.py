"""Reading on a Dask cluster: the same catalog whoever reads and whoever is lost, and what it costs.

Scheduler and workers are processes of this machine; with two cores four workers are no faster than
two. Times are those of the clock, from the first question to the whole catalog.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.catalog import Catalog
from archive.cluster import cluster_reader
from archive.index import index_archive
from archive.readers import local_reader
from archive.sequence import Reader, Result
from archive.slices import Slice
from bench.scale.dask_cluster import Cluster, cluster
from bench.scale.index_pages import portal_page, write_crawl

Readers = AbstractContextManager[Reader]


def measure(*, sample: bool, seed: int) -> dict[str, Any]:
    """Return seconds, overhead and speed-up, and whether all catalogs are the same."""
    documents, files, workers = (24, 6, 2) if sample else (1000, 20, 4)
    with TemporaryDirectory(prefix="bench-dask-") as name:
        folder = Path(name)
        pages = (portal_page(seed * 100_000 + n) for n in range(documents))
        write_crawl(folder, pages, files=files)
        local = _run(folder, local_reader(1))
        with cluster(folder / "cluster", 1) as made:
            one = _run(folder, cluster_reader(made.address))
            for _ in range(workers - 1):
                made.add_worker()
            many = _run(folder, cluster_reader(made.address), workers)
            lost = _run(folder, _losing(made, after=files // 2), workers)
    runs = {"local": local, "one_worker": one, "many_workers": many, "one_of_many_lost": lost}
    same = {name: run["dump"] == local["dump"] for name, run in runs.items()}
    overhead = (one["seconds"] - local["seconds"]) * 1000 / documents
    return {
        "documents": documents,
        "files": files,
        "workers": workers,
        "cores": os.cpu_count(),
        "seconds_of": {name: run["seconds"] for name, run in runs.items()},
        "overhead_seconds_per_1000_documents": round(overhead, 2),
        "speed_up": round(one["seconds"] / many["seconds"], 2),
        "kept": {
            "same_catalog": same["one_worker"] and same["many_workers"],
            "same_catalog_with_a_worker_lost": same["one_of_many_lost"],
        },
    }


def _run(home: Path, readers: Readers, workers: int = 1) -> dict[str, Any]:
    """Index into a new catalog; return the seconds, without those of the start, and its digest."""
    with TemporaryDirectory() as folder, Catalog(Path(folder, "catalog.db")) as catalog:
        index_archive(home / "nothing", catalog, jobs=0)
        with readers as reader:
            _warm(home, reader, workers)
            begun = time.monotonic()
            index_archive(home, catalog, readers=_given(reader))
            seconds = time.monotonic() - begun
        digest = hashlib.sha256("\n".join(catalog.dump()).encode()).hexdigest()
        return {"seconds": round(seconds, 2), "dump": digest}


@contextmanager
def _given(reader: Reader) -> Iterator[Reader]:
    yield reader


def _warm(home: Path, reader: Reader, workers: int) -> None:
    """Let every worker start its reading child: a start is no document's cost."""
    while reader.ahead < 2 * workers:
        time.sleep(0.1)
    first = next((home / "warc").glob("*.warc.gz"))
    for result in [reader.submit(Slice(first)) for _ in range(max(reader.ahead, 1))]:
        result()


@contextmanager
def _losing(made: Cluster, after: int) -> Iterator[Reader]:
    """Give a cluster that loses a worker when ``after`` stretches have come."""
    with cluster_reader(made.address) as reader:
        yield _Losing(reader, after, lambda: made.kill(0))


class _Losing:
    """A reader whose cluster loses a worker in the middle of the work."""

    def __init__(self, reader: Reader, after: int, lose: Callable[[], None]) -> None:
        self._reader = reader
        self._left = after + reader.ahead
        self._lose = lose

    @property
    def ahead(self) -> int:
        return self._reader.ahead

    def submit(self, part: Slice) -> Result:
        result = self._reader.submit(part)

        def wait() -> Any:
            portion = result()
            self._left -= 1
            if self._left == 0:
                self._lose()
            return portion

        return wait
