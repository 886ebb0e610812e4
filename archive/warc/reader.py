"""Reading exchanges back: ours with all that was told of them, other people's as far as it goes.

Records are read with warcio, which also knows WARC/1.0, files without compression and what other
crawlers write. Of other people's files the responses are given, and resources fetched over HTTP;
a revisit, whose payload is elsewhere, is passed over.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.records import Capture, Failure, Run, RunEnd, StoredExchange, timestamp
from archive.warc.coding import CodingError, decode
from archive.warc.compose import FAILURE, HINT, RENDERED, WIRE, failure_row
from archive.warc.errors import DamagedRecord
from archive.warc.fields import Fields, decode_fields, unprefixed
from archive.warc.message import Message, cut, header_values, media_type
from archive.warc.names import OPEN
from archive.warc.record import Record, bare_id, digest
from archive.warc.runs import RUN_END, run_end_of, run_of

Item = StoredExchange | Failure | Run | RunEnd

_PIECE = 1024 * 1024
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
_NO_RUN = Run(id="", spider="", started_at="")


def iter_exchanges(path: Path) -> Iterator[Item]:
    """Yield what a WARC file holds, in its order.

    A ``warcinfo`` gives a Run, a failure without any response a Failure. Of a file that still
    grows the exchanges that are whole are given. Raises DamagedRecord where a finished file is
    damaged, after all that comes before the damage.
    """
    growing = path.name.endswith(OPEN)
    try:
        yield from _assemble(_records(path), path, drop_last=growing)
    except DamagedRecord:
        if not growing:
            raise


def read_exchange(path: Path, offset: int) -> StoredExchange:
    """Return the capture whose record's member begins at ``offset``.

    Raises DamagedRecord when no whole record of a capture is there.
    """
    run = next((run_of(record) for record in _records(path) if record.type == "warcinfo"), _NO_RUN)
    for item in _assemble(_records(path, offset), path, run=run):
        if isinstance(item, StoredExchange) and item.capture.offset == offset:
            return item
        break
    raise DamagedRecord("no captured exchange begins here", offset, path)


def _records(path: Path, start: int = 0) -> Iterator[Record]:
    """Yield the records of a WARC file, compressed or not, from the member at ``start`` on."""
    with path.open("rb") as file:
        file.seek(start)
        records = ArchiveIterator(file, no_record_parse=True)
        try:
            yield from _converted(records, path)
        except (ArchiveLoadFailed, OSError) as error:
            raise DamagedRecord(f"no WARC record: {error}", records.offset, path) from error
        _demand_end(file, records.offset, path)


def _converted(records: ArchiveIterator, path: Path) -> Iterator[Record]:
    for record in records:
        block = record.raw_stream.read() or b""
        headers = record.rec_headers
        offset, length = records.get_record_offset(), records.get_record_length()
        if str(len(block)) != (headers.get_header("Content-Length") or "").strip():
            raise DamagedRecord("the record is shorter than its Content-Length", offset, path)
        yield Record(record.rec_type or "", tuple(headers.headers), block, offset, length)


def _demand_end(file: BinaryIO, offset: int, path: Path) -> None:
    # warcio takes a torn or spoilt member for the end of the file.
    file.seek(offset)
    while piece := file.read(_PIECE):
        if piece.strip(b"\0"):
            raise DamagedRecord("the bytes from here on are no WARC record", offset, path)


def _assemble(
    records: Iterator[Record], path: Path, *, run: Run = _NO_RUN, drop_last: bool = False
) -> Iterator[Item]:
    """Join the records of each group; ``drop_last``: a last group without metadata is not whole."""
    main: Record | None = None
    previous = ""
    name = path.name.removesuffix(OPEN)
    for record in records:
        if record.type == "metadata":
            fields = decode_fields(record.block)
            event = dict(fields).get("event")
            if main and bare_id(record.get("WARC-Concurrent-To") or "") == main.id:
                yield _stored(main, fields, run, name, record.id)
                main = None
            elif event == FAILURE:
                yield _failure(record, fields, run)
            elif event == RUN_END:
                yield run_end_of(fields)
        elif record.type == "warcinfo" or is_capture(record, previous):
            if main:
                yield _stored(main, [], run, name)
                main = None
            if record.type == "warcinfo":
                run = run_of(record)
                yield run
            else:
                main, previous = record, record.id
    if main and not drop_last:
        yield _stored(main, [], run, name)


def is_capture(record: Record, previous: str) -> bool:
    """Return whether a record is one that a Capture stands for.

    ``previous``: id of the last such record in the file; one that names it belongs to its group.
    """
    if previous and bare_id(record.get("WARC-Concurrent-To") or "") == previous:
        return False
    url = record.get("WARC-Target-URI") or ""
    fetched = url.removeprefix(WIRE).startswith(("http:", "https:"))
    return fetched and record.type in ("response", "resource", "conversion")


def _failure(record: Record, fields: Fields, run: Run) -> Failure:
    url, date = record.get("WARC-Target-URI") or "", record.get("WARC-Date") or ""
    return failure_row(record.id, run.id, url, date, dict(fields)["failure"])


def _stored(
    main: Record, fields: Fields, run: Run, file_name: str, told_id: str = ""
) -> StoredExchange:
    told = dict(fields)
    parts = cut(main.block) if main.type == "response" else None
    body = parts.body if parts else main.block
    capture = _capture(main, told, parts, body, run, file_name)
    hints = unprefixed(HINT, fields)
    if capture.kind == "rendered":
        hints["page_class"] = told.get("page-class", "other")
    error = told.get("failure", "")
    failed = failure_row(told_id, run.id, capture.url, capture.captured_at, error, capture.id)
    return StoredExchange(
        capture=capture,
        headers=_headers(main, parts),
        content=_content(body, parts),
        truncated=main.get("WARC-Truncated"),  # type: ignore[arg-type]
        via=told.get("via"),
        hints=hints,
        failure=failed if error else None,
    )


def _capture(
    main: Record,
    told: dict[str, str],
    parts: Message | None,
    body: bytes,
    run: Run,
    file_name: str,
) -> Capture:
    rendered = told.get("event") == RENDERED
    return Capture(
        id=main.id,
        url=captured_url(main),
        captured_at=_moment(main.get("WARC-Date") or ""),
        status=int(told["status"]) if rendered else _status(main, parts),
        media_type=_media_type(main, parts),
        payload_digest=_stated_digest(main) or digest(body),
        warc=file_name,
        offset=main.offset,
        length=main.length,
        kind="rendered" if rendered else told.get("page-class", "other"),  # type: ignore[arg-type]
        run_id=run.id,
    )


def captured_url(record: Record) -> str:
    """Return the address that a capture's record is about."""
    return (record.get("WARC-Target-URI") or "").removeprefix(WIRE)


