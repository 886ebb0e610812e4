"""What a report becomes in the catalog: rows of its tables, digests, overall status. Pure.

A report travels as its *document*, the JSON of ``Report.as_dict`` in compressed form, so that
rows made now and rows made later from a kept reading are the same rows.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.catalog.ids import agency_id, level, report_id
from archive.records import Issuer, Reading

Row = dict[str, Any]

# table -> the names of its two key columns.
CELL_TABLES = {
    "active_disclosure": ("item", "measure"),
    "requests": ("row", "applicant"),
    "review_litigation": ("route", "outcome"),
}
PROVED = frozenset({"read", "recovered"})
_INT64 = 2**63


@dataclass(frozen=True, slots=True)
class Told:
    """What was read of a capture that is a report."""

    row: Row
    """Of ``readings``."""
    fields: Row
    """The document: the fields of the report."""


def told_by(reading: Reading) -> Told | None:
    """Return what the catalog keeps of a capture that is a report; None for any other.

    What a web archive showed stands under its own address and the day when that archive took it.
    """
    report = reading.report
    if report is None:
        return None
    capture, hints = reading.stored.capture, reading.stored.hints
    url = reading.stored.address
    fields = report.as_dict() | {"readings": dict(report.tables.readings)}
    told = json.dumps(fields, ensure_ascii=False)
    try:
        content = told.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair is no text for SQLite; "?" stands for it.
        content = told.encode("utf-8", "replace")
        fields = json.loads(content)
    row = {
        "capture_id": capture.id,
        "url": url,
        "captured_at": hints.get("archived_at") or capture.captured_at,
        "kind": capture.kind,
        **told_of_reading(fields, url),
        "digest": content_digest(content),
        "document": zlib.compress(content),
    }
    return Told(row, fields)


def told_of_reading(fields: Row, url: str) -> Row:
    """Return the columns of ``readings`` that follow from the document and its address."""
    issuer = Issuer(**fields["issuer"] | {"path": tuple(fields["issuer"]["path"])})
    agency = agency_id(issuer)
    states = list(table_states(fields).values())
    return {
        "report_id": report_id(agency, fields["year"], url),
        "agency_id": agency,
        "trust": fields["trust"],
        "tables_read": sum(state in PROVED for state in states),
        "tables_inconsistent": states.count("inconsistent"),
        "text_digest": _digest("".join(fields["text"].split())),
        "cells_digest": _cells_digest(fields["tables"]),
    }


def content_digest(content: bytes) -> str:
    """Return the ``digest`` of a reading: of its document before it is compressed."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def document(stored: bytes) -> Row:
    """Return the fields of a report from the ``document`` of its reading."""
    fields: Row = json.loads(zlib.decompress(stored))
    return fields


def report_row(reading: Mapping[str, Any], fields: Row) -> Row:
    """Return the row of ``reports`` without its ``docid``."""
    issuer = fields["issuer"]
    return {
        "id": reading["report_id"],
        "agency_id": reading["agency_id"],
        "title": fields["title"],
        "issuer": issuer["name"],
        "issuer_kind": issuer["kind"],
        "scope": issuer["scope"],
        "division_code": issuer["division_code"],
        "township_code": issuer["township_code"],
        "province": issuer["path"][0] if issuer["path"] else None,
        "level": level(issuer["kind"], issuer["division_code"], issuer["township_code"]),
        "year": fields["year"],
        "form": fields["form"],
        "form_source": fields["form_source"],
        "published": fields["published"],
        "published_source": fields["published_source"],
        "url": reading["url"],
        "capture_id": reading["capture_id"],
        "captured_at": reading["captured_at"],
        "trust": fields["trust"],
        "status": overall_status(reading["agency_id"], fields),
        "issuer_source": issuer["source"],
        "issuer_confidence": issuer["confidence"],
        "text": fields["text"],
        "text_digest": reading["text_digest"],
        "cells_digest": reading["cells_digest"],
    }


