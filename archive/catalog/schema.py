"""The tables, indexes and views of ``catalog.db``, as data.

What a column means is written in ``docs/data-dictionary.md``, which a test holds against this
module. Foreign keys are declared for readers (Datasette makes links of them) and are not
enforced: a capture may come to the catalog before its run, a report before its division.
"""

from dataclasses import dataclass
from functools import partial

from archive.catalog.database import Database
from archive.catalog.tokens import TOKENIZER

VERSION = 4
"""``PRAGMA user_version`` of a catalog that this module made."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: column -> Python type, primary key, foreign keys, indexes."""

    columns: dict[str, type]
    pk: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...] = ()
    """(column, other table, other column)."""
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[str, ...] = ()
    """Columns that have a unique index of their own."""
    small_rows: bool = False
    """Stored in the primary key's own tree (WITHOUT ROWID): half the size for rows of a few
    short columns, and the cells of a report lie side by side."""


_OF_REPORT = (("report_id", "reports", "id"),)

# Parents stand before the tables that refer to them. A column of type int also keeps a fraction
# as it is (SQLite's INTEGER affinity), so amounts of money stand beside counts.
TABLES: dict[str, TableSpec] = {
    "divisions": TableSpec(
        {
            "code": str,
            "name": str,
            "level": str,
            "parent": str,
            "province": str,
            "path": str,
            "start": int,
            "end": int,
            "successors": str,
        },
        pk=("code",),
        indexes=(("parent",), ("name",)),
    ),
    "portals": TableSpec(
        {
            "spider": str,
            "code": str,
            "name": str,
            "url": str,
            "family": str,
            "kind": str,
            "province": str,
            "least_reports": int,
        },
        pk=("spider", "url"),
        foreign_keys=(("code", "divisions", "code"),),
        indexes=(("code",),),
    ),
    "agencies": TableSpec(
        {
            "id": str,
            "name": str,
            "kind": str,
            "scope": str,
            "division_code": str,
            "township_code": str,
            "province": str,
            "level": str,
        },
        pk=("id",),
        foreign_keys=(("division_code", "divisions", "code"),),
        indexes=(("division_code",), ("province",), ("name",)),
    ),
    "runs": TableSpec(
        {
            "id": str,
            "spider": str,
            "started_at": str,
            "ended_at": str,
            "reason": str,
            "counts": str,
            "software": str,
            "user_agent": str,
            "contact": str,
            "settings": str,
        },
        pk=("id",),
        indexes=(("started_at",),),
    ),
    "captures": TableSpec(
        {
            "id": str,
            "url": str,
            "captured_at": str,
            "status": int,
            "media_type": str,
            "payload_digest": str,
            "warc": str,
            "offset": int,
            "length": int,
            "kind": str,
            "outcome": str,
            "message": str,
            "run_id": str,
            "refers_to": str,
        },
        pk=("id",),
        foreign_keys=(("run_id", "runs", "id"), ("refers_to", "captures", "id")),
        indexes=(
            ("url", "captured_at"),
            ("outcome", "captured_at"),
            ("run_id",),
            ("warc", "offset"),
            ("payload_digest",),
        ),
    ),
    "failures": TableSpec(
        {
            "id": str,
            "run_id": str,
            "url": str,
            "failed_at": str,
            "error": str,
            "message": str,
            "capture_id": str,
        },
        pk=("id",),
        foreign_keys=(("run_id", "runs", "id"), ("capture_id", "captures", "id")),
        indexes=(("url",), ("run_id",), ("failed_at",)),
    ),
    # What a person should know of a run: portals that moved, columns that are gone.
    "notices": TableSpec(
        {"run_id": str, "n": int, "kind": str, "portal": str, "url": str, "message": str},
        pk=("run_id", "n"),
        foreign_keys=(("run_id", "runs", "id"),),
        indexes=(("kind",), ("portal",)),
    ),
    # Columns of annual reports (年报栏目) and how they were found, as the captures of their pages
    # tell; what they list stands in listed, as far as it was fetched.
    "columns": TableSpec(
        {
            "portal_url": str,
            "url": str,
            "portal": str,
            "kind": str,
            "anchor": str,
            "trail": str,
            "way": str,
            "family": str,
            "first_seen": str,
            "last_seen": str,
            "outcome": str,
        },
        pk=("portal_url", "url"),
        indexes=(("portal",), ("url",)),
    ),
    "listed": TableSpec(
        {
            "column_url": str,
            "url": str,
            "anchor": str,
            "listed_date": str,
            "first_seen": str,
            "last_seen": str,
        },
        pk=("column_url", "url"),
        indexes=(("url",),),
    ),
    "reports": TableSpec(
        {
            "id": str,
            "agency_id": str,
            "title": str,
            "issuer": str,
            "issuer_kind": str,
            "scope": str,
            "division_code": str,
            "township_code": str,
            "province": str,
            "level": str,
            "year": int,
            "form": str,
            "form_source": str,
            "published": str,
            "published_source": str,
            "url": str,
            "capture_id": str,
            "captured_at": str,
            "trust": str,
            "status": str,
            "issuer_source": str,
            "issuer_confidence": float,
            "text": str,
            "text_digest": str,
            "cells_digest": str,
            # Address of the report in report_fts (archive.catalog.fulltext): a rowid of SQLite
            # may change (VACUUM), this does not.
            "docid": int,
        },
        pk=("id",),
        foreign_keys=(
            ("agency_id", "agencies", "id"),
            ("division_code", "divisions", "code"),
            ("capture_id", "captures", "id"),
        ),
        indexes=(
            ("agency_id", "year"),
            ("year", "province"),
            ("province", "level"),
            ("division_code", "year"),
            ("issuer_kind",),
            ("status",),
            ("captured_at",),
            # Rows are long with their text: what lists are chosen by is found without them.
            ("province", "id"),
            ("id", "year", "province", "issuer_kind"),
        ),
        unique=("docid",),
    ),
    # Every reading of every capture that is a report: what reports, sources and versions are
    # chosen from. `document` is the zlib-compressed JSON of the report as read.
    "readings": TableSpec(
        {
            "capture_id": str,
            "report_id": str,
            "agency_id": str,
            "url": str,
            "captured_at": str,
            "kind": str,
            "trust": str,
            "tables_read": int,
            "tables_inconsistent": int,
            "text_digest": str,
            "cells_digest": str,
            "digest": str,
            "document": bytes,
        },
        pk=("capture_id",),
        foreign_keys=(*_OF_REPORT, ("capture_id", "captures", "id")),
        indexes=(("report_id", "url", "captured_at"),),
    ),
    "sources": TableSpec(
        {
            "report_id": str,
            "url": str,
            "capture_id": str,
            "kind": str,
            "trust": str,
            "captured_at": str,
            "tables_read": int,
            "chosen": int,
        },
        pk=("report_id", "url"),
        foreign_keys=(*_OF_REPORT, ("capture_id", "captures", "id")),
        indexes=(("url",),),
    ),
    "versions": TableSpec(
        {
            "report_id": str,
            "n": int,
            "capture_id": str,
            "seen_at": str,
            "text_digest": str,
            "cells_digest": str,
        },
        pk=("report_id", "n"),
        foreign_keys=(*_OF_REPORT, ("capture_id", "captures", "id")),
        indexes=(("seen_at", "report_id", "n"), ("n", "seen_at", "report_id")),
    ),
    "sections": TableSpec(
        {"report_id": str, "key": str, "text": str},
        pk=("report_id", "key"),
        foreign_keys=_OF_REPORT,
    ),
    "active_disclosure": TableSpec(
        {"report_id": str, "item": str, "measure": str, "value": int, "raw": str},
        pk=("report_id", "item", "measure"),
        foreign_keys=_OF_REPORT,
        indexes=(("item", "measure"),),
        small_rows=True,
    ),
    "requests": TableSpec(
        {"report_id": str, "row": str, "applicant": str, "value": int, "raw": str},
        pk=("report_id", "row", "applicant"),
        foreign_keys=_OF_REPORT,
        indexes=(("row", "applicant"),),
        small_rows=True,
    ),
    "review_litigation": TableSpec(
        {"report_id": str, "route": str, "outcome": str, "value": int, "raw": str},
        pk=("report_id", "route", "outcome"),
        foreign_keys=_OF_REPORT,
        indexes=(("route", "outcome"),),
        small_rows=True,
    ),
    "tables_status": TableSpec(
        {"report_id": str, "name": str, "status": str, "readings": int},
        pk=("report_id", "name"),
        foreign_keys=_OF_REPORT,
        indexes=(("name", "status"),),
        small_rows=True,
    ),
    "checks": TableSpec(
        {
            "report_id": str,
            "check_id": str,
            "status": str,
            "left": int,
            "right": int,
            "with_blanks_as_zero": int,
            "message": str,
        },
        pk=("report_id", "check_id"),
        foreign_keys=_OF_REPORT,
        indexes=(("status", "check_id"),),
        small_rows=True,
    ),
    "findings": TableSpec(
        {
            "report_id": str,
            "finding_id": str,
            "status": str,
            "left": int,
            "right": int,
            "quote": str,
            "message": str,
            "cells": str,
        },
        pk=("report_id", "finding_id"),
        foreign_keys=_OF_REPORT,
        indexes=(("status", "finding_id"),),
    ),
    # What is told by a report beside its last year's and its place's: see archive.evaluation.
    "evaluations": TableSpec(
        {
            "report_id": str,
            "check_id": str,
            "status": str,
            "left": int,
            "right": int,
            "formula": str,
            "cells": str,
            "message": str,
            "culprit": str,
        },
        pk=("report_id", "check_id"),
        foreign_keys=_OF_REPORT,
        indexes=(("status", "check_id"),),
        small_rows=True,
    ),
    # What reviewers said of checks, findings and evaluations: entered from verdicts.jsonl.
    "verdicts": TableSpec(
        {
            "report_id": str,
            "check_id": str,
            "verdict": str,
            "note": str,
            "reviewer": str,
            "at": str,
            "status": str,
            "left": int,
            "right": int,
        },
        pk=("report_id", "check_id"),
        foreign_keys=_OF_REPORT,
        indexes=(("verdict", "at"),),
    ),
    "indicators": TableSpec(
        {
            "report_id": str,
            "position": int,
            "label": str,
            "unit": str,
            "value": int,
            "raw": str,
            "code": str,
        },
        pk=("report_id", "position"),
        foreign_keys=_OF_REPORT,
    ),
    "warnings": TableSpec(
        {"report_id": str, "n": int, "message": str}, pk=("report_id", "n"), foreign_keys=_OF_REPORT
    ),
    "attachments": TableSpec(
        {"report_id": str, "n": int, "url": str}, pk=("report_id", "n"), foreign_keys=_OF_REPORT
    ),
    # Sums over many reports, kept ready (archive.catalog.totals).
    "totals": TableSpec(
        {
            "figure": str,
            "year": int,
            "province": str,
            "level": str,
            "kind": str,
            "scope": str,
            "proved": int,
            "reports": int,
            "total": int,
        },
        pk=("figure", "year", "province", "level", "kind", "scope", "proved"),
        small_rows=True,
    ),
    "spread": TableSpec(
        {
            "figure": str,
            "year": int,
            "province": str,
            "level": str,
            "kind": str,
            "scope": str,
            "proved": int,
            "value": int,
            "reports": int,
        },
        # In the order in which a median is looked for.
        pk=("figure", "year", "value", "province", "level", "kind", "scope", "proved"),
        small_rows=True,
    ),
    "check_totals": TableSpec(
        {
            "check_id": str,
            "status": str,
            "year": int,
            "province": str,
            "level": str,
            "kind": str,
            "reports": int,
        },
        pk=("check_id", "status", "year", "province", "level", "kind"),
        small_rows=True,
    ),
}

