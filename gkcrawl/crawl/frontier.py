"""What of a portal to ask next: the likeliest lead first, and what is not worth asking at all.

Pure: leads go in, steps come out, and what became of a step is told. Each lead belongs to a scope:
the portal itself, or one organ on it. Once a scope's column is found, its other leads are left
alone; where several organs of one directory have shown no column, the others have none either.
What leads on in a place that gives nothing waits: see ``places``.
What may be spent grows with what is found, so that a portal without reports costs little and one
with four hundred columns is seen whole.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice

from gkcrawl.crawl.marks import Marks, Met
from gkcrawl.crawl.organs import Organs
from gkcrawl.crawl.places import Places
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.waiting import Turn, Waiting
from gkcrawl.families.addresses import key
from gkcrawl.families.titles import is_beside_column

DEEPEST = 4
"""Clicks from the home page to what leads to columns, or from a column to its parts."""
DEEPEST_ORGAN = 3
"""Clicks from an organ's page to its column."""
DEEPEST_SCOPE = 2
"""Organs within organs: a township in the directory of a county in that of a city."""
FIRST_PAGES = 40
"""Pages that are asked for the way while nothing is found."""
PAGES_PER_COLUMN = 4
"""Pages that each column found allows besides: its organ's, the section's, a wrong turn."""
MOST_COLUMNS = 4000
"""Columns and parts of columns, a portal and a run."""
PATIENCE = 8
"""Organs of a directory, or parts of a column, in which nothing was found, before it is left."""
PATIENCE_PER_FIND = 3
"""Further ones for each in which something was found."""
MOST_ASIDE = 200
"""Leads that are not needed any more, and are kept for the case that they are."""
MOST_DETOURS = 20
"""Documents of a portal that turn out to be lists, and are read as such."""
MORE_PARENTS = 4
"""Sections that are still looked into for a directory when the portal's own column is found."""


@dataclass(slots=True)
class _Tally:
    tried: int = 0
    good: int = 0

    def goes_on(self) -> bool:
        return self.tried - self.good < PATIENCE + PATIENCE_PER_FIND * self.good


