"""The statistics annexed to reports before 2019, as rows of label, unit and value.

政府信息公开情况统计表 of 国办发〔2014〕32号 (report years 2014–2018) and the provincial forms
before it (附表, with codes of their own): lists of indicators under numbered headings. Forms differ
from place to place, so nothing is forced into the standard tables: an indicator is what its label
says.

Read from a table's grid, from lines with ``|``, or from text in which label, unit and value stand
on one line or on three lines in turn.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from archive.records import Indicator
from archive.report.chars import tight
from archive.report.tables.cells import is_blank, parse_value, squeeze
from archive.report.tables.grid import Row, html_rows
from archive.report.tables.piped import piped_rows

_LEAST = 3
"""Fewer rows are no such table."""
_MOST = 2000
_LONGEST_LABEL = 120
# What the header says of its columns; 历年累计 beside the year's own column is left out.
_HEADS = (
    ("label", re.compile(r"(?:统计)?(?:指标|项目)(?:名称|内容)?|(?:统计)?内容|名称|事项")),
    ("unit", re.compile(r"(?:计量|统计)?单位")),
    (
        "value",
        re.compile(
            r"(?:数据)?统计(?:数|数据|结果|数值|数量)|数量|数值|数据|合计|指标值|总数|本年度?"
            r"(?:数量?|数据)?|20\d\d年度?(?:数量?|数据)?|填报数据"
        ),
    ),
    ("code", re.compile(r"(?:指标)?代码|编[号码]|序号|行次")),
)
_UNITS = frozenset(
    (
        *("条", "件", "次", "个", "篇", "场", "人", "名", "位", "家", "处", "项", "部", "份", "期"),
        *("册", "宗", "起", "例", "元", "万元", "%"),
        *("人次", "件次", "条次", "场次", "篇次", "批次", "个次"),
    )
)
# 一、 above （一） above 1. above (1) and ①.
_LEVELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[一二三四五六七八九十]{1,3}[、.,]",
        r"[(][一二三四五六七八九十]{1,3}[)]",
        r"\d{1,2}(?:[、.,](?!\d)|(?=[^\d.,、)]))",
        r"[(]\d{1,2}[)]|[①-⑳]|\d{1,2}[)]",
    )
)
_AMONG_LEVEL = len(_LEVELS)
_AMONG = re.compile(r"其中[:：,，]?")
_INDICATOR = re.compile(r"[数额费量次]|人员|经费|情况|机构|场|件|条|中心|查阅点|编制")
_COUNTED = re.compile(r"[^\d,。]{3,40}(?:数|数量|次数|人数|费用|经费)")
_OF_ONE_LINE = re.compile(
    rf"(?P<label>.*[^\d\s|].*?)[\s|]+(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"[\s|]+(?P<value>[\d,.]+|[-—/]+)[\s|]*"
)
_ANNEX = re.compile(r"统计表|附表|统计指标|指标名称")
_DASHES = re.compile(r"[\s|—–\-/]+$")
_NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a form as it stands."""

    labels: tuple[str, ...]
    """Merged group cells first."""
    unit: str
    value: str
    code: str = ""


@dataclass(slots=True)
class _Columns:
    """Where one block of a table has what; a table may have two side by side."""

    label: list[int] = field(default_factory=list)
    unit: int | None = None
    value: int | None = None
    code: int | None = None

    def is_whole(self) -> bool:
        return bool(self.label) and self.unit is not None and self.value is not None


def read_indicators(tree: _Element | None, text: str) -> tuple[Indicator, ...]:
    """Return the indicators in the order of the form; empty where there is no such table.

    Meant for reports that have none of the standard tables. ``tree`` is the parsed page, None for
    plain text; ``text`` is its text. A heading without unit and value gives no indicator of its
    own but stands in the labels of those below it. Amounts are as written: the unit tells 元 or
    万元.
    """
    sources: tuple[Callable[[], Iterator[_Line]], ...] = (
        lambda: _of_rows([] if tree is None else html_rows(tree)),
        # Rows end with the lines, or, where each cell has a line, before a label.
        lambda: _of_rows(piped_rows(text, lambda cell: None)),
        lambda: _of_rows(piped_rows(text, _kind)),
        lambda: _of_text(text),
    )
    for source in sources:
        found = tuple(_placed(list(source())))
        if len(found) >= _LEAST:
            return found[:_MOST]
    return ()


def _of_rows(rows: Iterable[Row]) -> Iterator[_Line]:
    """Yield the lines below each header with 指标, 单位 and 统计数, block by block."""
    blocks: list[_Columns] = []
    waiting: list[list[_Line]] = []
    for row in rows:
        if found := _header(row):
            yield from (line for lines in waiting for line in lines)
            blocks, waiting = found, [[] for _ in found]
            continue
        for block, lines in zip(blocks, waiting, strict=True):
            if (line := _line(row, block)) is not None:
                lines.append(line)
    yield from (line for lines in waiting for line in lines)


