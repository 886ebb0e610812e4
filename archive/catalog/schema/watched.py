"""What became of pages: their states, and the events that people act on."""

from archive.catalog.schema.spec import TableSpec

TABLES: dict[str, TableSpec] = {
    "states": TableSpec(
        {
            "url": str,
            "host": str,
            "kind": str,
            "state": str,
            "since": str,
            "checked_at": str,
            "tries": int,
            "report_id": str,
            "capture_id": str,
            "target": str,
            "evidence": str,
        },
        pk=("url",),
        foreign_keys=(("report_id", "reports", "id"), ("capture_id", "captures", "id")),
        indexes=(("state", "since"), ("host", "state"), ("report_id",)),
    ),
    "events": TableSpec(
        {
            "id": str,
            "kind": str,
            "host": str,
            "url": str,
            "report_id": str,
            "first_seen": str,
            "confirmed_at": str,
            "ended_at": str,
            "capture_id": str,
            "capture_before": str,
            "pages": int,
            "target": str,
            "cells": str,
            "silent": int,
            "message": str,
        },
        pk=("id",),
        foreign_keys=(
            ("report_id", "reports", "id"),
            ("capture_id", "captures", "id"),
            ("capture_before", "captures", "id"),
        ),
        indexes=(
            ("confirmed_at", "id"),
            ("kind", "confirmed_at", "id"),
            ("host", "confirmed_at"),
            ("report_id", "confirmed_at"),
        ),
    ),
    # Which hosts lead to which others by redirects: what happens at one concerns the other.
    "host_links": TableSpec(
        {"host": str, "target": str},
        pk=("host", "target"),
        indexes=(("target",),),
        small_rows=True,
    ),
    # Hosts whose states are to be made anew, and the run that gave the reason; empty when all is.
    "touched": TableSpec({"host": str, "run_id": str}, pk=("host", "run_id"), small_rows=True),
}
