"""What is said of reports beside one another: evaluations, verdicts, sums."""

from archive.catalog.schema.spec import OF_REPORT, TableSpec

TABLES: dict[str, TableSpec] = {
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
        foreign_keys=OF_REPORT,
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
        foreign_keys=OF_REPORT,
        indexes=(("verdict", "at"),),
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
