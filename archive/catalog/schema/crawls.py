"""What was fetched, and by which run."""

from archive.catalog.schema.spec import TableSpec

TABLES: dict[str, TableSpec] = {
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
    # What a run was held against at its end.
    "monitors": TableSpec(
        {
            "run_id": str,
            "n": int,
            "name": str,
            "portal": str,
            "status": str,
            "measured": int,
            "expected": str,
            "message": str,
        },
        pk=("run_id", "n"),
        foreign_keys=(("run_id", "runs", "id"),),
        indexes=(("name", "portal"), ("status",)),
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
}
