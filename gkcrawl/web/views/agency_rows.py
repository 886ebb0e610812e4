"""What the page of an organ shows: its years with their figures, its columns, its neighbours."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from archive.catalog.absence import missing
from archive.catalog.coverage import Asked, Row, filled, rows
from archive.deadlines import complete_year, due

# Groups of Table III that the plots show -> the rows of the form they consist of.
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "granted": ("granted",),
    "partially_granted": ("partially_granted",),
    "denied": (
        *("denied_state_secret", "denied_law_prohibited", "denied_security_stability"),
        *("denied_third_party", "denied_internal_affairs", "denied_process_info"),
        *("denied_enforcement_file", "denied_admin_query"),
    ),
    "unavailable": (
        *("unavailable_not_held", "unavailable_needs_creation", "unavailable_still_unclear"),
    ),
    "rejected": (
        *("rejected_petition_complaint", "rejected_duplicate", "rejected_public_publication"),
        *("rejected_excessive", "rejected_reconfirmation"),
    ),
    "other": ("other_no_correction", "other_fee_unpaid", "other_other", "other_total"),
}
_FLOW = ("carried_over_in", "new_requests", "handled_total", "carried_over_out")
FIGURES = (*_FLOW, *OUTCOMES)
FIELDS = (
    *("year", "report_id", "status", "form", "trust", "published", "due", "in_time"),
    *("table_status", *FIGURES, "failed_checks", "versions", "reason", "evidence"),
)
"""What a row of ``years`` says."""
_GIVEN = frozenset({"read", "recovered", "inconsistent"})
# Whether it was published by its day, as the evaluation of the report says.
_IN_TIME = {"hold": True, "fail": False}
NEIGHBOURS = 60


def organ(connection: sqlite3.Connection, agency: str) -> Row | None:
    """Return the row of ``agencies`` with its place's path; None: there is no such organ."""
    found = rows(connection, _ORGAN, {"id": agency})
    return found[0] if found else None


def years(connection: sqlite3.Connection, agency: Row, today: date) -> list[Row]:
    """Return a row for each year from the organ's first to its newest or the newest that is due,
    newest first, with the ``FIELDS``; years without a report have a ``reason`` instead."""
    reports = {row["year"]: row for row in rows(connection, _REPORTS, {"id": agency["id"]})}
    if not reports:
        return []
    figures = _figures(connection, [row["report_id"] for row in reports.values()])
    newest = min(complete_year(today), agency["end"] or today.year)
    found = []
    for year in reversed(filled({*reports, max(newest, min(reports))})):
        day = due(agency["kind"], agency["scope"], year)
        row: Row = {"year": year, "due": day.isoformat() if day else None}
        report = reports.get(year)
        if report:
            row |= report | {"in_time": _IN_TIME.get(report["in_time"])}
            if report["table_status"] in _GIVEN:
                row |= figures.get(report["report_id"], {})
        else:
            row |= _absent(connection, agency, year, today)
        found.append({name: row.get(name) for name in FIELDS})
    return found


def _absent(connection: sqlite3.Connection, agency: Row, year: int, today: date) -> Row:
    asked = Asked(place=agency["division_code"], organ=agency["id"])
    found = missing(connection, year, today, asked)
    return {name: found[0][name] for name in ("reason", "evidence")} if found else {}


def _figures(connection: sqlite3.Connection, reports: Sequence[str]) -> dict[str, Row]:
    """Return by report the totals of Table III: its flow, and its outcomes by groups; a group none
    of whose rows has a value is None."""
    cells: dict[str, dict[str, float]] = {}
    for report in reports:
        found = connection.execute(_CELLS, [report]).fetchall()
        cells[report] = {row: value for row, value in found if value is not None}
    return {
        report: {name: values.get(name) for name in _FLOW}
        | {
            group: sum(values[name] for name in members if name in values)
            if any(name in values for name in members)
            else None
            for group, members in OUTCOMES.items()
        }
        for report, values in cells.items()
    }


def columns(connection: sqlite3.Connection, agency: str) -> list[Row]:
    """Return the columns that list reports of the organ: ``url``, ``anchor``, ``portal_url``,
    ``portal`` (name), ``family``, ``seen_at``, ``outcome``, the newest first."""
    return rows(connection, _COLUMNS, {"id": agency})


def neighbours(connection: sqlite3.Connection, agency: Row) -> tuple[list[Row], int]:
    """Return other organs of the same division (of a township's: of its county's), ``NEIGHBOURS``
    at most, those of the same township first, and how many there are."""
    asked = {"id": agency["id"], "code": agency["division_code"], "limit": NEIGHBOURS}
    asked |= {"town": agency["township_code"] or ""}
    (count,) = connection.execute(
        "select count(*) from agencies where division_code = :code and id <> :id", asked
    ).fetchone()
    return rows(connection, _NEIGHBOURS, asked), count


_ORGAN = """
    select a.*, d.name as division, d.path as path, d."end" as "end" from agencies a
    left join divisions d on d.code = coalesce(a.township_code, a.division_code)
    where a.id = :id"""
_REPORTS = """
    select r.year as year, r.id as report_id, r.status as status, r.form as form,
      r.trust as trust, r.published as published,
      (select t.status from tables_status t where t.report_id = r.id and t.name = 'requests')
        as table_status,
      (select e.status from evaluations e
       where e.report_id = r.id and e.check_id = 'published.late') as in_time,
      (select count(*) from checks c where c.report_id = r.id and c.status = 'fail')
        as failed_checks,
      (select count(*) from versions v where v.report_id = r.id) as versions
    from reports r where r.agency_id = :id and r.year is not null"""
_CELLS = "select row, value from requests where report_id = ? and applicant = 'total'"
_COLUMNS = """
    select c.url as url, c.anchor as anchor, c.portal_url as portal_url, p.name as portal,
      c.family as family, max(c.last_seen) as seen_at, c.outcome as outcome
    from reports r
    join sources s on s.report_id = r.id
    join listed l on l.url = s.url
    join columns c on c.url = l.column_url
    left join portals p on p.url = c.portal_url
    where r.agency_id = :id group by c.url order by seen_at desc, c.url limit 20"""
_NEIGHBOURS = """
    select a.id, a.name, a.kind from agencies a
    where a.division_code = :code and a.id <> :id
    order by coalesce(a.township_code, '') = :town desc, a.kind, a.name limit :limit"""
