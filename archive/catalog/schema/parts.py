"""What was read of a report: a table for each part of it."""

from archive.catalog.schema.spec import OF_REPORT, TableSpec

TABLES: dict[str, TableSpec] = {
    "sections": TableSpec(
        {"report_id": str, "key": str, "text": str},
        pk=("report_id", "key"),
        foreign_keys=OF_REPORT,
    ),
    "active_disclosure": TableSpec(
        {"report_id": str, "item": str, "measure": str, "value": int, "raw": str},
        pk=("report_id", "item", "measure"),
        foreign_keys=OF_REPORT,
        indexes=(("item", "measure"),),
        small_rows=True,
    ),
    "requests": TableSpec(
        {"report_id": str, "row": str, "applicant": str, "value": int, "raw": str},
        pk=("report_id", "row", "applicant"),
        foreign_keys=OF_REPORT,
        indexes=(("row", "applicant"),),
        small_rows=True,
    ),
    "review_litigation": TableSpec(
        {"report_id": str, "route": str, "outcome": str, "value": int, "raw": str},
        pk=("report_id", "route", "outcome"),
        foreign_keys=OF_REPORT,
        indexes=(("route", "outcome"),),
        small_rows=True,
    ),
    "tables_status": TableSpec(
        {"report_id": str, "name": str, "status": str, "readings": int},
        pk=("report_id", "name"),
        foreign_keys=OF_REPORT,
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
        foreign_keys=OF_REPORT,
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
        foreign_keys=OF_REPORT,
        indexes=(("status", "finding_id"),),
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
        foreign_keys=OF_REPORT,
    ),
    "warnings": TableSpec(
        {"report_id": str, "n": int, "message": str}, pk=("report_id", "n"), foreign_keys=OF_REPORT
    ),
    "attachments": TableSpec(
        {"report_id": str, "n": int, "url": str}, pk=("report_id", "n"), foreign_keys=OF_REPORT
    ),
}
