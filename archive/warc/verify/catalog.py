"""The rows of the catalog, held against what the files tell, one to one and column by column."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archive.records import Capture, Failure
from archive.warc.names import OPEN, open_path
from archive.warc.verify.growing import Growing
from archive.warc.verify.notes import Notes
from archive.warc.verify.problems import INDEX, REBUILD, REPAIR, RESTORE, Problem
from archive.warc.verify.rows import (
    CAPTURES,
    ENDS,
    FAILURES,
    MONITORS,
    NOTICES,
    RUNS,
    Row,
    Table,
    Values,
    differences,
    end_row,
    numbered_row,
    run_row,
    values_of,
)

_LOST = f"{RESTORE}; else {REBUILD}"


@dataclass(frozen=True, slots=True)
class Rows:
    """What the catalog has of that which the files tell."""

    captures: Iterable[Capture] = ()
    failures: Iterable[Failure] = ()
    runs: Iterable[Values] | None = None
    """Rows of ``runs``; None: they are not looked at."""
    notices: Iterable[Values] | None = None
    """Rows of ``notices``; None: they are not looked at."""
    monitors: Iterable[Values] | None = None
    """Rows of ``monitors``; None: they are not looked at."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row of the catalog and the one that a record tells under the same id."""

    id: str
    said: Row | None
    """None: the catalog has none."""
    found: Row | None = None
    """None: no record tells one."""
    file: str = ""
    """Where the record stands, by its finished name."""
    offset: int | None = None
    record: str = ""
    is_cut: bool = False
    """Whether its metadata are damaged."""


def against_catalog(home: Path, notes: Notes, growing: Growing, rows: Rows) -> Iterator[Problem]:
    """Yield where the catalog's rows and what the files tell are not one to one."""
    yield from _captures(home, notes, growing, map(values_of, rows.captures))
    yield from _of_runs(FAILURES, home, notes, growing, map(values_of, rows.failures))
    if rows.runs is not None:
        runs = list(rows.runs)
        yield from _of_runs(RUNS, home, notes, growing, map(run_row, runs))
        yield from _of_runs(ENDS, home, notes, growing, filter(None, map(end_row, runs)))
    for table, numbered in ((NOTICES, rows.notices), (MONITORS, rows.monitors)):
        if numbered is not None:
            made = map(partial(numbered_row, table), numbered)
            yield from _of_runs(table, home, notes, growing, made)


def _captures(home: Path, notes: Notes, growing: Growing, rows: Iterable[Row]) -> Iterator[Problem]:
    name, offset = (CAPTURES.columns.index(column) for column in ("warc", "offset"))
    for pair in _pairs(CAPTURES, notes, rows):
        if pair.said is not None:
            file, start = pair.said[name], pair.said[offset]
            if _is_later(home / "warc", growing, file, start):
                continue
            if pair.found is None:
                message = "the catalog has this capture, the file has not"
                yield Problem(file, start, pair.id, message, _LOST)
                continue
        elif pair.is_cut:
            continue  # the damage is told of
        yield from _faults(CAPTURES, pair, notes)


def _is_later(directory: Path, growing: Growing, name: object, offset: object) -> bool:
    """Return whether a capture was written since its file was checked, or the files listed."""
    if not isinstance(name, str) or not isinstance(offset, int):
        return False
    if offset >= growing.ends.get(name, offset + 1):
        return True
    path = directory / name
    return growing.is_new(path) and (open_path(path).exists() or path.exists())


def _of_runs(
    table: Table, home: Path, notes: Notes, growing: Growing, rows: Iterable[Row]
) -> Iterator[Problem]:
    """Yield the faults of rows that know their run, and not in which file they are told."""
    run = table.columns.index(table.run)
    told = ""
    writing: set[str] | None = None
    for pair in _pairs(table, notes, rows):
        if pair.found is None:
            assert pair.said is not None
            # Asked when the rows are there: whatever they are about has begun by then.
            writing = growing.writing(home) if writing is None else writing
            if pair.said[run] not in writing:
                message = f"the catalog has this {table.what}, no file has"
                yield Problem("", None, pair.id, message, _LOST)
        elif pair.file not in growing.ends and told != pair.id:
            for problem in _faults(table, pair, notes):
                told = pair.id  # every file of a run tells of its beginning
                yield problem


def _faults(table: Table, pair: _Pair, notes: Notes) -> Iterator[Problem]:
    assert pair.found is not None
    if pair.said is None:
        message = f"the {table.what} has no row in the catalog"
        # What stands behind damage is not indexed.
        behind = notes.is_damaged_before(pair.file, pair.offset or 0)
        yield Problem(pair.file, pair.offset, pair.record, message, RESTORE if behind else INDEX)
    elif message := differences(table, pair.said, pair.found, is_cut=pair.is_cut):
        yield Problem(pair.file, pair.offset, pair.record, message, REPAIR)


def _pairs(table: Table, notes: Notes, rows: Iterable[Row]) -> Iterator[_Pair]:
    """Yield the catalog's rows in their order, each beside what the files have under its id; then
    what only the files have."""
    width = len(table.columns)
    said = ", ".join(f"c{n}" for n in range(width))
    cut = "is_cut" if "is_cut" in table.beside else "0"
    found = ", ".join(f't."{name}"' for name in table.columns)
    found = f"f.name, t.at, t.record, {cut}, {found}"
    source = f"{table.name} t join files f on f.id = t.file"
    db = notes.db
    db.execute("drop table if exists temp.rows")
    db.execute(f"create temp table rows ({said})")
    db.executemany(f"insert into temp.rows values ({', '.join('?' * width)})", rows)
    db.execute("create index temp.rows_by_id on rows (c0)")
    both = f"select {said}, {found} from rows left join ({source}) on t.id = c0"
    for row in db.execute(f"{both} order by rows.rowid"):
        yield _pair(row[:width], row[width:])
    alone = f"select {found} from {source} left join rows on c0 = t.id where c0 is null"
    for row in db.execute(f"{alone} order by t.rowid"):
        yield _pair(None, row)


def _pair(said: Row | None, there: Row) -> _Pair:
    name, offset, record, is_cut, *found = there
    if name is None:
        assert said is not None
        return _Pair(said[0], said)
    file = name.removesuffix(OPEN)
    return _Pair(found[0], said, tuple(found), file, offset, record, bool(is_cut))
