"""Which records belong together, and the rows that the catalog has of them.

Whoever enters rows and whoever checks them asks here, so that both mean the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.records import Capture, Failure, Run, RunEnd, timestamp
from archive.warc import digests
from archive.warc.compose import FAILURE, RENDERED, WIRE, failure_row
from archive.warc.fields import Fields, decode_fields
from archive.warc.message import Message, media_type
from archive.warc.record import Record, bare_id, digest
from archive.warc.revisits import claim_of, payload_of
from archive.warc.runs import RUN_END, run_end_of, run_of

_CAPTURED = frozenset({"response", "revisit", "resource", "conversion"})
_OUR_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:(\.\d{6}))?Z")
NO_RUN = Run(id="", spider="", started_at="")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A capture's record with what is told of it."""

    main: Record
    told: Record | None
    """The metadata; None: other people's files need not have any."""
    fields: Fields
    """Of the metadata."""
    run: Run


Found = Fetched | Failure | Run | RunEnd


@dataclass(slots=True)
class Assembler:
    """Joins the records of a file, which it is given in their order, to what they tell."""

    run: Run = NO_RUN
    """To which the next record belongs."""
    _main: Record | None = None
    """Of the group that has no metadata yet."""
    _previous: str = ""
    """Id of the last capture's record."""

    def take(self, record: Record) -> Iterator[tuple[Record, Found]]:
        """Yield what is complete with this record, and the record that begins it."""
        if record.type == "metadata":
            fields = decode_fields(record.block)
            main = self._main
            if main and bare_id(record.get("WARC-Concurrent-To") or "") == main.id:
                self._main = None
                yield main, Fetched(main, record, fields, self.run)
            elif alone := _alone(record, fields, self.run):
                yield record, alone
        elif record.type == "warcinfo" or is_capture(record, self._previous):
            yield from self.rest()
            if record.type == "warcinfo":
                self.run = run_of(record)
                yield record, self.run
            else:
                self._main, self._previous = record, record.id

    def rest(self) -> Iterator[tuple[Record, Fetched]]:
        """Yield the capture whose metadata did not come, if there is one."""
        if main := self._main:
            self._main = None
            yield main, Fetched(main, None, [], self.run)


def is_capture(record: Record, previous: str) -> bool:
    """Return whether a record is one that a Capture stands for.

    ``previous``: id of the last such record in the file; one that names it belongs to its group.
    """
    if record.type not in _CAPTURED:
        return False
    if previous and bare_id(record.get("WARC-Concurrent-To") or "") == previous:
        return False
    url = record.get("WARC-Target-URI") or ""
    return url.removeprefix(WIRE).startswith(("http:", "https:"))


def capture_of(fetched: Fetched, parts: Message | None, file_name: str) -> Capture:
    """Return the row of a capture; ``parts``: of its response, or of its original's where it is a
    revisit without any of its own."""
    main, told = fetched.main, dict(fetched.fields)
    rendered = told.get("event") == RENDERED
    return Capture(
        id=main.id,
        url=captured_url(main),
        captured_at=moment(main.get("WARC-Date") or ""),
        status=_shown(told) if rendered else _status(main, parts),
        media_type=media_type(headers_of(main, parts)),
        payload_digest=payload_digest(main),
        warc=file_name,
        offset=main.offset,
        length=main.length,
        kind="rendered" if rendered else told.get("page-class", "other"),  # type: ignore[arg-type]
        run_id=fetched.run.id,
        refers_to=refers_to(main),
    )


def failure_of(fetched: Fetched) -> Failure | None:
    """Return the row that tells what went wrong where an answer came; None: nothing did."""
    error = dict(fetched.fields).get("failure")
    if not error or fetched.told is None:
        return None
    main = fetched.main
    at = moment(main.get("WARC-Date") or "")
    return failure_row(fetched.told.id, fetched.run.id, captured_url(main), at, error, main.id)


def captured_url(record: Record) -> str:
    """Return the address that a capture's record is about."""
    return (record.get("WARC-Target-URI") or "").removeprefix(WIRE)


def refers_to(record: Record) -> str | None:
    """Return the id of the original that a capture's record names, as its row has it."""
    claim = claim_of(record)
    return claim.id or None if claim else None


def payload_digest(record: Record) -> str | None:
    """Return the SHA-256 of a capture's payload, as its row has it.

    None: of a revisit another kind of digest is stated, or none.
    """
    stated = record.get("WARC-Payload-Digest")
    if digests.is_ours(stated):
        return stated
    if record.type == "revisit":
        return None
    return digest(payload_of(record) if record.type == "response" else record.block)


def headers_of(main: Record, parts: Message | None) -> tuple[tuple[str, str], ...]:
    """Return the headers of a response; of a document that has none its type, as it is told."""
    if parts:
        return parts.headers
    content_type = main.get("Content-Type")
    return (("Content-Type", content_type),) if content_type and _is_document(main) else ()


def moment(date: str) -> str:
    """Return a WARC-Date in the form of ours; one that is no date as it is (verify reports it)."""
    try:
        told = datetime.fromisoformat(date)
    except ValueError:
        return date
    if ours := _OUR_DATE.fullmatch(date):
        return date if ours[1] else f"{date[:-1]}.000000Z"
    return timestamp(told if told.tzinfo else told.replace(tzinfo=UTC))


def _alone(record: Record, fields: Fields, run: Run) -> Failure | RunEnd | None:
    """Return what metadata tell that belong to no capture; None: nothing that has a row."""
    told = dict(fields)
    event = told.get("event")
    if event == FAILURE:
        url, date = record.get("WARC-Target-URI") or "", record.get("WARC-Date") or ""
        return failure_row(record.id, run.id, url, date, told.get("failure", ""))
    try:
        return run_end_of(fields) if event == RUN_END else None
    except (KeyError, TypeError, ValueError):
        return None  # other people's metadata may use our words


def _status(main: Record, parts: Message | None) -> int | None:
    if parts:
        return parts.status
    # A document without its HTTP message; replay tools show it as 200. Wire bytes are no document.
    return 200 if _is_document(main) else None


def _shown(told: dict[str, str]) -> int | None:
    status = told.get("status", "")
    return int(status) if status.isascii() and status.isdigit() else None


def _is_document(main: Record) -> bool:
    wire = (main.get("WARC-Target-URI") or "").startswith(WIRE)
    return main.type in ("resource", "conversion") and not wire