def _header(row: Row) -> list[_Columns]:
    """Return the blocks of columns that a header row names; empty where it is none."""
    blocks: list[_Columns] = []
    code: int | None = None
    for x, slot in enumerate(row):
        text = squeeze(slot.text)
        kind = next((kind for kind, words in _HEADS if words.fullmatch(text)), None)
        if kind == "code":
            code = x
        elif kind == "label":
            if not blocks or blocks[-1].unit is not None:
                blocks.append(_Columns(code=code))
                code = None
            blocks[-1].label.append(x)
        elif kind == "unit" and blocks and blocks[-1].unit is None:
            blocks[-1].unit = x
        elif kind == "value" and blocks and blocks[-1].value is None:
            blocks[-1].value = x
        if kind == "code" and blocks and blocks[-1].code is None and blocks[-1].value is None:
            blocks[-1].code = x
    return [block for block in blocks if block.is_whole()]


def _line(row: Row, at: _Columns) -> _Line | None:
    """Return a row as a line of the form; None where it does not have its columns."""
    if not row or at.unit is None or at.value is None:
        return None
    cells = ["".join(slot.text.split()) for slot in row]
    # A heading that runs over the whole row, or cells that are missing at its end.
    cells += [""] * (max(at.unit, at.value, *at.label) + 1 - len(cells))
    labels = tuple(dict.fromkeys(cells[x] for x in at.label if cells[x]))
    if not labels:
        return None
    unit, value = squeeze(cells[at.unit]), row[at.value].text if at.value < len(row) else ""
    if labels and cells[at.unit] == cells[at.value] == labels[-1]:
        unit = value = ""
    if not all(map(_is_label, labels)) or not (unit in _UNITS or is_blank(unit)):
        return None
    return _Line(labels, unit, value.strip(), cells[at.code] if at.code is not None else "")


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and text not in _UNITS and not is_blank(text)


def _of_text(text: str) -> Iterator[_Line]:
    """Yield the lines of a form in flattened text, from the first line that names such a form."""
    lines = [line.strip() for line in text.split("\n")]
    start = next((i for i, line in enumerate(lines) if _ANNEX.search(squeeze(line))), len(lines))
    rest = [line for line in lines[start + 1 :] if line]
    i = 0
    while i < len(rest):
        line = rest[i]
        if match := _OF_ONE_LINE.fullmatch(line):
            yield _Line((tight(match["label"]),), match["unit"], match["value"])
        elif _is_triple(rest[i : i + 3]):
            yield _Line((tight(line),), squeeze(rest[i + 1]), rest[i + 2])
            i += 2
        elif _level(line) is not None and len(line) <= _LONGEST_LABEL and "。" not in line:
            yield _Line((tight(_DASHES.sub("", line)),), "", "")
        i += 1


def _is_triple(lines: Sequence[str]) -> bool:
    """Whether three lines are a label, a unit and a number."""
    if len(lines) < 3 or len(lines[0]) > _LONGEST_LABEL:
        return False
    label, unit, value = map(squeeze, lines)
    named = _level(label) is not None or _INDICATOR.search(label) is not None
    return named and unit in _UNITS and _NUMBER.fullmatch(value) is not None


def _placed(lines: Sequence[_Line]) -> Iterator[Indicator]:
    """Yield the lines with the headings above them; a heading alone yields nothing.

    其中 belongs to the line above it, a label without a number to the last 一、.
    """
    above: dict[int, str] = {}
    for line in lines:
        *groups, label = line.labels
        level = _level(label)
        if level is None:
            level = _AMONG_LEVEL if _AMONG.match(label) else 1
        above = {depth: name for depth, name in above.items() if depth < level}
        path = (*groups, *(name for _, name in sorted(above.items()) if name not in groups), label)
        above[level] = label
        if line.unit in _UNITS or not is_blank(line.value):
            yield _indicator(path, line)


def _indicator(path: tuple[str, ...], line: _Line) -> Indicator:
    value = parse_value(line.value)
    unit = line.unit if line.unit in _UNITS else value.unit
    return Indicator(path, unit, value.number, line.value, line.code or None)


def _level(label: str) -> int | None:
    """Return how deep a label's number stands, 0 for 一、; None: it has no number."""
    bare = squeeze(label)
    bare = bare[match.end() :] if (match := _AMONG.match(bare)) else bare
    return next((n for n, words in enumerate(_LEVELS) if words.match(bare)), None)


def _kind(cell: str) -> str | None:
    """Return what a cell of piped text is, for joining labels that were broken over lines."""
    text = squeeze(cell)
    if any(words.fullmatch(text) for _, words in _HEADS):
        return "header"
    numbered = _level(text) is not None or _AMONG.match(text)
    named = _INDICATOR.search(text) if numbered else _COUNTED.fullmatch(text)
    return "row" if named else None
