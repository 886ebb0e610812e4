"""A ZIP file in the making that knows the checksum and the size of everything put into it."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of the package."""

    path: str
    sha256: str
    """Hex."""
    size: int

    def as_dict(self) -> dict[str, str | int]:
        """Return the entry of datapackage.json, but for its name."""
        return {"path": self.path, "hash": f"sha256:{self.sha256}", "bytes": self.size}


@dataclass(frozen=True, slots=True)
class Container:
    """Writes files into a ZIP file, one after the other; none is held in memory."""

    archive: ZipFile
    created: datetime
    resources: list[Resource] = field(default_factory=list)

    def add(self, path: str, pieces: Iterable[bytes], *, stored: bool, size: int = 0) -> Resource:
        """Write a file and return what it is; ``stored``: replay tools read parts of it in place.

        ``size``: about how large it becomes, where it may be more than 2 GB.
        """
        info = ZipInfo(path, self.created.timetuple()[:6])
        info.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        checksum, length = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=size > 2**31 - 2**27) as file:
            for piece in pieces:
                checksum.update(piece)
                length += len(piece)
                file.write(piece)
        resource = Resource(path, checksum.hexdigest(), length)
        self.resources.append(resource)
        return resource

    def add_json(self, path: str, value: object) -> Resource:
        """Write a value as JSON."""
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        return self.add(path, [text.encode()], stored=False)

    def listed(self) -> list[dict[str, str | int]]:
        """Return the ``resources`` of datapackage.json, each with a name of its own."""
        named: dict[str, dict[str, str | int]] = {}
        for resource in self.resources:
            # What frictionless allows in a name.
            name = plain = re.sub(r"[^a-z0-9._-]+", "-", resource.path.lower()).strip("-")
            while name in named:
                name = f"{plain}-{len(named)}"
            named[name] = {"name": name, **resource.as_dict()}
        return list(named.values())


def pieces(file: BinaryIO) -> Iterable[bytes]:
    """Yield the rest of a file in pieces."""
    while piece := file.read(_PIECE):
        yield piece
