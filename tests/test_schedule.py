"""When a URL is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import timestamp
from gkcrawl.schedule import KEPT, LOOKED, NAVIGATION, WAITS, due, is_time_to_look

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def days_ago(days: float) -> str:
    return timestamp(NOW - timedelta(days=days))


@pytest.mark.parametrize("page_class", sorted(NAVIGATION))
def test_navigation_is_always_due(page_class: str) -> None:
    assert due(page_class, (days_ago(0), "navigation"), NOW)


@pytest.mark.parametrize("page_class", ["article", "attachment", "other"])
def test_what_was_never_captured_is_due(page_class: str) -> None:
    assert due(page_class, None, NOW).reason == "never captured"


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
    assert bool(due("article", (days_ago(days), outcome), NOW)) is expected


def test_what_is_not_due_says_when_it_will_be() -> None:
    answer = due("article", ("2026-02-20T00:00:00.000000Z", "report"), NOW)
    assert answer.next == datetime(2026, 3, 22, tzinfo=UTC)
    assert answer.reason == "report on 2026-02-20, again after 30 days"


@given(
    age=st.timedeltas(timedelta(0), timedelta(days=400)),
    outcome=st.sampled_from([None, "report", "notice", *WAITS]),
)
def test_every_article_becomes_due_once_and_stays_so(age: timedelta, outcome: str | None) -> None:
    last = (timestamp(NOW - age), outcome)
    answer = due("article", last, NOW)
    if answer.next is not None:
        assert NOW < answer.next <= NOW + KEPT
        assert due("article", last, answer.next)
    else:
        assert due("article", last, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("days", "expected"), [(0, False), (LOOKED.days - 1, False), (LOOKED.days + 1, True)]
)
def test_columns_that_are_known_are_looked_for_anew_after_months(days: int, expected: bool) -> None:
    assert is_time_to_look(days_ago(days), NOW) is expected


def test_columns_are_looked_for_where_nobody_did() -> None:
    assert is_time_to_look(None, NOW)
