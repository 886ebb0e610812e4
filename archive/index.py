"""WARC files -> catalog: what every capture is, read by the same call that a crawl makes.

The WARC files are the truth. ``index_archive`` takes in what the catalog does not know yet, or
makes the whole catalog again from the files alone, and gives the same catalog either way.
"""

import logging
import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from csv import DictReader
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.catalog import Catalog
from archive.config import config_path
from archive.readers import local_reader
from archive.records import Failure, Reading, Run, RunEnd, StoredExchange
from archive.sequence import Reader, portions
from archive.slices import Portion, Slice, cuts
from archive.warc import OPEN, DamagedRecord, warc_files
from archive.warc.names import opened

logger = logging.getLogger(__name__)

Advance = Callable[[int], object]
"""Is told of so many bytes of WARC files that are done."""


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
            catalog.add_run_end(record)
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
    readers: AbstractContextManager[Reader] | None = None,
    advance: Advance = lambda _: None,
) -> dict[str, int]:
    """Bring the catalog up to the WARC files; return how much was found and read.

    Captures that have an outcome are not read again, unless ``rebuild``: then everything is
    read into a new catalog, whose content takes the old one's place when it is whole. ``warcs``:
    these files instead of all under ``home``. ``jobs``: documents opened at a time, each in a
    child process with limits; 0 opens them here, without. ``readers``: who reads instead, such as
    those of ``archive.cluster``. ``portals``: rows for the catalog's portals; none leave them as
    they are. Counts: files, captures, failures, read, reports.

    Raises DamagedRecord (archive.warc) where a file is damaged: when all others, and what stands
    before the damage, are in the catalog; a rebuild leaves the catalog as it was.
    """
    with readers or local_reader(jobs) as reader:
        if not rebuild:
            return _index(home, catalog, reader, warcs, portals, advance)
        path = catalog.path.with_name(f"{catalog.path.name}.rebuild")
        _remove_database(path)
        with Catalog(path) as made:
            counts = _index(home, made, reader, warcs, portals, advance)
            made.optimise_search()
            catalog.replace_by(made)
        _remove_database(path)
        return counts


def _index(
    home: Path,
    catalog: Catalog,
    reader: Reader,
    warcs: Sequence[Path],
    portals: Iterable[Mapping[str, Any]],
    advance: Advance,
) -> dict[str, int]:
    load_divisions(catalog)
    if rows := list(portals):
        catalog.load_portals(rows)
    damages: list[DamagedRecord] = []
    counts = dict.fromkeys(("files", "captures", "failures", "read", "reports"), 0)
    paths = warcs or warc_files(home / "warc")
    for part, portion in portions(_parts(paths, catalog), reader):
        if portion.damage is not None:
            logger.error("what stands behind the damage is not indexed: %s", portion.damage)
            damages.append(portion.damage)
        _enter(catalog, portion, counts)
        counts["files"] += part.start == 0
        advance((size_of(part.path) if portion.next is None else portion.next) - part.start)
    _read_again(home / "warc", catalog, reader)
    catalog.watch()
    if damages:
        raise damages[0]
    return counts


def _parts(paths: Iterable[Path], catalog: Catalog) -> Iterator[Slice]:
    """Yield the stretches of the files, each with the captures in it that are read already."""
    sql = "select offset from captures where warc = ? and outcome is not null order by offset"
    for path in paths:
        known = [row[0] for row in catalog.db.execute(sql, [path.name.removesuffix(OPEN)])]
        for part in cuts(path):
            first = bisect_left(known, part.start)
            end = len(known) if part.end is None else bisect_left(known, part.end)
            yield replace(part, known=frozenset(known[first:end]))


def _read_again(directory: Path, catalog: Catalog, reader: Reader) -> None:
    """Read the revisits whose original was missing: it may have come with a file just taken in."""
    for one in catalog.without_original():
        if (directory / one.warc).is_file():
            part = Slice(directory / one.warc, one.offset, one.offset + 1)
            catalog.apply_all(reader.submit(part)().readings)


def _enter(catalog: Catalog, portion: Portion, counts: dict[str, int]) -> None:
    """Enter what a stretch of a WARC file tells, in its order."""
    readings = portion.readings
    with catalog.batch():
        for item in portion.items:
            exchange = item.stored if isinstance(item, Reading) else item
            if not isinstance(item, Reading):
                enter_record(catalog, item)
            elif item.stored.failure is not None:
                catalog.add_failure(item.stored.failure)
            if isinstance(exchange, StoredExchange):
                counts["captures"] += 1
                counts["failures"] += exchange.failure is not None
            counts["failures"] += isinstance(exchange, Failure)
        reports = catalog.apply_all(readings)
    counts["read"] += len(readings)
    counts["reports"] += len(reports) - reports.count(None)


def size_of(path: Path) -> int:
    """Return the size of a WARC file, which may have got its final name meanwhile."""
    with opened(path) as file:
        return os.fstat(file.fileno()).st_size


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
