"""Events: what a person acts on. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archive.records import Number

EventKind = Literal[
    "numbers", "text", "removed", "returned", "moved", "host_moved", "template", "outage"
]
EVENT_KINDS: tuple[EventKind, ...] = (
    *("numbers", "text", "removed", "returned"),
    *("moved", "host_moved", "template", "outage"),
)
"""The first five are about a report, the last three about a whole site."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a report or a site: a row of ``events``."""

    id: str
    """16 hex digits, made of what happened: the same after every rebuild."""
    kind: EventKind
    host: str
    url: str
    """Of the report as a visitor finds it; of an event of a site its root."""
    first_seen: str
    """When the capture began that first showed it."""
    confirmed_at: str
    """When it was certain: the second fetch, the last of the tries."""
    message: str
    """One line for a person."""
    report_id: str | None = None
    ended_at: str | None = None
    """Of an outage when the site answered again, of a removal when the report was back; None: it
    goes on, or has no end."""
    capture_id: str | None = None
    """What first showed it."""
    capture_before: str | None = None
    """What showed the report before."""
    pages: int = 1
    """How many pages it is about."""
    target: str | None = None
    """Where it moved to."""
    cells: tuple[Mapping[str, str | Number | None], ...] = ()
    """The numbers that changed: table, row, column, before, after."""
    silent: bool | None = None
    """Of ``numbers``: whether nothing in the text says that they changed."""


def event_id(*told: object) -> str:
    """Return the id of an event, from what makes it this one."""
    text = "\n".join(map(str, told))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
