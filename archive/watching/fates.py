"""What may become of a page: it is taken away, or moves."""

from dataclasses import dataclass

from archive.watching.material import Try


@dataclass(slots=True)
class Removal:
    """A page that was taken away."""

    first: Try
    """The first try that found it gone."""
    confirmed: Try
    last_shown: Try
    back: Try | None = None
    """The first try that showed it again; None: none did."""
    back_confirmed: Try | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A report that stands at another address now."""

    url: str
    target: str
    first: Try
    """The first try that found it gone from the old address, or led on."""
    confirmed_at: str
    last_shown: Try
    leads: bool
    """Whether the old address leads to the new one."""
