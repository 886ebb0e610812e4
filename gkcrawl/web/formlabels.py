"""The words of the official form, arranged so that the pages can lay its tables out.

All words come from ``config/forms.yml``; only the arrangement is made here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.report.tables.forms import Forms, forms
from gkcrawl.web.language import say

# Amounts are kept in 万元 (10 000 CNY), which the measure's id says.
_TEN_THOUSAND = "_10k_cny"


@dataclass(frozen=True, slots=True)
class FormLabels:
    """Ids of rows and columns -> words, in the order of the form (that of both years' forms)."""

    disclosure: Mapping[str, str]
    """Rows of Table II."""
    items: Mapping[str, str]
    """Rows of Table II -> the item of article 20 of the Regulations (条例) that asks for them."""
    measures: Mapping[tuple[str, str], str]
    """Row and column of Table II -> the column's words in that row."""
    columns: tuple[str, ...]
    """Columns of Table II."""
    requests: Mapping[str, tuple[str, ...]]
    """Rows of Table III -> the headings they stand under, then their own."""
    applicants: Mapping[str, str]
    """Columns of Table III."""
    routes: Mapping[str, str]
    """Rows of Table IV as shown."""
    outcomes: Mapping[str, str]
    """Columns of Table IV as shown."""

    @property
    def handled(self) -> tuple[str, ...]:
        """The rows of Table III that 办理结果 consists of, its total last."""
        stage = next(iter(self.requests["granted"]))
        return tuple(row for row, path in self.requests.items() if path[0] == stage)


def cell_name(table: str, row: str, column: str) -> tuple[str, str]:
    """Return the words of a cell's row, with the heading it stands under, and of its column, in
    the form's own Chinese. An id that the form does not know stands for itself."""
    path, name = _cell(table, row, column)
    return " ".join(path), name


def cell_words(table: str, row: str, column: str) -> tuple[str, str]:
    """Return the same as :func:`cell_name` in the language of the page."""
    path, name = _cell(table, row, column)
    return " ".join(map(say, path)), say(name)


def _cell(table: str, row: str, column: str) -> tuple[tuple[str, ...], str]:
    known = form_labels()
    if table == "active_disclosure":
        return (known.disclosure.get(row, row),), known.measures.get((row, column), column)
    if table == "requests":
        path = known.requests.get(row, (row,))[-2:]
        short = tuple(step.partition("（区分")[0] for step in path)
        return short, known.applicants.get(column, column)
    if table == "review_litigation":
        return (known.routes.get(row, row),), known.outcomes.get(column, column)
    return (row,), "" if column == "value" else column


def form_labels() -> FormLabels:
    """Return the words of the configuration in use, as it was when they were first asked for."""
    return _arranged(os.environ.get("GKCRAWL_CONFIG"))


# A page asks hundreds of times; looking for the file each time would cost more than the page.
@lru_cache(maxsize=4)
def _arranged(config: str | None) -> FormLabels:
    known = forms()
    return FormLabels(
        disclosure={row.id: row.label for row in known.active_rows},
        items={row.id: f"（{row.item}）" for row in known.active_rows if row.item},
        measures=_measures(known),
        columns=tuple(dict.fromkeys(term.id for term in known.active_columns)),
        requests=_request_paths(known),
        applicants={term.id: term.label for term in known.applicants},
        routes={term.id: _route(term.label) for term in known.routes},
        outcomes={term.id: term.label for term in known.outcomes},
    )


def _measures(known: Forms) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for row in known.active_rows:
        for form, columns in row.columns:
            for term in known.active_columns:
                if term.id in columns and form in term.forms:
                    unit = "（万元）" if term.id.endswith(_TEN_THOUSAND) else ""
                    found.setdefault((row.id, term.id), f"{term.label}{unit}")
    return found


def _request_paths(known: Forms) -> dict[str, tuple[str, ...]]:
    """Return the headings of each row: 三、本年度办理结果 holds all rows with a bracketed number
    and the groups under them; within these the rows are numbered from 1 again."""
    stage, *groups = known.request_groups
    waiting = iter(groups)
    group = ""
    paths: dict[str, tuple[str, ...]] = {}
    for row in known.request_rows:
        if row.label.startswith("1."):
            group = next(waiting, "")
        if row.label[0].isdigit():
            paths[row.id] = (stage, group, row.label)
        elif row.label.startswith(("（", "(")):
            paths[row.id] = (stage, row.label)
        else:
            paths[row.id] = (row.label,)
    return paths


def _route(label: str) -> str:
    """Return a route's words; those to court stand under 行政诉讼 in the form's header."""
    return f"行政诉讼：{label}" if "起诉" in label else label