@dataclass(slots=True)
class Frontier:
    """The leads of one portal that were not followed yet."""

    asked: Met = field(default_factory=Marks)
    """Keys of the addresses that were given out; may be shared by all portals of a run."""
    allowance: int = field(default_factory=lambda: FIRST_PAGES)
    """Pages that are asked for the way besides those that each find allows."""
    spent: int = 0
    """Pages given out that only lead on."""
    columns: int = 0
    good: int = 0
    """Steps that brought reports."""
    satisfied: set[str] = field(default_factory=set)
    """Scopes whose column is found."""
    _satisfying: list[Step] = field(default_factory=list)
    """The columns by which they are."""
    _given_up: set[str] = field(default_factory=set)
    """Addresses of columns that turned out to be none."""
    _waiting: Waiting = field(init=False)
    _aside: dict[str, Step] = field(default_factory=dict)
    """What was left alone since its scope's column was found, by what it asks for."""
    _reconsidered: set[str] = field(default_factory=set)
    """Names of those that are taken up again all the same."""
    _places: Places = field(default_factory=Places)
    _tallies: dict[int, _Tally] = field(default_factory=dict)
    """By hashes, of which a portal without an end has many."""
    _organs: Organs = field(default_factory=Organs)
    _succeeded: set[str] = field(default_factory=set)
    _detours: int = 0
    _directories: int = 0

    def __post_init__(self) -> None:
        self._waiting = Waiting(self._turn)

    def push(self, step: Step) -> bool:
        """Take in a lead; False: it was given out before, or lies too deep."""
        name = step.name
        limit = DEEPEST_ORGAN if step.scope and not step.in_column else DEEPEST
        is_found = step.lead.kind == "column" and name in self._succeeded
        if is_found and step.scope not in self.satisfied:
            self.satisfied.add(step.scope)
            self._satisfying.append(step)
        if name in self.asked or step.depth > limit or step.level > DEEPEST_SCOPE:
            return False
        other = self._waiting.who(name)
        if other and self._is_settled(other) and not self._is_settled(step):
            # The portal does not need it any more, but an organ does.
            self._waiting.drop(name)
        if not self._waiting.push(step):
            return False
        if step.lead.kind == "organ":
            self._organs.meet(step)
        elif step.lead.kind == "directory":
            self._directories += 1
        for lost in self._waiting.forget_worst():
            self._organs.forget(lost)
        return True

    def pop(self, busy: Collection[str] = ()) -> Step | None:
        """Return the best step to a host that is not ``busy``; None: there is none."""
        while step := self._waiting.pop(busy):
            name = step.name
            if name in self.asked:
                continue
            if self._is_settled(step):
                if len(self._aside) < MOST_ASIDE:
                    self._aside[name] = step
            elif self._is_worth(step):
                self.asked.add(name)
                self._spend(step)
                return step
        return None

    def reconsider(self) -> bool:
        """Take up a few of the portal's sections again where no directory has led to the column of
        an organ: another one may stand in them. False: there are none."""
        if self._directories and self._organs:
            return False
        own = (one for one in self._aside.values() if not (one.scope or one.in_column))
        near = (one for one in own if one.lead.doubt < 2 and not is_beside_column(one.lead.anchor))
        again = list(islice(near, MORE_PARENTS))
        self._reconsidered |= {step.name for step in again}
        return sum(map(self.push, again)) > 0

    def __len__(self) -> int:
        return len(self._waiting)

    def succeeded(self, step: Step, *, whole: bool = True, new: bool = True) -> None:
        """Note that the page of a step, or a further page of it, lists reports.

        Not ``whole``: it is no column, and its list goes on, so that one may still be looked for.
        Not ``new``: another page lists the same, so that it speaks for no place.
        """
        name = step.name
        if self._is_left(step):
            return
        if whole:
            self.satisfied.add(step.scope)
        if name in self._succeeded:
            return
        if whole:
            self._satisfying.append(step)
        self._succeeded.add(name)
        organs = list(self._organs.find(step))
        if not new:
            return
        self.good += 1
        self._places.find(step.lead.url, step.came)
        if step.column:
            self._tally(step.column).good += 1
        for organ in organs:
            self._tally(_source(organ)).good += 1

    def give_up(self, url: str) -> None:
        """Leave a column with all that it leads to: its documents turned out to be no reports. What
        seemed to be found by it is looked for again."""
        self._given_up.add(url)
        left = [step for step in self._satisfying if self._is_left(step)]
        self._satisfying = [step for step in self._satisfying if not self._is_left(step)]
        self._succeeded -= {name for step in left for name in (step.name, key(step.lead.url))}
        self.satisfied -= {step.scope for step in left}
        self.satisfied |= {step.scope for step in self._satisfying}
        for step in [one for one in self._aside.values() if one.scope not in self.satisfied]:
            del self._aside[step.name]
            self.push(step)

    def look_again(self, lost: int) -> None:
        """Allow for few pages only: all columns are known but for ``lost`` ones."""
        self.allowance = FIRST_PAGES // 2 + PAGES_PER_COLUMN * lost - PAGES_PER_COLUMN * self.good

    def spend_detour(self) -> bool:
        """Tell whether one more document that is a list may be read as such, and count it."""
        self._detours += 1
        return self._detours <= MOST_DETOURS

    def stands_at(self, url: str) -> None:
        """Note to which address a column has moved: it need not be asked for under that, too."""
        self.asked.add(key(url))
        self._succeeded.add(key(url))

    def _turn(self, step: Step) -> Turn:
        """Return when it is a step's turn: the wearier of its places, the later."""
        kind, doubt, depth = step.rank
        return kind + self._places.weariness(step.lead.url, step.came), doubt, depth

    def _is_settled(self, step: Step) -> bool:
        """Tell whether a step is not needed any more, since its scope's column is found."""
        if step.scope not in self.satisfied or step.way == "home":
            return False
        if step.in_column:
            return step.lead.doubt > 0
        return step.lead.kind == "parent" and step.name not in self._reconsidered

    def _is_worth(self, step: Step) -> bool:
        lead = step.lead
        if self._is_left(step):
            return False
        if not step.known and self.good and self._places.are_left(lead.url, step.came):
            return False
        if step.in_column:
            if self.columns >= MOST_COLUMNS:
                return False
            return lead.kind != "branch" or self._tally(step.column).goes_on()
        if self.spent >= self.allowance + PAGES_PER_COLUMN * self.good:
            return False
        if lead.kind == "organ":
            return self._tally(_source(step)).goes_on() and not self._organs.are_found(step)
        return True

    def _is_left(self, step: Step) -> bool:
        """Tell whether a column that was given up is the step's, or has led to it."""
        if not self._given_up:
            return False
        return any(place.url in self._given_up for place in step.place.way())

    def _spend(self, step: Step) -> None:
        self._places.ask(step.lead.url, step.came)
        if step.in_column:
            self.columns += 1
            self._tally(step.column).tried += 1
            return
        self.spent += 1
        if step.lead.kind == "organ":
            self._tally(_source(step)).tried += 1

    def _tally(self, name: str) -> _Tally:
        return self._tallies.setdefault(hash(name), _Tally())


def _source(step: Step) -> str:
    """Return the page on which an organ's lead stood."""
    return f"organs of {step.came.url}" if step.came else ""
