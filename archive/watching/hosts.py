"""Everything about one host: the states of its pages and the events, from the tries at it. Pure."""

from collections.abc import Sequence

from archive.watching.answers import Tries
from archive.watching.contents import Contents
from archive.watching.events import Event
from archive.watching.fates import Move
from archive.watching.material import WATCHED, Differ, Host, State, Try, host_of, read_of
from archive.watching.pages import Page, Surroundings
from archive.watching.sites import outages, renames, well
from archive.watching.swaps import pairs_of, swaps
from archive.watching.telling import (
    change_events,
    move_events,
    outage_event,
    removal_events,
    rename_event,
    swap_event,
)

_FEWEST_SAME, _MOST_SAME = 3, 0.8
"""Pages of those that moved to a host, and their share, that show a layout like the old one."""


def watched(host: Host, differ: Differ) -> tuple[list[State], list[Event]]:
    """Return the states of a host's pages and what happened there, each by address or time.

    ``differ`` is asked only for pairs of captures that make an event.
    """
    tries = Tries(host.tries)
    own = {url for url in tries.by_url if host_of(url) == host.name}
    pages = [page for url, page in sorted(_walked(tries, host, own).items()) if url in own]
    moved = list(renames(tries, pages))
    swapped = swaps(pairs_of(tries.by_url[page.url] for page in pages), differ)
    as_a_whole = {move for rename in moved for move in rename.moves}
    of_template = {pair.after.id for swap in swapped for pair in swap.pairs}
    out = outages(one for page in pages for one in tries.by_url[page.url])
    events = [
        *change_events(pages, of_template, differ),
        *removal_events(pages),
        *move_events(move for page in pages for move in page.moves if move not in as_a_whole),
        *(rename_event(rename) for rename in moved),
        *(swap_event(swap) for swap in swapped),
        *(outage_event(outage) for outage in out),
    ]
    return _states(tries, pages), sorted(events, key=lambda one: (one.confirmed_at, one.id))


def _walked(tries: Tries, host: Host, own: set[str]) -> dict[str, Page]:
    """Return the pages, those first from which others took over what they say."""
    around = Surroundings(tries, well(host.tries), host.places)
    walked = {url: Page(url, around).walk(known) for url, known in tries.by_url.items()}
    moves = [move for page in walked.values() for move in page.moves if move.target in own]
    # The last that counts, or an edit that nobody confirmed would be taken for the truth.
    pairs = [
        (walked[move.url].contents[move.last_shown.rendered].known, there, move.target)
        for move in sorted(moves, key=lambda move: (move.first.at, move.url))
        if (there := _first_there(tries, move))
    ]
    same = sum(
        known is not None and read_of(known).text == read_of(there).text
        for known, there, _ in pairs
    )
    # Where most pages say what they said, one that does not was edited.
    anew = same < max(_FEWEST_SAME, _MOST_SAME * len(pairs))
    for known, _, target in pairs:
        page = Page(target, around)
        page.contents[False] = Contents(known=known, anew=anew)
        walked[target] = page.walk(tries.by_url[target])
    return walked


def _first_there(tries: Tries, move: Move) -> Try | None:
    """Return the first reading at the new address; None: there is none, or it was known while the
    old one still showed the report."""
    read = (one for one in tries.by_url.get(move.target, ()) if one.read)
    one = next(read, None)
    return one if one and one.at > move.last_shown.at else None


def _states(tries: Tries, pages: Sequence[Page]) -> list[State]:
    found = []
    for page in pages:
        page_class = tries.page_class(page.url)
        # Where a column was only looked for, there is none.
        is_guess = page_class == "column" and page.last_shown is None
        if page.last_read or (page_class in WATCHED and not is_guess):
            found.append(page.as_state(page_class or "other"))
    return [state for state in found if state is not None]
