"""The SQL of ``/checks``."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.catalog import choices
from gkcrawl.web.rules import FAILED, source_of

Row = dict[str, Any]

PAGE = 50

# Table and its column of ids, by source.
_TABLES = {
    "identity": ("checks", "check_id"),
    "finding": ("findings", "finding_id"),
    "evaluation": ("evaluations", "check_id"),
}
# What the tables do not have in common.
_OWN = {
    "identity": "null as formula, null as culprit, null as quote, null as cells",
    "finding": "null as formula, null as culprit, c.quote, c.cells",
    "evaluation": "c.formula, c.culprit, null as quote, c.cells",
}
_COLUMNS = {"year": "year", "province": "province", "kind": "issuer_kind"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports; None: any."""

    year: int | None = None
    province: str | None = None
    kind: str | None = None

    def given(self) -> Row:
        """Return what is asked for, by name."""
        asked = {"year": self.year, "province": self.province, "kind": self.kind}
        return {name: value for name, value in asked.items() if value is not None}


def counts(connection: sqlite3.Connection, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Return check, status, number of reports."""
    given = wanted.given()
    conditions = " and ".join(f"{name} = :{name}" for name in given) or "true"
    return connection.execute(
        f"""select check_id, status, sum(reports) from check_totals where {conditions}
            group by check_id, status""",
        given,
    ).fetchall()


def statuses(connection: sqlite3.Connection, check_id: str, wanted: Wanted) -> dict[str, int]:
    """Return how many reports have which status of one check."""
    given = wanted.given()
    conditions = "".join(f" and {name} = :{name}" for name in given)
    return dict(
        connection.execute(
            f"""select status, sum(reports) from check_totals
                where check_id = :check_id{conditions}
                group by status order by sum(reports) desc""",
            given | {"check_id": check_id},
        )
    )


def reports(
    connection: sqlite3.Connection,
    check_id: str,
    wanted: Wanted,
    status: str | None,
    page: int,
) -> list[Row]:
    """Return one page of the reports that fail a check (or have ``status`` of it), by the size of
    the difference, and one row more where there is a next page."""
    source = source_of(check_id)
    table, name = _TABLES[source]
    asked: Sequence[str] = [status] if status else FAILED
    given = wanted.given()
    conditions = "".join(f" and r.{_COLUMNS[part]} = :{part}" for part in given)
    # Found without the long rows of reports, which are fetched for the page only.
    join = "cross join reports r on r.id = c.report_id" if given else ""
    sql = f"""
      select c.*, r.issuer, r.title, r.year, r.province, r.issuer_kind, r.url,
        v.verdict, v.note, v.reviewer, v.at,
        v.verdict is not null and (v.status is not c.status or v."left" is not c."left"
          or v."right" is not c."right") as outdated
      from (
        select c.report_id, c.{name} as check_id, c.status, c."left", c."right",
          abs(c."left" - c."right") as difference, c.message, {_OWN[source]}
        from json_each(:asked) asked
        cross join {table} c on c.status = asked.value and c.{name} = :check_id {join}
        where true{conditions}
        order by difference desc, c.report_id limit :limit offset :skipped
      ) c
      cross join reports r on r.id = c.report_id
      left join verdicts v on v.report_id = c.report_id and v.check_id = c.check_id
      order by c.difference desc, c.report_id"""
    params = given | {
        "check_id": check_id,
        "asked": json.dumps(asked),
        "limit": PAGE + 1,
        "skipped": (page - 1) * PAGE,
    }
    cursor = connection.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def filters(connection: sqlite3.Connection) -> Row:
    """Return what the form offers: ``years`` (newest first), ``provinces``, ``kinds``."""
    return {
        "years": choices.values(connection, "year")[::-1],
        "provinces": choices.provinces(connection),
        "kinds": choices.values(connection, "issuer_kind"),
    }
