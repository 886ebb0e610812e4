"""A visit of a portal without a crawl: its pages are given by a test."""

from collections import deque
from collections.abc import Callable

from gkcrawl.crawl import noticing
from gkcrawl.crawl.looking import look, trouble
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Next, Page, family, may_be_report, recognise
from gkcrawl.families.addresses import key
from gkcrawl.portals import Portal

HOME = "http://www.kmgd.gov.cn/"
Pages = Callable[[str], str | None]


def anchors(**links: str) -> str:
    return "".join(f'<a href="{href}">{name}</a>' for name, href in links.items())


def report_rows(*years: int, organ: str = "官渡区", folder: str = "./") -> str:
    title = "年政府信息公开工作年度报告"
    return "".join(
        f'<li><a href="{folder}{y}01/t{y}0120_{y}.html">{organ}{y - 1}{title}</a>{y}-01-20</li>'
        for y in years
    )


def walk(
    pages: dict[str, str] | Pages,
    visit: Visit | None = None,
    most: int = 500,
    outcome_of: Callable[[str], str] | None = None,
) -> list[str]:
    """Return the navigation pages that a visit asks for, in order, as paths on the portal.

    ``outcome_of``: what a document at an address is read as; then columns are judged by theirs, and
    their further pages are asked for. None: neither.
    """
    visit = visit or Visit(Portal("530111", "官渡区", HOME))
    given = pages.get if isinstance(pages, dict) else pages
    asked: list[str] = []
    waiting: deque[tuple[Step, Next | None]] = deque()

    def hold(step: Step, ask: Next | None) -> None:
        visit.hold(step.lead.url)
        visit.column(step).open += 1
        waiting.append((step, ask))

    def take() -> None:
        for step in visit.next_steps():
            hold(step, step.ask)

    take()
    while waiting and len(asked) < most:
        step, ask = waiting.popleft()
        further = ask is not None and ask is not step.ask
        address = ask.url if ask else step.lead.url
        url = address.removeprefix(HOME.rstrip("/"))
        asked.append(url)
        visit.release(step.lead.url)
        visit.column(step).open -= 1
        body = given(url)
        page = Page(address, (body or "").encode())
        if reason := trouble(page, 404 if body is None else 200, step, visit):
            list(noticing.lost(visit, step, reason, step.lead.url))
        else:
            reader = family(step.reader or visit.runs(recognise(page)))
            seen = look(
                page,
                step,
                visit,
                reader,
                lambda entry, in_column: may_be_report(entry.title, in_column=in_column),
                further=further,
            )
            visit.note(step, page)
            list(noticing.seen(visit, step, page, "", ""))
            if not step.in_column and seen.is_all_reports(step):
                step = step.as_column()
            goes_on = seen.goes_on(step)
            if seen.is_column(step):
                visit.succeeded(step, seen.wanted, whole=not goes_on)
            if goes_on:
                visit.frontier.push(step.rest(seen.listing.next[0]))
            new = [entry.url for entry in seen.wanted if visit.discover(entry, reader)]
            visit.column(step).parts += visit.push(step, seen.leads, len(seen.wanted))
            if step.in_column:
                more = visit.more(step, seen.listing, len(seen.wanted))
                for following in more if outcome_of else ():
                    hold(step, following)
            for document in new if outcome_of else ():
                if visit.columns[key(step.lead.url)].judge(outcome_of(document)):
                    visit.frontier.give_up(step.lead.url)
            if not visit.column(step).open:
                list(noticing.column_read(visit, step, ()))
        take()
    return asked
