"""When a page is due, and the rules from which that follows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from archive.records import timestamp
from gkcrawl import schedule
from gkcrawl.schedule import KEPT, NAVIGATION, WAITS, is_time_to_look, load_rules, read_rules
from gkcrawl.schedule.deciding import STOPPED, VISITED, Seen, due, steps
from gkcrawl.schedule.rules import CLASSES, Rules, ScheduleError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHIPPED = ROOT / "config" / "schedule.yml"
LOOKED = 90


@pytest.fixture(scope="module")
def rules() -> Rules:
    return read_rules(SHIPPED)


def days_ago(days: float) -> str:
    return timestamp(NOW - timedelta(days=days))


def at(text: str, outcome: str = "report", mark: str | None = None) -> Seen:
    return Seen(datetime.fromisoformat(text).replace(tzinfo=UTC), outcome, mark)


# What a run that has begun asks.


@pytest.mark.parametrize("page_class", sorted(NAVIGATION))
def test_a_run_reads_navigation_always(page_class: str) -> None:
    assert schedule.due(page_class, (days_ago(0), "navigation"), NOW)


@pytest.mark.parametrize("page_class", ["article", "attachment", "other"])
def test_what_was_never_captured_is_due(page_class: str) -> None:
    assert schedule.due(page_class, None, NOW).why == "never captured"


@pytest.mark.parametrize(
    ("outcome", "days", "expected"),
    [
        ("report", 29, False),
        ("report", 31, True),
        ("notice", 29, False),
        (None, 1, False),
        ("http_error", 0.5, False),
        ("http_error", 2, True),
        ("truncated", 2, True),
        ("blocked", 2, False),
        ("blocked", 4, True),
    ],
)
def test_an_article_is_due_by_its_last_outcome(
    outcome: str | None, days: float, expected: bool
) -> None:
    assert bool(schedule.due("article", (days_ago(days), outcome), NOW)) is expected


def test_what_is_not_due_says_when_it_will_be() -> None:
    answer = schedule.due("article", ("2026-05-20T00:00:00.000000Z", "report"), NOW)
    assert answer.next == datetime(2026, 6, 19, tzinfo=UTC)
    assert answer.why == "report on 2026-05-20, again after 30 days (first)"


def test_the_spans_of_a_run_follow_from_the_shipped_file(rules: Rules) -> None:
    assert timedelta(days=30) == KEPT == rules.classes["article"].first
    assert dict(rules.waits) == WAITS
    assert {name: wait.days for name, wait in WAITS.items()} == {
        **dict.fromkeys(("http_error", "failed", "truncated", "empty", "soft_404"), 1),
        **dict.fromkeys(("not_found", "blocked"), 3),
    }


@pytest.mark.parametrize(
    ("days", "expected"), [(0, False), (LOOKED - 1, False), (LOOKED + 1, True)]
)
def test_columns_that_are_known_are_looked_for_anew_after_months(days: int, expected: bool) -> None:
    assert is_time_to_look(days_ago(days), NOW) is expected


def test_columns_are_looked_for_where_nobody_did() -> None:
    assert is_time_to_look(None, NOW)


# What a scheduled crawl asks.


@pytest.mark.parametrize(
    ("captures", "effects", "spans"),
    [
        (["a"], ["first"], [30]),
        (["a", "a", "a"], ["first", "unchanged", "unchanged"], [30, 45, 67.5]),
        (["a", "b", "b"], ["first", "changed", "unchanged"], [30, 24, 36]),
        (["a", "!blocked", "a"], ["first", "blocked", "unchanged"], [30, 30, 45]),
        (["!failed", "a"], ["failed", "first"], [30, 30]),
        (["a", None, "a"], ["first", "unchanged", "unchanged"], [30, 45, 67.5]),
        (["a"] * 7, ["first"] + ["unchanged"] * 6, [30, 45, 67.5, 101.25, 151.875, 180, 180]),
        (list("abababa"), ["first"] + ["changed"] * 6, [30, 24, 19.2, 15.36, 12.288, 10, 10]),
    ],
)
def test_the_span_follows_what_was_found(
    rules: Rules, captures: list[str | None], effects: list[str], spans: list[float]
) -> None:
    seen = [
        Seen(NOW, mark[1:]) if (mark or "").startswith("!") else Seen(NOW, "report", mark)
        for mark in captures
    ]
    found = steps("article", seen, rules)
    assert [step.effect for step in found] == effects
    assert [round(step.span / DAY, 3) for step in found] == spans


@pytest.mark.parametrize(
    ("last", "following", "why"),
    [
        # Out of the season a week after the first visit; in it the next day.
        ("2026-06-01T00:00", "2026-06-08T00:00", "again after 7 days (first)"),
        ("2026-01-10T00:00", "2026-01-11T00:00", "in the season again after 1 day"),
        # The season begins at midnight in China.
        ("2025-12-30T00:00", "2025-12-31T16:00", "in the season again after 1 day"),
        ("2026-04-30T10:00", "2026-05-07T10:00", "again after 7 days (first)"),
        # The last day of the season is a whole one.
        ("2026-04-29T10:00", "2026-04-30T10:00", "in the season again after 1 day"),
        # On the day after a deadline, were it hours after the last visit.
        ("2026-01-31T10:00", "2026-01-31T16:00", "again after the deadline 2026-01-31"),
        ("2026-03-31T15:59", "2026-03-31T16:00", "again after the deadline 2026-03-31"),
        ("2026-03-31T16:00", "2026-04-01T16:00", "in the season again after 1 day"),
    ],
)
def test_lists_follow_the_season_and_its_deadlines(
    rules: Rules, last: str, following: str, why: str
) -> None:
    answer = due("listing", [at(last, "navigation")], NOW, rules)
    assert answer.next == at(following).at
    assert answer.why.endswith(why)


def test_a_refusal_is_respected_in_the_season_too(rules: Rules) -> None:
    answer = due("home", [at("2026-01-10T00:00", "blocked")], NOW, rules)
    assert answer.next == at("2026-01-13T00:00").at


def test_a_visit_that_was_stopped_is_due_at_once(rules: Rules) -> None:
    seen = [Seen(NOW - DAY, "navigation"), Seen(NOW, STOPPED)]
    assert due("listing", seen, NOW, rules).next == NOW


def test_documents_have_no_season(rules: Rules) -> None:
    answer = due("article", [at("2026-01-10T00:00")], NOW, rules)
    assert answer.next == at("2026-02-09T00:00").at


SEEN = st.builds(
    Seen,
    st.datetimes(datetime(2008, 5, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    st.sampled_from([None, "report", "notice", "navigation", STOPPED, "blocked", "http_error"]),
    st.sampled_from([None, "a", "b", "c"]),
)
HISTORIES = st.lists(SEEN, max_size=30).map(lambda seen: sorted(seen, key=lambda one: one.at))


@given(HISTORIES, st.sampled_from(CLASSES), st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_what_is_due_once_stays_so_and_what_is_not_will_be(
    history: list[Seen], page_class: str, later: timedelta
) -> None:
    rules = load_rules()
    now = history[-1].at if history else NOW
    answer = due(page_class, history, now, rules)
    if history:
        moment = now + later
        assert bool(due(page_class, history, moment, rules)) is (moment >= answer.next)
        assert due(page_class, history, answer.next, rules)
    assert answer or answer.next > now


@given(HISTORIES.filter(bool), st.sampled_from(CLASSES))
def test_spans_keep_to_their_bounds(history: list[Seen], page_class: str) -> None:
    rules = load_rules()
    bounds, waits = rules.classes[page_class], rules.waits
    assert all(
        bounds.least <= step.span <= bounds.most for step in steps(page_class, history, rules)
    )
    last, answer = history[-1], due(page_class, history, NOW, rules)
    assert last.at <= answer.next <= last.at + max(bounds.most, *waits.values())
    if last.outcome == "blocked":
        assert answer.next == last.at + waits["blocked"]


@given(HISTORIES.filter(bool), st.sampled_from(sorted(VISITED)))
def test_in_the_season_no_list_waits_longer_than_a_day(
    history: list[Seen], page_class: str
) -> None:
    rules = load_rules()
    last, answer = history[-1], due(page_class, history, NOW, rules)
    soon = last.at + rules.season.every
    if soon.month < 4 and last.outcome not in rules.waits:
        assert answer.next <= soon


@given(HISTORIES.filter(bool))
def test_more_often_unchanged_never_shortens_and_a_change_never_lengthens(
    history: list[Seen],
) -> None:
    rules = load_rules()
    before = steps("article", history, rules)[-1].span
    known = [
        seen.mark for seen in history if seen.outcome in (None, "report", "notice", "navigation")
    ]
    mark = next((mark for mark in reversed(known) if mark), None)
    for outcome_mark, longer in ((mark, True), ("new", False)):
        if known:
            after = steps("article", [*history, Seen(NOW, "report", outcome_mark)], rules)[-1].span
            assert after >= before if longer else after <= before


# The file.


def changed(tmp_path: Path, *where: str, to: object) -> Path:
    """Return a copy of the shipped file in which one field is another."""
    raw = yaml.safe_load(SHIPPED.read_text("utf-8"))
    *path, last = where
    part = raw
    for name in path:
        part = part[name]
    if to is None:
        del part[last]
    else:
        part[last] = to
    file = tmp_path / "schedule.yml"
    file.write_text(yaml.safe_dump(raw), "utf-8")
    return file


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        (["season", "from"], "13-01", "season: field 'from' is '13-01', expected month and day"),
        (["season", "from"], "05-01", "season: expected 'from' before 'to' in one year"),
        (["season", "every"], 0, "season: field 'every' is 0, expected a number of days from 0.25"),
        (["season", "deadlines"], "01-31", "field 'deadlines' is '01-31', expected a list"),
        (["adaptive", "unchanged"], 0.5, "adaptive: field 'unchanged' is 0.5, expected a factor"),
        (["adaptive", "changed"], True, "adaptive: field 'changed' is True, expected a factor"),
        (["adaptive", "changed"], float("nan"), "field 'changed' is nan, expected a factor"),
        (["classes", "article"], None, "classes: field 'article' is missing"),
        (["classes", "artcle"], {}, "classes: field 'artcle' is unknown (known: home, column,"),
        (["classes", "home", "first"], "week", "classes, home: field 'first' is 'week', expected"),
        (["classes", "home", "first"], 99, "classes, home: expected least <= first <= most"),
        (["waits", "blocked"], -1, "field 'waits' is"),
        (["columns"], float("inf"), "field 'columns' is inf, expected a number of days"),
        (["run", "requests"], 0, "run: field 'requests' is 0, expected a whole number from 1 on"),
        (["run"], [], "field 'run' is [], expected a mapping"),
        (["season"], None, "field 'season' is missing"),
    ],
)
def test_a_mistake_names_file_field_and_what_was_expected(
    tmp_path: Path, where: list[str], value: object, told: str
) -> None:
    path = changed(tmp_path, *where, to=value)
    with pytest.raises(ScheduleError) as caught:
        read_rules(path)
    assert told in str(caught.value)
    assert all(line.startswith(str(path)) for line in str(caught.value).splitlines())


@pytest.mark.parametrize("text", ["", "- 1", "season: [", "\x00", "a: b: c"])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "schedule.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScheduleError, match=r"schedule\.yml"):
        read_rules(path)
