"""What a visit to a portal showed, read from the archive that it left: for ``gkcrawl probe``."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from protego import Protego

from archive.catalog import Catalog
from archive.records import Failure, StoredExchange
from archive.warc import iter_exchanges, warc_files
from gkcrawl.families import Page, family
from gkcrawl.families.recognition import evidence


@dataclass(frozen=True, slots=True)
class Column:
    """A page that lists documents which were opened."""

    url: str
    anchor: str
    """What the link to it says; empty: nothing was followed to it."""
    trail: tuple[str, ...]
    """What the links say that lead to it, from the home page on."""
    entries: int
    """Rows of the pages of its list that were asked."""
    more: bool
    """Whether its list has pages that were not asked."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that was opened."""

    url: str
    anchor: str
    """What the listing called it."""
    outcome: str
    title: str | None = None
    issuer: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    """What a visit to a portal showed."""

    url: str
    family: str
    """As in a portals file; ``static`` where nothing told."""
    mark: str
    """The piece of page or address that told; empty: nothing did."""
    encoding: str | None
    """Of the first page; None: there was none."""
    robots: Mapping[str, str]
    """Host -> what its robots.txt says to us."""
    columns: tuple[Column, ...]
    opened: tuple[Opened, ...]
    troubles: tuple[str, ...]
    """What was refused, failed or is odd, a line each."""
    requests: int

    @property
    def reports(self) -> int:
        """How many of the opened documents are reports."""
        return sum(one.outcome == "report" for one in self.opened)


class Archive:
    """The pages of one visit, in the order in which they came."""

    def __init__(self, home: Path, user_agent: str) -> None:
        records = [r for path in warc_files(home / "warc") for r in iter_exchanges(path)]
        self.pages = [record for record in records if isinstance(record, StoredExchange)]
        self.failures = [record for record in records if isinstance(record, Failure)]
        self.home = home
        self.user_agent = user_agent

    def visited(self, url: str) -> Visited:
        """Return what the visit to ``url`` showed."""
        shown = [page for page in self.pages if page.capture.kind not in ("robots", "attachment")]
        marks = [evidence(page_of(stored)) for stored in shown if _is_whole(stored)]
        name, mark = next((one for one in marks if one[1]), ("static", ""))
        first = next((stored for stored in shown if _is_whole(stored)), None)
        return Visited(
            url=url,
            family=name,
            mark=" ".join(mark.split())[:80],
            encoding=page_of(first).decoded.encoding if first else None,
            robots=dict(self._robots()),
            columns=tuple(self._columns(name)),
            opened=tuple(self._opened()),
            troubles=tuple(self._troubles()),
            requests=len(self.pages) + len(self.failures),
        )

    def named(self, url: str) -> StoredExchange | None:
        """Return the page of that address, None if it was not asked or not had."""
        fits = (s for s in self.pages if s.capture.url == urldefrag(url)[0] and _is_whole(s))
        return next(fits, None)

    def _robots(self) -> Iterator[tuple[str, str]]:
        for stored in self.pages:
            if stored.capture.kind == "robots":
                parts = urlsplit(stored.capture.url)
                yield parts.netloc, _rules(stored, self.user_agent)

    def _columns(self, name: str) -> Iterator[Column]:
        listed: dict[str, list[StoredExchange]] = {}
        for stored in self.pages:
            if stored.capture.kind == "article":
                url = stored.hints.get("column_url") or stored.via or ""
                listed.setdefault(url, []).append(stored)
        for url, articles in listed.items():
            hints = articles[0].hints
            above = [words for words, _ in json.loads(hints.get("trail", "[]")) if words]
            anchor = hints.get("column", "")
            entries, more = self._listed(self._pages_of(url, articles), name)
            trail = tuple([*above, anchor] if anchor else above)
            yield Column(url, anchor, trail, entries, more)

    def _pages_of(
        self, column: str, articles: Iterable[StoredExchange]
    ) -> Iterator[StoredExchange]:
        """Yield the pages of a column's list that were had."""
        named = {one.via for one in articles}
        for stored in self.pages:
            is_list = stored.capture.kind in ("column", "listing") and _is_whole(stored)
            told = stored.hints.get("column_url")
            if is_list and (told == column or stored.capture.url in named):
                yield stored

    def _listed(self, pages: Iterable[StoredExchange], name: str) -> tuple[int, bool]:
        """Return how many rows pages of a list have, and whether there are more pages."""
        asked = {stored.capture.url for stored in self.pages}
        rows, more = 0, False
        for stored in pages:
            page = page_of(stored)
            shown = evidence(page)[0]
            listing = family(name if shown == "static" else shown).listing(page)
            rows += len(listing.entries)
            more |= any(urldefrag(following.url)[0] not in asked for following in listing.next)
        return rows, more

    def _opened(self) -> Iterator[Opened]:
        with Catalog(self.home / "catalog.db", readonly=True) as catalog:
            for stored in self.pages:
                if stored.capture.kind == "article":
                    yield _opened(stored, catalog)

    def _troubles(self) -> Iterator[str]:
        with Catalog(self.home / "catalog.db", readonly=True) as catalog:
            for stored in self.pages:
                outcome = catalog.outcome(stored.capture.id)
                if outcome in ("blocked", "http_error", "failed", "truncated", "soft_404"):
                    status = f"HTTP {stored.capture.status}"
                    yield f"{stored.capture.url}: {outcome} ({status})"
            for kind, url, message in catalog.db.execute(
                "select kind, url, message from notices order by n"
            ):
                yield f"{url}: {kind}: {message}"
        for failure in self.failures:
            yield f"{failure.url}: {failure.error}: {failure.message}"


