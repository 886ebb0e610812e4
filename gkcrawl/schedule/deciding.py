"""Is a page due?  Pure: what was captured, the rules and a moment go in, an answer comes out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.deadlines import CHINA
from gkcrawl.schedule.rules import Rules, Span

VISITED = frozenset({"home", "column", "listing", "robots"})
"""Classes of pages that lead to reports: the season and its deadlines hold for them, and every run
that comes to a portal reads them."""
DOCUMENTS = frozenset({"article", "attachment"})
"""Classes of pages that are looked at more often while they are fresh, and tried until it is
certain that they are gone."""
STOPPED = "stopped"
"""Outcome of a visit whose run did not come to its end: it is made up for at once."""
REPORT = "report"


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture, or a visit to a portal, as far as the schedule asks."""

    at: datetime
    """Aware."""
    outcome: str | None = None
    """None: it was not read yet, which is as good as whole."""
    mark: str | None = None
    """What it brought: another mark than the whole one before is a change; None: nothing new."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a page."""

    page_class: str
    captures: Sequence[Seen] = ()
    """The oldest first."""
    births: Sequence[datetime] = ()
    """Of a document: when it was published, and when a known list first named it. Aware."""


@dataclass(frozen=True, slots=True)
class Due:
    """Whether something is to be fetched now, since or from when on, and why."""

    due: bool
    next: datetime
    """Aware; where it is due, the moment since when it is."""
    why: str
    patient: bool = False
    """Whether it can wait until its portal is visited anyway: a document that is neither fresh nor
    in question."""

    def __bool__(self) -> bool:
        return self.due


@dataclass(frozen=True, slots=True)
class Step:
    """What a capture did to the span until the next one."""

    seen: Seen
    effect: str
    """``first``, ``unchanged``, ``changed``, or the outcome for which it does not count."""
    span: timedelta


def due(past: Past, today: datetime, rules: Rules) -> Due:
    """Return whether a page is due at the moment ``today`` (aware); never captured, it is."""
    if not past.captures:
        return Due(True, today.astimezone(UTC), "never captured")
    when, why, patient = _next(past, rules)
    return Due(today >= when, when, why, patient)


def steps(past: Past, rules: Rules) -> list[Step]:
    """Return what each capture of a page did to its span, the oldest first."""
    bounds = rules.classes[past.page_class]
    found = list(_steps(bounds, past.captures, rules))
    if not _is_fresh(past, found, rules):
        return found
    return list(_steps(rules.fresh.span, past.captures, rules))


def is_changed(past: Past, rules: Rules) -> bool:
    """Tell whether the newest capture of a document that is, or was, a report shows another content
    than the whole one before it: then it is not sure what the page says."""
    if REPORT not in {seen.outcome for seen in past.captures}:
        return False  # of other pages only the bytes are known, which may change with every hit
    return steps(past, rules)[-1].effect == "changed"


def _steps(bounds: Span, captures: Sequence[Seen], rules: Rules) -> Iterator[Step]:
    span, mark, any_whole = bounds.first, None, False
    for seen in captures:
        if seen.outcome is not None and (seen.outcome == STOPPED or seen.outcome in rules.waits):
            yield Step(seen, seen.outcome, span)
            continue
        effect = "first"
        if any_whole:
            effect = "unchanged" if seen.mark in (None, mark) else "changed"
            factor = rules.unchanged if effect == "unchanged" else rules.changed
            span = min(max(span * factor, bounds.least), bounds.most)
        any_whole, mark = True, seen.mark or mark
        yield Step(seen, effect, span)


def _is_fresh(past: Past, history: Sequence[Step], rules: Rules) -> bool:
    """Tell whether a document was fresh when it was captured last."""
    if past.page_class not in DOCUMENTS or not history:
        return False
    changes = (
        step.seen.at for step in history if step.effect == "changed" and step.seen.outcome == REPORT
    )
    last = history[-1].seen.at
    return any(
        timedelta(0) <= last - moment < rules.fresh.lasting for moment in (*past.births, *changes)
    )


def _next(past: Past, rules: Rules) -> tuple[datetime, str, bool]:
    """Return when a page is due after its last capture, why then, and whether it is patient."""
    history = steps(past, rules)
    last = history[-1]
    at = last.seen.at.astimezone(UTC)
    told = f"{last.seen.outcome or 'captured'} on {at.astimezone(CHINA):%F}"
    if last.effect == STOPPED:
        return at, f"{told}, made up for at once", False
    if past.page_class in DOCUMENTS and (gone := _after_gone(past, rules)):
        return at + gone, f"{told}, again after {in_days(gone)} (gone)", False
    if last.effect in rules.waits:
        wait = rules.waits[last.effect]
        return at + wait, f"{told}, again after {in_days(wait)}", False
    return min(_times(past, history, told, rules), key=lambda one: one[0])


def _times(
    past: Past, history: Sequence[Step], told: str, rules: Rules
) -> Iterator[tuple[datetime, str, bool]]:
    """Yield every moment at which a page is due after a whole capture, why, and whether it is
    patient."""
    last, season = history[-1], rules.season
    at = last.seen.at.astimezone(UTC)
    fresh = "fresh, " if _is_fresh(past, history, rules) else ""
    settled = past.page_class in DOCUMENTS and not fresh
    yield (
        at + last.span,
        f"{told}, again after {in_days(last.span)} ({fresh}{last.effect})",
        settled,
    )
    if past.page_class in VISITED or fresh:
        early = season.first_from(at + season.every)
        yield early, f"{told}, {fresh}in the season again after {in_days(season.every)}", False
    if past.page_class in DOCUMENTS and is_changed(past, rules):
        every = rules.vanished.every
        yield at + every, f"{told}, changed, seen once: again after {in_days(every)}", False
    if past.page_class in VISITED and (deadline := season.after_deadline(at)):
        yield deadline, f"{told}, again after the deadline {_day_before(deadline)}", False


def _after_gone(past: Past, rules: Rules) -> timedelta | None:
    """Return how long a document is left alone that is not what it was; None: it is, or what ails
    it is its host's trouble."""
    law = rules.vanished
    if past.captures[-1].outcome in rules.waits.keys() - law.outcomes:
        return None
    tries = list(_gone(past, rules))
    if not tries:
        return None
    age = tries[0] - tries[-1]
    if len({at.astimezone(CHINA).date() for at in tries}) < law.tries or age < law.days:
        return law.every
    return min(max(age / 2, law.every), rules.classes[past.page_class].most)


def _gone(past: Past, rules: Rules) -> Iterator[datetime]:
    """Yield the captures since a document was last there, the newest first, but for those that say
    nothing of it."""
    was_report = REPORT in {seen.outcome for seen in past.captures}
    for seen in reversed(past.captures):
        if seen.outcome in rules.waits.keys() - rules.vanished.outcomes:
            continue
        is_there = seen.outcome in (None, REPORT, "not_modified") or not was_report
        if is_there and seen.outcome not in rules.vanished.outcomes:
            return
        yield seen.at


def in_days(span: timedelta) -> str:
    """Return a span as ``30 days``, ``1 day``, ``1.5 days``."""
    days = round(span / timedelta(days=1), 1)
    return f"{days:g} day{'' if days == 1 else 's'}"


def _day_before(moment: datetime) -> str:
    return f"{(moment - timedelta(seconds=1)).astimezone(CHINA):%F}"
