"""Where reports are listed: columns (年报栏目) with their evidence, and what they list.

Both come from what a crawl wrote beside each capture (its hints), so they are rebuilt with it:
``column_url``, ``column_kind``, ``column`` (anchor), ``trail`` (JSON: anchor and address of each
page that led there), ``way``, ``portal``, ``portal_url``, ``family``; of a document
``listed_url`` (its address in the list), ``anchor`` and ``listed_date``.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from archive.catalog.database import Database
from archive.records import Capture, Reading

Row = dict[str, Any]

_DOCUMENTS = ("article", "attachment")
_OF_COLUMN = ("portal_url", "portal", "trail", "way", "family")
_OF_LISTED = ("column_url", "anchor", "listed_date")
# Whatever the order in which captures come: the first time, the last time, and what the last told.
_COLUMN = """
    insert into columns (portal_url, url, portal, kind, anchor, trail, way, family, first_seen,
      last_seen, outcome)
    values (:portal_url, :url, :portal, :kind, :anchor, :trail, :way, :family, :at, :at, :outcome)
    on conflict (portal_url, url) do update set
      portal = iif(excluded.last_seen >= last_seen, excluded.portal, portal),
      kind = iif(excluded.last_seen >= last_seen, excluded.kind, kind),
      anchor = iif(excluded.last_seen >= last_seen, excluded.anchor, anchor),
      trail = iif(excluded.last_seen >= last_seen, excluded.trail, trail),
      way = iif(excluded.last_seen >= last_seen, excluded.way, way),
      family = iif(excluded.last_seen >= last_seen, excluded.family, family),
      outcome = iif(excluded.last_seen >= last_seen, excluded.outcome, outcome),
      first_seen = min(first_seen, excluded.first_seen),
      last_seen = max(last_seen, excluded.last_seen)"""
_LISTED = """
    insert into listed (column_url, url, anchor, listed_date, first_seen, last_seen)
    values (:column_url, :url, :anchor, :listed_date, :at, :at)
    on conflict (column_url, url) do update set
      anchor = iif(excluded.last_seen >= last_seen, excluded.anchor, anchor),
      listed_date = iif(excluded.last_seen >= last_seen, excluded.listed_date, listed_date),
      first_seen = min(first_seen, excluded.first_seen),
      last_seen = max(last_seen, excluded.last_seen)"""
# Of a capture k of a run r: that run came to its end, or one that went on with what it had been
# told, and visited the portal.
_TO_THE_END = """
    (r.reason = 'finished' or exists (
      select 1 from runs f where f.spider = r.spider and f.reason = 'finished'
        and f.started_at > r.started_at and julianday(f.started_at) - julianday(k.captured_at) < 1
        and json_extract(f.counts, '$."gk/portal/' || {portal} || '/requests"') > 0))"""
_COLUMNS = f"""
    select c.*, (select count(*) from listed l where l.column_url = c.url) as entries,
      exists (
        select 1 from captures k join runs r on r.id = k.run_id
        where k.url = iif(instr(c.url, '#'), substr(c.url, 1, instr(c.url, '#') - 1), c.url)
          and {_TO_THE_END.format(portal="c.portal")}
      ) as settled,
      exists (
        select 1 from notices n join captures k on k.run_id = n.run_id
        where n.kind = 'column_gone' and n.url = c.url and k.captured_at = c.last_seen
      ) as gone
    from columns c where c.portal_url = ? order by c.first_seen, c.url"""
_PORTAL = "(select portal from columns where portal_url = k.url limit 1)"
_HOME = f"""
    select max(k.captured_at) from captures k join runs r on r.id = k.run_id
    where k.url = ? and k.kind = 'home' and {_TO_THE_END.format(portal=_PORTAL)}"""


def enter_found(db: Database, readings: Iterable[Reading]) -> None:
    """Enter what captures tell of the columns that they are, or that list them."""
    columns, listed = [], []
    for reading in readings:
        stored = reading.stored
        hints, capture = stored.hints, stored.capture
        if not hints.get("column_url") or not hints.get("portal_url"):
            continue
        if capture.kind in _DOCUMENTS:
            listed.append(_told(hints, _OF_LISTED, capture))
            listed[-1]["url"] = hints.get("listed_url", capture.url)
        else:
            column = {"url": hints["column_url"], "anchor": hints.get("column")}
            column |= {"kind": hints.get("column_kind"), "outcome": reading.outcome}
            columns.append(_told(hints, _OF_COLUMN, capture) | column)
    db.conn.executemany(_COLUMN, columns)
    db.conn.executemany(_LISTED, listed)


def _told(hints: Mapping[str, str], names: Iterable[str], capture: Capture) -> Row:
    return {name: hints.get(name) for name in names} | {"at": capture.captured_at}


def columns(db: Database, portal_url: str) -> list[Row]:
    """Return the columns of a portal, by its home page: the fields of ``columns`` (``trail`` as a
    list), ``entries`` (documents fetched from there), ``settled`` (a finished crawl saw it) and
    ``gone`` (the crawl that last asked for it noticed so)."""
    rows = list(db.query(_COLUMNS, [portal_url]))
    return [row | {"trail": json.loads(row["trail"] or "[]")} for row in rows]


def listed(db: Database, column_url: str) -> list[str]:
    """Return the addresses of the reports that a column has listed, as far as they were fetched and
    no run has told yet that they are listed no more."""
    sql = (
        "select url from listed l where column_url = ? and not exists"
        " (select 1 from notices n where n.kind = 'unlisted' and n.url = l.url) order by url"
    )
    return [url for (url,) in db.execute(sql, [column_url])]


def last_home(db: Database, url: str) -> str | None:
    """Return when a finished crawl last fetched a portal's home page; None: never."""
    (at,) = db.execute(_HOME, [url]).fetchone()
    return str(at) if at else None
