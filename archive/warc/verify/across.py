"""What has to agree across the files."""

from collections.abc import Iterator
from typing import Any

from archive.warc.names import OPEN
from archive.warc.revisits import Claim, Target, disagreement
from archive.warc.verify.facts import REFERS_TO
from archive.warc.verify.notes import Notes
from archive.warc.verify.problems import RESTORE, Problem


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
            records.id is not null, t.id, t.type, t.url, t.date, t.payload_digest
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


def _finished(name: str) -> str:
    return name.removesuffix(OPEN)
