"""Reports that should be there and are not: what document sites and web archives are asked for."""

from dataclasses import dataclass

from archive.catalog.database import Database
from gkcrawl.families.titles import plain, report_year

TITLE = "政府信息公开工作年度报告"
"""How reports are called since the unified format of 2019."""
ALIKE = 0.6
"""Share of the pairs of characters of an organ's name that a title of its report has; the title may
leave out the places before the organ, or the word 人民政府."""


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A year for which no report of an organ is known."""

    name: str
    """The organ's, or the division's whose portal gave no report at all."""
    year: int
    code: str | None = None
    """Of its division; None: not known."""

    @property
    def title(self) -> str:
        """What the report would be called."""
        return f"{self.name}{self.year}年{TITLE}"

    def fits(self, title: str) -> bool:
        """Tell whether a title may be that of the missing report."""
        text = plain(title)
        pairs = _pairs(self.name)
        return report_year(text) == self.year and len(pairs & _pairs(text)) >= ALIKE * len(pairs)


def gaps(db: Database, year: int | None = None) -> list[Gap]:
    """Return what the catalog misses, the newest years first.

    Organs of which it has reports, for the years since their first one; with ``year`` for that one
    only, and then the divisions of the portals that were crawled and gave nothing for it too.
    """
    found = [Gap(*row) for row in db.execute(_ORGANS, {"year": year})]
    if year is not None:
        found += [Gap(*row) for row in db.execute(_PORTALS, {"year": year})]
    return found


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


# A portal of which something was kept: `p`, by the index on addresses.
VISITED = """p.kind = 'portal' and p.code is not null and exists (
        select 1 from captures c where c.url >= p.url and c.url < p.url || char(1114111))"""

# From the catalog's first year (no report is older than the regulation of 2007) to its last one.
YEARS = """
    with recursive span as (
      select max(min(year), 2008) as first, min(max(year), 0 + strftime('%Y', 'now')) as last
      from reports where year is not null),
    years(year) as (
      select first from span where first is not null
      union all select year + 1 from years, span where year < last)"""

_ORGANS = f"""{YEARS}
    select a.name, y.year, a.division_code
    from agencies a
    join (select agency_id, min(year) as first from reports group by agency_id) s
      on s.agency_id = a.id
    join years y on y.year >= s.first
    where a.name is not null and (:year is null or y.year = :year)
      and not exists (select 1 from reports r where r.agency_id = a.id and r.year = y.year)
    order by y.year desc, a.division_code, a.name"""

_PORTALS = f"""
    select p.name, :year, p.code
    from portals p
    where {VISITED}
      and not exists
        (select 1 from reports r where r.division_code = p.code and r.year = :year)
      and not exists (select 1 from agencies a where a.name = p.name)
    order by p.code, p.name"""
