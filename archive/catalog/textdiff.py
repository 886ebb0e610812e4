"""What was taken out of a text and put into it: by paragraph, then by character. Pure.

A Chinese sentence has no blanks between words, so within a changed paragraph each character counts
alone; numbers and Latin words count whole, for half a number is none (134 -> 170, not 1[34 -> 70]).
Work is bounded: texts too tangled to compare character by character are shown as taken out whole
and put in whole, which is true as well.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

PieceKind = Literal["same", "removed", "added"]
ParagraphKind = Literal["same", "changed", "removed", "added"]

_TOKEN = re.compile(r"\d+(?:[.,，．]\d+)*|[^\W\d_\u3400-\u9fff]+|.", re.DOTALL)
_DIGIT = re.compile(r"\d")
# A step compares two tokens; the first bound is for one paragraph, the second for a whole text.
_STEPS, _ALL_STEPS = 250_000, 2_000_000
_PAIRS = 2_000
"""Pairs of paragraphs that are compared to find which became which."""
_ALIKE = 0.4
"""Share of characters in common from which two paragraphs are versions of one."""
_ISLAND = 2
"""Tokens; shorter agreements between long changes are chance, and hard to read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph before and after, with its line ends.

    One that differs in blanks and line ends alone is the same.
    """

    kind: ParagraphKind
    before: str
    """Empty where it was put in."""
    after: str
    """Empty where it was taken out."""
    pieces: tuple[Piece, ...]
    """In order; without the added they give ``before``, without the removed ``after``. Of one that
    is the same a single piece with its text as it is now."""

    @property
    def has_figures(self) -> bool:
        """Return whether a digit was taken out or put in."""
        changed = (piece.text for piece in self.pieces if piece.kind != "same")
        return any(map(_DIGIT.search, changed))


def text_difference(before: str, after: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of two texts in order; those ``before`` joined are the first text,
    those ``after`` the second."""
    old, new = _paragraphs(before), _paragraphs(after)
    keys = [*map(_bare, old)], [*map(_bare, new)]
    if keys[0] != keys[1] and _bare(before) == _bare(after):
        return (_same(before, after),)
    matcher = SequenceMatcher(None, *keys)
    budget = _Budget(_ALL_STEPS)
    found: list[Paragraph] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found += map(_same, old[i:j], new[k:m])
        else:
            found += _changes(old[i:j], new[k:m], budget)
    return tuple(found)


def characters(paragraphs: Iterable[Paragraph], kind: PieceKind) -> int:
    """Return how many characters, blanks left out, the pieces of a kind have."""
    changed = (p for p in paragraphs if p.kind != "same")
    return sum(len(_bare(x.text)) for p in changed for x in p.pieces if x.kind == kind)


@dataclass(slots=True)
class _Budget:
    """Steps that are left for a text."""

    steps: int

    def take(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Return whether two lists of tokens may be compared, and count what that costs."""
        counts = Counter(new)
        steps = sum(counts[token] for token in old)
        if steps > min(_STEPS, self.steps):
            return False
        self.steps -= steps
        return True


def _bare(text: str) -> str:
    return "".join(text.split())


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs with their line ends; blank lines belong to the one before."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if found and not line.strip():
            found[-1] += line
        else:
            found.append(line)
    return found


def _same(before: str, after: str) -> Paragraph:
    return Paragraph("same", before, after, (Piece("same", after),))


def _removed(text: str) -> Paragraph:
    return Paragraph("removed", text, "", (Piece("removed", text),))


def _added(text: str) -> Paragraph:
    return Paragraph("added", "", text, (Piece("added", text),))


def _changes(old: list[str], new: list[str], budget: _Budget) -> Iterator[Paragraph]:
    """Yield paragraphs that do not stand in both texts, each beside what it became."""
    joined, rejoined = "".join(old), "".join(new)
    if _bare(joined) == _bare(rejoined):
        yield _same(joined, rejoined)
        return
    i = j = 0
    for k, m in [*_partners(old, new), (len(old), len(new))]:
        yield from map(_removed, old[i:k])
        yield from map(_added, new[j:m])
        if k < len(old):
            yield from _changed(old[k], new[m], budget)
        i, j = k + 1, m + 1


def _partners(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return which paragraphs became which, in order: the pairing with most in common."""
    counted = [Counter(_bare(text)) for text in old], [Counter(_bare(text)) for text in new]
    if len(old) * len(new) > _PAIRS:
        beside = enumerate(zip(*counted, strict=False))
        return [(n, n) for n, (one, other) in beside if _alike(one, other) > _ALIKE]
    alike = [[_alike(one, other) for other in counted[1]] for one in counted[0]]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] > _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _alike(old: Counter[str], new: Counter[str]) -> float:
    """Return the share of characters that two paragraphs have in common, 0 to 1 (Dice)."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0


def _changed(before: str, after: str, budget: _Budget) -> Iterator[Paragraph]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if not budget.take(old, new):
        yield from (_removed(before), _added(after))
        return
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    for run in _runs(opcodes):
        (_, i, _, k, _), (_, _, j, _, m) = run[0], run[-1]
        if run[0][0] == "equal":
            pieces.append(Piece("same", "".join(new[k:m])))
        else:
            taken, put = "".join(old[i:j]), "".join(new[k:m])
            pieces += [Piece("removed", taken)] if taken else []
            pieces += [Piece("added", put)] if put else []
    kept = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if 2 * kept < _ALIKE * (len(before) + len(after)):
        # The same characters in another order: crumbs that nobody can read.
        yield from (_removed(before), _added(after))
    else:
        yield Paragraph("changed", before, after, tuple(pieces))


_Opcode = tuple[str, int, int, int, int]


def _runs(opcodes: Sequence[_Opcode]) -> list[list[_Opcode]]:
    """Return the opcodes, changes joined with the chance agreements between them."""
    runs: list[list[_Opcode]] = []
    last = len(opcodes) - 1
    for n, code in enumerate(opcodes):
        between = 0 < n < last and runs[-1][0][0] != "equal"
        island = (
            between
            and code[0] == "equal"
            and code[2] - code[1] < _ISLAND
            and min(_size(opcodes[n - 1]), _size(opcodes[n + 1])) > _ISLAND
        )
        joined = runs and runs[-1][0][0] != "equal" and code[0] != "equal"
        if island or joined:
            runs[-1].append(code)
        else:
            runs.append([code])
    return runs


def _size(code: _Opcode) -> int:
    return max(code[2] - code[1], code[4] - code[3])
