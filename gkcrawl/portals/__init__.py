"""The portals that a spider visits, as a person wrote them down in ``config/portals/<spider>.yml``.

The loader is strict: what it does not understand it reports with file, portal, field and what was
expected, so that a slip of the pen never becomes a portal silently left out.
"""

from gkcrawl.portals.files import (
    PortalError,
    all_portal_rows,
    load_portals,
    load_yaml,
    read_portals,
    spider_names,
)
from gkcrawl.portals.records import FAMILIES, Api, Portal, PortalFile, Site

__all__ = [
    "FAMILIES",
    "Api",
    "Portal",
    "PortalError",
    "PortalFile",
    "Site",
    "all_portal_rows",
    "load_portals",
    "load_yaml",
    "read_portals",
    "spider_names",
]
