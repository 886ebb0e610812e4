"""What has to agree across files, and between files and catalog."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from archive.records import Capture, Failure
from archive.warc.names import CDXJ, CHECKSUM, OPEN, WARC, open_path
from archive.warc.publish import abandoned
from archive.warc.reader import moment
from archive.warc.revisits import Claim, Target, disagreement
from archive.warc.verify.files import REFERS_TO, Growing
from archive.warc.verify.notes import Notes, Row
from archive.warc.verify.problems import INDEX, REBUILD, REPAIR, RESTORE, Problem

_ROW = ("id", "warc", "offset", "length", "payload_digest", "url", "refers_to", "captured_at")
_FOUND = "captures.id, f.name, offset, length, digest, url, refers_to, date"


def leftovers(home: Path) -> Iterator[Problem]:
    """Yield what is left over: indexes without their file, and what killed imports left."""
    for path in abandoned(home):
        yield Problem(path.name, None, None, "is left from an interrupted import", REPAIR)
    directory = home / "warc"
    if not directory.is_dir():
        return
    names = {path.name for path in directory.iterdir()}
    for name in sorted(names):
        for suffix in (CDXJ, CHECKSUM):
            stem = name.removesuffix(suffix)
            whole = {stem + WARC, stem + WARC + OPEN, stem + ".warc"}
            if name.endswith(suffix) and not whole & names:
                yield Problem(name, None, None, f"{stem + WARC} is gone", RESTORE)
        if name.endswith(CDXJ + OPEN) and name.removesuffix(CDXJ + OPEN) + WARC + OPEN not in names:
            yield Problem(name, None, None, "is left from an interrupted run", REPAIR)


def twice(notes: Notes) -> Iterator[Problem]:
    """Yield the records whose id another record has."""
    found = notes.db.execute(
        """select later.id, f.name, later.offset, g.name
        from records later join records first
        on first.id = later.id and first.rowid < later.rowid
        join files f on f.id = later.file join files g on g.id = first.file
        where later.id in (select id from records group by id having count(*) > 1)
        order by later.rowid"""
    )
    for record_id, name, offset, other in found:
        message = f"the record id is also in {_finished(other)}"
        yield Problem(_finished(name), offset, record_id, message, "remove one of the two files")


def references(notes: Notes) -> Iterator[Problem]:
    """Yield the references that name no record, or one that is not what it should be."""
    found = notes.db.execute(
        """select f.name, c.offset, c.record_id, c.field, c.type, c.target, c.url, c.date, c.digest,
            records.id is not null, t.id, t.type, t.url, t.date, t.digest
        from claims c join files f on f.id = c.file
        left join records on records.id = c.target
        left join captures t on t.id = c.target
        group by c.rowid order by c.rowid"""
    )
    for name, offset, record_id, field, *told in found:
        if message := _fault(field, told):
            yield Problem(_finished(name), offset, record_id, message, RESTORE)


def _fault(field: str, told: list[Any]) -> str | None:
    kind, *claimed, is_there = told[:6]
    claim, target = Claim(*claimed), Target(*told[6:])
    if not is_there:
        return f"{field} names {claim.id}, which is in no file"
    if field != REFERS_TO:
        return None
    if target.id is None:
        return f"{field} names {claim.id}, which is no capture"
    return disagreement(claim, target) if kind == "revisit" else None


def captures(
    home: Path, notes: Notes, growing: Growing, rows: Iterable[Capture]
) -> Iterator[Problem]:
    """Yield where the catalog's captures and those of the files are not one to one."""
    values = (tuple(getattr(row, name) for name in _ROW) for row in rows)
    for row, stored in _beside(notes, "captures", _FOUND, len(_ROW), values):
        if row is None:
            assert stored is not None
            message = "the capture has no row in the catalog"
            yield Problem(_finished(stored[1]), stored[2], stored[0], message, INDEX)
            continue
        record_id, name, offset = row[:3]
        if offset >= growing.ends.get(name, offset + 1):
            continue  # written since that file was checked
        if growing.is_new(path := home / "warc" / name) and _is_there(path):
            continue  # begun since the files were listed
        if stored is None:
            message = "the catalog has this capture, the file has not"
            yield Problem(name, offset, record_id, message, f"{RESTORE}; else {REBUILD}")
            continue
        said, found = row[1:], (_finished(stored[1]), *stored[2:-1], moment(stored[-1]))
        if said != found:
            message = f"the catalog says {said}, the file {found}"
            yield Problem(name, offset, record_id, message, REBUILD)


def failures(notes: Notes, growing: Growing, rows: Iterable[Failure]) -> Iterator[Problem]:
    """Yield where the catalog's failures and those of the files are not one to one."""
    values = ((row.id, row.run_id, row.url) for row in rows)
    for row, stored in _beside(notes, "failures", "failures.id, f.name, offset", 3, values):
        if row is None:
            assert stored is not None
            message = "the failure has no row in the catalog"
            yield Problem(_finished(stored[1]), stored[2], stored[0], message, INDEX)
        elif stored is None and row[1] not in growing.runs:
            message = f"the catalog has this failure of {row[2]}, no file has"
            yield Problem("", None, row[0], message, f"{RESTORE}; else {REBUILD}")


def _beside(
    notes: Notes, table: str, columns: str, width: int, rows: Iterable[Row]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield the catalog's rows in their order, each beside what the files have under its id; then
    what only the files have. Rows begin with their id."""
    names = ", ".join(f"c{n}" for n in range(width))
    marks = ", ".join("?" * width)
    db = notes.db
    db.execute("drop table if exists temp.rows")
    db.execute(f"create temp table rows ({names})")
    db.executemany(f"insert into temp.rows values ({marks})", rows)
    db.execute("create index temp.rows_by_id on rows (c0)")
    joined = f"left join ({table} join files f on f.id = {table}.file) on {table}.id = c0"
    for row in db.execute(f"select {names}, {columns} from rows {joined} order by rows.rowid"):
        yield row[:width], row[width:] if row[width] is not None else None
    for row in db.execute(
        f"select {columns} from {table} join files f on f.id = file left join rows on c0 = "
        f"{table}.id where c0 is null order by {table}.rowid"
    ):
        yield None, row


def _is_there(path: Path) -> bool:
    return open_path(path).exists() or path.exists()


def _finished(name: str) -> str:
    return name.removesuffix(OPEN)
