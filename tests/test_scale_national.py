"""The simulation of the whole country: its queues, its calendar, its world."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bench.scale.national_calendar import Country
from bench.scale.national_queues import AT_ONCE, DELAY, Outcome, Run
from bench.scale.national_records import Costs, Plan, share_out
from bench.scale.national_world import REPORTS_A_YEAR, Health, Host, hosts
from gkcrawl.portals import Portal
from gkcrawl.schedule.agenda import Unit
from gkcrawl.schedule.rules import load_rules

COSTS = Costs(lists_per_organ=1.0, finding_per_organ=2.0, pages_per_report=1.0)
NIGHTLY = Plan(requests=100_000, at_once=2)


def host(
    number: int, *, machine: str = "", health: Health = "well", status: int = 0, organs: int = 10
) -> Host:
    """Return a host that answers in about half a second."""
    name = f"host-{number:03}.gov.cn"
    portal = Portal("530111", "官渡区", f"http://{name}/")
    unit = Unit("yunnan", name, (portal,))
    return Host(unit, "county", organs, machine or name, health, status, 0.5, 0.0)


def played(*given: Host, requests: int = 20, **options: int) -> Outcome:
    work = {one.name: (one, requests) for one in given}
    return Run(work, random.Random(1), **options).go()


def test_a_host_is_asked_at_our_pace() -> None:
    outcome = played(host(1))
    assert 19 * DELAY <= outcome.ended < 20 * (DELAY + 1)
    assert (outcome.requests, outcome.stays[0].is_over) == (20, True)


def test_a_host_is_asked_at_its_own_pace() -> None:
    slow = replace(host(1), crawl_delay=30.0)
    assert 19 * 30 <= played(slow).ended < 20 * 31


def test_hosts_of_one_machine_wait_for_each_other() -> None:
    apart, together = (
        played(host(1, machine=first), host(2, machine=second))
        for first, second in (("a", "b"), ("a", "a"))
    )
    assert together.ended > 1.9 * apart.ended
    assert together.longest[0] == "a"


def test_only_so_many_requests_are_made_at_once() -> None:
    many = [host(number) for number in range(2 * AT_ONCE)]
    half = played(*many[:AT_ONCE])
    assert played(*many).ended > 1.8 * half.ended
    assert played(*many, workers=2).ended < 1.2 * half.ended


@pytest.mark.parametrize(
    ("health", "status", "tries"), [("blocked", 412, 3), ("refused", 0, 4), ("silent", 0, 7)]
)
def test_a_host_that_is_not_well_is_soon_left_in_peace(
    health: Health, status: int, tries: int
) -> None:
    outcome = played(host(1, health=health, status=status), requests=500)
    assert (outcome.requests, outcome.stays[0].answered) == (tries, 0)


def test_a_run_ends_when_its_budget_is_spent() -> None:
    outcome = played(host(1), host(2), requests=100, budget=50)
    assert outcome.is_cut
    assert sum(stay.answered for stay in outcome.stays) == 50


def test_a_coarser_grain_tells_nearly_the_same() -> None:
    given = [host(number, machine=f"m{number % 30}") for number in range(60)]
    fine, coarse = (played(*given, requests=60, grain=grain) for grain in (1, 10))
    assert coarse.ended == pytest.approx(fine.ended, rel=0.1)
    assert coarse.requests == fine.requests


def test_reports_come_out_until_the_deadlines() -> None:
    days = [share_out(date(2026, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert days == sorted(days)
    assert days[0] == 0
    assert days[-1] == 1
    assert share_out(date(2026, 1, 31)) > 0.7
    assert share_out(date(2026, 3, 31)) > 0.98


def test_in_the_season_every_host_is_visited_each_night() -> None:
    given = [host(number) for number in range(8)] + [host(99, health="blocked", status=412)]
    country = Country(given, COSTS, load_rules(), seed=1)
    country.settle(date(2026, 1, 20), years=2)
    nights = [country.night(date(2026, 1, 20) + timedelta(days=n), NIGHTLY) for n in range(7)]
    assert {night.left for night in nights} == {0}
    # A refusal is respected for three days.
    assert Counter(night.due for night in nights) == {8: 5, 9: 2}
    assert sum(night.new for night in nights) > 8 * 2
    assert all(night.again for night in nights[1:])


def test_what_was_never_visited_is_visited_once_and_then_known() -> None:
    country = Country([host(1)], COSTS, load_rules(), seed=1)
    country.past_years = 17
    nights = [country.night(date(2026, 6, 1) + timedelta(days=n), NIGHTLY) for n in range(3)]
    assert [night.new for night in nights] == [18 * 10, 0, 0]
    assert nights[0].requests == 2 + 10 * 2 + 18 * 10
    assert nights[1].due == 0


def test_a_run_that_was_cut_goes_on_the_next_night() -> None:
    given = [host(number, organs=40) for number in range(3)]
    country = Country(given, COSTS, load_rules(), seed=1)
    country.past_years = 5
    small = Plan(requests=300)
    nights = [country.night(date(2026, 6, 1) + timedelta(days=n), small) for n in range(6)]
    assert nights[0].is_cut
    assert nights[0].left
    assert sum(night.new for night in nights) == 3 * 40 * 6
    assert nights[-1].left == 0


def test_the_world_is_the_country() -> None:
    found = hosts(1)
    assert len(found) > 3200
    assert len({one.name for one in found}) == len(found)
    assert sum(one.organs for one in found) == pytest.approx(REPORTS_A_YEAR, rel=0.001)
    unwell = Counter(one.health for one in found)
    assert unwell["silent"] + unwell["refused"] == pytest.approx(len(found) * 0.048, rel=0.25)
    assert unwell["blocked"] == pytest.approx(len(found) * 0.026, rel=0.25)
    assert found == hosts(1)
    assert max(Counter(one.machine for one in found).values()) > 5
