"""Reads from the catalog what evaluations look at: a report, last year's, those of a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sqlite3 import Connection, Row

from archive.evaluation import Known, Part, is_mark

_CHINA = timedelta(hours=8)

_REPORT = """
    select r.agency_id, r.division_code, r.year, r.form, r.issuer_kind, r.scope, r.trust,
      r.published, r.published_source, r.text_digest, coalesce(c.media_type, '') as media_type,
      r.url like '%.pdf' or exists (
        select 1 from warnings w where w.report_id = r.id and w.message like 'ocr:%') as printed,
      (select min(captured_at) from readings where report_id = r.id and trust = 'official')
        as first_seen
    from reports r left join captures c on c.id = r.capture_id where r.id = ?"""
_SECTIONS = "select key, text from sections where report_id = ?"
_EMPTY = """
    select substr(finding_id, 9), quote from findings
    where report_id = ? and finding_id glob 'section.*' and finding_id <> 'section.missing'"""
_STATES = "select name, status from tables_status where report_id = ?"
_CELLS = """
    select 'requests.' || "row" || '.' || applicant, value, raw from requests
    where report_id = :id and ("row" in ('carried_over_in', 'carried_over_out')
      or ("row" = 'new_requests' and applicant = 'total'))
    union all
    select 'active_disclosure.' || item || '.' || measure, value, raw from active_disclosure
    where report_id = :id and item in ('regulations', 'normative_docs')"""
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

_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))
_UNDER_THE_PROVINCE = "90"
"""Third and fourth digit of counties that no prefecture stands above (省直辖县级行政区划)."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A report that the catalog holds."""

    id: str
    agency_id: str | None
    division_code: str | None
    known: Known


class Reports:
    """The reports of a catalog, each read once; to be used within one change of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = connection.cursor()
        self._rows.row_factory = Row
        self._read: dict[str, Entered | None] = {}

    def get(self, report_id: str) -> Entered | None:
        """Return a report; None: there is none of this id."""
        if report_id not in self._read:
            row = self._rows.execute(_REPORT, [report_id]).fetchone()
            self._read[report_id] = self._entered(report_id, row) if row else None
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

    def _entered(self, report_id: str, row: Row) -> Entered:
        ask = self._connection.execute
        key = [report_id]
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
            sections=dict(ask(_SECTIONS, key).fetchall()),
            empty=dict(ask(_EMPTY, key).fetchall()),
            states=dict(ask(_STATES, key).fetchall()),
            text_digest=row["text_digest"],
        )
        if any(map(known.has, ("requests", "active_disclosure"))):
            cells = {
                cell: value
                for cell, value, raw in ask(_CELLS, {"id": report_id})
                if value is not None or is_mark(raw)
            }
            known = replace(known, cells=cells)
        return Entered(report_id, row["agency_id"], row["division_code"], known)


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
