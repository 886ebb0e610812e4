"""What a person asks first: what ran, what is missing, what is broken."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from archive.catalog import coverage, monitors
from archive.catalog.database import Database

Row = dict[str, Any]

_MOST = 1000
_SINGLE = ("gk/portal/", "gk/rested/")


def overview(
    db: Database, year: int, *, province: str | None = None, recent: int = 5
) -> dict[str, Any]:
    """Return what ran, what is missing of ``year`` and what is broken, of a province or of all.

    ``province``: code of six digits. ``recent``: the last runs as ``monitors.runs`` has them;
    ``coverage``: ``organs`` with a report for the year, ``known`` ones, their ``share`` (None: none
    is known) and ``provinces``, each with the same; ``portals``: ``total``, and those that are
    ``silent``, of whose place there is no report at all; ``monitors``: what failed in the last run
    of each spider that was judged; ``outages``: hosts that have not answered since.
    """
    spiders = _spiders(db, province)
    failed = [one for one in monitors.standing(db) if one["status"] == "failed"]
    portals = list(db.query(_PORTALS, {"province": province}))
    return {
        "year": year,
        "recent": [_brief(run) for run in monitors.runs(db, recent, spiders=spiders)],
        "coverage": _coverage(db, year, province),
        "portals": {
            "total": len(portals),
            "silent": [
                {"code": row["code"], "name": row["name"], "url": row["url"]}
                for row in portals
                if not row["has_report"]
            ],
        },
        "monitors": [one for one in failed if spiders is None or one["spider"] in spiders],
        "outages": outages(db),
    }


def due_year(today: date) -> int:
    """Return the year whose reports are looked for: from January on last year's (政府信息公开条例,
    articles 49 and 50: by January 31 and March 31)."""
    return today.year - 1


def outages(db: Database) -> list[Row]:
    """Return the hosts that have not answered since: ``host``, ``since``, ``message``."""
    return list(db.query(_OUTAGES, [_MOST]))


def _brief(run: Row) -> Row:
    """Return a run without its counts of single portals and hosts."""
    counts = run["counts"].items()
    own = {name: count for name, count in counts if not name.startswith(_SINGLE)}
    return run | {"counts": own}


def _spiders(db: Database, province: str | None) -> Sequence[str] | None:
    if province is None:
        return None
    found = db.execute("select distinct spider from portals where province = ?", [province])
    return [spider for (spider,) in found]


def _coverage(db: Database, year: int, province: str | None) -> Row:
    asked = coverage.Asked(place=province)
    _, rows = coverage.matrix(db.conn, asked, also=[year])
    cells = [
        {"province": row["province"], "code": row["code"]} | row["cells"][year] for row in rows
    ]
    total = cells[-1] if cells else {"organs": 0, "known": 0, "share": None}
    return {
        "organs": total["organs"],
        "known": total["known"],
        "share": total["share"],
        "provinces": cells[:-1],
    }


_PORTALS = """
    select code, name, url, exists (
        select 1 from reports r where r.division_code = p.code) as has_report
    from portals p
    where kind = 'portal' and (:province is null or province = :province)
    order by code, url"""
_OUTAGES = """
    select host, first_seen as since, message from events
    where kind = 'outage' and ended_at is null order by first_seen, host limit ?"""
