"""The archives of several workers as one, and what its reports say."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from archive.catalog import Catalog
from archive.warc.verify import verify_archive
from gkcrawl.home import bring_up

# Where and when a thing was had differs from crawl to crawl; what it is must not.
_QUERIES = {
    "reports": """select id, agency_id, title, issuer, issuer_kind, scope, division_code, province,
        level, year, form, published, published_source, url, trust, status, text
        from reports order by id""",
    "sources": "select report_id, url, kind, trust from sources order by 1, 2, 3, 4",
    "sections": "select report_id, key, text from sections order by 1, 2",
    "active_disclosure": """select report_id, item, measure, value, raw from active_disclosure
        order by 1, 2, 3""",
    "requests": "select report_id, row, applicant, value, raw from requests order by 1, 2, 3",
    "review_litigation": """select report_id, route, outcome, value, raw from review_litigation
        order by 1, 2, 3""",
    "checks": 'select report_id, check_id, status, "left", "right" from checks order by 1, 2',
}


def merge(homes: Iterable[Path], merged: Path) -> list[str]:
    """Copy the WARC files of all homes into one, make its catalog, return what verify finds wrong.

    Raises FileExistsError where two files have the same name.
    """
    target = merged / "warc"
    target.mkdir(parents=True)
    for home in homes:
        for path in sorted((home / "warc").iterdir()):
            if (target / path.name).exists():
                raise FileExistsError(path.name)
            shutil.copy2(path, target)
    return settle(merged)


def settle(home: Path) -> list[str]:
    """Finish what killed workers left, bring the catalog up, return what verify finds wrong."""
    bring_up(home)
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        rows = catalog.captures(), catalog.failures()
        more = {"runs": catalog.runs(), "notices": catalog.notices()}
        return [str(problem) for problem in verify_archive(home, *rows, **more)]


def told(home: Path) -> dict[str, list[Any]]:
    """Return what the catalog says of reports, table by table, without captures and times."""
    db = sqlite3.connect(home / "catalog.db")
    try:
        return {name: db.execute(query).fetchall() for name, query in _QUERIES.items()}
    finally:
        db.close()


def captures(home: Path) -> set[str]:
    """Return the ids of the captures that a worker's catalog has."""
    path = home / "catalog.db"
    if not path.exists():
        return set()
    db = sqlite3.connect(path)
    try:
        return {row[0] for row in db.execute("select id from captures")}
    finally:
        db.close()


def unread(home: Path) -> int:
    """Return how many captures nobody has read."""
    db = sqlite3.connect(home / "catalog.db")
    try:
        return int(db.execute("select count(*) from captures where outcome is null").fetchone()[0])
    finally:
        db.close()


def digest(dump: dict[str, list[Any]]) -> str:
    """Return a few letters that stand for a dump."""
    return hashlib.sha256(json.dumps(dump, ensure_ascii=False).encode()).hexdigest()[:12]


def differences(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> Sequence[str]:
    """Return which rows are in one dump only, a table and a row each."""
    return [
        f"{name}: {row[:6]}"
        for name in _QUERIES
        for row in sorted({*map(tuple, one[name])} ^ {*map(tuple, other[name])}, key=str)
    ]
