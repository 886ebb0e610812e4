"""Sums over many reports, kept ready: a page that adds up all cells of all reports is never quick.

The three tables hold one row per figure (or check) and group of reports — year, province, level,
kind and scope of the organ — so their size does not grow with the number of reports. They follow
from the reports alone: what a report adds when it is written, it takes away when it is removed.
All of it is whole numbers, for which order does not matter.

The rule stands here twice: in Python for what a few reports change, and in SQL for all reports at
once (``recount``); ``miscounted`` holds the one against the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, Literal

from archive.records import LARGEST_COUNT, Number

Row = Mapping[str, Any]
Sign = Literal[1, -1]

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
COUNTED = ("requests", "review_litigation", "active_disclosure", "checks", "findings")
"""The parts of a report that are counted, beside ``tables_status``, which says how."""

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
        value from requests where applicant = 'total' or "row" = 'new_requests'
      union all
      select report_id, 'review_litigation', 'review_litigation.' || route || '.' || outcome, value
        from review_litigation
      union all
      select report_id, 'active_disclosure', 'active_disclosure.' || item || '.' || measure, value
        from active_disclosure where measure <> 'amount_10k_cny'
    ) c
    cross join reports r on r.id = c.report_id
    cross join tables_status s on s.report_id = c.report_id and s.name = c.name
    where r.year is not null and (typeof(c.value) = 'integer'
      or typeof(c.value) = 'real' and not {_FITS})"""
_CHECKS = """
      select report_id, check_id, status from checks
      union all
      select report_id, finding_id, status from findings
      union all
      select report_id, check_id, status from evaluations"""


@dataclass(frozen=True, slots=True)
class _Summary:
    table: str
    key: str
    sums: Mapping[str, str]
    """Columns after the key, and what is added to them."""
    source: str

    @property
    def columns(self) -> str:
        return f"{self.key}, {', '.join(self.sums)}"


_SUMMARIES = (
    _Summary("totals", f"figure, {_GROUP}", {"reports": "count(*)", "total": "sum(value)"}, _CELLS),
    _Summary(
        "spread",
        "figure, year, value, province, level, kind, scope, proved",
        {"reports": "count(*)"},
        f"select * from ({_CELLS}) where figure in {SPREAD}",
    ),
    _Summary(
        "check_totals",
        "check_id, status, year, province, level, kind",
        {"reports": "count(*)"},
        f"""select c.check_id as check_id, c.status as status, {_OF_REPORT}
            from ({_CHECKS}) c cross join reports r on r.id = c.report_id""",
    ),
)
_TOTALS, _SPREAD, _CHECK_TOTALS = _SUMMARIES


class Changes:
    """What some reports change in the sums, collected and then written at once."""

    def __init__(self) -> None:
        self._totals: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        self._spread: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0])
        self._checks: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0])

    def count(self, report: Row, parts: Mapping[str, Sequence[Row]], sign: Sign) -> None:
        """Add what a row of ``reports`` and the rows of its parts hold (1), or take it away (-1);
        its evaluations are counted apart, since they change with other reports too."""
        told = [(row["check_id"], row["status"]) for row in parts["checks"]]
        told += [(row["finding_id"], row["status"]) for row in parts["findings"]]
        self.count_checks(report, told, sign)
        if report["year"] is None:
            return
        year, *place = _group(report)
        place.append(report["scope"] or "")
        is_trusted = (report["trust"] or "untrusted") != "untrusted"
        status = {row["name"]: row["status"] for row in parts["tables_status"]}
        for name, figure, value in _figures(parts):
            proved = int(is_trusted and status[name] in ("read", "recovered"))
            fits = abs(value) <= LARGEST_COUNT
            if fits and value != int(value):
                continue
            value = int(value) if fits else 0
            counted = self._totals[(figure if fits else TOO_LARGE, year, *place, proved)]
            counted[0] += sign
            counted[1] += sign * value
            if fits and figure in SPREAD:
                self._spread[(figure, year, value, *place, proved)][0] += sign

    def count_checks(self, report: Row, told: Iterable[tuple[str, str]], sign: Sign) -> None:
        """Do the same for judgements: id and status."""
        group = _group(report)
        for judged in told:
            self._checks[(*judged, *group)][0] += sign

    def write(self, connection: Connection) -> None:
        """Write what was collected, inside the caller's transaction."""
        _add(connection, _TOTALS, self._totals)
        _add(connection, _SPREAD, self._spread)
        _add(connection, _CHECK_TOTALS, self._checks)


def recount(connection: Connection) -> None:
    """Make the sums anew from all reports; the same as counting each of them once."""
    for summary in _SUMMARIES:
        connection.execute(f"delete from {summary.table}")
        connection.execute(f"insert into {summary.table} ({summary.columns}) {_counted(summary)}")


def miscounted(connection: Connection) -> dict[str, int]:
    """Return for each table of sums how many of its rows are wrong, missing or too many."""
    found = {}
    for summary in _SUMMARIES:
        wanted, there = _counted(summary), f"select {summary.columns} from {summary.table}"
        sql = f"""select (select count(*) from (select * from ({wanted}) except {there}))
            + (select count(*) from ({there} except select * from ({wanted})))"""
        (found[summary.table],) = connection.execute(sql).fetchone()
    return found


def _group(report: Row) -> tuple[int, str, str, str]:
    return (
        report["year"] or 0,
        report["province"] or "",
        report["level"] or "",
        report["issuer_kind"] or "",
    )


def _figures(parts: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, str, Number]]:
    """Yield table, figure and value of the cells that are counted."""
    for row in parts["requests"]:
        asked, by = row["row"], row["applicant"]
        if row["value"] is not None and (by == "total" or asked == "new_requests"):
            yield "requests", f"requests.{asked}.{by}", row["value"]
    for row in parts["review_litigation"]:
        if row["value"] is not None:
            figure = f"review_litigation.{row['route']}.{row['outcome']}"
            yield "review_litigation", figure, row["value"]
    for row in parts["active_disclosure"]:
        if row["value"] is not None and row["measure"] != "amount_10k_cny":
            figure = f"active_disclosure.{row['item']}.{row['measure']}"
            yield "active_disclosure", figure, row["value"]


def _counted(summary: _Summary) -> str:
    sums = ", ".join(summary.sums.values())
    return f"select {summary.key}, {sums} from ({summary.source}) group by {summary.key}"


def _add(
    connection: Connection, summary: _Summary, changed: Mapping[tuple[Any, ...], Sequence[int]]
) -> None:
    grown = ", ".join(f"{name} = {name} + excluded.{name}" for name in summary.sums)
    marks = ", ".join("?" * len(summary.columns.split(", ")))
    # In the order of the table, whose pages are then met one after another.
    rows = [(*key, *sums) for key, sums in sorted(changed.items()) if any(sums)]
    connection.executemany(
        f"insert into {summary.table} ({summary.columns}) values ({marks})"
        f" on conflict do update set {grown}",
        rows,
    )
    this = " and ".join(f"{name} = ?" for name in summary.key.split(", "))
    fewer = [key for key, sums in changed.items() if sums[0] < 0]
    connection.executemany(f"delete from {summary.table} where {this} and reports = 0", fewer)