def part_rows(report: str, fields: Row) -> dict[str, list[Row]]:
    """Return the rows of every table in ``REPORT_PARTS`` for the report of that id."""
    states = table_states(fields)
    parts: dict[str, list[Row]] = {
        "sections": [{"key": key, "text": text} for key, text in fields["sections"].items()],
        "tables_status": [
            {"name": name, "status": status, "readings": fields["readings"].get(name)}
            for name, status in states.items()
        ],
        "checks": [
            {
                "check_id": check["id"],
                "status": check["status"],
                "left": storable(check["left"]),
                "right": storable(check["right"]),
                "with_blanks_as_zero": int(check["with_blanks_as_zero"]),
                "message": check["message"],
            }
            for check in {check["id"]: check for check in fields["checks"]}.values()
        ],
        "findings": [
            _finding(found)
            for found in {found["id"]: found for found in fields["findings"]}.values()
        ],
        "indicators": [
            _indicator(n, indicator) for n, indicator in enumerate(fields["indicators"], 1)
        ],
        "warnings": [{"n": n, "message": text} for n, text in enumerate(fields["warnings"], 1)],
        "attachments": [{"n": n, "url": url} for n, url in enumerate(fields["attachments"], 1)],
    }
    for table in CELL_TABLES:
        parts[table] = list(_cells(table, fields["tables"]))
    return {table: [{"report_id": report} | row for row in rows] for table, rows in parts.items()}


def _finding(found: Row) -> Row:
    return {
        "finding_id": found["id"],
        "status": found["status"],
        "left": storable(found["left"]),
        "right": storable(found["right"]),
        "quote": found["quote"],
        "message": found["message"],
        "cells": " ".join(found["cells"]) or None,
    }


def _indicator(position: int, indicator: Row) -> Row:
    return {
        "position": position,
        "label": " > ".join(indicator["label"]),
        "unit": indicator["unit"],
        "value": storable(indicator["value"]),
        "raw": indicator["raw"],
        "code": indicator["code"],
    }


def table_states(fields: Row) -> dict[str, str]:
    """Return the status of each of the three tables; one that is not spoken of is absent."""
    return {name: fields["tables_status"].get(name, "absent") for name in CELL_TABLES}


def overall_status(agency: str | None, fields: Row) -> str:
    """Return how far the report is read.

    unidentified (issuer or year unknown), read (three tables, proved), inconsistent (three tables,
    an identity fails), partial (some table missing or ambiguous), no_tables.
    """
    if agency is None or fields["year"] is None:
        return "unidentified"
    states = set(table_states(fields).values())
    if states <= PROVED:
        return "read"
    if states <= PROVED | {"inconsistent"}:
        return "inconsistent"
    return "partial" if states & (PROVED | {"inconsistent"}) else "no_tables"


def _cells(table: str, tables: Row) -> Iterator[Row]:
    """Yield a row per cell, blanks and cells of which only the text is known included."""
    first, second = CELL_TABLES[table]
    values = tables[table] or {}
    raw = tables["raw"].get(table, {}) if tables[table] is not None else {}
    for row in dict.fromkeys([*values, *raw]):
        cells, texts = values.get(row, {}), raw.get(row, {})
        for column in dict.fromkeys([*cells, *texts]):
            yield {
                first: row,
                second: column,
                "value": storable(cells.get(column)),
                "raw": texts.get(column),
            }


def _cells_digest(tables: Row) -> str | None:
    values = {name: tables[name] for name in CELL_TABLES if tables[name] is not None}
    return _digest(json.dumps(values, sort_keys=True)) if values else None


def _digest(text: str) -> str:
    return content_digest(text.encode())


def storable(value: Any) -> Any:
    """Return ``value`` as SQLite can keep it: whole numbers beyond 64 bits as a float."""
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return float(value)
    return value
