"""Reads from the catalog what evaluations look at: a report, last year's, those of a place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sqlite3 import Connection, Row
from typing import Any

from archive.evaluation import Known, Part, is_mark

_CHINA = timedelta(hours=8)

_REPORTS = """
    select r.id, r.agency_id, r.division_code, r.province, r.level, r.year, r.form, r.issuer_kind,
      r.scope, r.trust, r.published, r.published_source, r.text_digest,
      coalesce(c.media_type, '') as media_type,
      r.url like '%.pdf' or exists (
        select 1 from warnings w where w.report_id = r.id and w.message like 'ocr:%') as printed,
      (select min(captured_at) from readings where report_id = r.id and trust = 'official')
        as first_seen
    from reports r left join captures c on c.id = r.capture_id
    where r.id in (select value from json_each(:ids))"""
_SECTIONS = """
    select report_id, key, text from sections
    where report_id in (select value from json_each(:ids))"""
_EMPTY = """
    select report_id, substr(finding_id, 9), quote from findings
    where report_id in (select value from json_each(:ids))
      and finding_id glob 'section.*' and finding_id <> 'section.missing'"""
_STATES = """
    select report_id, name, status from tables_status
    where report_id in (select value from json_each(:ids))"""
_CELLS = """
    select i.value, 'requests.' || "row" || '.' || applicant, c.value, raw
    from json_each(:ids) i cross join requests c on c.report_id = i.value
      and ("row" in ('carried_over_in', 'carried_over_out', 'new_requests'))
    where "row" <> 'new_requests' or applicant = 'total'
    union all
    select i.value, 'active_disclosure.' || item || '.' || measure, c.value, raw
    from json_each(:ids) i cross join active_disclosure c on c.report_id = i.value
      and item in ('regulations', 'normative_docs')"""
# Of each report of a list of places: what counts in the report of the place above or as a whole.
_PARTS = """
    select r.issuer, r.issuer_kind, q.value, r.cells_digest,
      coalesce(s.status in ('read', 'recovered'), 0)
    from json_each(:places) place
    cross join reports r on r.division_code = place.value and r.year = :year
    left join tables_status s on s.report_id = r.id and s.name = 'requests'
    left join requests q
      on q.report_id = r.id and q."row" = 'new_requests' and q.applicant = 'total'
    where r.scope = :scope"""

_PARTS_OF_EACH = {"sections": _SECTIONS, "empty": _EMPTY, "states": _STATES, "cells": _CELLS}

_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))
_UNDER_THE_PROVINCE = "90"
"""Third and fourth digit of counties that no prefecture stands above (省直辖县级行政区划)."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A report that the catalog holds."""

    id: str
    row: Mapping[str, Any]
    """What stands in ``reports`` of its place and its kind."""
    known: Known

    @property
    def agency_id(self) -> str | None:
        """Return the id of its organ; None: unknown."""
        known: str | None = self.row["agency_id"]
        return known

    @property
    def division_code(self) -> str | None:
        """Return the code of its place; None: unknown."""
        known: str | None = self.row["division_code"]
        return known


class Reports:
    """The reports of a catalog, each read once; to be used within one change of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = connection.cursor()
        self._rows.row_factory = Row
        self._read: dict[str, Entered | None] = {}

    def load(self, report_ids: Iterable[str]) -> None:
        """Read these reports together, which is quicker than one by one."""
        wanted = [one for one in report_ids if one not in self._read]
        if not wanted:
            return
        self._read |= dict.fromkeys(wanted)
        ids = {"ids": json.dumps(wanted)}
        rows = self._rows.execute(_REPORTS, ids).fetchall()
        if not rows:
            return
        parts = {name: self._of_each(sql, ids) for name, sql in _PARTS_OF_EACH.items()}
        for row in rows:
            of_it = {name: found.get(row["id"], {}) for name, found in parts.items()}
            self._read[row["id"]] = _entered(row, of_it)

    def get(self, report_id: str) -> Entered | None:
        """Return a report; None: there is none of this id."""
        self.load([report_id])
        return self._read[report_id]

    def before(self, report: Entered) -> Known | None:
        """Return the report of the same organ for the year before; None: it is not known."""
        if report.agency_id is None or report.known.year is None:
            return None
        last = self.get(f"{report.agency_id}-{report.known.year - 1}")
        return last.known if last else None

    def organs(self, place: str, year: int) -> list[Part]:
        """Return what reports of a place's organs say, each for itself."""
        return self._parts([place], year, "own")

    def below(self, place: str, year: int) -> list[Part]:
        """Return what the reports for the whole of each place directly below say."""
        return self._parts(places_below(place), year, "aggregate")

    def _parts(self, places: Sequence[str], year: int, scope: str) -> list[Part]:
        listed = "[" + ",".join(f'"{place}"' for place in places) + "]"
        values = {"places": listed, "year": year, "scope": scope}
        return [
            Part(name, kind, requests, digest, bool(is_read))
            for name, kind, requests, digest, is_read in self._connection.execute(_PARTS, values)
        ]

    def _of_each(self, sql: str, ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for report_id, key, *told in self._connection.execute(sql, ids):
            found.setdefault(report_id, {})[key] = told[0] if len(told) == 1 else told
        return found


def _entered(row: Row, parts: Mapping[str, dict[str, Any]]) -> Entered:
    media = row["media_type"]
    known = Known(
        year=row["year"],
        form=row["form"],
        kind=row["issuer_kind"],
        scope=row["scope"],
        trust=row["trust"],
        published=row["published"],
        published_source=row["published_source"],
        first_seen=_day_in_china(row["first_seen"]),
        printed=bool(row["printed"]) or media == "application/pdf" or media[:6] == "image/",
        sections=parts["sections"],
        empty=parts["empty"],
        states=parts["states"],
        text_digest=row["text_digest"],
    )
    if any(map(known.has, ("requests", "active_disclosure"))):
        cells = {
            cell: value
            for cell, (value, raw) in parts["cells"].items()
            if value is not None or is_mark(raw)
        }
        known = replace(known, cells=cells)
    return Entered(row["id"], dict(row), known)


def place_above(code: str) -> str | None:
    """Return the code of the place that a place's own report is counted in; None: a province's.

    Districts of municipalities and counties without a prefecture stand under the province.
    """
    province, middle = code[:2], code[2:4]
    if code.endswith("0000"):
        return None
    if code.endswith("00") or province in _MUNICIPALITIES or middle == _UNDER_THE_PROVINCE:
        return f"{province}0000"
    return f"{code[:4]}00"


def places_below(code: str) -> list[str]:
    """Return every code that may stand directly below a place, whether or not there is one."""
    numbers = [f"{n:02}" for n in range(1, 100)]
    if not code.endswith("00"):
        return []
    if not code.endswith("0000"):
        return [f"{code[:4]}{n}" for n in numbers]
    province = code[:2]
    middles = ("01", "02") if province in _MUNICIPALITIES else (_UNDER_THE_PROVINCE,)
    return [f"{province}{n}00" for n in numbers] + [
        f"{province}{middle}{n}" for middle in middles for n in numbers
    ]


def _day_in_china(moment: str | None) -> str | None:
    return (datetime.fromisoformat(moment) + _CHINA).date().isoformat() if moment else None
