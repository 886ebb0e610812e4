"""How an export describes itself: ``datapackage.json`` (Frictionless) and a README."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gkcrawl
from gkcrawl.exporting.dictionary import Column, described
from gkcrawl.exporting.places import Counted
from gkcrawl.exporting.resources import RESOURCES

SOFTWARE = f"gkcrawl/{gkcrawl.__version__}"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TITLE = "政府信息公开年报库"
LICENCE = {
    "name": "other-pd",
    "title": "《中华人民共和国著作权法》第五条：具有行政性质的文件不适用该法；数字是事实。",
}
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "jsonl": "application/jsonl",
}


@dataclass(frozen=True, slots=True)
class Written:
    """One file of an export."""

    name: str
    """Of the resource: a table, or ``reports`` as JSON Lines."""
    path: str
    format: str
    rows: int
    bytes: int
    digest: str
    """``sha256:`` and hex."""
    columns: Sequence[Column] = ()

    @classmethod
    def of(
        cls, name: str, path: str, format: str, rows: int, file: Counted, columns: Sequence[Column]
    ) -> "Written":
        """Return what was written to a file."""
        return cls(name, path, format, rows, file.length, file.digest, columns)


def datapackage(files: Iterable[Written], as_of: str | None, where: str | None, bom: bool) -> str:
    """Return the ``datapackage.json`` of the files.

    ``created`` is the day of the newest capture, so that the same catalog gives the same bytes.
    """
    files = list(files)
    names = {file.name for file in files}
    package = {
        "$schema": PROFILE,
        "name": "gkcrawl-annual-reports",
        "title": TITLE,
        "description": (
            "Annual reports of Chinese government organs on their disclosure work"
            " (政府信息公开工作年度报告): statutory tables, sections, checks. Empty means missing"
            " or blank, never zero. Figures of scope `aggregate` contain those of `own`."
        ),
        "created": as_of,
        "software": SOFTWARE,
        "where": where,
        "licenses": [LICENCE],
        "sources": [{"title": "各级行政机关发布的政府信息公开工作年度报告；网址见 reports.url"}],
        "resources": [_resource(file, names, bom) for file in files],
    }
    kept = {name: value for name, value in package.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def _resource(file: Written, names: set[str], bom: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": file.name.replace("_", "-"),
        "path": file.path,
        "format": file.format,
        "mediatype": MEDIA_TYPES[file.format],
        "rows": file.rows,
        "bytes": file.bytes,
        "hash": file.digest,
    }
    if not file.columns:
        return told | {"title": "报告全文与表格", "encoding": "utf-8"}
    words = described()[file.name]
    told |= {"type": "table", "title": words.title, "description": words.about}
    if file.format == "csv":
        told["encoding"] = "utf-8-sig" if bom else "utf-8"
    return told | {"schema": _schema(file, names)}


def _schema(file: Written, names: set[str]) -> dict[str, Any]:
    resource = RESOURCES[file.name]
    keys = [
        {
            "fields": [column],
            "reference": {"resource": other.replace("_", "-"), "fields": [theirs]},
        }
        for column, other, theirs in resource.references
        if other in names
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in file.columns],
        "primaryKey": list(resource.key),
        "missingValues": [""],
    }
    return schema | ({"foreignKeys": keys} if keys else {})


def _field(column: Column) -> dict[str, Any]:
    told = {
        "name": column.name,
        "type": column.kind,
        "title": column.title,
        "description": column.description or None,
        "unit": column.unit,
    }
    return {name: value for name, value in told.items() if value is not None}


def readme(files: Iterable[Written], as_of: str | None, where: str | None) -> str:
    """Return the README of an export."""
    lines = [
        f"# {TITLE}",
        "",
        "政府信息公开工作年度报告的数据 / data of the annual reports on government information",
        f"disclosure of China. {SOFTWARE}; newest capture: {as_of or 'none'}.",
        *([f"Only reports of which this holds: `{where}`", ""] if where else [""]),
        "| file | rows | |",
        "|---|---:|---|",
    ]
    words = described()
    for file in files:
        title = words[file.name].title if file.columns else "报告全文与表格"
        lines.append(f"| {file.path} | {file.rows:,} | {title} |")
    return "\n".join([*lines, "", *_NOTES, ""])


_NOTES = (
    "- 空白即没有或不详，绝不是零 / empty means blank or not known, never zero.",
    "- `scope`：`aggregate`（汇总）的数字已包括所属机关（`own`），不可相加 / figures of",
    "  `aggregate` contain those of `own`: never add them.",
    "- `status` 为 `inconsistent` 的表照原文，勾稽不成立 / tables that are `inconsistent` stand as",
    "  found although they do not add up.",
    "- 金额以万元计 / money is in 10,000 CNY. 每列的含义见 `datapackage.json` / every column is",
    "  described in `datapackage.json`.",
    "- 用电子表格打开 CSV 时，以 = + - @ 开头的文字可能被当作公式 / a spreadsheet may run text",
    "  that begins with = + - @ as a formula: take an export made with --excel.",
    f"- 许可 / licence: {LICENCE['title']}",
)
