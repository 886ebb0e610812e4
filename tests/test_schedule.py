"""When a page is due, and the rules from which that follows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.deadlines import CHINA
from archive.records import timestamp
from gkcrawl.crawl.memory import is_time_to_look
from gkcrawl.schedule import load_rules, read_rules
from gkcrawl.schedule.deciding import (
    DOCUMENTS,
    STOPPED,
    VISITED,
    Past,
    Seen,
    due,
    is_changed,
    steps,
)
from gkcrawl.schedule.histories import born
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


# What a run asks.


@pytest.mark.parametrize("page_class", ["article", "attachment", "other"])
def test_what_was_never_captured_is_due(rules: Rules, page_class: str) -> None:
    assert due(Past(page_class), NOW, rules).why == "never captured"


@pytest.mark.parametrize(
    ("outcome", "days", "expected"),
    [
        ("report", 13, False),
        ("report", 15, True),
        ("notice", 13, False),
        (None, 1, False),
        ("http_error", 0.5, False),
        ("http_error", 2, True),
        ("truncated", 2, True),
        ("blocked", 2, False),
        ("blocked", 4, True),
        ("not_found", 2, True),
    ],
)
def test_an_article_is_due_by_its_last_outcome(
    rules: Rules, outcome: str | None, days: float, expected: bool
) -> None:
    past = Past("article", [Seen(NOW - timedelta(days=days), outcome)])
    assert bool(due(past, NOW, rules)) is expected


def test_what_is_not_due_says_when_it_will_be(rules: Rules) -> None:
    answer = due(Past("article", [at("2026-05-20T00:00")]), NOW, rules)
    assert answer.next == datetime(2026, 6, 3, tzinfo=UTC)
    assert answer.why == "report on 2026-05-20, again after 14 days (first)"
    assert answer.patient


def test_the_spans_follow_from_the_shipped_file(rules: Rules) -> None:
    assert rules.classes["elsewhere"].first == timedelta(days=30)
    assert {name: wait.days for name, wait in rules.waits.items()} == {
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
        (["a"], ["first"], [14]),
        (["a", "a", "a"], ["first", "unchanged", "unchanged"], [14, 21, 31.5]),
        (["a", "b", "b"], ["first", "changed", "unchanged"], [14, 11.2, 16.8]),
        (["a", "!blocked", "a"], ["first", "blocked", "unchanged"], [14, 14, 21]),
        (["!failed", "a"], ["failed", "first"], [14, 14]),
        (["a", None, "a"], ["first", "unchanged", "unchanged"], [14, 21, 31.5]),
        (["a"] * 6, ["first"] + ["unchanged"] * 5, [14, 21, 31.5, 47.25, 60, 60]),
        (list("abababa"), ["first"] + ["changed"] * 6, [14, 11.2, 8.96, 7.168, 7, 7, 7]),
    ],
)
def test_the_span_follows_what_was_found(
    rules: Rules, captures: list[str | None], effects: list[str], spans: list[float]
) -> None:
    seen = [
        Seen(NOW, mark[1:]) if mark and mark.startswith("!") else Seen(NOW, "notice", mark)
        for mark in captures
    ]
    found = steps(Past("article", seen), rules)
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
    answer = due(Past("listing", [at(last, "navigation")]), NOW, rules)
    assert answer.next == at(following).at
    assert answer.why.endswith(why)


def test_a_refusal_is_respected_in_the_season_too(rules: Rules) -> None:
    answer = due(Past("home", [at("2026-01-10T00:00", "blocked")]), NOW, rules)
    assert answer.next == at("2026-01-13T00:00").at


def test_a_visit_that_was_stopped_is_due_at_once(rules: Rules) -> None:
    seen = [Seen(NOW - DAY, "navigation"), Seen(NOW, STOPPED)]
    assert due(Past("listing", seen), NOW, rules).next == NOW


def seen_daily(first: str, days: int, outcome: str = "report", mark: str = "a") -> list[Seen]:
    return [Seen(at(first).at + n * DAY, outcome, mark) for n in range(days)]


def test_only_fresh_documents_have_a_season(rules: Rules) -> None:
    seen, moment = [at("2026-01-10T00:00")], at("2026-01-05T00:00").at
    assert due(Past("article", seen), NOW, rules).next == at("2026-01-24T00:00").at
    answer = due(Past("article", seen, [moment]), NOW, rules)
    assert answer.next == at("2026-01-11T00:00").at
    assert answer.why == "report on 2026-01-10, fresh, in the season again after 1 day"
    assert not answer.patient
    old = at("2025-11-10T00:00").at
    assert due(Past("article", seen, [old]), NOW, rules).next == at("2026-01-24T00:00").at
    # What says of itself that it comes out next year is not fresh for a year.
    assert due(Past("article", seen, [NOW]), NOW, rules).next == at("2026-01-24T00:00").at


def test_out_of_the_season_a_fresh_document_waits_some_days(rules: Rules) -> None:
    past = Past("article", seen_daily("2026-06-01T00:00", 2), [at("2026-05-20T00:00").at])
    assert due(past, NOW, rules).next == at("2026-06-05T00:00").at


def test_a_report_that_changed_is_fresh_again(rules: Rules) -> None:
    past = Past("article", [at("2026-01-10T00:00", "report", m) for m in "aabb"])
    assert not is_changed(past, rules)
    assert due(past, NOW, rules).why.endswith("fresh, in the season again after 1 day")
    # Bytes may differ with every hit.
    past = Past("article", [at("2026-01-10T00:00", "notice", m) for m in "aabb"])
    assert due(past, NOW, rules).why.endswith("again after 25.2 days (unchanged)")


@pytest.mark.parametrize("outcome", ["report", "unrelated"])
def test_a_change_that_was_seen_once_is_looked_at_the_next_day(rules: Rules, outcome: str) -> None:
    past = Past(
        "article", [at("2026-06-01T00:00", "report", "a"), at("2026-07-01T00:00", outcome, "b")]
    )
    assert is_changed(past, rules)
    assert due(past, NOW, rules).next == at("2026-07-02T00:00").at


@pytest.mark.parametrize("outcome", ["not_found", "soft_404", "empty", "unrelated"])
def test_what_is_gone_is_tried_daily_until_that_is_certain(rules: Rules, outcome: str) -> None:
    there = [at("2026-05-01T00:00", "report", "a")]
    for days, span in ((1, 1), (2, 1), (14, 1), (15, 7), (31, 15), (200, 60)):
        past = Past("article", [*there, *seen_daily("2026-06-01T00:00", days, outcome, "b")])
        answer = due(past, NOW, rules)
        assert answer.next - past.captures[-1].at == span * DAY
        assert f"{outcome} on" in answer.why


def test_days_in_which_a_host_is_down_say_nothing_of_a_page(rules: Rules) -> None:
    gone = seen_daily("2026-06-01T00:00", 2, "not_found")
    down = seen_daily("2026-06-03T00:00", 20, "http_error")
    last = seen_daily("2026-06-23T00:00", 1, "not_found")
    there = [at("2026-05-01T00:00", "report", "a")]
    past = Past("article", [*there, *gone, *down, *last])
    assert due(past, NOW, rules).next == last[-1].at + 11 * DAY
    past = Past("article", [*there, *gone, *down])
    assert due(past, NOW, rules).next == down[-1].at + DAY


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("2026-02-03", 2025, None, None), ["2026-02-03"]),
        (("2026-02-03T10:00", 2025, None, None), ["2026-02-03"]),
        ((None, 2025, None, None), ["2026-01-01"]),
        ((None, None, None, None), []),
        (("soon", 2025, None, None), []),
        # All that a list named at first may be old; what it names later is new.
        ((None, None, "2026-02-03T00:00:00Z", "2026-02-02T22:00:00Z"), []),
        ((None, None, "2026-02-03T00:00:00Z", "2026-01-02T22:00:00Z"), ["2026-02-03"]),
    ],
)
def test_when_a_document_was_born(told: tuple[str, int, str, str], expected: list[str]) -> None:
    assert [f"{moment.astimezone(CHINA):%F}" for moment in born(*told)] == expected


SEEN = st.builds(
    Seen,
    st.datetimes(datetime(2008, 5, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    st.sampled_from([None, "report", "notice", "navigation", STOPPED, "blocked", "http_error"]),
    st.sampled_from([None, "a", "b", "c"]),
)
HISTORIES = st.lists(SEEN, max_size=30).map(lambda seen: sorted(seen, key=lambda one: one.at))


@settings(deadline=None)
@given(HISTORIES, st.sampled_from(CLASSES), st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_what_is_due_once_stays_so_and_what_is_not_will_be(
    history: list[Seen], page_class: str, later: timedelta
) -> None:
    rules = load_rules()
    now = history[-1].at if history else NOW
    answer = due(Past(page_class, history), now, rules)
    if history:
        moment = now + later
        assert bool(due(Past(page_class, history), moment, rules)) is (moment >= answer.next)
        assert due(Past(page_class, history), answer.next, rules)
    assert answer or answer.next > now


@settings(deadline=None)
@given(HISTORIES.filter(bool), st.sampled_from(CLASSES))
def test_spans_keep_to_their_bounds(history: list[Seen], page_class: str) -> None:
    rules = load_rules()
    past, waits = Past(page_class, history), rules.waits
    allowed = [rules.classes[page_class]] + [rules.fresh.span] * (page_class in DOCUMENTS)
    found = steps(past, rules)
    assert any(all(one.least <= step.span <= one.most for step in found) for one in allowed)
    last, answer = history[-1], due(past, NOW, rules)
    assert last.at <= answer.next <= last.at + max(allowed[0].most, *waits.values())
    if last.outcome == "blocked":
        assert answer.next == last.at + waits["blocked"]


@settings(deadline=None)
@given(HISTORIES.filter(bool), st.sampled_from(sorted(VISITED)))
def test_in_the_season_no_list_waits_longer_than_a_day(
    history: list[Seen], page_class: str
) -> None:
    rules = load_rules()
    last, answer = history[-1], due(Past(page_class, history), NOW, rules)
    soon = last.at + rules.season.every
    if soon.month < 4 and last.outcome not in rules.waits:
        assert answer.next <= soon


@settings(deadline=None)
@given(HISTORIES.filter(bool))
def test_more_often_unchanged_never_shortens_and_a_change_never_lengthens(
    history: list[Seen],
) -> None:
    rules = load_rules()
    before = steps(Past("other", history), rules)[-1].span
    known = [
        seen.mark for seen in history if seen.outcome in (None, "report", "notice", "navigation")
    ]
    mark = next((mark for mark in reversed(known) if mark), None)
    for outcome_mark, longer in ((mark, True), ("new", False)):
        if known:
            past = Past("other", [*history, Seen(NOW, "report", outcome_mark)])
            after = steps(past, rules)[-1].span
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
        (["run", "requests_per_host"], True, "run: field 'requests_per_host' is True, expected"),
        (["fresh", "first"], 99, "fresh: expected least <= first <= most"),
        (["fresh", "days"], None, "fresh: field 'days' is missing"),
        (["vanished", "outcomes"], "empty", "field 'outcomes' is 'empty', expected a list of"),
        (["vanished", "tries"], 0, "vanished: field 'tries' is 0, expected a whole number"),
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


def test_a_key_that_is_written_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "schedule.yml"
    path.write_text(SHIPPED.read_text("utf-8") + "\ncolumns: 10\n", "utf-8")
    with pytest.raises(ScheduleError, match="key 'columns' is written twice"):
        read_rules(path)


@pytest.mark.parametrize("text", ["", "- 1", "season: [", "\x00", "a: b: c"])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "schedule.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScheduleError, match=r"schedule\.yml"):
        read_rules(path)
