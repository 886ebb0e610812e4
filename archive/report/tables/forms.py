"""The standard tables of the annual report as data, from ``config/forms.yml``."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from archive.config import config_path
from archive.records import Form

BOTH: tuple[Form, ...] = ("2021", "2019")


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A row, column, route or outcome of a table: its id and the words for it; equal to itself."""

    id: str
    label: str
    variants: tuple[str, ...] = ()
    key: str = ""
    """Regular expression for the part of the label that only this label has."""
    forms: tuple[Form, ...] = BOTH
    item: str = ""
    """Table II: which item of 条例第二十条 the row belongs to (一, 五, 六, 八, 九)."""
    columns: tuple[tuple[Form, tuple[str, ...]], ...] = ()
    """Table II: the columns of the row in each form."""

    def columns_in(self, form: Form) -> tuple[str, ...]:
        """Return the column ids of this row in ``form``; empty where the form lacks the row."""
        return dict(self.columns).get(form, ())


@dataclass(frozen=True, eq=False)
class Forms:
    """Both forms as data."""

    active_rows: tuple[Term, ...]
    active_columns: tuple[Term, ...]
    active_header: str
    applicants: tuple[Term, ...]
    request_rows: tuple[Term, ...]
    request_groups: tuple[str, ...]
    routes: tuple[Term, ...]
    outcomes: tuple[Term, ...]
    applicant_unions: tuple[str, ...]
    """Headers of Table III that unite columns."""
    route_unions: tuple[str, ...]
    """Headers of Table IV that unite routes."""

    def request_rows_of(self, form: Form) -> tuple[str, ...]:
        """Return the row ids of Table III in ``form``, in the order of the form."""
        return tuple(row.id for row in self.request_rows if form in row.forms)

    def active_rows_of(self, form: Form) -> tuple[Term, ...]:
        """Return the rows of Table II in ``form``, in the order of the form."""
        return tuple(row for row in self.active_rows if row.columns_in(form))

    @cached_property
    def applicant_ids(self) -> tuple[str, ...]:
        """The seven columns of Table III; the last is the total."""
        return tuple(column.id for column in self.applicants)

    @cached_property
    def outcome_ids(self) -> tuple[str, ...]:
        """The five columns of each route of Table IV; the last is the total."""
        return tuple(outcome.id for outcome in self.outcomes)

    @cached_property
    def route_ids(self) -> tuple[str, ...]:
        """The three routes of Table IV."""
        return tuple(route.id for route in self.routes)


def forms() -> Forms:
    """Return the forms of the configuration in use."""
    return load_forms(config_path("forms.yml"))


@lru_cache(maxsize=8)
def load_forms(path: Path) -> Forms:
    """Read the forms from a YAML file.

    Raises KeyError, naming the field, where a mandatory field is missing.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    active, requests = data["active_disclosure"], data["requests"]
    review = data["review_litigation"]
    return Forms(
        active_rows=_terms(active["rows"]),
        active_columns=_terms(active["columns"]),
        active_header=active["header"],
        applicants=_terms(requests["columns"]),
        request_rows=_terms(requests["rows"]),
        request_groups=tuple(requests["groups"]),
        routes=_terms(review["routes"]),
        outcomes=_terms(review["outcomes"]),
        applicant_unions=tuple(requests["unions"]),
        route_unions=tuple(review["unions"]),
    )


def _terms(rows: list[dict[str, Any]]) -> tuple[Term, ...]:
    return tuple(
        Term(
            id=row["id"],
            label=row["label"],
            variants=tuple(row.get("variants", ())),
            key=row.get("key", ""),
            forms=tuple(row.get("forms", BOTH)),
            item=row.get("item", ""),
            columns=tuple((form, tuple(ids)) for form, ids in row.get("columns", {}).items()),
        )
        for row in rows
    )
