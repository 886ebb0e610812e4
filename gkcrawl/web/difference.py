"""What the page of two compared versions shows. Pure.

What an office changed in its numbers stands first, and each changed cell beside the identities of
the form (勾稽关系) that it takes part in: whether they held before, whether they hold now.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from archive.catalog.celldiff import INDICATORS, CellState, ChangedCell
from archive.catalog.diff import ChangedField, ChangedSum, Sum
from archive.catalog.textdiff import Paragraph
from archive.catalog.versions import Comparison, Version
from archive.records import Number
from gkcrawl.web.checks import cells_of, formula, order
from gkcrawl.web.citations import heading
from gkcrawl.web.formlabels import cell_words
from gkcrawl.web.labels import word
from gkcrawl.web.language import say
from gkcrawl.web.tables import Address, number

TABLE_NAMES: Mapping[str, str] = {
    "active_disclosure": "表二 主动公开",
    "requests": "表三 依申请公开",
    "review_litigation": "表四 复议诉讼",
    INDICATORS: "附表",
}
_SUM_KINDS: Mapping[str, tuple[str, str]] = {
    "broken": ("原来成立，现在不成立", "bad"),
    "mended": ("原来不成立，现在成立", "good"),
    "moved": ("两边同改，仍然成立", "soft"),
    "other": ("有变", "soft"),
}
_FIELD_NAMES: Mapping[str, str] = {
    "title": "标题",
    "year": "年度",
    "issuer": "发布机关",
    "form": "表式",
    "published": "发布日期",
    "trust": "来源性质",
}


@dataclass(frozen=True, slots=True)
class SumShown:
    """An identity before and after."""

    id: str
    formula: str
    before: str
    after: str
    kind: str
    tone: str


@dataclass(frozen=True, slots=True)
class CellShown:
    """A changed cell in words."""

    table: str
    row: str
    column: str
    before: str
    after: str
    step: str
    """With its sign; empty where a side has no number."""
    sums: tuple[SumShown, ...]
    """The changed identities that it takes part in."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Paragraphs that follow one another: changed ones, or same ones to fold away."""

    same: bool
    paragraphs: tuple[Paragraph, ...]


def diff_page(found: Comparison) -> dict[str, Any]:
    """Return all that the page shows."""
    changed = found.difference
    sums = {one.id: _sum(one) for one in changed.sums}
    by_cell = _by_cell(sums)
    kinds = Counter(cell.kind for cell in changed.cells)
    return {
        "id": found.newer.row["report_id"],
        "heading": heading(_cited(found.newer)),
        "older": _version(found.older),
        "newer": _version(found.newer),
        "difference": changed,
        "same_bytes": found.same_bytes,
        "numbers": [_cell(cell, by_cell) for cell in changed.numbers],
        "spelling": [_cell(cell, by_cell) for cell in changed.cells if cell.kind == "spelling"],
        "one_sided": [
            _cell(cell, by_cell) for cell in changed.cells if cell.kind in ("gone", "new")
        ],
        "gone": kinds["gone"],
        "new": kinds["new"],
        "sums": sorted(sums.values(), key=lambda one: order(one.id)),
        "broken": sum(one.kind == "broken" for one in changed.sums),
        "mended": sum(one.kind == "mended" for one in changed.sums),
        "fields": [_field(field) for field in changed.fields],
        "folds": [
            Fold(same, tuple(members))
            for same, members in groupby(changed.paragraphs, key=lambda one: one.kind == "same")
        ],
    }


def _cited(version: Version) -> dict[str, Any]:
    issuer = version.document["issuer"]["name"]
    return {"title": version.document["title"], "issuer": issuer, "year": version.document["year"]}


def _version(version: Version) -> dict[str, Any]:
    url = version.row["url"] or ""
    link = url if url.startswith(("http://", "https://")) else None
    return {**version.row, "link": link, "title": version.document["title"]}


def _by_cell(sums: Mapping[str, SumShown]) -> dict[Address, list[SumShown]]:
    found: dict[Address, list[SumShown]] = {}
    for one in sums.values():
        for address in cells_of(one.id)[0]:
            found.setdefault(address, []).append(one)
    return found


def _cell(cell: ChangedCell, sums: Mapping[Address, Iterable[SumShown]]) -> CellShown:
    row, column = cell_words(cell.table, cell.row, cell.column)
    return CellShown(
        table=say(TABLE_NAMES.get(cell.table, cell.table)),
        row=row,
        column=column,
        before=_state(cell.before),
        after=_state(cell.after),
        step=f"{'+' if cell.step > 0 else ''}{number(cell.step)}" if cell.step else "",
        sums=tuple(sums.get((cell.table, cell.row, cell.column), ())),
    )


def _state(state: CellState | None) -> str:
    if state is None:
        return say("没有这一格")
    if state.value is None:
        return state.raw or say("空")
    value = number(state.value)
    raw = (state.raw or "").strip()
    return f"{value}（{raw}）" if raw and raw != value else value


def _sum(one: ChangedSum) -> SumShown:
    kind, tone = _SUM_KINDS[one.kind]
    return SumShown(
        one.id, formula(one.id), _standing(one.before), _standing(one.after), say(kind), tone
    )


def _standing(one: Sum | None) -> str:
    if one is None:
        return say("没有")
    sign = {"hold": "＝", "fail": "≠"}.get(one.status)
    if sign is None:
        return say(word("check_status", one.status))
    return f"{_side(one.left)} {sign} {_side(one.right)}"


def _side(value: Number | None) -> str:
    return say("空") if value is None else number(value)


def _field(field: ChangedField) -> dict[str, str]:
    table = field.name.removeprefix("table.")
    if table != field.name:
        name = say("{name}的状态", name=say(TABLE_NAMES[table]))
        before, after = (say(word("table_status", side)) for side in (field.before, field.after))
    else:
        name = say(_FIELD_NAMES[field.name])
        before, after = (_fact(field.name, side) for side in (field.before, field.after))
    return {"name": name, "before": before, "after": after}


def _fact(name: str, value: Any) -> str:
    return say("无") if value is None else say(word(name, value))