def payload_digest(record: Record) -> str:
    """Return the SHA-256 of a capture's payload, as its row has it."""
    if stated := _stated_digest(record):
        return stated
    parts = cut(record.block) if record.type == "response" else None
    return digest(parts.body if parts else record.block)


def _stated_digest(record: Record) -> str | None:
    """Return the payload digest; None: it is another kind than ours, or there is none."""
    stated = record.get("WARC-Payload-Digest") or ""
    return stated if _SHA256.fullmatch(stated) else None


def _status(main: Record, parts: Message | None) -> int | None:
    if parts:
        return parts.status
    # A document without its HTTP message; replay tools show it as 200. Wire bytes are no document.
    whole = main.type != "response" and not _is_wire(main)
    return 200 if whole else None


def _is_wire(main: Record) -> bool:
    return (main.get("WARC-Target-URI") or "").startswith(WIRE)


def _moment(date: str) -> str:
    """Return a WARC-Date in the form of ours; one that is no date as it is (verify reports it)."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return date
    return timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _headers(main: Record, parts: Message | None) -> tuple[tuple[str, str], ...]:
    if parts:
        return parts.headers
    content_type = main.get("Content-Type")
    return () if _is_wire(main) or not content_type else (("Content-Type", content_type),)


def _media_type(main: Record, parts: Message | None) -> str | None:
    return media_type(_headers(main, parts))


def _content(body: bytes, parts: Message | None) -> bytes:
    codings = ",".join(header_values(parts.headers, "content-encoding")) if parts else ""
    try:
        return decode(body, codings)
    except CodingError:
        # Some servers name a coding that they do not use; the reader of reports says what it is.
        return body
