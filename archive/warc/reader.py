"""Reading exchanges back: ours with all that was told of them, other people's as far as it goes.

Of other people's files the responses are given, resources fetched over HTTP, and revisits. A
revisit is given with the payload of its original, under the head that came with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from archive.records import Failure, Run, RunEnd, StoredExchange
from archive.warc.coding import CodingError, decode
from archive.warc.compose import HINT
from archive.warc.errors import DamagedRecord
from archive.warc.fields import unprefixed
from archive.warc.message import Message, header_values
from archive.warc.names import OPEN, opened
from archive.warc.originals import Originals
from archive.warc.record import Record
from archive.warc.revisits import NOT_MODIFIED, kind_of, payload_of
from archive.warc.rows import NO_RUN, Assembler, Fetched, capture_of, failure_of, headers_of
from archive.warc.runs import run_of
from archive.warc.scan import records

Item = StoredExchange | Failure | Run | RunEnd

_BEGINNING = 512
"""Bytes, zipped or not, among which the first record's id stands."""


def iter_exchanges(path: Path, start: int = 0, run: Run = NO_RUN) -> Iterator[Item]:
    """Yield what a WARC file holds, in its order; from ``start`` on, where a record begins.

    ``run``: to which all belongs that stands before the first ``warcinfo``. A ``warcinfo`` gives a
    Run, a failure without any response a Failure. Of a file that still grows the exchanges that are
    whole are given. Raises DamagedRecord where a finished file is damaged, after all that comes
    before the damage.
    """
    growing = path.name.endswith(OPEN)
    try:
        yield from _assemble(records(path, start), path, run=run, drop_last=growing)
    except DamagedRecord:
        if not growing:
            raise


def read_exchange(path: Path, offset: int) -> StoredExchange:
    """Return the capture whose record's member begins at ``offset``.

    Raises DamagedRecord when no whole record of a capture is there.
    """
    for item in _assemble(records(path, offset), path, run=_first_run(path)):
        if isinstance(item, StoredExchange):
            if item.capture.offset == offset:
                return item
            break
    raise DamagedRecord("no captured exchange begins here", offset, path)


def _first_run(path: Path) -> Run:
    """Return the run of which a file tells first; NO_RUN: of none."""
    with opened(path) as file:
        return _run_behind(path, file.read(_BEGINNING))


@lru_cache(maxsize=64)
def _run_behind(path: Path, _beginning: bytes) -> Run:
    """Return the same; a file that begins otherwise is another, though its name be the same."""
    return next((run_of(record) for record in records(path) if record.type == "warcinfo"), NO_RUN)


def _assemble(
    records: Iterator[Record], path: Path, *, run: Run = NO_RUN, drop_last: bool = False
) -> Iterator[Item]:
    """Yield what the records tell, responses with their content; ``drop_last``: a last group
    without metadata is not whole."""
    originals, assembler = Originals(), Assembler(run)
    waiting = (found for record in records for found in assembler.take(record))
    for _, found in chain(waiting, () if drop_last else assembler.rest()):
        if isinstance(found, Fetched):
            yield _stored(_answer(found.main, originals, path), found, path)
        else:
            yield found


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
    segmented: bool = False


def _answer(main: Record, originals: Originals, path: Path) -> _Answer:
    parts = main.message
    if main.type != "revisit":
        body = parts.body if parts else main.block
        truncated, part = main.get("WARC-Truncated"), _is_part(main)
        return _Answer(main, parts, body, _codings(parts), truncated, segmented=part)
    original = originals.of(main, path)
    if original is None:
        return _Answer(main, parts, b"", "", None, missing=True)
    record = original.record
    of_original = record.message
    # Old revisits have no head of their own; that of a 304 says nothing of the payload.
    head = of_original if parts is None or kind_of(main) == NOT_MODIFIED else parts
    # Heritrix calls a revisit itself truncated, since its payload is left out.
    truncated = record.get("WARC-Truncated")
    payload, part = payload_of(record), _is_part(record)
    return _Answer(main, parts or of_original, payload, _codings(head), truncated, segmented=part)


def _is_part(record: Record) -> bool:
    """Return whether the block goes on in ``continuation`` records (WARC/1.1, section 7)."""
    return record.get("WARC-Segment-Number") is not None


def _stored(answer: _Answer, fetched: Fetched, path: Path) -> StoredExchange:
    capture = capture_of(fetched, answer.parts, path.name.removesuffix(OPEN))
    told = dict(fetched.fields)
    hints = unprefixed(HINT, fetched.fields)
    if capture.kind == "rendered":
        hints["page_class"] = told.get("page-class", "other")
    return StoredExchange(
        capture=capture,
        headers=headers_of(answer.main, answer.parts),
        content=_content(answer),
        truncated=answer.truncated,  # type: ignore[arg-type]
        via=told.get("via"),
        hints=hints,
        failure=failure_of(fetched),
        revisit=kind_of(answer.main),
        missing=answer.missing,
        segmented=answer.segmented,
    )


def _codings(parts: Message | None) -> str:
    return ",".join(header_values(parts.headers, "content-encoding")) if parts else ""


def _content(answer: _Answer) -> bytes:
    try:
        return decode(answer.body, answer.codings)
    except CodingError:
        # Some servers name a coding that they do not use; the reader of reports says what it is.
        return answer.body
