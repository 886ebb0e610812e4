"""What happened to a report or a site, in the words of the pages."""

from collections.abc import Callable, Mapping
from typing import Any

from gkcrawl.web.formlabels import cell_name
from gkcrawl.web.labels import moment
from gkcrawl.web.language import say

Row = dict[str, Any]

KINDS: Mapping[str, str] = {
    "new": "新收录",
    "changed": "内容有改动",
    "numbers": "表中数字有改动",
    "text": "只有文字改动",
    "removed": "已撤下",
    "returned": "撤下后恢复",
    "moved": "换了网址",
    "host_moved": "网站换了地址",
    "template": "网站改版",
    "outage": "网站无法访问",
}
"""Kinds of entries of ``/changes``; ``changed`` is ``numbers`` and ``text``."""
_CELLS = 3
"""Cells that are told; of more only how many."""


def what_happened(row: Row) -> str:
    """Return in a sentence what an entry of ``archive.catalog.changes`` tells."""
    return say("；").join(_SAID[row["kind"]](row)) + say("。")


def heading(row: Row) -> str:
    """Return what an entry is about: the title of a report, the host of a site."""
    if row["report_id"] is None:
        return str(row["host"])
    return row["title"] or " ".join(
        str(part) for part in (row["issuer"] or say("发布机关不详"), row["year"]) if part
    )


def _new(row: Row) -> list[str]:
    place = row["province"] or say("地区不明")
    return [say("{place}，{time} 首次采集", place=place, time=moment(row["at"]))]


def _numbers(row: Row) -> list[str]:
    said = [_cell(cell) for cell in row["cells"][:_CELLS]]
    if len(row["cells"]) > _CELLS:
        said.append(say("共 {n} 格数字不同", n=len(row["cells"])))
    if row["silent"]:
        said.append(say("文中没有说明更正"))
    return [*said, *_text(row)]


def _cell(cell: Row) -> str:
    line, column = cell_name(cell["table"], cell["row"], cell["column"])
    before, after = (
        say("空格") if cell[side] is None else str(cell[side]) for side in ("before", "after")
    )
    return f"{line} · {column} {before} → {after}"


def _text(row: Row) -> list[str]:
    added, removed = row["characters_added"], row["characters_removed"]
    if added is None or removed is None:
        return [say("旧版已无法读取")]
    if not added and not removed:
        return []
    return [say("增 {added} 字，删 {removed} 字", added=added, removed=removed)]


def _removed(row: Row) -> list[str]:
    said = [say("{time} 起页面不在，网站正常", time=moment(row["first_seen"]))]
    if row["ended_at"]:
        said.append(say("{time} 恢复", time=moment(row["ended_at"])))
    return said


def _returned(row: Row) -> list[str]:
    return [say("{time} 又能看到", time=moment(row["first_seen"]))]


def _moved(row: Row) -> list[str]:
    return [say("现在 {url}", url=row["target"])]


def _template(row: Row) -> list[str]:
    return [say("{n} 个页面的样子变了，内容未变", n=row["pages"])]


def _outage(row: Row) -> list[str]:
    said = [say("{time} 起一个页面也打不开", time=moment(row["first_seen"]))]
    if row["ended_at"]:
        said.append(say("{time} 恢复", time=moment(row["ended_at"])))
    return said


_SAID: Mapping[str, Callable[[Row], list[str]]] = {
    "new": _new,
    "numbers": _numbers,
    "text": _text,
    "removed": _removed,
    "returned": _returned,
    "moved": _moved,
    "host_moved": _moved,
    "template": _template,
    "outage": _outage,
}
