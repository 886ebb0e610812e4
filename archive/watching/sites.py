"""How a host as a whole is: well in a run, out for days, at another address. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from archive.watching.answers import ANSWERED, Tries, answer
from archive.watching.fates import Move
from archive.watching.material import LEADING, Try, host_of, root_of
from archive.watching.pages import Page

_BAD = frozenset({"silent", "refused", "broken"})
_FEWEST_BAD = 2
"""Tries without an answer from which a host is out: one may be the page's own trouble."""
_FEWEST_MOVES, _MOST_MOVED = 3, 0.5


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which no page of a host could be had."""

    first: Try
    confirmed: Try
    refused: bool
    """Whether it was refused, more often than there was no answer."""
    runs: int
    ended_at: str | None
    """When a page was had again; None: not yet."""


@dataclass(frozen=True, slots=True)
class Rename:
    """A site that stands at another address as a whole."""

    root: str
    target: str
    first: Try
    confirmed_at: str
    moves: tuple[Move, ...]


def well(tries: Iterable[Try]) -> frozenset[tuple[str, str]]:
    """Return the (host, run) in which a home page, a column, a list or a report was shown."""
    return frozenset(
        (host_of(one.url), one.run_id)
        for one in tries
        if answer(one) == "shown" and (one.page_class in LEADING or one.read)
    )


def outages(tries: Iterable[Try]) -> list[Outage]:
    """Return the outages of a host, the oldest first, from the tries at all its pages."""
    by_run = sorted(tries, key=lambda one: (one.run_id, one.at, one.id))
    runs = [list(group) for _, group in groupby(by_run, key=attrgetter("run_id"))]
    found: list[Outage] = []
    open_runs: list[Sequence[Try]] = []
    for run in sorted(runs, key=lambda run: (run[0].at, run[0].id)):
        good = [one for one in run if answer(one) in ANSWERED and not _is_robots(one)]
        bad = [one for one in run if answer(one) in _BAD]
        if good and open_runs:
            found.append(_outage(open_runs, good[0].at))
            open_runs = []
        elif not good and len(bad) >= _FEWEST_BAD:
            open_runs.append(bad)
    return [*found, _outage(open_runs, None)] if open_runs else found


def _outage(runs: Sequence[Sequence[Try]], ended_at: str | None) -> Outage:
    bad = [one for run in runs for one in run]
    refused = sum(answer(one) == "refused" for one in bad)
    return Outage(bad[0], bad[_FEWEST_BAD - 1], 2 * refused > len(bad), len(runs), ended_at)


def _is_robots(one: Try) -> bool:
    return one.page_class == "robots" or urlsplit(one.url).path == "/robots.txt"


def renames(tries: Tries, pages: Sequence[Page]) -> Iterator[Rename]:
    """Yield the sites among the pages' that moved as a whole: their home page leads to another
    root, or so many of their reports."""
    for root in sorted({root_of(page.url) for page in pages}):
        of_root = [page for page in pages if root_of(page.url) == root]
        moves = [move for page in of_root for move in page.moves]
        moves = [move for move in moves if root_of(move.target) != root]
        leads = list(_leads(tries, of_root, root))
        for target in sorted({root_of(move.target) for move in moves} | {to for _, to in leads}):
            there = tuple(move for move in moves if root_of(move.target) == target)
            home = [one for one, to in leads if to == target]
            if confirmed_at := _is_renamed(home, there, of_root):
                first = min([*home, *(move.first for move in there)], key=lambda one: one.at)
                yield Rename(root, target, first, confirmed_at, there)


def _leads(tries: Tries, pages: Sequence[Page], root: str) -> Iterator[tuple[Try, str]]:
    """Yield the tries at a home page that led to another root, after it was shown itself."""
    for page in pages:
        if tries.page_class(page.url) != "home":
            continue
        shown = False
        for one in tries.by_url[page.url]:
            said = answer(one)
            shown = shown or said == "shown"
            if said == "away" and shown:
                landing = tries.landing(one)
                if landing.answer == "shown" and root_of(landing.url) != root:
                    yield one, root_of(landing.url)


def _is_renamed(home: Sequence[Try], moves: Sequence[Move], pages: Sequence[Page]) -> str | None:
    """Return when it was certain that a site has moved; None: it is not."""
    told = sorted([*(one.at for one in home), *(move.confirmed_at for move in moves)])
    stayed = sum(page.last_read is not None and page.last_read.at > told[0] for page in pages)
    if home and len(told) > 1 and not stayed:
        return told[1]
    enough = max(_FEWEST_MOVES, _MOST_MOVED * (len(moves) + stayed))
    return told[_FEWEST_MOVES - 1] if len(moves) >= enough else None
