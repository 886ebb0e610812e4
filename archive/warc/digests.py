"""Digests as WARC fields state them, ``algorithm:value``, in the forms that others write too."""

import base64
import hashlib
import re
from pathlib import Path

_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
_KNOWN = frozenset({"md5", "sha1", "sha256", "sha512"})


def is_ours(stated: str | None) -> bool:
    """Return whether a digest is stated as ours are."""
    return bool(stated and _SHA256.fullmatch(stated))


def checksum_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex, as ``sha256sum`` writes it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def matches(stated: str, *candidates: bytes) -> bool | None:
    """Return whether a stated digest is that of one of ``candidates``.

    Hex and base32, with and without padding, are understood; None: the algorithm is unknown.
    """
    if is_ours(stated):
        return any(hashlib.sha256(data).hexdigest() == stated[7:] for data in candidates)
    algorithm, _, value = stated.partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _KNOWN:
        return None
    value = value.rstrip("=").lower()
    return any(_is_written(value, algorithm, data) for data in candidates)


def _is_written(value: str, algorithm: str, data: bytes) -> bool:
    made = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    if len(value) == 2 * len(made):
        return value == made.hex()
    return value == base64.b32encode(made).decode().rstrip("=").lower()
