"""The standard tables of the annual report, from ``config/forms.yml``, and how their words are met.

Words are compared without white space, brackets, punctuation and numbering, with the variants
that reports use, and with a small tolerance for typing errors where a label is long enough.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from archive.config import config_path
from archive.records import Form
from archive.report.cells import squeeze
from archive.report.chars import simplified

BOTH: tuple[Form, ...] = ("2021", "2019")
LONGEST_LABEL = 80
"""Characters; a longer cell is prose."""
LONGEST_CELL = 400
"""The same with the blanks that markup leaves inside a label."""
_SHORTEST_FUZZY = 5
_ALIKE = 0.8
_NUMBERING = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,2}[)、.)]+|\(?\d{1,2}[)、.]+)")
_NOT_WORDS = re.compile(r"[^\w]|_")
_BRACKETED = re.compile(r"\([^()]*\)?")


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
    applicant_headers: tuple[str, ...]
    request_rows: tuple[Term, ...]
    request_groups: tuple[str, ...]
    routes: tuple[Term, ...]
    outcomes: tuple[Term, ...]
    review_headers: frozenset[str]

    def request_rows_of(self, form: Form) -> tuple[str, ...]:
        """Return the row ids of Table III in ``form``, in the order of the form."""
        return tuple(row.id for row in self.request_rows if form in row.forms)

    def active_rows_of(self, form: Form) -> tuple[Term, ...]:
        """Return the rows of Table II in ``form``, in the order of the form."""
        return tuple(row for row in self.active_rows if row.columns_in(form))

    @property
    def applicant_ids(self) -> tuple[str, ...]:
        """The seven columns of Table III; the last is the total."""
        return tuple(column.id for column in self.applicants)

    @property
    def outcome_ids(self) -> tuple[str, ...]:
        """The five columns of each route of Table IV; the last is the total."""
        return tuple(outcome.id for outcome in self.outcomes)

    @property
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
        applicant_headers=tuple(requests["headers"]),
        request_rows=_terms(requests["rows"]),
        request_groups=tuple(requests["groups"]),
        routes=_terms(review["routes"]),
        outcomes=_terms(review["outcomes"]),
        review_headers=frozenset(review["headers"]),
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


def words(text: str) -> str:
    """Return a label as its bare words: simplified, without blanks, numbering and punctuation.

    Empty where ``text`` is too long for a label.
    """
    return _words(text) if len(text) <= LONGEST_CELL else ""


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    bare = simplified(squeeze(text))
    return _NOT_WORDS.sub("", _NUMBERING.sub("", bare))


def find_term(terms: tuple[Term, ...], text: str) -> Term | None:
    """Return the term that ``text`` names; None where it names none, or two equally well.

    First the whole label, then its key inside the text (the last one, since a merged cell holds
    the group before the row), then the most similar label.
    """
    return _find_term(terms, text) if len(text) <= LONGEST_CELL else None


@lru_cache(maxsize=4096)
def _find_term(terms: tuple[Term, ...], text: str) -> Term | None:
    bare = simplified(squeeze(text))
    if not 1 < len(bare) <= LONGEST_LABEL:
        return None
    said = {words(text), words(_without_remarks(bare))} - {""}
    labels = _labels(terms)
    if whole := said & labels.keys():
        return labels[min(whole)]
    keyed = [(found[-1].start(), term) for term in terms if (found := _keys(term, bare))]
    if keyed:
        return max(keyed, key=lambda pair: pair[0])[1]
    return _most_similar(terms, words(text))


@lru_cache(maxsize=16)
def _labels(terms: tuple[Term, ...]) -> dict[str, Term]:
    """Return the terms by the bare words of their labels and variants."""
    return {words(label): term for term in terms for label in (term.label, *term.variants)}


def _without_remarks(bare: str) -> str:
    """Return a label without what stands in brackets after its first words."""
    numbering = _NUMBERING.match(bare)
    start = numbering.end() if numbering else 0
    return _BRACKETED.sub("", bare[start:])


def _keys(term: Term, bare: str) -> list[re.Match[str]]:
    return list(re.finditer(term.key, bare)) if term.key else []


def _most_similar(terms: tuple[Term, ...], said: str) -> Term | None:
    if len(said) < _SHORTEST_FUZZY or any(letter.isdigit() for letter in said):
        return None
    letters = set(said)
    scores = sorted(
        (
            (SequenceMatcher(None, said, label, autojunk=False).ratio(), term.id)
            for label, term in _labels(terms).items()
            if len(letters.intersection(label)) > len(letters) / 2
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < _ALIKE:
        return None
    best = {name for score, name in scores if score == scores[0][0]}
    return next(term for term in terms if term.id in best) if len(best) == 1 else None
