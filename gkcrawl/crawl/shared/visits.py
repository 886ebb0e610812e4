"""Which visit a request belongs to. Pure."""

from scrapy import Request

VISIT = "visit"
"""In the meta of a request: the visit it belongs to."""
WHOLE = "*"
"""The visit of a spider that has no portals, or was told what to fetch: all that it does."""


def visit_of(request: Request) -> str:
    """Return the visit that a request belongs to; empty: it serves all of them."""
    if visit := request.meta.get(VISIT):
        return str(visit)
    hints = request.meta.get("hints") or {}
    return f"{hints['portal']} {hints['portal_url']}" if "portal_url" in hints else ""