REPORT_PARTS = (
    "sections",
    "active_disclosure",
    "requests",
    "review_litigation",
    "tables_status",
    "checks",
    "findings",
    "indicators",
    "warnings",
    "attachments",
)
"""Tables that hold what was read of a report's chosen source: written and deleted with it."""

# Table III of both forms (国办公开办函〔2021〕30号, 〔2019〕60号): the rows of 2021 in order,
# with the one row that stands for three of them in 2019.
REQUEST_ROWS = (
    *("new_requests", "carried_over_in", "granted", "partially_granted"),
    *("denied_state_secret", "denied_law_prohibited", "denied_security_stability"),
    *("denied_third_party", "denied_internal_affairs", "denied_process_info"),
    *("denied_enforcement_file", "denied_admin_query"),
    *("unavailable_not_held", "unavailable_needs_creation", "unavailable_still_unclear"),
    *("rejected_petition_complaint", "rejected_duplicate", "rejected_public_publication"),
    *("rejected_excessive", "rejected_reconfirmation"),
    *("other_no_correction", "other_fee_unpaid", "other_other", "other_total"),
    *("handled_total", "carried_over_out"),
)
APPLICANTS = (
    *("natural_person", "business_enterprise", "research_institution", "public_welfare_org"),
    *("legal_service_org", "other_org", "total"),
)

