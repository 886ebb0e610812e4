"""ZIP packages (DOCX, XLSX, OFD, plain archives) read with all sizes bounded before unpacking."""

import io
import posixpath
import zipfile
import zlib
from functools import cached_property

from lxml import etree

from archive.report.media import limits
from archive.report.media.limits import Refused, attribute, local, parse_xml

_ENTRY = b"PK\x01\x02"
_SMALL = 1024 * 1024
"""Bytes below which a part may grow by any factor: empty tables compress very well."""


class Package:
    """The parts of a ZIP package by name; raises Refused where it breaks a limit or is broken."""

    def __init__(self, content: bytes) -> None:
        if content.count(_ENTRY) > limits.MEMBERS:
            raise Refused("too_large", f"more than {limits.MEMBERS} parts")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise Refused("broken", f"no whole ZIP package: {error}") from error
        parts = [info for info in self._zip.infolist() if not info.is_dir()]
        if sum(info.file_size for info in parts) > limits.UNPACKED:
            raise Refused("too_large", f"unpacks to more than {limits.UNPACKED} bytes")
        self._parts = {_key(info.filename): info for info in parts}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the parts as the package writes them, in its order."""
        return tuple(info.filename for info in self._parts.values())

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def read(self, name: str) -> bytes:
        """Return a part's bytes; names differ in case between producers and are read so."""
        info = self._parts.get(_key(name))
        if info is None:
            raise Refused("broken", f"part {name} is missing")
        if info.flag_bits & 1:
            raise Refused("encrypted", f"part {name} wants a password")
        if info.file_size > max(_SMALL, limits.RATIO * info.compress_size):
            raise Refused("too_large", f"part {name} grows more than {limits.RATIO} times")
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Refused("broken", f"part {name}: {error}") from error

    def xml(self, name: str) -> etree._Element:
        """Return the root of an XML part."""
        return parse_xml(self.read(name), name)

    def optional_xml(self, name: str) -> etree._Element | None:
        """Return the root of an XML part; None: the package has no such part."""
        return self.xml(name) if name in self else None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return id -> (last word of the type, name of the target part) as ``part`` relates.

        ``part`` is empty for the package itself. Targets outside of the package are left out.
        """
        folder, _, name = part.rpartition("/")
        root = self.optional_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for relation in () if root is None else root:
            if local(relation) != "Relationship" or attribute(relation, "TargetMode") == "External":
                continue
            kind = (attribute(relation, "Type") or "").rpartition("/")[2]
            target = resolved(folder, attribute(relation, "Target") or "")
            found[attribute(relation, "Id") or ""] = (kind, target)
        return found


def resolved(folder: str, target: str) -> str:
    """Return the name of the part that ``target`` means when written in ``folder``."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
