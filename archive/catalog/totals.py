"""Sums over many reports, kept ready: a page that adds up all cells of all reports is never quick.

The three tables hold one row per figure (or check) and group of reports — year, province, level,
kind and scope of the organ — so their size does not grow with the number of reports. They follow
from the reports alone: what a report adds when it is written, it takes away when it is removed.
All of it is whole numbers, for which order does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Literal

from archive.records import LARGEST_COUNT

TOO_LARGE = "too_large"
"""In place of a figure in ``totals``: cells beyond ``LARGEST_COUNT`` are counted, not added."""
# Figures whose every value is kept, so that medians can be told.
SPREAD = (
    "requests.new_requests.total",
    "requests.handled_total.total",
    "review_litigation.review.total",
    "review_litigation.litigation_direct.total",
    "review_litigation.litigation_after_review.total",
)

_GROUP = "year, province, level, kind, scope, proved"
# Unknown is '' and, for a year, 0: a primary key takes no null.
_OF_REPORT = """
    coalesce(r.year, 0) as year, coalesce(r.province, '') as province,
    coalesce(r.level, '') as level, coalesce(r.issuer_kind, '') as kind"""
_FITS = f"c.value between -{LARGEST_COUNT} and {LARGEST_COUNT}"
# Sums of money are left out: they are no whole numbers.
_CELLS = f"""
    select case when {_FITS} then c.figure else '{TOO_LARGE}' end as figure,
      {_OF_REPORT}, coalesce(r.scope, '') as scope,
      s.status in ('read', 'recovered') and coalesce(r.trust, 'untrusted') <> 'untrusted'
        as proved, case when {_FITS} then c.value else 0 end as value
    from (
      select report_id, 'requests' as name, 'requests.' || "row" || '.' || applicant as figure,
        value from requests where (applicant = 'total' or "row" = 'new_requests') {{of_report}}
      union all
      select report_id, 'review_litigation', 'review_litigation.' || route || '.' || outcome, value
        from review_litigation where true {{of_report}}
      union all
      select report_id, 'active_disclosure', 'active_disclosure.' || item || '.' || measure, value
        from active_disclosure where measure <> 'amount_10k_cny' {{of_report}}
    ) c
    cross join reports r on r.id = c.report_id
    cross join tables_status s on s.report_id = c.report_id and s.name = c.name
    where r.year is not null and (typeof(c.value) = 'integer'
      or typeof(c.value) = 'real' and not {_FITS})"""
_EVALUATIONS = "select report_id, check_id, status from evaluations where true {of_report}"
_CHECKS = f"""
      select report_id, check_id, status from checks where true {{of_report}}
      union all
      select report_id, finding_id, status from findings where true {{of_report}}
      union all
      {_EVALUATIONS}"""


@dataclass(frozen=True, slots=True)
class _Summary:
    table: str
    key: str
    sums: Mapping[str, str]
    """Columns after the key, and what is added to them."""
    source: str


def _of_checks(source: str) -> _Summary:
    return _Summary(
        "check_totals",
        "check_id, status, year, province, level, kind",
        {"reports": "count(*)"},
        f"""select c.check_id as check_id, c.status as status, {_OF_REPORT}
            from ({source}) c cross join reports r on r.id = c.report_id""",
    )


_SUMMARIES = (
    _Summary("totals", f"figure, {_GROUP}", {"reports": "count(*)", "total": "sum(value)"}, _CELLS),
    _Summary(
        "spread",
        "figure, year, value, province, level, kind, scope, proved",
        {"reports": "count(*)"},
        f"select * from ({_CELLS}) where figure in {SPREAD}",
    ),
    _of_checks(_CHECKS),
)


def count(connection: Connection, report_id: str, sign: Literal[1, -1]) -> None:
    """Add what the report of that id holds to the sums (1), or take it away (-1).

    To be called when all its parts stand in the catalog, inside the caller's transaction.
    """
    for summary in _SUMMARIES:
        _add(connection, summary, report_id, sign)


def count_evaluations(connection: Connection, report_id: str, sign: Literal[1, -1]) -> None:
    """Do the same for the report's evaluations alone, which change with other reports too."""
    _add(connection, _of_checks(_EVALUATIONS), report_id, sign)


def recount(connection: Connection) -> None:
    """Make the sums anew from all reports; the same as counting each of them once."""
    for summary in _SUMMARIES:
        names = f"{summary.key}, {', '.join(summary.sums)}"
        connection.execute(f"delete from {summary.table}")
        connection.execute(f"insert into {summary.table} ({names}) {_counted(summary)}")


def miscounted(connection: Connection) -> dict[str, int]:
    """Return for each table of sums how many of its rows are wrong, missing or too many."""
    found = {}
    for summary in _SUMMARIES:
        names = f"{summary.key}, {', '.join(summary.sums)}"
        wanted, there = _counted(summary), f"select {names} from {summary.table}"
        sql = f"""select (select count(*) from (select * from ({wanted}) except {there}))
            + (select count(*) from ({there} except select * from ({wanted})))"""
        (found[summary.table],) = connection.execute(sql).fetchone()
    return found


def _counted(summary: _Summary) -> str:
    source = summary.source.format(of_report="")
    sums = ", ".join(summary.sums.values())
    return f"select {summary.key}, {sums} from ({source}) group by {summary.key}"


def _add(connection: Connection, summary: _Summary, report_id: str, sign: Literal[1, -1]) -> None:
    found = summary.source.format(of_report="and report_id = :id")
    signed = ", ".join(f":sign * {added}" for added in summary.sums.values())
    grown = ", ".join(f"{name} = {name} + excluded.{name}" for name in summary.sums)
    add = (
        f"insert into {summary.table} ({summary.key}, {', '.join(summary.sums)})"
        f" select {summary.key}, {signed} from ({found}) where true group by {summary.key}"
        f" on conflict do update set {grown}"
    )
    if sign > 0:
        connection.execute(add, {"id": report_id, "sign": sign})
        return
    changed = connection.execute(
        f"{add} returning reports, {summary.key}", {"id": report_id, "sign": sign}
    ).fetchall()
    this = " and ".join(f"{name} = ?" for name in summary.key.split(", "))
    connection.executemany(
        f"delete from {summary.table} where {this}",
        [key for reports, *key in changed if reports == 0],
    )
