"""A sorted index in gzip members of some lines each, and the list of these (ZipNum).

Replay tools search the list and then unzip one member. The form is that of ``cdxj-indexer -c``,
with the checksum of each member: https://specs.webrecorder.net/cdxj/0.1.0/.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

LINES = 1024


@dataclass(slots=True)
class ZipNum:
    """The members of one index; ``listing`` is complete when ``members`` is exhausted."""

    name: str
    """Of the file that the members are in."""
    entries: list[str] = field(default_factory=list)

    def members(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the gzip members that hold the sorted ``lines``."""
        offset, rest = 0, iter(lines)
        while block := list(islice(rest, LINES)):
            member = gzip.compress(b"".join(block), mtime=0)
            key, stamp, _ = block[0].split(b" ", 2)
            told = {
                "offset": offset,
                "length": len(member),
                "digest": "sha256:" + hashlib.sha256(member).hexdigest(),
                "filename": self.name,
            }
            self.entries.append(f"{key.decode()} {stamp.decode()} {json.dumps(told)}\n")
            offset += len(member)
            yield member

    def listing(self) -> Iterator[bytes]:
        """Yield the lines of the list."""
        told = {"format": "cdxj-gzip-1.0", "filename": self.name}
        yield f"!meta 0 {json.dumps(told)}\n".encode()
        for entry in self.entries:
            yield entry.encode()
