"""What the text of a cell names in the standard tables: a row, a column, a caption.

Words are compared without white space, brackets, punctuation, numbering and pinyin, in simplified
characters, with the variants that reports use, and with a small tolerance for typing errors where a
label is long enough. Where two labels differ in one telling letter (上年, 本年), nothing is
tolerated.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from archive.report.chars import simplified
from archive.report.tables.cells import PINYIN, squeeze
from archive.report.tables.forms import Forms, Term

LONGEST_LABEL = 80
"""Characters; a longer cell is prose."""
LONGEST_CELL = 400
"""The same with the blanks that markup leaves inside a label."""
_LONGEST_CAPTION = 40
_SHORTEST_FUZZY = 5
_ALIKE = 0.8
_TELLING = frozenset("上下去今本三四增减未已前后")
"""Letters that make another label of the same words (上年结转, 本年结转)."""
_NUMBERING = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,2}[)、.)]+|\(?\d{1,2}[)、.]+)")
_NOT_WORDS = re.compile(r"[^\w]|_")
_BRACKETED = re.compile(r"\([^()]*\)?")
_CAPTION = re.compile(r"第\(?([一二三四五六七八九十]{1,2})\)?[项款]")
_LAST_YEAR = re.compile(r"上一?年|去年|前年|20\d\d年项目")


@dataclass(frozen=True, slots=True)
class Names:
    """What one text names in each part of the form; None: nothing there."""

    row: Term | None = None
    """Of Table III."""
    active: Term | None = None
    """A row of Table II."""
    column: Term | None = None
    """Of Table II."""
    applicant: Term | None = None
    """A column of Table III."""
    route: Term | None = None
    """Of Table IV."""
    outcome: Term | None = None
    """Of Table IV."""
    item: str | None = None
    """The item of 条例第二十条 that a caption of Table II names (一, 五, …)."""
    opens: bool = False
    """The words that open a header line of Table II (信息内容)."""
    stage: bool = False
    """A heading above rows of Table III (三、本年度办理结果, （三）不予公开)."""
    union: bool = False
    """A header of Table III that unites columns (法人或其他组织, 申请人情况)."""
    litigation: bool = False
    """The header of Table IV that unites two routes (行政诉讼)."""
    numbered: bool = False
    """The text begins with a number of its own (3.其他), which no header of a column has."""

    @property
    def of_requests(self) -> bool:
        """Whether this is a header of Table III."""
        return self.applicant is not None or self.union

    @property
    def of_review(self) -> bool:
        """Whether this stands in Table IV only."""
        own = self.outcome is not None and self.applicant is None
        return self.route is not None or self.litigation or own


NOTHING = Names()


def words(text: str) -> str:
    """Return a label as its bare words: simplified, without blanks, numbering and punctuation.

    Empty where ``text`` is too long for a label.
    """
    return _words(text) if len(text) <= LONGEST_CELL else ""


@lru_cache(maxsize=8192)
def _words(text: str) -> str:
    bare = PINYIN.sub("", simplified(squeeze(text)))
    return _NOT_WORDS.sub("", _NUMBERING.sub("", bare))


def names_of(known: Forms, text: str) -> Names:
    """Return what ``text`` names: the whole label, else a key inside it, else the most similar.

    Of several keys the last counts, since a merged cell holds the group before the row. Two labels
    that are equally similar name nothing.
    """
    if text.isascii() or len(text) > LONGEST_CELL:
        return NOTHING
    return _names_of(known, text)


def is_spelled(known: Forms, text: str) -> bool:
    """Whether ``text`` is a label or a variant of one, letter for letter but for its numbering."""
    return words(text) in _index(known)


def kind_of(known: Forms, text: str) -> str | None:
    """Return what kind of label ``text`` is: caption, header or row; None: it is a value."""
    names = names_of(known, text)
    if names.item:
        return "caption"
    if names.opens or names.column or names.of_requests or names.of_review:
        return "header"
    return "row" if names.row or names.active or names.stage else None


def is_about(known: Forms, texts: Iterable[str]) -> bool:
    """Whether any of ``texts`` holds words of the form: cheap, for tables that do not."""
    return _anything(known).search(simplified(squeeze("\n".join(texts)))) is not None


@lru_cache(maxsize=8192)
def _names_of(known: Forms, text: str) -> Names:
    bare = PINYIN.sub("", simplified(squeeze(text)))
    if item := _item(bare):
        return Names(item=item)
    if not 1 < len(bare) <= LONGEST_LABEL:
        return NOTHING
    index, said = _index(known), words(text)
    exact = index.get(said) or index.get(words(_without_remarks(bare)))
    if exact is not None:
        return _numbered(exact) if _NUMBERING.match(bare) else exact
    return _keyed(known, bare) or _most_similar(known, said)


def _item(bare: str) -> str | None:
    """Return the item that a caption names; captions may hold a unit after it."""
    found = _CAPTION.search(bare) if len(bare) <= _LONGEST_CAPTION else None
    is_caption = found and (found.end() == len(bare) or "条" in bare or bare[found.end()] == "(")
    return found[1] if found and is_caption else None


def _numbered(names: Names) -> Names:
    """Return the names without those of columns: rows have numbers, columns have none."""
    return replace(names, applicant=None, outcome=None, numbered=True)


@lru_cache(maxsize=4)
def _index(known: Forms) -> dict[str, Names]:
    """Return what the bare words of every label and variant name."""
    index: dict[str, Names] = {}
    for field, terms in _vocabularies(known):
        for term in terms:
            for label in (term.label, *term.variants):
                index[words(label)] = replace(index.get(words(label), NOTHING), **{field: term})  # type: ignore[arg-type]
    for field, labels in (
        ("opens", (known.active_header,)),
        ("stage", known.request_groups),
        ("union", known.applicant_unions),
        ("litigation", known.route_unions),
    ):
        for label in labels:
            index[words(label)] = replace(index.get(words(label), NOTHING), **{field: True})  # type: ignore[arg-type]
    return index


def _vocabularies(known: Forms) -> Iterator[tuple[str, tuple[Term, ...]]]:
    yield "row", known.request_rows
    yield "active", known.active_rows
    yield "column", known.active_columns
    yield "applicant", known.applicants
    yield "route", known.routes
    yield "outcome", known.outcomes


def _without_remarks(bare: str) -> str:
    """Return a label without what stands in brackets after its first words."""
    numbering = _NUMBERING.match(bare)
    start = numbering.end() if numbering else 0
    return _BRACKETED.sub("", bare[start:])


def _keyed(known: Forms, bare: str) -> Names | None:
    if _any_key(known).search(bare) is None:
        return None
    found = {
        field: term
        for field, terms in _vocabularies(known)
        if (term := _last_key(terms, bare)) is not None
    }
    return Names(**found) if found else None  # type: ignore[arg-type]


def _last_key(terms: tuple[Term, ...], bare: str) -> Term | None:
    hits = [
        (found[-1].start(), term)
        for term in terms
        if term.key and (found := list(re.finditer(term.key, bare)))
    ]
    if not hits:
        return None
    term = max(hits, key=lambda hit: hit[0])[1]
    return None if _LAST_YEAR.search(bare) and not _LAST_YEAR.search(term.label) else term


def _most_similar(known: Forms, said: str) -> Names:
    letters = frozenset(said)
    if len(said) < _SHORTEST_FUZZY or any(letter.isdigit() for letter in said):
        return NOTHING
    scores: dict[float, list[Names]] = {}
    telling = letters & _TELLING
    for label, theirs, names in _lettered(known, len(said)):
        # What the matcher can give at most, since it is slow.
        shared = len(said) - len(letters - theirs)
        if 2 * shared < _ALIKE * (len(said) + len(label)) or telling - theirs:
            continue
        matcher = SequenceMatcher(None, said, label, autojunk=False)
        if matcher.quick_ratio() >= _ALIKE and (score := matcher.ratio()) >= _ALIKE:
            scores.setdefault(score, []).append(names)
    best = scores[max(scores)] if scores else []
    return best[0] if best and all(names == best[0] for names in best) else NOTHING


@lru_cache(maxsize=256)
def _lettered(known: Forms, size: int) -> tuple[tuple[str, frozenset[str], Names], ...]:
    """Return the labels that a text of ``size`` letters can be alike, each with its letters."""
    return tuple(
        (label, frozenset(label), names)
        for label, names in _index(known).items()
        if 2 * min(size, len(label)) >= _ALIKE * (size + len(label))
    )


@lru_cache(maxsize=4)
def _any_key(known: Forms) -> re.Pattern[str]:
    keys = {term.key for _, terms in _vocabularies(known) for term in terms if term.key}
    return re.compile("|".join(sorted(keys)))


@lru_cache(maxsize=4)
def _anything(known: Forms) -> re.Pattern[str]:
    labels = sorted(re.escape(label) for label in _index(known))
    return re.compile("|".join((_any_key(known).pattern, *labels)))
