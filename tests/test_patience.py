"""Places that give nothing: what belongs to one, how long they wait, when they are left."""

import pytest

from gkcrawl.crawl import places as module
from gkcrawl.crawl.frontier import FIRST_PAGES, Frontier
from gkcrawl.crawl.places import (
    PATIENCE,
    PATIENCE_PER_FIND,
    Place,
    Places,
    place_at,
    shape,
)
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.waiting import Waiting
from gkcrawl.families import Lead
from gkcrawl.families.discovery import Kind

HOME = "http://www.x.gov.cn/"


def lead(path: str, kind: Kind = "organ", anchor: str = "财政局", doubt: int = 0) -> Lead:
    return Lead(HOME + path, anchor, kind, doubt=doubt)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rili/2024/01/15/", "rili/2023/7/2/"),
        ("rili/20240115.html", "rili/20230702.html"),
        ("chaxun?a=1&b=2", "chaxun?b=7&a=&c=3"),
        ("x/x/", "x/x/x/x/"),
        ("bm/zfxxgk/bm/", "bm/zfxxgk/bm/zfxxgk/"),
        ("(S(lit3py55t21z5v55vlm25s55))/bm/", "(S(0a37cf75a0b3))/bm/"),
        ("biaoqian/财政/", "biaoqian/%E6%95%99%E8%82%B2/"),
        ("col/col12377/index.html", "col/col5/"),
    ],
)
def test_addresses_of_one_shape(one: str, other: str) -> None:
    assert shape(HOME + one) == shape(HOME + other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bm/czj/", "bm/jyj/"),
        ("chaxun", "chaxun?a=1"),
        ("bm/", "bm/nb/"),
        ("a/b/", "b/a/"),
    ],
)
def test_addresses_of_different_shapes(one: str, other: str) -> None:
    assert shape(HOME + one) != shape(HOME + other)


def test_the_way_to_a_place_is_told_from_its_beginning() -> None:
    trail = (("", HOME), ("政府信息公开", f"{HOME}zfxxgk/"))
    one = Step(lead("nb/", "column"), came=place_at(trail))
    assert one.trail == trail
    assert one.follow(lead("nb/2024/", "branch", "2024年")).trail == (
        *trail,
        ("财政局", f"{HOME}nb/"),
    )
    assert place_at(()) is None


def test_a_place_waits_longer_each_time_its_fruitless_pages_have_doubled() -> None:
    places = Places()
    waits = []
    for day in range(16):
        waits.append(places.weariness(f"{HOME}rili/?d={day}", None))
        places.ask(f"{HOME}rili/?d={day}", None)
    assert waits == [0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]


def test_a_column_speaks_for_all_that_led_to_it() -> None:
    home = Place("", HOME)
    organs = Place("部门", f"{HOME}bm/", home)
    organ = Place("财政局", f"{HOME}bm/1/", organs)
    places = Places()
    for number in range(8):
        places.ask(f"{HOME}bm/{number}/", organs)
    assert places.weariness(f"{HOME}bm/9/", organs) == 8
    places.find(f"{HOME}bm/1/nb/", organ)
    assert places.weariness(f"{HOME}bm/9/", organs) == 0
    for number in range(PATIENCE + PATIENCE_PER_FIND - 1):
        places.ask(f"{HOME}bm/{number}/", organs)
    assert not places.are_left(f"{HOME}bm/9/", organs)
    places.ask(f"{HOME}bm/9/", organs)
    assert places.are_left(f"{HOME}bm/10/", organs)
    assert not places.are_left(f"{HOME}zfxxgk/", home)


def test_where_nothing_else_is_found_nothing_is_left_before_the_portal_is() -> None:
    frontier = Frontier()
    for day in range(100):
        frontier.push(Step(lead(f"rili/?d={day}", "parent", "政府信息公开")))
    asked = 0
    while frontier.pop():
        asked += 1
    assert asked == FIRST_PAGES


def test_the_shapes_of_a_portal_without_an_end_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_SHAPES", 50)
    places = Places()
    for number in range(200):
        places.ask(
            f"{HOME}{'abcdefghij'[number % 10]}{chr(97 + number // 10 % 26)}/{number}x/", None
        )
        places.weariness(f"{HOME}{number:b}".translate({48: "a", 49: "b"}), None)
    assert len(places._shapes) <= 50


def test_whose_turn_has_become_later_waits() -> None:
    turns = {"a": 1, "b": 2}
    waiting = Waiting(lambda step: (turns[step.lead.anchor], 0, 0))
    a, b = (Step(lead(f"{name}/", anchor=name)) for name in "ab")
    assert waiting.push(a)
    assert waiting.push(b)
    turns["a"] = 3
    assert [waiting.pop(), waiting.pop(), waiting.pop()] == [b, a, None]


def test_what_comes_again_by_a_better_way_takes_its_place() -> None:
    turns = {"often": 5, "seldom": 1}
    waiting = Waiting(lambda step: (turns[step.lead.anchor], 0, 0))
    first, better, worse = (Step(lead("a/", anchor=name)) for name in ("often", "seldom", "often"))
    assert [waiting.push(one) for one in (first, better, worse)] == [True, True, False]
    assert len(waiting) == 1
    assert [waiting.pop(), waiting.pop()] == [better, None]


def test_what_was_set_aside_for_a_column_that_is_none_comes_again() -> None:
    frontier = Frontier()
    bogus = Step(lead("gongzuo/", "column", "政府信息公开年报"))
    frontier.push(bogus)
    assert frontier.pop() is bogus
    frontier.succeeded(bogus)
    section = Step(lead("zfxxgk/", "parent", "政府信息公开"))
    frontier.push(section)
    assert frontier.pop() is None
    frontier.give_up(bogus.lead.url)
    assert frontier.pop() is section


def test_what_the_portal_does_not_need_any_more_an_organ_may() -> None:
    frontier = Frontier()
    column = Step(lead("nb/", "column", "政府信息公开年报"))
    frontier.push(column)
    assert frontier.pop() is column
    for day in range(9):
        frontier._places.ask(f"{HOME}gk/?d={day}", None)
    frontier.push(Step(lead("gk/?d=9", "parent", "政府信息公开")))
    frontier.succeeded(column)
    organs = Step(lead("gk/?d=9", "parent", "政府信息公开"), scope="czj", around="")
    assert frontier.push(organs)
    assert [frontier.pop(), frontier.pop()] == [organs, None]


def test_sections_are_looked_into_where_directories_led_to_nothing() -> None:
    frontier = Frontier()
    column = Step(lead("nb/", "column", "政府信息公开年报"))
    directory = Step(lead("rili/", "directory", "2024年各部门信息公开"))
    section = Step(lead("zfxxgk/", "parent", "政府信息公开"))
    for one in (column, directory, section):
        frontier.push(one)
    assert frontier.pop() is column
    frontier.succeeded(column)
    assert [frontier.pop(), frontier.pop()] == [directory, None]
    assert frontier.reconsider()
    assert [frontier.pop(), frontier.pop()] == [section, None]
    assert not frontier.reconsider()


def test_the_same_list_under_another_address_earns_nothing() -> None:
    frontier = Frontier()
    for number in range(3):
        frontier.succeeded(Step(lead(f"nb/?v={number}", "column")), new=number == 0)
    assert frontier.good == 1
    assert frontier.satisfied == {""}
