"""What a run is judged by, as plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from archive.catalog.monitors import Earlier, Yield
from archive.records import Notice


@dataclass(frozen=True, slots=True)
class Visited:
    """A portal that a run has visited."""

    code: str
    name: str
    url: str
    listed: int
    """Documents that may be reports, as its columns name them."""
    least: int = 0
    """How many its file expects; 0: nothing is expected."""

    @property
    def host(self) -> str:
        """The host of its home page."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class Facts:
    """A run at its end."""

    now: datetime
    reason: str
    """Why it ends."""
    counts: Mapping[str, int]
    """Its statistics, as ``runs.counts`` has them."""
    pages: Mapping[str, str]
    """Address -> what came of it in the end."""
    read: Yield
    visited: tuple[Visited, ...] = ()
    """Empty where single pages were asked for, not portals."""
    notices: tuple[Notice, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    """Runs of the same spider that ended, the last first."""
    killed: tuple[str, ...] = ()
    """When those began that did not, since one was judged."""
    torn: Mapping[str, int] = field(default_factory=dict)
    """What was cut off their files -> its bytes."""
    newest: datetime | None = None
    """The latest time that the catalog knows of any other run; None: there is none."""
    strangers: tuple[str, ...] = ()
    """Finished WARC files of which the catalog knows nothing."""
    free: int = 0
    """Bytes that the archive's disk still takes."""
    room: int = 0
    """Bytes without which no crawl begins."""
    rested: Mapping[str, int] = field(default_factory=dict)
    """Host -> how often it was left in peace."""


def host_of(url: str) -> str:
    """Return the host of an address; empty where it has none, or is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
