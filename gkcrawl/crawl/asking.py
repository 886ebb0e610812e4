"""What a request for a page of a portal tells the archive. Pure."""

import json

from scrapy import Request

from archive.records import PageClass
from gkcrawl.crawl.responses import request_meta
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Next

# Columns before the pages that may lead to more of them.
COLUMN_FIRST = 5


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


def navigation(
    visit: Visit,
    step: Step,
    request: Request | None = None,
    page_class: PageClass | None = None,
    *,
    is_further: bool = False,
    render: str = "",
) -> Request:
    """Return the request for a step, or ``request`` for a part of it, with what the recorder is to
    know of it.

    ``is_further``: it continues the step's list; ``render``: why a browser is to ask; empty: none
    is, unless the portal always wants one.
    """
    request = request or Request(step.lead.url)
    via = step.lead.url if is_further else step.trail[-1][1] if step.trail else ""
    meta = request_meta(page_class or step.lead.page_class, hints_of(visit, step), via)
    if render or visit.portal.render:
        reason = render or "render: true in the portals file"
        meta |= {"playwright": True, "render_reason": reason}
    if via:
        request.headers.setdefault("Referer", via)
    return request.replace(
        url=visit.spellings.of(request.url),
        meta=meta,
        priority=COLUMN_FIRST if step.in_column else 0,
        # What was asked before the visit knows better; a request that is dropped silently would
        # leave it waiting.
        dont_filter=True,
    )
