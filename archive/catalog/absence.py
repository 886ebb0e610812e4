"""Who has no report for a year, and why, as far as the catalog can tell.

The reason is the first of these that holds:

1. ``not_due``: the day by which the law asks for the report has not come;
2. a column lists a document whose title names the organ and the year: what came of it is why
   (``DOCUMENT``); ``elsewhere``: it was read as the report of another organ or year;
3. a column is known that lists other reports of the organ, or is that of its place: why it could
   not be read the last time (``PAGE``), else ``not_listed``;
4. a portal of its place is known: why its home page could not be read (``PAGE``), else
   ``not_visited`` where nothing of it was ever asked for, else ``no_column``;
5. ``no_portal``.

That the catalog has none does not say that none was published.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from archive import deadlines
from archive.catalog.coverage import CENTRAL, CENTRAL_CODE, Asked, Row, rows, span
from archive.catalog.entries import named, of_year, same_name
from archive.catalog.whereabouts import (
    COLUMNS_OF_ORGANS,
    COLUMNS_OF_PLACES,
    DOCUMENTS,
    ORGANS,
    PORTALS,
    WITHOUT,
)

# What came of a document (docs/outcomes.md) -> why its organ has no report.
DOCUMENT: Mapping[str | None, str] = {
    "never": "not_fetched",
    None: "pending",
    "not_found": "gone",
    "soft_404": "gone",
    "blocked": "blocked",
    "http_error": "failed",
    "truncated": "failed",
    "failed": "failed",
    "unreadable": "unreadable",
    "unsupported": "unreadable",
    "segmented": "unreadable",
    "attachment_only": "unreadable",
    "empty": "unreadable",
    "notice": "not_report",
    "template": "not_report",
    "listing": "not_report",
    "other_report": "not_report",
    "unrelated": "not_report",
    "report": "elsewhere",
}
# What came of a column or a home page -> why nothing is known of what is behind it.
PAGE: Mapping[str | None, str] = {
    outcome: reason
    for outcome, reason in DOCUMENT.items()
    if reason in ("gone", "blocked", "failed", "unreadable")
}
REASONS = (
    *("not_due", "not_fetched", "pending", "gone", "blocked", "failed", "unreadable"),
    *("not_report", "elsewhere", "not_listed", "no_column", "not_visited", "no_portal"),
)
"""Every reason there is, in the order in which pages list them."""
FIELDS = (
    *("what", "name", "reason", "at", "evidence", "outcome", "seen_at", "due", "years"),
    *("agency_id", "kind", "level", "division_code", "township_code", "division", "province"),
    *("capture_id", "url"),
)
"""What a row of ``missing`` says."""
# A document of an organ that is not known: these say that a report is there and is not had. A page
# whose text is in a file does not, for the file is a document of its own.
_LOST = frozenset({"not_fetched", "pending", "gone", "blocked", "failed", "unreadable"})
_IN_FILES = "attachment_only"

_BATCH = 500
"""Organs in one question: SQLite before 3.32 takes no more than 999 values."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the catalog knows of the ways to reports."""

    columns: Mapping[str, Row]
    """Id of an organ, code of a division or address of a portal -> the column seen last."""
    portals: Mapping[str, Row]
    """Address -> portal; code of a division -> that of its portals of which most is known."""


def missing(
    connection: sqlite3.Connection, year: int, today: date, asked: Asked | None = None
) -> list[Row]:
    """Return what has no report for ``year``, in the order of places; a row has the ``FIELDS``.

    ``what`` is ``agency`` (a known organ; ``years`` are those that are there), ``document`` (a
    column lists a report of an organ that is not known yet; ``name`` is its title) or ``portal``
    (of a division that no report for the year is of; ``url`` is its home page). The latter two
    come only where no level, kind or organ is asked for. ``at`` says where the reason was found
    (``document``, ``column``, ``portal``; None: nowhere), ``evidence`` is the address and
    ``seen_at`` the time of the last look at it; ``due`` is the day set by law, None: it sets none.
    """
    asked = asked or Asked()
    values = asked.values() | {"year": year, "digits": str(year)}
    county = asked.place[:6] if asked.place and asked.place != CENTRAL else asked.place
    values |= {f"near_{name}": code for name, code in span(county).items()}
    organs = rows(connection, ORGANS.format(which=asked.conditions()), values)
    told, strangers = _match(organs, of_year(rows(connection, DOCUMENTS, values), year))
    known = _Known(
        _newest(
            *_owned(rows(connection, COLUMNS_OF_PLACES, values), "code", "portal_url"),
            *_columns_of(connection, [organ["agency_id"] for organ in organs]),
        ),
        {row["owner"]: row for row in _owned(rows(connection, PORTALS, values), "code", "url")},
    )
    found = [
        organ | _why_organ(organ, year, today, told.get(organ["agency_id"]), known)
        for organ in organs
    ]
    if not (asked.level or asked.kind or asked.organ):
        if asked.place == county:
            found += [_stranger(document, year, today) for document in strangers]
        found += [
            portal | _why([portal["url"]], deadlines.last_due(year), today, known)
            for portal in rows(connection, WITHOUT, values)
        ]
    return [{name: row.get(name) for name in FIELDS} for row in sorted(found, key=_order)]


