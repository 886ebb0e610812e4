"""Views: what is asked often, in the words of a query."""

from functools import partial

from archive.catalog.schema.cells import CASE_CELLS, DISCLOSURE_CELLS, PANEL_CELLS, REQUEST_CELLS


def _cells(table: str, keys: tuple[str, str], cells: tuple[tuple[str, str], ...]) -> str:
    # One look-up by primary key per cell: only the columns that a query names cost anything.
    row, column = keys
    return ",\n  ".join(
        f"(select value from {table} q where q.report_id = r.id"
        f" and q.{row} = '{one}' and q.{column} = '{other}') as \"{one}__{other}\""
        for one, other in cells
    )


_REQUESTS = partial(_cells, "requests", ("row", "applicant"))
_DISCLOSURE = _cells("active_disclosure", ("item", "measure"), DISCLOSURE_CELLS)
_CASES = _cells("review_litigation", ("route", "outcome"), CASE_CELLS)


def _wide(table: str, cells: str) -> str:
    return f"""
        select r.id as report_id, r.agency_id as agency_id, r.issuer as issuer,
          r.issuer_kind as issuer_kind, r.scope as scope, r.division_code as division_code,
          r.province as province, r.level as level, r.year as year, r.form as form,
          r.trust as trust, s.status as status,
          {cells}
        from reports r join tables_status s on s.report_id = r.id and s.name = '{table}'
        where s.status not in ('absent', 'ambiguous')"""


def _table_status(table: str) -> str:
    return (
        "(select status from tables_status s where s.report_id = r.id"
        f" and s.name = '{table}') as {table}_status"
    )


# A sentence that differs from a table of the page's own grid is the office's fault sooner than the
# reader's; of another table nobody knows.
_CULPRIT_OF_FINDING = """
            case when status = 'conflict' and cells is not null then
              case (select s.status from tables_status s where s.report_id = findings.report_id
                      and s.name = substr(cells, 1, instr(cells, '.') - 1))
              when 'read' then 'office' else 'reading' end
            end"""

VIEWS: dict[str, str] = {
    # Divisions that an organ or a portal of the catalog belongs to, for every year of which the
    # catalog has any report.
    "coverage": """
        with years as (select distinct year from reports where year is not null),
        known as (
          select division_code as code from agencies where division_code is not null
          union select code from portals where code is not null
        ),
        organs as (select division_code, count(*) as n from agencies group by division_code),
        counted as (
          select division_code, year, count(*) as n from reports group by division_code, year
        )
        select known.code as division_code, divisions.name as division, divisions.level as level,
          divisions.province as province, years.year as year, coalesce(organs.n, 0) as agencies,
          coalesce(counted.n, 0) as reports, counted.n is not null as has_report
        from known cross join years
        left join divisions on divisions.code = known.code
        left join organs on organs.division_code = known.code
        left join counted on counted.division_code = known.code and counted.year = years.year""",
    "agency_coverage": """
        with years as (select distinct year from reports where year is not null)
        select agencies.id as agency_id, agencies.name as agency, agencies.kind as kind,
          agencies.division_code as division_code, agencies.province as province,
          agencies.level as level, years.year as year, reports.id as report_id,
          reports.status as status, reports.published as published,
          reports.id is not null as has_report
        from agencies cross join years
        left join reports on reports.agency_id = agencies.id and reports.year = years.year""",
    # Identities, findings and evaluations alike, with what a reviewer said of them. What findings
    # say of sections, evaluations say too, with whose fault it is.
    "judgements": f"""
        with told as (
          select report_id, 'identity' as source, check_id, status, "left", "right",
            null as formula, null as cells, message, null as culprit
          from checks
          union all
          select report_id, 'finding', finding_id, status, "left", "right", null, cells, message,
            {_CULPRIT_OF_FINDING}
          from findings where finding_id not glob 'section.*'
          union all
          select report_id, 'evaluation', check_id, status, "left", "right", formula, cells,
            message, culprit
          from evaluations
        )
        select told.*, verdicts.verdict as verdict,
          verdicts.verdict is not null and (verdicts.status is not told.status
            or verdicts."left" is not told."left" or verdicts."right" is not told."right"
          ) as outdated,
          verdicts.note as note, verdicts.reviewer as reviewer, verdicts.at as at
        from told left join verdicts
          on verdicts.report_id = told.report_id and verdicts.check_id = told.check_id""",
    "requests_wide": _wide("requests", _REQUESTS(REQUEST_CELLS)),
    "active_disclosure_wide": _wide("active_disclosure", _DISCLOSURE),
    "review_litigation_wide": _wide("review_litigation", _CASES),
    # An organ's year in one row.
    "reports_panel": f"""
        select r.agency_id as agency_id, r.year as year, r.id as report_id, r.issuer as issuer,
          r.issuer_kind as issuer_kind, r.scope as scope, r.division_code as division_code,
          r.township_code as township_code, r.province as province, r.level as level,
          r.form as form, r.published as published, r.trust as trust, r.status as status,
          {_table_status("active_disclosure")},
          {_table_status("requests")},
          {_table_status("review_litigation")},
          (select count(*) from checks c where c.report_id = r.id and c.status = 'fail')
            as failed_checks,
          {_DISCLOSURE},
          {_REQUESTS(PANEL_CELLS)},
          {_CASES}
        from reports r where r.agency_id is not null and r.year is not null""",
}
