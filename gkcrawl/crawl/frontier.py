"""What of a portal to ask next: the likeliest lead first, and what is not worth asking at all.

Pure: leads go in, steps come out, and what became of a step is told. Each lead belongs to a scope:
the portal itself, or one organ on it. Once a scope's column is found, its other leads are left
alone; where several organs of one directory have shown no column, the others have none either.
What may be spent grows with what is found, so that a portal without reports costs little and one
with four hundred columns is seen whole.
"""

import heapq
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count, islice

from gkcrawl.crawl.marks import Marks, Met
from gkcrawl.crawl.steps import Step
from gkcrawl.families.addresses import folder, host_of, key
from gkcrawl.families.titles import is_beside_column, plain

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
MOST_WAITING = 4000
"""Leads that wait, the best ones, where a portal has no end; up to twice as many until the others
are forgotten."""
PATIENCE = 8
"""Organs of a directory, or parts of a column, in which nothing was found, before it is left."""
PATIENCE_PER_FIND = 3
"""Further ones for each in which something was found."""
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
    _heaps: dict[str, list[tuple[tuple[int, int, int], int, Step]]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _order: count = field(default_factory=count)  # type: ignore[type-arg]
    _tallies: dict[int, _Tally] = field(default_factory=dict)
    """By hashes, of which a portal without an end has many."""
    _found_organs: set[tuple[str, str]] = field(default_factory=set)
    """Scope around and name of the organs whose column is found."""
    _covered: set[str] = field(default_factory=set)
    """Folders above the columns that are found."""
    _folders: Counter[int] = field(default_factory=Counter)
    """Hash of a folder -> leads to organs in it."""
    _succeeded: set[str] = field(default_factory=set)
    _detours: int = 0
    _parents: int = 0
    _directories: int = 0

    def push(self, step: Step) -> bool:
        """Take in a lead; False: it was given out before, or lies too deep."""
        name = step.name
        limit = DEEPEST_ORGAN if step.scope and not step.in_column else DEEPEST
        if name in self._succeeded and step.lead.kind == "column":
            self.satisfied.add(step.scope)
        if name in self.asked or name in self._waiting:
            return False
        if step.depth > limit or step.level > DEEPEST_SCOPE:
            return False
        self._waiting.add(name)
        if step.lead.kind == "organ":
            self._folders[hash(folder(step.lead.url))] += 1
        elif step.lead.kind == "directory":
            self._directories += 1
        heap = self._heaps.setdefault(host_of(step.lead.url), [])
        heapq.heappush(heap, (step.rank, next(self._order), step))
        if len(self._waiting) > 2 * MOST_WAITING:
            self._forget_worst()
        return True

    def pop(self, busy: Collection[str] = ()) -> Step | None:
        """Return the best step to a host that is not ``busy``; None: there is none."""
        while heap := min(
            (heap for host, heap in self._heaps.items() if heap and host not in busy),
            key=lambda heap: heap[0][:2],
            default=None,
        ):
            _, _, step = heapq.heappop(heap)
            name = step.name
            self._waiting.discard(name)
            if name not in self.asked and self._is_worth(step):
                self.asked.add(name)
                self._spend(step)
                return step
        return None

    def __len__(self) -> int:
        return sum(map(len, self._heaps.values()))

    def succeeded(self, step: Step, *, whole: bool = True) -> None:
        """Note that the page of a step, or a further page of it, lists reports; not ``whole``: it
        is no column, and its list goes on, so that one may still be looked for."""
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
        self.good += 1
        if step.column:
            self._tally(step.column).good += 1
            self._cover(step.column)
        organ = step.into
        while organ is not None and (named := _named(organ)) not in self._found_organs:
            self._found_organs.add(named)
            self._tally(_source(organ)).good += 1
            organ = organ.organ

    def give_up(self, url: str) -> None:
        """Leave a column with all that it leads to: its documents turned out to be no reports. What
        seemed to be found by it is looked for again."""
        self._given_up.add(url)
        left = {step.scope for step in self._satisfying if self._is_left(step)}
        self._satisfying = [step for step in self._satisfying if not self._is_left(step)]
        self.satisfied -= left - {step.scope for step in self._satisfying}

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

    def _is_worth(self, step: Step) -> bool:
        lead = step.lead
        if self._is_left(step):
            return False
        done = step.scope in self.satisfied
        if step.in_column:
            if self.columns >= MOST_COLUMNS or (lead.doubt and done):
                return False
            return lead.kind != "branch" or self._tally(step.column).goes_on()
        if self.spent >= self.allowance + PAGES_PER_COLUMN * self.good:
            return False
        if lead.kind == "parent":
            if not done:
                return True
            # It may still lead to a directory of organs.
            near = not step.scope and lead.doubt < 2 and not is_beside_column(lead.anchor)
            return near and not self._directories and self._parents < MORE_PARENTS
        if lead.kind == "organ":
            return self._tally(_source(step)).goes_on() and not self._is_known(step)
        return True

    def _is_left(self, step: Step) -> bool:
        """Tell whether a column that was given up is the step's, or has led to it."""
        if not self._given_up:
            return False
        return any(url in self._given_up for url in (step.lead.url, *(u for _, u in step.trail)))

    def _is_known(self, step: Step) -> bool:
        """Tell whether the organ's column is found already, by another way to the same organ."""
        if _named(step) in self._found_organs:
            return True
        place = folder(step.lead.url)
        return place in self._covered and self._folders[hash(place)] == 1

    def _spend(self, step: Step) -> None:
        if step.in_column:
            self.columns += 1
            self._tally(step.column).tried += 1
            return
        self.spent += 1
        if step.lead.kind == "organ":
            self._tally(_source(step)).tried += 1
        elif step.lead.kind == "parent" and step.scope in self.satisfied:
            self._parents += 1

    def _forget_worst(self) -> None:
        """Keep the best of the leads that wait; the others may come again."""
        known = heapq.merge(*map(sorted, self._heaps.values()))
        best = list(islice(known, MOST_WAITING))
        for _, _, step in known:
            self._waiting.discard(step.name)
            if self._folders[place := hash(folder(step.lead.url))] == 1:
                del self._folders[place]
        self._heaps.clear()
        for one in best:  # in order, as a heap may be
            self._heaps.setdefault(host_of(one[2].lead.url), []).append(one)

    def _tally(self, name: str) -> _Tally:
        return self._tallies.setdefault(hash(name), _Tally())

    def _cover(self, url: str) -> None:
        place = folder(url)
        while "/" in place.rstrip("/"):
            self._covered.add(place)
            place = place.rstrip("/").rpartition("/")[0] + "/"


def _source(step: Step) -> str:
    """Return the page on which an organ's lead stood."""
    return f"organs of {step.trail[-1][1]}" if step.trail else ""


def _named(step: Step) -> tuple[str, str]:
    return step.around, plain(step.lead.anchor) or step.scope
