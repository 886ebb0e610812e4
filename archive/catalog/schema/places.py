"""Who publishes: divisions, portals, organs."""

from archive.catalog.schema.spec import TableSpec

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
}
