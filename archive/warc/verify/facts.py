"""What is noted of the records of one file, to be held against other files and the catalog."""

from dataclasses import dataclass
from pathlib import Path

from archive.records import Capture
from archive.warc.names import OPEN
from archive.warc.originals import Originals
from archive.warc.record import Record, bare_id
from archive.warc.revisits import claim_of, target_of
from archive.warc.rows import Assembler, Fetched, Found, capture_of, failure_of
from archive.warc.verify.notes import Notes
from archive.warc.verify.rows import CAPTURES, told_rows, values_of

REFERS_TO = "WARC-Refers-To"
_WITHIN = ("WARC-Concurrent-To", "WARC-Warcinfo-ID")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A reference to another record."""

    target: str
    offset: int
    record_id: str
    field: str


class Facts:
    """Notes the facts of one file.

    Most references stay within their group: these are resolved here, group by group.
    """

    def __init__(self, notes: Notes, path: Path) -> None:
        self._notes = notes
        self._path = path
        self._assembler = Assembler()
        self._originals = Originals()
        self._warcinfo = ""
        self._ids: set[str] = set()
        """Of the group."""
        self._claims: list[_Claim] = []

    def take(self, record: Record, ours: bool) -> None:
        """Note the next record; ``ours``: gkcrawl wrote it."""
        record_id = record.id
        self._notes.add("records", record_id, record.offset)
        self._ids.add(record_id)
        if ours:  # other people's files may be parts of something larger
            self._refer(record, record_id)
        for begins, found in self._assembler.take(record):
            self._note(begins, found)
        if record.type == "warcinfo":
            self._warcinfo = record_id
        if record.type in ("warcinfo", "metadata"):
            self._close_group()

    def skip_damage(self) -> None:
        """Note that what comes next is not what came next."""
        for _, fetched in self._assembler.rest():
            self._note_capture(fetched, is_cut=True)

    def close(self) -> None:
        """Note what waits for records that did not come."""
        for record, found in self._assembler.rest():
            self._note(record, found)
        self._close_group()

    def _note(self, record: Record, found: Found) -> None:
        if isinstance(found, Fetched):
            self._note_capture(found)
            failure = failure_of(found)
            if failure is None or found.told is None:
                return
            record, found = found.told, failure
        for table, row in told_rows(record, found):
            self._notes.row(table, record.offset, record.id, row)

    def _note_capture(self, fetched: Fetched, *, is_cut: bool = False) -> None:
        row, target = capture_at(fetched, self._path, self._originals), target_of(fetched.main)
        place = fetched.main.offset, row.id
        self._notes.row(CAPTURES, *place, values_of(row), is_cut, target.type, target.date)

    def _close_group(self) -> None:
        """Note what the group refers to outside of itself."""
        for claim in self._claims:
            if claim.target not in self._ids and claim.target != self._warcinfo:
                told = claim.target, claim.offset, claim.record_id, claim.field
                self._notes.add("claims", *told, None, None, None, None)
        self._ids.clear()
        self._claims.clear()

    def _refer(self, record: Record, record_id: str) -> None:
        for header in _WITHIN:
            if reference := record.get(header):
                claim = _Claim(bare_id(reference), record.offset, record_id, header)
                self._claims.append(claim)
        if reference := record.get(REFERS_TO):
            _, *stated = claim_of(record) or (None,) * 4
            told = bare_id(reference), record.offset, record_id, REFERS_TO, record.type
            self._notes.add("claims", *told, *stated)


def capture_at(fetched: Fetched, path: Path, originals: Originals | None = None) -> Capture:
    """Return the row of a capture that stands in the file ``path``."""
    main = fetched.main
    parts = main.message
    if parts is None and main.type == "revisit":  # old ones have no head of their own
        original = (originals or Originals()).of(main, path)
        parts = original.record.message if original else None
    return capture_of(fetched, parts, path.name.removesuffix(OPEN))
