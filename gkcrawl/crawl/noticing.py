"""What a person should know of a portal: it moved, it runs another system, a column is gone.

These are findings of a crawl, told in its summary and kept in the catalog (``notices``); none of
them stops it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archive.records import REFUSALS, Notice
from gkcrawl.crawl.looking import GONE
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.families import Page, drifted, family
from gkcrawl.families.addresses import host_of, key

# After these no other way on the host is tried: it is dead, in strange hands, or refuses.
_HOPELESS = re.compile(
    rf"blocked|hijacked|elsewhere|login|HTTP (?:{'|'.join(map(str, sorted(REFUSALS | {405})))})$"
    r"|CannotResolveHost|DownloadConnectionRefused|DownloadTimeout|HostResting"
)


def seen(visit: Visit, step: Step, page: Page, shown: str, path: str) -> Iterator[Notice]:
    """Yield what a page tells of its portal; ``shown`` is the family whose marks it has (empty: not
    looked at), ``path`` the file that names the portal.

    A host to which the home page has moved becomes the portal's own.
    """
    visit.refusals.pop(host_of(page.url), None)
    if step.way == "home" and not visit.belongs(page.url):
        visit.homes.append(page.url)
        yield Notice("portal_moved", visit.code, page.url, f"{step.lead.url} leads there")
    declared = visit.portal.family
    is_own = shown and not visit.drifted and visit.belongs(page.url)
    if is_own and declared and drifted(declared, shown):
        visit.drifted = True
        message = f"said to run {declared}, shows the marks of {shown}: mend {path}"
        yield Notice("family_drift", visit.code, page.url, message)


def found(visit: Visit, step: Step) -> Iterator[Notice]:
    """Yield that a column stands in place of one that is gone."""
    if visit.lost and not step.known and step.way != "home" and not visit.column(step).told:
        visit.column(step).told = True
        message = f"{step.lead.anchor or step.way}, in place of {visit.lost[0].column}"
        yield Notice("column_found", visit.code, step.lead.url, message)


def lost(visit: Visit, step: Step, reason: str, url: str) -> Iterator[Notice]:
    """Note a page that could not be had, and yield what that means for the portal.

    ``reason`` as of ``looking.trouble``, ``url`` is where the request ended.
    """
    is_home = step.way == "home"
    visit.failed |= is_home and _HOPELESS.match(reason) is not None
    visit.column(step).broken = True
    if reason == "blocked":
        visit.refusals[host_of(url)] += 1
    if reason == "hijacked" and not visit.hijacked:
        visit.hijacked = True
        message = f"{visit.portal.name}: what it shows is no government's"
        yield Notice("hijacked", visit.code, url, message)
    elif is_home and reason == "elsewhere":
        message = f"{step.lead.url} leads there, to no government's host: not followed"
        yield Notice("portal_moved", visit.code, url, message)
    elif step.known and reason in GONE and not visit.column(step).wanted:
        yield from _gone(visit, step, reason)


def column_read(visit: Visit, step: Step, known: Sequence[str]) -> Iterator[Notice]:
    """Yield what is to be told when all pages of a column are read; ``known`` are the documents
    that it listed before."""
    column = visit.column(step)
    if column.broken or not column.pages:
        return
    if column.wanted or column.parts:
        # Of a mixed list the first page was no column's.
        if column.ended and not step.mixed:
            for url in visit.unlisted(column, known):
                yield Notice("unlisted", visit.code, url, f"not in {step.lead.url} any more")
        # What it listed is not needed any more.
        column.rows.clear()
    elif step.known:
        yield from _gone(visit, step, "lists no report any more")


def vanished(
    visit: Visit, columns: Iterable[Mapping[str, Any]], listed: Callable[[str], Sequence[str]]
) -> Iterator[Notice]:
    """Yield the reports of columns that are gone for good, or that the column above does not name
    any more, where no other column has them.

    ``columns`` are those that were ever found, as of ``Catalog.columns``; ``listed`` gives what
    each has listed.
    """
    reader = family(visit.portal.family or visit.recognised or "static")
    # One that stands elsewhere now has all its reports at other addresses.
    lost = {key(s.column) for s in visit.lost if s.scope not in visit.frontier.satisfied}
    for row in columns:
        above = visit.columns.get(key(row["trail"][-1][1])) if row["trail"] else None
        was_read = above is not None and above.pages > 0 and not above.broken
        unnamed = was_read and row["kind"] == "branch" and key(row["url"]) not in visit.linked
        if not unnamed and key(row["url"]) not in lost:
            continue
        for url in listed(row["url"]):
            if reader.identity(url) not in visit.found:
                yield Notice("unlisted", visit.code, url, f"its column {row['url']} is gone")


def _gone(visit: Visit, step: Step, reason: str) -> Iterator[Notice]:
    if step not in visit.lost:
        visit.lost.append(step)
        yield Notice("column_gone", visit.code, step.column, reason)
