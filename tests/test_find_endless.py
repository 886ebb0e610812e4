"""Portals without an end: what the crawl finds, what it leaves, what it remembers."""

from pathlib import Path

import pytest
from scrapy import Spider

from bench.find_endless import Look, grown, without_budgets
from bench.find_endless_world import Endless
from gkcrawl.crawl import frontier, waiting
from gkcrawl.crawl.concluding import PortalSpider
from gkcrawl.crawl.frontier import Frontier
from gkcrawl.crawl.marks import Marks
from gkcrawl.crawl.pages import MOST_FUTILE, Column
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Lead
from gkcrawl.families.addresses import key
from gkcrawl.portals import Portal

HOME = "http://www.x.gov.cn/"
PAGES = 150


class Recounting(PortalSpider):
    """A portal spider without a crawl."""

    def __init__(self, name: str) -> None:
        Spider.__init__(self, name)
        self.counted: list[str] = []

    def count(self, name: str) -> None:
        self.counted.append(name)


def step(url: str, kind: str = "organ", anchor: str = "财政局") -> Step:
    return Step(Lead(url, anchor, kind))  # type: ignore[arg-type]


def test_of_a_portal_without_an_end_the_best_leads_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 10)
    leads = Frontier()
    for number in range(200):
        leads.push(step(f"{HOME}{number}/"))
        assert len(leads) <= 20
    leads.push(step(f"{HOME}nb/", "column", "政府信息公开年报"))
    first, second = leads.pop(), leads.pop()
    assert first is not None
    assert second is not None
    assert (first.lead.kind, second.lead.url) == ("column", f"{HOME}0/")


def test_what_was_forgotten_may_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)
    leads = Frontier()
    pushed = [leads.push(step(f"{HOME}{number}/")) for number in (1, 2, 3, 3, 1)]
    assert pushed == [True, True, True, True, False]


def test_marks_know_what_was_met() -> None:
    marks = Marks(["a"])
    marks.add("b")
    assert [text in marks for text in ("a", "b", "c")] == [True, True, False]
    assert len(marks) == 2


def test_columns_in_columns_have_an_end() -> None:
    one = step(f"{HOME}nb/", "column", "信息公开年报")
    waiting = Frontier()
    for number in range(20):
        if not waiting.push(one):
            break
        one = one.follow(Lead(f"{HOME}{number}/", "信息公开年报", "column"))
    assert number == frontier.DEEPEST + 1


def test_a_column_whose_documents_are_no_reports_is_left_with_what_it_leads_to() -> None:
    spider = Recounting("yunnan")
    visit = Visit(Portal("530111", "官渡区", HOME))
    spider.visits = {"": visit}
    column = step(f"{HOME}nb/", "column", "信息公开年报")
    visit.frontier.push(column.follow(Lead(f"{HOME}nb/2/", "信息公开年报", "column")))
    visit.frontier.push(step(f"{HOME}other/", "column", "信息公开年报"))
    visit.column(column)
    visit.frontier.succeeded(column)
    assert visit.frontier.satisfied == {""}
    for _ in range(MOST_FUTILE + 5):
        spider.judge("unrelated", "530111", {"column_url": f"{HOME}nb/#1"})
    assert spider.counted == ["columns_futile"]
    assert visit.frontier.satisfied == set()
    left = visit.frontier.pop()
    assert left is not None
    assert left.lead.url == f"{HOME}other/"
    assert visit.frontier.pop() is None


@pytest.mark.parametrize("outcome", ["report", "unreadable", "empty"])
def test_a_report_or_what_cannot_be_read_speaks_for_its_column(outcome: str) -> None:
    column = Column()
    for _ in range(MOST_FUTILE - 1):
        assert not column.judge("unrelated")
    assert not column.judge(outcome)
    assert not column.judge("unrelated")


def test_a_page_that_was_no_list_is_forgotten_once_it_is_read() -> None:
    visit = Visit(Portal("530111", "官渡区", HOME))
    organ = step(f"{HOME}czj/")
    visit.column(organ).open += 1
    visit.close(organ)
    assert key(organ.lead.url) in visit.columns
    visit.column(organ).open -= 1
    visit.close(organ)
    assert visit.columns == {}


def test_growth_is_that_of_the_line_behind_the_first_pages() -> None:
    looks = [Look(pages, 100 + pages / 10_000, 50) for pages in range(0, 40_000, 500)]
    assert grown(looks, "all", 10_000) == 1.0
    assert grown(looks, "children", 10_000) == 0.0
    assert grown(looks, "all", 50_000) is None


def test_the_world_hangs_on_the_address_alone() -> None:
    world = Endless(["weinan"], small=True)
    url = "http://www.weinan.gov.cn/endless/calendar/?month=5"
    first, second = (world.respond("GET", url, {}) for _ in range(2))
    assert first == second
    assert b"month=17" in first.body


@pytest.mark.timeout(120)
def test_the_crawl_goes_on_for_as_many_pages_as_are_asked_for(tmp_path: Path) -> None:
    told = without_budgets(tmp_path, PAGES, settled=0, keys=["weinan", "zhengxiang"])
    assert told["exit"] == 0
    assert PAGES <= told["pages"] <= PAGES + 40
    assert told["kinds"].keys() >= {"land", "calendar", "visit"}
    assert told["peak"]["crawling"] > 0