REQUEST_CELLS = tuple((row, applicant) for row in REQUEST_ROWS for applicant in APPLICANTS)
# Table II: what is told of each item, in the form of 2021 and then in that of 2019.
_DOCUMENTS = ("issued", "repealed", "valid", "newly_made", "newly_disclosed", "total_disclosed")
_ITEMS = ("items_prev_year", "items_change")
DISCLOSURE_CELLS = tuple(
    (item, measure)
    for item, measures in {
        "regulations": _DOCUMENTS,
        "normative_docs": _DOCUMENTS,
        "admin_licensing": ("decisions", *_ITEMS),
        "other_services": ("decisions", *_ITEMS),
        "admin_penalty": ("decisions", *_ITEMS),
        "admin_coercion": ("decisions", *_ITEMS),
        "admin_fees": ("amount_10k_cny", *_ITEMS),
        "central_procurement": ("projects", "amount_10k_cny"),
    }.items()
    for measure in measures
)
CASE_CELLS = tuple(
    (route, outcome)
    for route in ("review", "litigation_direct", "litigation_after_review")
    for outcome in ("upheld", "corrected", "other", "pending", "total")
)
# Of Table III what regressions begin with: who asked, and every outcome in total.
PANEL_CELLS = tuple(cell for cell in REQUEST_CELLS if "new_requests" in cell or "total" in cell)


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

# Contentless: the text stands in reports, the index holds what archive.catalog.tokens makes of it.
FTS_TABLE = "report_fts"
FTS_SQL = f"""create virtual table {FTS_TABLE}
    using fts5(text, names, tags, content='', tokenize="{TOKENIZER}")"""


def create_schema(db: Database) -> None:
    """Make every table, index and view in the empty database ``db`` and stamp its version."""
    for name, spec in TABLES.items():
        sql = db.create_table_sql(
            name, spec.columns, pk=spec.pk, foreign_keys=list(spec.foreign_keys)
        )
        db.execute(sql.rstrip("; \n") + (" without rowid" if spec.small_rows else ""))
        table = db.table(name)
        for columns in spec.indexes:
            table.create_index(list(columns))
        for column in spec.unique:
            table.create_index([column], unique=True)
    db.execute(FTS_SQL)
    for name, sql in VIEWS.items():
        db.create_view(name, sql)
    db.execute(f"pragma user_version = {VERSION}")
