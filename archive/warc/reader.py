"""Reading exchanges back: ours with all that was told of them, other people's as far as it goes.

Of other people's files the responses are given, resources fetched over HTTP, and revisits. A
revisit is given with the payload of its original, under the head that came with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.records import Capture, Failure, Run, RunEnd, StoredExchange, timestamp
from archive.warc import digests
from archive.warc.coding import CodingError, decode
from archive.warc.compose import FAILURE, HINT, RENDERED, WIRE, failure_row
from archive.warc.errors import DamagedRecord
from archive.warc.fields import Fields, decode_fields, unprefixed
from archive.warc.message import Message, cut, header_values, media_type
from archive.warc.names import OPEN
from archive.warc.originals import Originals
from archive.warc.record import Record, bare_id, digest
from archive.warc.revisits import NOT_MODIFIED, claim_of, kind_of, payload_of
from archive.warc.runs import RUN_END, run_end_of, run_of
from archive.warc.scan import records

Item = StoredExchange | Failure | Run | RunEnd

_CAPTURED = frozenset({"response", "revisit", "resource", "conversion"})
_NO_RUN = Run(id="", spider="", started_at="")


def iter_exchanges(path: Path) -> Iterator[Item]:
    """Yield what a WARC file holds, in its order.

    A ``warcinfo`` gives a Run, a failure without any response a Failure. Of a file that still
    grows the exchanges that are whole are given. Raises DamagedRecord where a finished file is
    damaged, after all that comes before the damage.
    """
    growing = path.name.endswith(OPEN)
    try:
        yield from _assemble(records(path), path, drop_last=growing)
    except DamagedRecord:
        if not growing:
            raise


def read_exchange(path: Path, offset: int) -> StoredExchange:
    """Return the capture whose record's member begins at ``offset``.

    Raises DamagedRecord when no whole record of a capture is there.
    """
    run = next((run_of(record) for record in records(path) if record.type == "warcinfo"), _NO_RUN)
    for item in _assemble(records(path, offset), path, run=run):
        if isinstance(item, StoredExchange) and item.capture.offset == offset:
            return item
        break
    raise DamagedRecord("no captured exchange begins here", offset, path)


def _assemble(
    records: Iterator[Record], path: Path, *, run: Run = _NO_RUN, drop_last: bool = False
) -> Iterator[Item]:
    """Join the records of each group; ``drop_last``: a last group without metadata is not whole."""
    originals = Originals()
    main: Record | None = None
    previous = ""
    for record in records:
        if record.type == "metadata":
            fields = decode_fields(record.block)
            event = dict(fields).get("event")
            if main and bare_id(record.get("WARC-Concurrent-To") or "") == main.id:
                yield _stored(_answer(main, originals, path), fields, run, path, record.id)
                main = None
            elif event == FAILURE:
                yield _failure(record, fields, run)
            elif event == RUN_END:
                yield run_end_of(fields)
        elif record.type == "warcinfo" or is_capture(record, previous):
            if main:
                yield _stored(_answer(main, originals, path), [], run, path)
                main = None
            if record.type == "warcinfo":
                run = run_of(record)
                yield run
            else:
                main, previous = record, record.id
    if main and not drop_last:
        yield _stored(_answer(main, originals, path), [], run, path)


def is_capture(record: Record, previous: str) -> bool:
    """Return whether a record is one that a Capture stands for.

    ``previous``: id of the last such record in the file; one that names it belongs to its group.
    """
    if previous and bare_id(record.get("WARC-Concurrent-To") or "") == previous:
        return False
    url = record.get("WARC-Target-URI") or ""
    fetched = url.removeprefix(WIRE).startswith(("http:", "https:"))
    return fetched and record.type in _CAPTURED


def _failure(record: Record, fields: Fields, run: Run) -> Failure:
    url, date = record.get("WARC-Target-URI") or "", record.get("WARC-Date") or ""
    return failure_row(record.id, run.id, url, date, dict(fields)["failure"])


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came from the server, a revisit's payload taken from its original."""

    main: Record
    parts: Message | None
    """None: it is no HTTP message, or a revisit without one whose original is missing."""
    body: bytes
    codings: str
    """The content codings of the body."""
    truncated: str | None
    missing: bool = False


