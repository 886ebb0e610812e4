"""Keeps ``evaluations``: what reports show beside last year's and their place's.

The rows of a report follow from three things: the report, last year's of the same organ, and, where
it speaks for a whole place, the reports of that place for the same year. So when a report is
written, changed or taken away, its own rows are made anew, those of the organ's next year, and the
one row about the sum of organs in the reports for its place and the place above. That is a few
milliseconds whatever the catalog holds, since the organs of one place and year are some hundreds at
the most; and the order of arrival does not matter.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from archive.catalog import totals
from archive.catalog.evaluated import Entered, Reports, place_above
from archive.catalog.rows import storable
from archive.evaluation import AGGREGATE, Evaluation, aggregated, evaluate

Values = tuple[Any, ...]
Wanted = dict[tuple[str, str], Values]
"""Rows of ``evaluations`` by report and check."""

_Key = tuple[str | None, int, str | None, str | None]
"""Organ, year, place and scope of a report."""

_COLUMNS = 'report_id, check_id, status, "left", "right", formula, cells, message, culprit'
_INSERT = f"insert or replace into evaluations ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE = "delete from evaluations where report_id = ? and check_id = ?"
_STANDING = f"""
    select {_COLUMNS} from evaluations where report_id in (select value from json_each(?))"""
_WHOLES = "select id from reports where division_code = ? and year = ? and scope = 'aggregate'"
# By organ and year, so that last year's report has just been read.
_ALL = "select id from reports order by agency_id, year"
_AT_ONCE = 200


def reevaluate(
    connection: Connection,
    settled: Mapping[str, Mapping[str, Any] | None],
    changes: totals.Changes,
) -> None:
    """Bring the evaluations up to date after reports were settled.

    ``settled``: by their ids their rows of ``reports`` before; None: it was not there. Those that
    are gone have no evaluations any more. ``changes`` takes what changes in the sums. Part of the
    caller's transaction.
    """
    reports = Reports(connection)
    reports.load(settled)
    keys = [key for one, standing in settled.items() for key in _keys(standing, reports.get(one))]
    following = {f"{agency}-{year + 1}" for agency, year, *_ in keys if agency}
    reports.load(following | {f"{agency}-{year - 1}" for agency, year, *_ in keys if agency})
    # Reports themselves too: what spoke for the whole before may now speak for one organ.
    wholes = set(settled)
    for place in dict.fromkeys(_places(keys)):
        wholes |= {whole for (whole,) in connection.execute(_WHOLES, place)}
    reports.load(wholes)
    judged = {*settled, *following}
    wanted: Wanted = {}
    for one in sorted(judged | wholes):
        if report := reports.get(one):
            own = evaluate(report.known, reports.before(report)) if one in judged else ()
            of_place = _of_place(reports, report) if one in wholes else ()
            wanted |= {(one, found.id): _values(one, found) for found in (*own, *of_place)}
    standing = {
        (row[0], row[1]): row
        for row in connection.execute(_STANDING, [json.dumps(sorted(judged | wholes))])
        if row[0] in (wholes if row[1] == AGGREGATE else judged)
    }
    _replace(connection, reports, standing, wanted, changes)


def evaluate_all(connection: Connection) -> None:
    """Make the evaluations of every report, and the sums over all, anew; of catalogs that were
    filled without ``reevaluate``."""
    connection.execute("delete from evaluations")
    for _, rows in evaluated(connection):
        connection.executemany(_INSERT, rows)
    totals.recount(connection)


def evaluated(connection: Connection) -> Iterator[tuple[str, list[Values]]]:
    """Yield the id of each report with the rows of ``evaluations`` that it must have."""
    found = [report_id for (report_id,) in connection.execute(_ALL)]
    for n in range(0, len(found), _AT_ONCE):
        # What was read of other organs is of no more use.
        reports = Reports(connection)
        reports.load(found[n : n + _AT_ONCE])
        for report_id in found[n : n + _AT_ONCE]:
            if report := reports.get(report_id):
                own = evaluate(report.known, reports.before(report))
                rows = [_values(report_id, one) for one in (*own, *_of_place(reports, report))]
                yield report_id, rows


def _keys(standing: Mapping[str, Any] | None, now: Entered | None) -> Iterator[_Key]:
    """Yield organ, year, place and scope of a report before and now, where the year is known."""
    if standing and standing["year"] is not None:
        row = standing
        yield row["agency_id"], row["year"], row["division_code"], row["scope"]
    if now and now.known.year is not None:
        yield now.agency_id, now.known.year, now.division_code, now.known.scope


def _places(keys: Iterable[_Key]) -> Iterator[tuple[str, int]]:
    """Yield place and year of the reports that reports may be counted in."""
    for _, year, place, scope in keys:
        if place:
            yield place, year
            if scope == "aggregate" and (above := place_above(place)):
                yield above, year


def _of_place(reports: Reports, report: Entered) -> Iterator[Evaluation]:
    """Yield the evaluation of a report for a whole place against those of its organs."""
    if report.known.scope != "aggregate":
        return
    place, year = report.division_code, report.known.year
    if place and year is not None:
        organs, below = reports.organs(place, year), reports.below(place, year)
        yield from aggregated(report.known, organs, below)


def _replace(
    connection: Connection,
    reports: Reports,
    standing: Wanted,
    wanted: Wanted,
    changes: totals.Changes,
) -> None:
    """Write the rows that are wanted in place of those that stand there and are others."""
    gone = {key: row for key, row in standing.items() if wanted.get(key) != row}
    new = {key: row for key, row in wanted.items() if standing.get(key) != row}
    signed: tuple[tuple[totals.Sign, Wanted], ...] = ((-1, gone), (1, new))
    for sign, rows in signed:
        for (report_id, check_id), row in rows.items():
            if report := reports.get(report_id):
                changes.count_checks(report.row, [(check_id, row[2])], sign)
    connection.executemany(_DELETE, gone.keys() - new.keys())
    connection.executemany(_INSERT, new.values())


def _values(report_id: str, one: Evaluation) -> tuple[Any, ...]:
    cells = " ".join(one.cells) or None
    sides = (storable(one.left), storable(one.right))
    return (report_id, one.id, one.status, *sides, one.formula, cells, one.message, one.culprit)
