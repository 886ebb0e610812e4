"""A year of a made-up site, and what happened in it: the nasty generator of the watch's tests."""

from random import Random

from watching_world import SITE, Page, World

_QUIET = 40
"""Days after something happened to a page before the next thing does: time to confirm it."""


class Year:
    """A seeded year: what happens is noted in ``truth`` as (kind, path)."""

    def __init__(self, seed: int, pages: int = 12) -> None:
        self.random = Random(seed)
        self.world = World(
            {f"{SITE}{n}.html": Page(f"organ {n}-2024", f"text {n}") for n in range(1, pages + 1)}
        )
        self.truth: list[tuple[str, str]] = []
        self.busy: dict[str, float] = {}
        self.vanished: dict[str, float] = {}
        self.out = 0.0
        self.last = 0
        self.suspects: set[str] = set()

    def live(self, days: int = 160) -> "Year":
        """Let the days pass: something happens, then the site is visited at night."""
        self.last = days - 65
        self._visit(list(self.world.pages))
        for _ in range(days):
            self.world.wait(1)
            self._happens()
            some = self.random.sample(sorted(self.world.pages), 5)
            self._visit(sorted({*some, *self.suspects}))
        return self

    def _happens(self) -> None:
        day, random, world = self.world.day, self.random, self.world
        if self.out:
            self.out = max(0, self.out - 1)
            if not self.out:
                for url in [SITE, *world.pages]:
                    world.answers.pop(url, None)
                for url in self.vanished:
                    world.answers[url] = "not_found"
            return
        for url, since in list(self.vanished.items()):
            if day - since > 30 and random.random() < 0.1:
                del self.vanished[url], world.answers[url]
                self._note("returned", url)
        free = [url for url in sorted(world.pages) if self.busy.get(url, -_QUIET) + _QUIET <= day]
        free = [url for url in free if url not in self.vanished]
        if not free or day > self.last:
            return
        url = random.choice(free)
        page = world.pages[url]
        match random.choice(["none"] * 6 + ["number", "text", "remove", "out", "template"]):
            case "number":
                page.number = (page.number or 0) + 1
                self._note("numbers", url)
            case "text":
                page.text += " 改"
                self._note("text", url)
            case "remove":
                world.answers[url] = random.choice(["not_found", "soft_404", SITE])
                self.vanished[url] = day
                self._note("removed", url)
            case "out":
                self.out = float(random.randrange(2, 6))
                answer = random.choice(["timeout", "http_error", "blocked"])
                world.answers |= dict.fromkeys([SITE, *world.pages], answer)
                self._note("outage", SITE)
            case "template" if len(free) == len(world.pages):
                for one in world.pages.values():
                    one.template += "+"
                for one_url in world.pages:
                    self.busy[one_url] = day
                self._note("template", SITE)

    def _note(self, kind: str, url: str) -> None:
        self.truth.append((kind, url.removeprefix(SITE[:-1])))
        self.busy[url] = self.world.day

    def _visit(self, urls: list[str]) -> None:
        """Visit pages, with a glitch now and then, and those that differ once more."""
        world, random = self.world, self.random
        glitch = random.choice(urls) if random.random() < 0.2 and not self.out else None
        before = len(world.tries)
        for url in [SITE, *urls]:
            kept, answer = world.pages.get(url), world.answers.get(url)
            if url == glitch and answer is None and kept:
                self._glitch(url, kept)
            else:
                world.visit(url, home=None, run=f"run {world.day:g}")
        if len(world.tries) > before:
            self.suspects = {
                one.url for one in world.watched()[0] if one.state in ("suspect", "unreachable")
            }
        again = [url for url in urls if url in self.suspects and url not in world.answers]
        for url in again:
            world.visit(url, home=None, run=f"run {world.day:g}")

    def _glitch(self, url: str, page: Page) -> None:
        world = self.world
        match self.random.randrange(3):
            # Of what was never seen before, nobody can tell a wrong number from the right one.
            case 0 if world.day:
                world.pages[url] = Page(page.report, page.text, 999, page.template)
            case 1:
                world.pages[url] = Page(page.report, "half", None, page.template, tables=0)
            case 2:
                world.answers[url] = "soft_404"
        world.visit(url, home=None, run=f"run {world.day:g}")
        world.pages[url] = page
        world.answers.pop(url, None)
