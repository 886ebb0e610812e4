"""What was found of pages and sites, told as events. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.watching.contents import Change
from archive.watching.events import Event, EventKind, event_id
from archive.watching.fates import Move, Removal
from archive.watching.material import Differ, Differing, Try, host_of, read_of, root_of
from archive.watching.pages import Page
from archive.watching.sites import Outage, Rename
from archive.watching.swaps import Swap


@dataclass(frozen=True, slots=True)
class _Told:
    """A change with what differs."""

    change: Change
    found: Differing | None


def change_events(
    pages: Sequence[Page], of_template: Collection[str], differ: Differ
) -> Iterator[Event]:
    """Yield an event for each change of a report, be it shown on several pages of the host.

    ``of_template``: captures whose text changed with the site's template.
    """
    seen: set[tuple[object, ...]] = set()
    told = [
        _Told(change, differ(change.before.id, change.after.id))
        for page in pages
        for change in page.changes
        if change.in_cells or change.after.id not in of_template
    ]
    for one in sorted(told, key=lambda one: (one.change.after.at, one.change.after.id)):
        if one.found is not None and one.found.is_other:
            continue
        what = _what(one)
        page = (one.change.after.url, *what)
        # The same on another page (a report and its file) is the same; on this one it is another.
        nth = sum(key[: len(page)] == page for key in seen)
        key = (*what, nth)
        is_known = key in seen
        seen |= {key, (*page, nth)}
        if not is_known:
            yield _change_event(one, nth)


def _what(one: _Told) -> tuple[object, ...]:
    read = read_of(one.change.after)
    if one.found is None:
        return (read.report_id, one.change.after.id)
    cells = tuple(tuple(sorted(cell.items(), key=str)) for cell in one.found.cells)
    return (read.report_id, cells or tuple(sorted(one.found.pieces)))


def _change_event(one: _Told, nth: int) -> Event:
    change, found = one.change, one.found
    before, after = read_of(change.before), read_of(change.after)
    cells = found.cells if found else ()
    is_numbers = cells or (found is None and change.in_cells)
    kind: EventKind = "numbers" if is_numbers else "text"
    contents = (before.text, before.cells, after.text, after.cells)
    return Event(
        id=event_id(kind, after.address, *contents, nth),
        kind=kind,
        host=host_of(change.after.url),
        url=after.address,
        first_seen=change.after.at,
        confirmed_at=change.confirmed.at,
        message=_differs(found),
        report_id=after.report_id,
        capture_id=change.after.capture_id,
        capture_before=change.before.capture_id,
        cells=cells,
        silent=found.silent if found and cells else None,
    )


def _differs(found: Differing | None) -> str:
    if found is None:
        return "one of the two versions can no longer be read"
    if not found.cells:
        return "the text was changed, no number of the tables"
    first = found.cells[0]
    place = f"{first['table']}.{first['row']}.{first['column']}"
    more = len(found.cells) - 1
    others = f", {more} more cell{'s' if more > 1 else ''}" if more else ""
    word = "without a word on it" if found.silent else "and the text says so"
    return f"{place} {_value(first['before'])} -> {_value(first['after'])}{others}, {word}"


def _value(value: object) -> str:
    return "blank" if value is None else str(value)


def removal_events(pages: Sequence[Page]) -> Iterator[Event]:
    """Yield an event for each report that was removed, and for each that returned; a report that
    was taken away with its file is one."""
    removals = [
        (removal.last_shown.read.report_id, removal)
        for page in pages
        for removal in page.removals
        if removal.last_shown.read
    ]
    standing: dict[str, Removal] = {}
    for report_id, removal in sorted(removals, key=lambda two: (two[1].first.at, two[1].first.url)):
        known = standing.get(report_id)
        until = known.back.at if known and known.back_confirmed and known.back else None
        if known is None or (until is not None and removal.first.at > until):
            standing[report_id] = removal
            yield from _removal_events(removal)


def _removal_events(removal: Removal) -> Iterator[Event]:
    last, first = removal.last_shown, removal.first
    read = read_of(last)
    is_back = removal.back is not None and removal.back_confirmed is not None
    yield Event(
        id=event_id("removed", read.address, first.id),
        kind="removed",
        host=host_of(first.url),
        url=read.address,
        first_seen=first.at,
        confirmed_at=removal.confirmed.at,
        message=f"gone since {first.day}: {first.outcome}; the site is well",
        report_id=read.report_id,
        ended_at=removal.back.at if removal.back and is_back else None,
        capture_id=first.capture_id,
        capture_before=last.capture_id,
    )
    if removal.back and removal.back_confirmed:
        yield Event(
            id=event_id("returned", read.address, first.id),
            kind="returned",
            host=host_of(first.url),
            url=read.address,
            first_seen=removal.back.at,
            confirmed_at=removal.back_confirmed.at,
            message=f"was gone since {first.day}, there again",
            report_id=read.report_id,
            capture_id=removal.back.capture_id,
            capture_before=last.capture_id,
        )


def move_events(moves: Iterable[Move]) -> Iterator[Event]:
    """Yield an event for each report that moved alone."""
    for move in moves:
        read = read_of(move.last_shown)
        yield Event(
            id=event_id("moved", move.url, move.target, move.first.id),
            kind="moved",
            host=host_of(move.url),
            url=read.address,
            first_seen=move.first.at,
            confirmed_at=move.confirmed_at,
            message=f"{'leads to' if move.leads else 'gone, and now at'} {move.target}",
            report_id=read.report_id,
            capture_id=move.first.capture_id,
            capture_before=move.last_shown.capture_id,
            target=move.target,
        )


def rename_event(rename: Rename) -> Event:
    """Return the event of a site that moved as a whole."""
    pages = len(rename.moves)
    return _site_event(
        "host_moved",
        rename.root,
        rename.first,
        rename.confirmed_at,
        f"the site moved to {rename.target}, with {pages} reports so far",
        key=rename.target,
        pages=pages,
        target=rename.target,
    )


def swap_event(swap: Swap) -> Event:
    """Return the event of a site whose template was swapped."""
    pages = len(swap.pairs)
    message = f"{pages} pages look otherwise and say the same"
    root = root_of(swap.first.url)
    return _site_event("template", root, swap.first, swap.confirmed_at, message, pages=pages)


def outage_event(outage: Outage) -> Event:
    """Return the event of a host of which nothing could be had."""
    word = "refuses every page" if outage.refused else "does not answer"
    runs = "a run" if outage.runs == 1 else f"{outage.runs} runs"
    message = f"{word} ({outage.first.message or outage.first.outcome}), in {runs}"
    first, root = outage.first, root_of(outage.first.url)
    confirmed = outage.confirmed.at
    return _site_event("outage", root, first, confirmed, message, ended_at=outage.ended_at)


def _site_event(
    kind: EventKind,
    root: str,
    first: Try,
    confirmed_at: str,
    message: str,
    *,
    key: str = "",
    pages: int = 0,
    target: str | None = None,
    ended_at: str | None = None,
) -> Event:
    return Event(
        id=event_id(kind, root, key, first.id),
        kind=kind,
        host=host_of(root),
        url=root,
        first_seen=first.at,
        confirmed_at=confirmed_at,
        message=message,
        ended_at=ended_at,
        capture_id=first.capture_id,
        pages=pages,
        target=target,
    )
