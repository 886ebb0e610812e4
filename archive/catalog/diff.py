"""What differs between two versions of one report: figures first, then sums, dates and text. Pure.

Both sides are *documents* (``archive.catalog.rows.document``): the JSON of a report as read, each
by the same reader. A number that an office changed after publication, without a word on it, is what
nobody else would notice; ``Difference.silent`` says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from archive.catalog.celldiff import ChangedCell, changed_cells
from archive.catalog.rows import CELL_TABLES
from archive.catalog.textdiff import Paragraph, characters, text_difference
from archive.records import Number

Row = Mapping[str, Any]

# Words by which offices say that a published text was put right. 修改, 修订, 调整 also stand for
# what an office does to its rules and its staff (修订规章3件), so they count where they stand for a
# text or a number, or end a sentence (已作修订。).
_SAYS_SO = re.compile(
    r"更正|勘误|订正|修正(?!案)|重新(?:发布|公布|上传)|更新说明"
    r"|(?:修改|修订|调整)(?:情况)?(?:说明|声明|如下)"
    r"|(?:修改|修订|调整)后的?(?:数据|数字|报告|年报|表|内容|版本)"
    r"|[（(【\[](?:修改|修订|调整)[稿版后]?[）)】\]]"
    r"|(?:数据|数字|数值|统计|表格|表中|附表|有误|误差|笔误)[^。；，,\n]{0,20}(?:修改|修订|调整)"
    r"|(?:修改|修订|调整)[^。；，,\n]{0,8}(?:数据|数字|数值|表格|统计表|附表)"
    r"|(?:已|现|特此)[^。；，\n]{0,8}(?:修改|修订|调整)(?=[。；，,）)]|$)"
)
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "year": ("year",),
    "issuer": ("issuer", "name"),
    "form": ("form",),
    "published": ("published",),
    "trust": ("trust",),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """How an identity of the form (勾稽关系) stands in one version."""

    status: str
    left: Number | None
    right: Number | None


@dataclass(frozen=True, slots=True)
class ChangedSum:
    """An identity whose status or sides are not the same in both versions."""

    id: str
    before: Sum | None
    """None: the version has no cells for it."""
    after: Sum | None

    @property
    def kind(self) -> Literal["broken", "mended", "moved", "other"]:
        """Return broken (held, now fails), mended (failed, now holds), moved (both sides changed
        and it holds as before), other."""
        told = tuple(side.status if side else None for side in (self.before, self.after))
        kinds: Mapping[tuple[str | None, ...], Literal["broken", "mended", "moved"]] = {
            ("hold", "fail"): "broken",
            ("fail", "hold"): "mended",
            ("hold", "hold"): "moved",
        }
        return kinds.get(told, "other")


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A fact about the report: title, year, issuer, form, published, trust, or the status of a
    table (``table.requests``)."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between an older and a newer version; everything empty: nothing does."""

    cells: tuple[ChangedCell, ...]
    sums: tuple[ChangedSum, ...]
    fields: tuple[ChangedField, ...]
    attachments_gone: tuple[str, ...]
    attachments_new: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    """All of them, the same ones too, in the order of the text."""
    same_text: bool
    """Blanks and line ends left out."""
    announced: tuple[str, ...]
    """Paragraphs of the newer version, put in or changed, that speak of a correction (更正)."""

    @property
    def numbers(self) -> tuple[ChangedCell, ...]:
        """The cells whose number changed, in tables that both versions have."""
        return tuple(cell for cell in self.cells if cell.kind == "number")

    @property
    def silent(self) -> bool:
        """Whether numbers of the tables changed and nothing in the newer text says that any did."""
        return bool(self.numbers) and not self.announced

    @property
    def same(self) -> bool:
        """Whether the versions say the same, blanks and line ends in the text left out."""
        attachments = self.attachments_gone or self.attachments_new
        return self.same_text and not (self.cells or self.sums or self.fields or attachments)

    @property
    def characters_removed(self) -> int:
        """How many characters were taken out of the text, blanks not counted."""
        return characters(self.paragraphs, "removed")

    @property
    def characters_added(self) -> int:
        """How many characters were put into the text, blanks not counted."""
        return characters(self.paragraphs, "added")

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for JSON; of the paragraphs those that changed, with their positions."""
        return {
            "same": self.same,
            "same_text": self.same_text,
            "silent": self.silent,
            "numbers_changed": len(self.numbers),
            "characters_removed": self.characters_removed,
            "characters_added": self.characters_added,
            "announced": list(self.announced),
            "fields": [asdict(field) for field in self.fields],
            "cells": [asdict(cell) | {"kind": cell.kind, "step": cell.step} for cell in self.cells],
            "sums": [asdict(one) | {"kind": one.kind} for one in self.sums],
            "attachments_gone": list(self.attachments_gone),
            "attachments_new": list(self.attachments_new),
            "paragraphs": [
                {"position": n, **asdict(paragraph)}
                for n, paragraph in enumerate(self.paragraphs, 1)
                if paragraph.kind != "same"
            ],
        }


def difference(before: Row, after: Row) -> Difference:
    """Return what differs between the documents of an older and a newer version."""
    paragraphs = text_difference(before["text"], after["text"])
    old, new = before["attachments"], after["attachments"]
    return Difference(
        cells=changed_cells(before, after),
        sums=_sums(before, after),
        fields=tuple(_fields(before, after)),
        attachments_gone=tuple(url for url in old if url not in new),
        attachments_new=tuple(url for url in new if url not in old),
        paragraphs=paragraphs,
        same_text=all(paragraph.kind == "same" for paragraph in paragraphs),
        announced=tuple(_announced(paragraphs)),
    )


def _sums(before: Row, after: Row) -> tuple[ChangedSum, ...]:
    old, new = _standing(before), _standing(after)
    return tuple(
        ChangedSum(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    )


def _standing(document: Row) -> dict[str, Sum]:
    checks = document["checks"]
    return {one["id"]: Sum(one["status"], one["left"], one["right"]) for one in checks}


def _fields(before: Row, after: Row) -> Iterator[ChangedField]:
    for name, path in _FIELDS.items():
        old, new = (_at(document, path) for document in (before, after))
        if old != new:
            yield ChangedField(name, old, new)
    for table in CELL_TABLES:
        old, new = (one["tables_status"].get(table, "absent") for one in (before, after))
        if old != new:
            yield ChangedField(f"table.{table}", old, new)


def _at(document: Row, path: tuple[str, ...]) -> Any:
    found: Any = document
    for step in path:
        found = found[step]
    return found


def _announced(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        if paragraph.kind in ("added", "changed"):
            said = " ".join(piece.text for piece in paragraph.pieces if piece.kind == "added")
            if _SAYS_SO.search(said):
                yield paragraph.after.strip()
