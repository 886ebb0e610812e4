"""What an archive holds of the tries for each request, in the order of time: to replay a crawl.

Nothing but where they stand is held in memory.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from archive.records import Truncation
from archive.warc.compose import FAILURE, HINT, RENDERED, WIRE
from archive.warc.errors import WarcError
from archive.warc.fields import Fields, decode_fields
from archive.warc.message import head_end
from archive.warc.names import WARC, locate, warc_files
from archive.warc.originals import Originals
from archive.warc.record import Record, bare_id, mapped, walk
from archive.warc.revisits import NOT_MODIFIED, kind_of, payload_of
from archive.warc.rows import is_capture

Key = tuple[str, str, str]
"""Method (``rendered`` for pages of a browser), URL, digest of the request's body."""

_CHUNKED = re.compile(rb"(?im)^x-orig-transfer-encoding(?=[ \t]*:)")


@dataclass(frozen=True, slots=True)
class Try:
    """One try, and where its answer stands."""

    path: Path
    offset: int
    url: str
    """Of what was received; a browser's redirects may have led elsewhere than it was asked."""
    received: bool
    """Whether anything was received."""
    request: bytes = b""
    """As stored: secrets are blotted out."""
    failure: str | None = None
    """``Class: message``; None: it was answered."""
    truncated: Truncation | None = None
    ip_address: str | None = None
    status: int | None = None
    """Of a rendered page."""
    before: bytes = b""
    """Interim heads."""
    trailers: bytes = b""
    original: tuple[Path, int] | None = None
    """Where the payload stands; None: where all else does."""

    def read(self) -> bytes:
        """Return what was received; the chunks of a body that was joined are one chunk now.

        A revisit gives the payload that it repeats. An answer 304 gives the page that was not
        modified, as it came before: who replays a crawl does not ask whether it was.
        """
        record = _record(self.path, self.offset)
        end = head_end(record.block)
        stored, body = record.block[:end], record.block[end:] if end else b""
        if self.original:
            original = _record(*self.original)
            body = payload_of(original)
            if end is None or kind_of(record) == NOT_MODIFIED:
                stored = original.block[: head_end(original.block)]
        head = _CHUNKED.sub(b"Transfer-Encoding", stored)
        if head != stored and not self.truncated:
            chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
            body = chunk + b"0\r\n" + self.trailers + b"\r\n"
        return self.before + head + body


@dataclass(slots=True)
class _Group:
    """The records of one try as they are met."""

    main: Record
    request: bytes = b""
    told: Fields = field(default_factory=list)


def key_of(method: str, url: str, body: bytes = b"") -> Key:
    """Return what tells a request from others."""
    return method, url, hashlib.sha256(body).hexdigest() if body else ""


def tries_of(place: str | Path) -> Iterator[tuple[Key, Try]]:
    """Yield the tries under a home or folder, or in one file, file by file in the order of names.

    Raises WarcError where nothing is to be read.
    """
    place = Path(place)
    folder = place / "warc" if (place / "warc").is_dir() else place
    files = [place] if place.is_file() else sorted(warc_files(folder), key=_began)
    if not files:
        raise WarcError(f"{place} holds no WARC files: name a home, a folder or a .warc.gz file")
    originals = Originals()
    for path in files:
        for group in _groups(path):
            yield _try(group, path, originals)


def _record(path: Path, offset: int) -> Record:
    with mapped(path) as data:
        return next(walk(data, offset))


def _began(path: Path) -> str:
    with mapped(path) as data:
        return next(walk(data)).get("WARC-Date") or ""


def _groups(path: Path) -> Iterator[_Group]:
    """Yield groups when they are complete; those of other people at the end of the file."""
    if WARC not in path.name:
        raise WarcError(f"{path} is not compressed record by record: gkcrawl import it first")
    groups: dict[str, _Group] = {}
    requests: dict[str, bytes] = {}
    with mapped(path) as data:
        for record in walk(data):
            named = bare_id(record.get("WARC-Concurrent-To") or "")
            if record.type == "request":
                requests[named] = record.block
            elif record.type == "metadata":
                told = decode_fields(record.block)
                event = dict(told).get("event")
                group = groups.pop(named, None) or _Group(record)
                if group.main is not record or event == FAILURE:
                    group.told, group.request = told, requests.pop(group.main.id, b"")
                    yield group
            elif named not in groups and is_capture(record, ""):
                groups[record.id] = _Group(record)
    for group in groups.values():
        group.request = requests.pop(group.main.id, b"")
        yield group


def _try(group: _Group, path: Path, originals: Originals) -> tuple[Key, Try]:
    main, told = group.main, dict(group.told)
    original = originals.of(main, path)
    failure = told.get("failure")
    if main.type == "revisit" and original is None:
        failure = f"OriginalMissingError: {path.name} has no payload for it, nor has another file"
    url = (main.get("WARC-Target-URI") or "").removeprefix(WIRE)
    method, _, _ = group.request.partition(b" ")
    body = group.request[head_end(group.request) or len(group.request) :]
    rendered = told.get("event") == RENDERED
    key = key_of(method.decode("latin-1") or "GET", url, body)
    if rendered or told.get(HINT + "asked-of") == "browser":
        key = "rendered", told.get(HINT + "asked", url), ""
    heads = (value.encode("latin-1") for name, value in group.told if name == "informational")
    return key, Try(
        path=path,
        offset=main.offset,
        url=url,
        received=main.type != "metadata",
        request=group.request,
        failure=failure,
        # Others call a revisit itself truncated, since its payload is left out.
        truncated=cast(
            Truncation | None, (original.record if original else main).get("WARC-Truncated")
        ),
        ip_address=main.get("WARC-IP-Address"),
        status=int(told["status"]) if rendered else None,
        before=b"".join(heads),
        trailers=told.get("trailers", "").encode("latin-1"),
        original=(locate(path.parent, original.warc), original.record.offset) if original else None,
    )