def _order(row: Row) -> tuple[str, ...]:
    named = ("what", "township_code", "name", "agency_id", "url")
    return row["division_code"] or "~", *(row.get(name) or "" for name in named)


def _match(organs: Sequence[Row], documents: Sequence[Row]) -> tuple[dict[str, Row], list[Row]]:
    """Return the documents by the ids of the organs that they name, and the lost ones that name
    none of these."""
    by_name = {
        same_name(organ["division_code"], organ["name"], organ["path"]): organ for organ in organs
    }
    told: dict[str, Row] = {}
    strangers: dict[str, Row] = {}
    for document in documents:
        who = named(document["anchor"])
        if not who:
            continue
        organ = by_name.get(same_name(document["code"], who, document["path"]))
        if organ:
            told[organ["agency_id"]] = document
        elif _is_lost(document):
            strangers[document["url"]] = document
    return told, list(strangers.values())


def _is_lost(document: Row) -> bool:
    if document["is_source"] or document["outcome"] == _IN_FILES:
        return False
    return DOCUMENT.get(document["outcome"]) in _LOST


def _columns_of(connection: sqlite3.Connection, organs: Sequence[str]) -> Iterable[Row]:
    for start in range(0, len(organs), _BATCH):
        some = organs[start : start + _BATCH]
        sql = COLUMNS_OF_ORGANS.format(marks=", ".join("?" * len(some)))
        yield from rows(connection, sql, some)


def _owned(found: Iterable[Row], *owners: str) -> Iterable[Row]:
    """Yield each row once for each of its owners."""
    return ({**row, "owner": row[owner]} for row in found for owner in owners)


def _newest(*columns: Row) -> dict[str, Row]:
    """Return of each owner's columns the one that was seen last."""
    return {row["owner"]: row for row in sorted(columns, key=lambda row: row["seen_at"] or "")}


def _why_organ(organ: Row, year: int, today: date, document: Row | None, known: _Known) -> Row:
    day = deadlines.due(organ["kind"], organ["scope"], year)
    last = day or deadlines.last_due(year)
    told = {"due": day.isoformat() if day else None}
    if document and last < today:
        outcome = "report" if document["is_source"] else document["outcome"]
        # A redirect and the like tell nothing: what follows decides.
        if outcome in DOCUMENT:
            return told | _evidence(DOCUMENT[outcome], "document", document)
    place = organ["division_code"] or CENTRAL_CODE
    return told | _why([organ["agency_id"], place], last, today, known)


def _stranger(document: Row, year: int, today: date) -> Row:
    place = {name: document[name] for name in ("division", "province", "level")}
    late = deadlines.last_due(year) < today
    reason = DOCUMENT[document["outcome"]] if late else "not_due"
    told = _evidence(reason, "document", document)
    return {
        "what": "document",
        "name": document["anchor"],
        "division_code": document["code"],
        **place,
        **told,
    }


def _why(owners: Sequence[str], last: date, today: date, known: _Known) -> Row:
    """Return why nothing is known, for an organ and its division, or for a portal."""
    if today <= last:
        return {"reason": "not_due"}
    column = next((known.columns[owner] for owner in owners if owner in known.columns), None)
    if column:
        return _evidence(PAGE.get(column["outcome"], "not_listed"), "column", column)
    portal = known.portals.get(owners[-1])
    if portal is None:
        return {"reason": "no_portal"}
    otherwise = "no_column" if portal["seen_at"] else "not_visited"
    return _evidence(PAGE.get(portal["outcome"], otherwise), "portal", portal)


def _evidence(reason: str, at: str, row: Row) -> Row:
    return {
        "reason": reason,
        "at": at,
        "evidence": row["url"],
        "outcome": None if row["outcome"] == "never" else row["outcome"],
        "seen_at": row["seen_at"],
        "capture_id": row.get("capture_id"),
    }
