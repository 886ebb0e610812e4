"""The reports, and what each of them is chosen from."""

from archive.catalog.schema.spec import OF_REPORT, TableSpec

TABLES: dict[str, TableSpec] = {
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
        foreign_keys=(*OF_REPORT, ("capture_id", "captures", "id")),
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
        foreign_keys=(*OF_REPORT, ("capture_id", "captures", "id")),
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
        foreign_keys=(*OF_REPORT, ("capture_id", "captures", "id")),
        indexes=(("seen_at", "report_id", "n"), ("n", "seen_at", "report_id")),
    ),
}
