"""A made-up host for the tests of the watch: its pages change by hand, and are visited by day.

A page says a text and numbers; digests stand for both, as they do in the catalog.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from archive.records import timestamp
from archive.watching import Differing, Event, Host, Place, Read, State, Try, watched
from archive.watching.material import host_of

START = datetime(2026, 1, 1, 15, tzinfo=UTC)
SITE = "https://www.example.gov.cn/"


@dataclass(slots=True)
class Page:
    """What a page says now."""

    report: str
    text: str = "a"
    number: int | None = 1
    template: str = "old"
    tables: int = 3
    year: int = 2024


@dataclass(slots=True)
class World:
    """Pages by address; what else an address answers; and all tries so far."""

    pages: dict[str, Page] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    """Address -> outcome, or where it leads."""
    tries: list[Try] = field(default_factory=list)
    shown: dict[str, Page] = field(default_factory=dict)
    """Id of a capture -> what it showed."""
    day: float = 0
    fetched: int = 0

    def visit(self, *urls: str, home: str | None = SITE, run: str | None = None) -> None:
        """Fetch the home page and the pages in one run."""
        run = run or f"run {self.day:g}"
        for url in ([home] if home else []) + list(urls):
            self._fetch(url, run)

    def wait(self, days: float) -> None:
        """Let days pass."""
        self.day += days

    def _fetch(self, url: str, run: str) -> None:
        for _ in range(5):
            one = self._try(url, run)
            self.tries.append(one)
            if one.outcome != "redirect":
                return
            url = one.message

    def _try(self, url: str, run: str) -> Try:
        self.fetched += 1
        at = timestamp(START + timedelta(days=self.day, seconds=self.fetched))
        answer = self.answers.get(url, "report" if url in self.pages else "navigation")
        key = f"{self.fetched:05}"
        kind = "home" if url.count("/") == 3 and url.endswith("/") else "article"
        if answer == "timeout":
            return Try(url, at, run, key, "failed", "DownloadTimeoutError", captured=False)
        if "://" in answer:
            return Try(url, at, run, key, "redirect", answer, 302, kind)
        if answer == "navigation" and kind == "article":
            answer = "not_found"
        if answer != "report":
            return Try(url, at, run, key, answer, status=200, page_class=kind, payload=answer)
        page = self.pages[url]
        self.shown[key] = Page(**{name: getattr(page, name) for name in Page.__slots__})
        cells = None if page.number is None else str(page.number)
        read = Read(page.report, page.text, cells, page.tables, url)
        payload = f"{page.template} {page.text} {page.number}"
        return Try(url, at, run, key, "report", "", 200, kind, payload=payload, read=read)

    def differ(self, before: str, after: str) -> Differing:
        """Return what differs between two captures."""
        old, new = self.shown[before], self.shown[after]
        changed = None not in (old.number, new.number) and old.number != new.number
        cell = {"table": "requests", "row": "new_requests", "column": "total"}
        pieces = {f"-{old.text}", f"+{new.text}"} if old.text != new.text else set()
        return Differing(
            cells=({**cell, "before": old.number, "after": new.number},) if changed else (),
            silent="更正" not in new.text,
            pieces=frozenset(pieces),
            is_other=old.year != new.year,
        )

    def watched(self, name: str = host_of(SITE)) -> tuple[list[State], list[Event]]:
        """Return the states and events of a host."""
        return watched(Host(name, self.tries, self._places()), self.differ)

    def states(self, name: str = host_of(SITE)) -> Mapping[str, str]:
        """Return the states of a host's pages by path."""
        return {one.url.partition(name)[2]: one.state for one in self.watched(name)[0]}

    def events(self, name: str = host_of(SITE)) -> list[tuple[str, str]]:
        """Return kind and path of what happened at a host, in order."""
        return [(one.kind, one.url.partition(name)[2]) for one in self.watched(name)[1]]

    def _places(self) -> dict[str, list[Place]]:
        found: dict[str, dict[str, Place]] = {}
        for one in self.tries:
            if one.read:
                places = found.setdefault(one.read.report_id, {})
                places.setdefault(one.url, Place(one.url, one.at, one.run_id))
        return {report: list(places.values()) for report, places in found.items()}
