"""What the page of a division shows: its organs, its portals and how the last crawls fared."""

import sqlite3

from archive.catalog.coverage import Row, rows

ORGANS = 300
"""Organs on the page of a division; the table of organs has them all."""
NOTICES = 20


def division(connection: sqlite3.Connection, code: str) -> Row | None:
    """Return a row of ``divisions`` with ``heirs``: code and name of those that took over; None:
    there is no such division."""
    found = rows(connection, "select * from divisions where code = :code", {"code": code})
    if not found:
        return None
    heirs = (found[0]["successors"] or "").split(";")
    marks = ", ".join("?" * len(heirs))
    sql = f"select code, name from divisions where code in ({marks}) order by code"
    return found[0] | {"heirs": rows(connection, sql, heirs)}


def forerunners(connection: sqlite3.Connection, code: str) -> list[Row]:
    """Return the ended divisions (``code``, ``name``, ``end``) that this one took over from."""
    return rows(connection, _FORERUNNERS, {"code": code})


def organs(connection: sqlite3.Connection, code: str) -> list[Row]:
    """Return the organs of the division itself, ``ORGANS`` at most: ``id``, ``name``, ``kind``,
    ``reports``, ``first`` and ``last`` year; governments first."""
    column = "township_code" if len(code) > 6 else "division_code"
    return rows(connection, _ORGANS.format(column=column), {"code": code, "limit": ORGANS})


def portals(connection: sqlite3.Connection, code: str) -> list[Row]:
    """Return the portals of the division: the fields of ``portals``, ``columns`` (known columns of
    reports), ``entries`` (documents that they list) and ``seen_at`` (None: never visited)."""
    found = rows(connection, _PORTALS, {"code": code})
    for portal in found:
        asked = {"url": portal["url"]}
        portal["columns"] = rows(connection, _COLUMNS, asked)
        portal["entries"] = sum(column["entries"] for column in portal["columns"])
    return found


def notices(connection: sqlite3.Connection, code: str) -> list[Row]:
    """Return what crawls noticed of the division's portals last, the newest first."""
    return rows(connection, _NOTICES, {"code": code, "limit": NOTICES})


_FORERUNNERS = """
    select code, name, "end" from divisions
    where "end" is not null and instr(';' || successors || ';', ';' || :code || ';')
    order by code"""
_ORGANS = """
    select a.id, a.name, a.kind, count(r.year) as reports, min(r.year) as first,
      max(r.year) as last
    from agencies a left join reports r on r.agency_id = a.id
    where a.{column} = :code
    group by a.id
    order by a.township_code is not null, a.kind <> 'government', a.kind <> 'government_office',
      a.kind, a.name
    limit :limit"""
_PORTALS = """
    select p.*, (
      select max(c.last_seen) from columns c where c.portal_url = p.url) as seen_at
    from portals p where p.code = :code order by length(p.name), p.name, p.url"""
_COLUMNS = """
    select c.url, c.anchor, c.outcome, c.last_seen as seen_at,
      (select count(*) from listed l where l.column_url = c.url) as entries
    from columns c where c.portal_url = :url and c.kind in ('column', 'branch')
    order by c.kind desc, c.url limit 60"""
_NOTICES = """
    select n.kind, n.url, n.message, r.started_at as at from notices n
    join runs r on r.id = n.run_id
    where n.portal = :code order by r.started_at desc, n.n limit :limit"""
