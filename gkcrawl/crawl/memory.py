"""What earlier crawls found out about a portal: its columns, and when they were last looked for."""

from datetime import datetime

from archive.catalog import Catalog
from gkcrawl.crawl.ways import Known
from gkcrawl.families.discovery import COLUMNS
from gkcrawl.portals import Portal
from gkcrawl.schedule import load_rules

# Outcomes of a column's page after which it is not asked again: it is looked for elsewhere.
_GONE = frozenset({"not_found", "soft_404"})
# Ways by which a page is only tried: without a report it was no column.
_TRIED = frozenset({"guess", "search", "sitemap"})


def remembered(catalog: Catalog, portal: Portal, now: datetime) -> tuple[tuple[Known, ...], bool]:
    """Return the columns of a portal that finished crawls found, and whether it is time to look for
    them anew. What its file says of columns stands above both: then nothing, and False.

    The columns of a crawl that was killed are left out: it may not have found them all.
    """
    if portal.columns:
        return (), False
    known = tuple(
        Known(
            row["url"],
            row["anchor"] or "",
            tuple((anchor, url) for anchor, url in row["trail"]),
            row["way"] or "links",
            row["outcome"] == "report",
        )
        for row in catalog.columns(portal.url)
        if row["settled"] and row["outcome"] not in _GONE and not row["gone"] and _is_column(row)
    )
    return known, bool(known) and is_time_to_look(catalog.last_home(portal.url), now)


def is_time_to_look(last: str | None, now: datetime) -> bool:
    """Tell whether a portal's columns are to be looked for anew.

    ``last`` is when its home page was last fetched (ISO 8601, UTC), None: never; ``now`` is aware.
    """
    return last is None or now >= datetime.fromisoformat(last) + load_rules().columns


def _is_column(row: dict[str, object]) -> bool:
    if row["entries"]:
        return True
    return row["kind"] in COLUMNS and row["way"] not in _TRIED
