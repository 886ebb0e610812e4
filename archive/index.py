"""WARC files -> catalog: what every capture is, read by the same call that a crawl makes.

The WARC files are the truth. ``index_archive`` takes in what the catalog does not know yet, or
makes the whole catalog again from the files alone, and gives the same catalog either way.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from csv import DictReader
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from archive.catalog import Catalog
from archive.config import config_path
from archive.reading import read_at
from archive.records import (
    Capture,
    Failure,
    Reading,
    Run,
    RunEnd,
    StoredExchange,
)
from archive.warc import DamagedRecord, iter_exchanges, locate, warc_files
from archive.worker import DocumentReader

logger = logging.getLogger(__name__)

_BATCH = 256

ReadAll = Callable[[Sequence[Capture]], Iterator[Reading]]


def load_divisions(catalog: Catalog) -> None:
    """Load the divisions of the configuration, those that ended too, into the catalog."""
    rows: list[dict[str, str]] = []
    for name in ("divisions.csv", "divisions_history.csv"):
        with config_path(name).open(encoding="utf-8", newline="") as file:
            rows += DictReader(file)
    catalog.load_divisions(rows)


def enter_record(catalog: Catalog, record: StoredExchange | Failure | Run | RunEnd) -> None:
    """Enter what a WARC file tells, without reading the document in it."""
    match record:
        case Run():
            catalog.add_run(record)
        case RunEnd():
            catalog.end_run(record)
        case Failure():
            catalog.add_failure(record)
        case StoredExchange(capture=capture, failure=failure):
            catalog.add_capture(capture)
            if failure is not None:
                catalog.add_failure(failure)


def index_archive(
    home: Path,
    catalog: Catalog,
    *,
    rebuild: bool = False,
    jobs: int = 1,
    warcs: Sequence[Path] = (),
    portals: Iterable[Mapping[str, Any]] = (),
) -> dict[str, int]:
    """Bring the catalog up to the WARC files; return how much was found and read.

    Captures that have an outcome are not read again, unless ``rebuild``: then everything is
    read into a new catalog, whose content takes the old one's place when it is whole. ``warcs``:
    these files instead of all under ``home``. ``jobs``: documents opened at a time, each in a
    child process with limits; 0 opens them here, without. ``portals``: rows for the catalog's
    portals; none leave them as they are. Counts: files, captures, failures, read, reports.

    Raises DamagedRecord (archive.warc) where a file is damaged: when all others, and what stands
    before the damage, are in the catalog; a rebuild leaves the catalog as it was.
    """
    if not rebuild:
        return _index(home, catalog, jobs, warcs, portals)
    path = catalog.path.with_name(f"{catalog.path.name}.rebuild")
    _remove_database(path)
    with Catalog(path) as made:
        counts = _index(home, made, jobs, warcs, portals)
        made.optimise_search()
        catalog.replace_by(made)
    _remove_database(path)
    return counts


def _index(
    home: Path,
    catalog: Catalog,
    jobs: int,
    warcs: Sequence[Path],
    portals: Iterable[Mapping[str, Any]],
) -> dict[str, int]:
    load_divisions(catalog)
    if rows := list(portals):
        catalog.load_portals(rows)
    damages: list[DamagedRecord] = []
    counts = dict.fromkeys(("files", "captures", "failures", "read", "reports"), 0)
    paths = warcs or warc_files(home / "warc")
    for directory, files in groupby(paths, key=lambda path: path.parent):
        with _readers(directory, jobs) as read_all:
            for path in files:
                counts["files"] += 1
                records = _until_damage(path, damages)
                while batch := list(map(_without_content, islice(records, _BATCH))):
                    _enter(catalog, batch, read_all, counts)
    _read_again(home / "warc", catalog, jobs)
    if damages:
        raise damages[0]
    return counts


def _until_damage(
    path: Path, damages: list[DamagedRecord]
) -> Iterator[StoredExchange | Failure | Run | RunEnd]:
    """Yield what a WARC file tells up to its first damage, which is noted and logged."""
    try:
        yield from iter_exchanges(path)
    except DamagedRecord as error:
        logger.error("what stands behind the damage is not indexed: %s", error)
        damages.append(error)


def _read_again(directory: Path, catalog: Catalog, jobs: int) -> None:
    """Read the revisits whose original was missing: it may have come with a file just taken in."""
    missing = [one for one in catalog.without_original() if (directory / one.warc).is_file()]
    if missing:
        with _readers(directory, jobs) as read_all:
            for reading in read_all(missing):
                catalog.apply(reading)


def _enter(
    catalog: Catalog,
    records: Iterable[StoredExchange | Failure | Run | RunEnd],
    read_all: ReadAll,
    counts: dict[str, int],
) -> None:
    """Enter records of a WARC file, in their order, and read those that have no outcome yet."""
    unread: list[Capture] = []
    with catalog.batch():
        for record in records:
            enter_record(catalog, record)
            if isinstance(record, Failure):
                counts["failures"] += 1
            elif isinstance(record, StoredExchange):
                counts["captures"] += 1
                counts["failures"] += record.failure is not None
                if catalog.outcome(record.capture.id) is None:
                    unread.append(record.capture)
    for reading in read_all(unread):
        report_id = catalog.apply(reading)
        counts["read"] += 1
        counts["reports"] += report_id is not None


@contextmanager
def _readers(directory: Path, jobs: int) -> Iterator[ReadAll]:
    """Give a function that reads captures of one folder, ``jobs`` at a time, in their order."""
    if jobs == 0:
        yield lambda captures: (
            read_at(locate(directory, capture.warc), capture.offset) for capture in captures
        )
        return
    readers = [DocumentReader(directory) for _ in range(jobs)]
    free: SimpleQueue[DocumentReader] = SimpleQueue()
    for reader in readers:
        free.put(reader)

    def read(capture: Capture) -> Reading:
        reader = free.get()
        try:
            return reader.read(capture)
        finally:
            free.put(reader)

    try:
        with ThreadPoolExecutor(jobs) as threads:
            yield lambda captures: threads.map(read, captures)
    finally:
        for reader in readers:
            reader.close()


def _without_content(
    record: StoredExchange | Failure | Run | RunEnd,
) -> StoredExchange | Failure | Run | RunEnd:
    """Return the record without a response's content: a batch must not hold them all."""
    return replace(record, content=b"") if isinstance(record, StoredExchange) else record


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
