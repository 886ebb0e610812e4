"""What can be wrong with one record by itself and by what stands before it in its file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.warc.digests import is_ours as is_our_digest
from archive.warc.digests import matches
from archive.warc.message import content_length, head_end, header_values
from archive.warc.record import GZIP_HEADERS, Record, bare_id, is_http
from archive.warc.revisits import IDENTICAL, NOT_MODIFIED, claim_of, profile
from archive.warc.runs import is_ours

_MANDATORY = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
_WITH_URI = frozenset({"response", "resource", "request", "revisit", "conversion"})
_WITH_PAYLOAD = frozenset({"response", "resource", "conversion"})
_PROFILES = (profile(IDENTICAL), profile(NOT_MODIFIED))


@dataclass(frozen=True, slots=True)
class Told:
    """What was found at one record, and what the next one is held against."""

    problems: tuple[str, ...] = ()
    date: str = ""
    """Of the record; empty before the first."""
    warcinfo: str = ""
    """Id of the file's warcinfo."""
    ours: bool = False
    """Whether gkcrawl wrote the file, whose members have one form only."""
    gzip_header: bytes = b""
    """Of its members; empty before the first."""


def faults(record: Record, gzip_header: bytes, before: Told) -> Told:
    """Return what is wrong with ``record``, which follows the one that ``before`` is about."""
    date = record.get("WARC-Date") or ""
    warcinfo, ours = before.warcinfo, before.ours
    if record.type == "warcinfo":
        warcinfo, ours = record.id, is_ours(record)
    problems = [problem for check in _CHECKS for problem in check(record)]
    if ours:
        problems += [*_http(record), *_revisit(record)]
        if gzip_header != (before.gzip_header or gzip_header) or gzip_header not in GZIP_HEADERS:
            problems.append("the member's gzip header is not the one that was written")
        if date < before.date:
            problems.append("WARC-Date is earlier than that of the record before")
        if record.type != "warcinfo" and bare_id(record.get("WARC-Warcinfo-ID") or "") != warcinfo:
            problems.append("WARC-Warcinfo-ID does not name the file's warcinfo")
    return Told(tuple(problems), date, warcinfo, ours, before.gzip_header or gzip_header)


def _fields(record: Record) -> Iterator[str]:
    wanted = _MANDATORY + (("WARC-Target-URI",) if record.type in _WITH_URI else ())
    for name in wanted:
        if record.get(name) is None:
            yield f"{name} is missing"
    try:
        datetime.fromisoformat(record.get("WARC-Date") or "")
    except ValueError:
        yield f"WARC-Date {record.get('WARC-Date')!r} is no date"


def digest_faults(record: Record) -> Iterator[str]:
    """Yield which of the digests that a record states are not those of what is there."""
    block, payload = record.block, _payload(record)
    of_block, of_payload = (record.get(f"WARC-{what}-Digest") for what in ("Block", "Payload"))
    # An algorithm that nobody knows says nothing.
    wrong = of_block and matches(of_block, block) is False
    if wrong:
        yield "WARC-Block-Digest is not that of what is there"
    if not of_payload or payload is None:
        return
    if payload is block and of_payload == of_block:
        wrong = bool(wrong)
    else:
        wrong = matches(of_payload, payload) is False
    # Others keep chunk framing, and some of them leave it out of the payload's digest.
    unframed = record.message if wrong and is_http(record) else None
    if wrong and not (unframed and matches(of_payload, unframed.body)):
        yield "WARC-Payload-Digest is not that of what is there"


def _payload(record: Record) -> bytes | None:
    """Return the payload, with chunk framing where it is; None: it is elsewhere, not well defined
    or goes on in other records."""
    if record.type not in _WITH_PAYLOAD or record.get("WARC-Segment-Number"):
        return None
    if record.type != "response" or not is_http(record):
        return record.block
    parts = record.message
    if parts and not parts.interim and parts.start + len(parts.body) == len(record.block):
        return parts.body
    end = head_end(record.block)
    return None if end is None else record.block[end:]


def _http(record: Record) -> Iterator[str]:
    if record.type != "response" or not is_http(record):
        return
    parts = record.message
    if parts is None:
        yield "the block is no HTTP response"
        return
    if parts.excess:
        yield "the body is longer than its Content-Length"
    # No body belongs to 204, 304 and answers to HEAD, whatever the length that they state, and a
    # length beside chunks is of neither form of the body.
    unframed = header_values(parts.headers, "x-orig-transfer-encoding")
    if record.get("WARC-Truncated"):
        return
    if unframed and parts.truncated:
        yield "the chunks of the body make no sense"
    # Where the length is what it says nothing is amiss.
    if unframed or not parts.body or not parts.truncated:
        return
    try:
        length = content_length(parts.headers)
    except ValueError as error:
        yield str(error)
        return
    if length is not None and len(parts.body) != length:
        yield f"Content-Length says {length}, the body has {len(parts.body)} bytes"


def _revisit(record: Record) -> Iterator[str]:
    claim = claim_of(record)
    if claim is None:
        return
    if record.get("WARC-Profile") not in _PROFILES:
        yield f"WARC-Profile {record.get('WARC-Profile')!r} is none of WARC/1.1"
    if not all(claim[:-1]) or not is_our_digest(claim.digest):
        yield "the revisit does not say of what: WARC-Refers-To, -Target-URI, -Date, payload digest"
    parts = record.message
    if parts is None or parts.interim or parts.start != len(record.block):
        yield "the block is no head of an HTTP response"


_CHECKS: tuple[Callable[[Record], Iterator[str]], ...] = (_fields, digest_faults)
