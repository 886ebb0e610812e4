"""What happens in the simulated year: a seeded plan of changes, each to be found once."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from bench.scale.year_world import Doc, YearWorld, address, next_documents, renamed_host

FRESH = 58
"""Days after its publication on which a change counts as one of a fresh document."""
APART = 6
"""Days between two changes of one document."""


@dataclass(slots=True)
class Change:
    """One thing that happens, and what is to come of it."""

    day: int
    """From 0 on."""
    kind: str
    event: str | None
    """Kind of the event that must come of it; None: none may."""
    site: str
    doc: Doc | None = None
    variant: str = ""
    until: int | None = None
    """Of an outage: the first day on which the host answers again."""
    places: set[str] = field(default_factory=set)
    """Host and path, or the host, at which it is to be found."""
    is_fresh: bool = False
    """Whether its document came out not long ago."""


def happen(change: Change, world: YearWorld) -> None:
    """Let a change take place."""
    site = world.sites[change.site]
    host = urlsplit(site.url).netloc
    change.places = {host + change.doc.path} if change.doc else {host}
    _ACTS[change.kind](change, world)
    world.touch(change.site)


def _new(change: Change, world: YearWorld) -> None:
    if change.doc:
        world.docs.append(change.doc)


def _numbers(change: Change, world: YearWorld) -> None:
    if change.doc:
        change.doc.raise_requests(1 + change.day % 7)


def _announced(change: Change, world: YearWorld) -> None:
    _numbers(change, world)
    _text(change, world)


def _text(change: Change, world: YearWorld) -> None:
    if change.doc:
        change.doc.added.append(change.variant)


def _removed(change: Change, world: YearWorld) -> None:
    if change.doc:
        change.doc.answer, _, listed = change.variant.partition(" ")
        change.doc.listed = bool(listed)


def _returned(change: Change, world: YearWorld) -> None:
    if change.doc:
        change.doc.answer, change.doc.listed = "page", True


def _moved(change: Change, world: YearWorld) -> None:
    doc, host = change.doc, urlsplit(world.sites[change.site].url).netloc
    if doc is None:
        raise ValueError("a document moves")
    before, doc.path = doc.path, address(change.site, doc.published, 500000 + change.day)
    change.places.add(host + doc.path)
    if change.variant == "redirect":
        world.moved[host, before] = doc.path


def _https(change: Change, world: YearWorld) -> None:
    site = world.sites[change.site]
    world.sites[change.site] = replace(site, url=site.url.replace("http:", "https:"))


def _renamed(change: Change, world: YearWorld) -> None:
    site = world.sites[change.site]
    host = urlsplit(site.url).netloc
    world.renamed[host] = renamed_host(host)
    change.places.add(renamed_host(host))
    world.sites[change.site] = replace(site, url=site.url.replace(host, renamed_host(host)))


def _template(change: Change, world: YearWorld) -> None:
    world.swapped.add(change.site)


def _outage(change: Change, world: YearWorld) -> None:
    world.trouble[change.site] = change.variant


def _glitch(change: Change, world: YearWorld) -> None:
    if change.doc is None:
        raise ValueError("a document is shown wrongly")
    (place,) = change.places
    page = world.drawn(change.doc)
    if change.variant == "half":
        page = replace(page, text=page.text[: int(len(page.text) * 0.6)])
    elif change.variant == "error":
        text = "<html><head><title>提示信息</title></head><body>系统繁忙，请稍后再试</body></html>"
        page = replace(page, text=text)
    else:
        other = replace(change.doc, figures=_copied(change.doc.figures))
        other.raise_requests(5)
        page = world.drawn(other)
    world.once[place] = page


def _copied(figures: Mapping[str, dict[str, list[int]]]) -> dict[str, dict[str, list[int]]]:
    return {
        name: {row: list(cells) for row, cells in rows.items()} for name, rows in figures.items()
    }


_ACTS: Mapping[str, Callable[[Change, YearWorld], None]] = {
    "new": _new,
    "numbers": _numbers,
    "announced": _announced,
    "text": _text,
    "removed": _removed,
    "returned": _returned,
    "moved": _moved,
    "https": _https,
    "renamed": _renamed,
    "template": _template,
    "outage": _outage,
    "firewall": _outage,
    "glitch": _glitch,
}
# Kind -> the event that comes of it, where it is another word.
_EVENTS: Mapping[str, str | None] = {
    "announced": "numbers",
    "https": "host_moved",
    "renamed": "host_moved",
    "firewall": "outage",
    "glitch": None,
}
_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "text": ("全年共举办政府开放日活动三次。", "没有收取检索、复制、邮寄等费用。"),
    "announced": ("（本报告第三部分数据已于近日更正，特此说明。）",),
    "removed": ("not_found ", "soft_404 ", "not_found listed", "not_found "),
    "moved": ("redirect", "readdressed"),
    "glitch": ("half", "error", "number"),
}


class Planner:
    """Draws a plan for so many days from ``begin``."""

    def __init__(self, world: YearWorld, seed: int, begin: date, days: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.begin = begin
        self.days = days
        self.changes: list[Change] = []
        self._taken: dict[int, list[tuple[str, int]]] = {}
        self._shut: list[tuple[str, int, int]] = []
        """Site and days on which nothing else happens there."""

    def at_site(self, kind: str, site: str, day: int, lasting: int = 0, variant: str = "") -> None:
        """Plan something that happens to a whole site."""
        event = _EVENTS.get(kind, kind)
        until = day + lasting if lasting else None
        self.changes.append(Change(day, kind, event, site, variant=variant, until=until))
        self._shut.append((site, day - 3, day + lasting + 3))

    def new(self, site: str, number: int, day: int) -> None:
        """Plan the publication of a report on last year."""
        doc = list(next_documents(site))[number]
        doc.published = self.day(day).isoformat()
        doc.path = address(site, doc.published, 300000 + 37 * len(self.changes))
        self.changes.append(Change(day, "new", "new", site, doc, is_fresh=True))

    def documents(self, kind: str, count: int, first: int, last: int, *, fresh: float) -> None:
        """Plan something that happens to ``count`` documents from day ``first`` to ``last``; with
        the probability ``fresh`` to one that came out in the weeks before."""
        variants = _VARIANTS.get(kind, ("",))
        for n in range(count):
            is_fresh = self.random.random() < fresh
            draws = (self._draw(first, last, is_fresh) for _ in range(5000))
            fits = (one for one in draws if self._fits(kind, *one))
            doc, day = next(fits, (None, 0))
            if doc is None:
                raise ValueError(f"no room for {kind} from day {first} to {last}")
            event = _EVENTS.get(kind, kind)
            told = Change(day, kind, event, doc.site, doc, variants[n % len(variants)])
            told.is_fresh = is_fresh
            self.changes.append(told)
            self._taken.setdefault(id(doc), []).append((kind, day))

    def returns(self, count: int) -> None:
        """Let some documents that are removed come back."""
        gone = [one for one in self.changes if one.kind == "removed"][:count]
        for one in gone:
            day = one.day + 45
            self.changes.append(Change(day, "returned", "returned", one.site, one.doc))

    def day(self, number: int) -> date:
        """Return the date of a day of the plan."""
        return self.begin + timedelta(days=number)

    def _draw(self, first: int, last: int, is_fresh: bool) -> tuple[Doc, int]:
        if not is_fresh:
            return self.random.choice(self.world.docs), self.random.randint(first, last)
        born = [one for one in self.changes if one.kind == "new" and one.doc]
        one = self.random.choice(born)
        day = one.day + self.random.randint(2, FRESH - 2)
        if one.doc is None:
            raise ValueError("a report is new")
        return one.doc, day if first <= day <= last else -1

    def _fits(self, kind: str, doc: Doc, day: int) -> bool:
        """Tell whether a change can be told from all others that are planned."""
        if day < 0 or (kind in ("numbers", "announced", "glitch") and not doc.figures):
            return False
        before = self._taken.get(id(doc), [])
        ends = {"removed", "moved"}
        if any(abs(day - other) < APART or {kind, what} & ends for what, other in before):
            return False
        if before and doc in self.world.docs:
            return False
        wide = 40 if kind in ends else 0
        if any(
            doc.site == site and first - wide <= day <= last + wide
            for site, first, last in self._shut
        ):
            return False
        lasting = {"https", "renamed"} if wide else {"template"} if kind == "text" else set()
        return not any(one.site == doc.site and one.kind in lasting for one in self.changes)


def year_plan(world: YearWorld, seed: int, begin: date) -> list[Change]:
    """Return the plan of 365 days that begin in December, in order."""
    plan = Planner(world, seed, begin, 365)
    season, last = (date(begin.year + 1, 1, 1) - begin).days, 250
    end = season + 119
    for site, day in (("cxs", 205), ("rencheng", 70)):
        plan.at_site("template", site, day)
    plan.at_site("https", "kmgd", 120)
    plan.at_site("renamed", "jimo", 150)
    for site, day, lasting, how in (
        ("yunfu", 30, 1, "refusing"),
        ("puershi", 100, 20, "broken"),
        ("cxs", 45, 5, "refusing"),
        ("kmgd", 60, 2, "broken"),
        ("yunfu", 170, 12, "refusing"),
    ):
        plan.at_site("outage", site, day, lasting, how)
    for site, day in (("jimo", 50), ("puershi", 33), ("rencheng", 110)):
        plan.at_site("firewall", site, day, 1, "firewall")
    for site in world.sites:
        for number, (first, latest) in enumerate(
            ((season + 30, season + 85), (season + 5, end - 90))
        ):
            plan.new(site, number, plan.random.randint(first, latest))
    for kind, early, late in (
        ("removed", 5, 3),
        ("moved", 3, 3),
        ("numbers", 16, 8),
        ("text", 5, 3),
        ("announced", 4, 2),
        ("glitch", 8, 4),
    ):
        fresh = 0.2 if kind in ("removed", "moved", "glitch") else 0.75
        plan.documents(kind, early, season, end, fresh=fresh)
        plan.documents(kind, late, end + 1, last, fresh=0.0)
    plan.returns(3)
    return sorted(plan.changes, key=lambda one: one.day)


SAMPLE_DAYS, SAMPLE_SITES = 6, 3


def sample_plan(world: YearWorld, seed: int, begin: date) -> list[Change]:
    """Return a plan of a few days of the season, in order."""
    plan = Planner(world, seed, begin, SAMPLE_DAYS)
    first, second, third = world.sites
    plan.new(first, 0, 1)
    plan.new(first, 1, 1)
    plan.new(second, 1, 1)
    plan.at_site("outage", third, 2, 1, "refusing")
    plan.documents("numbers", 1, 3, 4, fresh=1.0)
    plan.documents("announced", 1, 3, 4, fresh=1.0)
    plan.documents("glitch", 1, 3, 4, fresh=1.0)
    return sorted(plan.changes, key=lambda one: one.day)


def ending(changes: list[Change], day: int) -> Iterator[Change]:
    """Yield the outages that are over on a day."""
    return (one for one in changes if one.until == day)
