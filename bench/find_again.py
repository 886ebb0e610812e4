"""A second crawl of the land on the next day: listings are due, articles are not.

Overnight every portal has put up one report more in its own column, and lists another one no more.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.find_crawl import crawl_land
from bench.find_scoring import catalog, plain, violations
from gkcrawl.demo.land import Land

Reports = Mapping[tuple[str, int], set[str]]
"""Organ and year of a report -> its addresses."""


def again(
    today: Land, tomorrow: Land, home: Path, portals_file: str, *, first: int
) -> dict[str, Any]:
    """Crawl ``tomorrow`` into an archive of ``today`` and return what was noticed.

    ``first``: the requests of the first crawl, which had the same file.
    """
    before = set(catalog(home))
    _let_a_day_pass(home)
    traffic, told = crawl_land(tomorrow, home, portals_file)
    rows = catalog(home)
    old, new = _free(today), _free(tomorrow)
    fresh = [row for name, row in rows.items() if name not in before]
    known: set[str] = set().union(*old.values(), *new.values())
    missed = _without({one: new[one] for one in new.keys() - old.keys()}, fresh)
    unnoticed = _without(
        {one: old[one] for one in old.keys() - new.keys()}, [{"urls": _unlisted(home)}]
    )
    return {
        "requests": len(traffic),
        "share_of_first": round(len(traffic) / first, 3) if first else None,
        "added": len(new.keys() - old.keys()),
        "added_missed": missed,
        "gone": len(old.keys() - new.keys()),
        "gone_unnoticed": unnoticed,
        "false_new": sorted(row["url"] for row in fresh if not row["urls"] & known),
        "lost": len(before - rows.keys()),
        "violations": {kind: len(found) for kind, found in violations(tomorrow, traffic).items()},
        "run": told,
    }


def _free(land: Land) -> Reports:
    """Return the reports that count."""
    return {
        (one["organ"], one["year"]): {plain(url) for url in one["urls"]}
        for one in land.truth()["reports"]
        if not one["hidden"]
    }


def _without(reports: Reports, rows: list[dict[str, Any]]) -> list[str]:
    """Return an address of each report that is in none of the rows."""
    found: set[str] = set().union(*(row["urls"] for row in rows))
    return sorted(min(urls) for urls in reports.values() if not urls & found)


def _unlisted(home: Path) -> set[str]:
    with sqlite3.connect(home / "catalog.db") as db:
        return {plain(url) for (url,) in db.execute(_UNLISTED)}


def _let_a_day_pass(home: Path) -> None:
    """Make the archive a day older, as far as the schedule looks at it."""
    with sqlite3.connect(home / "catalog.db") as db:
        db.execute(_A_DAY_OLDER)


_UNLISTED = "select url from notices where kind = 'unlisted'"
_A_DAY_OLDER = """
update captures set captured_at =
  strftime('%Y-%m-%dT%H:%M:%S', captured_at, '-1 day') || substr(captured_at, 20)
"""
