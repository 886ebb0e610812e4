"""Addresses that a web archive may still have when their portal has not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

from archive.catalog.database import Database
from gkcrawl.crawl.gaps import VISITED, YEARS
from gkcrawl.families import family

What = Literal["document", "listing", "folder"]
"""One document, one page of a column, or all below an address."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something to ask a web archive for."""

    url: str
    """The address; of a folder with ``*`` at its end."""
    what: What
    portal: str = ""
    """Code of the portal; empty: not known."""
    family: str = "static"


# A folder that is that of a column of annual reports, or the number of one (VSB).
_COLUMN_FOLDER = re.compile(r"^(.*/(?:[\w-]*(?:nb|ndbg|annualreport)[\w-]*|info/\d+)/)", re.I)
_INDEX = re.compile(r"(?:index|list|default)\.\w+$")


def lost(db: Database) -> Iterator[Lost]:
    """Yield what is worth a question, the surest first, each address once.

    Documents that were listed and are gone; columns that are gone; columns in which organs have
    reports, but not for every year; where a column is often found, on portals that were crawled
    and gave no report at all.
    """
    seen: set[str] = set()
    for one in _all(db):
        if one.url not in seen:
            seen.add(one.url)
            yield one


def _all(db: Database) -> Iterator[Lost]:
    for (url,) in db.execute(_DOCUMENTS):
        yield Lost(url, "document")
    for (url,) in db.execute(_COLUMNS):
        yield Lost(url, "listing")
        yield Lost(below(url), "folder")
    for (url,) in db.execute(_WITH_GAPS):
        if match := _COLUMN_FOLDER.match(url):
            yield Lost(f"{match[1]}*", "folder")
    for url, code, name in db.execute(_SILENT_PORTALS):
        for path in family(name or "static").guesses:
            yield Lost(below(urljoin(url, path)), "folder", code, name or "static")


def below(column: str) -> str:
    """Return the question for all that stands below a column, be it ``a/nb/`` or ``a/nb.htm``."""
    parts = urlsplit(column)
    path = _INDEX.sub("", parts.path)
    if not path.endswith("/"):
        path = re.sub(r"\.\w+$", "", path) + "/"
    return f"{parts.scheme}://{parts.netloc}{path}*"


_NEWEST = """
    select c.url from captures c join runs on runs.id = c.run_id
    where c.kind in ({kinds}) and c.outcome in ('not_found', 'soft_404')
      and runs.spider in (select spider from portals where kind = 'portal')
      and not exists (select 1 from captures n
        where n.url = c.url and (n.captured_at, n.id) > (c.captured_at, c.id))
      and not exists (select 1 from readings r where r.url = c.url)
    order by c.captured_at desc, c.url"""
_DOCUMENTS = _NEWEST.format(kinds="'article', 'attachment'")
_COLUMNS = _NEWEST.format(kinds="'column', 'listing'")

_WITH_GAPS = f"""{YEARS}
    select r.url from reports r
    where r.trust = 'official' and exists (
      select 1 from years y where y.year > r.year and not exists (
        select 1 from reports o where o.agency_id = r.agency_id and o.year = y.year))
    order by r.year desc, r.id"""

_SILENT_PORTALS = f"""
    select p.url, p.code, p.family from portals p
    where {VISITED}
      and not exists (select 1 from reports r where r.division_code = p.code)
    order by p.code, p.url"""
