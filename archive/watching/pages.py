"""The life of one page: its state, and what was confirmed of it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from archive.watching.answers import Answer, Landing, Tries, answer
from archive.watching.contents import Change, Contents, same_report
from archive.watching.fates import Move, Removal
from archive.watching.material import Place, State, StateName, Try, host_of

FEWEST_TRIES, FEWEST_DAYS = 3, timedelta(days=14)
"""A page is removed when so many tries, each on a day of its own, over so many days found it gone,
and the site answered well each time. (EDGI calls a page removed after two weeks of 404.)"""
_FILES = (".doc", ".docx", ".wps", ".pdf", ".ofd", ".xls", ".xlsx", ".rtf", ".zip", ".rar")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the fate of a page depends on beside its own tries."""

    tries: Tries
    well: frozenset[tuple[str, str]]
    """(host, run): the site's home or columns answered well."""
    places: Mapping[str, Sequence[Place]]


@dataclass(slots=True)
class Page:
    """One page, as far as its tries were walked."""

    url: str
    around: Surroundings
    contents: dict[bool, Contents] = field(default_factory=dict)
    """Whether a browser showed it -> what it says."""
    changes: list[Change] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    last_shown: Try | None = None
    last_read: Try | None = None
    """The newest that showed a report."""
    state: StateName = "suspect"
    since: str = ""
    tries: int = 0
    evidence: str = ""
    target: str | None = None
    shown_by: Try | None = None
    """The newest try that shows the state."""
    checked: Try | None = None
    standing: tuple[StateName, str | None] = ("present", None)
    """What it is while it is shown, and since when."""
    gone: list[Try] = field(default_factory=list)
    """Tries since it was shown last that found it gone while the site was well."""
    missed: list[Try] = field(default_factory=list)
    """The same, however the site was."""

    def walk(self, tries: Sequence[Try]) -> "Page":
        """Take in the tries, oldest first; return the page."""
        for one in tries:
            self.checked = one
            landing = Landing(answer(one), self.url, one)
            if landing.answer == "away":
                landing = self.around.tries.landing(one)
            if landing.answer == "shown" and landing.url != self.url:
                self._led_on(one, landing)
            elif take := _TAKE.get(landing.answer):
                take(self, one, landing)
        return self

    def as_state(self, page_class: str) -> State | None:
        """Return the row of ``states``; None where nothing was told of the page yet."""
        if self.checked is None or not self.since:
            return None
        read = self.last_read.read if self.last_read else None
        return State(
            url=self.url,
            host=host_of(self.url),
            kind=page_class,
            state=self.state,
            since=self.since,
            checked_at=self.checked.at,
            tries=self.tries,
            report_id=read.report_id if read else None,
            capture_id=self.shown_by.capture_id if self.shown_by else None,
            target=self.target,
            evidence=self.evidence,
        )

    @property
    def removed(self) -> Removal | None:
        """Return the removal that still stands."""
        last = self.removals[-1] if self.removals else None
        return last if last and last.back_confirmed is None else None

    def is_so(self, state: StateName, one: Try, evidence: str, since: str | None = None) -> None:
        """Note that a try shows a state, that began then or, where not told, with it."""
        if state != self.state or not self.since:
            self.state, self.since, self.tries = state, one.at, 0
        self.since = since or self.since
        self.tries += 1
        self.shown_by, self.evidence = one, evidence

    def _shown(self, one: Try, landing: Landing) -> None:
        self.target = None
        repeats = one.outcome == "not_modified"
        if self.last_read and not (one.read or repeats):
            self._other(one, landing)
        elif self.removed and not self._is_back(self.removed, one):
            self.is_so("suspect", one, "shown again once")
        else:
            self._is_there(one)

    def _is_there(self, one: Try) -> None:
        self.gone.clear()
        self.missed.clear()
        self.last_shown = one
        contents = self.contents.setdefault(one.rendered, Contents())
        if one.read:
            self.last_read = one
            change = contents.take(one)
        else:
            change = contents.repeat(one)
        if change:
            self.changes.append(change)
            self.standing = ("changed", change.after.at)
        if contents.pending:
            self.is_so("suspect", one, "differs", contents.pending.at)
            return
        self.is_so(self.standing[0], one, one.outcome or "", self.standing[1])
        self.standing = (self.state, self.since)

    def _is_back(self, removal: Removal, one: Try) -> bool:
        """Return whether a removed page has returned: it says what it said, or is shown twice."""
        first = removal.back
        removal.back = first or one
        before = removal.last_shown.read
        as_before = one.read and before and one.read.text == before.text
        if not (first or as_before):
            return False
        removal.back_confirmed = one
        self.standing = ("returned", removal.back.at)
        if first and first.read:
            self.contents.setdefault(first.rendered, Contents()).take(first)
        return True

    def _led_on(self, one: Try, landing: Landing) -> None:
        """The address leads to another one, where something is shown."""
        there = landing.last.read if landing.last else None
        before = self.last_read.read if self.last_read else None
        if before is None:
            self.target = landing.url
            self.is_so("moved", one, "leads on")
        elif there is not None and same_report(there, before):
            self._moved(one, landing.url, one.at, leads=True)
        else:
            self._vanished(one, landing)

    def _moved(self, one: Try, target: str, confirmed_at: str, *, leads: bool) -> None:
        assert self.last_read is not None, "only what was read moves"
        if self.state != "moved" or self.target != target:
            first = one if leads else self.missed[0]
            self.moves.append(Move(self.url, target, first, confirmed_at, self.last_read, leads))
        self.target = target
        self.is_so("moved", one, "leads on" if leads else "stands elsewhere")

    def _vanished(self, one: Try, landing: Landing) -> None:
        """The address answers, and the page is not there."""
        leads = landing.url != self.url
        evidence = "leads away" if leads else one.outcome or ""
        if removal := self.removed:
            removal.back = None
            self.target = landing.url if leads else None
            self.is_so("removed", one, evidence, removal.first.at)
            return
        self.missed.append(one)
        if (host_of(self.url), one.run_id) in self.around.well:
            self.gone.append(one)
        if place := self._elsewhere():
            self._moved(one, place.url, max(one.at, place.first_seen), leads=False)
            return
        self.target = landing.url if leads else None
        if self.last_shown and _is_enough(self.gone):
            self.removals.append(Removal(self.gone[0], one, self.last_read or self.last_shown))
            self.is_so("removed", one, evidence, self.gone[0].at)
            self.tries = len(self.gone)
        else:
            self.is_so("suspect", one, evidence, self.missed[0].at)
            self.tries = len(self.missed)

    def _elsewhere(self) -> Place | None:
        """Return where the report appeared after it was seen here last, when it is missed twice."""
        last = self.last_read
        if last is None or last.read is None or len(self.missed) < 2:
            return None
        is_file = _is_file(self.url)
        found = (
            place
            for place in self.around.places.get(last.read.report_id, ())
            if place.url not in (self.url, last.read.address)
            and place.first_seen > last.at
            and place.run_id != last.run_id
            and _is_file(place.url) == is_file
        )
        return min(found, key=lambda place: (place.first_seen, place.url), default=None)

    def _emptied(self, one: Try, landing: Landing) -> None:
        """Something else stands in its place; of what never was a report, that is what it is."""
        if self.last_read:
            self._vanished(one, landing)
        else:
            self._is_there(one)

    def _other(self, one: Try, landing: Landing) -> None:
        """What was a report is read as none, which proves nothing."""
        if self.last_read and not self.removed:
            self.is_so("suspect", one, one.outcome or "")
        elif not self.last_read:
            self._is_there(one)

    def _refused(self, one: Try, landing: Landing) -> None:
        self._out("blocked", one)

    def _silent(self, one: Try, landing: Landing) -> None:
        self._out("unreachable", one)

    def _out(self, state: StateName, one: Try) -> None:
        """Nothing is told of the page; what is settled stays."""
        if self.state not in ("removed", "moved"):
            self.is_so(state, one, one.message or one.outcome or "")


# Half a page (``broken``), or one not read yet (``unclear``), says nothing.
_TAKE: Mapping[Answer, Callable[[Page, Try, Landing], None]] = {
    "shown": Page._shown,
    "other": Page._other,
    "emptied": Page._emptied,
    "gone": Page._vanished,
    "refused": Page._refused,
    "silent": Page._silent,
}


def _is_enough(gone: Sequence[Try]) -> bool:
    days = {one.day for one in gone}
    return len(days) >= FEWEST_TRIES and max(days) - min(days) >= FEWEST_DAYS


def _is_file(url: str) -> bool:
    return url.lower().partition("?")[0].endswith(_FILES)