def _answer(main: Record, originals: Originals, path: Path) -> _Answer:
    parts = cut(main.block) if main.type in ("response", "revisit") else None
    if main.type != "revisit":
        body = parts.body if parts else main.block
        return _Answer(main, parts, body, _codings(parts), main.get("WARC-Truncated"))
    original = originals.of(main, path)
    if original is None:
        return _Answer(main, parts, b"", "", None, missing=True)
    record = original.record
    of_original = cut(record.block) if record.type == "response" else None
    # Old revisits have no head of their own; that of a 304 says nothing of the payload.
    head = of_original if parts is None or kind_of(main) == NOT_MODIFIED else parts
    # Heritrix calls a revisit itself truncated, since its payload is left out.
    truncated = record.get("WARC-Truncated")
    return _Answer(main, parts or of_original, payload_of(record), _codings(head), truncated)


def _stored(
    answer: _Answer, fields: Fields, run: Run, path: Path, told_id: str = ""
) -> StoredExchange:
    told = dict(fields)
    capture = _capture(answer, told, run, path.name.removesuffix(OPEN))
    hints = unprefixed(HINT, fields)
    if capture.kind == "rendered":
        hints["page_class"] = told.get("page-class", "other")
    error = told.get("failure", "")
    failed = failure_row(told_id, run.id, capture.url, capture.captured_at, error, capture.id)
    return StoredExchange(
        capture=capture,
        headers=_headers(answer),
        content=_content(answer),
        truncated=answer.truncated,  # type: ignore[arg-type]
        via=told.get("via"),
        hints=hints,
        failure=failed if error else None,
        revisit=kind_of(answer.main),
        missing=answer.missing,
    )


def _capture(answer: _Answer, told: dict[str, str], run: Run, file_name: str) -> Capture:
    main = answer.main
    rendered = told.get("event") == RENDERED
    return Capture(
        id=main.id,
        url=captured_url(main),
        captured_at=moment(main.get("WARC-Date") or ""),
        status=int(told["status"]) if rendered else _status(answer),
        media_type=media_type(_headers(answer)),
        payload_digest=_digest(main, answer.body),
        warc=file_name,
        offset=main.offset,
        length=main.length,
        kind="rendered" if rendered else told.get("page-class", "other"),  # type: ignore[arg-type]
        run_id=run.id,
        refers_to=refers_to(main),
    )


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
    return _digest(record, payload_of(record) if record.type == "response" else record.block)


def _digest(main: Record, body: bytes) -> str | None:
    stated = main.get("WARC-Payload-Digest")
    if digests.is_ours(stated):
        return stated
    return None if main.type == "revisit" else digest(body)


def _status(answer: _Answer) -> int | None:
    if answer.parts:
        return answer.parts.status
    # A document without its HTTP message; replay tools show it as 200. Wire bytes are no document.
    return 200 if _is_document(answer.main) else None


def _is_document(main: Record) -> bool:
    wire = (main.get("WARC-Target-URI") or "").startswith(WIRE)
    return main.type in ("resource", "conversion") and not wire


def moment(date: str) -> str:
    """Return a WARC-Date in the form of ours; one that is no date as it is (verify reports it)."""
    try:
        told = datetime.fromisoformat(date)
    except ValueError:
        return date
    return timestamp(told if told.tzinfo else told.replace(tzinfo=UTC))


def _headers(answer: _Answer) -> tuple[tuple[str, str], ...]:
    if answer.parts:
        return answer.parts.headers
    content_type = answer.main.get("Content-Type")
    return (("Content-Type", content_type),) if content_type and _is_document(answer.main) else ()


def _codings(parts: Message | None) -> str:
    return ",".join(header_values(parts.headers, "content-encoding")) if parts else ""


def _content(answer: _Answer) -> bytes:
    try:
        return decode(answer.body, answer.codings)
    except CodingError:
        # Some servers name a coding that they do not use; the reader of reports says what it is.
        return answer.body
