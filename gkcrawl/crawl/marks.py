"""What was met before, told by eight bytes each: an address takes twenty times as much."""

from collections.abc import Container, Iterable
from typing import Protocol


class Met(Container[str], Protocol):
    """Strings of which is asked only whether they were met."""

    def add(self, text: str) -> None:
        """Take in a string."""


class Marks:
    """Strings by their hashes, which are other ones in each process.

    Of a million strings two have the same hash once in thirty-six million runs.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._hashes = set(map(hash, texts))

    def add(self, text: str) -> None:
        """Take in a string."""
        self._hashes.add(hash(text))

    def __contains__(self, text: object) -> bool:
        return hash(text) in self._hashes

    def __len__(self) -> int:
        return len(self._hashes)
