"""What became of pages: states, confirmed changes, removals, moves, swaps of templates, outages."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watching_fates import Year
from watching_world import SITE, Page, World

from archive.watching import Host, watched

ONE, TWO = SITE + "1.html", SITE + "2.html"


def world_of(pages: int = 1) -> World:
    """Return a world of so many pages that were visited twice."""
    world = World({f"{SITE}{n}.html": Page(f"organ {n}-2024") for n in range(1, pages + 1)})
    for _ in range(2):
        world.visit(*world.pages)
        world.wait(10)
    return world


def test_what_does_not_change_is_present() -> None:
    world = world_of()

    assert world.states() == {"/1.html": "present"}
    assert world.events() == []


def test_a_change_counts_when_a_second_fetch_shows_it() -> None:
    world = world_of()
    world.pages[ONE].number = 2
    world.visit(ONE)

    assert (world.states(), world.events()) == ({"/1.html": "suspect"}, [])

    world.visit(ONE)

    assert world.states() == {"/1.html": "changed"}
    states, (event,) = world.watched()
    assert event.kind == "numbers"
    assert event.silent is True
    assert event.cells[0] == {
        "table": "requests",
        "row": "new_requests",
        "column": "total",
        "before": 1,
        "after": 2,
    }
    assert (event.first_seen, event.first_seen < event.confirmed_at) == (states[0].since, True)
    assert event.message == "requests.new_requests.total 1 -> 2, without a word on it"
    world.wait(30)
    world.visit(ONE)
    assert world.watched()[1] == [event]


def test_words_of_a_correction_make_a_change_no_silent_one() -> None:
    world = world_of()
    world.pages[ONE] = Page("organ 1-2024", "更正：新收2件", 2)
    world.visit(ONE, ONE)

    assert [(event.kind, event.silent) for event in world.watched()[1]] == [("numbers", False)]


def test_text_alone() -> None:
    world = world_of()
    world.pages[ONE].text = "b"
    world.visit(ONE, ONE)

    assert world.events() == [("text", "/1.html")]


def test_a_glitch_is_nothing() -> None:
    world = world_of()
    world.pages[ONE].number = 7
    world.visit(ONE)
    world.pages[ONE].number = 1
    world.visit(ONE)

    assert (world.states(), world.events()) == ({"/1.html": "present"}, [])


def test_two_glitches_that_differ_are_nothing() -> None:
    world = world_of()
    for number in (7, 8, 1, 7, 1):
        world.pages[ONE].number = number
        world.visit(ONE)
        world.wait(3)

    assert (world.states(), world.events()) == ({"/1.html": "present"}, [])


def test_an_edit_and_its_undoing_are_two_changes() -> None:
    world = world_of()
    for number in (2, 1, 2):
        world.pages[ONE].number = number
        world.visit(ONE, ONE)
        world.wait(3)

    _, events = world.watched()
    assert [event.cells[0]["after"] for event in events] == [2, 1, 2]
    assert len({event.id for event in events}) == 3


def test_a_counter_in_the_text_hides_no_change_of_numbers_and_makes_none() -> None:
    world = world_of()
    for n in range(6):
        world.pages[ONE].text = f"浏览 {n}"
        world.pages[ONE].number = 2 if n > 2 else 1
        world.visit(ONE)

    assert world.events() == [("numbers", "/1.html")]


def test_half_a_page_out_of_a_cache_is_asked_for_on_another_day() -> None:
    world = world_of()
    world.pages[ONE] = Page("organ 1-2024", "half", None, tables=0)
    world.visit(ONE, ONE)

    assert (world.states(), world.events()) == ({"/1.html": "suspect"}, [])

    world.wait(1)
    world.visit(ONE)
    assert world.events() == [("text", "/1.html")]


def test_another_years_report_at_the_same_address_is_no_edit() -> None:
    world = world_of()
    world.pages[ONE] = Page("organ 1-2025", "b", 5, year=2025)
    world.visit(ONE, ONE)

    assert world.events() == []


@pytest.mark.parametrize("outcome", ["truncated", "unreadable", "original_missing", None])
def test_half_a_page_says_nothing(outcome: str | None) -> None:
    world = world_of()
    last = replace(world.tries[-1], outcome=outcome, read=None, id="x", at="2026-02-01T00:00:00Z")
    world.tries.append(last)

    assert (world.states(), world.events()) == ({"/1.html": "present"}, [])


def test_a_report_and_its_file_changed_alike_are_one_change() -> None:
    world = World({ONE: Page("organ-2024"), SITE + "1.docx": Page("organ-2024", "of the file")})
    for number in (1, 2, 2, 1, 1):
        for page in world.pages.values():
            page.number = number
        world.visit(*world.pages)
        world.wait(1)

    assert world.events() == [("numbers", "/1.html"), ("numbers", "/1.html")]


# Removals


def gone_for(world: World, *days: int, answer: str = "not_found", home: str | None = SITE) -> None:
    """Let the first page be gone, and visit it on these days."""
    world.answers[ONE] = answer
    start = world.day
    for day in days:
        world.day = start + day
        world.visit(ONE, home=home)


@pytest.mark.parametrize("answer", ["not_found", "soft_404", "empty", "listing", SITE])
def test_removed_after_three_days_in_two_weeks(answer: str) -> None:
    world = world_of()
    gone_for(world, 0, 1, 13, answer=answer)
    assert (world.states(), world.events()) == ({"/1.html": "suspect"}, [])

    gone_for(world, 1)
    assert (world.states(), world.events()) == ({"/1.html": "removed"}, [("removed", "/1.html")])
    (state,), (event,) = world.watched()
    assert state.since == event.first_seen
    assert state.tries == 4
    assert state.checked_at == event.confirmed_at
    assert event.capture_before == "00004"
    gone_for(world, 3, 20)
    assert world.watched()[1] == [event]


def test_three_tries_are_on_three_days() -> None:
    world = world_of()
    gone_for(world, 0, 0, 14)

    assert (world.states(), world.events()) == ({"/1.html": "suspect"}, [])


def test_where_the_site_is_not_well_nothing_is_removed() -> None:
    world = world_of()
    world.answers[SITE] = "http_error"
    gone_for(world, 0, 7, 14, 21)

    assert (world.states(), world.events()) == ({"/1.html": "suspect"}, [])


@pytest.mark.parametrize(
    ("answer", "state"),
    [("blocked", "blocked"), ("http_error", "unreachable"), ("timeout", "unreachable")],
)
def test_a_refusal_or_silence_never_means_removed(answer: str, state: str) -> None:
    world = world_of()
    gone_for(world, 0, 7, 14, 21, 28, answer=answer)

    assert (world.states(), world.events()) == ({"/1.html": state}, [])


def test_a_page_that_was_never_there_is_not_removed() -> None:
    world = World()
    gone_for(world, 0, 7, 14, 21)

    assert (world.states(), world.events()) == ({"/1.html": "suspect"}, [])


def test_an_outage_between_does_not_count_and_does_not_hinder() -> None:
    world = world_of()
    gone_for(world, 0, 1)
    gone_for(world, 3, 9, answer="timeout")
    gone_for(world, 10)

    assert world.events() == [("removed", "/1.html")]


def test_returned() -> None:
    world = world_of()
    gone_for(world, 0, 7, 14)
    world.wait(5)
    del world.answers[ONE]
    world.visit(ONE)

    assert world.states() == {"/1.html": "returned"}
    removed, returned = world.watched()[1]
    assert (removed.kind, returned.kind) == ("removed", "returned")
    assert removed.ended_at == returned.first_seen


def test_returned_with_other_numbers_is_asked_for_twice() -> None:
    world = world_of()
    gone_for(world, 0, 7, 14)
    world.wait(5)
    del world.answers[ONE]
    world.pages[ONE] = Page("organ 1-2024", "b", 2)
    world.visit(ONE)
    assert world.events() == [("removed", "/1.html")]

    world.visit(ONE)
    assert world.events() == [
        ("removed", "/1.html"),
        ("numbers", "/1.html"),
        ("returned", "/1.html"),
    ] or sorted(world.events()) == [
        ("numbers", "/1.html"),
        ("removed", "/1.html"),
        ("returned", "/1.html"),
    ]


def test_a_report_taken_away_with_its_file_is_one_removal() -> None:
    world = World({ONE: Page("organ-2024"), SITE + "1.pdf": Page("organ-2024")})
    world.visit(*world.pages)
    world.answers = dict.fromkeys(world.pages, "not_found")
    for days in (1, 7, 7, 3):
        world.wait(days)
        world.visit(*world.pages)

    assert world.events() == [("removed", "/1.html")]


# Moves


def test_moved_by_a_redirect() -> None:
    world = world_of()
    world.answers[ONE] = SITE + "new/1.html"
    world.pages[SITE + "new/1.html"] = world.pages.pop(ONE)
    world.visit(ONE)

    assert world.states() == {"/1.html": "moved", "/new/1.html": "present"}
    assert world.events() == [("moved", "/1.html")]
    assert world.watched()[1][0].target == SITE + "new/1.html"


def test_moved_without_a_redirect() -> None:
    world = world_of()
    new = SITE + "new/1.html"
    world.pages[new] = world.pages.pop(ONE)
    world.visit(new, ONE)
    assert world.events() == []

    world.wait(1)
    world.visit(ONE)
    assert world.states() == {"/1.html": "moved", "/new/1.html": "present"}
    assert world.events() == [("moved", "/1.html")]
    for _ in range(5):
        world.wait(5)
        world.visit(ONE, new)
    assert world.events() == [("moved", "/1.html")]


def test_a_copy_that_was_there_before_is_no_move() -> None:
    world = World({ONE: Page("organ-2024"), TWO: Page("organ-2024")})
    world.visit(*world.pages)
    gone_for(world, 1, 8, 16)

    assert world.events() == [("removed", "/1.html")]


def test_what_is_edited_on_the_way_is_compared_with_what_stood_at_the_old_address() -> None:
    world = world_of()
    new = SITE + "new/1.html"
    world.answers[ONE] = new
    world.pages[new] = Page("organ 1-2024", "other words", 2)
    world.visit(ONE)
    world.visit(new)

    assert sorted(world.events()) == [("moved", "/1.html"), ("numbers", "/new/1.html")]


@pytest.mark.parametrize("root", ["http://www.example.gov.cn/", "https://old.example.gov.cn/"])
def test_a_site_that_moves_as_a_whole_is_one_event(root: str) -> None:
    host = root.split("/")[2]
    world = World({f"{root}{n}.html": Page(f"organ {n}-2024") for n in range(1, 7)})
    old = list(world.pages)
    for _ in range(2):
        world.visit(*old, home=root)
        world.wait(3)
    for url in old:
        world.answers[url] = url.replace(root, SITE)
        world.pages[url.replace(root, SITE)] = world.pages.pop(url)
    world.answers[root] = SITE
    world.visit(*old[:4], home=root)

    assert [event.kind for event in world.watched(host)[1]] == ["host_moved"]
    for _ in range(4):
        world.wait(7)
        world.visit(*old, home=root)
    (event,) = world.watched(host)[1]
    assert (event.url, event.target, event.pages) == (root, SITE, 6)
    states = {one.url: one.state for one in world.watched(host)[0]}
    assert {states[url] for url in old} == {"moved"}
    if host != "www.example.gov.cn":
        assert world.events() == []


@pytest.mark.parametrize(("others", "found"), [("a", ["text"]), ("laid out anew", [])])
def test_an_edit_before_a_site_moved_is_told_where_the_other_pages_say_what_they_said(
    others: str, found: list[str]
) -> None:
    root = "http://www.example.gov.cn/"
    world = World({f"{root}{n}.html": Page(f"organ {n}-2024") for n in range(1, 7)})
    old = list(world.pages)
    for _ in range(2):
        world.visit(*old, home=root)
        world.wait(3)
    for url in old:
        world.answers[url] = url.replace(root, SITE)
        world.pages[url.replace(root, SITE)] = Page(world.pages.pop(url).report, others)
    world.pages[SITE + "1.html"].text = "a, and a sentence more"
    world.answers[root] = SITE
    for _ in range(3):
        world.visit(*old, home=root)
        world.wait(3)

    events = [event for event in world.events() if event[0] != "host_moved"]
    assert [kind for kind, _ in events] == found


@pytest.mark.parametrize(
    "location",
    ["http://[bad", "http://", "", "javascript:alert(1)", "https://\u2100.gov.cn/", "#a"],
)
def test_a_redirect_to_what_is_no_address_says_nothing(location: str) -> None:
    world = world_of()
    last = replace(world.tries[-1], outcome="redirect", message=location, read=None, id="x")
    for day in (1, 8, 16):
        world.tries.append(replace(last, id=f"x{day}", at=f"2026-02-{day:02}T00:00:00Z"))

    assert (world.states(), world.events()) == ({"/1.html": "present"}, [])


# Templates


def test_a_swap_of_the_template_is_one_event() -> None:
    world = world_of(8)
    for page in world.pages.values():
        page.template = "new"
    world.visit(*list(world.pages)[:5])
    world.wait(20)
    world.visit(*world.pages)
    world.wait(20)
    world.visit(*world.pages)

    (event,) = world.watched()[1]
    assert (event.kind, event.pages, event.url) == ("template", 8, SITE)


def test_texts_that_change_alike_with_the_template_are_the_template() -> None:
    world = world_of(6)
    for page in world.pages.values():
        page.template, page.text = "new", "首页 > 政府信息公开"
    for _ in range(2):
        world.visit(*world.pages)

    assert world.events() == [("template", "/")]


def test_a_page_that_was_once_shown_wrongly_on_the_day_of_a_swap_is_one_of_it() -> None:
    world = world_of(6)
    for page in world.pages.values():
        page.template, page.text = "new", "首页 > 政府信息公开"
    world.pages[ONE].text = "half of it"
    world.visit(*world.pages, run="of the swap")
    world.pages[ONE].text = "首页 > 政府信息公开"
    world.visit(ONE, run="of the swap")
    world.wait(1)
    world.visit(*world.pages)

    (event,) = world.watched()[1]
    assert (event.kind, event.pages) == ("template", 6)


def test_an_edit_on_the_day_of_a_swap_is_told_too() -> None:
    world = world_of(6)
    for page in world.pages.values():
        page.template = "new"
    world.pages[ONE].number = 9
    world.pages[TWO].text = "something quite different, that this page alone says"
    for _ in range(2):
        world.visit(*world.pages)

    assert sorted(world.events()) == [
        ("numbers", "/1.html"),
        ("template", "/"),
        ("text", "/2.html"),
    ]


def test_pages_that_differ_each_time_show_no_swap() -> None:
    world = world_of(6)
    for n in range(5):
        for page in world.pages.values():
            page.template = f"token {n}"
        world.visit(*world.pages)
        world.wait(2)

    assert world.events() == []


# Outages


@pytest.mark.parametrize("answer", ["timeout", "http_error", "blocked", "truncated"])
def test_an_outage_is_one_event_and_ends(answer: str) -> None:
    world = world_of(3)
    world.answers = dict.fromkeys([*world.pages, SITE], answer)
    for _ in range(3):
        world.visit(*world.pages)
        world.wait(1)
    (event,) = world.watched()[1]
    assert (event.kind, event.url, event.ended_at) == ("outage", SITE, None)

    world.answers = {}
    world.visit(*world.pages)
    (ended,) = world.watched()[1]
    assert ended.id == event.id
    assert ended.ended_at is not None
    assert set(world.states().values()) == {"present"}


def test_one_page_that_fails_is_no_outage() -> None:
    world = world_of(3)
    world.answers[ONE] = "timeout"
    world.visit(*world.pages)

    assert world.events() == []


# All of it


@given(st.integers(0, 10**6))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    world = world_of(4)
    random = Random(seed)
    for _ in range(12):
        page = random.choice(list(world.pages))
        choice = random.randrange(6)
        if choice == 0:
            world.pages[page].number = random.randrange(3)
        elif choice == 1:
            world.answers[page] = random.choice(["not_found", "timeout", "blocked", SITE])
        elif choice == 2:
            world.answers.pop(page, None)
        world.visit(*random.sample(list(world.pages), 3))
        world.wait(random.choice([0, 1, 5, 9]))
    shuffled = random.sample(world.tries, len(world.tries))
    host = Host("www.example.gov.cn", shuffled, world._places())

    assert watched(host, world.differ) == world.watched()


@pytest.mark.parametrize("seed", range(3))
def test_in_a_made_up_year_all_that_happens_is_told_once_and_nothing_else(seed: int) -> None:
    year = Year(seed).live(120)

    assert year.truth
    assert sorted(year.world.events()) == sorted(year.truth)
