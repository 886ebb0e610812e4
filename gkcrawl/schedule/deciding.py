"""Is a page due?  Pure: what was captured, the rules and a moment go in, an answer comes out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gkcrawl.schedule.rules import CHINA, Rules, Span

VISITED = frozenset({"home", "column", "listing", "robots"})
"""Classes of pages that lead to reports: the season and its deadlines hold for them, and every run
that comes to a portal reads them."""
STOPPED = "stopped"
"""Outcome of a visit whose run did not come to its end: it is made up for at once."""


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
class Due:
    """Whether something is to be fetched now, since or from when on, and why."""

    due: bool
    next: datetime
    """Aware; where it is due, the moment since when it is."""
    why: str

    def __bool__(self) -> bool:
        return self.due

    @property
    def reason(self) -> str:
        """The same as ``why``."""
        return self.why


@dataclass(frozen=True, slots=True)
class Step:
    """What a capture did to the span until the next one."""

    seen: Seen
    effect: str
    """``first``, ``unchanged``, ``changed``, or the outcome for which it does not count."""
    span: timedelta


def due(page_class: str, captures: Sequence[Seen], today: datetime, rules: Rules) -> Due:
    """Return whether a page of a class is due at the moment ``today`` (aware).

    ``captures``: of this page, the oldest first; empty: there is none, so it is due.
    """
    if not captures:
        return Due(True, today.astimezone(UTC), "never captured")
    last = steps(page_class, captures, rules)[-1]
    when, why = _next(page_class, last, rules)
    return Due(today >= when, when, why)


def steps(page_class: str, captures: Sequence[Seen], rules: Rules) -> list[Step]:
    """Return what each capture of a page did to its span, the oldest first."""
    return list(_steps(rules.classes[page_class], captures, rules))


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


def _next(page_class: str, last: Step, rules: Rules) -> tuple[datetime, str]:
    """Return when a page is due after its last capture, and why then."""
    at = last.seen.at.astimezone(UTC)
    told = f"{last.seen.outcome or 'captured'} on {at.astimezone(CHINA):%F}"
    if last.effect == STOPPED:
        return at, f"{told}, made up for at once"
    if last.effect in rules.waits:
        wait = rules.waits[last.effect]
        return at + wait, f"{told}, again after {in_days(wait)}"
    times = [(at + last.span, f"{told}, again after {in_days(last.span)} ({last.effect})")]
    if page_class in VISITED:
        season = rules.season
        early = season.first_from(at + season.every)
        times.append((early, f"{told}, in the season again after {in_days(season.every)}"))
        if deadline := season.after_deadline(at):
            times.append((deadline, f"{told}, again after the deadline {_day_before(deadline)}"))
    return min(times, key=lambda one: one[0])


def in_days(span: timedelta) -> str:
    """Return a span as ``30 days``, ``1 day``, ``1.5 days``."""
    days = round(span / timedelta(days=1), 1)
    return f"{days:g} day{'' if days == 1 else 's'}"


def _day_before(moment: datetime) -> str:
    return f"{(moment - timedelta(seconds=1)).astimezone(CHINA):%F}"
