"""A column walked as the spider walks it, on a site that is a function; and the spider itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from hypothesis import settings

from gkcrawl.families import Family, Next, Page

Serve = Callable[[str, dict[str, str], dict[str, str]], str | None]
"""(path, query, form) -> body; None: there is no such page."""
MOST = 300

FEW = settings(max_examples=25, deadline=None)


@dataclass
class Walk:
    """What came of a column."""

    urls: list[str] = field(default_factory=list)
    """Rows met for the first time, in order."""
    asked: list[str] = field(default_factory=list)
    """Requests, the column's own included; a ``POST`` says so."""
    missing: list[str] = field(default_factory=list)
    """Requests for what is not there."""


def walk(reader: Family, serve: Serve, url: str) -> Walk:
    """Return what a spider meets that starts at a column: rows, requests, and errors."""
    done, known, seen = Walk(), set[str](), set[tuple[str, bytes]]()
    waiting, facts = [Next(url)], dict[str, str]()
    while waiting:
        request = waiting.pop(0)
        if (request.url, request.body) in seen:
            continue
        seen.add((request.url, request.body))
        done.asked.append(f"{request.method} {request.url}")
        assert len(done.asked) < MOST, "a pager that runs in a circle"
        body = serve(urlsplit(request.url).path, _values(request.url), _values(request))
        if body is None:
            done.missing.append(request.url)
            continue
        page = Page(request.url, body.encode(), request_body=request.body, known=facts)
        listing = reader.listing(page)
        fresh = [entry.url for entry in listing.entries if entry.url not in known]
        known.update(fresh)
        done.urls += fresh
        is_first = len(done.asked) == 1
        waiting += listing.next if fresh or is_first else listing.otherwise
    return done


def _values(request: str | Next) -> dict[str, str]:
    text = urlsplit(request).query if isinstance(request, str) else request.body.decode()
    return dict(parse_qsl(text, keep_blank_values=True))
