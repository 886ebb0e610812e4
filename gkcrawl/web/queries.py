"""The SQL of the pages: rows of the catalog in, plain dicts out.

``db`` is a Datasette ``Database``; every query is bounded in time and rows, so that a page stays
quick however large the catalog grows.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

from datasette.database import Database, QueryInterrupted
from datasette.utils import sqlite_timelimit

from archive.catalog.search import Hit, fts_query, snippet
from archive.catalog.search import search as search_catalog

Row = dict[str, Any]

DATABASE = "catalog"
"""What Datasette calls the catalog: its file's name without ending."""
PAGE = 20
"""Reports on one page of search results."""
_SEARCH_MS = 4000

_LISTED = """
  select r.id, r.title, r.issuer, r.issuer_kind, r.year, r.level, r.published, r.captured_at,
    r.trust, r.status, r.province from reports r"""


async def rows(db: Database, sql: str, **params: object) -> list[Row]:
    """Return the rows of one query as dicts."""
    return [dict(row) for row in await db.execute(sql, params)]


async def count(db: Database, sql: str, **params: object) -> int | None:
    """Return the number that ``sql`` gives; None where counting takes longer than a page may."""
    try:
        return int((await db.execute(sql, params, log_sql_errors=False)).single_value() or 0)
    except QueryInterrupted:
        return None


FIGURES: tuple[tuple[str, str, str], ...] = (
    ("年度报告", "select count(*) from reports", "/catalog/reports"),
    ("发布机关", "select count(*) from agencies", "/catalog/agencies"),
    (
        "勾稽不成立",
        "select count(distinct report_id) from checks where status = 'fail'",
        "/catalog/checks?status=fail",
    ),
    ("存档网页", "select count(*) from captures", "/catalog/captures"),
)


async def figures(db: Database) -> list[Row]:
    """Return the figures of the home page: ``label``, ``count`` (None: not counted), ``path``."""
    return [
        {"label": label, "count": await count(db, sql), "path": path}
        for label, sql, path in FIGURES
    ]


async def by_province_and_year(db: Database) -> tuple[list[int], list[Row]]:
    """Return the years, newest first, and a row for each province: ``name``, ``counts`` by year.

    Provinces stand in the order of their codes (GB/T 2260); reports of unknown place come last.
    """
    found = await rows(
        db,
        """select r.province as name, r.year as year, count(*) as n,
             (select code from divisions where name = r.province and level = 'province') as code
           from reports r where r.year is not null group by r.province, r.year""",
    )
    provinces: dict[str | None, Row] = {}
    for row in found:
        place = {"name": row["name"], "code": row["code"], "counts": {}}
        provinces.setdefault(row["name"], place)["counts"][row["year"]] = row["n"]
    years = sorted({row["year"] for row in found}, reverse=True)
    return years, sorted(provinces.values(), key=_by_code)


def _by_code(place: Row) -> tuple[bool, str, str]:
    return place["name"] is None, place["code"] or "9", place["name"] or ""


