"""What a portals file holds, as plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FAMILIES: tuple[str, ...] = (
    "trs",
    "fjdzapp",
    "hanweb",
    "gkmlpt",
    "nfcms",
    "kaipuyun",
    "vsb",
    "lonsun",
    "querylist",
    "epoint",
    "easysite",
    "openness",
    "static",
)
"""Publishing systems that a portal may be said to run; ``static`` stands for all others."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One government website (政府门户网站) and what is known of it."""

    code: str
    """GB/T 2260, six digits."""
    name: str
    url: str
    family: str | None = None
    """One of FAMILIES; None: recognised at the first response."""
    columns: tuple[str, ...] = ()
    """Known 年报 columns; empty: they are discovered from the home page."""
    expect: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """``{"reports": {"min": 12}}``: fewer is a failed monitor."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """ISO date -> what was noticed that day."""
    render: bool = False
    """Navigation pages need a browser."""

    @property
    def key(self) -> str:
        """Code and URL, which together are unique in a file."""
        return f"{self.code} {self.url}"

    @property
    def least_reports(self) -> int:
        """How many reports the portal is expected to list at least; 0: nothing is expected."""
        return self.expect.get("reports", {}).get("min", 0)


@dataclass(frozen=True, slots=True)
class Site:
    """A document-sharing site (文库) where copies of reports are found."""

    name: str
    url: str
    search: str | None = None
    """URL with ``{q}`` and ``{page}``."""
    list: str | None = None
    """Listing of the category that fits."""


@dataclass(frozen=True, slots=True)
class PortalFile:
    """One file of portals, or of document sites."""

    path: Path
    province: str | None = None
    """GB/T 2260 code; None in a file of document sites."""
    name: str | None = None
    portals: tuple[Portal, ...] = ()
    sites: tuple[Site, ...] = ()
