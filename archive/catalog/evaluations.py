"""Keeps ``evaluations``: what reports show beside last year's and their place's.

The rows of a report follow from three things: the report, last year's of the same organ, and, where
it speaks for a whole place, the reports of that place for the same year. So when a report is
written, changed or taken away, its own rows are made anew, those of the organ's next year, and the
one row about the sum of organs in the reports for its place and the place above. That is a few
milliseconds whatever the catalog holds, since the organs of one place and year are some hundreds at
the most; and the order of arrival does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from archive.catalog import totals
from archive.catalog.evaluated import Entered, Reports, place_above
from archive.catalog.rows import storable
from archive.evaluation import AGGREGATE, Evaluation, aggregated, evaluate

_COLUMNS = 'report_id, check_id, status, "left", "right", formula, cells, message, culprit'
_INSERT = f"insert into evaluations ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
# The rows that follow from the report and last year's, and the one that follows from its place's.
_OWN, _OF_PLACE = f"check_id <> '{AGGREGATE}'", f"check_id = '{AGGREGATE}'"
_WHOLES = "select id from reports where division_code = ? and year = ? and scope = 'aggregate'"
# By organ and year, so that last year's report has just been read.
_ALL = "select id from reports order by agency_id, year"


def reevaluate(connection: Connection, report_id: str, standing: Mapping[str, Any] | None) -> None:
    """Bring the evaluations up to date after a report was settled.

    ``standing``: its row of ``reports`` before; None: it was not there. Part of the caller's
    transaction.
    """
    reports = Reports(connection)
    now = reports.get(report_id)
    if now is None:
        connection.execute("delete from evaluations where report_id = ?", [report_id])
    else:
        _replace(connection, report_id, _OWN, evaluate(now.known, reports.before(now)))
    places = dict.fromkeys(_places(standing, now))
    for agency, year in {(agency, year) for agency, year, *_ in _keys(standing, now) if agency}:
        following = reports.get(f"{agency}-{year + 1}")
        if following:
            found = evaluate(following.known, reports.before(following))
            _replace(connection, following.id, _OWN, found)
    # The report itself too: what spoke for the whole before may now speak for one organ.
    wholes = {report_id} if now else set()
    for key in places:
        wholes |= {whole for (whole,) in connection.execute(_WHOLES, key)}
    for whole in sorted(wholes):
        _replace(connection, whole, _OF_PLACE, _of_place(reports, reports.get(whole)))


def evaluate_all(connection: Connection) -> None:
    """Make the evaluations of every report, and the sums over all, anew; of catalogs that were
    filled without ``reevaluate``."""
    connection.execute("delete from evaluations")
    for _, rows in evaluated(connection):
        connection.executemany(_INSERT, rows)
    totals.recount(connection)


def evaluated(connection: Connection) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Yield the id of each report with the rows of ``evaluations`` that it must have."""
    reports, agency = Reports(connection), None
    for (report_id,) in connection.execute(_ALL).fetchall():
        if (report := reports.get(report_id)) is None:
            continue
        if report.agency_id != agency:
            # What was read of another organ is of no more use.
            reports, agency = Reports(connection), report.agency_id
        found = [*evaluate(report.known, reports.before(report)), *_of_place(reports, report)]
        yield report_id, [_values(report_id, one) for one in found]


def _keys(
    standing: Mapping[str, Any] | None, now: Entered | None
) -> Iterator[tuple[str | None, int, str | None, str | None]]:
    """Yield organ, year, place and scope of a report before and now, where the year is known."""
    if standing and standing["year"] is not None:
        row = standing
        yield row["agency_id"], row["year"], row["division_code"], row["scope"]
    if now and now.known.year is not None:
        yield now.agency_id, now.known.year, now.division_code, now.known.scope


def _places(standing: Mapping[str, Any] | None, now: Entered | None) -> Iterator[tuple[str, int]]:
    """Yield place and year of the reports that a report, before and now, may be counted in."""
    for _, year, place, scope in _keys(standing, now):
        if place:
            yield place, year
            if scope == "aggregate" and (above := place_above(place)):
                yield above, year


def _of_place(reports: Reports, report: Entered | None) -> Iterator[Evaluation]:
    """Yield the evaluation of a report for a whole place against those of its organs."""
    if report is None or report.known.scope != "aggregate":
        return
    place, year = report.division_code, report.known.year
    if place and year is not None:
        organs, below = reports.organs(place, year), reports.below(place, year)
        yield from aggregated(report.known, organs, below)


def _replace(
    connection: Connection, report_id: str, which: str, evaluations: Iterable[Evaluation]
) -> None:
    """Write these rows of a report unless they stand there already."""
    rows = {one.id: _values(report_id, one) for one in evaluations}
    there = f"from evaluations where report_id = ? and {which}"
    standing = connection.execute(f"select {_COLUMNS} {there}", [report_id]).fetchall()
    if {row[1]: row for row in standing} == rows:
        return
    totals.count_evaluations(connection, report_id, -1)
    if standing:
        connection.execute(f"delete {there}", [report_id])
    connection.executemany(_INSERT, rows.values())
    totals.count_evaluations(connection, report_id, 1)


def _values(report_id: str, one: Evaluation) -> tuple[Any, ...]:
    cells = " ".join(one.cells) or None
    sides = (storable(one.left), storable(one.right))
    return (report_id, one.id, one.status, *sides, one.formula, cells, one.message, one.culprit)