def page_of(stored: StoredExchange) -> Page:
    """Return a stored page as the families see it."""
    return Page(stored.capture.url, stored.content, dict(stored.headers))


def describe(visited: Visited) -> Iterator[str]:
    """Yield what a visit showed, in plain words, a line each."""
    yield f"{visited.url}: {visited.requests} requests"
    for host, rules in visited.robots.items():
        yield f"robots.txt of {host}: {rules}"
    if visited.encoding:
        yield f"Encoding: {visited.encoding}"
    if visited.mark:
        yield f"Family: {visited.family}, by {visited.mark!r}"
    elif visited.encoding:
        yield "Family: none is recognised; it is read as static: rows with a link and a date"
    for column in visited.columns:
        more = ", more pages" if column.more else ""
        yield f"Column: {column.anchor or 'without a name'}, {column.entries} rows{more}"
        yield f"    {column.url}"
        if column.trail:
            yield f"    found by {' › '.join(column.trail)}"
    if not visited.columns:
        yield "Column: none was found"
    for one in visited.opened:
        what = f"{one.issuer or '?'}, {one.year or '?'}" if one.outcome == "report" else one.outcome
        yield f"Opened: {one.title or one.anchor or one.url}: {what}"
    for trouble in visited.troubles:
        yield f"Trouble: {trouble}"


def _opened(stored: StoredExchange, catalog: Catalog) -> Opened:
    capture = stored.capture
    sql = """select r.title, r.issuer, r.year from readings g join reports r on r.id = g.report_id
      where g.capture_id = ?"""
    row: Sequence[object] = catalog.db.execute(sql, [capture.id]).fetchone() or (None, None, None)
    title, issuer, year = row
    return Opened(
        url=capture.url,
        anchor=stored.hints.get("anchor", ""),
        outcome=catalog.outcome(capture.id) or "not read",
        title=str(title) if title else None,
        issuer=str(issuer) if issuer else None,
        year=int(str(year)) if year else None,
    )


def _is_whole(stored: StoredExchange) -> bool:
    return stored.capture.status == 200 and not stored.failure and not stored.truncated


def _rules(stored: StoredExchange, user_agent: str) -> str:
    """Return what a robots.txt says to us."""
    status = stored.capture.status or 0
    if status >= 500 or not status:
        return "cannot be had, so nothing is fetched"
    if status >= 400:
        return "there is none: everything is allowed"
    rules = Protego.parse(stored.content.decode("utf-8", errors="replace"))
    home = stored.capture.url.removesuffix("robots.txt")
    allowed = (
        "the home page is allowed"
        if rules.can_fetch(home, user_agent)
        else ("forbids the home page, so nothing is fetched")
    )
    delay = rules.crawl_delay(user_agent)
    return f"{allowed}, {delay:g} seconds between requests" if delay else allowed
