"""What a request for a page of a portal tells the archive. Pure."""

import json

from scrapy import Request

from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Next


def request_of(following: Next) -> Request:
    """Return the request that a family asks for."""
    return Request(
        following.url,
        method=following.method,
        body=following.body,
        headers=dict(following.headers),
    )


def hints_of(visit: Visit, step: Step) -> dict[str, str]:
    """Return what the archive is to know of a page and of what is found on it.

    From these the catalog has its columns, with the way to each: see ``archive.catalog.found``.
    """
    fragment = f"#{step.lead.fragment}" if step.lead.fragment else ""
    hints = {
        "portal": visit.code,
        "portal_url": visit.portal.url,
        "family": visit.portal.family or "",
        "column": step.lead.anchor,
        "column_url": step.lead.url + fragment,
        "column_kind": "home" if step.way == "home" else step.lead.kind,
        "trail": json.dumps(step.trail, ensure_ascii=False) if step.trail else "",
        "way": step.way,
    }
    return {name: value for name, value in hints.items() if value}
