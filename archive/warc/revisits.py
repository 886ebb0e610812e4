"""What a revisit record says of the record whose payload it repeats. Pure.

WARC/1.1, section 6.7: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/.
The names of file and offset are Heritrix's; they spare a look into the index, and are only hints.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from archive.records import Revisit
from archive.warc.digests import matches
from archive.warc.message import head_end
from archive.warc.record import Record, bare_id, digest, is_http

IDENTICAL: Revisit = "identical-payload-digest"
NOT_MODIFIED: Revisit = "server-not-modified"
_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
_FILE, _OFFSET = "WARC-Refers-To-Filename", "WARC-Refers-To-File-Offset"
# What else the fields may hold is no matter: other makers' files are read too.
_NAME, _PLACE = re.compile(r"[^/\0]+\.warc(?:\.gz)?"), re.compile(r"[0-9]{1,15}")
# Of a file's name in most systems, less what a growing one has behind it.
_LONGEST = 255 - len(".open")
# Of them the payload can be had.
WITH_PAYLOAD = frozenset({"response", "resource"})


@dataclass(frozen=True, slots=True)
class Original:
    """The record that holds a payload, and the file that it stands in."""

    record: Record
    warc: str
    """Name of the file when finished, without folder."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Why and of what a response is a repetition."""

    kind: Revisit
    original: Original


class Claim(NamedTuple):
    """What a revisit says of its original; empty texts where it says nothing."""

    id: str
    url: str
    date: str
    digest: str


class Target(NamedTuple):
    """What a claim is held against."""

    id: str
    type: str
    """``WARC-Type``; ``truncated`` for a response that is not whole."""
    url: str
    date: str
    digest: str


def profile(kind: Revisit) -> str:
    """Return the ``WARC-Profile`` of WARC/1.1 for a kind of revisit."""
    return _PROFILES + kind


def kind_of(record: Record) -> Revisit | None:
    """Return why a record has no payload of its own; None: it is no revisit.

    WARC/1.0 and some crawlers have other profiles, all of which are of equal payloads.
    """
    if record.type != "revisit":
        return None
    said = (record.get("WARC-Profile") or "").rpartition("/")[2]
    return NOT_MODIFIED if said == NOT_MODIFIED else IDENTICAL


def fields_of(repeat: Repeat) -> Iterator[tuple[str, str | None]]:
    """Yield the named fields that make a record a revisit, but for the payload's digest."""
    record = repeat.original.record
    yield "WARC-Profile", profile(repeat.kind)
    yield "WARC-Refers-To", record.get("WARC-Record-ID")
    yield "WARC-Refers-To-Target-URI", record.get("WARC-Target-URI")
    yield "WARC-Refers-To-Date", record.get("WARC-Date")
    yield _FILE, repeat.original.warc
    yield _OFFSET, str(record.offset)


def place_of(revisit: Record) -> tuple[str, int] | None:
    """Return file name and offset of the original, as the revisit has them; None: it has not."""
    name, offset = revisit.get(_FILE) or "", revisit.get(_OFFSET) or ""
    if len(name.encode()) > _LONGEST or not _NAME.fullmatch(name) or not _PLACE.fullmatch(offset):
        return None
    return name, int(offset)


def claim_of(record: Record) -> Claim | None:
    """Return what a revisit says of its original; None: it is no revisit."""
    if record.type != "revisit":
        return None
    return Claim(
        bare_id(record.get("WARC-Refers-To") or ""),
        record.get("WARC-Refers-To-Target-URI") or "",
        record.get("WARC-Refers-To-Date") or "",
        record.get("WARC-Payload-Digest") or "",
    )


def target_of(record: Record) -> Target:
    """Return what the claims of revisits are held against."""
    return Target(
        record.id,
        "truncated" if record.get("WARC-Truncated") else record.type,
        record.get("WARC-Target-URI") or "",
        record.get("WARC-Date") or "",
        record.get("WARC-Payload-Digest") or "",
    )


def disagreement(claim: Claim, target: Target) -> str | None:
    """Return what a revisit of ours says of its original and is not so; None: all is so."""
    if target.type != "response":
        return f"WARC-Refers-To names {target.id}, a {target.type} record, which is no original"
    for name, stated, found in (
        ("WARC-Refers-To-Target-URI", claim.url, target.url),
        ("WARC-Refers-To-Date", claim.date, target.date),
        ("WARC-Payload-Digest", claim.digest, target.digest),
    ):
        if stated != found:
            return f"{name} says {stated}, the original {target.id} has {found}"
    return None


def is_original_of(revisit: Record, record: Record) -> bool:
    """Return whether ``record`` holds the payload that ``revisit`` repeats.

    Where a digest is stated it decides: equal bytes are equal, whatever record has them.
    """
    claim = claim_of(revisit)
    if claim is None or record.type not in WITH_PAYLOAD:
        return False
    target = target_of(record)
    named = claim.id == target.id or (
        bool(claim.date) and (claim.url, second(claim.date)) == (target.url, second(target.date))
    )
    if kind_of(revisit) == NOT_MODIFIED:
        # The digest may be that of nothing; without a reference it is the page as it was before.
        vague = not (claim.id or claim.date)
        return named or (vague and target.url == revisit.get("WARC-Target-URI"))
    told = matches(claim.digest, *_payloads(record)) if claim.digest else None
    return named if told is None else told


def payload_of(record: Record) -> bytes:
    """Return the payload of a record, chunk framing undone, content coding kept."""
    parts = record.message if is_http(record) else None
    return parts.body if parts else record.block


def is_fit(record: Record, payload_digest: str) -> bool:
    """Return whether a revisit of ours may refer to ``record`` for the payload of that digest.

    Every replay tool must find the payload by it: a whole 200 response that states this digest
    and has the payload as it is, without chunk framing and with nothing behind it.
    """
    if record.type != "response" or record.get("WARC-Payload-Digest") != payload_digest:
        return False
    parts = record.message if is_http(record) and not record.get("WARC-Truncated") else None
    return (
        parts is not None
        and parts.status == 200
        and parts.truncated is None
        # Framing, or heads before the last one, would make it longer.
        and len(record.block) == len(parts.head) + len(parts.body)
        # The disk may have spoilt it since.
        and digest(parts.body) == payload_digest
    )


def _payloads(record: Record) -> Iterator[bytes]:
    """Yield what may be meant by a record's payload: others take chunk framing for a part of it."""
    yield payload_of(record)
    if is_http(record) and (end := head_end(record.block)) is not None:
        yield record.block[end:]


def second(date: str | None) -> str | None:
    """Return the 14 digits of a date cut to its second, as others do; None: it is no date."""
    try:
        moment = datetime.fromisoformat(date or "")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return re.sub(r"\D", "", moment.astimezone(UTC).isoformat()[:19])
    except (ValueError, OverflowError):
        return None
