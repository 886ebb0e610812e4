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
    "uuidcolumns",
    "jeecms",
    "nw",
    "hunan",
    "thtml",
    "static",
)
"""Publishing systems that a portal may be said to run; ``static`` stands for all others."""

OTHER_NAMES: Mapping[str, str] = {
    "jpage": "hanweb",
    "jpaas": "hanweb",
    "truecms": "hanweb",
    "ucap": "kaipuyun",
    "boda": "vsb",
    "eportal": "easysite",
    "jspx": "jeecms",
    "jhtml": "jeecms",
    "uuid": "uuidcolumns",
    "shanghai": "nw",
}
"""What else people call a family, by a dialect or by what its addresses show -> its name."""


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
class Api:
    """A web archive that lists its captures by CDX, and where it hands them out."""

    name: str
    cdx: str
    """URL with ``{url}``, which lists captures as JSON or CDXJ lines."""
    replay: str | None = None
    """URL with ``{timestamp}`` and ``{url}``: a capture as it was received (Wayback)."""
    data: str | None = None
    """URL with ``{filename}``: the WARC file in which captures stand (Common Crawl)."""


@dataclass(frozen=True, slots=True)
class PortalFile:
    """One file of portals, of document sites, or of web archives."""

    path: Path
    province: str | None = None
    """GB/T 2260 code; None in a file of anything but portals."""
    name: str | None = None
    portals: tuple[Portal, ...] = ()
    sites: tuple[Site, ...] = ()
    apis: tuple[Api, ...] = ()
