"""The SQL behind ``archive.catalog.absence``: organs without a report, and the ways to reports.

``:first`` and ``:after`` enclose the codes of the places asked for, ``:near_first`` and
``:near_after`` those of the divisions whose portals publish for them: a township's is its county's.
"""

from archive.catalog.coverage import STOOD

ORGANS = f"""
    select 'agency' as what, a.id as agency_id, a.name as name, a.kind as kind, a.scope as scope,
      a.level as level, a.division_code as division_code, a.township_code as township_code,
      c.name as division, a.province as province, c.path as path,
      (select group_concat(r.year) from reports r
       where r.agency_id = a.id and r.year is not null) as years
    from agencies a
    left join divisions d on d.code = coalesce(a.township_code, a.division_code)
    left join divisions c on c.code = a.division_code
    where {STOOD}
      and not exists (select 1 from reports r where r.agency_id = a.id and r.year = :year)
      {{which}}"""
"""Known organs whose division stood in the year, and that have no report for it."""

# What a column lists is kept as it was listed; it is asked for without what follows a #.
_ASKED = "iif(instr({0}, '#'), substr({0}, 1, instr({0}, '#') - 1), {0})"

DOCUMENTS = f"""
    select l.url as url, l.anchor as anchor, c.portal as code, d.name as division, d.path as path,
      d.province as province, d.level as level, k.id as capture_id,
      coalesce(k.captured_at, (select max(f.failed_at) from failures f where f.url = l.url))
        as seen_at,
      case when k.id is not null then k.outcome
        when exists (select 1 from failures f where f.url = l.url) then 'failed'
        else 'never' end as outcome,
      exists (select 1 from sources s where s.url = l.url) as is_source
    from columns c
    join listed l on l.column_url = c.url and instr(l.anchor, :digits)
    left join divisions d on d.code = c.portal
    left join captures k on k.id = (
      select n.id from captures n where n.url = {_ASKED.format("l.url")} and n.kind <> 'rendered'
      order by n.captured_at desc, n.id desc limit 1)
    where c.portal >= :near_first and c.portal < :near_after
    order by seen_at, l.url"""
"""What columns list with the digits of the year in its title, and what came of it the last time:
``outcome``, ``never`` where nothing is kept of the address. ``is_source``: a report was read there.
"""

COLUMNS_OF_PLACES = """
    select portal as code, portal_url, url, outcome, last_seen as seen_at from columns
    where kind = 'column' and portal >= :near_first and portal < :near_after"""

COLUMNS_OF_ORGANS = """
    select r.agency_id as owner, c.url as url, c.outcome as outcome, max(c.last_seen) as seen_at
    from reports r
    join sources s on s.report_id = r.id
    join listed l on l.url = s.url
    join columns c on c.url = l.column_url
    where r.agency_id in ({marks}) group by r.agency_id"""
"""The column seen last of those that list reports of an organ."""

# All addresses of a portal begin with that of its home page.
PORTALS = """
    select p.code as code, p.url as url,
      coalesce(k.outcome, iif(f.failed_at is null, null, 'failed')) as outcome,
      coalesce(k.captured_at, f.failed_at, (
        select min(n.captured_at) from captures n
        where n.url = (select min(m.url) from captures m where m.url > p.url)
          and substr(n.url, 1, length(p.url)) = p.url)) as seen_at
    from portals p
    left join captures k on k.id = (
      select n.id from captures n where n.url = p.url
      order by n.captured_at desc, n.id desc limit 1)
    left join failures f on f.id = (
      select n.id from failures n where n.url = p.url order by n.failed_at desc limit 1)
    where p.code >= :near_first and p.code < :near_after
    order by p.code, seen_at is not null, length(p.name) desc, p.url desc"""
"""Portals with what came of their home page the last time; ``seen_at`` None: nothing of the portal
was ever asked for. The last of a division's is its own, if that was asked for, else another."""

WITHOUT = """
    select 'portal' as what, p.name as name, p.code as division_code, d.name as division,
      d.province as province, d.level as level, p.url as url
    from portals p left join divisions d on d.code = p.code
    where p.code >= :first and p.code < :after
      and not exists (
        select 1 from reports r where r.division_code = p.code and r.year = :year)
      and not exists (
        select 1 from agencies a cross join reports r on r.agency_id = a.id and r.year = :year
        where a.name = p.name)"""
"""Portals of divisions that no report for the year is of; nor of the organ whose portal it is."""
