"""The records of one group, with all that they say alike."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.warc.record import Record, bracketed, digest

Named = Iterable[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a group is written."""

    date: str
    """``WARC-Date``."""
    warcinfo: str
    """UUID of the file's ``warcinfo``."""
    run_id: str


@dataclass(frozen=True, slots=True)
class Group:
    """Records in the making; those that are not the main one name it (``WARC-Concurrent-To``)."""

    place: Place
    url: str | None
    main_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    records: list[Record] = field(default_factory=list)

    def add(
        self,
        kind: str,
        block: bytes,
        content_type: str,
        *,
        main: bool = False,
        payload: bytes | None = None,
        checksum: str | None = None,
        rest: bytes = b"",
        prefix: str = "",
        uri: str | None = None,
        named: Named = (),
    ) -> None:
        """Add a record about the group's URL; ``prefix`` makes the URL a URN of ours.

        ``payload``: what its payload digest is of, or ``checksum``, that digest; both None: it has
        none. ``rest``: of the block, as in Record. ``uri``: what the record is about instead.
        """
        own = self.main_id if main else str(uuid.uuid4())
        headers = [
            ("WARC-Concurrent-To", None if main else bracketed(self.main_id)),
            ("WARC-Warcinfo-ID", bracketed(self.place.warcinfo)),
            ("WARC-Payload-Digest", checksum if payload is None else digest(payload)),
            *named,
        ]
        url = uri or (None if self.url is None else prefix + self.url)
        self.records.append(
            make_record(kind, own, self.place.date, url, block, content_type, headers, rest)
        )


def make_record(
    kind: str,
    uuid: str,
    date: str,
    url: str | None,
    block: bytes,
    content_type: str,
    named: Named = (),
    rest: bytes = b"",
) -> Record:
    """Return a record with its mandatory fields and those of ``named`` that are not None."""
    fields = (
        ("WARC-Type", kind),
        ("WARC-Record-ID", bracketed(uuid)),
        ("WARC-Date", date),
        ("WARC-Target-URI", url),
        *named,
        ("WARC-Block-Digest", digest(block, rest)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block) + len(rest))),
    )
    headers = tuple((name, value) for name, value in fields if value is not None)
    return Record(kind, headers, block, rest=rest)
