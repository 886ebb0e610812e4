"""What the watch looks at: tries at pages, what was read there, where else a report stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.deadlines import CHINA
from archive.records import Number

StateName = Literal[
    "present", "changed", "suspect", "unreachable", "blocked", "moved", "removed", "returned"
]
LEADING = frozenset({"home", "column", "listing"})
"""Classes of pages that lead to reports: where one of them answers, the site is well."""
WATCHED = frozenset({"article", "attachment", "column"})
"""Classes of pages that have a state; so has any other page on which a report was read."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a capture that is a report."""

    report_id: str
    text: str
    """Digest of the text without blanks."""
    cells: str | None
    """Digest of the numbers of the tables; None: no table was read."""
    tables: int
    """How many of the three tables have values."""
    address: str
    """Where a visitor finds the document."""


@dataclass(frozen=True, slots=True)
class Try:
    """One request for a page: a capture, or a failure of which nothing is kept."""

    url: str
    at: str
    """ISO 8601, UTC."""
    run_id: str
    id: str
    """Of the capture or the failure."""
    outcome: str | None
    """As of docs/outcomes.md; ``failed`` where nothing came; None: not read yet."""
    message: str = ""
    """Of a redirect where it leads; of a failure its class."""
    status: int | None = None
    page_class: str | None = None
    """None: not told, a failure."""
    rendered: bool = False
    """Whether it is what a browser made of the page."""
    captured: bool = True
    payload: str | None = None
    """Digest of the bytes."""
    read: Read | None = None

    @property
    def capture_id(self) -> str | None:
        """Return the capture that shows it; None: nothing came."""
        return self.id if self.captured else None

    @property
    def day(self) -> date:
        """Return the day in China."""
        return datetime.fromisoformat(self.at).astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Place:
    """An address at which a report was read."""

    url: str
    first_seen: str
    run_id: str
    """Of the run that first saw it."""


@dataclass(frozen=True, slots=True)
class Differing:
    """What differs between the reports of two captures."""

    cells: tuple[Mapping[str, str | Number | None], ...]
    """The numbers that changed: table, row, column, before, after."""
    silent: bool
    """Numbers changed and nothing in the newer text says so."""
    pieces: frozenset[str]
    """What was taken out of the text (``-…``) and put in (``+…``), blanks and the title left out.
    """
    is_other: bool
    """Whether the newer one is the report of another year."""


Differ = Callable[[str, str], Differing | None]
"""Tells what differs between two captures; None: one of them can no longer be read."""


@dataclass(frozen=True, slots=True)
class Host:
    """All that is known of a host, and what its pages' fates depend on elsewhere."""

    name: str
    """``host`` or ``host:port``, lower case."""
    tries: Sequence[Try]
    """At its pages; also those at pages of other hosts to which it leads or which lead to it."""
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    """report_id -> the official addresses of its reports, on whatever host."""


@dataclass(frozen=True, slots=True)
class State:
    """How a page stands: a row of ``states``."""

    url: str
    host: str
    kind: str
    state: StateName
    since: str
    """When it was first seen so."""
    checked_at: str
    """The newest try."""
    tries: int
    """Tries that show this state, without others in between."""
    report_id: str | None
    capture_id: str | None
    """The newest capture that shows the state; None: nothing came."""
    target: str | None
    """Where it leads; None: nowhere."""
    evidence: str


def read_of(one: Try) -> Read:
    """Return what was read at a try of which it is known that a report was."""
    assert one.read is not None, "only what was read is compared and told"
    return one.read


def host_of(url: str) -> str:
    """Return ``host`` or ``host:port`` of an address; empty where it is none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def leads_to(url: str, location: str) -> str:
    """Return where a redirect leads, without fragment; back to its own page where the server names
    what is no address (``http://[bad``)."""
    try:
        target = urldefrag(urljoin(url, location)).url
    except ValueError:
        return url
    return target if host_of(target) else url


def root_of(url: str) -> str:
    """Return the address of the site's root, ``https://host/``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}/"


def is_root(url: str) -> bool:
    """Return whether an address is that of a site's root, by any of its names."""
    path = urlsplit(url).path.lower()
    name = path.rpartition("/")[2].partition(".")[0]
    return path.count("/") <= 1 and name in ("", "index", "default") and not urlsplit(url).query