async def latest(db: Database, limit: int = 12) -> list[Row]:
    """Return the reports captured last."""
    return await rows(db, f"{_LISTED} order by r.captured_at desc, r.id limit :limit", limit=limit)


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor looks for; None: any."""

    words: str = ""
    year: int | None = None
    province: str | None = None
    page: int = 1

    @property
    def skipped(self) -> int:
        """How many reports stand on the pages before."""
        return (self.page - 1) * PAGE


async def search(db: Database, question: Question) -> tuple[list[Row], int | None]:
    """Return one page of the reports that fit and how many there are in all (None: not counted).

    With words the best come first and carry a ``snippet``; without, the newest come first.
    Raises QueryInterrupted when the search takes too long.
    """
    if question.words.strip():
        return await _found(db, question)
    conditions, params = _conditions(question)
    where = f" where {' and '.join(conditions)}" if conditions else ""
    listed = await rows(
        db,
        f"{_LISTED}{where} order by r.year desc, r.captured_at desc, r.id"
        " limit :limit offset :offset",
        **params,
        limit=PAGE,
        offset=question.skipped,
    )
    return listed, await count(db, f"select count(*) from reports r{where}", **params)


async def _found(db: Database, question: Question) -> tuple[list[Row], int | None]:
    def ask(connection: sqlite3.Connection) -> list[Hit]:
        with sqlite_timelimit(connection, _SEARCH_MS):
            try:
                return search_catalog(
                    connection,
                    question.words,
                    PAGE,
                    offset=question.skipped,
                    year=question.year,
                    province=question.province,
                )
            except sqlite3.OperationalError as error:
                if str(error) == "interrupted":
                    raise QueryInterrupted(error, "search", {}) from error
                raise

    hits = await db.execute_fn(ask)
    conditions, params = _conditions(question)
    conditions.append("r.docid in (select rowid from report_fts where report_fts match :query)")
    total = await count(
        db,
        f"select count(*) from reports r where {' and '.join(conditions)}",
        **params,
        query=fts_query(question.words),
    )
    return [_hit(hit, question.words) for hit in hits], total


def _hit(hit: Hit, words: str) -> Row:
    title = hit.title or ""
    return {
        "id": hit.report_id,
        "title": hit.title,
        "marked_title": snippet(title, words, width=len(title)),
        "issuer": hit.issuer,
        "year": hit.year,
        "province": hit.province,
        "published": hit.published,
        "trust": hit.trust,
        "status": hit.status,
        "snippet": hit.snippet,
    }


def _conditions(question: Question) -> tuple[list[str], dict[str, object]]:
    wanted = {"year": question.year, "province": question.province}
    params = {name: value for name, value in wanted.items() if value is not None}
    return [f"r.{name} = :{name}" for name in params], dict(params)


async def choices(db: Database) -> tuple[list[int], list[str]]:
    """Return the years and the provinces that the search form offers."""
    years, provinces = await by_province_and_year(db)
    return years, [place["name"] for place in provinces if place["name"]]


_PARTS: dict[str, str] = {
    "sections": "select key, text from sections where report_id = :id",
    "checks": "select * from checks where report_id = :id",
    "active_disclosure": "select * from active_disclosure where report_id = :id",
    "requests": "select * from requests where report_id = :id",
    "review_litigation": "select * from review_litigation where report_id = :id",
    "tables_status": "select * from tables_status where report_id = :id",
    "warnings": "select message from warnings where report_id = :id order by n",
    "attachments": "select url from attachments where report_id = :id order by n",
    "sources": "select * from sources where report_id = :id order by chosen desc, captured_at, url",
    "versions": "select * from versions where report_id = :id order by n desc",
    "others": """select id, year from reports where year is not null and agency_id =
        (select agency_id from reports where id = :id) order by year""",
}


async def report(db: Database, report_id: str) -> Row | None:
    """Return a report with all its parts, its capture and the names of its place; None: unknown."""
    found = await rows(
        db,
        """select r.*, d.path as place from reports r
           left join divisions d on d.code = r.division_code where r.id = :id""",
        id=report_id,
    )
    if not found:
        return None
    parts = {name: await rows(db, sql, id=report_id) for name, sql in _PARTS.items()}
    return {**found[0], **parts, "capture": await capture(db, found[0]["capture_id"])}


async def capture(db: Database, capture_id: str | None) -> Row | None:
    """Return the row of a capture; None where there is none of this id."""
    found = await rows(db, "select * from captures where id = :id", id=capture_id)
    return found[0] if found else None


async def document(db: Database, capture_id: str | None) -> bytes | None:
    """Return the compressed JSON of a capture as read; None where it was no report."""
    found = await rows(db, "select document from readings where capture_id = :id", id=capture_id)
    return found[0]["document"] if found else None
