"""What can be exported: tables and views that hold data, none that only serve the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass

from gkcrawl.exporting.dictionary import Column, columns


@dataclass(frozen=True, slots=True)
class Resource:
    """One table or view as a file."""

    name: str
    key: tuple[str, ...]
    """Columns that tell its rows apart; rows stand in their order."""
    report: str | None
    """Column with the id of a report; None: not of reports, a condition on them leaves it whole."""
    without: frozenset[str] = frozenset()
    """Columns that stay behind."""
    standard: bool = True
    """Exported where no table is named."""

    @property
    def columns(self) -> list[Column]:
        """Return its columns, in the catalog's order."""
        return [column for column in columns(self.name) if column.name not in self.without]

    @property
    def references(self) -> tuple[tuple[str, str, str], ...]:
        """Return (column, other resource, other column) for what is always there."""
        report = ((self.report, "reports", "id"),) if self.report not in (None, "id") else ()
        agency = (("agency_id", "agencies", "id"),) if self.name in _WITH_AGENCY else ()
        return (*report, *agency)


_WITH_AGENCY = frozenset(
    {"reports", "reports_panel", "requests_wide", "active_disclosure_wide"}
    | {"review_litigation_wide", "agency_coverage"}
)
_OF = ("report_id",)

RESOURCES: Mapping[str, Resource] = {
    resource.name: resource
    for resource in (
        Resource("reports_panel", _OF, "report_id"),
        Resource("requests_wide", _OF, "report_id"),
        Resource("active_disclosure_wide", _OF, "report_id"),
        Resource("review_litigation_wide", _OF, "report_id"),
        Resource("reports", ("id",), "id", frozenset({"text", "docid"})),
        Resource("sections", ("report_id", "key"), "report_id"),
        Resource("tables_status", ("report_id", "name"), "report_id"),
        Resource("checks", ("report_id", "check_id"), "report_id"),
        Resource("findings", ("report_id", "finding_id"), "report_id"),
        Resource("evaluations", ("report_id", "check_id"), "report_id"),
        Resource("verdicts", ("report_id", "check_id"), "report_id", standard=False),
        Resource("indicators", ("report_id", "position"), "report_id"),
        Resource("sources", ("report_id", "url"), "report_id"),
        Resource("versions", ("report_id", "n"), "report_id"),
        Resource("warnings", ("report_id", "n"), "report_id", standard=False),
        Resource("attachments", ("report_id", "n"), "report_id", standard=False),
        Resource(
            "active_disclosure", ("report_id", "item", "measure"), "report_id", standard=False
        ),
        Resource("requests", ("report_id", "row", "applicant"), "report_id", standard=False),
        Resource(
            "review_litigation", ("report_id", "route", "outcome"), "report_id", standard=False
        ),
        Resource("agencies", ("id",), None),
        Resource("divisions", ("code",), None),
        Resource("coverage", ("division_code", "year"), None),
        Resource("agency_coverage", ("agency_id", "year"), None, standard=False),
    )
}
STANDARD = tuple(resource.name for resource in RESOURCES.values() if resource.standard)
